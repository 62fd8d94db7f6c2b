#!/usr/bin/env bash
# math-verify 0.9.0 (latex2sympy2_extended 1.11.0, antlr4-python3-runtime 4.13.2, SymPy 1.14.0), from PyPI, Python 3.11, Linux (2026-11-30).
#
# Marks answers of language models: parse() reads the formula of a text, verify(gold, answer) says whether two are equal. Long numbers are
# set in groups of three digits with a thin space between ("the digits may be divided into groups of three by a thin space … neither
# dots nor commas are inserted", SI Brochure, 5.4.4), in LaTeX "\,". Groups by commas are read. Those by a space are added up as a mixed
# number would be, or multiplied where a group begins with a nought, so that a right answer is wrong and a wrong one right:
#   formula                     value      verify() says
#   $12\,500$                   512        not equal to $12500$, equal to $512$
#   $1\,000$                    0          not equal to $1000$, equal to $0$
#   $1\,234\,567$               802        equal to $802$, which is 1 + 234 + 567
#   $0.000\,5$                  0          equal to $0$
#   \boxed{12\,500}             512
#   $12~500$                    12
#   $12,500$, $12{,}500$        12500      right
#   12 500 (without "$")        12500      right
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q math-verify==0.9.0 latex2sympy2_extended==1.11.0 antlr4-python3-runtime==4.13.2 sympy==1.14.0
tools/bin/python - <<'PY'
from math_verify import parse, verify

VALUES = [  # text, value, as it is
    (r"$12\,500$", "512", "12500"),
    (r"$12\ 500$", "512", "12500"),
    (r"$1\,000$", "0", "1000"),
    (r"$1\,234\,567$", "802", "1234567"),
    (r"$0.000\,5$", "0", "0.0005"),
    (r"\boxed{12\,500}", "512", "12500"),
    ("$12~500$", "12", "12500"),
    ("$12,500$", "12500", "12500"),
    ("$12{,}500$", "12500", "12500"),
    ("12 500", "12500", "12500"),
    (r"$2\frac{1}{2}$", "2.5", "2.5"),
]
for text, seen, right in VALUES:
    parsed = parse(text)
    print(f"{text:18} {parsed[0]!s:10} {parsed[0].evalf()}")
    assert verify(parse(f"${seen}$"), parsed), text
    assert verify(parse(f"${right}$"), parsed) == (seen == right), text
PY
