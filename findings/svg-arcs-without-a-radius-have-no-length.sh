#!/usr/bin/env bash
# svgelements 1.9.6 and fonttools 4.68.0, from PyPI, svg-path-properties 2.1.0 and svg-path-commander 2.3.3, from npm, beside svgpathtools 1.8.0, Python 3.11, Node 20 or newer, Linux
# (2026-12-01).
#
# Paths of SVG. An arc of which a radius is zero is a straight line to its end (SVG 2, 9.5.1, "Out-of-range elliptical arc parameters"). fontTools draws nothing there,
# so that the outline has a gap; to the others it has no length, and the points along it are its start:
#   path                                 svgelements, both of npm     fontTools        is (svgpathtools, arithmetic)
#   M0 0A0 5 0 0 1 10 0                  length 0                     no line          10
#   M0 0A5 0 0 0 1 6 8                   length 0                     no line          10
#   M0 0L0 4A0 5 0 0 1 10 4L10 0         length 8                     a line less      18
#   M0 0A5 5 0 0 1 10 0, M0 0L10 0       15.708, 10, right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund svg-path-properties@2.1.0 svg-path-commander@2.3.3 >/dev/null
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q svgelements==1.9.6 fonttools==4.68.0 svgpathtools==1.8.0
cat >look.mjs <<'JS'
import assert from "assert";
import { createRequire } from "module";
const require = createRequire(import.meta.url);
const { svgPathProperties } = require("svg-path-properties");
const loaded = require("svg-path-commander");
const commander = loaded.default ?? loaded;
const cases = { "M0 0A0 5 0 0 1 10 0": 0, "M0 0A5 0 0 0 1 6 8": 0, "M0 0L0 4A0 5 0 0 1 10 4L10 0": 8, "M0 0A5 5 0 0 1 10 0": 5 * Math.PI, "M0 0L10 0": 10 };
for (const [path, seen] of Object.entries(cases)) {
  const found = [new svgPathProperties(path).getTotalLength(), commander.getTotalLength(path)];
  console.log(path, found);
  assert(found.every((length) => Math.abs(length - seen) < 1e-3));
}
JS
node look.mjs
tools/bin/python - <<'PY'
import math
import warnings

import svgelements
import svgpathtools
from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path import parse_path

warnings.simplefilter("ignore")
CASES = {
    "M0 0A0 5 0 0 1 10 0": (0, 10, 0),
    "M0 0A5 0 0 0 1 6 8": (0, 10, 0),
    "M0 0L0 4A0 5 0 0 1 10 4L10 0": (8, 18, 2),
    "M0 0A5 5 0 0 1 10 0": (5 * math.pi, 5 * math.pi, None),
    "M0 0L10 0": (10, 10, 1),
}
for path, (seen, right, drawn) in CASES.items():
    pen = RecordingPen()
    parse_path(path, pen)
    lines = sum(name == "lineTo" for name, _ in pen.value)
    found = svgelements.Path(path).length(), svgpathtools.parse_path(path).length()
    print(path, *found, pen.value)
    assert math.isclose(found[0], seen, abs_tol=1e-6) and math.isclose(found[1], right, abs_tol=1e-6), path
    assert drawn is None or lines == drawn, path
PY
