#!/usr/bin/env bash
# chrono-node 2.10.3, from npm, Node 20 or newer, Linux (2026-12-01).
#
# Finds dates in text, in Swedish, too. "i övermorgon" is the day after tomorrow. It is found and gives today, where "i förrgår", the day before
# yesterday, is right, and so is the same word in Finnish, Russian and German. On 1 December 2026, at ten:
#   text                      chrono-node          is
#   sv i övermorgon           1 December           3 December
#   sv vi ses övermorgon      1 December           3 December
#   sv imorgon, förrgår       2 December, 29 November, right
#   fi ylihuomenna            3 December, right
#   de übermorgen             3 December, right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund chrono-node@2.10.3 >/dev/null
cat >look.js <<'JS'
const assert = require("assert");
const chrono = require("chrono-node");
const now = new Date("2026-12-01T10:00:00Z");
const cases = [
  ["sv", "i övermorgon", "12-01"], ["sv", "vi ses övermorgon", "12-01"], ["sv", "imorgon", "12-02"], ["sv", "förrgår", "11-29"],
  ["fi", "ylihuomenna", "12-03"], ["ru", "послезавтра", "12-03"], ["de", "übermorgen", "12-03"],
];
for (const [language, text, seen] of cases) {
  const found = chrono[language].casual.parseDate(text, now).toISOString();
  console.log(language, text, found);
  assert.strictEqual(found.slice(5, 10), seen);
}
JS
TZ=UTC node look.js
