#!/usr/bin/env bash
# any-date-parser 2.2.4 beside luxon 3.7.2, from npm, Node 20 or newer, Linux (2026-12-01).
#
# "Parse a wide range of date formats including human-input dates". Dates of ISO 8601-1 and of mail (RFC 5322, 3.3). A week date is read as month and day, a zone is dropped
# where no seconds stand before it or a name of the day does, 24:00 is the beginning of that day and not its end:
#   text                                any-date-parser        is (luxon)
#   2027-W05-1                          1 May 2027             1 February 2027
#   2027-03-01T10:00-03:30              10:00 UTC              13:30 UTC
#   Mon, 01 Mar 2027 10:00:00 +0200     10:00 UTC              08:00 UTC
#   2027-03-01T24:00:00Z                1 March, 0:00          2 March, 0:00
#   2027-03-01T10:00:00-03:30, 2027-03-01T10:00:00.5+02:00      right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund any-date-parser@2.2.4 luxon@3.7.2 >/dev/null
cat >look.mjs <<'JS'
import assert from "assert";
import parser from "any-date-parser";
import { DateTime } from "luxon";
const options = { zone: "utc" };
const cases = {
  "2027-W05-1": ["2027-05-01T00:00:00.000Z", "2027-02-01T00:00:00.000Z"],
  "2027-03-01T10:00-03:30": ["2027-03-01T10:00:00.000Z", "2027-03-01T13:30:00.000Z"],
  "Mon, 01 Mar 2027 10:00:00 +0200": ["2027-03-01T10:00:00.000Z", "2027-03-01T08:00:00.000Z"],
  "2027-03-01T24:00:00Z": ["2027-03-01T00:00:00.000Z", "2027-03-02T00:00:00.000Z"],
  "2027-03-01T10:00:00-03:30": ["2027-03-01T13:30:00.000Z", "2027-03-01T13:30:00.000Z"],
  "2027-03-01T10:00:00.5+02:00": ["2027-03-01T08:00:00.500Z", "2027-03-01T08:00:00.500Z"],
};
for (const [text, [seen, right]] of Object.entries(cases)) {
  const other = (text.startsWith("Mon") ? DateTime.fromRFC2822(text, options) : DateTime.fromISO(text, options)).toUTC().toISO();
  const found = new Date(parser.fromString(text)).toISOString();
  console.log(text, found, other);
  assert.deepStrictEqual([found, other], [seen, right]);
}
JS
TZ=UTC node look.mjs
