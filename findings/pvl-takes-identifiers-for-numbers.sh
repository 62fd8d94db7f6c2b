#!/usr/bin/env bash
# pvl 1.3.2, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Reads the labels of planetary images and instrument data (Parameter Value Language; ODL and PDS 3 are kinds of it). A number there is sign,
# digits, point and exponent; in PVL whatever else stands without quotation marks is text (CCSDS 641.0-B), in ODL if it begins with a letter
# (PDS Standards Reference 3.8, chapter 12). pvl asks Python's int() and float(), which know underscores between digits, and "inf" and "nan":
#   in the label               pvl.loads()          is
#   PRODUCT_ID = 2027_060      2027060              "2027_060", year and day
#   VERSION = 1_5.2            15.2                 "1_5.2"
#   FILTER = INF               inf                  "INF" (infrared, say)
#   TARGET = Nan               nan                  "Nan"; "Infinity" likewise
#   PRODUCT_ID = 2027_06A      "2027_06A"           right, as with quotation marks
# The same with its decoders for PVL and ODL. dumps() writes the label again without the underscore, and "FILTER = inf". No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q pvl==1.3.2
tools/bin/python - <<'PY'
import math

import pvl

CASES = {
    "2027_060": 2027060,
    "1_5.2": 15.2,
    "INF": math.inf,
    "Infinity": math.inf,
    "2027_06A": "2027_06A",
    '"2027_060"': "2027_060",
    "12.5": 12.5,
}
for text, seen in CASES.items():
    label = f"KEY = {text}\nEND\n"
    found = pvl.loads(label)["KEY"]
    print(f"{text:12} {found!r:12}", pvl.dumps(pvl.loads(label)).splitlines()[0])
    assert found == seen and type(found) is type(seen), text
    assert pvl.loads(label, parser=pvl.parser.PVLParser())["KEY"] == seen
assert math.isnan(pvl.loads("TARGET = Nan\nEND\n")["TARGET"])
assert pvl.loads("FILTER = INF\nEND\n", parser=pvl.parser.ODLParser())["FILTER"] == math.inf
assert pvl.dumps(pvl.loads("A = 2027_060\nB = INF\nEND\n")).splitlines()[:2] == ["A = 2027060", "B = inf"]
PY
