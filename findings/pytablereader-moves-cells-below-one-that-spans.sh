#!/usr/bin/env bash
# pytablereader 0.31.4, beside pandas 3.1.1, both from PyPI, Python 3.11, Linux (2026-12-01).
#
# Reads tables out of HTML and Markdown. A cell that spans rows or columns is taken for one cell, so that what follows stands under the heads before; signs for raised text and
# the breaks of a cell go without anything in their place:
#   HTML                                                     pytablereader               pandas, and the browser
#   heads Code, Bar; E1 over two rows, 10; 20                E1, 10; 20 under Code       E1, 10; E1, 20
#   heads Code, Bar, V; "none" over two columns, 230         none, 230 under Bar         none, none, 230
#   E2<br>E3 in a cell                                       E2E3                        two lines
#   10<sup>6</sup> in a cell, also of Markdown               106                         106 (pandas), raised
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q pytablereader==0.31.4 Markdown==3.11.3 pandas==3.1.1 lxml==6.1.3
tools/bin/python -W ignore - <<'PY'
import io

import pandas
from pytablereader import HtmlTableTextLoader, MarkdownTableTextLoader

CASES = [  # rows of HTML, pytablereader, pandas
    ("<tr><th>Code</th><th>Bar</th></tr><tr><td rowspan='2'>E1</td><td>10</td></tr><tr><td>20</td></tr>", [["E1", "10"], ["20"]], [["E1", "10"], ["E1", "20"]]),
    ("<tr><th>Code</th><th>Bar</th><th>V</th></tr><tr><td colspan='2'>none</td><td>230</td></tr>", [["none", "230"]], [["none", "none", "230"]]),
    ("<tr><th>Code</th><th>Bar</th></tr><tr><td>E1</td><td>10</td></tr>", [["E1", "10"]], [["E1", "10"]]),
]
for rows, seen, right in CASES:
    (table,) = HtmlTableTextLoader(f"<table>{rows}</table>").load()
    (other,) = pandas.read_html(io.StringIO(f"<table>{rows}</table>"), dtype_backend="numpy_nullable")
    found = [[str(cell) for cell in row] for row in table.rows]
    print(table.headers, found)
    assert found == seen, rows
    assert [[str(cell) for cell in row] for row in other.to_numpy().tolist()] == right, rows
page = "<table><tr><th>Code</th><th>Ohm</th></tr><tr><td>E2<br>E3</td><td>10<sup>6</sup></td></tr></table>"
(table,) = HtmlTableTextLoader(page).load()
assert [list(row) for row in table.rows] == [["E2E3", "106"]]
(table,) = MarkdownTableTextLoader("| Code | Ohm |\n|---|---|\n| E2<br>E3 | 10<sup>6</sup> |").load()
assert [list(row) for row in table.rows] == [["E2E3", "106"]]
PY
