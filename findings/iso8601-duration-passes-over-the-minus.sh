#!/usr/bin/env bash
# iso8601-duration 2.1.4 beside duration-fns 3.0.2 and tinyduration 3.4.1, from npm, Node 20 or newer, Linux (2026-12-01).
#
# parse() and toSeconds() of durations. A minus before the P makes the whole negative (ISO 8601-2:2019; XML Schema 1.1 part 2, 3.3.6; RFC
# 5545, 3.3.6, for alarms before an event). Its pattern is looked for anywhere in the text, so that the minus, or what else stands before or
# after, is passed over; other text that is no duration raises:
#   text           iso8601-duration        duration-fns, tinyduration
#   -PT15M         900 s                   -900 s
#   -P1D           86400 s                 -86400 s
#   P1DT-6H        86400 s                 64800 s
#   PT15M, P1D     right
# No error: an alarm a quarter of an hour before is one a quarter of an hour after.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund iso8601-duration@2.1.4 duration-fns@3.0.2 tinyduration@3.4.1 >/dev/null
cat >look.mjs <<'JS'
import assert from "assert";
import iso from "iso8601-duration";
import * as fns from "duration-fns";
import * as tiny from "tinyduration";
const cases = { "-PT15M": [900, -900], "-P1D": [86400, -86400], "P1DT-6H": [86400, 64800], PT15M: [900, 900], P1D: [86400, 86400] };
for (const [text, [seen, right]] of Object.entries(cases)) {
  console.log(text, iso.toSeconds(iso.parse(text)), fns.toSeconds(text), tiny.parse(text));
  assert.strictEqual(iso.toSeconds(iso.parse(text)), seen);
  assert.strictEqual(fns.toSeconds(text), right);
  assert.strictEqual(Boolean(tiny.parse(text).negative), right < 0);
}
JS
node look.mjs
