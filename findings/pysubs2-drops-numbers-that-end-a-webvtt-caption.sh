#!/usr/bin/env bash
# pysubs2 1.8.1 beside webvtt-py 0.6.0 and pycaption 2.3.14, from PyPI, Python 3.11, Linux (2026-11-30).
#
# A file of SubRip has a number before each caption; in WebVTT a cue begins with its times, and a name before them is rare (4.1,
# "WebVTT file structure"). pysubs2 reads both by one parser: of the lines between two lines of times, a last one that is a number
# is taken for that of the next caption. In WebVTT it is what is said, and it is lost, without an error, in what is written, too:
#   in the .vtt                             pysubs2, and the .srt it writes     webvtt-py, pycaption
#   Level / 12                              Level                               Level / 12
#   Turn to / 3, then a cue named "stop"    Turn to / 3 / (empty) / stop        Turn to / 3
# So a last line "3", "42" or "2026" is kept where a name follows that is no number, and then the name is shown. The documentation
# says that there is "no extra support for WebVTT-specific features like styles or subtitle alignment", nothing of lost text.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q pysubs2==1.8.1 webvtt-py==0.6.0 pycaption==2.3.14
tools/bin/python - <<'PY'
import pycaption
import pysubs2
import webvtt

VTT = """WEBVTT

00:01.000 --> 00:02.000
Turn to
3

stop
00:02.000 --> 00:03.000
Press it.

00:04.000 --> 00:05.000
Level
12

00:06.000 --> 00:07.000
Done.
"""
SAID = ["Turn to\n3", "Press it.", "Level\n12", "Done."]

captions = pycaption.WebVTTReader().read(VTT)
assert [cue.get_text() for cue in captions.get_captions(captions.get_languages()[0])] == SAID
assert [cue.text for cue in webvtt.from_string(VTT)] == SAID

read = pysubs2.SSAFile.from_string(VTT)
found = [event.plaintext for event in read]
for said, text in zip(SAID, found, strict=True):
    print(repr(said), repr(text))
assert read.format == "vtt"
assert found == ["Turn to\n3\n\nstop", "Press it.", "Level", "Done."]
assert "12" not in [line.strip() for line in read.to_string("srt").splitlines()]
PY
