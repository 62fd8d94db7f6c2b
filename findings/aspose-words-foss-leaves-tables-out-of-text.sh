#!/usr/bin/env bash
# aspose-words-foss 26.7.0, beside python-docx 1.2.0, both from PyPI, Python 3.11, Linux (2026-12-01).
#
# Converts files of Word to Markdown, plain text and PDF. Plain text has none of a document's tables, nor their words; Markdown has them, but not a table within a cell, and
# rows that begin at a later column ("gridBefore") begin at the first:
#   document                                   as text        as Markdown
#   "before", a table A B / 1 2, "after"       before after   before, the table, after
#   a cell with "out" and a table "in"         nothing        out
#   a row with "2" from the second column on   nothing        | 2 | |, below A instead of B
# No warning. Of a data sheet in tables nothing is left.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q aspose-words-foss==26.7.0 python-docx==1.2.0
tools/bin/python -W ignore - <<'PY'
import aspose.words_foss as aw
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn


def convert(document: Document, kind: int) -> str:
    """What the library writes for the document, its lines stripped, empty ones left out."""
    document.save("made.docx")
    aw.Document("made.docx").save("made.out", kind)
    with open("made.out", encoding="utf-8") as file:
        return "\n".join(line.strip() for line in file if line.strip())


document = Document()
document.add_paragraph("before")
table = document.add_table(2, 2)
for cell, text in zip(table._cells, ("A", "B", "1", "2"), strict=True):
    cell.text = text
document.add_paragraph("after")
print(convert(document, aw.SaveFormat.TEXT), convert(document, aw.SaveFormat.MARKDOWN), sep="\n")
assert convert(document, aw.SaveFormat.TEXT) == "before\nafter"
assert [line.replace(" ", "") for line in convert(document, aw.SaveFormat.MARKDOWN).splitlines()] == ["before", "|A|B|", "|---|---|", "|1|2|", "after"]

document = Document()
cell = document.add_table(1, 1).cell(0, 0)
cell.text = "out"
cell.add_table(1, 1).cell(0, 0).text = "in"
print(convert(document, aw.SaveFormat.MARKDOWN))
assert "out" in convert(document, aw.SaveFormat.MARKDOWN) and "in" not in convert(document, aw.SaveFormat.MARKDOWN)

document = Document()
table = document.add_table(2, 2)
table.cell(0, 0).text, table.cell(0, 1).text, table.cell(1, 1).text = "A", "B", "2"
row = table.rows[1]._tr
row.remove(row.tc_lst[0])
before = OxmlElement("w:gridBefore")
before.set(qn("w:val"), "1")
row.get_or_add_trPr().append(before)
lines = convert(document, aw.SaveFormat.MARKDOWN).splitlines()
print(lines)
assert lines[-1].replace(" ", "") == "|2||"
PY
