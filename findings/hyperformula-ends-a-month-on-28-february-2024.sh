#!/usr/bin/env bash
# hyperformula 3.5.0 beside fast-formula-parser 1.0.19, from npm, Node 20 or newer, Linux (2026-12-01).
#
# Computes formulas of spreadsheets. INT "rounds a number down to the nearest integer" (its list of functions), EDATE moves a date by
# months and keeps to the month's last day, ISOWEEKNUM is the week of ISO 8601, whose last days of December may be of the next year's first:
#   formula                            hyperformula     is
#   INT(-2.5), INT(-.5)                -2, 0            -3, -1
#   EDATE(31 January 2024, 1)          28 February      29 February
#   EDATE(29 January 2024, 1)          28 February      29 February
#   EDATE(31 March 2024, -1)           28 February      29 February
#   ISOWEEKNUM(30 December 2024)       53               1
#   ISOWEEKNUM(31 December 2018)       53               1
#   INT(2.5), EOMONTH(31 January 2024, 1), ISOWEEKNUM(31 December 2020)      2, 29 February, 53, right
# Python's math.floor and date.isocalendar() say the same as the last column. No error.
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
const day = (year, month, number) => `DATE(${year},${month},${number})`;
const february = compute(day(2024, 2, 28));
const cases = [
  ["INT(-2.5)", -2, -3],
  ["INT(-0.5)", 0, -1],
  ["INT(2.5)", 2, 2],
  [`ISOWEEKNUM(${day(2024, 12, 30)})`, 53, 1],
  [`ISOWEEKNUM(${day(2018, 12, 31)})`, 53, 1],
  [`ISOWEEKNUM(${day(2020, 12, 31)})`, 53, 53],
  [`EOMONTH(${day(2024, 1, 31)},1)`, february + 1, february + 1],
  [`EDATE(${day(2024, 1, 29)},1)`, february, february + 1],
];
for (const [formula, seen, right] of cases) {
  const other = parser.parse(formula, { row: 1, col: 1, sheet: "one" });
  console.log(formula, compute(formula), other);
  assert(compute(formula) === seen && other === right, formula);
}
for (const formula of [`EDATE(${day(2024, 1, 31)},1)`, `EDATE(${day(2024, 3, 31)},-1)`]) assert.strictEqual(compute(formula), february);
JS
node look.js
python3 - <<'PY'
import datetime
import math

assert [math.floor(-2.5), math.floor(-0.5)] == [-3, -1]
days = datetime.date(2024, 12, 30), datetime.date(2018, 12, 31), datetime.date(2020, 12, 31)
assert [day.isocalendar()[1] for day in days] == [1, 1, 53]
assert datetime.date(2024, 3, 1) - datetime.timedelta(1) == datetime.date(2024, 2, 29)
PY
