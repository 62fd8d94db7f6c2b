#!/usr/bin/env bash
# officeparser 7.8.0, from npm, beside striprtf 0.0.35, from PyPI, Node 20 or newer, Python 3.11, Linux (2026-12-01).
#
# Takes the text out of office files. RTF has words for dashes, wide blanks and page ends, and \_ for a hyphen that does not break (RTF 1.9.1, "Special
# Characters"). The first are dropped, so that a range becomes one number; the sign after \uN, for readers that know no Unicode, is kept beside it:
#   in RTF                                officeparser       striprtf, the specification
#   10\endash 20                          1020               10–20
#   10\emspace 20, 10\page 20             1020               parted
#   10\_20 V                              10_20 V            10‑20 V
#   5\~bar                                5~bar              5 bar, with a fixed blank
#   5 \u8804?3                            5 ≤?3              5 ≤3
#   5 \u177\'b12                          5 ±±2              5 ±2
#   10\tab 20, 10\line 20, \'b0           right
# No error, nor a warning.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund officeparser@7.8.0 >/dev/null
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q striprtf==0.0.35
cat >look.js <<'JS'
const assert = require("assert");
const { parseOffice } = require("officeparser");
const read = async (rtf) => (await parseOffice(Buffer.from(`{\\rtf1\\ansi ${rtf}\\par}`, "latin1"), { fileType: "rtf" })).toText().trim();
const cases = {
  "10\\endash 20": "1020", "10\\emspace 20": "1020", "10\\page 20": "1020", "10\\_20 V": "10_20 V", "5\\~bar": "5~bar", "5 \\u8804?3": "5 ≤?3",
  "5 \\u177\\'b12": "5 ±±2", "10\\tab 20": "10\t20", "10\\line 20": "10\n20", "20 \\'b0C": "20 °C",
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

for rtf, right in {r"10\endash 20": "10–20", r"5 \u8804?3": "5 ≤3", r"5 \u177\'b12": "5 ±2", r"10\_20 V": "10‑20 V"}.items():
    found = rtf_to_text(r"{\rtf1\ansi " + rtf + r"\par}").strip()
    print(rtf, found)
    assert found.replace("\u2011", "-") == right.replace("\u2011", "-"), (rtf, found)
PY
