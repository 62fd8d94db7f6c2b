#!/usr/bin/env bash
# marked-plaintify 1.1.1 with marked 17.0.1, from npm, beside markdown-to-txt 2.0.1, Node 20 or newer, Linux (2026-12-01).
#
# "A marked extension to convert Markdown to Plaintext". A hard line break (two blanks or a backslash at the end of a line; CommonMark 0.31, 6.7) is dropped, and so is the
# number on one line joined to that on the next. An empty cell is "undefined", code and "<" of tags are written as references of HTML:
#   Markdown                            marked-plaintify               is
#   10, two blanks, 20 on a new line    1020                           10 / 20
#   10\ and 20 on a new line            1020                           10 / 20
#   | A | B |, | 1 | |                  A: 1 / B: undefined            A: 1 / B:
#   `a < b`                             a &lt; b                       a < b
#   5 &gt; 3                            5 &gt; 3                       5 > 3
#   10 and 20 on a new line, *5*        right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund marked-plaintify@1.1.1 marked@17.0.1 markdown-to-txt@2.0.1 lodash@4.18.1 >/dev/null
cat >look.mjs <<'JS'
import assert from "assert";
import { createRequire } from "module";
import { Marked } from "marked";
const require = createRequire(import.meta.url);
const pick = (name) => require(name).default ?? require(name).markdownToTxt ?? require(name);
const plain = (text) => new Marked({ gfm: true }).use(pick("marked-plaintify")()).parse(text).trim();
const other = pick("markdown-to-txt");
const cases = {
  "10  \n20": ["1020", "10\n20"],
  "10\\\n20": ["1020", "10\n20"],
  "10\n20": ["10\n20", "10\n20"],
  "`a < b`": ["a &lt; b", "a < b"],
  "5 &gt; 3": ["5 &gt; 3", "5 > 3"],
  "*5*": ["5", "5"],
};
for (const [text, expected] of Object.entries(cases)) {
  console.log(JSON.stringify(text), JSON.stringify(plain(text)));
  assert.deepStrictEqual([plain(text), other(text)], expected);
}
assert.strictEqual(plain("| A | B |\n|---|---|\n| 1 | |"), "A: 1\nB: undefined");
JS
node look.mjs
