#!/usr/bin/env bash
# pylrc 0.1.2, beside lrcparser 0.2.0, both from PyPI, Python 3.11, Linux (2026-12-01).
#
# Reads LRC, the text of songs and talks with its times: "[mm:ss.xx]text". There is no field for hours, so minutes count on beyond 59. pylrc knows minutes up to 59 and
# leaves every later line out; the line before then lasts to the end of what is left:
#   line                   pylrc               lrcparser, and the file
#   [59:50.00]first        3590 s              3590 s
#   [60:10.50]second       gone                3610.5 s
#   [104:05.00]last        gone                6245 s
# "[offset:+500]" makes the text come half a second sooner ("+ shifts time up", as players have it); pylrc adds it, so that [00:10.00] is 10.5 s instead of 9.5 s.
# No error; what it writes as SRT has neither of the two lines.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q pylrc==0.1.2 lrcparser==0.2.0
tools/bin/python - <<'PY'
import pylrc
from lrcparser import LrcParser

LINES = "[59:50.00]first\n[60:10.50]second\n[104:05.00]last\n"
read = pylrc.parse(LINES)
print([(line.time, line.text) for line in read])
assert [(line.time, line.text) for line in read] == [(3590.0, "first")]
assert "second" not in read.toSRT() and "last" not in read.toLRC()
other = LrcParser.parse(LINES)["lrc_lines"]
print([(line.start_time, str(line.text)) for line in other])
times = [line.start_time.minutes * 60 + line.start_time.seconds + line.start_time.microseconds / 1e6 for line in other]
assert times == [3590, 3610.5, 6245]
for offset, seen in (("", 10.0), ("[offset:+500]\n", 10.5), ("[offset:-500]\n", 9.5)):
    (line,) = pylrc.parse(f"{offset}[00:10.00]word\n")
    print(repr(offset), line.time)
    assert line.time == seen
PY
