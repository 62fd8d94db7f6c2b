#!/usr/bin/env bash
# pysrt 1.1.2 and pysub-parser 1.7.1, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Captions of SubRip are plain text with a few tags (<b>, <i>, <u>, <font …>), and "<" and ">" stand for themselves there, since SubRip has no
# entities. text_without_tags of pysrt and the formatting cleaner of pysub-parser drop whatever stands between the two, blanks and numbers included;
# pysubs2 1.8.1 does so where a letter follows the "<"; srt 3.5.3 leaves the caption as it is:
#   caption                pysrt, pysub-parser     pysubs2               is
#   if 2<x and x>1         if 21                   if 21                 if 2<x and x>1
#   T<100 °C, p>5 bar      T5 bar                  T<100 °C, p>5 bar     T<100 °C, p>5 bar
#   <i>3.5</i> bar         3.5 bar                 3.5 bar               3.5 bar
#   3 < 5                  3 < 5                   3 < 5                 3 < 5
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q pysrt==1.1.2 pysub-parser==1.7.1 pysubs2==1.8.1 srt==3.5.3
tools/bin/python - <<'PY'
import pysrt
import pysubs2
import srt
from pysubparser import parser
from pysubparser.cleaners import formatting

CASES = {
    "if 2<x and x>1": ("if 21", "if 21", "if 2<x and x>1"),
    "T<100 °C, p>5 bar": ("T5 bar", "T<100 °C, p>5 bar", "T<100 °C, p>5 bar"),
    "<i>3.5</i> bar": ("3.5 bar", "3.5 bar", "3.5 bar"),
    "3 < 5": ("3 < 5", "3 < 5", "3 < 5"),
}
for caption, (seen, third, right) in CASES.items():
    text = f"1\n00:00:01,000 --> 00:00:02,000\n{caption}\n"
    with open("made.srt", "w", encoding="utf-8") as file:
        file.write(text)
    (first,) = pysrt.from_string(text)
    (second,) = formatting.clean(parser.parse("made.srt"))
    (other,) = pysubs2.SSAFile.from_string(text)
    print(caption, "|", first.text_without_tags, "|", second.text, "|", other.plaintext)
    assert first.text_without_tags == second.text == seen, caption
    assert other.plaintext == third, caption
    assert next(srt.parse(text)).content.replace("<i>", "").replace("</i>", "") == right, caption
PY
