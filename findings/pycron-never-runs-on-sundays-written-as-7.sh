#!/usr/bin/env bash
# pycron 3.3.0 beside croniter 7.0.0, from PyPI, Python 3.11, Linux (2026-11-30).
#
# is_now(expression, time) says whether a line of a crontab is due. In crontabs Sunday is 0 or 7, and names may stand for days and months
# (crontab(5) of Vixie cron and cronie: "0–7 (0 or 7 is Sunday, or use names)"; of months "1–12 (or use names)"). pycron numbers days from
# 0 to 6 and compares the rest as it is, so that such lines are due on fewer days, or never, without an error. Runs in January 2027 at nine:
#   line                   pycron                       croniter
#   0 9 * * 7              none                         5, the Sundays
#   0 9 * * 6,7            5, the Saturdays             10
#   0 9 * * 5-7            10, Fridays and Saturdays    15
#   0 9 * * 1-7            26, no Sunday                31
#   0 9 * * sat-sun        5, the Saturdays             10          "sun" alone is right; its code has a branch for such ranges
#   0 9 * * mon-fri/2      none                         13          "1-5/2" is right
#   0 9 1 jan *            none                         1
#   0 9 * * 0, 1-5, mon-fri    right
# A job for the weekend so runs on one of its days. has_been() and whatever else is built on is_now() answer alike.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q pycron==3.3.0 croniter==7.0.0
tools/bin/python - <<'PY'
from datetime import datetime, timedelta

import pycron
from croniter import croniter

NINES = [datetime(2027, 1, day, 9) for day in range(1, 32)]
CASES = {
    "0 9 * * 7": (0, 5),
    "0 9 * * 6,7": (5, 10),
    "0 9 * * 5-7": (10, 15),
    "0 9 * * 1-7": (26, 31),
    "0 9 * * sat-sun": (5, 10),
    "0 9 * * mon-fri/2": (0, 13),
    "0 9 1 jan *": (0, 1),
    "0 9 * * 0": (5, 5),
    "0 9 * * sun": (5, 5),
    "0 9 * * 1-5": (21, 21),
    "0 9 * * mon-fri": (21, 21),
    "0 9 * * 1-5/2": (13, 13),
}
for line, expected in CASES.items():
    due = [time for time in NINES if pycron.is_now(line, time)]
    dates = croniter(line, NINES[0] - timedelta(minutes=1))
    right = []
    while (time := dates.get_next(datetime)) <= NINES[-1]:
        right.append(time)
    print(f"{line:20} pycron {len(due):2}  croniter {len(right):2}")
    assert (len(due), len(right)) == expected, line
    if len(due) < len(right) and due and line != "0 9 * * 1-7":
        assert {time.strftime("%a") for time in right} - {time.strftime("%a") for time in due} == {"Sun"}
PY
