#!/usr/bin/env bash
# meshio 5.3.5, from PyPI, Python 3.11, Linux (2026-11-30).
#
# In a Nastran bulk data file a point (GRID) is given in the coordinate system that its third field names: radius, angle in degrees and
# height where that is a cylinder's (CORD2C), as files of pipes, rings and wheels have it (Quick Reference Guide, GRID, "CP"). meshio takes the
# three numbers for x, y and z whatever the system is, and keeps its number as "nastran:ref" of the point, without what it means. Seen:
#   GRID, system 5 (a cylinder around z)    meshio          is
#   2.0   90.0    0.0                       2, 90, 0        0, 2, 0
#   2.0   180.0   1.0                       2, 180, 1       -2, 0, 1
#   0.0   0.0     0.0, no system            0, 0, 0         0, 0, 0
# A ring of radius 2 becomes a strip 180 long. No warning; meshio passes over CORD2C as over other cards that it does not know.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q meshio==5.3.5 numpy==2.4.6
tools/bin/python - <<'PY'
import math

import meshio

with open("made.bdf", "w") as file:
    file.write(
        "BEGIN BULK\n"
        "CORD2C,5,,0.,0.,0.,0.,0.,1.\n,1.,0.,0.\n"
        "GRID,1,5,2.0,90.0,0.0\nGRID,2,5,2.0,180.0,1.0\nGRID,3,,0.0,0.0,0.0\n"
        "CTRIA3,1,1,1,2,3\nENDDATA\n"
    )
found = meshio.read("made.bdf", file_format="nastran")
print(found.points.tolist(), found.point_data)
assert found.points.tolist() == [[2, 90, 0], [2, 180, 1], [0, 0, 0]]
for (radius, angle, height), right in zip(found.points.tolist(), [(0, 2, 0), (-2, 0, 1), (0, 0, 0)], strict=True):
    place = (radius * math.cos(math.radians(angle)), radius * math.sin(math.radians(angle)), height)
    assert all(abs(one - other) < 1e-9 for one, other in zip(place, right, strict=True))
PY
