#!/usr/bin/env bash
# ctparse 0.3.6, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Finds dates and times in English and German text, as those of bookings and minutes. With twelve hours, the one after midnight is 12 am
# (12:30 am is 00:30), that after noon 12 pm. ctparse takes both for noon. A time span over midnight without a date ends
# before it begins, though it is meant to, for with a date it ends on the next day. For the reference time 2026-11-30 12:00, seen
#   5 May 2027 12:30 am        2027-05-05 12:30
#   5 May 2027 12:30 pm        2027-05-05 12:30
#   5 May 2027 1:30 am         2027-05-05 01:30                         right, as are all but the twelfth hour
#   from 11 pm to 12:30 am     2026-11-30 23:00 to 2026-11-30 12:30
#   22:00-6:00                 2026-11-30 22:00 to 2026-11-30 06:00
#   5 May 2027 22:00-6:00      2027-05-05 22:00 to 2027-05-06 06:00     right
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q ctparse==0.3.6
tools/bin/python -W ignore - <<'PY'
import logging
from datetime import datetime

from ctparse import ctparse
from ctparse.types import Interval

logging.disable(logging.CRITICAL)
NOW = datetime(2026, 11, 30, 12)
CASES = [  # text, when, until
    ("5 May 2027 12:30 am", "2027-05-05 12:30", ""),
    ("5 May 2027 12:30 pm", "2027-05-05 12:30", ""),
    ("5 May 2027 1:30 am", "2027-05-05 01:30", ""),
    ("5 May 2027 1:30 pm", "2027-05-05 13:30", ""),
    ("from 11 pm to 12:30 am", "2026-11-30 23:00", "2026-11-30 12:30"),
    ("22:00-6:00", "2026-11-30 22:00", "2026-11-30 06:00"),
    ("5 May 2027 22:00-6:00", "2027-05-05 22:00", "2027-05-06 06:00"),
]
for text, start, end in CASES:
    found = ctparse(text, ts=NOW).resolution
    times = [found.t_from, found.t_to] if isinstance(found, Interval) else [found]
    read = [f"{time.dt:%Y-%m-%d %H:%M}" for time in times]
    print(f"{text:26} {read}")
    assert read == [start, end][: len(times)] and bool(end) == isinstance(found, Interval), text
PY
