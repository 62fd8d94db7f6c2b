#!/usr/bin/env bash
# LatLon23 1.0.7, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Reads and writes latitudes in degrees, minutes and seconds: string2latlon(text, text, format) "can convert any string" that its format describes (%H
# for the hemisphere, else by a minus; docstring). Minutes are added to negative degrees as they are, towards the equator; of "-0" the minus is
# lost, when written, too. With a letter for the hemisphere all is right:
#   call                                             seen            is
#   Latitude(-33, 51, 30.5)                          -32.14153       -33.85847
#   string2latlon("-33 51.5", …, "d% %M").lat        -32.14167       -33.85833
#   string2latlon("-0 30.5", …, "d% %M").lat         .50833          -.50833
#   string2latlon("33 51.5 S", …, "d% %M% %H").lat   -33.85833       right
#   Latitude(-.5).to_string("d% %M")                 0 30.0          -0 30.0
#   Latitude(-1.5).to_string("d% %M")                -1 30.0         right, and read again as -.5
# No error; 190 km lie between the two. pygeodesy 25.5.5's parseDMS() reads the same numbers rightly.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q LatLon23==1.0.7 pygeodesy==25.5.5
tools/bin/python - <<'PY'
import math

from LatLon23 import Latitude, string2latlon
from pygeodesy.dms import parseDMS


def latitude(text: str, form: str) -> float:
    return float(string2latlon(text, text.replace("S", "W"), form).lat)


VALUES = [
    ("constructor", float(Latitude(-33, 51, 30.5)), -32.14153),
    ("-33 51.5", latitude("-33 51.5", "d% %M"), -32.14167),
    ("-0 30.5", latitude("-0 30.5", "d% %M"), 0.50833),
    ("33 51.5 S", latitude("33 51.5 S", "d% %M% %H"), -33.85833),
    ("-1 30.0", latitude(Latitude(-1.5).to_string("d% %M"), "d% %M"), -0.5),
    ("-33.85833", latitude("-33.85833", "D"), -33.85833),
]
for name, value, seen in VALUES:
    print(name, value)
    assert math.isclose(value, seen, abs_tol=1e-5), name
for value, seen in {-0.5: "0 30.0", -1.5: "-1 30.0", 0.5: "0 30.0"}.items():
    print(value, Latitude(value).to_string("d% %M"))
    assert Latitude(value).to_string("d% %M") == seen, value
assert math.isclose(parseDMS("-33°51.5′"), -33.85833, abs_tol=1e-5)
assert math.isclose(parseDMS("-0°30.5′"), -0.50833, abs_tol=1e-5)
PY
