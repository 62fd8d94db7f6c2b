#!/usr/bin/env bash
# elementpath 5.1.4 beside SaxonC-HE (saxonche) 13.1.1, from PyPI, Python 3.11, Linux x86-64 (2026-11-30).
#
# The patterns of XPath's matches(), replace() and tokenize() are those of XML Schema (XPath and XQuery Functions and Operators 3.1, 5.6.1).
# There \w is every character but punctuation, separators and "other" (XML Schema part 2, G.4.2.5), so "€", "°", "+" belong to a word and
# "_" does not; \s is the four characters tab, line feed, carriage return and space, which are also all that normalize-space() looks for
# (5.4.5). elementpath leaves \w, \W and \s to Python's `re`, and normalize-space() to str.split(): the signs of units are lost
# with \W, underscores do not part words, and no-break spaces, which keep a number and its unit in one line, go:
#   expression                         elementpath        Saxon
#   replace("5 °C", "\W", "")          5C                 5°C
#   replace("12 €", "\W", "")          12                 12€
#   tokenize("one_two", "\W")          one_two            one, two
#   matches("_", "^\w$")               true               false
#   replace("1·000 V", "\s", "")       1000V              1·000V      "·" stands for a no-break space, U+00A0
#   normalize-space("10·mm")           10 mm              10·mm
#   tokenize("10·mm")                  10·mm              10·mm       (with one argument blanks part, and here it knows which)
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q elementpath==5.1.4 saxonche==13.1.1
tools/bin/python - <<'PY'
from xml.etree import ElementTree

from elementpath import select
from elementpath.xpath31 import XPath31Parser
from saxonche import PySaxonProcessor

FIXED = "\N{NO-BREAK SPACE}"
CASES = [  # expression, elementpath, as the standard has it
    (r"replace('5 °C', '\W', '')", "5C", "5°C"),
    (r"replace('12 €', '\W', '')", "12", "12€"),
    (r"tokenize('12 €/m', '\W+')", "12, m", "12, €, m"),
    (r"tokenize('one_two', '\W')", "one_two", "one, two"),
    (r"matches('_', '^\w$')", "true", "false"),
    (r"matches('+', '^\w$')", "false", "true"),
    (rf"replace('1{FIXED}000 V', '\s', '')", "1000V", f"1{FIXED}000V"),
    (rf"matches('{FIXED}', '\s')", "true", "false"),
    (f"normalize-space('10{FIXED}mm')", "10 mm", f"10{FIXED}mm"),
    (f"tokenize('10{FIXED}mm')", f"10{FIXED}mm", f"10{FIXED}mm"),
    (r"replace('one two', '\s', '-')", "one-two", "one-two"),
    (r"tokenize('one-two', '\W')", "one, two", "one, two"),
    (r"matches('²', '^\w$')", "true", "true"),
]
document = ElementTree.XML("<r/>")
saxon = PySaxonProcessor(license=False).new_xpath_processor()
for expression, seen, right in CASES:
    text = f"string-join(for $part in ({expression}) return string($part), ', ')"
    one = select(document, text, parser=XPath31Parser)
    other = saxon.evaluate_single(text).string_value
    print(f"{expression:34} elementpath {one!r:14} Saxon {other!r}")
    assert one == seen, expression
    assert other == right, expression
PY
