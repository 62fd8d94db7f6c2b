#!/usr/bin/env bash
# vtt-to-json 0.1.1 beside node-webvtt 2.0.0, from npm, Node 20 or newer, Linux (2026-12-01).
#
# "Convert VTT file to JSON". In WebVTT a caption may have a line above its times that names it, a number as a rule, and its text has "&lt;" for "<" (W3C
# WebVTT, 4.1, 4.2.2). The name is read as what is said, at the end of the caption before or as a caption of its own; with it, or with
# two captions, the last one is lost; points and signs are taken from the words:
#   file                                      vtt-to-json                          is
#   1 "Set 3", 2 "bar", 3 "Done"              "Set 3", "2", "bar 3"                "Set 3", "bar", "Done"
#   two captions without names                the first, and an empty one          two
#   words of "2.5 bar &lt; 3"                 25, bar, lt, 3                       2.5, bar, <, 3
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund vtt-to-json@0.1.1 node-webvtt@2.0.0 >/dev/null
cat >look.js <<'JS'
const assert = require("assert");
const read = require("vtt-to-json");
const webvtt = require("node-webvtt");
const time = (second) => `00:00:0${second}.000 --> 00:00:0${second + 1}.000`;
const named = `WEBVTT\n\n1\n${time(1)}\nSet 3\n\n2\n${time(3)}\nbar\n\n3\n${time(5)}\nDone\n`;
const plain = `WEBVTT\n\n${time(1)}\nSet 3 bar\n\n${time(3)}\nWait\n`;
const points = `WEBVTT\n\n${time(1)}\n2.5 bar &lt; 3\n`;
const parts = async (text) => (await read(text)).map((caption) => caption.part);
(async () => {
  for (const [text, seen, right] of [[named, ["Set 3", "2", "bar 3"], ["Set 3", "bar", "Done"]], [plain, ["Set 3 bar", ""], ["Set 3 bar", "Wait"]]]) {
    console.log(await parts(text), webvtt.parse(text).cues.map((cue) => cue.text));
    assert.deepStrictEqual(await parts(text), seen);
    assert.deepStrictEqual(webvtt.parse(text).cues.map((cue) => cue.text), right);
  }
  const words = (await read(points))[0].words.map((one) => one.word);
  console.log(words);
  assert.deepStrictEqual(words, ["25", "bar", "lt", "3"]);
})().catch((error) => { console.error(error); process.exit(1); });
JS
node look.js
