#!/usr/bin/env bash
# human-interval 2.0.1, from npm, Node 20 or newer, Linux (2026-12-01).
#
# Gives milliseconds for times in words, "a minute and twelve seconds", "1.5 minutes", for a scheduler of jobs. Words of numbers are understood ("one hundred and five"), but
# thousands, commas, halves and the minus of a second part are passed over:
#   text                       seen        is
#   ten thousand seconds       10 s        10,000 s
#   1,000 seconds              1 s         1,000 s
#   five and a half hours      5 h         5 h 30 min
#   half an hour               0           30 min
#   -1 hour and 30 minutes     -30 min     -90 min
#   1.5 hours                  5,400 s     right
#   one hundred and five seconds, two hours: right
# No error. A job that is to run every half hour has an interval of nothing.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund human-interval@2.0.1 >/dev/null
cat >look.mjs <<'JS'
import assert from "assert";
import { createRequire } from "module";
const interval = createRequire(import.meta.url)("human-interval");

const cases = {
  "ten thousand seconds": 10,
  "1,000 seconds": 1,
  "five and a half hours": 18000,
  "half an hour": 0,
  "-1 hour and 30 minutes": -1800,
  "1.5 hours": 5400,
  "one hundred and five seconds": 105,
  "two hours": 7200,
};
for (const [text, seconds] of Object.entries(cases)) {
  console.log(text, interval(text) / 1000);
  assert.equal(interval(text), seconds * 1000);
}
JS
node look.mjs
