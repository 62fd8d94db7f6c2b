#!/usr/bin/env bash
# numbr 2.1.1, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Turns numbers into words and back and finds them in text: intToWords() "renders an integer or decimal value as English words",
# extractNumericValue() does so for "numeric values from text in source order" (docstrings). Of numbers between -1 and 0 the minus is lost; in text
# decimals are nothing, a dash of a range is a minus, an exponent and "point" part a number in two; formatDecimal() cuts where it should round:
#   call                                      seen                is
#   intToWords(-0.5)                          zero point five     negative zero point five
#   intToWords(-1.5)                          negative one point five: right
#   extractNumericValue("set 3.5 bar")        None                3.5
#   extractNumericValue("10-20 V")            [10, -20]           10, 20
#   extractNumericValue("1e3 Pa")             [1, 3]              1000
#   extractNumericValue("three point five")   [3, 5]              3.5
#   extractNumericValue("five and six")       None                5, 6
#   formatDecimal(12345.6789, 2)              12345.67            12345.68
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q numbr==2.1.1
tools/bin/python - <<'PY'
from numbr import extractNumericValue, formatDecimal, intToWords

for value, seen in {-0.5: "zero point five", -1.5: "negative one point five", 0.5: "zero point five"}.items():
    print(value, intToWords(value))
    assert intToWords(value) == seen, value
TEXTS = {
    "set 3.5 bar": None, "10-20 V": [10, -20], "1e3 Pa": [1, 3], "three point five": [3, 5], "five and six": None,
    "set 5 bar": 5, "twenty to thirty": [20, 30],
}  # fmt: skip
for text, found in TEXTS.items():
    print(text, extractNumericValue(text))
    assert extractNumericValue(text) == found, text
print(formatDecimal(12345.6789, 2))
assert formatDecimal(12345.6789, 2) == "12345.67"
PY
