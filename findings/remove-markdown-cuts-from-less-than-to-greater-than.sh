#!/usr/bin/env bash
# remove-markdown 0.7.0 beside markdown-to-txt 2.0.1, from npm, Node 20 or newer, Linux (2026-12-01).
#
# "Remove Markdown formatting from text". "<" opens a tag only before a letter, "/", "!" or "?", and nothing within code is one (CommonMark 0.31, 6.1 and 6.6). What
# stands from any "<" to the next ">" is cut, in code as well; of two brackets of which one is a link the wrong ones go; "\*" keeps its backslash:
#   Markdown                       remove-markdown     markdown-to-txt
#   5<6 and 7>3                    53                  5<6 and 7>3
#   x < 5 and y > 3                x  3                x < 5 and y > 3
#   code: if a < b && c > d        if a  d             if a < b && c > d
#   see [1] and [2](x)             see 1] and [2       see [1] and 2
#   a \* b                         a \* b              a * b
#   *5* and ~~6~~, > 5 bar, # 5    right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund remove-markdown@0.7.0 markdown-to-txt@2.0.1 lodash@4.18.1 >/dev/null
cat >look.js <<'JS'
const assert = require("assert");
const loaded = [require("remove-markdown"), require("markdown-to-txt")];
const [remove, plain] = loaded.map((one) => one.default ?? one.markdownToTxt ?? one);
const cases = {
  "5<6 and 7>3": ["53", "5<6 and 7>3"],
  "x < 5 and y > 3": ["x  3", "x < 5 and y > 3"],
  "see [1] and [2](x)": ["see 1] and [2", "see [1] and 2"],
  "a \\* b": ["a \\* b", "a * b"],
  "*5* and ~~6~~": ["5 and 6", "5 and 6"],
  "> 5 bar": ["5 bar", "5 bar"],
};
for (const [text, expected] of Object.entries(cases)) {
  console.log(JSON.stringify(text), remove(text), "|", plain(text));
  assert.deepStrictEqual([remove(text), plain(text)], expected);
}
const code = "```\nif a < b && c > d\n```";
console.log(remove(code), "|", plain(code));
assert(!remove(code).includes("b && c") && plain(code).includes("if a < b && c > d"));
JS
node look.js
