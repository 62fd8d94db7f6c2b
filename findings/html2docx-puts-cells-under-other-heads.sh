#!/usr/bin/env bash
# html2docx 1.6.0, from PyPI, Python 3.11, Linux (2026-11-30).
#
# "Converts valid HTML input to docx" (README). A cell that spans rows keeps its column in the rows below (HTML, 4.9.12.1, "Forming a table"), a
# cell may hold paragraphs and tables, and a block ends the line before it (15.3.3). Rows below a spanning cell are moved to the left; a second
# paragraph, and each cell behind a table within a cell, are put below the table; blocks within blocks run together, the title into the text. html-for-docx
# 1.2.1 fills the same table rightly:
#   HTML                                             html2docx                      is
#   rows: A (two rows) 5 / 6                         A 5 / 6 (empty)                A 5 / A 6
#   row: cell of paragraphs 3 and 4, cell 5          3, below the table 4 and 5      3 4 | 5
#   <div>12<div>34</div>56</div>                     123456                         three lines
#   <title>Error 1</title> … <p>2 bar</p>            Error 12 bar                   the title is none of the text
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q html2docx==1.6.0 html-for-docx==1.2.1
tools/bin/python - <<'PY'
import io

from docx import Document
from docx.table import Table
from html2docx import html2docx
from html4docx import HtmlToDocx


def content(document) -> list:
    return [
        [[cell.text for cell in row.cells] for row in part.rows] if isinstance(part, Table) else part.text
        for part in document.iter_inner_content()
    ]


CASES = {
    "<table><tr><td rowspan=2>A</td><td>5</td></tr><tr><td>6</td></tr></table>": [[["A", "5"], ["6", ""]]],
    "<table><tr><td><p>3</p><p>4</p></td><td>5</td></tr></table>": [[["3"]], "4", "5"],
    "<div>12<div>34</div>56</div>": ["123456"],
    "<html><head><title>Error 1</title></head><body><p>2 bar</p></body></html>": ["Error 12 bar"],
    "<table><tr><td>A</td><td>5</td></tr></table>": [[["A", "5"]]],
}
for html, seen in CASES.items():
    found = content(Document(io.BytesIO(html2docx(html, title="made").getvalue())))
    print(html, found)
    assert found == seen, html
other = Document()
HtmlToDocx().add_html_to_document(next(iter(CASES)), other)
assert [part for part in content(other) if part] == [[["A", "5"], ["A", "6"]]]
PY
