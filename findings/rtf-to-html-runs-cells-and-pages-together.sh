#!/usr/bin/env bash
# @iarna/rtf-to-html 1.1.0 with rtf-parser 1.3.3, from npm, beside striprtf 0.0.35, from PyPI, Node 20 or newer, Python 3.11, Linux (2026-12-01).
#
# RTF to HTML. What stands in the next cell, on the next page or beyond a dash is joined to what was before it; letters of an \ansi file without a code page, which are
# those of Windows 1252 (RTF 1.9.1, "Character Set"), are lost; the bytes of a picture are text:
#   in RTF                                  rtf-to-html         striprtf, the specification
#   \trowd … 10\cell 20\cell\row            1020                10 | 20
#   10\endash 20                            1020                10–20
#   10\page 20                              1020                on two pages
#   20 \'b0C                                20 �C               20 °C
#   5 \u8804?3                              5 ≤?3               5 ≤3
#   {\pict\pngblip 8950}5 bar               89505 bar           5 bar
#   10\line 20, 10{\super 3}, \{5\}         right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund @iarna/rtf-to-html@1.1.0 rtf-parser@1.3.3 >/dev/null
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q striprtf==0.0.35
cat >look.js <<'JS'
const assert = require("assert");
const convert = require("@iarna/rtf-to-html");
const read = (rtf) => new Promise((done, fail) => convert.fromString(`{\\rtf1\\ansi ${rtf}\\par}`, (error, html) => {
  if (error) return fail(error);
  done(html.slice(html.indexOf("<body>")).replace(/<[^>]*>/g, "").trim());
}));
const cases = {
  "\\trowd\\cellx1000\\cellx2000\\intbl 10\\cell 20\\cell\\row": "1020", "10\\endash 20": "1020", "10\\page 20": "1020", "20 \\'b0C": "20 \ufffdC",
  "5 \\u8804?3": "5 ≤?3", "{\\pict\\pngblip 8950}5 bar": "89505 bar", "10{\\super 3}": "103", "\\{5\\}": "{5}",
};
(async () => {
  for (const [rtf, seen] of Object.entries(cases)) {
    const found = await read(rtf);
    console.log(rtf, JSON.stringify(found));
    assert.strictEqual(found, seen);
  }
})().catch((error) => { console.error(error); process.exit(1); });
JS
node look.js
tools/bin/python - <<'PY'
from striprtf.striprtf import rtf_to_text

CASES = {
    r"\trowd\cellx1000\cellx2000\intbl 10\cell 20\cell\row": "10|20",
    r"10\endash 20": "10–20",
    r"20 \'b0C": "20 °C",
    r"5 \u8804?3": "5 ≤3",
    r"{\pict\pngblip 8950}5 bar": "5 bar",
}
for rtf, right in CASES.items():
    found = rtf_to_text(r"{\rtf1\ansi " + rtf + r"\par}").strip().strip("|")
    print(rtf, found)
    assert found == right, (rtf, found)
PY
