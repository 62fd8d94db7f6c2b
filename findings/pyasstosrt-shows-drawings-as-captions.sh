#!/usr/bin/env bash
# pyasstosrt 1.5.0 beside pysubs2 1.8.1, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Turns subtitles of Advanced SubStation Alpha (.ass) into SubRip. In an .ass file {\p1} begins a drawing, whose text is commands ("m 0 0 l 100 0": go,
# draw a line), until {\p0}; "\n" is a line end that counts as a blank unless the style wraps by hand, "\h" a blank that does not break (ASS
# specification, appendix A). pyasstosrt takes off what stands in braces and "\N" alone:
#   text in the .ass                                  pyasstosrt                  pysubs2
#   {\p1}m 0 0 l 100 0 100 20{\p0}                    m 0 0 l 100 0 100 20        no caption
#   Set{\p1}m 0 0 l 9 9{\p0} 5 bar                    Setm 0 0 l 9 9 5 bar        no caption: its text is lost, too
#   Keep\nclosed                                      Keep\nclosed                Keep, closed, in two lines
#   {\i1}5{\i0}\hbar\Nat most                         right in both
# Boxes and masks, of which files with signs are full, appear as lines of numbers. No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q pyasstosrt==1.5.0 pysubs2==1.8.1
tools/bin/python - <<'PY'
import pathlib

import pyasstosrt
import pysubs2

HEAD = "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name, Fontname\nStyle: Default,Arial\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
TEXTS = [r"{\p1}m 0 0 l 100 0 100 20{\p0}", r"Set{\p1}m 0 0 l 9 9{\p0} 5 bar", r"Keep\nclosed", r"{\i1}5{\i0}\hbar\Nat most"]
lines = [f"Dialogue: 0,0:00:0{n}.00,0:00:0{n}.90,Default,,0,0,0,,{text}\n" for n, text in enumerate(TEXTS)]
pathlib.Path("made.ass").write_text(HEAD + "".join(lines), encoding="utf-8")
pyasstosrt.Subtitle("made.ass").export()
SEEN = ["m 0 0 l 100 0 100 20", "Setm 0 0 l 9 9 5 bar", "Keep\\nclosed", "5 bar\nat most"]
RIGHT = ["Keep\nclosed", "<i>5</i> bar\nat most"]
found = [block.split("\n", 2)[2] for block in pathlib.Path("made.srt").read_text(encoding="utf-8").strip().split("\n\n")]
other = [block.split("\n", 2)[2] for block in pysubs2.load("made.ass").to_string("srt").strip().split("\n\n")]
print(found, other, sep="\n")
assert [text.replace("\u00a0", " ") for text in found] == SEEN
assert [text.replace("\u00a0", " ").replace("\\h", " ") for text in other] == RIGHT
PY
