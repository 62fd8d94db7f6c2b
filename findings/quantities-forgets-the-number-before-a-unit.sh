#!/usr/bin/env bash
# quantities 0.16.4, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Quantity(1.0, "…") takes its unit as text with products, quotients and powers. A number within it is passed over, whatever it is, where text that is
# no unit raises. A pond is the weight of a gram, .00980665 N (UDUNITS: "pond" is a gram-force); here it is that of a kilogram. Pint
# 0.25.3 and cf-units 3.3.1 (UDUNITS) say:
#   Quantity(1.0, …)     quantities         is
#   1000*m               1 m                1000 m (Pint, cf-units)
#   60*s                 1 s                60 s
#   m/10                 1 m                .1 m
#   pond                 9.80665 N          .00980665 N (cf-units)
#   gram_force           .00980665 N        right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q quantities==0.16.4 pint==0.25.3 cf-units==3.3.1
tools/bin/python - <<'PY'
import math

import cf_units
import pint
import quantities

registry = pint.UnitRegistry()
CASES = {("1000*m", "m"): (1, 1000), ("60*s", "s"): (1, 60), ("m/10", "m"): (1, 0.1), ("1000*m/s", "m/s"): (1, 1000), ("km", "m"): (1000, 1000)}
for (text, unit), (seen, right) in CASES.items():
    value = float(quantities.Quantity(1.0, text).rescale(unit))
    others = registry(text).to(unit).magnitude, cf_units.Unit(text).convert(1.0, unit)
    print(text, value, others)
    assert math.isclose(value, seen), text
    assert all(math.isclose(other, right) for other in others), text
for unit, seen in {"pond": 9.80665, "gram_force": 0.00980665}.items():
    print(unit, quantities.Quantity(1.0, unit).rescale("N"))
    assert math.isclose(float(quantities.Quantity(1.0, unit).rescale("N")), seen), unit
assert math.isclose(cf_units.Unit("pond").convert(1.0, "N"), 0.00980665)
PY
