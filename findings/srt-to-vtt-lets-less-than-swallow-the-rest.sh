#!/usr/bin/env bash
# srt-to-vtt 1.1.3 and subtitle 4.2.2 beside webvtt-parser 2.2.0, from npm, Node 20 or newer, Linux (2026-12-01).
#
# Turn SubRip into WebVTT. In SubRip "<" is a sign as any other unless a tag follows; in WebVTT it opens a tag, up to the next ">" or the end of the
# caption, and is written "&lt;" (W3C WebVTT, 4.2.2 and 6.4). It is passed on as it is, so that a reader that keeps to the standard shows less:
#   SubRip                     shown of what both write       is
#   Set 10 < 20 bar            Set 10                         Set 10 < 20 bar
#   Keep p<5 and q>3 bar       Keep p3 bar                    Keep p<5 and q>3 bar
#   p<q                        p                              p<q
#   Set 10 > 5 bar; Drain <i>slowly</i>      right, the second in italics
# No error: a limit is cut off, or two of them become one.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund srt-to-vtt@1.1.3 subtitle@4.2.2 webvtt-parser@2.2.0 >/dev/null
cat >look.js <<'JS'
const assert = require("assert");
const convert = require("srt-to-vtt");
const { parseSync, stringifySync } = require("subtitle");
const { WebVTTParser } = require("webvtt-parser");
const captions = (text) => `1\n00:00:01,000 --> 00:00:02,000\n${text}\n`;
const vtt = (text) => new Promise((done) => {
  const stream = convert();
  let written = "";
  stream.on("data", (part) => (written += part));
  stream.on("end", () => done(written));
  stream.end(captions(text));
});
const letters = (node) => (node.type === "text" ? node.value : (node.children ?? []).map(letters).join(""));
const shown = (written) => { const [cue] = new WebVTTParser().parse(written.replace(/\r\n/g, "\n"), "captions").cues; return letters(cue.tree).trim(); };
(async () => {
  const cases = { "Set 10 < 20 bar": "Set 10", "Keep p<5 and q>3 bar": "Keep p3 bar", "p<q": "p", "Set 10 > 5 bar": "Set 10 > 5 bar", "Drain <i>slowly</i>": "Drain slowly" };
  for (const [text, seen] of Object.entries(cases)) {
    const found = [shown(await vtt(text)), shown(stringifySync(parseSync(captions(text)), { format: "WebVTT" }))];
    console.log(text, found);
    assert.deepStrictEqual(found, [seen, seen]);
  }
})().catch((error) => { console.error(error); process.exit(1); });
JS
node look.js
