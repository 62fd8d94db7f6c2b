#!/usr/bin/env bash
# asciimath2mathml 0.2.0, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Turns AsciiMath into MathML. In AsciiMath's grammar (asciimath.org, "The Grammar": E ::= I E | I/I E) what stands beside a fraction goes on
# beside it, and each I is shown. Of a quotient of three the middle one is lost, of a whole number with a fraction the fraction's upper number; a
# minus is taken into the power behind it:
#   AsciiMath     MathML, as LaTeX     is
#   a/b/c         \frac{a}{c}          a over b, over c
#   12/3/2        \frac{12}{2} = 6     2
#   2 1/2         \frac{2}{2} = 1      2 and a half
#   -2^2          {-2}^2: the base is <mn>-2</mn>      - 2^2
#   6/3           \frac{6}{3}          right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q asciimath2mathml==0.2.0
tools/bin/python - <<'PY'
import re

from asciimath2mathml import convert

CASES = {
    "a/b/c": "<mfrac><mi>a</mi><mi>c</mi></mfrac>",
    "12/3/2": "<mfrac><mn>12</mn><mn>2</mn></mfrac>",
    "2 1/2": "<mfrac><mn>2</mn><mn>2</mn></mfrac>",
    "-2^2": "<msup><mn>-2</mn><mn>2</mn></msup>",
    "6/3": "<mfrac><mn>6</mn><mn>3</mn></mfrac>",
    "x^2/3": "<mfrac><msup><mi>x</mi><mn>2</mn></msup><mn>3</mn></mfrac>",
}
for text, seen in CASES.items():
    written = re.sub(r"</?math[^>]*>", "", convert(text))
    print(text, written)
    assert written == seen, text
PY
