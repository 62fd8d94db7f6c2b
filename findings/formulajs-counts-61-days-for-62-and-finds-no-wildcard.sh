#!/usr/bin/env bash
# @formulajs/formulajs 4.6.1 beside hyperformula 3.5.0, from npm, Node 20 or newer, Linux (2026-12-01).
#
# Treasury bills are counted in actual days of a year of 360 (Microsoft's page of TBILLPRICE has this example: 98.45); here in months of 30. DAYS360 takes the
# 29th of February for a 30th, NETWORKDAYS counts other days where the dates are the other way round, "a*" of COUNTIF is taken literally and with its capitals:
#   function                                           formulajs     is (hyperformula)
#   TBILLPRICE(31 March 2008; 1 June 2008; .09)        98.475        98.45 (62 days)
#   DAYS360(31 January 2024; 29 February 2024)         30            29
#   NETWORKDAYS(31 January 2024; 1 January 2024)       -29           -23, as 23 the other way round
#   COUNTIF({a; B; ab}; "a*")                          0             2
#   COUNTIF({A; b}; "a")                               0             1
#   NETWORKDAYS(1 January 2024; 31 January 2024)       23, right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund @formulajs/formulajs@4.6.1 hyperformula@3.5.0 >/dev/null
cat >look.js <<'JS'
const assert = require("assert");
const f = require("@formulajs/formulajs");
const { HyperFormula } = require("hyperformula");
const day = (year, month, number) => new Date(year, month - 1, number);
const compute = (formula) => HyperFormula.buildFromArray([["=" + formula]], { licenseKey: "gpl-v3" }).getCellValue({ sheet: 0, row: 0, col: 0 });
const cases = [
  [f.TBILLPRICE(day(2008, 3, 31), day(2008, 6, 1), 0.09), 98.475, "TBILLPRICE(DATE(2008,3,31),DATE(2008,6,1),0.09)", 98.45],
  [f.DAYS360(day(2024, 1, 31), day(2024, 2, 29)), 30, "DAYS360(DATE(2024,1,31),DATE(2024,2,29))", 29],
  [f.NETWORKDAYS(day(2024, 1, 1), day(2024, 1, 31)), 23, "NETWORKDAYS(DATE(2024,1,1),DATE(2024,1,31))", 23],
  [f.COUNTIF(["a", "B", "ab"], "a*"), 0, 'COUNTIF({"a","B","ab"},"a*")', 2],
  [f.COUNTIF(["A", "b"], "a"), 0, 'COUNTIF({"A","b"},"a")', 1],
];
for (const [found, seen, formula, right] of cases) {
  console.log(formula, found, compute(formula));
  assert(Math.abs(found - seen) < 1e-6 && Math.abs(compute(formula) - right) < 1e-6, formula);
}
assert.strictEqual(f.NETWORKDAYS(day(2024, 1, 31), day(2024, 1, 1)), -29);
assert.strictEqual((Date.UTC(2008, 5, 1) - Date.UTC(2008, 2, 31)) / 86400000, 62);
JS
TZ=UTC node look.js
