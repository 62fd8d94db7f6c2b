#!/usr/bin/env bash
# vtt-to-srt3 0.2.0.4 and pysubs2 1.8.1 beside webvtt-py 0.6.0, from PyPI, Python 3.11, Linux (2026-11-30).
#
# The first two turn WebVTT into SubRip. Before and between the cues a .vtt file may have style sheets and notes, which are not shown; "<" and "&" are
# written "&lt;" and "&amp;"; hours have two digits or more (WebVTT, 4.1 to 4.3). A note ends the cue before it, at the empty line. Seen:
#   in the .vtt                                   vtt-to-srt3                          pysubs2                   webvtt-py
#   NOTE checked by nobody, after a cue           a further line of that caption       likewise                  left out
#   title and STYLE ::cue…, at the top            before the first caption, as is      left out                  left out
#   100:00:01.000 --> 100:00:02.000, the last     text of the caption before           99:59:59,999 (warns)      a caption at 100 h
#   p &lt; 5 bar                                  p &lt; 5 bar                         p &lt; 5 bar              p &lt; 5 bar
#   01:02.500 --> 01:04.000                       right in all
# What an editor remarked is shown as the end of a sentence; of SubRip's players none knows "&lt;". No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q vtt-to-srt3==0.2.0.4 pysubs2==1.8.1 webvtt-py==0.6.0
cat >made.vtt <<'VTT'
WEBVTT - title

STYLE
::cue { color: red }

01:02.500 --> 01:04.000
p &lt; 5 bar

NOTE checked by nobody

00:01:05.000 --> 00:01:06.000
second

100:00:01.000 --> 100:00:02.000
third
VTT
tools/bin/python - <<'PY'
import pathlib
import warnings

import pysubs2
import webvtt
from vtt_to_srt.vtt_to_srt import ConvertFile

warnings.simplefilter("ignore")
ConvertFile("made.vtt", "utf-8").convert()


def texts(written):
    """Texts of a SubRip file's captions, the lines of each joined by a bar."""
    return [" | ".join(block.split("\n")[2:]) for block in written.strip().split("\n\n")]


found = pathlib.Path("made.srt").read_text(encoding="utf-8")
other = pysubs2.load("made.vtt").to_string("srt")
right = [(caption.text.replace("\n", " | "), caption.start) for caption in webvtt.read("made.vtt")]
print(found, other, right, sep="\n-----\n")
head, captions = found[: found.index("1\n00:")], found[found.index("1\n00:") :]
assert head.split("\n")[:3] == ["WEBVTT - title", "STYLE", "::cue { color: red }"]
assert texts(captions) == ["p &lt; 5 bar | NOTE checked by nobody", "second | 100:00:01.000 --> 100:00:02.000 | third"]
assert texts(other) == ["p &lt; 5 bar | NOTE checked by nobody", "second", "third"] and "99:59:59,999 -->" in other
assert right == [("p &lt; 5 bar", "00:01:02.500"), ("second", "00:01:05.000"), ("third", "100:00:01.000")]
PY
