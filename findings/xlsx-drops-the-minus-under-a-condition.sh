#!/usr/bin/env bash
# xlsx 0.18.5 and ssf 0.11.2 beside numfmt 4.0.1, from npm, Node 20 or newer, Linux (2026-12-01).
#
# Format numbers as Excel shows them. A part of a format may have a condition ([<10]0.0); a minus is left to the text of a part only where that part is for numbers below
# zero alone (ISO/IEC 29500-1, 18.8.31). It is dropped with every condition; decimals of seconds are written twice after a single "s":
#   format, number                          xlsx, ssf           is (numfmt)
#   [<10]0.0;0 of -3                        3.0                 -3.0
#   [>100]0;0.0 of -3                       3.0                 -3.0
#   [>=100]0;[<-5]-0.0;0.00 of -3           3.00                -3.00
#   s.0 of 12.3 s                           12.3.3              12.3
#   General of 12345678901.5                12345678901         12345678902
#   0% of .285                              28%                 29%
#   0;(0) of -5, ss.00 of 8.64 s, 0.0 of -3      right
# No error: a temperature below zero is one above.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund xlsx@0.18.5 ssf@0.11.2 numfmt@4.0.1 >/dev/null
cat >look.mjs <<'JS'
import assert from "assert";
import { createRequire } from "module";
import { format } from "numfmt";
const require = createRequire(import.meta.url);
const ssf = require("ssf");
const xlsx = require("xlsx");
const cases = [
  ["[<10]0.0;0", -3, "3.0", "-3.0"],
  ["[>100]0;0.0", -3, "3.0", "-3.0"],
  ["[>=100]0;[<-5]-0.0;0.00", -3, "3.00", "-3.00"],
  ["s.0", 12.3 / 86400, "12.3.3", "12.3"],
  ["General", 12345678901.5, "12345678901", "12345678902"],
  ["0%", 0.285, "28%", "29%"],
  ["0;(0)", -5, "(5)", "(5)"],
  ["ss.00", 8.64 / 86400, "08.64", "08.64"],
  ["0.0", -3, "-3.0", "-3.0"],
];
for (const [pattern, number, seen, right] of cases) {
  const found = [ssf.format(pattern, number), xlsx.SSF.format(pattern, number), format(pattern, number)];
  console.log(pattern, number, found);
  assert.deepStrictEqual(found, [seen, seen, right]);
}
const cell = { t: "n", v: -3, z: "[<10]0.0;0" };
assert.strictEqual(xlsx.utils.sheet_to_csv({ A1: cell, "!ref": "A1" }).trim(), "3.0");
JS
node look.mjs
