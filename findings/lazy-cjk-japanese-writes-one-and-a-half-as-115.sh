#!/usr/bin/env bash
# @lazy-cjk/japanese 1.2.37 and japanese 1.2.0, from npm, Node 20 or newer, Linux (2026-12-01).
#
# Write numbers in Japanese numerals. The signs of the number's text are taken for digits by their place, the decimal point too:
#   number          @lazy-cjk/japanese     japanese             is
#   1.5             百十五 (115)            百undefined十五        一・五
#   0.05            百五 (105)              undefined百五          〇・〇五
#   1.05            千百五 (1,105)          千undefined百五        一・〇五
#   -5              マイナス五, right        undefined十五         マイナス五
#   115             百十五, right            百十五, right
# No error. A text of 1.5 bar and one of 115 bar are the same.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund @lazy-cjk/japanese@1.2.37 japanese@1.2.0 >/dev/null
cat >look.mjs <<'JS'
import assert from "assert";
import * as lazy from "@lazy-cjk/japanese";
import japanese from "japanese";

const cases = [
  [1.5, "百十五", "百undefined十五"],
  [0.05, "百五", "undefined百五"],
  [1.05, "千百五", "千undefined百五"],
  [-5, "マイナス五", "undefined十五"],
  [115, "百十五", "百十五"],
];
for (const [number, one, two] of cases) {
  console.log(number, lazy.transcribeNumber(number), japanese.transcribeNumber(number));
  assert.equal(lazy.transcribeNumber(number), one);
  assert.equal(japanese.transcribeNumber(number), two);
}
JS
node look.mjs
