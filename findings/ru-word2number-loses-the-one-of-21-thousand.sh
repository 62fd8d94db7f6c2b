#!/usr/bin/env bash
# ru-word2number 1.1, from PyPI, Python 3.11, Linux (2026-12-01).
#
# Makes numbers of Russian words. Its list has the masculine and neuter "один", but not the feminine "одна", and "тысяча" is feminine: the word is passed over, and
# with it a thousand. So is "минус". What stands behind "целых" (wholes) is read as the digits behind the point, whether tenths, hundredths or thousandths follow:
#   text                              seen      is
#   двадцать одна тысяча              20000     21,000
#   сто двадцать одна тысяча          120000    121,000
#   двадцать две тысячи               22000     right
#   минус сорок                       40        -40
#   две целых пять сотых              2.5       2.05
#   ноль целых пять тысячных          0.5       0.005
#   две целых пять десятых            2.5       right
#   три целых двадцать пять сотых     3         3.25
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q ru-word2number==1.1
tools/bin/python -W ignore - <<'PY'
from ru_word2number.w2n import word_to_num

CASES = {
    "двадцать одна тысяча": 20000,
    "сто двадцать одна тысяча": 120000,
    "двадцать две тысячи": 22000,
    "минус сорок": 40,
    "две целых пять сотых": 2.5,
    "ноль целых пять тысячных": 0.5,
    "две целых пять десятых": 2.5,
    "три целых двадцать пять сотых": 3,
}
for text, seen in CASES.items():
    print(text, word_to_num(text))
    assert word_to_num(text) == seen, text
PY
