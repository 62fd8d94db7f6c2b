#!/usr/bin/env bash
# @shogobg/markdown2confluence 0.1.6 beside html-to-text 10.0.1 after marked 17.0.1, from npm, Node 20 or newer, Linux (2026-12-01).
#
# "Convert Markdown to Confluence markup". Markdown may hold HTML (CommonMark 0.31, 6.6). Its tags become their names with a point, as text, so that a line
# break within a cell, which tables of Markdown have no other way for, is read as a unit or an abbreviation; marks that were escaped come out unescaped:
#   Markdown                      markdown2confluence        is
#   5<br>6                        5br. 6                     5, a line break, 6
#   CO<sub>2</sub>                COsub. 2                   CO₂
#   <b>5</b> bar                  b. 5 bar                   5 bar, bold
#   <p>6 bar</p>                  p. 6 bar                   6 bar
#   \*not bold\*                  *not bold*, bold there     \*not bold\*
#   **b**, ~~5~~, | A | tables    right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund @shogobg/markdown2confluence@0.1.6 html-to-text@10.0.1 marked@17.0.1 >/dev/null
cat >look.mjs <<'JS'
import assert from "assert";
import { createRequire } from "module";
import { convert } from "html-to-text";
import { marked } from "marked";
const loaded = createRequire(import.meta.url)("@shogobg/markdown2confluence");
const write = (text) => (loaded.default ?? loaded)(text).trim();
const cases = {
  "5<br>6": ["5br. 6", "5\n6"],
  "CO<sub>2</sub>": ["COsub. 2", "CO2"],
  "<b>5</b> bar": ["b. 5 bar", "5 bar"],
  "<p>6 bar</p>": ["p. 6 bar", "6 bar"],
  "\\*not bold\\*": ["*not bold*", "*not bold*"],
  "**b**": ["*b*", "b"],
  "~~5~~": ["-5-", "5"],
};
for (const [text, expected] of Object.entries(cases)) {
  console.log(text, "|", write(text), "|", convert(marked.parse(text)));
  assert.deepStrictEqual([write(text), convert(marked.parse(text))], expected);
}
assert.strictEqual(write("\\*x\\*"), write("**x**"));
JS
node look.mjs
