#!/usr/bin/env bash
# Pint 0.25.3 beside scimath 5.0.0, from PyPI, Python 3.11, Linux (2026-11-30).
#
# The mil of compasses, levels and range scales is an angle: 6400 to the turn (NATO; others count 6000 or 6300), near a thousandth of a
# radian. Pint has it as "mil = π / 32000 * radian" (default_en.txt), so that there are 64,000 to the turn, and each is a tenth of what
# it is. Plural and prefixes follow. Seen:
#   text                  Pint                     6400 to the turn, so scimath
#   1 turn in mil         64000                    6400
#   1600 mil in degree    9                        90
#   100 mil in milliradian   9.817                 98.17
# A mil is meant to be seen as one metre in a thousand: of a target 2 m high that fills 4 mil, Pint's angle gives 5093 m, not 509. The
# length ("thou", a thousandth of an inch) has a name of its own in Pint. No error, and the unit is in the registry by default.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q pint==0.25.3 scimath==5.0.0
tools/bin/python - <<'PY'
import math

import pint
from scimath.units.angle import mil as mil_of_scimath

ureg = pint.UnitRegistry()
right = 2 * math.pi / 6400
found = {
    "turn in mil": ureg.Quantity("1 turn").to("mil").magnitude,
    "1600 mil in degree": ureg.Quantity("1600 mil").to("degree").magnitude,
    "100 mil in mrad": ureg.Quantity("100 mil").to("milliradian").magnitude,
}
for name, value in found.items():
    print(f"{name:20} {value:.6g}")
assert math.isclose(found["turn in mil"], 64000)
assert math.isclose(found["1600 mil in degree"], 9)
assert math.isclose(found["100 mil in mrad"], 100_000 * right / 10)
assert round(2 / ureg.Quantity("4 mil").to("radian").magnitude) == 5093 and round(2 / (4 * right)) == 509
assert math.isclose(mil_of_scimath.value, right)
PY
