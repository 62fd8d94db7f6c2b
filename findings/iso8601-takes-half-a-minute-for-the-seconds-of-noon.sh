#!/usr/bin/env bash
# iso8601 2.1.0, from PyPI, Python 3.11, Linux (2026-11-30).
#
# "Parses ISO 8601 dates". The smallest unit of a time may have a decimal fraction, minutes, too (ISO 8601:2004, 4.2.2.4, with a
# comma or a point). The minutes before such a fraction are taken for the hour's seconds, the fraction for theirs: aniso8601 10.0.1 and
# metomi-isodatetime 3.2.0 read it as the standard has it.
#   text                      iso8601           aniso8601
#   2024-02-29T12:30.5Z       12:00:30.5        12:30:30
#   2024-02-29T12:45,5Z       12:00:45.5        12:45:30
#   20240229T1230.25Z         12:00:30.25       12:30:15
#   2024-02-29T12:30Z, 2024-02-29T12:30:15.5Z   right
#   2024-02-29T12.5Z          raises            12:30:00
# No error: the time is half an hour early.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q iso8601==2.1.0 aniso8601==10.0.1 'metomi-isodatetime==1!3.2.0'
tools/bin/python - <<'PY'
import aniso8601
import iso8601
from metomi.isodatetime.parsers import TimePointParser

CASES = {
    "2024-02-29T12:30.5Z": ("12:00:30.500000", "12:30:30", 45030),
    "2024-02-29T12:45,5Z": ("12:00:45.500000", "12:45:30", 45930),
    "20240229T1230.25Z": ("12:00:30.250000", "12:30:15", 45015),
    "2024-02-29T12:30Z": ("12:30:00", "12:30:00", 45000),
    "2024-02-29T12:30:15.5Z": ("12:30:15.500000", "12:30:15.500000", 45015.5),
}
for text, (seen, right, seconds) in CASES.items():
    read, other = iso8601.parse_date(text).time().isoformat(), aniso8601.parse_datetime(text).time().isoformat()
    third = TimePointParser().parse(text).get_second_of_day()
    print(text, read, other, third)
    assert (read, other) == (seen, right), text
    assert abs(third - seconds) < 1e-6, text
try:
    iso8601.parse_date("2024-02-29T12.5Z")
except iso8601.ParseError as error:
    print(error)
else:
    raise AssertionError("read")
PY
