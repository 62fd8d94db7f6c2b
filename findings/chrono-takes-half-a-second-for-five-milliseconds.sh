#!/usr/bin/env bash
# chrono-node 2.10.3 beside luxon 3.7.2, from npm, Node 20 or newer, Linux (2026-12-01).
#
# Finds dates in text, those of ISO 8601, too. Digits behind the point of seconds are a decimal fraction (ISO 8601-1; RFC 3339, 5.6: "." 1*DIGIT). One or two of them are
# read as whole milliseconds; more than three, and a comma, end the date before, so that its zone is lost as well:
#   text                              chrono-node                      luxon
#   2027-03-01T10:00:00.5Z            10:00:00.005                     10:00:00.500
#   2027-03-01T10:00:00.25Z           10:00:00.025                     10:00:00.250
#   10:30:15.5                        10:30:15.005                     (no date)
#   2027-03-01T10:00:00.123456+05:00  10:00:00 local time, no zone     05:00:00.123 in UTC
#   2027-03-01T10:00:00,5+05:00       10:00:00 local time, no zone     05:00:00.500 in UTC
#   2027-03-01T10:00:00.125Z          right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund chrono-node@2.10.3 luxon@3.7.2 >/dev/null
cat >look.js <<'JS'
const assert = require("assert");
const chrono = require("chrono-node");
const { DateTime } = require("luxon");
const find = (text) => chrono.parseDate(text, new Date("2026-12-01T10:00:00Z")).toISOString().slice(11, 23);
const read = (text) => DateTime.fromISO(text, { zone: "utc" }).toISO().slice(11, 23);
const cases = {
  "2027-03-01T10:00:00.5Z": ["10:00:00.005", "10:00:00.500"],
  "2027-03-01T10:00:00.25Z": ["10:00:00.025", "10:00:00.250"],
  "2027-03-01T10:00:00.125Z": ["10:00:00.125", "10:00:00.125"],
  "2027-03-01T10:00:00.123456+05:00": ["10:00:00.000", "05:00:00.123"],
  "2027-03-01T10:00:00,5+05:00": ["10:00:00.000", "05:00:00.500"],
};
for (const [text, expected] of Object.entries(cases)) {
  console.log(text, find(text), read(text));
  assert.deepStrictEqual([find(text), read(text)], expected);
}
assert.strictEqual(find("at 10:30:15.5"), "10:30:15.005");
JS
TZ=UTC node look.js
