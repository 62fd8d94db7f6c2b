#!/usr/bin/env bash
# fpdf2 2.8.9 beside markdown-it-py 4.3.0, from PyPI, Python 3.11, Linux (2026-11-30).
#
# cell(), multi_cell() and table() take markdown=True: **bold**, __italics__, --underlined--, ~~struck out~~ become styles. Two such
# signs are taken out of the text wherever they stand, also where there is no second pair, within a word, or between digits: what
# follows is set in that style to the end, and the sign is gone from the page. In Markdown a mark that closes nothing stays text (CommonMark
# 0.31.2, 6.2), and "__" within a word is none. Written with markdown=True, and what PDFium reads in the PDF:
#   10--20 bar                          1020 bar
#   5**3 = 125                          53 = 125
#   Set MAX__ROWS to 5.                 Set MAXROWS to 5.
#   Call it with --help.                Call it with help.
#   Wash at 40 °C ~~ no bleach          Wash at 40 °C no bleach
# No message; a range of pressures is one number. A backslash before the sign keeps it, so text that is not one's own must have each one
# escaped. Three of a kind ("---") stay.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q fpdf2==2.8.9 markdown-it-py==4.3.0 pypdfium2==5.15.2
tools/bin/python - <<'PY'
from fpdf import FPDF
from markdown_it import MarkdownIt
from pypdfium2 import PdfDocument

CASES = {
    "10--20 bar": "1020 bar",
    "5**3 = 125": "53 = 125",
    "Set MAX__ROWS to 5.": "Set MAXROWS to 5.",
    "Call it with --help.": "Call it with help.",
    "Wash at 40 °C ~~ no bleach": "Wash at 40 °C no bleach",
    r"10\--20 bar": "10--20 bar",
    "Mass --- 5 kg": "Mass --- 5 kg",
}


def written(text: str) -> str:
    """The text of a page on which this one is written."""
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=12)
    pdf.multi_cell(0, text=text, markdown=True)
    return " ".join(PdfDocument(bytes(pdf.output()))[0].get_textpage().get_text_range().split())


markdown = MarkdownIt("commonmark").enable("strikethrough")
for text, expected in CASES.items():
    found = written(text)
    print(f"{text:32} {found}")
    assert found == expected
    if "\\" not in text:
        assert markdown.render(text) == f"<p>{text}</p>\n"
PY
