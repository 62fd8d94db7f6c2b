#!/usr/bin/env bash
# ascii2mathml 0.7.1, from npm, Node 20 or newer, Linux (2026-12-01).
#
# Turns AsciiMath into MathML. Brackets that only group, as in an index, an exponent or a fraction, are left out, and with them goes the comma between their parts: it is
# the separator of columns, and is written only where the brackets stay:
#   AsciiMath        MathML                                     read as
#   x_(1,2)          <msub> x <mrow> 1 2                        x with index 12
#   x_(12)           <msub> x 12                                the same, and right
#   a_(i,j)          <msub> a <mrow> i j                        i times j
#   10^(2,5)         <msup> 10 <mrow> 2 5                       10 to the 25th
#   (1,5)/2          <mfrac> <mrow> 1 5, 2                      15 halves
#   f(1,5)           <mfenced> 1 5, right: its own separator is a comma
# asciimath.org draws the comma. (With decimalMark "," it is kept, as the separator is a semicolon then, which is lost instead.)
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund ascii2mathml@0.7.1 >/dev/null
cat >look.mjs <<'JS'
import assert from "assert";
import { createRequire } from "module";
const loaded = createRequire(import.meta.url)("ascii2mathml");
const convert = loaded.default ?? loaded;

const cases = {
  "x_(1,2)": "<msub><mi>x</mi><mrow><mn>1</mn><mn>2</mn></mrow></msub>",
  "x_(12)": "<msub><mi>x</mi><mn>12</mn></msub>",
  "a_(i,j)": "<msub><mi>a</mi><mrow><mi>i</mi><mi>j</mi></mrow></msub>",
  "10^(2,5)": "<msup><mn>10</mn><mrow><mn>2</mn><mn>5</mn></mrow></msup>",
  "(1,5)/2": "<mfrac><mrow><mn>1</mn><mn>5</mn></mrow><mn>2</mn></mfrac>",
  "f(1,5)": '<mi>f</mi><mfenced open="(" close=")"><mn>1</mn><mn>5</mn></mfenced>',
};
for (const [formula, seen] of Object.entries(cases)) {
  const found = convert(formula).replace(/<math[^>]*>|<\/math>/g, "");
  console.log(formula, found);
  assert.equal(found, seen);
}
assert(convert("x^(1;5)", { decimalMark: "," }).includes("<mrow><mn>1</mn><mn>5</mn></mrow>"));
JS
node look.mjs
