#!/usr/bin/env bash
# aerofiles 1.5.6, from PyPI, Python 3.11, Linux (2026-12-01).
#
# Writes the logs of gliders (IGC). A place has whole degrees, whole minutes and thousandths of a minute, "DDMMmmm", with minutes from 00 to 59. The library cuts the degrees
# off and rounds the minutes afterwards, so that minutes close below the next degree become 60; seconds are cut, not rounded, but places are rounded:
#   place                     written       is
#   51.99999999° N            5160000N      5200000N
#   46.999993° N              4660000N      4700000N
#   179.99999999° E           17960000E     18000000E
#   51.999° N                 5159940N      right
# Readers that check the minutes refuse the line; its own reader takes 60 minutes for a degree.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q aerofiles==1.5.6 python-dateutil==2.9.0.post0
tools/bin/python -W ignore - <<'PY'
import io
from datetime import time

from aerofiles.igc import Writer


def line(latitude: float, longitude: float) -> str:
    """The record of a fix at this place."""
    file = io.BytesIO()
    Writer(file).write_fix(time(12), latitude=latitude, longitude=longitude, valid=True, pressure_alt=1, gps_alt=2)
    return file.getvalue().decode().strip()


CASES = [
    ((51.99999999, 8.5), "5160000N", "00830000E"),
    ((46.999993, 8.5), "4660000N", "00830000E"),
    ((51.999, 179.99999999), "5159940N", "17960000E"),
    ((51.999, -0.25), "5159940N", "00015000W"),
]
for place, latitude, longitude in CASES:
    written = line(*place)
    print(place, written)
    assert written[7:15] == latitude and written[15:24] == longitude, place
PY
