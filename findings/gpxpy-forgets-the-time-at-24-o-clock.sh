#!/usr/bin/env bash
# gpxpy 1.6.2, from PyPI, Python 3.11, Linux (2026-12-01).
#
# Reads tracks. GPX 1.1 has times as xsd:dateTime, which may say the end of a day as 24:00:00 (XML Schema Part 2, 3.2.7: "'24' is permitted if the minutes and seconds represented are zero"). A point with such a time has
# none, and what is computed of the track leaves it out without a word:
#   <time> of three points                  seen
#   23:59:00Z, 23:59:30Z, 24:00:00Z         the last is None; the track takes 30 s for 60
#   23:59:00Z, 23:59:30Z, next day 00:00    60 s
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q gpxpy==1.6.2
tools/bin/python - <<'PY'
import gpxpy

POINT = '<trkpt lat="48.00{0}" lon="11.0"><time>{1}</time></trkpt>'


def track(last):
    times = ("2024-05-01T23:59:00Z", "2024-05-01T23:59:30Z", last)
    points = "".join(POINT.format(place, time) for place, time in enumerate(times))
    head = '<gpx version="1.1" creator="me" xmlns="http://www.topografix.com/GPX/1/1">'
    return gpxpy.parse(f"{head}<trk><trkseg>{points}</trkseg></trk></gpx>")


whole, cut = track("2024-05-02T00:00:00Z"), track("2024-05-01T24:00:00Z")
print(whole.get_duration(), cut.get_duration(), cut.tracks[0].segments[0].points[-1].time)
assert whole.get_duration() == 60
assert cut.tracks[0].segments[0].points[-1].time is None
assert cut.get_duration() != 60
PY
