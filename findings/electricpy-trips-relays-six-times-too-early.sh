#!/usr/bin/env bash
# electricpy 0.3.0, from PyPI, Python 3.11, Linux (2026-12-01).
#
# toctriptime() tells when a relay of time and overcurrent trips, by the curves C1 to C5 of IEC 60255-151 and U1 to U5 of the manuals of SEL: t = TD (A / (M^P - 1) + B).
# Two exponents of IEC and two constants of the American ones are others:
#   curve                         at five times the pickup, TD = 1
#                                 electricpy    is
#   C2, very inverse              0.5625 s      3.375 s        13.5 / (M - 1), not M²
#   C4, long-time inverse         5.0 s         30.0 s         120 / (M - 1), not M²
#   U1, moderately inverse        0.5435 s      0.3405 s       B is 0.0226, not 0.2256
#   U4, extremely inverse         0.5883 s      0.2715 s       B is 0.0352, not 0.352
#   C1, C3, C5, U2, U3, U5        right
# No warning. A relay that is set by C2 as this says opens six times as late.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q electricpy==0.3.0
tools/bin/python -W ignore - <<'PY'
import math

from electricpy.fault import toctriptime

multiple = 5.0
RIGHT = {
    "C1": 0.14 / (multiple**0.02 - 1),
    "C2": 13.5 / (multiple - 1),
    "C3": 80 / (multiple**2 - 1),
    "C4": 120 / (multiple - 1),
    "C5": 0.05 / (multiple**0.04 - 1),
    "U1": 0.0226 + 0.0104 / (multiple**0.02 - 1),
    "U2": 0.180 + 5.95 / (multiple**2 - 1),
    "U3": 0.0963 + 3.88 / (multiple**2 - 1),
    "U4": 0.0352 + 5.67 / (multiple**2 - 1),
    "U5": 0.00262 + 0.00342 / (multiple**0.02 - 1),
}
SEEN = {"C2": 0.5625, "C4": 5.0, "U1": 0.54352, "U4": 0.58825}
for curve, right in RIGHT.items():
    found = toctriptime(500, 100, 1, curve=curve)
    print(curve, found, right)
    assert math.isclose(found, SEEN.get(curve, right), rel_tol=1e-4), curve
    assert math.isclose(found, right, rel_tol=1e-4) == (curve not in SEEN), curve
PY
