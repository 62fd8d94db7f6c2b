#!/usr/bin/env bash
# docx-parser-converter 1.0.3, from PyPI, Python 3.11, Linux (2026-11-30).
#
# docx_to_text() and docx_to_html() turn a Word document into text and HTML. Words of a paragraph may stand in elements around their runs: what
# tracked changes have put in (w:ins), fields (w:fldSimple), content controls (w:sdt), smart tags, ruby; a sign may be one of a font of symbols
# (w:sym). All of these are part of the document as it is (ECMA-376 part 1, 17.13.5.18, 17.16.19, 17.5.2, 17.5.1.9, 17.3.3.25, 17.3.3.30).
# They are left out, without anything in their place:
#   in the document                             both                     is
#   set {del 8}{ins 6} bar                      set  bar                 set 6 bar
#   see {field: 12}.                            see .                    see 12.
#   {control: 5 kg}, a paragraph                nothing                  5 kg
#   {smart tag: 5 bar} at most                  " at most"               5 bar at most
#   5 k{symbol F057, which is Ω}                5 k; in HTML, 5 k and a sign of no meaning      5 kΩ
#   see {complex field: 12}, {link}             right
# No error and no list of what it does not know. Templates and forms consist of content controls, so most of their text is gone.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q docx-parser-converter==1.0.3 python-docx==1.2.0 lxml==6.1.3
tools/bin/python - <<'PY'
import re

import docx
from docx.oxml import parse_xml
from docx_parser_converter import docx_to_html, docx_to_text

SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def run(text):
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


CASES = [
    (
        f'<w:p {SPACE}>{run("set ")}<w:del w:id="1" w:author="a"><w:r><w:delText>8</w:delText></w:r></w:del>'
        f'<w:ins w:id="2" w:author="a">{run("6")}</w:ins>{run(" bar")}</w:p>',
        "set  bar",
    ),
    (f'<w:p {SPACE}>{run("see ")}<w:fldSimple w:instr="REF a">{run("12")}</w:fldSimple>{run(".")}</w:p>', "see ."),
    (f"<w:sdt {SPACE}><w:sdtContent><w:p>{run('5 kg')}</w:p></w:sdtContent></w:sdt>", ""),
    (f"<w:p {SPACE}>{run('mass ')}<w:sdt><w:sdtContent>{run('5 kg')}</w:sdtContent></w:sdt></w:p>", "mass "),
    (f'<w:p {SPACE}><w:smartTag w:element="a">{run("5 bar")}</w:smartTag>{run(" at most")}</w:p>', " at most"),
    (f'<w:p {SPACE}>{run("5 k")}<w:r><w:sym w:font="Symbol" w:char="F057"/></w:r></w:p>', "5 k", "5 k\uf057"),
    (
        f'<w:p {SPACE}>{run("see ")}<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF a</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("12")}<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>',
        "see 12",
    ),
    (f'<w:p {SPACE}><w:hyperlink w:anchor="a">{run("link")}</w:hyperlink>{run(" here")}</w:p>', "link here"),
]
for xml, seen, *other in CASES:
    document = docx.Document()
    document.element.body.insert(0, parse_xml(xml))
    document.save("made.docx")
    text = docx_to_text("made.docx")
    page = docx_to_html("made.docx")
    words = re.sub(r"<[^>]*>", "", page[page.index("<body") :]).strip("\n")
    print(repr(text), repr(words))
    assert text.strip() == seen.strip() and words.strip() == (other[0] if other else seen).strip(), seen
PY
