#!/usr/bin/env bash
# elementpath 5.1.4 beside SaxonC-HE (saxonche) 13.1.1, from PyPI, Python 3.11, Linux x86-64 (2026-11-30).
#
# Evaluates XPath 1.0 to 3.1 in Python; schema checkers and readers of XML formats build on it. Some of its numbers are those of Python's
# own operators, where the functions and operators of XPath (XPath and XQuery Functions and Operators 3.1) are defined otherwise:
#   expression                    elementpath   Saxon    the standard
#   10 mod -3                     2             1        4.2.6: the result has the sign of the dividend (7 mod -2 is right)
#   7.5e0 mod -2                  -0.5          1.5      likewise
#   5e0 idiv 0.1e0                49            50       4.2.5: ($a div $b) cast as xs:integer, and 5e0 div 0.1e0 is 50
#   substring("12345", 2.5)       2345          345      5.4.3: the places from round(2.5) on, and round(2.5) is 3
#   substring("12345", 0.5, 2.5)  1             123      likewise: places p with 1 <= p and p < 1 + 3
#   round(125, -1), round(25, -1) 120, 20       130, 30  4.4.4: of two that are equally near the one nearest to positive infinity
#   format-number(2.5, "0")       3             2        4.7.5: the number is rounded by round-half-to-even()
#   format-number(0.125, "0%")    13%           12%      likewise
#   string(3e6), string(1e-6)     3000000,      3.0E6,   19.1.2: from 1e-6 on and below 1e6 as a decimal, else as 3.0E6
#                                 1E-06         0.000001
# round(2.5), round(15, -1), 7 mod -2 and 7.5 mod -2 (decimals) agree, so that sums of a table may be right and wrong by chance.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q elementpath==5.1.4 saxonche==13.1.1
tools/bin/python - <<'PY'
from xml.etree import ElementTree

from elementpath import select
from elementpath.xpath31 import XPath31Parser
from saxonche import PySaxonProcessor

CASES = [  # expression, elementpath, as the standard has it
    ("10 mod -3", "2", "1"),
    ("7.5e0 mod -2", "-0.5", "1.5"),
    ("5e0 idiv 0.1e0", "49", "50"),
    ("1e0 idiv 0.1e0", "9", "10"),
    ("substring('12345', 2.5)", "2345", "345"),
    ("substring('12345', 2.5, 1)", "2", "3"),
    ("substring('12345', 0.5, 2.5)", "1", "123"),
    ("round(125, -1)", "120", "130"),
    ("round(25, -1)", "20", "30"),
    ("round(250, -2)", "200", "300"),
    ("round(125.0, -1)", "120", "130"),
    ("format-number(2.5, '0')", "3", "2"),
    ("format-number(0.125, '0.00')", "0.13", "0.12"),
    ("format-number(0.125, '0%')", "13%", "12%"),
    ("string(3e6)", "3000000", "3.0E6"),
    ("string(12345678e0)", "12345678", "1.2345678E7"),
    ("string(1e-6)", "1E-06", "0.000001"),
    ("7 mod -2", "1", "1"),
    ("7.5 mod -2", "1.5", "1.5"),
    ("round(2.5)", "3", "3"),
    ("round(15, -1)", "20", "20"),
    ("substring('12345', 1.5)", "2345", "2345"),
    ("format-number(1.5, '0')", "2", "2"),
    ("string(1.5e0)", "1.5", "1.5"),
]
document = ElementTree.XML("<r/>")
saxon = PySaxonProcessor(license=False).new_xpath_processor()
for expression, seen, right in CASES:
    text = f"string({expression})"
    one = select(document, text, parser=XPath31Parser)
    other = saxon.evaluate_single(text).string_value
    print(f"{expression:30} elementpath {one:10} Saxon {other}")
    assert one == seen, expression
    assert other == right, expression
PY
