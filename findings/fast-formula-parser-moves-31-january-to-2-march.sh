#!/usr/bin/env bash
# fast-formula-parser 1.0.19 beside hyperformula 3.5.0, from npm, Node 20 or newer, Linux (2026-12-01).
#
# "Fast Excel formula parser & evaluator". EDATE keeps to the last day of a shorter month, WORKDAY counts back over a weekend, "=" between texts does not
# heed capitals, TRIM leaves one blank between words, TIME leaves whole days away (OpenFormula 1.2, part 4, and Microsoft's pages of each):
#   formula                              fast-formula-parser       is (hyperformula)
#   EDATE(31 January 2023, 1)            3 March 2023              28 February 2023
#   EDATE(31 May 2024, 1)                1 July 2024               30 June 2024
#   WORKDAY(Friday 5 January 2024, -1)   the same Friday           Thursday 4 January
#   WORKDAY(10 January 2024, -3)         10 January                5 January
#   "a"="A"                              FALSE                     TRUE
#   TRIM("  a   b ")                     a   b                     a b
#   TIME(25,0,0)                         1.0416…                   .0416…
#   WORKDAY(5 January 2024, 1)           8 January, right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund hyperformula@3.5.0 fast-formula-parser@1.0.19 >/dev/null
cat >look.js <<'JS'
const assert = require("assert");
const { HyperFormula } = require("hyperformula");
const FormulaParser = require("fast-formula-parser");
const sheet = HyperFormula.buildFromArray([[null]], { licenseKey: "gpl-v3" });
const parser = new FormulaParser();
const compute = (formula) => { sheet.setCellContents({ sheet: 0, row: 0, col: 0 }, [["=" + formula]]); return sheet.getCellValue({ sheet: 0, row: 0, col: 0 }); };
const serial = (text) => Math.round((Date.parse(text) - Date.UTC(1899, 11, 30)) / 86400000);
const cases = [
  ["EDATE(DATE(2023,1,31),1)", serial("2023-03-03"), serial("2023-02-28")],
  ["EDATE(DATE(2024,5,31),1)", serial("2024-07-01"), serial("2024-06-30")],
  ["WORKDAY(DATE(2024,1,5),-1)", serial("2024-01-05"), serial("2024-01-04")],
  ["WORKDAY(DATE(2024,1,10),-3)", serial("2024-01-10"), serial("2024-01-05")],
  ["WORKDAY(DATE(2024,1,5),1)", serial("2024-01-08"), serial("2024-01-08")],
  ['"a"="A"', false, true],
  ['TRIM("  a   b ")', "a   b", "a b"],
];
for (const [formula, seen, right] of cases) {
  const found = parser.parse(formula, { row: 1, col: 1, sheet: "one" });
  console.log(formula, found, compute(formula));
  assert.strictEqual(found, seen);
  assert.strictEqual(compute(formula), right);
}
assert(parser.parse("TIME(25,0,0)", { row: 1, col: 1, sheet: "one" }) > 1);
assert(Math.abs(compute("TIME(25,0,0)") - 1 / 24) < 1e-9);
JS
node look.js
