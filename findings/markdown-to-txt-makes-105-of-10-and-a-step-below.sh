#!/usr/bin/env bash
# markdown-to-txt 2.0.1 beside html-to-text 10.0.1 after marked 17.0.1, from npm, Node 20 or newer, Linux (2026-12-01).
#
# "Convert markdown to plain text". An item's own text and the first item of the list within it are joined; in tables what tells
# empty cells from full ones is gone, and line breaks of HTML join, too:
#   Markdown                               markdown-to-txt       html-to-text
#   1. Wait 10, below it "1. 5 s"          Wait 105 s            1. Wait 10 / 1. 5 s
#   - Set 5 bar, below it "- 6 bar"        Set 5 bar6 bar        two lines
#   | 1 | | and | | 2 |                    1 / 2                 in two columns
#   5<br>6                                 56                    5 / 6
#   two paragraphs, lists without another in them       right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund markdown-to-txt@2.0.1 lodash@4.18.1 html-to-text@10.0.1 marked@17.0.1 >/dev/null
cat >look.mjs <<'JS'
import assert from "assert";
import { createRequire } from "module";
import { convert } from "html-to-text";
import { marked } from "marked";
const loaded = createRequire(import.meta.url)("markdown-to-txt");
const plain = loaded.default ?? loaded.markdownToTxt;
const other = (text) => convert(marked.parse(text)).split(/\n+/).map((line) => line.trim());
const steps = "1. Wait 10\n   1. 5 s\n   2. 6 s";
console.log(plain(steps), "|", other(steps));
assert.strictEqual(plain(steps), "Wait 105 s\n6 s");
assert.deepStrictEqual(other(steps), ["1. Wait 10", "1. 5 s", "2. 6 s"]);
const points = "- Set 5 bar\n  - 6 bar";
assert(plain(points).startsWith("Set 5 bar6 bar"));
assert(other(points).length === 2);
assert.strictEqual(plain("| A | B |\n|---|---|\n| 1 | |\n| | 2 |"), "A B\n1\n2");
assert.strictEqual(plain("5<br>6"), "56");
assert.deepStrictEqual(other("5<br>6"), ["5", "6"]);
assert.strictEqual(plain("- 5\n- 6"), "5\n6");
JS
node look.mjs
