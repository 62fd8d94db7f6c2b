#!/usr/bin/env bash
# all2md 1.18.0 with pylatexenc 2.11 (its extra "latex"), from PyPI, Python 3.11, Linux (2026-12-01).
#
# Turns LaTeX into Markdown. Whatever pylatexenc gives as a macro or a special sign leaves nothing, and ends the paragraph besides, wherever it stands; so do words in italics and
# formulas within a line:
#   LaTeX                          seen (" / " is a new paragraph)     is
#   The range is 10--20 mm.        The range is 10 / 20 mm.            10–20 mm
#   At 5\,\% of \$6.               At 5 /  of  / 6.                    5 % of $6
#   M\"uller, caf\'e.              M / ller, caf / .                   Müller, café
#   Stra\ss e                      Stra / e                            Straße
#   Set \SI{5}{\bar}.              Set  / 5 / .                        Set 5 bar (siunitx)
#   20\,\textdegree C              20 / C                              20 °C
#   A \& B                         A  /  B                             A & B
#   H$_2$O                         H / $_2$ / O                        one word
#   first, an empty line, second   first / second                      right
# No warning. pylatexenc's own latex_to_text reads them (but siunitx).
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q all2md==1.18.0 pylatexenc==2.11
tools/bin/python -W ignore - <<'PY'
import io

from all2md import to_markdown
from pylatexenc.latex2text import LatexNodes2Text

CASES = {
    "The range is 10--20 mm.": "The range is 10 / 20 mm.",
    r"At 5\,\% of \$6.": "At 5 /  of  / 6.",
    r"M\"uller, caf\'e.": "M / ller, caf / .",
    r"Stra\ss e": "Stra / e",
    r"Set \SI{5}{\bar}.": "Set  / 5 / .",
    r"20\,\textdegree C": "20 / C",
    r"A \& B": "A  /  B",
    "H$_2$O": "H / $_2$ / O",
    "first\n\nsecond": "first / second",
}
for text, seen in CASES.items():
    document = "\\documentclass{article}\\begin{document}\n" + text + "\n\\end{document}\n"
    found = to_markdown(io.BytesIO(document.encode()), source_format="latex").replace("\n\n", " / ")
    print(text, "|", found, "|", LatexNodes2Text().latex_to_text(text))
    assert found == seen, text
assert LatexNodes2Text().latex_to_text(r"M\"uller, caf\'e.") == "Müller, café."
assert LatexNodes2Text().latex_to_text("10--20") == "10–20"
PY
