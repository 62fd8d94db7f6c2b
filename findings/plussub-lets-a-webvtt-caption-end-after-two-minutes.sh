#!/usr/bin/env bash
# @plussub/srt-vtt-parser 2.0.5 beside node-webvtt 2.0.0, from npm, Node 20 or newer, Linux (2026-12-01).
#
# Reads SubRip and WebVTT. The hours of a time may be left out, and settings may follow the times (W3C WebVTT, 4.1 and 4.4). Where both are so and
# the setting has a number, the seconds of the end are read as minutes; otherwise the end is no number:
#   line of times                                srt-vtt-parser      node-webvtt
#   00:01.000 --> 00:02.500 line:0               1 to 120 s          1 to 2.5 s
#   00:01.000 --> 00:40.000 line:0               1 to 2400 s         1 to 40 s
#   05:00.000 --> 05:02.000 align:start          300 to NaN          300 to 302 s
#   00:01.000 --> 00:02.500                      right
#   00:00:01.000 --> 00:00:02.500 line:0         right
# No error: the caption stands over all that follow.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund @plussub/srt-vtt-parser@2.0.5 node-webvtt@2.0.0 >/dev/null
cat >look.js <<'JS'
const assert = require("assert");
const plussub = require("@plussub/srt-vtt-parser");
const webvtt = require("node-webvtt");
const cases = {
  "00:01.000 --> 00:02.500 line:0": [1000, 120000, 2500],
  "05:00.000 --> 05:02.000 align:start": [300000, NaN, 302000],
  "00:01.000 --> 00:40.000 line:0": [1000, 2400000, 40000],
  "00:01.000 --> 00:02.500": [1000, 2500, 2500],
  "00:00:01.000 --> 00:00:02.500 line:0": [1000, 2500, 2500],
};
for (const [times, [start, seen, right]] of Object.entries(cases)) {
  const text = `WEBVTT\n\n${times}\nClose the valve\n`;
  const { from, to } = plussub.parse(text).entries[0];
  const [cue] = webvtt.parse(text).cues;
  console.log(times, from, to, cue.start, cue.end);
  assert.deepStrictEqual([from, to, cue.start * 1000, cue.end * 1000], [start, seen, start, right]);
}
JS
node look.js
