#!/usr/bin/env bash
# barril 2.2.1, from PyPI, Python 3.11, Linux (2026-11-30).
#
# A database of units for oil and gas, after POSC's. Units "per bar" of the Joule-Thomson coefficient and some with a prefix are converted the wrong
# way, by powers of ten up to 18. Pint 0.25.3 and the SI (prefixes: mega is 10⁶, pico 10⁻¹²) say:
#   from           to       barril            Pint
#   1 K/bar        K/Pa     100,000           .00001
#   1 K/atm        K/Pa     101,325           .00000987
#   1 degF/MPa     K/Pa     555,555.6         .000000556
#   1 Mm           m        .001              1,000,000
#   1 pS           S        10⁻⁹              10⁻¹²
#   1 cS/m         S/m      100               .01
#   1 mcurie       Bq       37,000            37,000,000
#   1 MHz          Hz       1,000,000         1,000,000       right
#   1 K/Pa         K/bar    .00001            100,000
# No error. A gas that cools by half a kelvin per bar cools by 50,000 per pascal.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q barril==2.2.1 pint==0.25.3
tools/bin/python - <<'PY'
import math

from barril.units import Scalar
from pint import UnitRegistry

registry = UnitRegistry()
CASES = [
    ("K/bar", "K/Pa", 1e5, "K/bar", "K/Pa", 1e-5),
    ("K/atm", "K/Pa", 101325, "K/atm", "K/Pa", 1 / 101325),
    ("degF/MPa", "K/Pa", 5e6 / 9, "delta_degF/MPa", "K/Pa", 5e-6 / 9),
    ("K/Pa", "K/bar", 1e-5, "K/Pa", "K/bar", 1e5),
    ("Mm", "m", 1e-3, "Mm", "m", 1e6),
    ("pS", "S", 1e-9, "pS", "S", 1e-12),
    ("cS/m", "S/m", 100, "cS/m", "S/m", 0.01),
    ("mcurie", "Bq", 37e3, "mcurie", "Bq", 37e6),
    ("MHz", "Hz", 1e6, "MHz", "Hz", 1e6),
]
for unit, base, seen, other_unit, other_base, right in CASES:
    value = Scalar(1.0, unit).GetValue(base)
    other = registry.Quantity(1.0, other_unit).to(other_base).magnitude
    print(unit, base, value, other)
    assert math.isclose(value, seen, rel_tol=1e-9), unit
    assert math.isclose(other, right, rel_tol=1e-9), unit
PY
