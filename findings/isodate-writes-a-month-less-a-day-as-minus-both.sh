#!/usr/bin/env bash
# isodate 0.7.2, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Reads and writes dates, times and durations of ISO 8601; readers of XML Schema, RDF and calendars build on it. Durations with months or
# years can be added to and taken from each other and dates. What differs in sign then is kept apart, months = 1 and days = -1, and
# reckons right. Written by duration_isoformat() it becomes another duration: where one part is negative, "-" goes before all of them,
# with their amounts. Read again, that is minus both:
#   duration                  2024-03-31 + it      written        read again: 2024-03-31 + that
#   P1M - P1D                 2024-04-29           -P1M1D         2024-02-28
#   P1Y - P1M                 2025-02-28           -P1Y1M         2023-02-28
#   P1D - P1M                 2024-03-01           -P1M1D         2024-02-28
#   P1Y - PT12H               (a time)             -P1YT12H
#   P1M - P2M                 2024-02-29           -P1M           2024-02-29    right: one sign
#   P1M + P1D, -(P1M + P1D)                        P1M1D, -P1M1D                right: one sign
# An error was to be expected, or a form that reads back: "P1Y - P1M" is P11M, and ISO 8601-2 has signs of parts, P1M-1D. Nothing is
# raised. A timedelta of the standard library, whose days and seconds differ in sign, too, is written right.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q isodate==0.7.2
tools/bin/python - <<'PY'
from datetime import date, timedelta

from isodate import duration_isoformat, parse_duration

START = date(2024, 3, 31)
CASES = [  # left, right, START + (left - right), written, START + what is read again
    ("P1M", "P1D", date(2024, 4, 29), "-P1M1D", date(2024, 2, 28)),
    ("P1Y", "P1M", date(2025, 2, 28), "-P1Y1M", date(2023, 2, 28)),
    ("P1D", "P1M", date(2024, 3, 1), "-P1M1D", date(2024, 2, 28)),
    ("P1M", "P2M", date(2024, 2, 29), "-P1M", date(2024, 2, 29)),
]
for left, right, reckoned, written, again in CASES:
    duration = parse_duration(left) - parse_duration(right)
    text = duration_isoformat(duration)
    print(f"{left} - {right}: {START + duration}  {text:8} {START + parse_duration(text)}")
    assert START + duration == reckoned
    assert text == written
    assert START + parse_duration(text) == again
    assert (parse_duration(text) == duration) == (reckoned == again)
assert duration_isoformat(parse_duration("P1Y") - parse_duration("PT12H")) == "-P1YT12H"
both = parse_duration("P1M") + parse_duration("P1D")
assert duration_isoformat(both) == "P1M1D" and duration_isoformat(-both) == "-P1M1D"
for delta in (timedelta(days=1, hours=-1), timedelta(days=-1, hours=1), timedelta(seconds=-0.5)):
    assert parse_duration(duration_isoformat(delta)) == delta
PY
