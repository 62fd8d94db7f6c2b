#!/usr/bin/env bash
# citeproc-py 0.11.1 beside citeproc-js 2.4.63 from npm, with the same locale file; from PyPI, Python 3.11, Node 20 or newer, Linux (2026-11-30).
#
# Both write references by a style in the Citation Style Language (CSL 1.0.2). The locale has "ordinal-11" to "ordinal-13" for numbers that end
# so, with "th"; ranges of dates differ in what is not equal on both sides; page ranges may be written in full. Seen, for en-US:
#   in the style                             of                           citeproc-py            citeproc-js
#   number form="ordinal"                    volume 113                   113rd                  113th
#   date form="text"                         1 to 5 March 2027            1,–5, March 2027       March 1–5, 2027
#   date form="text"                         1 March to 5 May 2027        March 1,–May 5, 2027   March 1–May 5, 2027
#   page-range-format="expanded"             pages 321-8                  321–8                  321–328
#   if is-numeric="volume"                   volume 2-3                   false                  true
#   volume 13, a single day, pages 321-328 in all formats                 alike
# No error. The order of day and month in the second is another one than in every other date of the list.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q citeproc-py==0.11.1
npm install --silent --no-audit --no-fund citeproc@2.4.63 >/dev/null
cat >made.py <<'PY'
import json
import warnings
from importlib.resources import files

warnings.simplefilter("ignore")
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON

STYLE = (
    '<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0" default-locale="en-US"{}><info><title>t</title>'
    "<id>t</id><updated>2027-01-01T00:00:00+00:00</updated></info><citation><layout><text value='c'/></layout></citation>"
    "<bibliography><layout>{}</layout></bibliography></style>"
)
ORDINAL, DATE, PAGE = '<number variable="volume" form="ordinal"/>', '<date variable="issued" form="text"/>', '<text variable="page"/>'
NUMERIC = '<choose><if is-numeric="volume"><text value="true"/></if><else><text value="false"/></else></choose>'
EXPANDED = ' page-range-format="expanded"'
CASES = [
    ("", ORDINAL, {"volume": "113"}, "113rd", "113th"),
    ("", ORDINAL, {"volume": "13"}, "13th", "13th"),
    ("", DATE, {"issued": {"date-parts": [[2027, 3, 1], [2027, 3, 5]]}}, "1,–5, March 2027", "March 1–5, 2027"),
    ("", DATE, {"issued": {"date-parts": [[2027, 3, 1], [2027, 5, 5]]}}, "March 1,–May 5, 2027", "March 1–May 5, 2027"),
    ("", DATE, {"issued": {"date-parts": [[2027, 3, 1]]}}, "March 1, 2027", "March 1, 2027"),
    (EXPANDED, PAGE, {"page": "321-8"}, "321–8", "321–328"),
    (EXPANDED, PAGE, {"page": "321-328"}, "321–328", "321–328"),
    ("", NUMERIC, {"volume": "2-3"}, "false", "true"),
]
cases = []
for options, layout, fields, seen, right in CASES:
    style = STYLE.format(options, layout)
    with open("made.csl", "w") as file:
        file.write(style)
    item = {"id": "one", "type": "article-journal", **fields}
    book = CitationStylesBibliography(CitationStylesStyle("made.csl", validate=False), CiteProcJSON([item]), formatter.plain)
    book.register(Citation([CitationItem("one")]))
    found = str(book.bibliography()[0])
    print(fields, found, right, sep="   ")
    assert found == seen, fields
    cases.append([style, item, right])
with open("cases.json", "w") as file:
    json.dump([(files("citeproc") / "data/locales/locales-en-US.xml").read_text(encoding="utf-8"), cases], file)
PY
tools/bin/python made.py
node -e '
const CSL = require("citeproc");
const [locale, cases] = JSON.parse(require("fs").readFileSync("cases.json", "utf8"));
for (const [style, item, right] of cases) {
    const engine = new CSL.Engine({retrieveLocale: () => locale, retrieveItem: () => item}, style);
    engine.setOutputFormat("text");
    engine.updateItems(["one"]);
    const found = engine.makeBibliography()[1][0].trim();
    if (found !== right) throw new Error(found + " is not " + right);
}'
