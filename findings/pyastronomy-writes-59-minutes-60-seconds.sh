#!/usr/bin/env bash
# PyAstronomy 0.25.0, beside astropy 8.0.2, both from PyPI, Python 3.11, Linux (2026-12-01).
#
# coordsDegToSexa() writes places in the sky as hours, minutes and seconds of right ascension and degrees, minutes and seconds of declination. The seconds are rounded after
# the minutes are counted:
#   degrees                    PyAstronomy                       astropy, three places
#   10.5, -89.5                00 42 00.000  -89 30 00.000       the same
#   14.9999999, 12.9999999     00 59 60.000  +12 59 60.000       01 00 00.000, +13 00 00.000
#   187.4999999, -0.0499999    12 29 60.000  -00 02 60.000       12 30 00.000, -00 03 00.000
# Sixty seconds are the next minute; the library's own coordsSexaToDeg() refuses what it wrote.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q PyAstronomy==0.25.0 numpy==2.4.6 astropy==8.0.2
tools/bin/python -W ignore - <<'PY'
from astropy.coordinates import Angle
from PyAstronomy import pyasl

CASES = {
    (10.5, -89.5): ("00 42 00.000", "-89 30 00.000", "00 42 00.000", "-89 30 00.000"),
    (14.9999999, 12.9999999): ("00 59 60.000", "+12 59 60.000", "01 00 00.000", "+13 00 00.000"),
    (187.4999999, -0.0499999): ("12 29 60.000", "-00 02 60.000", "12 30 00.000", "-00 03 00.000"),
}
for (right_ascension, declination), (one, two, right_one, right_two) in CASES.items():
    found = pyasl.coordsDegToSexa(right_ascension, declination)
    print(found)
    assert found.split("  ") == [one, two]
    assert Angle(right_ascension, "deg").to_string("hourangle", sep=" ", precision=3, pad=True) == right_one
    assert Angle(declination, "deg").to_string("deg", sep=" ", precision=3, pad=True, alwayssign=True) == right_two
    try:
        back = pyasl.coordsSexaToDeg(found)
    except Exception as error:
        back = type(error).__name__
    print(back)
    assert isinstance(back, str) == ("60" in found)
PY
