#!/usr/bin/env bash
# num2words 0.5.14, from PyPI, beside n2words 4.0.0, from npm, Python 3.11, Node 20 or newer, Linux (2026-12-01).
#
# Writes decimals as words. The zeros between the decimal sign and the first other digit are left out in Persian, Bengali and Turkish, so that
# 1.05 is read as 1.5, and the minus of Bengali is dropped throughout. What is seen, in English:
#   number    Persian                  Bengali               Turkish                    n2words
#   1.05      one and a half           one point five        one comma five             one point zero five
#   1.005     one and a half           one point five        one comma (nothing)        one point zero zero five
#   1.5       one and a half, right    one point five        one comma fifty            one point five
#   -5        minus five, right        five                  minus five, right          minus five
# In English, German and French 1.05 and 1.5 differ. No error: a tolerance is ten times as wide.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q num2words==0.5.14
npm install --silent --no-audit --no-fund n2words@4.0.0 >/dev/null
tools/bin/python - <<'PY'
from num2words import num2words


def say(number, language):
    return num2words(number, lang=language)


for language in ("fa", "bn", "tr", "en", "de", "fr"):
    print(language, [say(number, language) for number in (1.5, 1.05, 1.005, 5, -5)])
for language in ("fa", "bn"):
    assert say(1.5, language) == say(1.05, language) == say(1.005, language)
assert (say(1.5, "tr"), say(1.05, "tr"), say(1.005, "tr")) == ("birvirgülelli", "birvirgülbeş", "birvirgül")
assert say(-5, "bn") == say(5, "bn")
for language in ("en", "de", "fr"):
    assert len({say(number, language) for number in (1.5, 1.05, 1.005, 5, -5)}) == 5
PY
cat >look.mjs <<'JS'
import assert from "assert";
for (const name of ["fa-IR", "bn-BD", "tr-TR"]) {
  const { toCardinal } = await import(`n2words/${name}`);
  console.log(name, [1.5, 1.05, 1.005, 5, -5].map((number) => toCardinal(number)));
  assert.strictEqual(new Set([1.5, 1.05, 1.005, 5, -5].map((number) => toCardinal(number))).size, 5);
}
JS
node look.mjs
