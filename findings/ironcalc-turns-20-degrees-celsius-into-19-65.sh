#!/usr/bin/env bash
# IronCalc 0.9.1, from PyPI, Python 3.11, Linux x86-64 (2026-11-30).
#
# A spreadsheet engine with Excel's functions. CONVERT knows the temperatures C, F, K, Rank and Reau (ECMA-376 part 1, 18.17.7, CONVERT). To
# degrees Celsius from any other scale, IronCalc takes 273.5 off instead of 273.15, and nowhere else, so that there and back is not the
# same. Seen:
#   formula                       IronCalc      right
#   CONVERT(68, "F", "C")         19.65         20
#   CONVERT(300, "K", "C")        26.5          26.85
#   CONVERT(491.67, "Rank", "C")  -0.35         0
#   CONVERT(80, "Reau", "C")      99.65         100
#   CONVERT(CONVERT(20, "C", "F"), "F", "C")    19.65      20
#   CONVERT(20, "C", "F"), CONVERT(0, "C", "K"), CONVERT(32, "F", "K")     68, 273.15, 273.15: right
# No error; a third of a degree is too little to be seen, and lies beyond the tolerance of most thermometers.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q ironcalc==0.9.1
tools/bin/python - <<'PY'
import ironcalc

CASES = [
    ('=CONVERT(68,"F","C")', 19.65),
    ('=CONVERT(300,"K","C")', 26.5),
    ('=CONVERT(491.67,"Rank","C")', -0.35),
    ('=CONVERT(80,"Reau","C")', 99.65),
    ('=CONVERT(CONVERT(20,"C","F"),"F","C")', 19.65),
    ('=CONVERT(20,"C","F")', 68),
    ('=CONVERT(0,"C","K")', 273.15),
    ('=CONVERT(32,"F","K")', 273.15),
]
model = ironcalc.create("sheet", "en", "UTC", "en")
for row, (formula, _) in enumerate(CASES, 1):
    model.set_user_input(0, row, 1, formula)
model.evaluate()
for row, (formula, seen) in enumerate(CASES, 1):
    found = float(model.get_formatted_cell_value(0, row, 1))
    print(f"{formula:40} {found:g}")
    assert abs(found - seen) < 1e-9, formula
PY
