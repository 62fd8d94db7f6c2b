#!/usr/bin/env bash
# tcxreader 0.4.11, from PyPI, Python 3.11, Linux (2026-12-01).
#
# Reads exercises that watches record, with their laps. A lap of two trackpoints, its beginning and its end, as a watch writes it that records where something changes, has the distance right, and neither time nor speed:
#   lap                                        duration   avg_speed   distance
#   two points, 30 s and 90 m apart            0          0.0 km/h    90.0
#   the same way with a third point between    30.0 s     10.8 km/h   90.0
# Both say <TotalTimeSeconds>30</TotalTimeSeconds>, which the Training Center Database asks for in every lap. An exercise of two points has no time, either. Times and speeds are counted from three points on.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q tcxreader==0.4.11
tools/bin/python - <<'PY'
from pathlib import Path

from tcxreader.tcxreader import TCXReader

SPACE = "http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"
POINT = """<Trackpoint><Time>2024-05-01T10:00:{0:02d}Z</Time><Position><LatitudeDegrees>48.{0:04d}</LatitudeDegrees>
<LongitudeDegrees>11.0</LongitudeDegrees></Position><DistanceMeters>{1}</DistanceMeters></Trackpoint>"""


def read(*seconds):
    points = "".join(POINT.format(second, 3 * second) for second in seconds)
    total = "<TotalTimeSeconds>30</TotalTimeSeconds><DistanceMeters>90</DistanceMeters><Calories>5</Calories>"
    lap = f'<Lap StartTime="2024-05-01T10:00:00Z">{total}<Track>{points}</Track></Lap>'
    activity = f'<Activity Sport="Running"><Id>2024-05-01T10:00:00Z</Id>{lap}</Activity>'
    Path("run.tcx").write_text(
        f'<TrainingCenterDatabase xmlns="{SPACE}"><Activities>{activity}</Activities></TrainingCenterDatabase>'
    )
    exercise = TCXReader().read("run.tcx")
    (only,) = exercise.laps
    return exercise.duration, only.duration, only.avg_speed, only.distance


two, three = read(0, 30), read(0, 12, 30)
print(two, three)
assert two == (0, 0, 0.0, 90.0)
assert three == (30.0, 30.0, 10.8, 90.0)
PY
