#!/usr/bin/env bash
# chemformula 1.5.1 beside molmass 2026.1.8, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Parses chemical formulas, for labels and weights. A formula may have "." or "*" between its parts, which the texts it makes
# replace by a centred dot ("multiply_symbol": "replacement for '.' or '*'"); its README shows [Cu(NH3)4]SO4·H2O. The sum
# formula drops the sign and reads on. A number of molecules behind it, as nearly every hydrate has one, is appended to the digits
# before it, and a decimal point between digits goes likewise, without an error. Elements and weight in g/mol:
#   formula           chemformula                    molmass        is
#   CuSO4.5H2O        O 46, H 2       833.6          O 9, H 10      249.7    copper sulphate pentahydrate
#   CaCl2*2H2O        Cl 22, H 2      838.0          –              147.0    (molmass raises for "*")
#   Na2CO3.10H2O      O 311, H 2      5035.7         O 13, H 20     286.1    washing soda
#   Li1.2Mn0.6O2      Li 12, Mn 6     444.9          –              73.3     (molmass raises for fractions)
#   [Cu(NH3)4]SO4.H2O O 5, H 14       245.7          O 5, H 14      245.7    no number: right
# The HTML and LaTeX that it makes set the number of molecules as an index: "CuSO<sub>4</sub>&sdot;<sub>5</sub>H<sub>2</sub>O".
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q chemformula==1.5.1 molmass==2026.1.8
tools/bin/python - <<'PY'
from chemformula import ChemFormula
from molmass import Formula

HYDRATES = [  # formula, elements by chemformula, its weight, elements as they are
    ("CuSO4.5H2O", {"Cu": 1, "S": 1, "O": 46, "H": 2}, 833.6, {"Cu": 1, "S": 1, "O": 9, "H": 10}),
    ("MgSO4.7H2O", {"Mg": 1, "S": 1, "O": 48, "H": 2}, 826.3, {"Mg": 1, "S": 1, "O": 11, "H": 14}),
    ("CaSO4.2H2O", {"Ca": 1, "S": 1, "O": 43, "H": 2}, 762.1, {"Ca": 1, "S": 1, "O": 6, "H": 4}),
    ("Na2CO3.10H2O", {"Na": 2, "C": 1, "O": 311, "H": 2}, 5035.7, {"Na": 2, "C": 1, "O": 13, "H": 20}),
    ("[Cu(NH3)4]SO4.H2O", {"Cu": 1, "N": 4, "H": 14, "S": 1, "O": 5}, 245.7, {"Cu": 1, "N": 4, "H": 14, "S": 1, "O": 5}),
]
for text, elements, weight, right in HYDRATES:
    formula = ChemFormula(text)
    by_molmass = {symbol: item.count for symbol, item in Formula(text).composition().items()}
    print(text, dict(formula.element), round(formula.formula_weight, 1), "molmass", by_molmass, round(Formula(text).mass, 1))
    assert dict(formula.element) == elements, text
    assert round(formula.formula_weight, 1) == weight, text
    assert by_molmass == right, text
assert dict(ChemFormula("CaCl2*2H2O").element) == {"Ca": 1, "Cl": 22, "H": 2, "O": 1}
assert dict(ChemFormula("Li1.2Mn0.6O2").element) == {"Li": 12, "Mn": 6, "O": 2}
assert dict(ChemFormula("(CaCl2)(H2O)2").element) == {"Ca": 1, "Cl": 2, "H": 4, "O": 2}
html = ChemFormula("CuSO4.5H2O").html
print(html)
assert "CuSO<sub>4</sub>&sdot;<sub>5</sub>H<sub>2</sub>O" in html
PY
