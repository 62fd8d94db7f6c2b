#!/usr/bin/env bash
# lat-lon-parser 1.3.1 beside astropy 8.0.2, from PyPI, Python 3.11, Linux (2026-11-30).
#
# "Code for parsing lat-long coordinates in 'various' formats": degrees, minutes and seconds with any signs between, the first one with a minus
# or the last with N, S, E, W. What it does not know is passed over. The minus sign proper (U+2212), which books, PDFs and encyclopedias
# write, is among that, so the place lies on the other side of the equator; so is "e":
#   text             parse()      astropy's Angle       is
#   −45.5            45.5         -45.5                 -45.5
#   −45° 30′         45.5         -45.5                 -45.5
#   1e-3             1.05         –                     0.001     taken for 1° 3′
#   -45.5, 45.5 S    -45.5        -45.5                 right
# to_str_deg_min_sec(12.9999999) is 12° 59' 60.00", to_str_deg_min() 12° 60.000'; 13° 0' 0.00" was to be expected, for minutes and
# seconds end below 60. parse() reads its own 60 and refuses 45° 90'.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q lat-lon-parser==1.3.1 astropy==8.0.2
tools/bin/python - <<'PY'
from astropy.coordinates import Angle
from lat_lon_parser import parse, to_str_deg_min, to_str_deg_min_sec

MINUS = "\N{MINUS SIGN}"
CASES = [  # text, lat-lon-parser, as written for astropy, value
    (f"{MINUS}45.5", 45.5, f"{MINUS}45.5d", -45.5),
    (f"{MINUS}45° 30′", 45.5, f"{MINUS}45° 30′", -45.5),
    ("-45.5", -45.5, "-45.5d", -45.5),
    ("-45° 30′", -45.5, "-45° 30′", -45.5),
    ("45.5 S", -45.5, "45.5d S", -45.5),
]
for text, seen, other, right in CASES:
    angle = Angle(other).degree
    print(f"{text:10} lat-lon-parser {parse(text):6} astropy {angle}")
    assert parse(text) == seen, text
    assert angle == right, other
assert parse("1e-3") == 1.05
assert to_str_deg_min_sec(12.9999999) == "12° 59' 60.00\""
assert to_str_deg_min(12.9999999) == "12° 60.000'"
assert parse("12° 59' 60.00\"") == 13
try:
    parse("45° 90'")
except ValueError as error:
    print(error)
else:
    raise AssertionError("45° 90' is read")
PY
