#!/usr/bin/env bash
# corva-unit-converter 3.3.0, from PyPI, Python 3.11, Linux (2026-12-01).
#
# Converts the units of drilling for oil. "dsf" and "hsf" are described as ten and a hundred pounds per square foot ("decapound", "hectopound"), and converted as a tenth and a
# hundredth of one; the thousand standard cubic feet of a volume are others than those of a flow:
#   from             to      seen            is
#   1 dsf            Pa      4.788           478.803      10 psf
#   1 hsf            Pa      0.4788          4,788.03     100 psf
#   1 psf            Pa      47.880          right
#   1 ksi            psi     1,000           right
#   1 Mscf           m3      28.3286         28.3168
#   1 Mscf/day       m3/day  28.3168         right
# No warning. A load per area is a hundred or ten thousand times too small.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q corva-unit-converter==3.3.0
tools/bin/python -W ignore - <<'PY'
import math

from corva_unit_converter import convert, list_units

names = {unit["abbr"]: unit["singular"] for unit in list_units("pressure")}
assert names["dsf"].startswith("decapound") and names["hsf"].startswith("hectopound"), names
CASES = [("dsf", "Pa", 4.788028), ("hsf", "Pa", 0.4788028), ("psf", "Pa", 47.88028), ("ksi", "psi", 1000), ("Mscf", "m3", 28.328612), ("Mscf/day", "m3/day", 28.316847)]
for unit, base, seen in CASES:
    value = convert(1, unit, base)
    print(unit, base, value)
    assert math.isclose(value, seen, rel_tol=1e-5), unit
assert math.isclose(4.4482216152605 / 0.3048**2, 47.880259, rel_tol=1e-6) and math.isclose(1000 * 0.3048**3, 28.316847, rel_tol=1e-6)
PY
