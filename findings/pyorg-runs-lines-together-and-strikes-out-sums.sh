#!/usr/bin/env bash
# pyorg 0.1.8, from PyPI, Python 3.11, Linux (2026-12-01).
#
# Turns Org into HTML. Lines of a paragraph are joined without a blank; every pair of signs of emphasis counts, with blanks inside or letters around (Org syntax, "Text markup", wants
# a blank or punctuation around and none within); blanks before formatted words are lost, and the rule below the head of a table is a row:
#   Org                          text of the HTML     is
#   10, next line 20             1020                 10 20
#   10 +5 -3 +2                  105 -32, struck out  10 +5 -3 +2
#   5/6/7                        567                  5/6/7
#   km/h m/s                     kmh ms               km/h m/s
#   press *A* now                pressA now           press A now
#   | A |, |---|, | 1 |          A, ---, 1            A, 1
#   a_b c, lists, links, code blocks: right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q pyorg==0.1.8
tools/bin/python -W ignore - <<'PY'
import re

from pyorg import org_to_html

CASES = {
    "10\n20": "1020",
    "10 +5 -3 +2": "105 -32",
    "5/6/7": "567",
    "km/h m/s": "kmh ms",
    "press *A* now": "pressA now",
    "| A |\n|---|\n| 1 |": "A---1",
    "a_b c": "a_b c",
    "- a\n- b": "ab",
}
for text, seen in CASES.items():
    markup = org_to_html(text)
    found = re.sub("<[^>]*>", "", markup)
    print(repr(text), found, markup)
    assert found == seen, text
assert "line-through" in org_to_html("10 +5 -3 +2")
PY
