#!/usr/bin/env bash
# PyMuPDF 2.0: an HTML table wider than the page loses its right-hand columns for text extraction, without a warning.
#
# An HTML file (or an EPUB's chapter, which MuPDF lays out in the same way) is set on pages of fixed width. A table whose
# columns cannot shrink any further runs beyond the edge of the page, and
#   page.get_text()                              ends in the middle of a word at the edge: 'COLUMN3VAL'
#   page.get_text(clip=pymupdf.INFINITE_RECT())  has all 14 cells
#   page.rect, doc.page_count, tools.mupdf_warnings()   tell nothing of it
# So a reader of HTML tables needs the infinite clip, or loses columns in silence.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install pymupdf==2.0
"$folder/venv/bin/python" - <<'PY'
import pymupdf

CELLS = [f"COLUMN{i}VALUE{i}" for i in range(14)]
html = "<table><tr>" + "".join(f"<td>{cell}</td>" for cell in CELLS) + "</tr></table>"
doc = pymupdf.open(stream=html.encode(), filetype="html")
page = doc[0]
seen, whole = page.get_text().split(), page.get_text(clip=pymupdf.INFINITE_RECT()).split()
print("page", page.rect, "| seen:", seen, "| with an infinite clip:", len(whole), "cells")
print("warnings:", repr(pymupdf.TOOLS.mupdf_warnings()))
assert doc.page_count == 1 and whole == CELLS
assert seen[:3] == CELLS[:3] and len(seen) < 6 and seen[-1] not in CELLS
assert pymupdf.TOOLS.mupdf_warnings() == ""
PY
