#!/usr/bin/env bash
# mathml2omml 0.0.2 beside latex2mathml 3.78.1, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Turns MathML into the formulas of Word. A fraction whose line has no thickness is none: it is how binomial coefficients are written (MathML Core,
# 3.3.2, "linethickness"; latex2mathml writes \binom so), and Word has a type for it, m:type with "noBar" (ECMA-376 part 1, 22.1). What is
# struck out has its kinds (menclose, "updiagonalstrike"; in Word m:borderBox with m:strikeBLTR and hidden edges). Of both only the frame is left:
#   MathML                                             mathml2omml                        read in Word
#   mfrac linethickness="0", 6 over 3 (= 20)           m:f without m:fPr                  6/3 (= 2)
#   mfrac linethickness="1", 6 over 3                  the same, to the letter            6/3
#   menclose notation="updiagonalstrike", x            m:borderBox without m:borderBoxPr  x in a frame
#   menclose notation="box", x                         the same, to the letter            x in a frame
# No error. What was crossed out, as a term that cancels, is emphasised instead.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q mathml2omml==0.0.2 latex2mathml==3.78.1
tools/bin/python - <<'PY'
import math

import mathml2omml
from latex2mathml.converter import convert

MATH = '<math xmlns="http://www.w3.org/1998/Math/MathML">{}</math>'
binomial, fraction = (
    mathml2omml.convert(MATH.format(f'<mfrac linethickness="{width}"><mn>6</mn><mn>3</mn></mfrac>')) for width in (0, 1)
)
struck, framed = (
    mathml2omml.convert(MATH.format(f'<menclose notation="{kind}"><mi>x</mi></menclose>')) for kind in ("updiagonalstrike", "box")
)
print(binomial, struck, sep="\n")
assert binomial == fraction and "<m:f>" in binomial and "noBar" not in binomial and "fPr" not in binomial
assert struck == framed and "borderBox" in struck and "strike" not in struck
assert math.comb(6, 3) == 20
written = convert(r"\binom{6}{3}")
print(written)
assert 'linethickness="0"' in written and "noBar" not in mathml2omml.convert(written)
PY
