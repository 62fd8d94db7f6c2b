#!/usr/bin/env bash
# asciitomathml 1.0 and aminer-py-asciimath 0.3.1, beside asciimath2mathml 0.2.0, all from PyPI, Python 3.11, Linux (2026-12-01).
#
# Formulas of AsciiMath as MathML or LaTeX. An index or a power belongs to the sign before it, and only what results is divided (grammar on asciimath.org: an intermediate
# expression, I, is S_S^S; an expression is I/I). Both libraries divide first and put the exponent on the quotient:
#   AsciiMath     asciitomathml     py-asciimath         is (asciimath2mathml)
#   1/x^2         (1/x)²            \frac{1}{x} ^ 2      1/x²
#   a/b_1         (a/b) with 1      \frac{a}{b} _ 1      a/b₁
#   m/s^2         (m/s)²            \frac{m}{s} ^ 2      m/s²
#   x^2/2         x²/2, right       {x}^{2} / 2, right
# No warning: metres per second squared are square metres per square second.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q asciitomathml==1.0 aminer-py-asciimath==0.3.1 asciimath2mathml==0.2.0
tools/bin/python -W ignore - <<'PY'
import re
from xml.etree import ElementTree

from asciimath2mathml import convert
from asciitomathml.asciitomathml import AsciiMathML
from py_asciimath.translator.translator import ASCIIMath2Tex

to_tex = ASCIIMath2Tex(log=False, inplace=True)


def outline(markup: str) -> str:
    """The names of the elements with two parts and the text, without rows."""
    root = ElementTree.fromstring(re.sub(r' xmlns="[^"]*"', "", markup))

    def say(node: ElementTree.Element) -> str:
        parts = [say(child) for child in node] or [node.text or ""]
        if node.tag.split("}")[-1] in ("mfrac", "msup", "msub"):
            return f"{node.tag.split('}')[-1]}({', '.join(parts)})"
        return "".join(parts)

    return say(root)


CASES = [  # formula, outline by asciitomathml, right outline, LaTeX by py-asciimath
    ("1/x^2", "msup(mfrac(1, x), 2)", "mfrac(1, msup(x, 2))", r"\frac{1}{x} ^ 2"),
    ("m/s^2", "msup(mfrac(m, s), 2)", "mfrac(m, msup(s, 2))", r"\frac{m}{s} ^ 2"),
    ("a/b_1", "msub(mfrac(a, b), 1)", "mfrac(a, msub(b, 1))", r"\frac{a}{b} _ 1"),
    ("x^2/2", "mfrac(msup(x, 2), 2)", "mfrac(msup(x, 2), 2)", r"{x}^{2} / 2"),
]
for formula, seen, right, tex in CASES:
    reader = AsciiMathML()
    reader.parse_string(formula)
    markup = reader.to_xml_string()
    written = to_tex.translate(formula, displaystyle=False, from_file=False, pprint=False).strip("$")
    print(formula, outline(markup if isinstance(markup, str) else markup.decode()), outline(convert(formula)), written)
    assert outline(markup if isinstance(markup, str) else markup.decode()) == seen, formula
    assert outline(convert(formula)) == right, formula
    assert written == tex, formula
PY
