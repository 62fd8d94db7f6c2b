#!/usr/bin/env bash
# engineering_notation 0.13.3, from PyPI, Python 3.11, Linux (2026-11-30).
#
# "Easy engineering notation": EngNumber and EngUnit read and write numbers with SI prefixes, and to_pn() writes the form of part
# numbers, in which the letter stands for the decimal point (IEC 60062). What follows a prefix it takes for a unit, digits as well, and
# what it does not know is a unit, too. Without a message, seen
#   text      EngNumber         EngUnit, its unit     is
#   4k7       4000              4000, "7"             4700
#   1M23      1000000           1000000, "23"         1230000      EngNumber(1230000).to_pn() writes it so
#   3R3       3e+27             3e+27, "3"            3.3          to_pn("R") writes 3R30; R is "ronna" when it is read
#   10µ       10                10, "µ"               0.00001      the sign of the SI; "10u" is right
#   10 µF     10                10, " µF"             0.00001
#   4.7 k     4.7               4.7, " k"             4700         a blank before the prefix, as the SI has it
# The README warns of units that begin with the letter of a prefix ("2meter" is 0.002), of these it says nothing.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q engineering_notation==0.13.3
tools/bin/python - <<'PY'
from engineering_notation import EngNumber, EngUnit

MICRO = "\N{MICRO SIGN}"
CASES = [  # text, value, unit
    ("4k7", 4000.0, "7"),
    ("1M23", 1e6, "23"),
    ("3R3", 3e27, "3"),
    (f"10{MICRO}", 10.0, MICRO),
    (f"10 {MICRO}F", 10.0, f" {MICRO}F"),
    ("4.7 k", 4.7, " k"),
    ("4.7k", 4700.0, None),
    ("10uF", 1e-5, "F"),
]
for text, value, unit in CASES:
    number, measured = float(EngNumber(text)), EngUnit(text)
    print(f"{text:8} {number:<10g} {float(measured):<10g} {measured.unit!r}")
    assert number == float(measured) == value and measured.unit == unit, text
for value, point, written, again in ((1230000, "", "1M23", 1e6), (4700, "", "4k70", 4000.0), (3.3, "R", "3R30", 3e27)):
    form = EngNumber(value).to_pn(point) if point else EngNumber(value).to_pn()
    assert form == written and float(EngNumber(form)) == again, form
PY
