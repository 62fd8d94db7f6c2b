#!/usr/bin/env bash
# IronCalc 0.9.1 beside Formualizer 0.13.0, from PyPI, Python 3.11, Linux x86-64 (2026-11-30).
#
# TEXT(value, format) and what a cell shows follow the format's codes (ECMA-376 part 1, 18.8.31). Halves are rounded away from zero as
# by ROUND; a "?/?" is a fraction; "[>=100]" is the condition of its section. IronCalc rounds halves to the even digit, sets the value, rounded
# to an integer, below a fraction bar, and takes the first section whatever its condition says:
#   formula                                  IronCalc     Excel
#   TEXT(2.5, "0"), ROUND(2.5, 0)            2, 3         3, 3
#   TEXT(0.125, "0.00"), FIXED(0.125, 2)     0.12, 0.13   0.13, 0.13
#   TEXT(0.125, "0%")                        12%          13%
#   TEXT(0.75, "?/?")                        " /1"        3/4
#   TEXT(1.75, "# ?/?")                      "  /2"       1 3/4
#   TEXT(50, "[>=100]""high"";""low""")      high         low
# So a bolt of 3/4 inch is shown as 1, and one format says two things of the same number. No error. Formualizer, another such engine, rounds
# halves as Excel does (and shows fractions as decimals).
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q ironcalc==0.9.1 formualizer==0.13.0
tools/bin/python - <<'PY'
import formualizer
import ironcalc

CASES = [
    ('=TEXT(2.5,"0")', "2"),
    ("=ROUND(2.5,0)", "3"),
    ('=TEXT(0.125,"0.00")', "0.12"),
    ("=FIXED(0.125,2)", "0.13"),
    ('=TEXT(0.125,"0%")', "12%"),
    ('=TEXT(0.75,"?/?")', " /1"),
    ('=TEXT(1.75,"# ?/?")', "  /2"),
    ('=TEXT(50,"[>=100]""high"";""low""")', "high"),
    ('=TEXT(3.5,"0")', "4"),
    ('=TEXT(2.4,"0")', "2"),
]
model = ironcalc.create("sheet", "en", "UTC", "en")
other = formualizer.Workbook()
other.sheet("S")
for row, (formula, _) in enumerate(CASES, 1):
    model.set_user_input(0, row, 1, formula)
    other.set_formula("S", row, 1, formula)
model.evaluate()
for row, (formula, seen) in enumerate(CASES, 1):
    found = model.get_formatted_cell_value(0, row, 1)
    print(f"{formula:38} {found!r:8} {other.evaluate_cell('S', row, 1)!r}")
    assert found == seen, formula
assert [other.evaluate_cell("S", row, 1) for row in (1, 3, 5)] == ["3", "0.13", "13%"]
PY
