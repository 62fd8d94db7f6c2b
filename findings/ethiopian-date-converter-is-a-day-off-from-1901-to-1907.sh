#!/usr/bin/env bash
# ethiopian-date-converter 0.1.5, beside convertdate 2.5.1, both from PyPI, Python 3.11, Linux (2026-12-01).
#
# Dates of the Ethiopian calendar, which has a leap day every fourth year without exception. So has the Coptic one, whose years are 276 fewer and whose months and days
# are the same. The library is a day off for whole years behind a century that is no leap year of the Gregorian calendar:
#   Gregorian             Ethiopian day, month, year    and back              is (arithmetic, convertdate's Coptic)
#   31 December 1900      22.4.1893                     30 December 1900      22.4.1893, 31 December 1900
#   1 January 1901        24.4.1893                     1 January 1901        23.4.1893
#   31 December 1907      22.4.1900                     31 December 1907      21.4.1900
#   11 September 2025     1.1.2018                      11 September 2025     1.1.2018
# To Ethiopian dates all days of 1901 to 1907 (of 1801, 2101 and the six behind them, too) are one ahead, back from them all of 1893 to 1899 one behind: 23.4.1893 is
# never said.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q ethiopian-date-converter==0.1.5 convertdate==2.5.1
tools/bin/python - <<'PY'
from collections import defaultdict
from datetime import date, timedelta

from convertdate import coptic
from ethiopian_date import EthiopianDateConverter


def ethiopian(day: date) -> tuple[int, int, int]:
    """Year, month and day by arithmetic: cycles of 1461 days since 29 August of the Julian year 8."""
    cycle, of_cycle = divmod(day.toordinal() + 1721425 - 1723856, 1461)
    years = min(of_cycle // 365, 3)
    month, of_month = divmod(of_cycle - 365 * years, 30)
    return 4 * cycle + years, month + 1, of_month + 1


ahead, behind = defaultdict(int), defaultdict(int)
day = date(1880, 1, 1)
while day < date(2050, 1, 1):
    right = ethiopian(day)
    assert coptic.to_gregorian(right[0] - 276, *right[1:]) == (day.year, day.month, day.day), day
    found = EthiopianDateConverter.to_ethiopian(day.year, day.month, day.day)
    if tuple(found) != right:
        assert tuple(found) == ethiopian(day + timedelta(days=1)), day
        ahead[day.year] += 1
    back = EthiopianDateConverter.to_gregorian(*right)
    if back != day:
        assert back == day - timedelta(days=1), day
        behind[right[0]] += 1
    day += timedelta(days=1)
print(dict(ahead), dict(behind))
assert ahead == {year: 366 if year == 1904 else 365 for year in range(1901, 1908)}
assert behind == {year: 366 if year in (1895, 1899) else 365 for year in range(1893, 1900)}
assert tuple(EthiopianDateConverter.to_ethiopian(1901, 1, 1)) == (1893, 4, 24)
assert tuple(EthiopianDateConverter.to_ethiopian(1907, 12, 31)) == (1900, 4, 22)
assert EthiopianDateConverter.to_gregorian(1893, 4, 22) == date(1900, 12, 30)
PY
