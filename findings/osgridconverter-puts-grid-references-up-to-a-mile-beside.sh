#!/usr/bin/env bash
# OSGridConverter 0.1.3, beside pyproj 3.7.2, both from PyPI, Python 3.11, Linux (2026-12-01).
#
# Turns references of the British national grid into degrees of WGS84 and back. The way back to a reference is right; the way to degrees puts the longitude wrong, the more
# so the farther the place is from the middle of the grid:
#   reference           OSGridConverter            PROJ                        beside by
#   TQ 30000 80000      51.50399, -0.12785         51.50399, -0.12835          34 m      London
#   NN 16600 71200      56.79609, -5.00698         56.79609, -5.00471          140 m     Ben Nevis
#   TG 51409 13177      52.65798, 1.72009          52.65798, 1.71604           270 m     the Ordnance Survey's own example
#   SV 00000 00000      49.76681, -7.57006         49.76681, -7.55716          930 m
#   NA 00000 00000      57.81003, -8.76585         57.81003, -8.73973          1,550 m
#   52.65798, 1.71605 to a reference: TG 51409 13177, right
# So a reference that is read and written again comes back as another. No error; the seven parameters of the change of datum are good to some five metres.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q OSGridConverter==0.1.3 pyproj==3.7.2
tools/bin/python -W ignore - <<'PY'
import math

from OSGridConverter import grid2latlong, latlong2grid
from pyproj import Transformer

to_degrees = Transformer.from_crs(27700, 4326)
CASES = [  # reference, easting, northing, longitude seen, metres beside
    ("TQ 30000 80000", 530000, 180000, -0.12785, 34),
    ("NN 16600 71200", 216600, 771200, -5.00698, 138),
    ("TG 51409 13177", 651409, 313177, 1.72009, 274),
    ("SV 00000 00000", 0, 0, -7.57006, 927),
    ("NA 00000 00000", 0, 900000, -8.76585, 1548),
]
for reference, easting, northing, seen, metres in CASES:
    place = grid2latlong(reference)
    latitude, longitude = to_degrees.transform(easting, northing)
    beside = abs(place.longitude - longitude) * math.cos(math.radians(latitude)) * 111_320
    print(reference, place.latitude, place.longitude, latitude, longitude, round(beside))
    assert math.isclose(place.longitude, seen, abs_tol=1e-5) and math.isclose(place.latitude, latitude, abs_tol=1e-4), reference
    assert abs(beside - metres) < 12, reference
assert str(latlong2grid(52.6579786, 1.716052)) == "TG 51409 13177"
assert str(latlong2grid(*(lambda place: (place.latitude, place.longitude))(grid2latlong("TG 51409 13177")))) != "TG 51409 13177"
PY
