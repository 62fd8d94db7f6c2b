#!/usr/bin/env bash
# html-for-docx 1.2.1, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Turns HTML into a Word file. Paragraphs, parts of a list of terms and blocks begin on a line of their own (HTML, 15.3.3, "Flow content": display:
# block), a caption belongs to its table (4.9.2), and a script is not shown (15.3.1: display: none). What follows a block within a block, the second
# paragraph of a list's item and the term's explanation are run into what stands before them; captions are lost, scripts are text:
#   HTML                                          in Word                  is
#   <li><p>Set 12</p><p>5 bar</p></li>            Set 125 bar              Set 12 / 5 bar
#   <dl><dt>E1</dt><dd>2 bar</dd></dl>            E12 bar                  E1 / 2 bar
#   <div>1<div>2</div>3</div>                     1 / 23                   1 / 2 / 3
#   <table><caption>Limits</caption> … 5          5                        Limits, 5
#   <script>var x</script><p>a</p>                var x / a                a
#   <p>1</p><p>2</p>                              1 / 2                    right
# No error. html2docx 1.6.0 keeps the item's paragraphs apart and the caption.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q html-for-docx==1.2.1 html2docx==1.6.0
tools/bin/python - <<'PY'
import io

from docx import Document
from docx.table import Table
from html2docx import html2docx
from html4docx import HtmlToDocx


def content(document) -> list:
    parts = [
        [[cell.text for cell in row.cells] for row in part.rows] if isinstance(part, Table) else part.text
        for part in document.iter_inner_content()
    ]
    return [part for part in parts if part]


CASES = {
    "<ul><li><p>Set 12</p><p>5 bar</p></li></ul>": ["Set 125 bar"],
    "<dl><dt>E1</dt><dd>2 bar</dd></dl>": ["E12 bar"],
    "<div>1<div>2</div>3</div>": ["1", "23"],
    "<table><caption>Limits</caption><tr><td>5</td></tr></table>": [[["5"]]],
    "<script>var x</script><p>a</p>": ["var x", "a"],
    "<p>1</p><p>2</p>": ["1", "2"],
}
for html, seen in CASES.items():
    document = Document()
    HtmlToDocx().add_html_to_document(html, document)
    print(html, content(document))
    assert content(document) == seen, html
for html, right in zip(list(CASES)[:4:3], (["Set 12\n5 bar"], [[["5"]], "Limits"]), strict=True):
    assert content(Document(io.BytesIO(html2docx(html, title="made").getvalue()))) == right, html
PY
