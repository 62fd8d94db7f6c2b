#!/usr/bin/env bash
# numero-a-letras 1.0.6, from npm, Node 20 or newer, Linux (2026-12-01).
#
# Writes sums of Mexican pesos in words, as on invoices. Numbers below zero are taken apart by remainders and come out near a million; centavos are rounded by themselves:
#   number      seen                                                                    is
#   -5          Novecientos Noventa y Nueve Mil Novecientos Noventa y Cinco Pesos       minus five
#   99.999      Noventa y Nueve Pesos 100/100 M.N.                                      Cien Pesos 00/100 M.N.
#   1000001     Un Millón de Un Pesos 00/100 M.N.                                       Un Millón Un Pesos
#   1.05        Un Peso 05/100 M.N.                                                     right
#   131000      Ciento Treinta y Un Mil Pesos 00/100 M.N.                               right
# No error: a credit note of five pesos is written as 999,995.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund numero-a-letras@1.0.6 >/dev/null
cat >look.mjs <<'JS'
import assert from "assert";
import { createRequire } from "module";
const loaded = createRequire(import.meta.url)("numero-a-letras");
const write = loaded.NumerosALetras ?? loaded.default ?? loaded;

const cases = [
  [-5, "Novecientos Noventa y Nueve Mil Novecientos Noventa y Cinco Pesos 00/100 M.N."],
  [99.999, "Noventa y Nueve Pesos 100/100 M.N."],
  [1000001, "Un Millón de Un Pesos 00/100 M.N."],
  [1.05, "Un Peso 05/100 M.N."],
  [131000, "Ciento Treinta y Un Mil Pesos 00/100 M.N."],
];
for (const [number, seen] of cases) {
  console.log(number, write(number));
  assert.equal(write(number), seen);
}
JS
node look.mjs
