#!/usr/bin/env bash
# webvtt-parser 2.2.0, from npm, Node 20 or newer, Python 3.11, Linux (2026-12-01).
#
# "WebVTT parser and validator". In a caption "&lt;", "&gt;" and "&amp;" stand for "<", ">" and "&", and the semicolon ends the reference (W3C WebVTT, 4.2.2, 6.4). The
# tree of its captions has the sign, and the semicolon after it as text; its list of errors is empty:
#   in the file                webvtt-parser          is
#   Set 10 &lt; 20 bar         Set 10 <; 20 bar       Set 10 < 20 bar
#   R&amp;D                    R&;D                   R&D
#   Set 10 bar                 right
# Python's html.unescape(), of a standard that has these references, too, says the same as the last column. No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund webvtt-parser@2.2.0 >/dev/null
cat >look.js <<'JS'
const assert = require("assert");
const { WebVTTParser } = require("webvtt-parser");
const letters = (node) => (node.type === "text" ? node.value : (node.children ?? []).map(letters).join(""));
const cases = { "Set 10 &lt; 20 bar": "Set 10 <; 20 bar", "R&amp;D": "R&;D", "5 &gt; 3": "5 >; 3", "Set 10 bar": "Set 10 bar" };
for (const [text, seen] of Object.entries(cases)) {
  const { cues, errors } = new WebVTTParser().parse(`WEBVTT\n\n00:01.000 --> 00:02.000\n${text}\n`, "captions");
  console.log(text, letters(cues[0].tree), errors);
  assert.strictEqual(letters(cues[0].tree).trim(), seen);
  assert.strictEqual(errors.length, 0);
}
JS
node look.js
python3 -c 'import html; assert [html.unescape(text) for text in ("Set 10 &lt; 20 bar", "R&amp;D")] == ["Set 10 < 20 bar", "R&D"]'
