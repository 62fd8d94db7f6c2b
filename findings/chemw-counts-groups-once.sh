#!/usr/bin/env bash
# chemw 0.3.5, beside molmass 2026.1.8, both from PyPI, Python 3.11, Linux (2026-12-01).
#
# Computes molecular masses in g/mol "from a string of an arbitrary chemical formula". A group in brackets is multiplied by the number behind it only where it begins
# the formula; elsewhere it counts once, or worse:
#   formula             chemw      molmass
#   Ca(OH)2             57.085     74.093
#   Al2(SO4)3           150.03     342.15
#   Ca3(PO4)2           215.21     310.18
#   Fe4(Fe(CN)6)3       435.33     859.23
#   (NH4)2SO4           132.14     132.14     right
#   Na2CO3:10H2O        286.141    286.141    right, with the colon that chemw uses for water of crystals
# No warning. A solution of 1 mol/l of aluminium sulfate is made with less than half of it.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q chemw==0.3.5 molmass==2026.1.8
tools/bin/python -W ignore - <<'PY'
import math

from chemw import ChemMW
from molmass import Formula

CASES = {  # formula: seen, as molmass writes it
    "Ca(OH)2": (57.085, None),
    "Al2(SO4)3": (150.03, None),
    "Ca3(PO4)2": (215.21, None),
    "Fe4(Fe(CN)6)3": (435.33, None),
    "(NH4)2SO4": (132.14, None),
    "Na2CO3:10H2O": (286.141, "Na2CO3(H2O)10"),
}
right = []
for formula, (seen, other) in CASES.items():
    mass = float(ChemMW(printing=False).mass(formula))
    is_so = Formula(other or formula).mass
    print(formula, mass, round(is_so, 3))
    assert math.isclose(mass, seen, abs_tol=0.006), formula
    if math.isclose(mass, is_so, abs_tol=0.01):
        right.append(formula)
assert right == ["(NH4)2SO4", "Na2CO3:10H2O"], right
PY
