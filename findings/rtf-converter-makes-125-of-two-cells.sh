#!/usr/bin/env bash
# rtf-converter 0.1.22, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Turns RTF into text. \cell ends a cell and \row a row; \ansicpg and \fcharset name the code page of \'hh; a backslash before a line end is \par; what
# a field shows is its \fldrslt; \ldblquote is “ (RTF Specification 1.9.1). Cells and rows run into one number, letters of other code pages are
# read as Latin ones, the text of links is lost. striprtf 0.0.35 reads all of it:
#   RTF                                       rtf-converter    striprtf
#   row 12 \cell 5 \cell, row 3 \cell 4       12534            12|5| / 3|4|
#   \ansicpg1251 \'cc\'cf\'e0                 ÌÏà              МПа (megapascal)
#   \field … \fldrslt 5 bar                   (nothing)        5 bar
#   \ldblquote E4\rdblquote                   U+0081 CE4”      “E4”
#   12, backslash, line end, 34               1234             12 / 34
#   5 \u176\'b0C, 3\par 4                     right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q rtf-converter==0.1.22 striprtf==0.0.35
tools/bin/python - <<'PY'
from rtf_converter import rtf_to_txt
from striprtf.striprtf import rtf_to_text

ROW = r"\trowd\cellx1000\cellx2000\pard\intbl "
CASES = {
    ROW + r"12\cell 5\cell\row" + ROW + r"3\cell 4\cell\row": ("12534", "12|5|\n3|4|\n"),
    r"\ansi\ansicpg1251 \'cc\'cf\'e0": ("ÌÏà", "МПа"),
    r'{\field{\*\fldinst HYPERLINK "http://localhost"}{\fldrslt 5 bar}}': ("", "5 bar"),
    r"\ansi\ansicpg1252 \ldblquote E4\rdblquote": ("\x81CE4”", "“E4”"),
    "12\\\n34": ("1234", "12\n34"),
    r"\ansi\ansicpg1252 5 \u176\'b0C": ("5 °C", "5 °C"),
    r"3\par 4": ("3\n4", "3\n4"),
}
for inner, (seen, other) in CASES.items():
    rtf = r"{\rtf1 " + inner + "}"
    print(inner, repr(rtf_to_txt(rtf)), repr(rtf_to_text(rtf)))
    assert (rtf_to_txt(rtf), rtf_to_text(rtf)) == (seen, other), inner
PY
