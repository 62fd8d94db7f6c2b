#!/usr/bin/env bash
# to-words 5.7.0, from npm, Node 20 or newer, Linux (2026-12-01).
#
# Writes numbers as words in 136 languages and countries. Different numbers get one text; the minus of a number between -1 and 0 is dropped in
# Persian and Turkish and said in the other 134:
#   language                     numbers               to-words
#   Georgian, ordinals           1100th and 1500th     ერთი ათასი მეასე ("one thousand hundredth")
#   Arabic (9 countries)         1000th and 2000th     الألف ("the thousandth")
#   Persian, Turkish             .5 and -.5            پنج دهم, beş onuncu ("five tenths")
#   Persian, Turkish             1.5 and -1.5          different, right
# In English and German they all differ. No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund to-words@5.7.0 >/dev/null
cat >look.mjs <<'JS'
import assert from "assert";
import { readdirSync } from "fs";
import { ToWords } from "to-words";
const names = readdirSync("node_modules/to-words/dist/esm/locales").filter((name) => /^[a-z]+-[A-Za-z-]+\.js$/.test(name)).map((name) => name.slice(0, -3));
const words = (localeCode) => new ToWords({ localeCode });
const alike = (say, ...numbers) => names.filter((name) => new Set(numbers.map((number) => say(words(name), number))).size < numbers.length);
const ordinal = (one, number) => one.toOrdinal(number);
const cardinal = (one, number) => one.convert(number);
const arabic = alike(ordinal, 1000, 2000);
console.log(alike(ordinal, 1100, 1500), arabic, alike(cardinal, 0.5, -0.5), alike(cardinal, 1.5, -1.5));
assert.deepStrictEqual(alike(ordinal, 1100, 1500), ["ka-GE"]);
assert(arabic.length === 9 && arabic.every((name) => name.startsWith("ar-")));
assert.deepStrictEqual(alike(cardinal, 0.5, -0.5), ["fa-IR", "tr-TR"]);
assert.deepStrictEqual(alike(cardinal, 1.5, -1.5), []);
assert.strictEqual(words("ka-GE").toOrdinal(1500), "ერთი ათასი მეასე");
JS
node look.mjs
