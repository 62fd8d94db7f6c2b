#!/usr/bin/env bash
# caption2text 0.1.2, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Turns captions into a transcript. In WebVTT the hours of a time may be left out, settings may follow it ("line:0"), notes and styles are no
# captions, and "<" is written "&lt;" (W3C WebVTT, 4.1 to 4.3). Such times, notes and styles are put into the transcript as if they were spoken, and
# references stay as they are. In both formats a caption of digits alone is dropped as its number:
#   in the file                          transcript                       is
#   WebVTT: 00:01.000 --> 00:02.500      the time as a line               no text
#           NOTE made by hand            NOTE made by hand                no text
#           3 &lt; 5                     3 &lt; 5                         3 < 5
#   SubRip: 2, its time, 1998            (nothing)                        1998
#           3, its time, 2<x and x>1     21                               2<x and x>1
#   both: 3.5 bar                        3.5 bar                          right
# webvtt-py 0.6.0 reads the first three as the standard has them. No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q caption2text==0.1.2 webvtt-py==0.6.0
tools/bin/python - <<'PY'
import logging

import caption2text
import webvtt

logging.disable(logging.CRITICAL)
VTT = "WEBVTT\n\nNOTE made by hand\n\n00:01.000 --> 00:02.500\n3.5 bar\n\n00:00:03.000 --> 00:00:04.000\n3 &lt; 5\n"
SRT = "1\n00:00:01,000 --> 00:00:02,000\n3.5 bar\n\n2\n00:00:03,000 --> 00:00:04,000\n1998\n\n3\n00:00:05,000 --> 00:00:06,000\n2<x and x>1\n"
for name, text in (("made.vtt", VTT), ("made.srt", SRT)):
    with open(name, "w", encoding="utf-8") as file:
        file.write(text)
spoken = caption2text.vtt_to_transcript("made.vtt").splitlines()
print(spoken, [caption.text for caption in webvtt.read("made.vtt")])
assert spoken == ["NOTE made by hand", "00:01.000 --> 00:02.500", "3.5 bar", "3 &lt; 5"]
assert [caption.start for caption in webvtt.read("made.vtt")] == ["00:00:01.000", "00:00:03.000"]
assert len(webvtt.read("made.vtt")) == 2
spoken = caption2text.srt_to_transcript("made.srt").splitlines()
print(spoken)
assert spoken == ["3.5 bar", "21"]
PY
