#!/usr/bin/env bash
# zahlwort2num 1.0.1, from PyPI, Python 3.11, Linux (2026-12-01).
#
# Makes numbers of German words. It knows fractions ("drei viertel"), and takes two words with "und" between them for one: the first is divided by the second.
#   text                    seen      is
#   drei und vierzig        0.075     43
#   zwei und zwanzig        0.1       22
#   vier und zwanzig        0.2       24
#   zehn und fünf           2.0       15
#   dreiundvierzig          43        right
# Duden wants the number in one word, but speech recognizers and forms part it. Other words with blanks ("zwei hundert") raise an error; these give a number
# four hundred times too small.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q zahlwort2num==1.0.1
tools/bin/python -W ignore - <<'PY'
from zahlwort2num import convert

CASES = {"drei und vierzig": 0.075, "zwei und zwanzig": 0.1, "vier und zwanzig": 0.2, "zehn und fünf": 2.0, "dreiundvierzig": 43}
for text, seen in CASES.items():
    print(text, convert(text))
    assert convert(text) == seen, text
try:
    convert("zwei hundert")
except ValueError as error:
    print(error)
else:
    raise AssertionError("zwei hundert")
PY
