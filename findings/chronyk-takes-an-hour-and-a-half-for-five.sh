#!/usr/bin/env bash
# chronyk 1.0.1, from PyPI, Python 3.11, Linux (2026-12-01).
#
# Reads times and durations written by people ("2 hours 5 minutes", "2 weeks ago"). Of a number with a point the digits behind it are taken, signs are passed over, and
# units that it does not know are passed over with their number:
#   text                              seen              is
#   ChronykDelta("1.5 hours")         18,000 s          5,400 s
#   ChronykDelta("2.5 days")          432,000 s         216,000 s
#   ChronykDelta("-5 minutes")        300 s             -300 s
#   ChronykDelta("1 hour 30 min")     3,600 s           5,400 s
#   ChronykDelta("90 min")            0 s               5,400 s
#   ChronykDelta("1h 30m")            0 s               5,400 s
#   Chronyk("1.5 hours ago")          five hours ago    an hour and a half ago
#   ChronykDelta("2 hours 5 minutes") 7,500 s           right
# Its documentation promises a ValueError for what it cannot read; there is none.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q chronyk==1.0.1
tools/bin/python -W ignore - <<'PY'
from chronyk import Chronyk, ChronykDelta, currentutc

CASES = {"1.5 hours": 18000, "2.5 days": 432000, "-5 minutes": 300, "1 hour 30 min": 3600, "90 min": 0, "1h 30m": 0, "2 hours 5 minutes": 7500}
for text, seen in CASES.items():
    print(text, ChronykDelta(text).seconds)
    assert ChronykDelta(text).seconds == seen, text
for text, seen in {"1.5 hours ago": 18000, "half an hour ago": 0, "3 hours ago": 10800}.items():
    ago = currentutc() - Chronyk(text).timestamp()
    print(text, ago)
    assert abs(ago - seen) < 60, text
PY
