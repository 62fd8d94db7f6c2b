#!/usr/bin/env bash
# electricpy 0.3.0, from PyPI, Python 3.11, Linux (2026-12-01).
#
# Has the formulas of electrical engineers. thermocouple() gives degrees Celsius for a voltage "in Volts". Tables of NIST (ITS-90) beside it:
#   type   volts       electricpy      NIST
#   K      0.000000    210.3           0
#   K      0.004096    -7530.8         100
#   K      0.020644    -13464.2        500
#   J      0.005269    -3098.6         100
#   T      0.004279    -4112.5         100
#   E      0.006319    -2853.9         100
#   S      0.009587    -3597821.8      1000
# Every type and voltage that was tried is wrong, most below absolute zero, without a warning; millivolts given instead
# raise an error. coldjunction(), the way back, is right: 1.000 mV for 25 °C of type K. In the same package led_resistor(12, 2, 20) gives .0005
# for the 500 Ω that (12 V - 2 V) / 20 mA is (its docstring counts the current in milliamperes): it multiplies the milliamperes by 1,000.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q electricpy==0.3.0
tools/bin/python -W ignore - <<'PY'
import math

from electricpy import led_resistor
from electricpy.thermal import coldjunction, thermocouple

CASES = [  # type, millivolts, seen, degrees by NIST
    ("K", 0.0, 210.3, 0),
    ("K", 4.096, -7530.8, 100),
    ("K", 20.644, -13464.2, 500),
    ("J", 5.269, -3098.6, 100),
    ("T", 4.279, -4112.5, 100),
    ("E", 6.319, -2853.9, 100),
    ("S", 9.587, -3597821.8, 1000),
]
for kind, millivolts, seen, degrees in CASES:
    found = float(thermocouple(millivolts / 1000, kind))
    print(kind, millivolts, found, degrees)
    assert math.isclose(found, seen, abs_tol=0.11), (kind, millivolts)
assert math.isclose(coldjunction(25, "K"), 0.001, abs_tol=1e-6)
assert math.isclose(led_resistor(12, 2, 20), 0.0005)
PY
