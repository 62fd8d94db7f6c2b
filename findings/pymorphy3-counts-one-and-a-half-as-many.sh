#!/usr/bin/env bash
# pymorphy3 2.0.6 with pymorphy3-dicts-ru 2.4.417150.4580142, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Parse.make_agree_with_number(number) puts a Russian noun into the form that the number asks for: 1 метр, 2 метра, 5 метров. It looks at the
# number's remainder by 10 and by 100, as Python takes it. With a fraction the noun is in the genitive singular whatever the number is
# (as in "45,5 процента", the example of Rozental's handbook of style), and a minus sign does not change it. Seen:
#   number            pymorphy3         right
#   0.5, 1.5, 5.5     метров            метра
#   2.5               метра             метра           because 2.5 lies between 2 and 4
#   11.5              метров            метра
#   -1                метров            метр
#   -2                метров            метра
#   1, 2, 5, 11, 21, 101    метр, метра, метров, метров, метр, метр: right
# Temperatures below zero and lengths in tenths, as in any table of values, thus get another word. No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q pymorphy3==2.0.6 pymorphy3-dicts-ru==2.4.417150.4580142 setuptools==80.9.0
tools/bin/python - <<'PY'
import pymorphy3

CASES = {
    0.5: "метров", 1.5: "метров", 5.5: "метров", 2.5: "метра", 11.5: "метров", -1: "метров", -2: "метров", -5: "метров",
    1: "метр", 2: "метра", 5: "метров", 11: "метров", 21: "метр", 101: "метр",
}  # fmt: skip
metre = next(parse for parse in pymorphy3.MorphAnalyzer(lang="ru").parse("метр") if "NOUN" in parse.tag)
for number, seen in CASES.items():
    found = metre.make_agree_with_number(number).word
    print(number, found)
    assert found == seen, number
degree = next(parse for parse in pymorphy3.MorphAnalyzer(lang="ru").parse("градус") if "NOUN" in parse.tag)
assert degree.make_agree_with_number(-1).word == "градусов" and degree.make_agree_with_number(1).word == "градус"
PY
