#!/usr/bin/env bash
# striprtf 0.0.35, from PyPI, Python 3.11, Linux (2026-11-30).
#
# rtf_to_text() gives the words of an RTF file (Rich Text Format 1.9.1, "Character Text": \deleted, "text has been deleted using
# revision marks"; "Footnotes"; "Font Table": \fcharset2 is Symbol). It leaves out comments, headers and pictures, but keeps what
# tracked changes have deleted, without anything between it and what was put in its place:
#   in the file                               rtf_to_text()          what is said
#   {\deleted 8}{\revised 6} bar              86 bar                 6 bar, or 8 bar before the change; 86 at no time
#   {\deleted Do not o}{\revised O}pen it.    Do not oOpen it.       Open it.
#   Open it.{\footnote Cool it first.}        Open it.               the note is lost, and so is its place
#   5 k{\f1 W}, 3 {\f1 m}A, {\f1 \'a3} 2 V    5 kW, 3 mA, £ 2 V      5 kΩ, 3 µA, ≤ 2 V: \f1 is Symbol
# No message. In the last, W, m and £ are the letters at the place of Ω, µ and ≤ in Symbol's encoding: a resistance becomes a power.
# That fonts with other code pages are read with the file's was reported (issue 53 of striprtf).
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q striprtf==0.0.35
tools/bin/python - <<'PY'
from striprtf.striprtf import rtf_to_text

HEAD = r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\froman\fcharset2 Symbol;}}"
CASES = {
    r"{\deleted 8}{\revised 6} bar": "86 bar",
    r"{\deleted Do not o}{\revised O}pen it.": "Do not oOpen it.",
    r"Open it.{\footnote Cool it first.}": "Open it.",
    r"5 k{\f1 W}, 3 {\f1 m}A, {\f1 \'a3} 2 V": "5 kW, 3 mA, £ 2 V",
    r"5 k\u937?, 3 \'b5A, \u8804? 2 V": "5 kΩ, 3 µA, ≤ 2 V",
}
for written, expected in CASES.items():
    found = rtf_to_text(HEAD + r"\f0 " + written + r"\par}").rstrip("\n")
    print(f"{written:42} {found!r}")
    assert found == expected, (found, expected)
PY
