#!/usr/bin/env bash
# docx2txt2 1.0.4, beside python-docx 1.2.0, both from PyPI, Python 3.11, Linux (2026-12-01).
#
# Gives the text of files of Word. A paragraph stands in runs, which begin wherever a format, an edit or a mark of the spelling does, within words, too; blanks are part of their text. The
# library sets a blank between all of them, and has deleted text besides:
#   runs                                seen             is
#   "va", "lve"                         va lve           valve
#   "1", "00 bar"                       1 00 bar         100 bar
#   "H", subscript "2", "O"             H 2 O            H2O
#   "-", "5 °C"                         - 5 °C           -5 °C
#   "new", tracked deletion "old"       new old          new
#   "100 bar"                           100 bar          right
# No error. A search for "valve" or "100 bar" finds nothing.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q docx2txt2==1.0.4 python-docx==1.2.0
tools/bin/python -W ignore - <<'PY'
from pathlib import Path

from docx import Document
from docx.oxml import parse_xml
from docx2txt2 import extract_text

SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
DELETED = '<w:del w:id="1" w:author="a" {}><w:r><w:delText>old</w:delText></w:r></w:del>'.format(SPACE)
CASES = [(["va", "lve"], "va lve", "valve"), (["1", "00 bar"], "1 00 bar", "100 bar"), (["H", "2", "O"], "H 2 O", "H2O"), (["-", "5 °C"], "- 5 °C", "-5 °C"), (["100 bar"], "100 bar", "100 bar")]
for texts, seen, right in CASES:
    document = Document()
    paragraph = document.add_paragraph()
    for text in texts:
        paragraph.add_run(text)
    document.save("made.docx")
    found = extract_text(Path("made.docx")).strip()
    print(texts, "|", found, "|", Document("made.docx").paragraphs[0].text)
    assert found == seen and Document("made.docx").paragraphs[0].text == right, texts
document = Document()
document.add_paragraph("new")._p.append(parse_xml(DELETED))
document.save("made.docx")
assert extract_text(Path("made.docx")).strip() == "new old"
PY
