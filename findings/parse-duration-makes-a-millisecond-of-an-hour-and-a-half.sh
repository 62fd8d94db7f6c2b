#!/usr/bin/env bash
# parse-duration 2.1.9, from npm, Node 20 or newer, Linux (2026-12-01).
#
# "Convert a human readable duration string to a duration". Text that holds no duration gives null. A fraction after a whole number, and
# what is written with colons, give a number all the same, of milliseconds; a minus that is the typographic one (U+2212) is passed over:
#   text        parse-duration            is
#   1½ h        1 ms                      90 min
#   2½ hours    2 ms                      150 min
#   ½ h         null                      30 min
#   1 1/2 h     2 h and 11 ms             90 min
#   1:30:00     1.03 ms                   90 min
#   1:30 h      30 h and 1 ms             90 min
#   2-3 days    3 days and 2 ms           two durations
#   −5 min      5 min                     -5 min, as for "-5 min"
#   1.5 h, 1h30m, 1 h 30, -1h, PT1.5H     right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund parse-duration@2.1.9 >/dev/null
cat >look.mjs <<'JS'
import assert from "assert";
import parse from "parse-duration";
const hour = 3600000;
const cases = {
  "1½ h": 1, "2½ hours": 2, "½ h": null, "1 1/2 h": 2 * hour + 11, "1:30:00": 1.03, "1:30 h": 30 * hour + 1, "2-3 days": 72 * hour + 2,
  "\u22125 min": hour / 12, "-5 min": -hour / 12, "1.5 h": 1.5 * hour, "1h30m": 1.5 * hour, "1 h 30": 1.5 * hour, "-1h": -hour, "PT1.5H": 1.5 * hour,
};
for (const [text, seen] of Object.entries(cases)) {
  console.log(text, parse(text));
  assert.strictEqual(parse(text), seen);
}
JS
node look.mjs
