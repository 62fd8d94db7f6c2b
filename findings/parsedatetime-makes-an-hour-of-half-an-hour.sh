#!/usr/bin/env bash
# parsedatetime 2.6, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Reads dates and times in English ("Parse human-readable date/time strings"). Where it understands some of the words it answers by these, and says
# with the same flag as ever that it has found something; the words around them are lost. For the reference time 2026-11-30 12:00, seen
#   text                            parsedatetime              is
#   half an hour ago                11:00, flag 2              11:30
#   2 1/2 hours ago                 10:00, flag 2              09:30
#   in a year and a half            2027-11-30, flag 1         2028-05-30
#   three days before christmas     2026-11-27, flag 1         2026-12-22
#   last day of february            2027-02-01, flag 1         2027-02-28
#   friday next week                2026-12-07, flag 1         2026-12-11            7 December is a Monday
#   in 1.5 hours, 3 days ago, tomorrow at 12:30 am             right
# (That "in half an hour" is not understood was reported.)
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q parsedatetime==2.6
tools/bin/python - <<'PY'
from datetime import datetime

import parsedatetime

CASES = {
    "half an hour ago": ("2026-11-30 11:00", 2),
    "2 1/2 hours ago": ("2026-11-30 10:00", 2),
    "in a year and a half": ("2027-11-30 12:00", 1),
    "three days before christmas": ("2026-11-27 12:00", 1),
    "last day of february": ("2027-02-01 09:00", 1),
    "friday next week": ("2026-12-07 09:00", 1),
    "in 1.5 hours": ("2026-11-30 13:30", 2),
    "3 days ago": ("2026-11-27 12:00", 1),
    "tomorrow at 12:30 am": ("2026-12-01 00:30", 3),
}
calendar = parsedatetime.Calendar()
for text, seen in CASES.items():
    found, flag = calendar.parseDT(text, sourceTime=datetime(2026, 11, 30, 12))
    print(f"{text:28} {found:%Y-%m-%d %H:%M} {flag}")
    assert (f"{found:%Y-%m-%d %H:%M}", flag) == seen, text
PY
