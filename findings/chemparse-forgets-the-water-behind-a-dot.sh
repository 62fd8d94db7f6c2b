#!/usr/bin/env bash
# chemparse 0.3.2, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Counts the elements of chemical formulas. A centred dot joins the water of a crystal to its salt (IUPAC Red Book 2005, IR-4.4.3.5), square
# brackets hold an isotope (IR-4.5.2). What stands behind the one, and the whole of the other, is passed over; a number in front makes everything
# vanish. molmass 2026.1.8 and chempy 0.10.2 count them:
#   parse_formula(…)        seen                        is
#   CuSO4·5H2O              Cu 1, S 1, O 4              O 9, H 10
#   Na2CO3·10H2O            Na 2, C 1, O 3              O 13, H 20
#   [13C]H4                 H 4                         C 1
#   5H2O                    nothing                     H 10, O 5
#   Fe0.95O                 Fe .95, O 1                 right
# Washing soda of 286 g per mole weighs 106. No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q chemparse==0.3.2 chempy==0.10.2 molmass==2026.1.8
tools/bin/python - <<'PY'
from chemparse import parse_formula
from chempy import Substance
from molmass import Formula

CASES = {
    "CuSO4·5H2O": {"Cu": 1, "S": 1, "O": 4},
    "Na2CO3·10H2O": {"Na": 2, "C": 1, "O": 3},
    "[13C]H4": {"H": 4},
    "5H2O": {},
    "Fe0.95O": {"Fe": 0.95, "O": 1},
    "Ca(OH)2": {"Ca": 1, "O": 2, "H": 2},
}
for text, seen in CASES.items():
    print(text, parse_formula(text))
    assert parse_formula(text) == seen, text
assert Substance.from_formula("Na2CO3·10H2O").composition == {11: 2, 6: 1, 8: 13, 1: 20}
assert abs(Substance.from_formula("Na2CO3·10H2O").mass - 286.1) < 0.1
assert Formula("[13C]H4").atoms == 5
PY
