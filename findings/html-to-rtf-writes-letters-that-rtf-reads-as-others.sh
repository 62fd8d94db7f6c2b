#!/usr/bin/env bash
# html-to-rtf 2.1.0, from npm, beside striprtf 0.0.35 as reader, from PyPI, Node 20 or newer, Python 3.11, Linux (2026-12-01).
#
# HTML to RTF. RTF is text of seven bits; letters beyond are written \'hh in the code page of the file, or \uN (RTF 1.9.1, "Unicode RTF"). They are
# written as they are, in a file that names no code page, so that its bytes of UTF-8 are read one by one; a backslash of the text is not written "\\",
# so that it begins a command; what stands beside kbd is parted into paragraphs:
#   HTML                              read again                    is
#   -5 °C to 5 Ω, ≤ 3 µm              -5 Â°C to 5 Î©, â‰¤ 3 Âµm     -5 °C to 5 Ω, ≤ 3 µm
#   C:\data\parts 5                   C:5                           C:\data\parts 5
#   <p>Press <kbd>F1</kbd> now</p>    three paragraphs              one
#   {5}, 10<sup>-3</sup>, a<br>b      right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund html-to-rtf@2.1.0 >/dev/null
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q striprtf==0.0.35
cat >look.js <<'JS'
const fs = require("fs");
const writer = require("html-to-rtf");
const texts = ["-5 °C to 5 Ω, ≤ 3 µm", "C:\\data\\parts 5", "Press <kbd>F1</kbd> now", "{5} and 10<sup>-3</sup>"];
texts.forEach((text, at) => fs.writeFileSync(`${at}.rtf`, writer.convertHtmlToRtf(`<p>${text}</p>`)));
JS
node look.js
tools/bin/python - <<'PY'
from striprtf.striprtf import rtf_to_text

found = []
for at in range(4):
    with open(f"{at}.rtf", "rb") as file:
        raw = file.read()
    assert b"ansicpg" not in raw and b"\\u" not in raw
    found.append(rtf_to_text(raw.decode("cp1252")))
print(found)
assert found[0].strip() == "-5 °C to 5 Ω, ≤ 3 µm".encode().decode("cp1252")
assert found[1].strip() == "C:5"
assert [line.strip() for line in found[2].strip().split("\n")] == ["Press", "F1", "now"]
assert found[3].strip() == "{5} and 10-3"
assert rtf_to_text(r"{\rtf1\ansi 5 \u937?, \\data\par}").strip() == "5 Ω, \\data"
PY
