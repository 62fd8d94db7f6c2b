#!/usr/bin/env bash
# md-to-adf 0.6.4, from npm, Node 20 or newer, Linux (2026-12-01).
#
# Turns Markdown into the document format of Jira and Confluence. What stands between two colons is taken for the name of a little picture, numbers within times and ratios among
# them, though none is named so; a backslash does not keep a sign as it is, but stays (GitHub Flavored Markdown, 2.4, 6.2):
#   Markdown               seen                                        is
#   at 10:30:45 stop       "at 10", emoji "30", "45 stop"              text
#   ratio 1:2:3            "ratio 1", emoji "2", "3"                   text
#   MAC 00:1a:2b           "MAC 00", emoji "1a", "2b"                  text
#   2 \* 3 \* 4            "2 \", italic " 3 \", " 4"                  2 * 3 * 4
#   part AB_12_C           "part AB", italic "12", "C"                 AB_12_C; "_" counts only beside words
#   `b:c:d`                code, right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund md-to-adf@0.6.4 >/dev/null
cat >look.mjs <<'JS'
import assert from "assert";
import { createRequire } from "module";
const convert = createRequire(import.meta.url)("md-to-adf");

const cases = {
  "at 10:30:45 stop": ["at 10", "emoji 30", "45 stop"],
  "ratio 1:2:3": ["ratio 1", "emoji 2", "3"],
  "MAC 00:1a:2b": ["MAC 00", "emoji 1a", "2b"],
  "2 \\* 3 \\* 4": ["2 \\", "em  3 \\", " 4"],
  "part AB_12_C": ["part AB", "em 12", "C"],
  "`b:c:d`": ["code b:c:d"],
};
for (const [text, seen] of Object.entries(cases)) {
  const [paragraph] = JSON.parse(convert(text).toString()).content;
  const parts = paragraph.content.map((part) => (part.type === "emoji" ? `emoji ${part.attrs.shortName}` : [...(part.marks ?? []).map((mark) => mark.type), part.text].join(" ")));
  console.log(text, parts);
  assert.deepEqual(parts, seen);
}
JS
node look.mjs
