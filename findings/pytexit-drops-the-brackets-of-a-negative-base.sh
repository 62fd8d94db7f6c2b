#!/usr/bin/env bash
# pytexit 0.4.0, beside SymPy 1.14.0, both from PyPI, Python 3.11, Linux (2026-12-01).
#
# Writes formulas of Python as LaTeX. Brackets around a sign are left out, and an exponent holds more closely than a sign, so that the formula on the page has another value;
# a factor with a sign becomes a difference:
#   Python        pytexit      says                 is
#   (-a)**2       {-a}^2       -(a²)                a²
#   (-2)**2       {-2}^2       -4                   4
#   a*-b          a -b         a minus b            -a b
#   (-a)**b       {-a}^b       -(a^b)               (-a)^b
#   (a+b)**2      right, and so are a**b**c, (a**b)**c, (a/b)**2
# Braces group in LaTeX, but are not printed. (That brackets after a minus are lost, "a-(b-c)", is reported: issues 59 and 72.)
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q pytexit==0.4.0 sympy==1.14.0
tools/bin/python -W ignore - <<'PY'
import sympy
from pytexit import py2tex

CASES = {
    "(-a)**2": "{-a}^2",
    "(-2)**2": "{-2}^2",
    "a*-b": "a -b",
    "(-a)**b": "{-a}^b",
    "(a+b)**2": r"\left(a+b\right)^2",
    "(a**b)**c": r"\left(a^b\right)^c",
    "a**b**c": "a^{b^c}",
}
for formula, seen in CASES.items():
    written = py2tex(formula, print_latex=False, print_formula=False).strip("$")
    print(formula, written, sympy.latex(sympy.sympify(formula, evaluate=False)))
    assert written == seen, formula
assert r"\left(- a\right)^{2}" in sympy.latex(sympy.sympify("(-a)**2", evaluate=False))
PY
