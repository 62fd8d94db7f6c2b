#!/usr/bin/env bash
# firecrawl-anydoc 0.2.4, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Turns office files into Markdown. A hyphen that does not break is an element of its own in Word (w:noBreakHyphen, ISO/IEC 29500-1,
# 17.3.3.18), words with a reading above them are w:ruby (17.3.3.25), signs of a symbol font w:sym (17.3.3.30). All are
# dropped, so that a range becomes one number and a Japanese word is gone:
#   in Word                                 anydoc          is
#   10, w:noBreakHyphen, 20 V               1020 V          10‑20 V
#   w:ruby 圧力 with its reading, then 5    5               圧力5
#   5, w:sym of Symbol, F0B1, .2            5.2             5 ± .2
#   10, w:tab, 20                           10 20           right
# docx-to-markdown 2.32.0 writes the first as "10‑20 V", python-docx 1.2.0 as "10-20 V". No warning.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q firecrawl-anydoc==0.2.4 python-docx==1.2.0
cat >look.py <<'PY'
import anydoc
import docx

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


RUBY = f"<w:r><w:ruby><w:rubyPr/><w:rt>{run('あつりょく')}</w:rt><w:rubyBase>{run('圧力')}</w:rubyBase></w:ruby></w:r>"
CASES = {
    f"{run('10')}<w:r><w:noBreakHyphen/></w:r>{run('20 V')}": "1020 V",
    f"{RUBY}{run('5')}": "5",
    f'{run("5")}<w:r><w:sym w:font="Symbol" w:char="F0B1"/></w:r>{run(".2")}': "5.2",
    f"{run('10')}<w:r><w:tab/></w:r>{run('20')}": "10 20",
    run("圧力5"): "圧力5",
}
for inner, seen in CASES.items():
    path = document(f"<w:p>{inner}</w:p>")
    written = anydoc.to_markdown(path).strip()
    print(repr(written), repr(docx.Document(path).paragraphs[0].text))
    assert written == seen, seen
assert docx.Document(document(f"<w:p>{next(iter(CASES))}</w:p>")).paragraphs[0].text == "10-20 V"
PY
tools/bin/python look.py
