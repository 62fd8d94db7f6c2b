#!/usr/bin/env bash
# pyorc 0.12.0, beside pyarrow 26.0.1, both from PyPI, Python 3.11, Linux (2026-12-01).
#
# Writes and reads ORC files. A time is kept in whole seconds and nanoseconds. pyorc writes a time in the last second before 1970 as one a second later, once there are
# milliseconds:
#   written                        read by pyorc and pyarrow     written by pyarrow, read by both
#   1969-12-31 23:59:58.5          the same                      the same
#   1969-12-31 23:59:59            the same                      the same
#   1969-12-31 23:59:59.5          1970-01-01 00:00:00.5         the same
#   1969-12-31 23:59:59.000001     the same                      the same
#   1970-01-01 00:00:00.5          the same                      the same
# So for "timestamp" and "timestamp with local time zone" alike, and two different times become one. No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q pyorc==0.12.0 pyarrow==26.0.1 tzdata
tools/bin/python - <<'PY'
import io
from datetime import datetime, timedelta, timezone

import pyarrow
import pyorc
from pyarrow import orc

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
TIMES = [EPOCH + timedelta(microseconds=count) for count in (-1_500_000, -1_000_000, -500_000, -999_999, 500_000)]
LATER = EPOCH + timedelta(microseconds=500_000)
SEEN = [LATER if time == EPOCH - timedelta(microseconds=500_000) else time for time in TIMES]


def plain(times: list) -> list[datetime]:
    """The times in UTC, whichever class and zone they have."""
    return [datetime(t.year, t.month, t.day, t.hour, t.minute, t.second, t.microsecond, tzinfo=timezone.utc) for t in times]


for kind in ("timestamp", "timestamp with local time zone"):
    file = io.BytesIO()
    with pyorc.Writer(file, f"struct<time:{kind}>") as writer:
        for time in TIMES:
            writer.write((time,))
    own = plain([row[0] for row in pyorc.Reader(io.BytesIO(file.getvalue()))])
    other = plain(orc.read_table(io.BytesIO(file.getvalue())).column(0).to_pylist())
    print(kind, [str(time) for time in own])
    assert own == other == SEEN, kind
file = io.BytesIO()
orc.write_table(pyarrow.table({"time": pyarrow.array(TIMES, pyarrow.timestamp("us", tz="UTC"))}), file)
assert plain([row[0] for row in pyorc.Reader(io.BytesIO(file.getvalue()))]) == TIMES
PY
