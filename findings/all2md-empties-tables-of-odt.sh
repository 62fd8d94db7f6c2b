#!/usr/bin/env bash
# all2md 1.18.0 with odfpy 1.4.1 (its extra "odf"), from PyPI, Python 3.11, Linux (2026-12-01).
#
# Turns many formats into Markdown. Tables of OpenDocument texts keep their grid, but every cell is empty; the text of footnotes is left out, with its number:
#   in the document                             seen                               is
#   before, a table A B / 1 2, after            before, an empty 2 x 2, after      | A | B |, | 1 | 2 |
#   text, a footnote "5 mm", after              text after                         the note at the end, or within
#   a spreadsheet (.ods) with the same cells    right
# No warning.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q all2md==1.18.0 odfpy==1.4.1
tools/bin/python -W ignore - <<'PY'
from all2md import to_markdown
from odf.opendocument import OpenDocumentSpreadsheet, OpenDocumentText
from odf.table import Table, TableCell, TableColumn, TableRow
from odf.text import Note, NoteBody, NoteCitation, P


def table() -> Table:
    made = Table(name="T")
    made.addElement(TableColumn(numbercolumnsrepeated=2))
    for texts in (("A", "B"), ("1", "2")):
        row = TableRow()
        made.addElement(row)
        for text in texts:
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=text))
            row.addElement(cell)
    return made


def lines(document: OpenDocumentText, name: str) -> list[str]:
    document.save(name)
    return [line.replace(" ", "") for line in to_markdown(name).splitlines() if line.strip()]


document = OpenDocumentText()
for element in (P(text="before"), table(), P(text="after")):
    document.text.addElement(element)
found = lines(document, "made.odt")
print(found)
assert found == ["before", "|||", "|:---|:---|", "|||", "after"]

document = OpenDocumentText()
paragraph, note, body = P(text="text"), Note(noteclass="footnote"), NoteBody()
body.addElement(P(text="5 mm"))
note.addElement(NoteCitation(text="1"))
note.addElement(body)
paragraph.addElement(note)
paragraph.addText(" after")
document.text.addElement(paragraph)
found = lines(document, "note.odt")
print(found)
assert found == ["textafter"]

sheet = OpenDocumentSpreadsheet()
sheet.spreadsheet.addElement(table())
found = lines(sheet, "made.ods")
print(found)
assert found[1] == "|A|B|" and found[-1] == "|1|2|"
PY
