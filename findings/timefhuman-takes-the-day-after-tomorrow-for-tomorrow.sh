#!/usr/bin/env bash
# timefhuman 0.1.5, from PyPI, Python 3.11, Linux (2026-12-01).
#
# Finds dates and times in English text. Words that it does not know are passed over, although they change the meaning of those that it knows. Seen from noon of Wednesday,
# 10 June 2026:
#   text                      seen                              is
#   the day after tomorrow    11 June                           12 June
#   day before yesterday      9 June                            8 June
#   half an hour              13:00                             12:30
#   an hour and a half        13:00                             13:30
#   2 hours before noon       14:00 and 12:00                   10:00
#   10 minutes to 5           12:10 to 12:05                    16:50
#   3pm EST                   15:00, UTC-4 (summer time)        15:00, UTC-5: EST is standard time all year
#   0.5 hours, tomorrow       12:30, 11 June                    right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q timefhuman==0.1.5
tools/bin/python -W ignore - <<'PY'
from datetime import datetime, timedelta

from timefhuman import tfhConfig, timefhuman

now = datetime(2026, 6, 10, 12, 0)
CASES = {
    "the day after tomorrow": [datetime(2026, 6, 11)],
    "day before yesterday": [datetime(2026, 6, 9)],
    "half an hour": [datetime(2026, 6, 10, 13)],
    "an hour and a half": [datetime(2026, 6, 10, 13)],
    "2 hours before noon": [datetime(2026, 6, 10, 14), datetime(2026, 6, 10, 12)],
    "10 minutes to 5": [(datetime(2026, 6, 10, 12, 10), datetime(2026, 6, 10, 12, 5))],
    "0.5 hours": [datetime(2026, 6, 10, 12, 30)],
    "tomorrow": [datetime(2026, 6, 11)],
}
for text, seen in CASES.items():
    found = timefhuman(text, tfhConfig(now=now))
    print(text, found)
    assert found == seen, text
(eastern,) = timefhuman("3pm EST", tfhConfig(now=now))
print(eastern, eastern.utcoffset())
assert eastern.utcoffset() == timedelta(hours=-4)
PY
