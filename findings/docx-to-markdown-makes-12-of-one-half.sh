#!/usr/bin/env bash
# docx-to-markdown 2.32.0, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Turns Word files into Markdown. Formulas are OMML there (ISO/IEC 29500-1, 22.1): fractions, powers and roots are elements with an order of their own
# (m:num over m:den, m:e to the m:sup). Of each only the digits are written, one behind the other, and of powers in the text, too; a number
# with another value is left:
#   in Word                          docx-to-markdown     firecrawl-anydoc 0.2.4
#   formula: 1 over 2                12                   $\frac{1}{2}$
#   formula: 10 to the 6             106                  ${10}^{6}$
#   formula: the square root of 16   16                   $\sqrt{16}$
#   text: 10, raised 6, Pa           106 Pa               the same
# The only warning is about the font of formulas ("page breaks may differ").
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q docx-to-markdown==2.32.0 firecrawl-anydoc==0.2.4
cat >look.py <<'PY'
import anydoc
from docx_to_markdown import convert

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


def number(text: int) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


def formula(inner: str) -> str:
    return f"<w:p><m:oMath>{inner}</m:oMath></w:p>"


RAISED = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>6</w:t></w:r>'
CASES = {
    formula(f"<m:f><m:num>{number(1)}</m:num><m:den>{number(2)}</m:den></m:f>"): ("12", r"$\frac{1}{2}$"),
    formula(f"<m:sSup><m:e>{number(10)}</m:e><m:sup>{number(6)}</m:sup></m:sSup>"): ("106", "${10}^{6}$"),
    formula(f"<m:rad><m:deg/><m:e>{number(16)}</m:e></m:rad>"): ("16", r"$\sqrt{16}$"),
    f"<w:p>{run('10')}{RAISED}{run(' Pa')}</w:p>": ("106 Pa", "106 Pa"),
    f"<w:p>{run('5 bar')}</w:p>": ("5 bar", "5 bar"),
}
for body, (seen, other) in CASES.items():
    path = document(body)
    result = convert(path)
    print(repr(result.markdown), repr(anydoc.to_markdown(path)), list(result.warnings))
    assert (result.markdown.strip(), anydoc.to_markdown(path).strip()) == (seen, other), seen
    assert {warning.code for warning in result.warnings} <= {"incomplete-font"}
PY
tools/bin/python look.py
