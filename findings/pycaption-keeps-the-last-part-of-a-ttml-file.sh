#!/usr/bin/env bash
# pycaption 2.3.14 beside ttconv 1.2.3, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Reads subtitles in TTML ("DFXP"). A body may have any number of parts, <div> (Timed Text Markup Language 2, chapter 8, body): one a
# chapter, a speaker or a region. DFXPReader gathers by language and enters each part over the one before, so that of all parts in a
# language the last is left, without a message. Times are not taken as a part's or a paragraph's own (chapter 12, begin: from the
# beginning of what holds it), and what metadata says (chapter 14) is said with the words. Seen, with begin and end in seconds:
#   in the file                                                    pycaption              ttconv
#   <div><p 1 2>A</p></div> <div><p 3 4>B</p></div>                B 3-4                  A 1-2, B 3-4
#   <div 0 30><p 1 2>A</p></div> <div 30 60><p 1 2>B</p></div>     B 1-2                  A 1-2, B 31-32
#   <p 10 20><span 1 2>A</span> <span 3 4>B</span></p>             A B 10-20              A 11-12, B 13-14
#   <p 1 2><metadata><ttm:desc>note…</metadata>A</p>               noteA 1-2              A 1-2
# A recording's subtitles, converted to WebVTT or SubRip, are those of its last chapter, and its times may be an hour off.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q pycaption==2.3.14 ttconv==1.2.3 srt==3.5.3
tools/bin/python - <<'PY'
from xml.etree import ElementTree

import pycaption
import srt
import ttconv.imsc.reader
import ttconv.srt.writer

HEAD = '<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttm="http://www.w3.org/ns/ttml#metadata" xml:lang="en"><body>'
Cues = list[tuple[str, float, float]]


def read(body: str) -> tuple[Cues, Cues]:
    """The cues of pycaption and of ttconv: text, begin and end in seconds."""
    text = f"{HEAD}{body}</body></tt>"
    captions = pycaption.DFXPReader().read(text)
    ours = [(" ".join(cue.get_text().split()), cue.start / 1e6, cue.end / 1e6) for cue in captions.get_captions("en")]
    model = ttconv.imsc.reader.to_model(ElementTree.ElementTree(ElementTree.fromstring(text)))
    theirs = [
        (cue.content, cue.start.total_seconds(), cue.end.total_seconds())
        for cue in srt.parse(ttconv.srt.writer.from_model(model))
    ]
    print(body, ours, theirs, sep="\n  ")
    return ours, theirs


parts = '<div><p begin="1s" end="2s">A</p></div><div><p begin="3s" end="4s">B</p></div>'
assert read(parts) == ([("B", 3, 4)], [("A", 1, 2), ("B", 3, 4)])
converted = pycaption.WebVTTWriter().write(pycaption.DFXPReader().read(f"{HEAD}{parts}</body></tt>"))
assert "\nB" in converted and "\nA" not in converted

within = '<div><p begin="10s" end="20s"><span begin="1s" end="2s">A</span> <span begin="3s" end="4s">B</span></p></div>'
assert read(within) == ([("A B", 10, 20)], [("A", 11, 12), ("B", 13, 14)])
said = '<div><p begin="1s" end="2s"><metadata><ttm:desc>note</ttm:desc></metadata>A</p></div>'
assert read(said) == ([("noteA", 1, 2)], [("A", 1, 2)])

chapters = '<div begin="0s" end="30s"><p begin="1s" end="2s">A</p></div><div begin="30s" end="60s"><p begin="1s" end="2s">B</p></div>'
assert read(chapters) == ([("B", 1, 2)], [("A", 1, 2), ("B", 31, 32)])
PY
