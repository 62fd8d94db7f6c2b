#!/usr/bin/env bash
# dlms-cosem 25.1.0, from PyPI, Python 3.11, Linux (2026-12-01).
#
# Reads and writes the messages of electricity meters. A time has its deviation from UTC in minutes; 0x8000 stands for "not specified" (DLMS Blue Book, 4.1.6.1). A deviation of
# zero is treated as not specified, too: the time of a meter that runs on UTC, or in Britain in winter, has no zone any more:
#   bytes of the deviation       read as
#   0000                         12:00, without a zone     is 12:00 UTC
#   8000                         12:00, without a zone     right
#   ffc4 (-60)                   12:00+01:00               right
#   0078 (120)                   12:00-02:00               right
# Written and read again, 12:00 UTC comes back without its zone. No error: compared with times in a zone such times fail, and are taken for local time where they are
# converted.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q dlms-cosem==25.1.0
tools/bin/python -W ignore - <<'PY'
from datetime import datetime, timedelta, timezone

from dlms_cosem.time import datetime_from_bytes, datetime_to_bytes

CASES = {"0000": None, "8000": None, "ffc4": timedelta(hours=1), "0078": timedelta(hours=-2)}
for deviation, seen in CASES.items():
    moment, _ = datetime_from_bytes(bytes.fromhex("07ea0601ff0c000000" + deviation + "00"))
    print(deviation, moment)
    assert moment.utcoffset() == seen and moment.hour == 12, deviation
for hours, back in ((0, False), (1, True)):
    given = datetime(2026, 6, 1, 12, tzinfo=timezone(timedelta(hours=hours)))
    again, _ = datetime_from_bytes(datetime_to_bytes(given))
    print(given, again)
    assert (again.utcoffset() is not None) == back
PY
