#!/usr/bin/env bash
# decimal-number-to-words 1.3.3 beside number-to-words 1.2.4, from npm, Node 20 or newer, Linux (2026-12-01).
#
# "Converts numbers including decimal values to words". Its documentation has toWords(-3) as "minus three". Every number below zero, and zero
# itself, is an empty text; the ordinal of a number below one is "zeroth":
#   number     decimal-number-to-words    is
#   -3         (nothing)                  minus three (its documentation, number-to-words)
#   -1.5       (nothing)                  minus one point five
#   0          (nothing)                  zero (number-to-words)
#   .05        zero point zero five       right
#   1.05       one point zero five        right
# No error: of "from -3 to 5 °C" one number is left.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund decimal-number-to-words@1.3.3 number-to-words@1.2.4 >/dev/null
cat >look.js <<'JS'
const assert = require("assert");
const fs = require("fs");
const { toWords } = require("decimal-number-to-words");
const other = require("number-to-words");
const cases = { "-3": "", "-1.5": "", 0: "", 0.05: "zero point zero five", 1.05: "one point zero five", 12.34: "twelve point three four" };
for (const [number, seen] of Object.entries(cases)) {
  console.log(number, JSON.stringify(toWords(Number(number))));
  assert.strictEqual(toWords(Number(number)), seen);
}
assert.strictEqual(other.toWords(-3), "minus three");
assert.strictEqual(other.toWords(0), "zero");
assert(/toWords\(-3\).*minus three/.test(fs.readFileSync("node_modules/decimal-number-to-words/README.md", "utf8")));
JS
node look.js
