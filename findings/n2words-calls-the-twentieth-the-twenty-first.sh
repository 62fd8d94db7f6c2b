#!/usr/bin/env bash
# n2words 4.0.0, from npm, Node 20 or newer, Linux (2026-12-01).
#
# Writes ordinal numbers in 71 languages. Different numbers get one text in three of them. Modern Hebrew has no own ordinals from eleven on: the
# twentieth is "העשרים", and "עשרים וראשון" is twenty-and-first. The Romanian two hundredth is "al două sutelea":
#   language           numbers               n2words                is
#   Hebrew             20th and 21st         עשרים וראשון           two texts, the first without "first"
#   Hebrew             50th and 51st         חמישים וראשון          likewise
#   Romanian           100th, 200th, 500th   al sutălea             the second "al două sutelea"
#   Romanian           1100th and 1500th     o mie al sutălea       likewise
#   Biblical Hebrew    100th, 200th, 500th   מאה                    two hundred is "מאתיים" in its own cardinals
# Its cardinals of the same numbers all differ. No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund n2words@4.0.0 >/dev/null
cat >look.mjs <<'JS'
import assert from "assert";
import * as hebrew from "n2words/he-IL";
import * as biblical from "n2words/hbo-IL";
import * as romanian from "n2words/ro-RO";
import * as german from "n2words/de-DE";
const cases = [
  [hebrew, [20, 21], "עשרים וראשון"],
  [hebrew, [50, 51], "חמישים וראשון"],
  [romanian, [100, 200, 500], "al sutălea"],
  [romanian, [1100, 1500], "o mie al sutălea"],
  [biblical, [100, 200, 500], "מאה"],
];
for (const [language, numbers, seen] of cases) {
  const ordinals = numbers.map((number) => language.toOrdinal(number));
  console.log(numbers, ordinals, numbers.map((number) => language.toCardinal(number)));
  assert(ordinals.every((text) => text === seen));
  assert.strictEqual(new Set(numbers.map((number) => language.toCardinal(number))).size, numbers.length);
  assert.strictEqual(new Set(numbers.map((number) => german.toOrdinal(number))).size, numbers.length);
}
JS
node look.mjs
