#!/usr/bin/env bash
# mathml-to-latex 1.0.0 and mml2tex 0.1.0, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Both turn MathML into LaTeX. <mfrac linethickness="0"> is the binomial coefficient, "10 over 3" without a line (MathML 3, 3.3.2, has it
# as its example). Both write a division. Of <maction> only the first child is shown (MathML Core, maction): both write all of them. <ms>
# is text (MathML Core, ms): mathml-to-latex drops it, and writes a brace as "\left{", which no LaTeX reads. latex2mathml
# writes \binom with linethickness="0":
#   MathML                                  mathml-to-latex          mml2tex       is
#   <mfrac linethickness="0"> 10 3          \frac{10}{3}             \frac{10}{3}  \binom{10}{3} between parentheses: 120, not 3.3
#   <maction> 5 6                           5 \Longrightarrow 6      56            5
#   <ms>E4</ms>                             (nothing)                E4            E4
#   { a }                                   \left{\right. a …        \{a\}         \{a\}
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q mathml-to-latex==1.0.0 mml2tex==0.1.0 latex2mathml==3.81.1
tools/bin/python - <<'PY'
import latex2mathml.converter
from mathml_to_latex.converter import MathMLToLaTeX
from mml2tex import mml_to_latex

CASES = {
    '<mfrac linethickness="0"><mn>10</mn><mn>3</mn></mfrac>': (r"\frac{10}{3}", r"\frac{10}{3}"),
    '<maction actiontype="toggle"><mn>5</mn><mn>6</mn></maction>': (r"5 \Longrightarrow 6", "56"),
    "<ms>E4</ms>": ("", "E4"),
    "<mo>{</mo><mi>a</mi><mo>}</mo>": (r"\left{\right. a \left.\right}", r"\{a\}"),
    "<mfrac><mn>10</mn><mn>3</mn></mfrac>": (r"\frac{10}{3}", r"\frac{10}{3}"),
}
for inner, seen in CASES.items():
    math = f'<math xmlns="http://www.w3.org/1998/Math/MathML">{inner}</math>'
    written = MathMLToLaTeX().convert(math), mml_to_latex(math)
    print(inner, *written)
    assert written == seen, inner
assert 'linethickness="0"' in latex2mathml.converter.convert(r"\binom{10}{3}")
PY
