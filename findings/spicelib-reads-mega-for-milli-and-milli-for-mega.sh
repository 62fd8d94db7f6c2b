#!/usr/bin/env bash
# spicelib 1.6.4, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Reads and edits the net lists of circuits for LTspice, ngspice, QSPICE and Xyce. Their scale factors are letters of either case: M is
# milli, MEG mega, MIL 25.4e-6, F femto (SPICE3 manual, "scale factors"; LTspice's and ngspice's say the same, and warn of M).
# SpiceEditor's get_component_floatvalue() takes case for the difference, so that of one net list it says
#   in the net list    it is          spicelib
#   R1 a b 1M          1 milliohm     1000000           a thousand million times as much
#   R2 a b 1meg        1 megohm       0.001             the other way about
#   R3 a b 10mil       254e-6         0.01
#   C1 a b 1F          1 femtofarad   1                 "1f" is 1e-15
#   R4 a b 1Meg, 4k7   right          1000000, 4700     as what it writes itself: set_component_value(…, 1e6) writes 1Meg
# The simulator that it starts reads the list by the rules, and counts with other values than the program that asked spicelib. "This is
# the only qualifier where the case is important", says its source of "m" (spicelib/utils/float_unit.py), the documentation nothing.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q spicelib==1.6.4
tools/bin/python - <<'PY'
from spicelib import SpiceEditor

CASES = {  # component: value in the net list, value by the rules, value that is said
    "R1": ("1M", 1e-3, 1e6),
    "R2": ("1meg", 1e6, 1e-3),
    "R3": ("10mil", 254e-6, 0.01),
    "R4": ("1Meg", 1e6, 1e6),
    "R5": ("4k7", 4700, 4700),
    "R6": ("5m", 5e-3, 5e-3),
    "L1": ("5M", 5e-3, 5e6),
    "C1": ("1F", 1e-15, 1.0),
    "C2": ("1f", 1e-15, 1e-15),
}
with open("made.net", "w") as file:
    file.write("* made for this\n" + "".join(f"{name} a b {value[0]}\n" for name, value in CASES.items()) + ".end\n")
editor = SpiceEditor("made.net")
for name, (written, right, seen) in CASES.items():
    found = editor.get_component_floatvalue(name)
    print(f"{name} {written:6} {found:<10g} is {right:g}")
    assert editor.get_component_value(name) == written and abs(found - seen) < 1e-9 * seen, name
editor.set_component_value("R1", 1e6)
assert editor.get_component_value("R1") == "1Meg" and editor.get_component_floatvalue("R1") == 1e6
PY
