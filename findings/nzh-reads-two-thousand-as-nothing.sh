#!/usr/bin/env bash
# nzh 1.0.14, from npm, Node 20 or newer, Linux (2026-12-01).
#
# Writes Chinese numbers and reads them. 两, the two that is said before hundred, thousand and ten thousand, and 廿 (twenty) say nothing; a digit that ends a
# number without its place ("三百五", three hundred and fifty) counts as ones; a unit behind a decimal is passed over:
#   text             seen       is
#   两千              0          2,000
#   两百五十           50         250
#   廿                0          20
#   三百五            305        350
#   一万五            10005      15,000
#   一点五万           1.5        15,000
#   三百零五           305        right
#   二千              2000       right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund nzh@1.0.14 >/dev/null
cat >look.mjs <<'JS'
import assert from "assert";
import nzh from "nzh";

const cases = { 两千: 0, 两百五十: 50, 廿: 0, 三百五: 305, 一万五: 10005, 一点五万: 1.5, 三百零五: 305, 二千: 2000 };
for (const [text, seen] of Object.entries(cases)) {
  console.log(text, nzh.cn.decodeS(text));
  assert.equal(Number(nzh.cn.decodeS(text)), seen, text);
}
JS
node look.mjs
