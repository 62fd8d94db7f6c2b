#!/usr/bin/env bash
# @formulajs/formulajs 4.6.1, from npm, beside pint 0.25.3, from PyPI, Node 20 or newer, Python 3.11, Linux (2026-12-01).
#
# "JavaScript implementation of most Microsoft Excel formula functions". CONVERT between units of Excel's own list: some are of another size, by
# factors to ten to the nineteenth; those it does not know give #N/A. A prefix before a power counts once (km3 as 1000 m3; SI brochure, 5.2: as (km)3):
#   CONVERT(1; from; to)      formulajs     is (Pint)
#   eV to J                   1.602         1.602e-19
#   ga (gauss) to T           1             .0001
#   Picapt (1/72 inch) to in  .1667         .01389 (Excel's list: Pica (1/72 inch))
#   mm3 to ml                 1000          .001
#   km3 to m3                 1000          1000000000
#   mi to km, HP to W, uk_gal to l, cal to J       right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund @formulajs/formulajs@4.6.1 >/dev/null
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q pint==0.25.3
cat >look.js <<'JS'
const { CONVERT } = require("@formulajs/formulajs");
const pairs = [["eV", "J"], ["ga", "T"], ["Picapt", "in"], ["mm3", "ml"], ["km3", "m3"], ["mi", "km"], ["HP", "W"], ["uk_gal", "l"], ["cal", "J"]];
console.log(JSON.stringify(pairs.map((pair) => CONVERT(1, ...pair))));
JS
node look.js >found.json
tools/bin/python - <<'PY'
import json
import math

import pint

registry = pint.UnitRegistry()
CASES = [
    ("eV", "J", 1.60217656514141, 1.602176634e-19),
    ("gauss", "T", 1, 1e-4),  # by definition; Pint keeps gauss in CGS units
    ("inch/72", "inch", 1 / 6, 1 / 72),
    ("mm^3", "ml", 1000, 0.001),
    ("km^3", "m^3", 1000, 1e9),
    ("mile", "km", None, 1.609344),
    ("hp", "W", None, 745.699872),
    ("imperial_gallon", "l", None, 4.54609),
    ("cal_it", "J", None, 4.1868),
]
for (unit, wanted, seen, right), found in zip(CASES, json.load(open("found.json"))):
    other = right if unit == "gauss" else registry(unit).to(wanted).magnitude
    print(unit, wanted, found, other)
    assert math.isclose(other, right, rel_tol=1e-6), unit
    assert math.isclose(found, right if seen is None else seen, rel_tol=1e-6), unit
PY
