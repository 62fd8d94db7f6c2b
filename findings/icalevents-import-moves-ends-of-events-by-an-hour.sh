#!/usr/bin/env bash
# icalevents 0.3.1 beside recurring-ical-events 3.8.2, both with icalendar 7.3.2, from PyPI, Python 3.11, Linux (2026-11-30).
#
# icalendar takes time zones from Python's zoneinfo, unless use_pytz() says otherwise, for the whole process. "import icalevents.icalparser"
# calls it. An end that is made of a start and a duration is then the start plus a timedelta, to which pytz does not adapt the zone. So
# every other user of icalendar in the process gets other times where clocks change between start and end, though it never calls icalevents.
# An event of one day that begins on 2027-03-27 12:00 in Berlin, where clocks go forward in the night (RFC 5545, 3.3.6: days are nominal):
#   DURATION:P1D                        without the import        after "import icalevents.icalparser"
#   icalendar, Event.end                2027-03-28 12:00 +02:00   2027-03-28 12:00 +01:00
#   recurring_ical_events, DTEND        2027-03-28 12:00 +02:00   2027-03-28 13:00 +02:00
#   DURATION:P1W, of the latter         2027-04-03 12:00 +02:00   2027-04-03 13:00 +02:00
#   DTEND instead of DURATION           right                     right
# No error, no warning; the order of imports in a program decides whether a meeting ends at twelve or at one.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q icalevents==0.3.1 recurring-ical-events==3.8.2 icalendar==7.3.2
cat >ends.py <<'PY'
import datetime
import sys

if sys.argv[1:]:
    import icalevents.icalparser
import icalendar
import recurring_ical_events

for line in ("DURATION:P1D", "DURATION:P1W", "DTEND;TZID=Europe/Berlin:20270328T120000"):
    text = "\r\n".join(
        [
            *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//made//EN", "BEGIN:VEVENT", "UID:1", "DTSTAMP:20270101T000000Z"),
            *("DTSTART;TZID=Europe/Berlin:20270327T120000", line, "SUMMARY:s", "END:VEVENT", "END:VCALENDAR", ""),
        ]
    )
    calendar = icalendar.Calendar.from_ical(text)
    [found] = recurring_ical_events.of(calendar).between(datetime.datetime(2027, 3, 1), datetime.datetime(2027, 4, 10))
    print(calendar.walk("VEVENT")[0].end, found["DTEND"].dt, sep=" | ")
PY
without=$(tools/bin/python ends.py)
with=$(tools/bin/python ends.py import)
printf '%s\n\n%s\n' "$without" "$with"
[ "$without" = "2027-03-28 12:00:00+02:00 | 2027-03-28 12:00:00+02:00
2027-04-03 12:00:00+02:00 | 2027-04-03 12:00:00+02:00
2027-03-28 12:00:00+02:00 | 2027-03-28 12:00:00+02:00" ]
[ "$with" = "2027-03-28 12:00:00+01:00 | 2027-03-28 13:00:00+02:00
2027-04-03 12:00:00+01:00 | 2027-04-03 13:00:00+02:00
2027-03-28 12:00:00+02:00 | 2027-03-28 12:00:00+02:00" ]
