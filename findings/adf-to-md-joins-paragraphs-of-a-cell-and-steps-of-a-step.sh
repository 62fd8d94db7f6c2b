#!/usr/bin/env bash
# adf-to-md 1.2.1 beside marked 17.0.1 as reader, from npm, Node 20 or newer, Linux (2026-12-01).
#
# Turns documents of Atlassian into Markdown. Paragraphs of a cell are joined without a sign between them, "|" of the text parts cells, cells after one of two columns
# stand under another head, and a list within an item goes on in the item's line, where a reader of Markdown finds no list:
#   document                                        adf-to-md                   is
#   cell of the paragraphs 4 and 5                  |45|                        4 and 5, parted
#   cell "1|2"                                      |1|2|, two cells            |1\|2|
#   heads A (two columns), B; then 1, 2, 3          |A|B| over |1|2|3|          3 under B, not lost
#   item "Wait 10", in it the item "5 s"            1. Wait 10   1. 5 s         two lines, indented
#   a single list, headings, marks                  right
# No error; its list of warnings is empty (it speaks of kinds that it leaves out on the console, these are none).
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund adf-to-md@1.2.1 marked@17.0.1 >/dev/null
cat >look.mjs <<'JS'
import assert from "assert";
import { createRequire } from "module";
import { marked } from "marked";
const { convert } = createRequire(import.meta.url)("adf-to-md");
const text = (words) => ({ type: "paragraph", content: [{ type: "text", text: words }] });
const item = (...content) => ({ type: "listItem", content });
const list = (...content) => ({ type: "orderedList", content });
const cell = (...words) => ({ type: "tableCell", attrs: {}, content: words.map(text) });
const head = (words, attrs = {}) => ({ type: "tableHeader", attrs, content: [text(words)] });
const row = (...content) => ({ type: "tableRow", content });
const write = (...content) => {
  const { result, warnings } = convert({ type: "doc", version: 1, content });
  console.log(JSON.stringify(result), warnings);
  assert.strictEqual(Object.keys(warnings).length, 0);
  return result;
};
const cells = write({ type: "table", content: [row(head("U"), head("I")), row(cell("4", "5"), cell("1|2"))] });
assert(cells.includes("|45|1|2|"));
assert(/<td[^>]*>45<\/td>\s*<td[^>]*>1<\/td>/.test(marked.parse(cells)));
assert(write({ type: "table", content: [row(head("A", { colspan: 2 }), head("B")), row(cell("1"), cell("2"), cell("3"))] }).startsWith("|A|B|\n|:-:|:-:|\n|1|2|3|"));
const steps = write(list(item(text("Wait 10"), list(item(text("5 s")))), item(text("Stop"))));
assert.strictEqual(steps.trim(), "1. Wait 10   1. 5 s\n  2. Stop");
assert.strictEqual(marked.parse(steps).match(/<ol/g).length, 1);
assert.strictEqual(write(list(item(text("one")), item(text("two")))).trim(), "1. one\n  2. two");
JS
node look.mjs
