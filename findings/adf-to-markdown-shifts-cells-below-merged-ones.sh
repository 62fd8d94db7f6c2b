#!/usr/bin/env bash
# adf-to-markdown 1.0.1, beside marked 16.4.1, both from npm, Node 20 or newer, Linux (2026-12-01).
#
# Turns documents of Jira and Confluence (ADF) into Markdown. Merged cells count as one, so that what stands below or beside a cell over two rows moves a column to the left; of a row
# below a head over two columns Markdown shows only as many cells as the head has, and the rest is gone; a bar within a cell is not escaped, and parts it:
#   table in ADF                                   Markdown                           shown (GFM)
#   "A" over two rows, "B" beside, "2" below B     | A | B |, | 2 |                   2 below A
#   head "H" over two columns, below "1" and "2"   | H |, | --- |, | 1 | 2 |          H, 1; 2 is gone
#   head "A", "B", below "a|b" and "c"             | a|b | c |                        a, b; c is gone
#   head "A", "B", below "1" and "2"               right
# Signs of Markdown in text are not escaped, either: the paragraph "- 5 °C" is a bullet with "5 °C". No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund adf-to-markdown@1.0.1 marked@16.4.1 >/dev/null
cat >look.mjs <<'JS'
import assert from "assert";
import { createRequire } from "module";
import { lexer } from "marked";
const { convertADFToMarkdown } = createRequire(import.meta.url)("adf-to-markdown");

const text = (content) => ({ type: "paragraph", content: [{ type: "text", text: content }] });
const cell = (type, content, attrs = {}) => ({ type, attrs, content: [text(content)] });
const document = (...content) => ({ type: "doc", version: 1, content });
const table = (...rows) => document({ type: "table", content: rows.map((cells) => ({ type: "tableRow", content: cells })) });
const shown = (markdown) => {
  const [{ header, rows }] = lexer(markdown);
  return [header, ...rows].map((row) => row.map((one) => one.text));
};

const head = [cell("tableHeader", "A"), cell("tableHeader", "B")];
const cases = [
  [table(head, [cell("tableCell", "A", { rowspan: 2 }), cell("tableCell", "B")], [cell("tableCell", "2")]), [["A", "B"], ["A", "B"], ["2", ""]]],
  [table([cell("tableHeader", "H", { colspan: 2 })], [cell("tableCell", "1"), cell("tableCell", "2")]), [["H"], ["1"]]],
  [table(head, [cell("tableCell", "a|b"), cell("tableCell", "c")]), [["A", "B"], ["a", "b"]]],
  [table(head, [cell("tableCell", "1"), cell("tableCell", "2")]), [["A", "B"], ["1", "2"]]],
];
for (const [given, seen] of cases) {
  const markdown = convertADFToMarkdown(given);
  console.log(markdown, shown(markdown));
  assert.deepEqual(shown(markdown), seen);
}
assert.equal(lexer(convertADFToMarkdown(document(text("- 5 °C"))))[0].type, "list");
JS
node look.mjs
