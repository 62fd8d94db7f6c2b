#!/usr/bin/env bash
# node-html-markdown 2.0.0 and html-to-md 0.8.8, from npm, beside pandas 3.1.1, from PyPI, Node 20 or newer, Python 3.11, Linux (2026-12-01).
#
# HTML to Markdown. In cells of a table, paragraphs and items of a list are joined without a sign between them, by the first library line breaks, too; what stands in
# a row below a cell of several rows moves under that cell's head; raised digits are plain ones; a list begins at 1 whatever its start:
#   HTML                                        node-html-markdown      html-to-md         is
#   cell: 4, br, 5                              45                      4<br />5           4 5
#   cell: p 2, p 3                              23                      23                 2 3
#   cell: list of 1 and 2                       12                      the HTML           1 2
#   Mode (two rows), Cold; then 5               5 under Mode            5 under Mode       5 under Cold
#   10, sup -3                                  10\-3                   10<sup>\-3</sup>   10⁻³
#   ol start="3": three, four                   1. three                3. three           3. three
#   a, br, b outside of tables                  right                   right
# pandas reads the table as the last column. No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund node-html-markdown@2.0.0 html-to-md@0.8.8 >/dev/null
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q pandas==3.1.1 lxml==6.1.3
cat >look.js <<'JS'
const assert = require("assert");
const { NodeHtmlMarkdown } = require("node-html-markdown");
const loaded = require("html-to-md");
const write = [(html) => NodeHtmlMarkdown.translate(html), loaded.default ?? loaded];
const cell = (inner) => `<table><tr><th>U</th><th>I</th></tr><tr><td>${inner}</td><td>7</td></tr></table>`;
const last = (text) => text.split("\n").at(-1).replace(/[ ]/g, "");
const cells = { "4<br>5": ["|45|7|", "|4<br/>5|7|"], "<p>2</p><p>3</p>": ["|23|7|", "|23|7|"], "<ul><li>1</li><li>2</li></ul>": ["|12|7|", null] };
for (const [inner, seen] of Object.entries(cells)) {
  const found = write.map((one) => last(one(cell(inner))));
  console.log(inner, found);
  seen.forEach((text, at) => text && assert.strictEqual(found[at], text));
}
const spanned = '<table><tr><th rowspan="2">Mode</th><th>Cold</th></tr><tr><td>5</td></tr></table>';
for (const one of write) assert(/^\|5\|\|?$/.test(last(one(spanned))), one(spanned));
assert.deepStrictEqual(write.map((one) => one("<p>10<sup>-3</sup></p>")), ["10\\-3", "10<sup>\\-3</sup>"]);
assert.deepStrictEqual(write.map((one) => one('<ol start="3"><li>three</li></ol>')), ["1. three", "3. three"]);
assert(write.every((one) => one("<p>a<br>b</p>") === "a  \nb"));
JS
node look.js
tools/bin/python - <<'PY'
import io

import pandas

table = pandas.read_html(io.StringIO('<table><tr><th rowspan="2">Mode</th><th>Cold</th></tr><tr><td>5</td></tr></table>'), header=0)[0]
print(table)
assert table.loc[0, "Cold"] == 5
PY
