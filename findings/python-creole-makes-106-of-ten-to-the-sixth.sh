#!/usr/bin/env bash
# python-creole 1.4.10, beside docutils 0.23, both from PyPI, Python 3.11, Linux (2026-12-01).
#
# html2rest() turns pages into reStructuredText, which has roles for raised and lowered text and lists with numbers. What has no sign in the library's notation is written on
# without one:
#   HTML                                            reStructuredText     is
#   10<sup>6</sup> Ω                                106 Ω                10\ :sup:`6` Ω
#   <del>5</del>6 bar                               56 bar               6 bar, 5 is deleted
#   <dl><dt>E1</dt><dd>5 bar</dd></dl>              E15 bar              E1, below it: 5 bar
#   <ol> a, b with a list of points, c              #. a, * b, * c       #. a, #. b, #. c
#   10<sup>6</sup>, html2creole, html2textile       10^^6^^, 10^6^       right
# Term and definition also run together in Creole and Textile. No warning (a tag that is unknown is told of).
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q python-creole==1.4.10 docutils==0.23
tools/bin/python -W ignore - <<'PY'
from creole import html2creole, html2rest, html2textile
from docutils.core import publish_string

CASES = {
    "<p>10<sup>6</sup> Ω</p>": "106 Ω",
    "<p><del>5</del>6 bar</p>": "56 bar",
    "<dl><dt>E1</dt><dd>5 bar</dd></dl>": "E15 bar",
    "<ol><li>a</li><li>b</li></ol>": "#. a\n\n#. b",
    "<ol><li>a</li><li>b<ul><li>x</li></ul></li><li>c</li></ol>": "#. a\n\n* b\n\n    * x\n\n* c",
}
for page, seen in CASES.items():
    found = html2rest(page)
    print(page, repr(found))
    assert found == seen, page
assert html2creole("<p>10<sup>6</sup></p>") == "10^^6^^" and html2textile("<p>10<sup>6</sup></p>") == "10^6^"
assert html2creole("<dl><dt>E1</dt><dd>5 bar</dd></dl>") == html2textile("<dl><dt>E1</dt><dd>5 bar</dd></dl>") == "E15 bar"
said = publish_string(r"10\ :sup:`6` Ω", writer_name="pseudoxml").decode()
assert "<superscript>" in said
PY
