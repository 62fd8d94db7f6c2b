#!/usr/bin/env bash
# pdf2json 4.0.3, from npm, beside PyMuPDF 2.0, from PyPI, Node 20 or newer, Python 3.11, Linux (2026-12-01).
#
# "PDF file parser that converts PDF binaries to JSON", with places and sizes of texts. A TJ moves by thousandths of the letters' size (ISO 32000-2, 9.4.3); a justified
# line has spaces of a fifth of it. They are none, while PyMuPDF reads them; cm scales letters as all else (8.3.4); text of mode 3, which lies
# over a scan, shows nothing but is the page's text (9.3.6):
#   on the page                              pdf2json                  PyMuPDF
#   [(10)-200(20)-200(bar)] TJ, size 12      1020bar                   10 20 bar
#   2 0 0 2 0 0 cm, size 12                  size 15                   24 (30 of its quarter-pixels, as 12 are 15)
#   .5 0 0 .5 0 0 cm, size 12                size 15                   6
#   3 Tr                                     nothing                   the text
#   2 0 0 2 x y Tm, size 6; [(10)-300(20)] TJ      right: 15, two texts
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund pdf2json@4.0.3 >/dev/null
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q pymupdf==2.0
cat >made.py <<'PY'
PAGES = {
    "joined": "BT /F 12 Tf 50 150 Td [(10)-200(20)-200(bar)] TJ ET",
    "parted": "BT /F 12 Tf 50 150 Td [(10)-300(20)-300(bar)] TJ ET",
    "double": "q 2 0 0 2 0 0 cm BT /F 12 Tf 20 60 Td (size) Tj ET Q",
    "half": "q .5 0 0 .5 0 0 cm BT /F 12 Tf 20 60 Td (size) Tj ET Q",
    "matrix": "BT /F 6 Tf 2 0 0 2 50 150 Tm (size) Tj ET",
    "hidden": "BT /F 12 Tf 3 Tr 50 150 Td (scan) Tj ET",
}
for name, content in PAGES.items():
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        f"<</Length {len(content)}>>stream\n{content}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    file, places = "%PDF-1.7\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(file))
        file += f"{number} 0 obj{text}endobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    file += f"xref\n0 6\n0000000000 65535 f \n{table}trailer<</Size 6/Root 1 0 R>>\nstartxref\n{len(file)}\n%%EOF"
    with open(f"{name}.pdf", "w") as out:
        out.write(file)
PY
python3 made.py
cat >look.js <<'JS'
const assert = require("assert");
const loaded = require("pdf2json");
const Parser = loaded.default ?? loaded;
const read = (path) => new Promise((done, fail) => {
  const parser = new Parser(null, true);
  parser.on("pdfParser_dataError", (error) => fail(error));
  parser.on("pdfParser_dataReady", (data) => done(data.Pages[0].Texts.map(({ R: [{ T, TS }] }) => [decodeURIComponent(T).trim(), TS[1]])));
  parser.loadPDF(path);
});
const cases = {
  joined: [["1020bar", 15]], parted: [["10", 15], ["20", 15], ["bar", 15]], double: [["size", 15]], half: [["size", 15]], matrix: [["size", 15]], hidden: [],
};
(async () => {
  for (const [name, seen] of Object.entries(cases)) {
    const found = await read(`${name}.pdf`);
    console.log(name, JSON.stringify(found));
    assert.deepStrictEqual(found, seen);
  }
})().catch((error) => { console.error(error); process.exit(1); });
JS
node look.js 2>&1 | grep -v '^Warning'
tools/bin/python - <<'PY'
import pymupdf
RIGHT = {"joined": ("10 20 bar", 12), "double": ("size", 24), "half": ("size", 6), "matrix": ("size", 12), "hidden": ("scan", 12)}
for name, (text, size) in RIGHT.items():
    page = pymupdf.open(f"{name}.pdf")[0]
    sizes = {round(span["size"]) for block in page.get_text("dict")["blocks"] for line in block["lines"] for span in line["spans"]}
    print(name, page.get_text().split(), sizes)
    assert page.get_text().split() == text.split() and sizes == {size}
PY
