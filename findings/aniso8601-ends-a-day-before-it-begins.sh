#!/usr/bin/env bash
# aniso8601 10.0.1, from PyPI, Python 3.11, Linux (2026-11-30).
#
# 24:00 is the end of a day: "The end of one calendar day [24:00] coincides with [00:00] at the start of the next calendar day" (ISO 8601:2004, 4.2.3; again
# in the amendment of 2022 to ISO 8601-1). parse_datetime() and parse_interval() read the start of the same day, so that an interval ends
# before it begins. dateutil 2.9.0's isoparse() reads the next day:
#   text                                        aniso8601                     dateutil
#   2024-02-29T24:00                            2024-02-29 00:00              2024-03-01 00:00
#   2024-12-31T24:00+01:00                      2024-12-31 00:00+01:00        2025-01-01 00:00+01:00
#   2024-02-29T12:00/2024-02-29T24:00           ends 12 hours before          lasts 12 hours
#   2024-02-29T23:59                            right
# No error; a time beyond, 24:01, is refused.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q aniso8601==10.0.1 python-dateutil==2.9.0.post0
tools/bin/python - <<'PY'
from datetime import timedelta

import aniso8601
from dateutil.parser import isoparse

CASES = {
    "2024-02-29T24:00": ("2024-02-29T00:00:00", "2024-03-01T00:00:00"),
    "2024-12-31T24:00+01:00": ("2024-12-31T00:00:00+01:00", "2025-01-01T00:00:00+01:00"),
    "2024-02-29T23:59": ("2024-02-29T23:59:00", "2024-02-29T23:59:00"),
}
for text, (seen, right) in CASES.items():
    read, other = aniso8601.parse_datetime(text).isoformat(), isoparse(text).isoformat()
    print(text, read, other)
    assert (read, other) == (seen, right), text
start, end = aniso8601.parse_interval("2024-02-29T12:00/2024-02-29T24:00")
print(start, end)
assert end - start == timedelta(hours=-12)
try:
    aniso8601.parse_datetime("2024-02-29T24:01")
except ValueError as error:
    print(error)
else:
    raise AssertionError("read")
PY
