#!/usr/bin/env bash
# docx2everything 1.1.0, from PyPI, Python 3.11, Linux (2026-12-01).
#
# Turns files of Word into text and Markdown. The text is whole; in Markdown, which is made by other code, tabs, line ends, fields of one element, controls with content and tracked
# insertions leave nothing, so that numbers beside a tab become one:
#   in Word                                    Markdown       text
#   10, tab, 20                                1020           10, tab, 20
#   10, line end, 20                           1020           10, line end, 20
#   "see ", field "Table 7"                    see            see Table 7
#   "value ", control with "42"                value          value 42
#   "max ", tracked insertion "15", " bar"     max  bar       max 15 bar
#   "a", bold "b"                              right          right
# No warning.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q docx2everything==1.1.0 python-docx==1.2.0
tools/bin/python -W ignore - <<'PY'
import docx2everything
from docx import Document
from docx.oxml import parse_xml

SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RUN = "<w:r><w:t xml:space='preserve'>{}</w:t></w:r>"
CASES = [  # what the paragraph holds, Markdown, text
    ("<w:r><w:t>10</w:t><w:tab/><w:t>20</w:t></w:r>", "1020", "10\t20"),
    ("<w:r><w:t>10</w:t><w:br/><w:t>20</w:t></w:r>", "1020", "10\n20"),
    (RUN.format("see ") + '<w:fldSimple w:instr="REF x">' + RUN.format("Table 7") + "</w:fldSimple>", "see", "see Table 7"),
    (RUN.format("value ") + "<w:sdt><w:sdtContent>" + RUN.format("42") + "</w:sdtContent></w:sdt>", "value", "value 42"),
    (RUN.format("max ") + '<w:ins w:id="1" w:author="a">' + RUN.format("15") + "</w:ins>" + RUN.format(" bar"), "max  bar", "max 15 bar"),
    (RUN.format("a ") + "<w:r><w:rPr><w:b/></w:rPr><w:t>b</w:t></w:r>", "a **b**", "a b"),
]
for content, markdown, text in CASES:
    document = Document()
    document.element.body.insert(0, parse_xml(f"<w:p {SPACE}>{content}</w:p>"))
    document.save("made.docx")
    found = docx2everything.process_to_markdown("made.docx").strip(), docx2everything.process("made.docx").strip()
    print(found)
    assert found == (markdown, text), content
PY
