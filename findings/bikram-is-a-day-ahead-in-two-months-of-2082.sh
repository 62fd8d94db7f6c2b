#!/usr/bin/env bash
# bikram 2.1.4 beside nepali-datetime 1.0.8.5 and pyBSDate 0.3.2, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Turns dates into those of Bikram Sambat, the calendar of Nepal, in which the lengths of months are published year by year. It has the
# first month of 2082 with 30 days and the third with 31; both other libraries have 31 and 32. So the dates of 64 days, 14 May to 14 June and
# 16 July to 16 August 2025, come out one too high, all else of the years 2070 to 2083 being equal:
#   date           bikram        the others
#   2025-04-14     2082-01-01    2082-01-01      new year
#   2025-05-14     2082-02-01    2082-01-31
#   2025-05-29     2082-02-16    2082-02-15      Republic Day, which is the 15th of Jestha (the second month), was on 29 May 2025
#   2025-06-15     2082-03-01    2082-03-01
#   2025-08-16     2082-04-32    2082-04-31
# There is no error, and the way back is as wrong: 2082-02-15 becomes 28 May. A birth or a contract of that time has another date in papers.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q bikram==2.1.4 nepali-datetime==1.0.8.5 pyBSDate==0.3.2
tools/bin/python - <<'PY'
from datetime import date, timedelta

import nepali_datetime
from bikram import samwat
from pyBSDate import convert_AD_to_BS

other = []
day = date(2013, 4, 14)
while day < date(2027, 4, 14):
    nepali = nepali_datetime.date.from_datetime_date(day)
    right = (nepali.year, nepali.month, nepali.day)
    assert right == tuple(convert_AD_to_BS(day.year, day.month, day.day)), day
    found = samwat.from_ad(day)
    if (found.year, found.month, found.day) != right:
        other.append((day, (found.year, found.month, found.day), right))
    day += timedelta(days=1)
print(len(other), other[0], other[-1], sep="\n")
assert len(other) == 64
assert other[0] == (date(2025, 5, 14), (2082, 2, 1), (2082, 1, 31))
assert other[31][0] == date(2025, 6, 14) and other[32] == (date(2025, 7, 16), (2082, 4, 1), (2082, 3, 32))
assert other[-1] == (date(2025, 8, 16), (2082, 4, 32), (2082, 4, 31))
assert (date(2025, 5, 29), (2082, 2, 16), (2082, 2, 15)) in other
assert samwat(2082, 2, 15).ad == date(2025, 5, 28)
PY
