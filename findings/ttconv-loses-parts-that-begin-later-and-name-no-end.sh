#!/usr/bin/env bash
# ttconv 1.2.3, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Converts subtitles between TTML (IMSC), WebVTT and SubRip. In TTML a body, part or paragraph may begin later than what holds it, and
# what is in it counts from there; without an end it lasts as long as what is in it (Timed Text Markup Language 2, chapter 12: times
# as in SMIL). With a begin other than 0 and no end, ttconv reads all inside as outside its time and writes an empty file, without
# a message; with the same begin and an end, all is right. Seen, with begin and end in seconds:
#   <body begin="10s"> <p 1 2>A</p> <p 3 4>B</p>               nothing                     right: A 11-12, B 13-14
#   <body begin="10s" end="60s"> likewise                      A 11-12, B 13-14
#   <body> <div begin="10s"> likewise                          nothing
#   <body> <p begin="10s"><span 1 2>A</span></p>               nothing                     right: A 11-12
#   <body begin="0s"> likewise                                 A 1-2, B 3-4
# A programme's subtitles that begin at the hour ("01:00:00") by one begin of their body are gone. From WebVTT, two more: a cue whose
# name begins with "STYLE " ("STYLE guide") is taken for a style sheet and lost (WebVTT 4.1: a style block is "STYLE" alone), and of
# character references that have a name, all but a few lose their ";" instead of being read: "&le; 5 k&ohm;" is "&le 5 k&ohm".
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q ttconv==1.2.3 srt==3.5.3
tools/bin/python - <<'PY'
import io
from xml.etree import ElementTree

import srt
import ttconv.imsc.reader
import ttconv.srt.writer
import ttconv.vtt.reader
from ttconv.model import ContentDocument

Cues = list[tuple[str, float, float]]


def cues(model: ContentDocument) -> Cues:
    written = srt.parse(ttconv.srt.writer.from_model(model))
    return [(cue.content, cue.start.total_seconds(), cue.end.total_seconds()) for cue in written]


def of_ttml(body: str) -> Cues:
    root = ElementTree.fromstring(f'<tt xmlns="http://www.w3.org/ns/ttml" xml:lang="en">{body}</tt>')
    found = cues(ttconv.imsc.reader.to_model(ElementTree.ElementTree(root)))
    print(f"{body}\n    {found}")
    return found


def of_vtt(text: str) -> Cues:
    found = cues(ttconv.vtt.reader.to_model(io.StringIO(text)))
    print(f"{text!r}\n    {found}")
    return found


TWO = '<p begin="1s" end="2s">A</p><p begin="3s" end="4s">B</p>'
assert of_ttml(f'<body begin="10s"><div>{TWO}</div></body>') == []
assert of_ttml(f'<body begin="10s" end="60s"><div>{TWO}</div></body>') == [("A", 11, 12), ("B", 13, 14)]
assert of_ttml(f'<body><div begin="10s">{TWO}</div></body>') == []
assert of_ttml('<body><div><p begin="10s"><span begin="1s" end="2s">A</span></p></div></body>') == []
assert of_ttml('<body><div><p begin="10s" end="60s"><span begin="1s" end="2s">A</span></p></div></body>') == [("A", 11, 12)]
assert of_ttml(f'<body begin="0s"><div>{TWO}</div></body>') == [("A", 1, 2), ("B", 3, 4)]

assert of_vtt("WEBVTT\n\nSTYLE guide\n00:01.000 --> 00:02.000\nA\n") == []
assert of_vtt("WEBVTT\n\nguide\n00:01.000 --> 00:02.000\nA\n") == [("A", 1, 2)]
assert of_vtt("WEBVTT\n\n00:01.000 --> 00:02.000\n5 &lt; 6 &deg; &le; 5 k&ohm;\n") == [("5 < 6 ° &le 5 k&ohm", 1, 2)]
PY
