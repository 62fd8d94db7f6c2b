#!/usr/bin/env bash
# js-quantities 1.8.0, from npm, beside pint 0.25.3, from PyPI, Node 20 or newer, Python 3.11, Linux (2026-12-01).
#
# Quantities from text. The ohm is "Ohm", "ohm" and two letters for Ω, the Greek capital (U+03A9) and the ohm sign (U+2126); Unicode prefers the first (chapter
# 22.2). With the prefix m or M before the Greek letter, the prefix is a unit of its own, metre or molar; all other prefixes are right:
#   text        js-quantities            is (Pint)
#   1 mΩ        1 metre times ohm        .001 ohm
#   1 MΩ        1000 mol/m³ times ohm    1000000 ohm
#   1 kΩ, 1 µΩ, 1 Ω, 1 mohm, 1 Mohm      right
# No error, until it is converted; products and units() go on with metres.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund js-quantities@1.8.0 >/dev/null
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q pint==0.25.3
cat >look.js <<'JS'
const assert = require("assert");
const Qty = require("js-quantities");
const cases = {
  "1 m\u03a9": ["m*Ohm", false], "1 M\u03a9": ["M*Ohm", false], "1 k\u03a9": ["kOhm", true], "1 \u00b5\u03a9": ["uOhm", true],
  "1 \u03a9": ["Ohm", true], "1 mohm": ["mOhm", true], "1 Mohm": ["MOhm", true],
};
for (const [text, [seen, resistance]] of Object.entries(cases)) {
  console.log(text, Qty(text).units(), Qty(text).toBase().toString(), Qty(text).kind());
  assert.strictEqual(Qty(text).units(), seen);
  assert.strictEqual(Qty(text).isCompatible("ohm"), resistance);
}
assert.strictEqual(Qty("2 A").mul(Qty("2 A")).mul(Qty("1 m\u03a9")).isCompatible("W*m"), true);
JS
node look.js
tools/bin/python -c '
import pint
registry = pint.UnitRegistry()
assert [round(registry(text).to("ohm").magnitude, 9) for text in ("1 m\u03a9", "1 M\u03a9", "1 k\u03a9")] == [0.001, 1e6, 1000]'
