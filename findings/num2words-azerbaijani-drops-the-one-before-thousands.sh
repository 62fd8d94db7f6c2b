#!/usr/bin/env bash
# num2words 0.5.14, from PyPI, beside n2words 4.0.0 and to-words 5.7.0, from npm, Python 3.11, Node 20 or newer, Linux (2026-12-01).
#
# In Azerbaijani a thousand is "min", without a one. The one is left out, too, where the number of thousands only ends in it:
#   number     num2words           is (n2words, to-words)
#   21000      iyirmi min          iyirmi bir min
#   20000      iyirmi min          right
#   101001     yüz min bir         yüz bir min bir
#   1000       min                 right
# Of the thousands up to 101,000 ten are read as the one before. No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q num2words==0.5.14
npm install --silent --no-audit --no-fund n2words@4.0.0 to-words@5.7.0 >/dev/null
tools/bin/python - <<'PY'
from num2words import num2words

seen = {21000: "iyirmi min", 20000: "iyirmi min", 101001: "yüz min bir", 100001: "yüz min bir", 1000: "min", 22000: "iyirmi iki min"}
for number, text in seen.items():
    print(number, num2words(number, lang="az"))
    assert num2words(number, lang="az") == text
alike = sum(num2words(n * 1000, lang="az") == num2words(n * 1000 - 1000, lang="az") for n in range(2, 102))
print(alike, "of a hundred")
assert alike == 10
PY
cat >look.mjs <<'JS'
import assert from "assert";
import { toCardinal } from "n2words/az-AZ";
import { ToWords } from "to-words";
const words = new ToWords({ localeCode: "az-AZ" });
for (const [number, right] of [[21000, "iyirmi bir min"], [101001, "yüz bir min bir"], [20000, "iyirmi min"]]) {
  console.log(number, toCardinal(number), words.convert(number));
  assert.strictEqual(toCardinal(number), right);
  assert(words.convert(number).toLowerCase().replace(/i̇/g, "i").includes(right.split(" ").slice(1, 3).join(" ")));
}
JS
node look.mjs
