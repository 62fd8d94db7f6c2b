#!/usr/bin/env bash
# timelength 3.0.4, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Reads lengths of time as people write them, fractions among them ("half of a day", "1/4 hour" are examples of its README). Signs for fractions
# are taken apart, so that their lower number becomes the amount; a whole number before a fraction is left out, a minus too. result.success is
# true each time; result.invalid, where it names what was left out, has no word about the minus:
#   text                       seconds    is        result.success
#   ½ hour                     7200       1800      True
#   1½ hours                   7200       5400      True
#   2¼ h                       14400      8100      True
#   1 1/2 hours                1800       5400      True
#   two and a half hours       1800       9000      True
#   an hour and a half         3600       5400      True
#   -5 min                     300        -300      True, nothing invalid
#   1/2 hour, 1.5 hours        1800, 5400, right
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q timelength==3.0.4
tools/bin/python - <<'PY'
from timelength import TimeLength

CASES = {
    "½ hour": 7200, "1½ hours": 7200, "2¼ h": 14400, "1 1/2 hours": 1800, "two and a half hours": 1800, "an hour and a half": 3600,
    "-5 min": 300, "1/2 hour": 1800, "1.5 hours": 5400,
}  # fmt: skip
for text, seconds in CASES.items():
    result = TimeLength(text).result
    print(text, result.seconds, result.success, result.invalid)
    assert result.seconds == seconds, text
    assert result.success, text
assert not TimeLength("-5 min").result.invalid
PY
