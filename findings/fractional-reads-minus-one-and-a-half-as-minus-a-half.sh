#!/usr/bin/env bash
# fractional 1.0.0 beside numeric-quantity 3.3.3, from npm, Node 20 or newer, Linux (2026-12-01).
#
# "Fraction arithmetic". new Fraction("1 1/2") reads a mixed number, and toString() writes one. The minus of a mixed number is that of the whole number alone, so that the
# fraction is taken off again; it reads otherwise than it writes:
#   expression                                  fractional      is (numeric-quantity)
#   new Fraction("-1 1/2")                      -1/2            -1 1/2
#   new Fraction("-2 3/4")                      -1 1/4          -2 3/4
#   new Fraction(new Fraction(-5, 2) + "")      -1 1/2          -2 1/2, which it wrote
#   new Fraction("1 1/2"), new Fraction("-1/2"), new Fraction(-1.5)      right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund fractional@1.0.0 numeric-quantity@3.3.3 >/dev/null
cat >look.js <<'JS'
const assert = require("assert");
const { Fraction } = require("fractional");
const { numericQuantity } = require("numeric-quantity");
const value = (text) => { const read = new Fraction(text); return read.numerator / read.denominator; };
const cases = { "-1 1/2": [-0.5, -1.5], "-2 3/4": [-1.25, -2.75], "1 1/2": [1.5, 1.5], "-1/2": [-0.5, -0.5] };
for (const [text, expected] of Object.entries(cases)) {
  console.log(text, new Fraction(text).toString(), numericQuantity(text));
  assert.deepStrictEqual([value(text), numericQuantity(text)], expected);
}
const written = new Fraction(-5, 2).toString();
assert.strictEqual(written, "-2 1/2");
assert.strictEqual(new Fraction(written).toString(), "-1 1/2");
assert.strictEqual(new Fraction(-1.5).toString(), "-1 1/2");
JS
node look.js
