#!/usr/bin/env bash
# evaluatex 2.2.0 beside mathjs 15.1.0, from npm, Node 20 or newer, Linux (2026-12-01).
#
# "An ASCII and LaTeX math parser and evaluator". Of a root with an index, \sqrt[3]{8} (LaTeX, L. Lamport, 3.3), the square root
# is taken of the index, and what should stand under it is a factor beside it; \log gives no number:
#   LaTeX              evaluatex      is
#   \sqrt[3]{8}        13.8564        2
#   \sqrt[3]{27}       46.7654        3
#   \sqrt[4]{16}       32             2
#   \log 100           NaN            2
#   \sqrt{16}, \frac{1}{2}, 10^{-3}   right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund evaluatex@2.2.0 mathjs@15.1.0 >/dev/null
cat >look.js <<'JS'
const assert = require("assert");
const loaded = require("evaluatex");
const evaluatex = loaded.default ?? loaded;
const { nthRoot } = require("mathjs");
const compute = (text) => evaluatex(text, {}, { latex: true })();
for (const [index, radicand] of [[3, 8], [3, 27], [4, 16]]) {
  const found = compute(`\\sqrt[${index}]{${radicand}}`);
  console.log(index, radicand, found, nthRoot(radicand, index));
  assert(Math.abs(found - Math.sqrt(index) * radicand) < 1e-9);
  assert(Math.abs(nthRoot(radicand, index) ** index - radicand) < 1e-9);
}
assert(Number.isNaN(compute("\\log 100")));
assert.strictEqual(compute("\\sqrt{16}"), 4);
assert.strictEqual(compute("\\frac{1}{2}"), 0.5);
assert.strictEqual(compute("10^{-3}"), 0.001);
JS
node look.js
