#!/usr/bin/env bash
# pynmea2 1.19.0, from PyPI, Python 3.11, Linux (2026-12-01).
#
# Reads sentences of ships' instruments. ZDA has the time in UTC and how far the local zone is from it, in hours and, in a field of its own, minutes, which have the hours' sign without writing it (NMEA 0183: "local
# zone minutes description, same sign as local hours"). They are always added, so that zones west of Greenwich with half hours are an hour beside:
#   zone     seen       is
#   -03,30   -02:30     -03:30   Newfoundland
#   -09,30   -08:30     -09:30   the Marquesas
#   05,30    +05:30     +05:30   India
#   -05,00   -05:00     -05:00
# `localdatetime` is a complete date with that zone; nothing says that it is another moment of the day than the ship's.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q pynmea2==1.19.0
tools/bin/python - <<'PY'
from functools import reduce

import pynmea2

SEEN = {"-03,30": "-02:30", "-09,30": "-08:30", "05,30": "+05:30", "-05,00": "-05:00"}
for zone, seen in SEEN.items():
    body = f"GPZDA,201530.00,04,07,2024,{zone}"
    check = reduce(lambda total, sign: total ^ ord(sign), body, 0)
    local = pynmea2.parse(f"${body}*{check:02X}").localdatetime
    print(zone, local.isoformat())
    assert local.isoformat().endswith(seen), zone
    assert local.utcoffset() is not None
PY
