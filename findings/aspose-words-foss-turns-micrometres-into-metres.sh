#!/usr/bin/env bash
# aspose-words-foss 26.7.0, from PyPI, Python 3.11, Linux (2026-12-01).
#
# Converts files of Word to Markdown, plain text and PDF. Of what a run may hold beside text (ECMA-376, 17.3.3) several elements leave nothing, not even a blank, and so do fields of
# one element (17.16.19), insertions that are tracked, formulas and boxes of text, though they are seen in Word:
#   in Word                                              seen        is
#   "5 ", w:sym Symbol F06D, "m"                         5 m         5 µm
#   "A", w:noBreakHyphen, "5"                            A5          A-5
#   "10", w:ptab, "20"                                   1020        10 and 20
#   "see ", w:fldSimple "Table 7"                        see         see Table 7
#   "max ", w:ins "15", " bar"                           max  bar    max 15 bar
#   "seen", hidden "old"                                 seenold     seen
#   w:tab, w:br, w:hyperlink, w:sdt                      right
# No warning.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q aspose-words-foss==26.7.0 python-docx==1.2.0
tools/bin/python -W ignore - <<'PY'
import aspose.words_foss as aw
from docx import Document
from docx.oxml import parse_xml

SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RUN = "<w:r><w:t xml:space='preserve'>{}</w:t></w:r>"
CASES = [  # what the paragraph holds, text that is written
    (RUN.format("5 ") + '<w:r><w:sym w:font="Symbol" w:char="F06D"/></w:r>' + RUN.format("m"), "5 m"),
    ("<w:r><w:t>A</w:t><w:noBreakHyphen/><w:t>5</w:t></w:r>", "A5"),
    ('<w:r><w:t>10</w:t><w:ptab w:relativeTo="margin" w:alignment="right" w:leader="none"/><w:t>20</w:t></w:r>', "1020"),
    (RUN.format("see ") + '<w:fldSimple w:instr="REF x">' + RUN.format("Table 7") + "</w:fldSimple>", "see"),
    (RUN.format("max ") + '<w:ins w:id="1" w:author="a">' + RUN.format("15") + "</w:ins>" + RUN.format(" bar"), "max  bar"),
    (RUN.format("seen") + "<w:r><w:rPr><w:vanish/></w:rPr><w:t>old</w:t></w:r>", "seenold"),
    ("<w:r><w:t>10</w:t><w:tab/><w:t>20</w:t></w:r>", "10\t20"),
    ("<w:sdt><w:sdtContent>" + RUN.format("42") + "</w:sdtContent></w:sdt>", "42"),
]
for content, seen in CASES:
    document = Document()
    document.element.body.insert(0, parse_xml(f"<w:p {SPACE}>{content}</w:p>"))
    document.save("made.docx")
    aw.Document("made.docx").save("made.txt", aw.SaveFormat.TEXT)
    with open("made.txt", encoding="utf-8") as file:
        found = file.read().strip()
    print(repr(found))
    assert found == seen, content
PY
