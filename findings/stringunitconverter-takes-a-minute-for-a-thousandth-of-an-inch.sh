#!/usr/bin/env bash
# stringunitconverter 0.4, from PyPI, Python 3.11, Linux (2026-11-30).
#
# multiplier("m/s", "ft/s") gives the factor between two units. "SI style conventions are followed" (README). min is the minute there, a unit that is
# accepted beside the SI and takes no prefix (SI Brochure, 9th edition, table 8); it is read as m-in, a milli-inch. Nothing is said: whether
# two units measure the same is not looked at, as the README says. Pint 0.25.3:
#   multiplier(…)          seen           Pint
#   "m/min", "m/s"         39370.08       .0166667
#   "l/min", "l/s"         39370.08       .0166667
#   "min", "s"             .0000254       60
#   "mm", "m"; "m s^-1", "cm s^-1"; "kg/m^3", "g/cm^3"    .001, 100, .001: right
# A pump of 10 litres per minute moves 394 cubic metres per second.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q stringunitconverter==0.4 pint==0.25.3
tools/bin/python - <<'PY'
import math

from pint import UnitRegistry
from stringunitconverter import multiplier

registry = UnitRegistry()
CASES = {
    ("m/min", "m/s"): (1 / 2.54e-5, 1 / 60),
    ("l/min", "l/s"): (1 / 2.54e-5, 1 / 60),
    ("min", "s"): (2.54e-5, 60),
    ("mm", "m"): (1e-3, 1e-3),
    ("m s^-1", "cm s^-1"): (100, 100),
    ("kg/m^3", "g/cm^3"): (1e-3, 1e-3),
}
for (unit, other), (seen, right) in CASES.items():
    factor, reference = multiplier(unit, other), registry(unit).to(other).magnitude
    print(unit, other, factor, reference)
    assert math.isclose(factor, seen, rel_tol=1e-6), unit
    assert math.isclose(reference, right), unit
PY
