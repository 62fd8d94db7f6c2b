#!/usr/bin/env bash
# chemlib 2.2.4 beside molmass 2026.1.8, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Compound(formula) counts the atoms of a formula and gives its molar mass. Of two groups in parentheses with an element in common, the count
# of the second takes the place of the first (dict.update in chemlib/parse.py), and of parentheses within others the inner ones alone are
# multiplied, what else stands in the outer ones being counted once or not at all:
#   formula                                    chemlib                      is, by molmass
#   Ca10(PO4)6(OH)2, hydroxyapatite            O 2, H 2, P 6     620.6      O 26    1004.6
#   Fe4[Fe(CN)6]3, Prussian blue               Fe 5, C 6, N 6    435.3      Fe 7, C 18, N 18    859.2
#   (CH3)2NN(CH3)2                             C 2, H 6, N 2      58.1      C 4, H 12           88.2
#   ((CH3)2N)3P                                H 6, P 1           37.0      C 6, H 18, N 3     163.2
#   Al2(SO4)3, K3[Fe(CN)6], C6H4(OH)2          right
# Masses of solutions and balanced equations follow from it. There is no error; mass and percentages fit the wrong count.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q chemlib==2.2.4 molmass==2026.1.8
tools/bin/python - <<'PY'
import warnings

warnings.simplefilter("ignore")
from chemlib import Compound
from molmass import Formula

CASES = {
    "Ca10(PO4)6(OH)2": ({"P": 6, "O": 2, "H": 2, "Ca": 10}, 620.6, 1004.6),
    "Fe4[Fe(CN)6]3": ({"C": 6, "N": 6, "Fe": 5}, 435.3, 859.2),
    "(CH3)2NN(CH3)2": ({"C": 2, "H": 6, "N": 2}, 58.1, 88.2),
    "((CH3)2N)3P": ({"H": 6, "P": 1}, 37.0, 163.2),
    "Al2(SO4)3": ({"S": 3, "O": 12, "Al": 2}, 342.1, 342.1),
    "K3[Fe(CN)6]": ({"C": 6, "N": 6, "K": 3, "Fe": 1}, 329.2, 329.2),
    "C6H4(OH)2": ({"O": 2, "H": 6, "C": 6}, 110.1, 110.1),
}
for formula, (atoms, mass, right) in CASES.items():
    found = Compound(formula)
    print(formula, dict(found.occurences), round(found.molar_mass(), 1), round(Formula(formula).mass, 1))
    assert dict(found.occurences) == atoms
    assert abs(found.molar_mass() - mass) < 0.06 and abs(Formula(formula).mass - right) < 0.06
PY
