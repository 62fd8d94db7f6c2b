#!/usr/bin/env bash
# latexify-py 0.4.4, from PyPI, Python 3.11, Linux (2026-12-01).
#
# Writes functions of Python as formulas of LaTeX. "*" and "%" bind alike, from the left, so that a*(b%c) needs its brackets; the library leaves them out. Exponents of numbers stay as
# Python prints them, and then read as a variable e and a difference; comparisons of comparisons become chains:
#   Python             latexify                        reads as
#   a*(b%c)            a b \mathbin{\%} c              (a b) % c, with 2, 5, 3: 1, and not 4
#   (a*b)%c            a b \mathbin{\%} c              the same, and right
#   2*(a%3)            2 a \mathbin{\%} 3              (2 a) % 3
#   1e-6*a             1e-06 a                         1 e minus 06 a
#   6.02e23*a          6.02e+23 a                      6.02 e plus 23 a
#   (a==b)==c          a = b = c                       a chain, another condition
#   a-(b-c), (-a)**2, a%(b*c), (a**b)**c: right, with their brackets
# No warning.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q latexify-py==0.4.4
tools/bin/python -W ignore - <<'PY'
import linecache

import latexify


def latex(expression: str) -> str:
    """What latexify writes for a function of a, b and c that returns this."""
    name, source = f"<{expression}>", f"def f(a, b, c):\n    return {expression}\n"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    space: dict = {}
    exec(compile(source, name, "exec"), space)
    return latexify.get_latex(space["f"]).removeprefix("f(a, b, c) = ")


CASES = {
    "a*(b%c)": r"a b \mathbin{\%} c",
    "(a*b)%c": r"a b \mathbin{\%} c",
    "2*(a%3)": r"2 a \mathbin{\%} 3",
    "1e-6*a": "1e-06 a",
    "6.02e23*a": "6.02e+23 a",
    "(a==b)==c": "a = b = c",
    "a-(b-c)": r"a - \mathopen{}\left( b - c \mathclose{}\right)",
    "a%(b*c)": r"a \mathbin{\%} \mathopen{}\left( b c \mathclose{}\right)",
}
for expression, seen in CASES.items():
    print(expression, latex(expression))
    assert latex(expression) == seen, expression
assert (2 * (5 % 3), 2 * 5 % 3) == (4, 1)
PY
