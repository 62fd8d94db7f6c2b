#!/usr/bin/env bash
# written-number 0.11.1 beside n2words 4.0.0, from npm, Node 20 or newer, Linux (2026-12-01).
#
# Writes numbers as words, in sixteen languages. A number below zero is an empty text, a fraction is rounded to a whole number, and in
# Spanish and Italian the one that ends a number of millions or thousands is in the wrong form, though its own documentation names "uno millón" as wrong:
#   number            written-number        n2words
#   -5                (nothing)             minus five
#   2.5               three                 two point five
#   .4                zero                  zero point four
#   99.9              one hundred           ninety-nine point nine
#   1000001, es       uno millón uno        un millón uno
#   1001, it          mille un              milleuno
#   21, 1000, 123456  right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund written-number@0.11.1 n2words@4.0.0 >/dev/null
cat >look.mjs <<'JS'
import assert from "assert";
import written from "written-number";
import { toCardinal as english } from "n2words/en-US";
import { toCardinal as spanish } from "n2words/es-ES";
import { toCardinal as italian } from "n2words/it-IT";
const other = { en: english, es: spanish, it: italian };
const cases = [
  [-5, "en", "", "minus five"],
  [2.5, "en", "three", "two point five"],
  [0.4, "en", "zero", "zero point four"],
  [99.9, "en", "one hundred", "ninety-nine point nine"],
  [1000001, "es", "uno millón uno", "un millón uno"],
  [1001, "it", "mille un", "milleuno"],
  [21, "en", "twenty-one", "twenty-one"],
];
for (const [number, lang, seen, right] of cases) {
  console.log(number, lang, JSON.stringify(written(number, { lang })), "|", other[lang](number));
  assert.strictEqual(written(number, { lang }), seen);
  assert.strictEqual(other[lang](number), right);
}
JS
node look.mjs
