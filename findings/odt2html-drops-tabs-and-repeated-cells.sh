#!/usr/bin/env bash
# odt2html 1.0.1, from npm, beside odfdo 3.27.3, from PyPI, Node 20 or newer, Python 3.11, Linux (2026-12-01).
#
# OpenDocument to HTML. A tab and several blanks are elements (text:tab, text:s; OpenDocument 1.3, part 3, 6.1.3 and 6.1.4), equal cells beside each other are one with
# table:number-columns-repeated, and text that was deleted while changes were recorded stands in text:tracked-changes (5.5.1):
#   in the file                          odt2html                 is
#   10, text:tab, 20                     1020                     10 <tab> 20
#   30, text:s (3), 40                   3040                     30   40
#   a cell "5" twice, then "7"           5, 7                     5, 5, 7: the last under another head
#   a cell over two columns, then "9"    no colspan               colspan="2"
#   deleted "old 8 bar"                  a paragraph of the text  not in the text
#   p < q                                <                        &lt;
#   headings, lists, notes, links        right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund odt2html@1.0.1 >/dev/null
cat >made.py <<'PY'
import zipfile

NAMES = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text", "table", "style"))


def cell(text: str, more: str = "") -> str:
    return f"<table:table-cell office:value-type='string' {more}><text:p>{text}</text:p></table:table-cell>"


TWICE, WIDE = 'table:number-columns-repeated="2"', 'table:number-columns-spanned="2"'
CHANGES = (
    '<text:tracked-changes><text:changed-region text:id="c"><text:deletion><office:change-info/><text:p>old 8 bar</text:p></text:deletion>'
    "</text:changed-region></text:tracked-changes>"
)
BODY = (
    f"{CHANGES}<text:p>10<text:tab/>20</text:p><text:p>30<text:s text:c='3'/>40</text:p><text:p>p &lt; q<text:change text:change-id='c'/></text:p>"
    f"<table:table><table:table-row>{cell('U')}{cell('I')}{cell('P')}</table:table-row>"
    f"<table:table-row>{cell('5', TWICE)}{cell('7')}</table:table-row>"
    f"<table:table-row>{cell('8', WIDE)}<table:covered-table-cell/>{cell('9')}</table:table-row></table:table>"
)
with zipfile.ZipFile("made.odt", "w") as file:
    file.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    file.writestr(
        "META-INF/manifest.xml",
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3"><manifest:file-entry '
        'manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/><manifest:file-entry manifest:full-path="content.xml" '
        'manifest:media-type="text/xml"/></manifest:manifest>',
    )
    file.writestr("styles.xml", f'<office:document-styles {NAMES} office:version="1.3"><office:styles/></office:document-styles>')
    file.writestr(
        "content.xml",
        f'<office:document-content {NAMES} office:version="1.3"><office:automatic-styles/><office:body><office:text>{BODY}</office:text>'
        "</office:body></office:document-content>",
    )
PY
python3 made.py
cat >look.js <<'JS'
const assert = require("assert");
require("odt2html").toHTML({ path: "made.odt" }).then((html) => {
  const text = html.replace(/\s+/g, " ");
  console.log(text);
  for (const part of ["<p>1020</p>", "<p>3040</p>", "<p>old 8 bar</p>", "p < q", "<td><p>5</p></td><td><p>7</p></td></tr>", "<td><p>8</p></td><td><p>9</p></td></tr>"])
    assert(text.includes(part), part);
  assert(!/colspan/i.test(text));
}).catch((error) => { console.error(error); process.exit(1); });
JS
node look.js
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q odfdo==3.27.3
tools/bin/python - <<'PY'
import odfdo

body = odfdo.Document("made.odt").body
table = body.get_table(0)
print([row.values for row in table.rows])
assert [cell.value for cell in table.get_row(1).cells] == ["5", "5", "7"]
assert table.get_row(2).cells[-1].value == "9" and len(table.get_row(2).cells) == 3
PY
