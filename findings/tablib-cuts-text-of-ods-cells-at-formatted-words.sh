#!/usr/bin/env bash
# tablib 3.10.0 (odfpy 1.4.1) beside python-calamine 0.9.1, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Of an OpenDocument sheet tablib's import takes the first child of a cell's first paragraph, and each row once. A paragraph has
# an element of its own for a word in bold (text:span), for spaces after the first (text:s), a link (text:a); a row that stands
# several times in succession is written once, with table:number-rows-repeated (OpenDocument 1.3 part 3, 6.1, 9.1.3). LibreOffice
# writes all of these. The rest of the text and the other rows are lost, without an error:
#   in the sheet                                tablib                     calamine
#   Keep below 80 °C at all times, 80 in bold   "Keep below "              as in the sheet
#   two spaces: Set  A1                         "Set "                     as in the sheet
#   See the manual, the manual as a link        "See "                     as in the sheet
#   three rows of M6, 12                        one                        three
#   25 % (value 0.25), 2.50 EUR (value 2.5)     the texts "25 %", "2.50 EUR" where other numbers are numbers      0.25, 2.5
# What starts with a bold word is read as that word. (Cells repeated in a row and further paragraphs are lost, too: pull requests
# 615 and 616 of tablib.)
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q tablib==3.10.0 odfpy==1.4.1 python-calamine==0.9.1
tools/bin/python - <<'PY'
import io
import zipfile

import tablib
from python_calamine import CalamineWorkbook

KIND = "application/vnd.oasis.opendocument.spreadsheet"
SPACE = "urn:oasis:names:tc:opendocument:xmlns"
SPACES = " ".join(f'xmlns:{name}="{SPACE}:{name}:1.0"' for name in ("office", "table", "text"))
SPACES += ' xmlns:xlink="http://www.w3.org/1999/xlink"'


def text(content: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{content}</text:p></table:table-cell>'


def number(value: str, shown: str, kind: str = "float") -> str:
    return f'<table:table-cell office:value-type="{kind}" office:value="{value}"><text:p>{shown}</text:p></table:table-cell>'


def row(*cells: str, repeated: str = "") -> str:
    return f"<table:table-row{repeated}>{''.join(cells)}</table:table-row>"


ROWS = [
    row(text("Step"), text("Value")),
    row(text("Keep below <text:span>80</text:span> °C at all times"), number("80", "80")),
    row(text('Set <text:s text:c="1"/>A1'), number("1", "1")),
    row(text('See <text:a xlink:type="simple" xlink:href="#m">the manual</text:a>'), number("0.25", "25 %", "percentage")),
    row(text("<text:span>Never</text:span> open the lid"), number("2.5", "2.50 EUR", "currency")),
    row(text("M6"), number("12", "12"), repeated=' table:number-rows-repeated="3"'),
    row(text("end"), number("0", "0")),
]
table = f'<office:spreadsheet><table:table table:name="S">{"".join(ROWS)}</table:table></office:spreadsheet>'
content = f'<office:document-content {SPACES} office:version="1.3"><office:body>{table}</office:body></office:document-content>'
entries = "".join(
    f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
    for path, kind in (("/", KIND), ("content.xml", "text/xml"))
)
manifest = f'<manifest:manifest xmlns:manifest="{SPACE}:manifest:1.0" manifest:version="1.3">{entries}</manifest:manifest>'
file = io.BytesIO()
with zipfile.ZipFile(file, "w") as parts:
    for name, part in {"mimetype": KIND, "content.xml": content, "META-INF/manifest.xml": manifest}.items():
        parts.writestr(name, part)

file.seek(0)
by_calamine = [tuple(cells) for cells in CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()]
file.seek(0)
by_tablib = [tuple(cells) for cells in tablib.Dataset().load(file, format="ods", headers=False)]
for cells in by_tablib:
    print("tablib  ", cells)
for cells in by_calamine:
    print("calamine", cells)
assert by_calamine == [
    ("Step", "Value"),
    ("Keep below 80 °C at all times", 80),
    ("Set  A1", 1),
    ("See the manual", 0.25),
    ("Never open the lid", 2.5),
    *[("M6", 12)] * 3,
    ("end", 0),
]
assert by_tablib == [
    ("Step", "Value"),
    ("Keep below ", 80),
    ("Set ", 1),
    ("See ", "25 %"),
    ("Never", "2.50 EUR"),
    ("M6", 12),
    ("end", 0),
]
PY
