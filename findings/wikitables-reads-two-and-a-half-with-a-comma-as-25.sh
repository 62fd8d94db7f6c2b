#!/usr/bin/env bash
# wikitables 0.5.5, from PyPI, Python 3.11, Linux (2026-12-01).
#
# Reads the tables of a wiki and makes numbers of what looks like one. All commas are taken out before, wherever they stand, and Python's own notations count as numbers:
#   cell               wikitables    is
#   1,234              1234          the same
#   2,5                25            two and a half, or a pair
#   3,14               314           no number with thousands
#   1,2,3              123           a list
#   007, 1_000         7, 1000       codes
#   10<sup>6</sup>     "10 6"        a million
#   12,5 bar           "12,5 bar"    left as it is
# No warning; the same column has 25 for "2,5" and 2.5 for "2.5".
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q wikitables==0.5.5 mwparserfromhell==0.7.2
tools/bin/python -W ignore - <<'PY'
import mwparserfromhell
from wikitables import WikiTable

CASES = {
    "1,234": 1234,
    "2.5": 2.5,
    "2,5": 25,
    "3,14": 314,
    "1,2,3": 123,
    "007": 7,
    "1_000": 1000,
    "10<sup>6</sup>": "10 6",
    "12,5 bar": "12,5 bar",
}
page = '{| class="wikitable"\n! No !! value\n' + "".join(f"|-\n| r{number} || {cell}\n" for number, cell in enumerate(CASES)) + "|}"
(node,) = mwparserfromhell.parse(page).filter_tags(matches=lambda tag: tag.tag == "table")
found = [row["value"].value for row in WikiTable("made", node).rows]
for (cell, seen), value in zip(CASES.items(), found, strict=True):
    print(cell, repr(value))
    assert value == seen and type(value) is type(seen), cell
PY
