#!/usr/bin/env bash
# to-time 1.0.2 beside parse-duration 2.1.9 and timestring 7.0.0, from npm, Node 20 or newer, Linux (2026-12-01).
#
# "Converting from textual time period to time units": '1h', '1y 365d 4h', '1.5 hours'. Without a blank between the parts the number of the first
# is joined to the unit of the last; a decimal comma is dropped; of a range the end is lost. No error, where other text raises "Invalid format":
#   text         to-time            parse-duration, timestring
#   1h30m        1 min              90 min
#   2h15m        2 min              135 min
#   1d12h        1 h                36 h
#   1,5 h        15 h               15 h (a comma groups digits there)
#   1 1/2 h      11 h               raises or differs, too
#   1h 30m, 90m, 1.5 hours          right
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund to-time@1.0.2 parse-duration@2.1.9 timestring@7.0.0 >/dev/null
cat >look.mjs <<'JS'
import assert from "assert";
import parse from "parse-duration";
import timestring from "timestring";
import toTime from "to-time";
const cases = { "1h30m": [1, 90], "2h15m": [2, 135], "1d12h": [60, 2160], "1h 30m": [90, 90], "90m": [90, 90], "1.5 hours": [90, 90] };
for (const [text, [seen, right]] of Object.entries(cases)) {
  console.log(text, toTime(text).minutes(), parse(text, "m"), timestring(text, "m"));
  assert.strictEqual(toTime(text).minutes(), seen);
  assert.strictEqual(parse(text, "m"), right);
  assert.strictEqual(timestring(text, "m"), right);
}
assert.strictEqual(toTime("1,5 h").minutes(), 900);
assert.strictEqual(toTime("1 1/2 h").minutes(), 660);
JS
node look.mjs
