#!/usr/bin/env bash
# markdown-docx 1.7.0 beside @mohtasham/md-to-docx 4.0.1, from npm, and python-docx 1.2.0 as reader, from PyPI, Node 20 or newer, Python 3.11, Linux (2026-12-01).
#
# Markdown to Word. A second paragraph of a numbered item becomes an item of its own, so that all later steps have another number than the text; a list begins at 1
# whatever its first number (CommonMark 0.31, 5.3); open and done tasks look alike; references of HTML ("&lt;", 2.5 there) stay as they are:
#   Markdown                                  numbers in Word, markdown-docx      is (md-to-docx)
#   1. one, paragraph "Wait 5 s", 2. two      1 one, 2 Wait 5 s, 3 two            1 one, Wait 5 s, 2 two
#   3. three / 4. four                        1, 2                                3, 4
#   - [x] done / - [ ] open                   done, open                          ☒ done, ☐ open
#   5 &lt; 6 &plusmn; 1                       5 &lt; 6 &plusmn; 1                 5 < 6 ± 1
#   1. one / 2. two; lists within others      right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund markdown-docx@1.7.0 @mohtasham/md-to-docx@4.0.1 >/dev/null
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q python-docx==1.2.0
cat >look.mjs <<'JS'
import { writeFileSync } from "fs";
import { createRequire } from "module";
import { convertMarkdownToDocx } from "@mohtasham/md-to-docx";
const first = createRequire(import.meta.url)("markdown-docx");
const texts = ["1. one\n\n   Wait 5 s\n\n2. two", "3. three\n4. four", "- [x] done\n- [ ] open", "5 &lt; 6 &plusmn; 1"];
for (const [at, text] of texts.entries()) {
  writeFileSync(`first${at}.docx`, await first.Packer.toBuffer(await first.default(text)));
  writeFileSync(`second${at}.docx`, Buffer.from(await (await convertMarkdownToDocx(text)).arrayBuffer()));
}
JS
node look.mjs
tools/bin/python - <<'PY'
import docx
from docx.oxml.ns import qn


def lines(path):
    file = docx.Document(path)
    numbering = file.part.numbering_part.element
    starts = {}
    for num in numbering.findall(qn("w:num")):
        override = num.find(f"{qn('w:lvlOverride')}/{qn('w:startOverride')}")
        starts[num.get(qn("w:numId"))] = int(override.get(qn("w:val"))) if override is not None else 1
    counted = {}
    for paragraph in file.paragraphs:
        if paragraph.text.strip():
            number = paragraph._p.find(f".//{qn('w:numId')}")
            key = number.get(qn("w:val")) if number is not None else None
            if key is not None:
                counted[key] = counted.get(key, starts.get(key, 1) - 1) + 1
            yield (counted[key] if key is not None else None, paragraph.text.strip())


def both(at):
    found = list(lines(f"first{at}.docx")), list(lines(f"second{at}.docx"))
    print(*found)
    return found


assert both(0) == ([(1, "one"), (2, "Wait 5 s"), (3, "two")], [(1, "one"), (None, "Wait 5 s"), (2, "two")])
assert both(1) == ([(1, "three"), (2, "four")], [(3, "three"), (4, "four")])
first, second = both(2)
assert [text for _, text in first] == ["done", "open"] and [text for _, text in second] == ["☒ done", "☐ open"]
assert both(3) == ([(None, "5 &lt; 6 &plusmn; 1")], [(None, "5 < 6 ± 1")])
PY
