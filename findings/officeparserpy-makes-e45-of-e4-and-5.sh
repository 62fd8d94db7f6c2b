#!/usr/bin/env bash
# officeparserpy 1.0.10, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Takes the text out of office files. In WordprocessingML a tab, a line end and a hyphen that does not break are elements of their own (w:tab, w:br,
# w:noBreakHyphen; ISO/IEC 29500-1, 17.3.3). They are dropped, and what they part runs into one number; text that was moved is there twice, where
# it was (w:moveFrom, 17.13.5.22) and where it is. python-docx 1.2.0 reads them:
#   in Word                                  officeparserpy       python-docx
#   12, w:br, 34                             1234                 12 / 34
#   E4, w:tab, 5                             E45                  E4 <tab> 5
#   10, w:noBreakHyphen, 20 V                1020 V               10-20 V
#   w:moveFrom "3.5 bar", then w:moveTo      3.5 bar / 3.5 bar    once
#   w:del "3.5", w:ins "4.0"                 4.0                  right
# No warning.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q officeparserpy==1.0.10 python-docx==1.2.0
cat >look.py <<'PY'
import docx
from officeparserpy import parse_office

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


CASES = {
    f"<w:p>{run('12')}<w:r><w:br/></w:r>{run('34')}</w:p>": ("1234", "12\n34"),
    f"<w:p>{run('E4')}<w:r><w:tab/></w:r>{run('5')}</w:p>": ("E45", "E4\t5"),
    f"<w:p>{run('10')}<w:r><w:noBreakHyphen/></w:r>{run('20 V')}</w:p>": ("1020 V", "10-20 V"),
    f'<w:p><w:moveFrom w:id="1" w:author="a">{run("3.5 bar")}</w:moveFrom></w:p>'
    f'<w:p><w:moveTo w:id="2" w:author="a">{run("3.5 bar")}</w:moveTo></w:p>': ("3.5 bar\n3.5 bar", None),
    f'<w:p><w:del w:id="1" w:author="a"><w:r><w:delText>3.5</w:delText></w:r></w:del>'
    f'<w:ins w:id="2" w:author="a">{run("4.0")}</w:ins></w:p>': ("4.0", None),
}
for body, (seen, other) in CASES.items():
    path = document(body)
    written = parse_office(path).strip()
    print(repr(written), repr(docx.Document(path).paragraphs[0].text))
    assert written == seen, seen
    assert other in (None, docx.Document(path).paragraphs[0].text)
PY
tools/bin/python look.py
