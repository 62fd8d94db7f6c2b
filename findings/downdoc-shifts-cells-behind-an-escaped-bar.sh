#!/usr/bin/env bash
# downdoc 1.1.0-stable, beside @asciidoctor/core 3.0.4, both from npm, Node 20 or newer, Linux (2026-12-01).
#
# Turns AsciiDoc into Markdown. A bar within a cell is escaped, "\|" (AsciiDoc documentation, "Escape the cell separator"), and "2+|" is a cell over two columns. downdoc parts
# cells at every bar, and takes what stands before it for text of the cell before, so that values move to the next columns and rows, and the last ones are left out:
#   AsciiDoc                     downdoc               is (Asciidoctor)
#   |a \| b |c                   a \   b               a | b    c
#   |d |e                        c     d               d        e
#   2+|x                         head: "B 2+"          x over both columns
#   |1 |2                        x     1               1        2
# README says that styles of cells are ignored; these are no styles. No warning.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund downdoc@1.1.0-stable @asciidoctor/core@3.0.4 >/dev/null
cat >look.mjs <<'JS'
import assert from "assert";
import { createRequire } from "module";
import Asciidoctor from "@asciidoctor/core";
const downdoc = createRequire(import.meta.url)("downdoc");
const convert = downdoc.default ?? downdoc;

const cases = [
  ["|===\n|A |B\n\n|a \\| b |c\n|d |e\n|===", "| A | B |\n| --- | --- |\n| a \\ | b |\n| c | d |", [["A", "B"], ["a | b", "c"], ["d", "e"]]],
  ["|===\n|A |B\n\n2+|x\n|1 |2\n|===", "| A | B 2+ |\n| --- | --- |\n| x | 1 |", [["A", "B"], ["x"], ["1", "2"]]],
];
const asciidoctor = Asciidoctor();
for (const [text, seen, right] of cases) {
  const [table] = asciidoctor.load(text).getBlocks();
  const rows = [...table.getRows().getHead(), ...table.getRows().getBody()].map((row) => row.map((cell) => cell.getText()));
  console.log(convert(text), rows);
  assert.equal(convert(text), seen);
  assert.deepEqual(rows, right);
}
JS
node look.mjs
