#!/usr/bin/env bash
# dv-py 0.3.3, beside Pint 0.25.3, both from PyPI, Python 3.11, Linux (2026-12-01).
#
# Numbers with units that are checked in every step (bindings of the crate "dv"). Gallons, quarts, pints and cups are a thousand times as large as they are, as if their number of
# litres were one of cubic metres:
#   unit           dv-py               Pint
#   1 gal          3,785.41 l          3.78541 l
#   1 qt           946.353 l           0.946353 l
#   1 pt           473.176 l           0.473176 l
#   1 cup          236.588 l           0.236588 l
#   1 gal          231,000 in³         231 in³, its definition
#   1 gal/min      63.0902 l/s         0.0630902 l/s
#   1 ml, ft³, in³ right
# No error, and the dimension is right, so that no check finds it.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q dv-py==0.3.3 pint==0.25.3
tools/bin/python -W ignore - <<'PY'
import math

from dv_py import DimensionalVariable
from pint import UnitRegistry

registry = UnitRegistry()
WRONG = [("gal", "l"), ("qt", "l"), ("pt", "l"), ("cup", "l"), ("gal", "in^3"), ("gal/min", "l/s")]
RIGHT = [("ml", "l"), ("ft^3", "l"), ("in^3", "l"), ("lb", "kg")]
for unit, base in WRONG + RIGHT:
    value = DimensionalVariable(1.0, unit).value_in(base)
    right = registry.Quantity(1.0, unit).to(base).magnitude
    print(unit, base, value, right)
    assert math.isclose(value, right * (1000 if (unit, base) in WRONG else 1), rel_tol=1e-5), unit
assert math.isclose(registry.Quantity(1, "gal").to("in^3").magnitude, 231)
PY
