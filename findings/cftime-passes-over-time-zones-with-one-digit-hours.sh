#!/usr/bin/env bash
# cftime 1.6.6.1 beside cf-units 3.3.1 (UDUNITS-2) and xarray 2026.9.0, from PyPI, Python 3.11, Linux x86-64 (2026-11-30).
#
# Decodes the times of NetCDF files. The CF Conventions (section 4.4, "Time Coordinate") give units with a time zone: hours of one or
# two digits with minutes after a colon, hours alone, or three or four digits of which the last two are minutes. Of these cftime knows
# those with two digits for the hour. What it does not know it passes over without a message, also the example of that very section (the
# first):
#   units                                        num2date(0)             is (UTC)
#   seconds since 1992-10-8 15:15:42.5 -6:00     1992-10-08 15:15:42.5   1992-10-08 21:15:42.5     UDUNITS agrees, as does "-06:00"
#   seconds since 1992-10-8 15:15:42.5 -6        1992-10-08 15:15:42.5   1992-10-08 21:15:42.5
#   seconds since 1992-10-8 15:15:42.5 -600      1992-10-11 03:15:42.5   1992-10-08 21:15:42.5     taken for 60 hours
#   hours since 1992-10-8 15                     1992-10-08 00:00        1992-10-08 15:00
# So one file has two times: cf-units converts by UDUNITS and dates by cftime, xarray reads the first line rightly with the calendar
# "standard" (by pandas), and six hours off with "noleap" (by cftime).
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q cftime==1.6.6.1 cf-units==3.3.1 xarray==2026.9.0 pandas==3.1.1 numpy==2.4.6
tools/bin/python -W ignore - <<'PY'
import cf_units
import cftime
import numpy as np
import xarray

START = "seconds since 1992-10-8 15:15:42.5"
CASES = [  # units, the time that cftime says, and UDUNITS, in UTC
    (f"{START} -06:00", "1992-10-08T21:15:42", "1992-10-08T21:15:42"),
    (f"{START} -0600", "1992-10-08T21:15:42", "1992-10-08T21:15:42"),
    (f"{START} -6:00", "1992-10-08T15:15:42", "1992-10-08T21:15:42"),
    (f"{START} -6", "1992-10-08T15:15:42", "1992-10-08T21:15:42"),
    (f"{START} -600", "1992-10-11T03:15:42", "1992-10-08T21:15:42"),
    ("hours since 1992-10-8 15:15 +05:30", "1992-10-08T09:45:00", "1992-10-08T09:45:00"),
    ("hours since 1992-10-8 15:15 +5:30", "1992-10-08T15:15:00", "1992-10-08T09:45:00"),
    ("hours since 1992-10-8 15", "1992-10-08T00:00:00", "1992-10-08T15:00:00"),
]
MIDNIGHT = "seconds since 1992-10-08 00:00:00"
for units, seen, right in CASES:
    found = cftime.num2date(0, units, "standard").isoformat()[:19]
    unit = cf_units.Unit(units, calendar="standard")
    seconds = float(unit.convert(0, MIDNIGHT))
    by_udunits = str(np.datetime64("1992-10-08", "s") + int(seconds))
    print(f"{units:42} cftime {found}, UDUNITS {by_udunits}")
    assert (found, by_udunits) == (seen, right), units
    assert unit.num2date(0).isoformat()[:19] == seen


def decoded(calendar: str, zone: str) -> str:
    times = ("t", np.array([0, 3600]), {"units": f"seconds since 1992-10-08 15:15:42.5 {zone}", "calendar": calendar})
    value = xarray.decode_cf(xarray.Dataset({"t": times}), decode_times=True)["t"].values[0]
    return value.isoformat()[:19] if calendar == "noleap" else str(value)[:19]


for zone in ("-6:00", "-06:00"):
    print(zone, [decoded(calendar, zone) for calendar in ("standard", "noleap")])
assert decoded("standard", "-6:00") == decoded("standard", "-06:00") == decoded("noleap", "-06:00") == "1992-10-08T21:15:42"
assert decoded("noleap", "-6:00") == "1992-10-08T15:15:42"
PY
