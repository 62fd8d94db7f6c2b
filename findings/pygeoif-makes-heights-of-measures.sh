#!/usr/bin/env bash
# pygeoif 1.6.0 beside shapely 2.2.0, from PyPI, Python 3.11, Linux x86-64 (2026-11-30).
#
# Reads and writes shapes as text (WKT). A third number is a height if the tag is Z, a measure, such as the distance along a road or a time, if
# it is M (OGC 06-103r4, 7.2.2). pygeoif takes M for Z and says so when it writes; an empty part of several lines is dropped, so that
# the others have other numbers; and numbers that it writes with "+" in their exponent it does not read:
#   text                                            pygeoif, written again                   shapely
#   POINT M (1 2 3)                                 POINT Z (1 2 3)                          POINT M (1 2 3)
#   LINESTRING M (0 0 5, 1 1 6)                     LINESTRING Z (0 0 5, 1 1 6)              M
#   MULTILINESTRING((0 0,1 1),EMPTY,(2 2,3 3))      two lines                                three
#   POLYGON((0 0,1 0,1 1,0 0))                      right
#   Point(1e16, 1).wkt, read                        raises: cannot parse POINT (1E+16 1)     read
# Readings of kilometres so become metres above the sea. No error in the first three.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q pygeoif==1.6.0 shapely==2.2.0
tools/bin/python - <<'PY'
import pygeoif
import shapely

for text, seen in (("POINT M (1 2 3)", "POINT Z (1 2 3)"), ("LINESTRING M (0 0 5, 1 1 6)", "LINESTRING Z (0 0 5, 1 1 6)")):
    found, other = pygeoif.from_wkt(text), shapely.from_wkt(text)
    print(text, found.wkt, other.wkt)
    assert found.wkt == seen and found.has_z
    assert other.has_m and not other.has_z and other.wkt == text
lines = "MULTILINESTRING((0 0,1 1),EMPTY,(2 2,3 3))"
print(pygeoif.from_wkt(lines).wkt, shapely.from_wkt(lines).wkt)
assert len(list(pygeoif.from_wkt(lines).geoms)) == 2 and len(shapely.from_wkt(lines).geoms) == 3
assert pygeoif.from_wkt("POLYGON((0 0,1 0,1 1,0 0))").wkt == "POLYGON ((0 0, 1 0, 1 1, 0 0))"
written = pygeoif.Point(1e16, 1).wkt
try:
    pygeoif.from_wkt(written)
except pygeoif.exceptions.WKTParserError as error:
    print(error)
else:
    raise AssertionError("its own text was read")
assert shapely.from_wkt(written).x == 1e16
PY
