#!/usr/bin/env bash
# webvtt-py 0.6.0 beside pysrt 1.1.2 and pycaption 2.3.14, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Reads SubRip (.srt) and WebVTT. SubRip knows no escapes and few tags (<b>, <i>, <u>, <font>): "<" is a sign like any other.
# webvtt-py takes all from a "<" to the next ">" for a tag of WebVTT, in SubRip, too, and Caption.text and save_as_srt() are
# without it; where a cue has a lower and an upper limit, both go, and what is left reads like a sentence. Seen:
#   in the .srt                              Caption.text, the .srt saved again      pysrt, pycaption
#   Keep p < 5 bar and t > 60 °C.            Keep p  60 °C.                          as in the file
#   R1 <10 kΩ, R2 >20 kΩ                     R1 20 kΩ                                as in the file
#   Keep p < 5 bar.                          Keep p < 5 bar.                         as in the file
# Caption.raw_text is whole, and save() writes it into a .vtt as it is, where "<" must be "&lt;" (WebVTT 4.2.2, "cue text span").
# The other way, what a valid .vtt escapes stays escaped: the text of "p &lt; 5 bar &amp; t &gt; 60 °C" is those letters, in
# Caption.text and in the .srt made of it; pycaption reads "p < 5 bar & t > 60 °C" (WebVTT 6.4: character references).
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q webvtt-py==0.6.0 pysrt==1.1.2 pycaption==2.3.14
tools/bin/python - <<'PY'
from pathlib import Path

import pycaption
import pysrt
import webvtt

SAID = ["Keep p < 5 bar and t > 60 °C.", "R1 <10 kΩ, R2 >20 kΩ", "Keep p < 5 bar."]
SRT = "\n".join(f"{n}\n00:00:0{n},000 --> 00:00:0{n},500\n{text}\n" for n, text in enumerate(SAID, 1))


def read_by_pycaption(reader: pycaption.base.BaseReader, text: str) -> list[str]:
    captions = reader.read(text)
    return [cue.get_text() for cue in captions.get_captions(captions.get_languages()[0])]


Path("one.srt").write_text(SRT, encoding="utf-8")
captions = webvtt.from_srt("one.srt")
captions.save_as_srt("again.srt")
captions.save("one.vtt")
found = [cue.text for cue in captions]
print(found)
assert [cue.text for cue in pysrt.from_string(SRT)] == read_by_pycaption(pycaption.SRTReader(), SRT) == SAID
assert found == ["Keep p  60 °C.", "R1 20 kΩ", "Keep p < 5 bar."]
assert [cue.text for cue in pysrt.open("again.srt", encoding="utf-8")] == found
assert [cue.raw_text for cue in captions] == SAID
assert all(text in Path("one.vtt").read_text(encoding="utf-8") for text in SAID)

escaped = "Keep p &lt; 5 bar &amp; t &gt; 60 °C."
VTT = f"WEBVTT\n\n00:01.000 --> 00:02.000\n{escaped}\n"
Path("two.vtt").write_text(VTT, encoding="utf-8")
captions = webvtt.read("two.vtt")
captions.save_as_srt("two.srt")
print(captions[0].text)
assert read_by_pycaption(pycaption.WebVTTReader(), VTT) == ["Keep p < 5 bar & t > 60 °C."]
assert captions[0].text == pysrt.open("two.srt", encoding="utf-8")[0].text == escaped
PY
