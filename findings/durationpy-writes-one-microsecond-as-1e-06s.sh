#!/usr/bin/env bash
# durationpy 0.11, from PyPI, Python 3.11, Linux (2026-11-30).
#
# "Module for converting between datetime.timedelta and Go's time duration strings", as they stand in files of Kubernetes and Prometheus. Go writes
# all digits of the seconds and no exponent (time.Duration.String: 1h0m0.000001s) and reads no other form. to_str() writes seconds with
# six significant digits, as Python's "%g" does:
#   timedelta                    to_str()         read again by from_str()      in Go
#   1 h, 1 µs                    1h1e-06s         raises: unknown unit e        refused
#   1 min, 99 µs                 1m9.9e-05s       raises                        refused
#   1 s, 1 µs                    1s               1 s
#   59.999999 s                  60s              60 s
#   720 h, 1.123456 s            720h1.12346s     4 µs more
#   1 h, 0.5 s; 1.5 ms; 300 µs   1h0.5s, 1ms500us, 300us      right
# No error when it is written. A limit of a microsecond, or a timeout just below a minute, is another one in the file.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q durationpy==0.11
tools/bin/python - <<'PY'
from datetime import timedelta

import durationpy

CASES = [
    (timedelta(hours=1, microseconds=1), "1h1e-06s"),
    (timedelta(minutes=1, microseconds=99), "1m9.9e-05s"),
    (timedelta(seconds=1, microseconds=1), "1s"),
    (timedelta(seconds=59, microseconds=999_999), "60s"),
    (timedelta(hours=720, seconds=1, microseconds=123_456), "720h1.12346s"),
    (timedelta(hours=1, milliseconds=500), "1h0.5s"),
    (timedelta(microseconds=1500), "1ms500us"),
    (timedelta(microseconds=300), "300us"),
]
for value, seen in CASES:
    written = durationpy.to_str(value)
    try:
        again = durationpy.from_str(written)
    except durationpy.DurationError as error:
        again = error
    print(repr(value), written, again)
    assert written == seen
    assert (again == value) == (seen in ("1h0.5s", "1ms500us", "300us"))
    assert isinstance(again, durationpy.DurationError) == ("e-" in written)
PY
