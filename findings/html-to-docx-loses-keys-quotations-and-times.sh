#!/usr/bin/env bash
# html-to-docx 1.8.0 and @turbodocx/html-to-docx 1.23.1, from npm, beside python-docx 1.2.0 as reader, from PyPI, Node 20 or newer, Python 3.11, Linux (2026-12-01).
#
# HTML to Word. The words within many of the elements that mark parts of a sentence (HTML, 4.5: q, abbr, kbd, var, samp, cite, dfn, small, time)
# are not in the file, nor is a space for them; those of b, i, code, mark, sup, span and del are:
#   HTML                                            Word, of both                 is
#   Press <kbd>F1</kbd> for <q>Cold</q>             Press  for                    Press F1 for "Cold"
#   at <time>10:00</time> bar                       at  bar                       at 10:00 bar
#   the <abbr>PTC</abbr> of <var>R</var>            the  of                       the PTC of R
#   <b>5</b> bar, <code>x</code>, 10<sup>3</sup>    right
# No error, nor a warning.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund first@npm:html-to-docx@1.8.0 second@npm:@turbodocx/html-to-docx@1.23.1 >/dev/null
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q python-docx==1.2.0
cat >look.js <<'JS'
const fs = require("fs");
const html = [
  "<p>Press <kbd>F1</kbd> for <q>Cold</q> at <time>10:00</time> bar</p>",
  "<p>the <abbr title='t'>PTC</abbr> of <var>R</var> and <samp>E4</samp>, <dfn>gain</dfn>, <cite>ISO 1</cite>, <small>max. 7</small></p>",
  "<p><b>5</b> bar, <code>x</code>, <mark>8</mark>, 10<sup>3</sup></p>",
].join("");
(async () => {
  for (const name of ["first", "second"]) {
    const loaded = require(name);
    fs.writeFileSync(`${name}.docx`, Buffer.from(await (loaded.default ?? loaded)(html)));
  }
})().catch((error) => { console.error(error); process.exit(1); });
JS
node look.js
tools/bin/python - <<'PY'
import docx

for name in ("first", "second"):
    lines = [" ".join(paragraph.text.split()) for paragraph in docx.Document(f"{name}.docx").paragraphs if paragraph.text.strip()]
    print(name, lines)
    assert lines == ["Press for at bar", "the of and , , ,", "5 bar, x, 8, 103"], lines
PY
