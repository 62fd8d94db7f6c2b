#!/usr/bin/env bash
# @citation-js/core 0.9.0 and its plugin-bibtex 0.9.0, from npm, Node 20 or newer, Linux (2026-12-01).
#
# Converts references. Raised digits of a BibTeX title become raised letters (Unicode's U+2070 and following), which is right; written as BibTeX again, they are
# plain digits, and signs it has no name for are left out; read once more, the title says something else:
#   title in BibTeX        read             written                  read again       is
#   10$^{-3}$ m            10⁻³ m           10\textminus{}3 m        10−3 m           10⁻³ m
#   $10^{12}$ Hz           10¹² Hz          1012 {Hz}                1012 Hz          10¹² Hz
#   ≤ 3 bar (of CSL)                        " 3 {bar}"               3 bar            ≤ 3 bar
#   $\leq$ 5               \leq 5           \textbackslash{}leq 5    \leq 5           ≤ 5
#   10\textsuperscript{-3} m, $\mu$m, ± 2 (of CSL)      there and back
# No error: ten to the twelfth is a thousand and twelve.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund @citation-js/core@0.9.0 @citation-js/plugin-bibtex@0.9.0 >/dev/null
cat >look.js <<'JS'
const assert = require("assert");
const { Cite } = require("@citation-js/core");
require("@citation-js/plugin-bibtex");
const title = (input) => new Cite(input).data[0].title;
const bibtex = (text) => `@misc{a, title = {${text}}}`;
const again = (input) => title(new Cite(new Cite(input).data).format("bibtex")).trim();
const cases = [
  [bibtex("10$^{-3}$ m"), "10⁻³ m", "10−3 m"],
  [bibtex("$10^{12}$ Hz"), "10¹² Hz", "1012 Hz"],
  [bibtex("$\\leq$ 5"), "\\leq 5", "\\leq 5"],
  [bibtex("5 $\\mu$m"), "5 μm", "5 μm"],
  [bibtex("10\\textsuperscript{-3} m"), "10<sup>-3</sup> m", "10<sup>-3</sup> m"],
  [[{ id: "a", type: "book", title: "≤ 3 bar" }], "≤ 3 bar", "3 bar"],
  [[{ id: "a", type: "book", title: "± 2 mm" }], "± 2 mm", "± 2 mm"],
];
for (const [input, read, twice] of cases) {
  console.log(title(input), "|", again(input));
  assert.strictEqual(title(input), read);
  assert.strictEqual(again(input), twice);
}
JS
node look.js
