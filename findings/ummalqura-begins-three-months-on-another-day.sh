#!/usr/bin/env bash
# ummalqura 2.0.1 beside hijridate 2.6.0 from PyPI and @umalqura/core from npm, Python 3.11, Node 20 or newer, Linux (2026-11-30).
#
# Converts dates to the Umm al-Qura calendar, the civil one of Saudi Arabia, whose months are published. Between 1981 and 2069 it begins
# three months on another day than the two others do, which agree on every day (hijridate: "verified against original references"):
#   month        ummalqura       the others      days that have another date
#   1427-06      2006-06-26      2006-06-27      30
#   1446-06      2024-12-03      2024-12-02      30
#   1485-10      2063-01-31      2063-01-30      30
# In December 2024 every date is one day back: its month has 29 days instead of 30, and the one before it 30 instead of 29. There is no
# error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q ummalqura==2.0.1 hijridate==2.6.0
npm install --silent --no-audit --no-fund @umalqura/core@0.0.7 >/dev/null
TZ=UTC node -e '
const {default: convert} = require("@umalqura/core");
for (let day = Date.UTC(1981, 0, 1, 12); day < Date.UTC(2070, 0, 1); day += 864e5) {
    const {hy, hm, hd} = convert(new Date(day));
    console.log(hy, hm, hd);
}' >core
tools/bin/python - <<'PY'
from datetime import date, timedelta
from itertools import groupby

from hijridate import Gregorian
from ummalqura.hijri_date import HijriDate

other = []
first = date(1981, 1, 1)
for number, line in enumerate(open("core")):
    day = first + timedelta(days=number)
    right = Gregorian(day.year, day.month, day.day).to_hijri().datetuple()
    assert tuple(map(int, line.split())) == right, day
    found = HijriDate(day.year, day.month, day.day, gr=True)
    if (found.year, found.month, found.day) != right:
        other.append((day, (found.year, found.month, found.day), right))
assert day == date(2069, 12, 31)
runs = [list(run) for _, run in groupby(other, key=lambda case: case[0].year)]
for run in runs:
    print(len(run), *run[0], *run[-1])
assert [(len(run), *run[0]) for run in runs] == [
    (30, date(2006, 6, 26), (1427, 6, 1), (1427, 5, 30)),
    (30, date(2024, 12, 2), (1446, 5, 30), (1446, 6, 1)),
    (30, date(2063, 1, 30), (1485, 9, 30), (1485, 10, 1)),
]
PY
