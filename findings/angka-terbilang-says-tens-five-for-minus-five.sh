#!/usr/bin/env bash
# @develoka/angka-terbilang-js 1.4.2, from npm, Node 20 or newer, Linux (2026-12-01).
#
# Writes numbers in Indonesian words. Signs that are no digits keep their place, but say nothing, so that a minus makes tens of the ones and hundreds of the tens; so does a
# decimal comma, Indonesia's own:
#   number      seen                       is
#   -5          " puluh lima" (tens five)  minus lima
#   -25         " ratus dua puluh lima"    minus dua puluh lima
#   "1,5"       "seratus  puluh lima"      satu koma lima; hundred and tens five
#   1.5         satu koma lima             right
#   1.05        satu koma nol lima         right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund @develoka/angka-terbilang-js@1.4.2 >/dev/null
cat >look.mjs <<'JS'
import assert from "assert";
import { createRequire } from "module";
const loaded = createRequire(import.meta.url)("@develoka/angka-terbilang-js");
const say = loaded.default ?? loaded;

const cases = [
  [-5, "puluh lima"],
  [-25, "ratus dua puluh lima"],
  ["1,5", "seratus puluh lima"],
  [1.5, "satu koma lima"],
  [1.05, "satu koma nol lima"],
];
for (const [number, seen] of cases) {
  console.log(number, JSON.stringify(say(number)));
  assert.equal(say(number).trim().replace(/ +/g, " "), seen);
}
JS
node look.mjs
