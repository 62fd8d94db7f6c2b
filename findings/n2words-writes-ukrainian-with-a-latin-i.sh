#!/usr/bin/env bash
# n2words 4.0.0, from npm, beside num2words 0.5.14, from PyPI, Node 20 or newer, Python 3.11, Linux (2026-12-01).
#
# Writes numbers as words in 71 languages. In the Ukrainian ones the letter і (U+0456) is the Latin i (U+0069) in some words and the right one in others;
# they look alike and are not found by the word's own letters, nor read as Ukrainian by a voice:
#   number    n2words                   num2words
#   2000      дв + U+0069 тисяч…        дві тисячі, all of them Cyrillic
#   71        с + U+0069 + мдесят …     сімдесят один
#   200       дв + U+0069 + ст…         двісті
#   -1        м + U+0069 + нус один     мінус один
#   1, 40     without such a letter, right; Russian is all Cyrillic
#   900 in Serbian      девест + U+006F           ends in U+043E, as 800 does
# No error. Unicode Technical Standard 39 (5.1) has a test for such words.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund n2words@4.0.0 >/dev/null
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q num2words==0.5.14
cat >look.mjs <<'JS'
import assert from "assert";
import { writeFileSync } from "fs";
import { toCardinal as ukrainian } from "n2words/uk-UA";
import { toCardinal as russian } from "n2words/ru-RU";
import { toCardinal as serbian } from "n2words/sr-Cyrl-RS";
const numbers = [2000, 71, 200, -1, 1, 40];
for (const number of numbers) console.log(number, ukrainian(number), ukrainian(number).match(/[a-z]/g));
assert.deepStrictEqual(numbers.map((number) => /[a-z]/.test(ukrainian(number))), [true, true, true, true, false, false]);
for (let number = -3000; number < 3000; number += 7) assert(!/[a-z]/i.test(russian(number)));
assert.strictEqual(serbian(900), "девест\u006f");
assert(!/[a-z]/.test(serbian(800)));
let mixed = 0;
for (let number = 1; number <= 1000; number++) mixed += /[a-z]/.test(ukrainian(number));
console.log(mixed, "of the numbers to 1000");
assert(mixed > 300);
writeFileSync("found.json", JSON.stringify(Object.fromEntries(numbers.map((number) => [number, ukrainian(number)]))));
JS
node look.mjs
tools/bin/python - <<'PY'
import json
import re

from num2words import num2words

for number, text in json.load(open("found.json")).items():
    right = num2words(int(number), lang="uk")
    assert not re.search("[a-z]", right)
    assert text.replace("i", "і") == right, (text, right)
    assert (text == right) == (number in ("1", "40"))
PY
