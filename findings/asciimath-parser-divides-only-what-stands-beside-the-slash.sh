#!/usr/bin/env bash
# asciimath-parser 0.6.11 beside asciimath-to-latex 0.5.1 and asciimath2tex 1.5.0, from npm, Node 20 or newer, Linux (2026-12-01).
#
# "Transform asciimath to LaTeX". In AsciiMath f and g are functions, so that f(x) is one thing before a slash; a slash takes one simple thing on each side, so that 1/2/3
# is a half, then "/3"; [[a,b],[c,d]] is a matrix (asciimath.org, grammar and list of symbols). The other two read it so:
#   AsciiMath          asciimath-parser                     the others
#   f(x)/g(x)          f times x over g times (x)           f(x) over g(x)
#   1/2/3              1 over (2 over 3), which is 1.5      (1 over 2) / 3, a sixth
#   [[a,b],[c,d]]      [[a, b], [c, d]]                     a matrix
#   (a+b)/c, 1/2, x^(-2)       alike
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund asciimath-parser@0.6.11 asciimath-to-latex@0.5.1 asciimath2tex@1.5.0 >/dev/null
cat >look.mjs <<'JS'
import assert from "assert";
import { createRequire } from "module";
import { AsciiMath } from "asciimath-parser";
const require = createRequire(import.meta.url);
const plain = (name) => require(name).default ?? require(name);
const Tex = plain("asciimath2tex");
const bare = (text) => text.replace(/\\displaystyle|\\left\.?|\\right\.?|[{}\s]/g, "");
const write = [(text) => new AsciiMath().toTex(text), plain("asciimath-to-latex"), (text) => new Tex().parse(text)];
const cases = {
  "f(x)/g(x)": ["f\\fracxg(x)", "\\fracf(x)g(x)"],
  "1/2/3": ["\\frac1\\frac23", "\\frac12/3"],
  "(a+b)/c": ["\\fraca+bc", "\\fraca+bc"],
  "1/2": ["\\frac12", "\\frac12"],
  "x^(-2)": ["x^-2", "x^-2"],
};
for (const [text, [seen, right]] of Object.entries(cases)) {
  const found = write.map((one) => bare(one(text)));
  console.log(text, write.map((one) => one(text)));
  assert.deepStrictEqual(found, [seen, right, right], text);
}
const matrices = write.map((one) => one("[[a,b],[c,d]]").includes("matrix"));
assert.deepStrictEqual(matrices, [false, true, true]);
JS
node look.mjs
