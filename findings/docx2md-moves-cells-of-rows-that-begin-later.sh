#!/usr/bin/env bash
# docx2md 1.0.5, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Turns a Word file into Markdown, with use_md_table=True its tables into tables of Markdown. A row may begin some columns later (w:gridBefore, ISO/IEC
# 29500-1, 17.4.15), and a bar within a cell is written "\|" (GitHub Flavored Markdown, 4.10, example 200). docx2md does neither, so that values
# stand in other columns. A hyphen that does not break is an element of its own (w:noBreakHyphen, 17.3.3.18), as is a line end (w:cr, 17.3.3.4); both
# are dropped, with them what a field or a content control (17.16.19, 17.5.2) holds:
#   in Word                                   docx2md                     is
#   10, w:noBreakHyphen, 20 V                 1020 V                      10‑20 V
#   12, w:cr, 34                              1234                        two lines
#   Table a field's result 7: Table 7         Table                       Table 7
#   a content control with "5 bar"            (nothing)                   5 bar
#   row A|B, 5                                |A|B|5|                     A|B, 5: three cells in a table of two
#   row of three columns that begins with     |2|3|                       (empty), 2, 3
#     the second: 2, 3
# python-docx 1.2.0 reads the first two as a hyphen and a line end. No warning.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q docx2md==1.0.5 python-docx==1.2.0
cat >look.py <<'PY'
import docx
from docx2md import do_convert

import zipfile

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def document(body: str) -> str:
    with zipfile.ZipFile("made.docx", "w") as file:
        file.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
            'package.relationships+xml"/><Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.'
            'wordprocessingml.document.main+xml"/></Types>',
        )
        file.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Target="word/document.xml" '
            f'Type="{OFFICE}/relationships/officeDocument"/></Relationships>',
        )
        file.writestr("word/_rels/document.xml.rels", f'<Relationships xmlns="{PACKAGE}/relationships"/>')
        file.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{WORD}" xmlns:m="{OFFICE}/math"><w:body>{body}<w:sectPr/></w:body></w:document>',
        )
    return "made.docx"


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def cell(text: str) -> str:
    return f"<w:tc><w:p>{run(text)}</w:p></w:tc>"


def table(*rows: str) -> str:
    return f'<w:tbl><w:tblPr/><w:tblGrid>{"<w:gridCol/>" * 3}</w:tblGrid>{"".join(f"<w:tr>{row}</w:tr>" for row in rows)}</w:tbl>'


PARAGRAPHS = {
    f"{run('10')}<w:r><w:noBreakHyphen/></w:r>{run('20 V')}": ("1020 V", "10-20 V"),
    f"{run('12')}<w:r><w:cr/></w:r>{run('34')}": ("1234", "12\n34"),
    f'{run("Table ")}<w:fldSimple w:instr="SEQ Table">{run("7")}</w:fldSimple>': ("Table", None),
    f"<w:sdt><w:sdtContent>{run('5 bar')}</w:sdtContent></w:sdt>": ("", None),
    run("plain 5"): ("plain 5", "plain 5"),
}
for inner, (seen, other) in PARAGRAPHS.items():
    path = document(f"<w:p>{inner}</w:p>")
    written = do_convert(path, use_md_table=True).strip()
    print(repr(written), repr(docx.Document(path).paragraphs[0].text))
    assert written == seen, seen
    assert other in (None, docx.Document(path).paragraphs[0].text)
BEFORE = '<w:trPr><w:gridBefore w:val="1"/></w:trPr>'
TABLES = {
    table(cell("A|B") + cell("5"), cell("C") + cell("6")): "|A|B|5|\n|C|6|",
    table(cell("a") + cell("b") + cell("c"), BEFORE + cell("2") + cell("3")): "|a|b|c|\n|2|3|",
}
for body, seen in TABLES.items():
    written = do_convert(document(body), use_md_table=True).strip()
    print(written)
    assert written.endswith(seen), seen
PY
tools/bin/python look.py
