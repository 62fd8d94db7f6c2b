#!/usr/bin/env bash
# CueParser 1.3.3, from PyPI, Python 3.11, Linux (2026-12-01).
#
# Reads cue sheets, the tables of contents of discs and long recordings. "INDEX 01 mm:ss:ff" gives minutes, seconds and frames, of which 75 are a second (CDRWIN's guide,
# "INDEX"; so a disc is read). The library puts a dot before the frames:
#   from        to          duration of the track     is
#   00:00:00    05:00:37    300.37 s                  300.493 s
#   05:00:37    09:59:74    299.37 s                  299.493 s
#   09:59:74    10:00:00    0.26 s                    0.013 s
#   10:00:00    10:00:05    0.05 s                    0.067 s
# No error. Such parts lie up to a quarter of a second beside their beginning; the pause of one frame becomes twenty times as long.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q CueParser==1.3.3
tools/bin/python - <<'PY'
from math import isclose

from cueparser import CueSheet

TIMES = ["00:00:00", "05:00:37", "09:59:74", "10:00:00", "10:00:05"]
SEEN = [300.37, 299.37, 0.26, 0.05]
sheet = CueSheet()
sheet.setOutputFormat("", "%title%")
sheet.setData('FILE "talk.wav" WAVE\n' + "".join(f'  TRACK {number:02d} AUDIO\n    TITLE "Part {number}"\n    INDEX 01 {time}\n' for number, time in enumerate(TIMES, 1)))
sheet.parse()


def seconds(time: str) -> float:
    """Seconds of minutes, seconds and frames, 75 a second."""
    minutes, whole, frames = map(int, time.split(":"))
    return minutes * 60 + whole + frames / 75


assert [track.offset for track in sheet.tracks] == TIMES
for track, one, other, seen in zip(sheet.tracks, TIMES, TIMES[1:], SEEN, strict=False):
    found = track.duration.total_seconds()
    print(one, other, found, round(seconds(other) - seconds(one), 3))
    assert isclose(found, seen, abs_tol=1e-6) and not isclose(found, seconds(other) - seconds(one), abs_tol=0.01)
assert sheet.tracks[-1].duration is None
PY
