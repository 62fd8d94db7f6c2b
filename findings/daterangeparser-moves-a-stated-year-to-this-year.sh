#!/usr/bin/env bash
# daterangeparser 1.3.2, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Reads ranges of dates as people write them. What one side lacks is taken from the other, and "if no years are specified at all in the
# string then both years are set to the current year" (its docstring). A year that stands with the first date alone, as titles and
# minutes have it, counts as none: both years are this year's, and the one that is written is gone, without an error. In 2026, seen
#   1st July 2009 - 3rd July          2026-07-01 to 2026-07-03
#   31 Dec 2009 - 2 Jan               2025-12-31 to 2026-01-02
#   July 2010 - September             2026-07-01 to 2026-09-30
#   1st - 3rd July 2009               2009-07-01 to 2009-07-03      right, as where the year stands with the second, or with both
# So the same text is another date next year.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q daterangeparser==1.3.2 pyparsing==3.3.3
tools/bin/python -W ignore - <<'PY'
from datetime import date

from daterangeparser import parse

NOW = date.today().year
CASES = [  # text, first and last day
    ("1st July 2009 - 3rd July", date(NOW, 7, 1), date(NOW, 7, 3)),
    ("31 Dec 2009 - 2 Jan", date(NOW - 1, 12, 31), date(NOW, 1, 2)),
    ("July 2010 - September", date(NOW, 7, 1), date(NOW, 9, 30)),
    ("1st - 3rd July 2009", date(2009, 7, 1), date(2009, 7, 3)),
    ("1st July 2009 - 3rd July 2009", date(2009, 7, 1), date(2009, 7, 3)),
    ("31 Dec - 2 Jan 2010", date(2009, 12, 31), date(2010, 1, 2)),
    ("1st July 2009", date(2009, 7, 1), None),
]
for text, first, last in CASES:
    start, end = parse(text)
    print(f"{text:32} {start:%Y-%m-%d} {end and end.date()}")
    assert (start.date(), end and end.date()) == (first, last), text
PY
