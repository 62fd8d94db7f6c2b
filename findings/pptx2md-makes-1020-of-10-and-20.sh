#!/usr/bin/env bash
# pptx2md 2.0.6 with python-pptx 1.0.2, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Turns slides into Markdown. Paragraphs of a table's cell (a:p in a:txBody, ECMA-376 part 1, 21.1.2.2.6), which are lines on the slide, run
# into one word, as do the texts of cells that are merged, and a bar in a cell parts it in two, since nothing is escaped there (in the
# text of boxes "*", "_" and "#" are):
#   in the cell                                    Markdown          python-pptx
#   10, a new paragraph, 20                        1020              10\n20
#   M6, a new paragraph, 12 Nm                     M612 Nm           M6\n12 Nm
#   cells 00 and 01, merged                        0001              00\n01
#   a|b                                            a|b               a|b         two cells in Markdown (GFM 4.10: "\|")
# No error; python-pptx, by which it reads, has the line ends.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q pptx2md==2.0.6 python-pptx==1.0.2
cat >made.py <<'PY'
from pptx import Presentation
from pptx.util import Inches

deck = Presentation()
slide = deck.slides.add_slide(deck.slide_layouts[5])
slide.shapes.title.text = "Table"
table = slide.shapes.add_table(3, 2, Inches(1), Inches(2), Inches(6), Inches(2)).table
for row, texts in enumerate([("Part", "Value"), ("10\n20", "M6\n12 Nm"), ("a|b", "c")]):
    for column, text in enumerate(texts):
        table.cell(row, column).text = text
assert [paragraph.text for paragraph in table.cell(1, 0).text_frame.paragraphs] == ["10", "20"]
slide = deck.slides.add_slide(deck.slide_layouts[5])
slide.shapes.title.text = "Merged"
merged = slide.shapes.add_table(2, 2, Inches(1), Inches(2), Inches(6), Inches(2)).table
for column in range(2):
    merged.cell(0, column).text = f"0{column}"
merged.cell(0, 0).merge(merged.cell(0, 1))
assert merged.cell(0, 0).text == "00\n01"
deck.save("made.pptx")
PY
tools/bin/python made.py
tools/bin/pptx2md made.pptx -o made.md >/dev/null 2>&1
cat made.md
grep -qxF '| 1020 | M612 Nm |' made.md
grep -qxF '| a|b | c |' made.md
grep -qE '^\| 0001 \|' made.md
