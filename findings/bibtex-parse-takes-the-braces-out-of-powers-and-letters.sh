#!/usr/bin/env bash
# bibtex-parse 2.1.0, from npm, beside pybtex 0.26.1, from PyPI, Node 20 or newer, Python 3.11, Linux (2026-12-01).
#
# "bibtex parser for javascript"; entries() gives the fields. It takes braces away wherever they stand, and leaves the commands. In TeX ^ and \textbf take
# the next sign alone, and a command's name goes on as long as there are letters, so that the text is another one (D. Knuth, The TeXbook, 3 and 16):
#   in the file           bibtex-parse         as TeX sets it        pybtex keeps
#   $10^{12}$             $10^12$              10¹2                  the braces
#   10$^{-3}$ m           10$^-3$ m            10⁻3 m                the braces
#   \textbf{50} bar       \textbf50 bar        50, half of it bold   the braces
#   {\O}rsted             \Orsted              no such command       the braces
#   5\,{\textmu}m         5\,\textmum          no such command       the braces
#   $\frac{10}{25}$       $\frac1025$          1/0, then 25          the braces
# Of "50\% of {A}" it makes "50% of A", which is right. No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund bibtex-parse@2.1.0 >/dev/null
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q pybtex==0.26.1
cat >look.js <<'JS'
const assert = require("assert");
const { entries } = require("bibtex-parse");
const cases = {
  "$10^{12}$": "$10^12$", "10$^{-3}$ m": "10$^-3$ m", "\\textbf{50} bar": "\\textbf50 bar", "{\\O}rsted": "\\Orsted",
  "5\\,{\\textmu}m": "5\\,\\textmum", "$\\frac{10}{25}$": "$\\frac1025$", "50\\% of {A}": "50% of A",
};
for (const [text, seen] of Object.entries(cases)) {
  const [entry] = entries(`@misc{a, title = {${text}}, note = {n}}`);
  console.log(text, entry.TITLE);
  assert.strictEqual(entry.TITLE, seen);
}
JS
node look.js
tools/bin/python - <<'PY'
from pybtex.database import parse_string

for text in (r"$10^{12}$", r"10$^{-3}$ m", r"\textbf{50} bar", r"{\O}rsted", r"5\,{\textmu}m", r"$\frac{10}{25}$"):
    assert parse_string(f"@misc{{a, title = {{{text}}}}}", "bibtex").entries["a"].fields["title"] == text
PY
