#!/usr/bin/env bash
# docx2python 3.7.1 beside mammoth 1.13.0, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Word writes a hyphen at which no line may break (Ctrl+Shift+Hyphen: in part numbers, and before numbers as a minus sign) as an
# element of its own, <w:noBreakHyphen/> (ECMA-376 part 1, 17.3.3.18). docx2python, which reads check boxes, equations, tracked
# changes and lists of fields, leaves it out without a message: a temperature changes its sign. Other readers had this once
# (issues 454 of python-docx, 400 of docling.rs). Of tracked changes it leaves deleted text out and takes inserted text in, as if
# all were accepted; but of moved text it takes both ends (17.13.5.22, 17.13.5.25), and a deleted row stays (17.13.5.12). Seen:
#   in the file                                  docx2python                       mammoth
#   Store above <noBreakHyphen/>40 °C            Store above 40 °C                 Store above ‑40 °C
#   KX<noBreakHyphen/>12                         KX12                              KX‑12
#   Open A. <moveFrom>Drain. </moveFrom>Close
#   B. <moveTo>Drain.</moveTo>                   Open A. Drain. Close B. Drain.    Open A. Close B. Drain.
#   a table of the rows <del>8 bar</del>, 6 bar  8 bar 6 bar                       6 bar
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q docx2python==3.7.1 mammoth==1.13.0 python-docx==1.2.0
tools/bin/python - <<'PY'
import re
import zipfile

import docx
import mammoth
from docx2python import docx2python

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def by(number: int) -> str:
    return f'w:id="{number}" w:author="A" w:date="2025-01-01T00:00:00Z"'


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def row(text: str, change: str = "") -> str:
    return f"<w:tr><w:trPr>{change}</w:trPr><w:tc><w:tcPr/><w:p>{run(text)}</w:p></w:tc></w:tr>"


def read(body: str) -> tuple[str, str]:
    """What docx2python and mammoth read of this body, all white space as one blank."""
    docx.Document().save("empty.docx")
    page = f'<w:document xmlns:w="{WORD}" xmlns:r="{RELATIONS}"><w:body>{body}<w:p/><w:sectPr/></w:body></w:document>'
    with zipfile.ZipFile("empty.docx") as empty, zipfile.ZipFile("one.docx", "w") as made:
        for name in empty.namelist():
            made.writestr(name, page if name == "word/document.xml" else empty.read(name))
    with docx2python("one.docx") as found, open("one.docx", "rb") as file:
        html = mammoth.convert_to_html(file).value
        texts = found.text, re.sub("<[^>]*>", " ", html)
    ours, theirs = (" ".join(text.split()) for text in texts)
    print(f"docx2python: {ours!r:34} mammoth: {theirs!r}")
    return ours, theirs


hyphen = "<w:r><w:noBreakHyphen/></w:r>"
assert read(f"<w:p>{run('Store above ')}{hyphen}{run('40 °C')}</w:p>") == ("Store above 40 °C", "Store above \u201140 °C")
assert read(f"<w:p>{run('KX')}{hyphen}{run('12')}</w:p>") == ("KX12", "KX\u201112")

deleted = f"<w:del {by(1)}><w:r><w:delText>Old. </w:delText></w:r></w:del>"
assert read(f"<w:p>{deleted}<w:ins {by(2)}>{run('New.')}</w:ins></w:p>") == ("New.", "New.")

name = 'w:name="move1"'
source = f'<w:moveFromRangeStart {by(3)} {name}/><w:moveFrom {by(4)}>{run("Drain. ")}</w:moveFrom><w:moveFromRangeEnd w:id="3"/>'
target = f'<w:moveToRangeStart {by(5)} {name}/><w:moveTo {by(6)}>{run("Drain.")}</w:moveTo><w:moveToRangeEnd w:id="5"/>'
moved = read(f"<w:p>{run('Open A. ')}{source}{run('Close B. ')}{target}</w:p>")
assert moved == ("Open A. Drain. Close B. Drain.", "Open A. Close B. Drain.")

grid = "<w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid>"
table = read(f"<w:tbl>{grid}{row('8 bar', f'<w:del {by(7)}/>')}{row('6 bar')}</w:tbl>")
assert table == ("8 bar 6 bar", "6 bar")
PY
