#!/usr/bin/env bash
# premailer 3.10.0 beside css-inline 0.24.0, from PyPI, Python 3.11, Linux x86-64 (2026-11-30).
#
# Puts the rules of a style sheet into style attributes, for e-mail. A declaration marked "!important" goes before every other one, also before
# that of a style attribute (CSS Cascading and Inheritance 4, 6.4), and among important ones the more specific selector wins. premailer takes
# the marks off (strip_important) before it merges with the attribute, and the attribute wins:
#   style sheet                                   element                          premailer          css-inline
#   p {color: red !important}                     <p style="color: yellow">        color:yellow       color: red !important
#   p {display: none !important}                  <p style="display: block">       display:block      display: none !important
#   p {color: red !important} p.a {color: blue}   <p class="a">                    color:red          color: red !important
#   p {color: red}                                <p style="color: yellow">        color:yellow       color: yellow       right
# So what a style sheet hides for good is shown in the message. With strip_important=False the first two come out the same, the
# third with its mark. No warning.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q premailer==3.10.0 css-inline==0.24.0
tools/bin/python - <<'PY'
import re

import css_inline
from premailer import transform

CASES = [
    ("p {color: red !important}", '<p style="color: yellow">', "yellow", "red !important"),
    ("p {display: none !important}", '<p style="display: block">', "block", "none !important"),
    ("p {color: red !important} p.a {color: blue}", '<p class="a">', "red", "red !important"),
    ("p {color: red}", '<p style="color: yellow">', "yellow", "yellow"),
]
for sheet, tag, seen, right in CASES:
    page = f"<html><head><style>{sheet}</style></head><body>{tag}5 bar</p></body></html>"
    found, other = (re.search(r'<p[^>]*style="([^"]*)"', made)[1] for made in (transform(page), css_inline.inline(page)))
    kept = transform(page, strip_important=False)
    print(f"{sheet:46} {tag:28} {found:16} {other:26}", re.search(r'<p[^>]*style="([^"]*)"', kept)[1])
    assert re.search(r'<p[^>]*style="([^"]*)"', kept)[1].startswith(found)
    assert found.split(":")[1].strip(" ;") == seen and other.split(":")[1].strip(" ;") == right, sheet
PY
