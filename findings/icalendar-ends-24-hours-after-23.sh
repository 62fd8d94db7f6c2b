#!/usr/bin/env bash
# icalendar 7.3.2, from PyPI, Python 3.11, Linux (2026-11-30).
#
# In calendars (RFC 5545, 3.3.6) "the duration of a week or a day depends on its position in the calendar": a day is until the same time tomorrow,
# while hours, minutes and seconds are exact. icalendar turns either into a timedelta and adds it to the clock time of the start, which is right for
# days. An event that begins on 2027-03-27 12:00 in Berlin, where clocks go forward by an hour in the night:
#   DURATION        icalendar, Event.end       passed        RFC 5545
#   P1D             2027-03-28 12:00 +02:00    23 hours      12:00
#   PT24H           2027-03-28 12:00 +02:00    23 hours      13:00
#   PT86400S        2027-03-28 12:00 +02:00    23 hours      13:00
#   PT18H           2027-03-28 06:00 +02:00    17 hours      07:00
#   PT12H           2027-03-28 00:00 +01:00    12 hours      00:00
# In autumn it is an hour too much. No error; a shift or a dose "every 24 hours" is off on two days of the year.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q icalendar==7.3.2
tools/bin/python - <<'PY'
from datetime import UTC, timedelta

import icalendar

CASES = {"P1D": (12, 23), "PT24H": (12, 23), "PT86400S": (12, 23), "PT18H": (6, 17), "PT12H": (0, 12)}
for duration, (hour, passed) in CASES.items():
    lines = [
        *("BEGIN:VEVENT", "UID:1", "DTSTAMP:20270101T000000Z", "DTSTART;TZID=Europe/Berlin:20270327T120000"),
        *(f"DURATION:{duration}", "END:VEVENT", ""),
    ]
    event = icalendar.Event.from_ical("\r\n".join(lines))
    exact = event.end.astimezone(UTC) - event.start.astimezone(UTC)
    print(f"{duration:10} {event.end} {exact}")
    assert event.end.hour == hour and exact == timedelta(hours=passed), duration
PY
