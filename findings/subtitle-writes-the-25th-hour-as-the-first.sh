#!/usr/bin/env bash
# subtitle 4.2.2 beside @plussub/srt-vtt-parser 2.0.5, from npm, Node 20 or newer, Linux (2026-12-01).
#
# Reads and writes SubRip and WebVTT. Hours of WebVTT have two or more digits (W3C WebVTT, 4.1), and recordings of a camera or a test bench are longer than
# a day. From the end of the first day on it writes the hours anew from zero and the milliseconds of the days after the comma:
#   milliseconds     written                  is
#   86399500         23:59:59,500             right
#   86400000         00:00:00,86400000        24:00:00,000
#   90061500         01:01:01,86400500        25:01:01,500
#   360005000        04:00:05,345600000       100:00:05,000
# It reads "25:01:01,500" rightly, but not what it wrote. No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund subtitle@4.2.2 @plussub/srt-vtt-parser@2.0.5 >/dev/null
cat >look.js <<'JS'
const assert = require("assert");
const { parseSync, stringifySync } = require("subtitle");
const plussub = require("@plussub/srt-vtt-parser");
const write = (start) => stringifySync([{ type: "cue", data: { start, end: start + 100, text: "Stop" } }], { format: "SRT" }).split("\n")[1].split(" ")[0];
for (const start of [86399500, 86400000, 90061500, 360005000]) console.log(start, write(start));
assert.strictEqual(write(86399500), "23:59:59,500");
assert(write(86400000).startsWith("00:00:00,864"));
assert(write(90061500).startsWith("01:01:01,"));
assert(write(360005000).startsWith("04:00:05,"));
const text = "1\n25:01:01,500 --> 25:01:02,000\nStop\n";
assert.strictEqual(parseSync(text)[0].data.start, 90061500);
assert.strictEqual(plussub.parse(text).entries[0].from, 90061500);
JS
node look.js
