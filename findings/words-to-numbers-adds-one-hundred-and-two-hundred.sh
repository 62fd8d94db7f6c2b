#!/usr/bin/env bash
# words-to-numbers 1.5.1, from npm, Node 20 or newer, Linux (2026-12-01).
#
# Replaces numbers written as words in a text ("Returns a string with all instances replaced"). Two numbers of hundreds that "and" or a blank parts are
# added up, a decimal before "million" becomes no number at all, and a second of time is taken for the number two. recognizers-text-suite
# 1.0.2a2 for Python finds the first two as written:
#   text                                         words-to-numbers            is
#   between one hundred and two hundred volts    between 300 volts           between 100 and 200 volts
#   two hundred three hundred                    500                         200 300
#   one point five million volts are needed      NaN volts are needed        1500000 volts are needed
#   one point five million                       null                        1500000
#   wait a second                                wait 1 2                    wait a second
#   between five and ten bar; from two thousand to three thousand; one hundred and five      right
# No error: a range is a sum.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund words-to-numbers@1.5.1 >/dev/null
cat >look.js <<'JS'
const assert = require("assert");
const read = require("words-to-numbers").default;
const cases = {
  "between one hundred and two hundred volts": "between 300 volts",
  "two hundred three hundred": 500,
  "one point five million volts are needed": "NaN volts are needed",
  "wait a second": "wait 1 2",
  "between five and ten bar": "between 5 and 10 bar",
  "from two thousand to three thousand": "from 2000 to 3000",
  "one hundred and five": 105,
};
for (const [text, seen] of Object.entries(cases)) {
  console.log(text, "|", read(text));
  assert.deepStrictEqual(read(text), seen);
}
assert(!Number.isFinite(read("one point five million")));
JS
node look.js
