#!/usr/bin/env bash
# edtf 5.0.2, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Turns dates as people write them into the Extended Date/Time Format of libraries and museums (EDTF, part of ISO 8601-2:2019), in which
# years count as in ISO 8601: "0000" is 1 BC, "-0043" is 44 BC. text_to_edtf() puts a minus before the year of a date BC as it
# is, so that each is a year too early; of centuries BC it does what the standard says, so that a year and its century do not meet: of
# 100 BC it says -0100, which lies outside of its 1st century BC, -0099 to 0000. "AD" and "BC" before a year, thousands and ranges:
#   text              text_to_edtf()   which is            is
#   44 BC             -0044            45 BC               -0043
#   1 BC              -0001            2 BC                0000
#   1st century BC    -00XX            100 to 1 BC         right
#   AD 79             1979                                 0079         (79 AD is 0079, AD 800 is 0800: right)
#   BC 44             2044                                 -0043
#   300-200 BC        -0200            one year            -0299/-0199
#   250-300 AD        0300             one year            0250/0300    (1914-1918 is 1914/1918: right)
#   10,000 BC         -0000            no date of EDTF     Y-9999
#   15 March 44 BC    -0044            one year            -0043-03-15  (15 March 1844 is 1844-03-15: right)
#   1914–1918         1918             with an en dash     1914/1918
# Its README promises "a basic English natural language parser", ranges of which the first is taken, and an implied century for two digits
# alone ("90"); what it cannot read gives None ("between 1860 and 1870"), none of these does.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q edtf==5.0.2
tools/bin/python - <<'PY'
from edtf import parse_edtf, text_to_edtf

TEXTS = {
    "44 BC": "-0044",
    "1 BC": "-0001",
    "100 BC": "-0100",
    "1st century BC": "-00XX",
    "5th century BC": "-04XX",
    "79 AD": "0079",
    "AD 79": "1979",
    "AD 800": "0800",
    "BC 44": "2044",
    "300-200 BC": "-0200",
    "250-300 AD": "0300",
    "10,000 BC": "-0000",
    "15 March 44 BC": "-0044",
    "15 March 1844": "1844-03-15",
    "1914-1918": "1914/1918",
    "1914–1918": "1918",
    "between 1860 and 1870": None,
}
for text, seen in TEXTS.items():
    print(f"{text:22} {text_to_edtf(text)}")
    assert text_to_edtf(text) == seen, text
century = parse_edtf(text_to_edtf("1st century BC"))
first, last = century.lower_strict()[0], century.upper_strict()[0]
print(first, last)
assert (first, last) == (-99, 0)
for year, inside in (("100 BC", False), ("50 BC", True), ("1 BC", True)):
    assert (first <= parse_edtf(text_to_edtf(year)).lower_strict()[0] <= last) == inside
fifth = parse_edtf(text_to_edtf("5th century BC"))
assert (fifth.lower_strict()[0], fifth.upper_strict()[0]) == (-499, -400)
PY
