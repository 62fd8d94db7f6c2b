#!/usr/bin/env bash
# agate 1.14.2 with parsedatetime 2.6, from PyPI, Python 3.11, Linux (2026-12-01).
#
# Tables for data journalists (csvkit is made of it) that find out themselves what their columns are. A column of words that name days or months is one of dates, counted from the first day of the first year, in which
# nothing of the table ever was; text written back is then such a date:
#   column                 seen
#   May, June              0001-05-01, 0001-06-01     months, or the first names of two people
#   Monday, Tuesday        0001-01-08, 0001-01-02     the first of them a week after the second
#   5 May, 6 May           0001-05-05, 0001-05-06
#   12/05, 01/06           2001-12-05, 2001-01-06     the year 2001 where a slash stands, be it a date at all
# Nothing is said; "M6, M8" stays text, and dates with their year are right. The documentation says that a Date is "data representing dates alone", read by patterns where no format is given, and of no year.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q agate==1.14.2 parsedatetime==2.6
tools/bin/python -W ignore - <<'PY'
import io

import agate

SEEN = {
    ("May", "June"): ["0001-05-01", "0001-06-01"],
    ("Monday", "Tuesday"): ["0001-01-08", "0001-01-02"],
    ("5 May", "6 May"): ["0001-05-05", "0001-05-06"],
    ("12/05", "01/06"): ["2001-12-05", "2001-01-06"],
    ("5 May 2024", "6 May 2024"): ["2024-05-05", "2024-05-06"],
    ("M6", "M8"): ["M6", "M8"],
}
for given, seen in SEEN.items():
    table = agate.Table.from_csv(io.StringIO("value\n" + "\n".join(given) + "\n"))
    written = io.StringIO()
    table.to_csv(written)
    print(given, written.getvalue().split()[1:])
    assert written.getvalue().split()[1:] == seen, given
PY
