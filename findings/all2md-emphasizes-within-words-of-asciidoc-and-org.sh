#!/usr/bin/env bash
# all2md 1.18.0, from PyPI, Python 3.11, Linux (2026-12-01).
#
# Turns many formats into Markdown. A single sign of emphasis counts in AsciiDoc only at the ends of words ("constrained", AsciiDoc documentation, "Text formatting"), and in Org only
# beside a blank or punctuation (Org syntax, "Text markup"). all2md takes every pair, so that the signs of products, names, dates and paths are gone:
#   source                          seen                            shown (CommonMark)         is
#   AsciiDoc snake_case_name        snake*case*name                 snakecasename              as written
#   AsciiDoc AB_12_C                AB*12*C                         AB12C                      AB_12_C
#   AsciiDoc 2*3*4                  2**3**4                         234                        2*3*4
#   Org 5/6/7                       5*6*7                           567                        5/6/7
#   Org /usr/lib/x                  *usr*lib/x                      usrlib/x                   /usr/lib/x
#   Org a_b_c, AsciiDoc `a*b*c`     right
# reStructuredText, HTML and BBCode with the same texts come out right. No warning.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q all2md==1.18.0 orgparse==0.5.20260926
tools/bin/python -W ignore - <<'PY'
import io

from all2md import to_markdown

CASES = [
    ("asciidoc", "see snake_case_name", "see snake*case*name"),
    ("asciidoc", "part AB_12_C", "part AB*12*C"),
    ("asciidoc", "2*3*4", "2**3**4"),
    ("asciidoc", "`a*b*c`", "`a*b*c`"),
    ("org", "5/6/7", "5*6*7"),
    ("org", "path /usr/lib/x", "path *usr*lib/x"),
    ("org", "a_b_c", "a_b_c"),
    ("bbcode", "2*3*4", r"2\*3\*4"),
]
for kind, text, seen in CASES:
    found = to_markdown(io.BytesIO(text.encode()), source_format=kind).strip()
    print(kind, text, "|", found)
    assert found == seen, (kind, text)
PY
