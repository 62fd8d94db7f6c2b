#!/usr/bin/env bash
# juration 0.1.1 and timestring 7.0.0, from npm, Node 20 or newer, Linux (2026-12-01).
#
# Read durations, "1h30m", "2 weeks", into seconds. Juration takes every number without a unit for seconds and adds it, parts of a clock and digits behind a comma among them; both
# pass over signs. Juration writes such times ("chrono") as 1:30 itself, and cannot read them again; below zero it writes ones that are none:
#   text or number            juration                 timestring      is
#   1:30                      31 s                     error           90 s or 90 min
#   1:30:00                   31 s                     error           5,400 s
#   1,5 hours                 18,001 s                 54,000 s        5,400 s, or an error
#   -5 minutes                300 s                    300 s           -300 s
#   5 min -2 s                302 s                    302 s           298 s
#   stringify(90), chrono     1:30                                     right
#   stringify(-90), chrono    -1:-1:-1:-1:-2:-30                       -1:30
#   1.5 hours, 1h30m          5,400 s                  5,400 s         right
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund juration@0.1.1 timestring@7.0.0 >/dev/null
cat >look.mjs <<'JS'
import assert from "assert";
import { createRequire } from "module";
import timestring from "timestring";
const juration = createRequire(import.meta.url)("juration");

const cases = [
  ["1:30", 31, null],
  ["1:30:00", 31, null],
  ["1,5 hours", 18001, 54000],
  ["-5 minutes", 300, 300],
  ["5 min -2 s", 302, 302],
  ["1.5 hours", 5400, 5400],
  ["1h30m", 5400, 5400],
];
for (const [text, one, two] of cases) {
  let other = null;
  try {
    other = timestring(text, "s");
  } catch (error) {
    console.log(error.message);
  }
  console.log(text, juration.parse(text), other);
  assert.equal(juration.parse(text), one);
  assert.equal(other, two);
}
assert.equal(juration.stringify(90, { format: "chrono" }), "1:30");
assert.equal(juration.stringify(-90, { format: "chrono" }), "-1:-1:-1:-1:-2:-30");
JS
node look.mjs
