#!/usr/bin/env bash
# jira2md 3.0.1 beside @shogobg/markdown2confluence 0.1.6, from npm, Node 20 or newer, Linux (2026-12-01).
#
# to_jira() turns Markdown into the marks of Jira. "<" and ">" become brackets, which in Jira are links, in code, too; "#5" without a blank is a heading (CommonMark
# 0.31, 4.2: it is none), a rule is starred text, bullets below each other and tables stay as they were:
#   Markdown                        to_jira()                 is (markdown2confluence)
#   x < 5 and y > 3                 x [ 5 and y ] 3           x < 5 and y > 3
#   code: if a<b and c>d: 2*3*4     if a[b and c]d: 2_3_4     unchanged, in {code}
#   #5 bar                          h1.5 bar                  #5 bar
#   ***                             _*_                       ----
#   | A | and |---| and | 1 |       unchanged                 ||A|| and |1|
#   **b** and *i*, # 5, a list of numbers      right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund jira2md@3.0.1 @shogobg/markdown2confluence@0.1.6 >/dev/null
cat >look.js <<'JS'
const assert = require("assert");
const { to_jira } = require("jira2md");
const loaded = require("@shogobg/markdown2confluence");
const other = (text) => (loaded.default ?? loaded)(text).trim().replace(/&lt;/g, "<").replace(/&gt;/g, ">");
const code = "```\nif a<b and c>d: 2*3*4\n```";
const table = "| A |\n|---|\n| 1 |";
const cases = [
  ["x < 5 and y > 3", "x [ 5 and y ] 3", "x < 5 and y > 3"],
  ["#5 bar", "h1.5 bar", "#5 bar"],
  ["***", "_*_", "----"],
  [table, table, "||A||\n|1|"],
  ["**b** and *i*", "*b* and _i_", "*b* and _i_"],
  ["# 5", "h1. 5", "h1. 5"],
];
for (const [text, seen, right] of cases) {
  console.log(JSON.stringify(text), JSON.stringify(to_jira(text)), JSON.stringify(other(text)));
  assert.deepStrictEqual([to_jira(text), other(text)], [seen, right]);
}
assert.strictEqual(to_jira(code), "{code}\nif a[b and c]d: 2_3_4\n{code}");
assert(other(code).includes("\nif a<b and c>d: 2*3*4\n"));
JS
node look.js
