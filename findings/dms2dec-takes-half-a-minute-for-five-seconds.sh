#!/usr/bin/env bash
# dms2dec 0.1, from PyPI, Python 3.11, Linux (2026-12-01).
#
# Turns degrees, minutes and seconds into decimal degrees ("36°57'9" N" is 36.9525). A decimal point parts two numbers where it does not stand in the seconds: what is behind it counts as
# minutes or seconds. Signs are passed over, and three numbers parted by blanks are one:
#   text                 seen          is
#   51° 30.5' N          51.50139      51.50833
#   51.5°N               51.08333      51.5
#   -51°30'0"            51.5          -51.5
#   51 30 0 N            51300.0       51.5
#   36°57'9" N, 5°0'0.5"W: 36.9525, -5.00014, right
# No error. NMEA 0183 has minutes with decimals, too; the first is 760 m beside.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q dms2dec==0.1
tools/bin/python -W ignore - <<'PY'
import math

from dms2dec.dms_convert import dms2dec

CASES = {
    "51° 30.5' N": 51 + 30 / 60 + 5 / 3600,
    "51.5°N": 51 + 5 / 60,
    "-51°30'0\"": 51.5,
    "51 30 0 N": 51300.0,
    "36°57'9\" N": 36.9525,
    "5°0'0.5\"W": -5 - 0.5 / 3600,
}
for text, seen in CASES.items():
    print(text, dms2dec(text))
    assert math.isclose(dms2dec(text), seen, abs_tol=1e-9), text
PY
