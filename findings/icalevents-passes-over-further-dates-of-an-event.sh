#!/usr/bin/env bash
# icalevents 0.3.1 beside recurring-ical-events 3.8.2, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Lists the events of a calendar between two times, repeated ones as often as they happen. An event may have further dates (RDATE, RFC 5545,
# 3.8.5.2), a change may hold for an occurrence and all after it (RECURRENCE-ID;RANGE=THISANDFUTURE, 3.8.4.4), and a day without an
# end lasts one day (3.6.1). icalevents knows RRULE and EXDATE, and takes such a change for one of a single day:
#   in the calendar                                         icalevents               recurring-ical-events
#   10:00 on 5 January, RDATE 10 and 12 January             5 January                5, 10, 12 January
#   daily at 10 from 5 January, four times; from the        10, 10, 12, 10           10, 10, 12, 12
#     7th on at 12 (THISANDFUTURE)
#   all day on 5 January, without DTEND                     from 0:00 to 0:00        to 6 January
#   RRULE with COUNT, UNTIL, BYSETPOS, EXDATE, a single changed day      alike
# Appointments that were added by hand to a series are missing, those that were moved for good come back. No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q icalevents==0.3.1 recurring-ical-events==3.8.2 icalendar==7.3.2
tools/bin/python - <<'PY'
from datetime import UTC, datetime

import icalendar
import recurring_ical_events
from icalevents.icalparser import parse_events

FIRST, LAST = datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)


def event(*lines):
    return ["BEGIN:VEVENT", "UID:1", "DTSTAMP:20270101T000000Z", "SUMMARY:s", *lines, "END:VEVENT"]


def starts(*events):
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//made//EN"]
    text = "\r\n".join([*head, *(line for lines in events for line in lines), "END:VCALENDAR", ""])
    one = sorted(found.start for found in parse_events(text, start=FIRST, end=LAST))
    other = sorted(found["DTSTART"].dt for found in recurring_ical_events.of(icalendar.Calendar.from_ical(text)).between(FIRST, LAST))
    return [[(time.day, time.hour) for time in times] for times in (one, other)]


once = ("DTSTART:20270105T100000Z", "DTEND:20270105T110000Z")
added = starts(event(*once, "RDATE:20270110T100000Z,20270112T100000Z"))
moved = starts(
    event(*once, "RRULE:FREQ=DAILY;COUNT=4"),
    event("RECURRENCE-ID;RANGE=THISANDFUTURE:20270107T100000Z", "DTSTART:20270107T120000Z", "DTEND:20270107T130000Z"),
)
ruled = starts(event(*once, "RRULE:FREQ=DAILY;COUNT=4", "EXDATE:20270106T100000Z"))
print(added, moved, ruled, sep="\n")
assert added == [[(5, 10)], [(5, 10), (10, 10), (12, 10)]]
assert moved == [[(5, 10), (6, 10), (7, 12), (8, 10)], [(5, 10), (6, 10), (7, 12), (8, 12)]]
assert ruled == [[(5, 10), (7, 10), (8, 10)]] * 2
day = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//made//EN", *event("DTSTART;VALUE=DATE:20270105"), "END:VCALENDAR", ""])
[found] = parse_events(day, start=FIRST, end=LAST)
print(found.start, found.end, found.all_day)
assert found.start == found.end and found.all_day
PY
