#!/usr/bin/env bash
# PyMuPDF 2.0: Table.extract() takes the underscores out of identifiers and puts them behind, on a line of their own.
#
# A ruled table with the cell MAX_ROWS_PER_PAGE, Helvetica 11 pt:
#   page.get_text("words")        'MAX_ROWS_PER_PAGE'
#   table.to_markdown()           'MAX_ROWS_PER_PAGE'
#   table.extract()               'MAX ROWS PER PAGE\n_ _ _'      '__init__' -> 'init\n__ __'
# The box of an underscore lies below the other letters', so it is sorted into a line of its own. Configuration keys,
# register and pin names of every data sheet are concerned. The other way to the same cells has a fault of its own: a "|" in a
# cell is not escaped by to_markdown(), so 'p|q' becomes two cells of the row, which then has one too many.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install pymupdf==2.0
"$folder/venv/bin/python" - <<'PY'
import pymupdf

ROWS = [["Name", "Meaning"], ["MAX_ROWS_PER_PAGE", "limit"], ["__init__", "start"], ["p|q", "either"]]
doc = pymupdf.open()
page = doc.new_page()
for r, row in enumerate(ROWS):
    for c, text in enumerate(row):
        page.draw_rect(pymupdf.Rect(72 + 200 * c, 100 + 24 * r, 272 + 200 * c, 124 + 24 * r))
        page.insert_text((78 + 200 * c, 116 + 24 * r), text, fontsize=11)
page = pymupdf.open(stream=doc.tobytes())[0]
words = [word[4] for word in page.get_text("words")]
(table,) = page.find_tables().tables
cells = [row[0] for row in table.extract()]
markdown = table.to_markdown().splitlines()
print("words:", words)
print("extract():", cells)
print("to_markdown():", markdown)
assert words == [text for row in ROWS for text in row]
assert cells[1] == "MAX ROWS PER PAGE\n_ _ _" and cells[2] == "init\n__ __"
assert any("MAX_ROWS_PER_PAGE" in row for row in markdown) and any("__init__" in row for row in markdown)
(piped,) = [row for row in markdown if "either" in row]
assert "p|q" in piped and piped.count("|") == markdown[0].count("|") + 1
PY
