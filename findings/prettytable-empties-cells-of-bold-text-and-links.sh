#!/usr/bin/env bash
# prettytable 3.18.0, beside lxml 6.1.3, both from PyPI, Python 3.11, Linux (2026-12-01).
#
# from_html() reads the tables of a page. Of a cell it keeps the piece of text between the last tag in it and the cell's end; what stands in or before an inner element is
# gone:
#   cell                         prettytable    text of the cell (lxml)
#   5 &lt; 6                     5 < 6          5 < 6
#   <b>12 V</b>                  (empty)        12 V
#   <a href="#n">R12</a>         (empty)        R12
#   10<sup>6</sup>               (empty)        106, raised
#   <span>230</span> V           V              230 V
#   <p>on</p><p>off</p>          (empty)        on, off
#   set <i>no</i> fuse           fuse           set no fuse
# No error; the table has the right number of rows and columns.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q prettytable==3.18.0 lxml==6.1.3
tools/bin/python - <<'PY'
import prettytable
from lxml import html

CASES = [  # cell, prettytable, all its text
    ("5 &lt; 6", "5 < 6", "5 < 6"),
    ("<b>12 V</b>", "", "12 V"),
    ('<a href="#n">R12</a>', "", "R12"),
    ("10<sup>6</sup>", "", "106"),
    ("<span>230</span> V", "V", "230 V"),
    ("<p>on</p><p>off</p>", "", "onoff"),
    ("set <i>no</i> fuse", "fuse", "set no fuse"),
]
rows = "".join(f"<tr><td>{number}</td><td>{cell}</td></tr>" for number, (cell, _, _) in enumerate(CASES))
page = f"<table><tr><th>No.</th><th>Value</th></tr>{rows}</table>"
(table,) = prettytable.from_html(page)
print(table)
assert table.field_names == ["No.", "Value"]
assert table.rows == [[str(number), seen] for number, (_, seen, _) in enumerate(CASES)]
assert [row[1].text_content() for row in html.fromstring(page).iter("tr")][1:] == [text for _, _, text in CASES]
PY
