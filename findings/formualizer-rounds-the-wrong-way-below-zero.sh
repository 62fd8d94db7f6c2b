#!/usr/bin/env bash
# Formualizer 0.13.0 beside IronCalc 0.9.1, from PyPI, Python 3.11, Linux x86-64 (2026-11-30).
#
# A spreadsheet engine with Excel's functions. Where number and significance are both negative, CEILING rounds away from zero and FLOOR
# towards it (Microsoft's reference: =CEILING(-2.5, -2) is -4, =FLOOR(-2.5, -2) is -2, both its own examples). Formualizer does the opposite in
# both; and in TEXT it passes over an exponent and over signs between digits, while it rounds as the format says. Seen:
#   formula                           Formualizer     Excel, IronCalc
#   CEILING(-2.5, -2)                 -2              -4
#   FLOOR(-2.5, -2)                   -4              -2
#   CEILING(-7, -5), FLOOR(-7, -5)    -5, -10         -10, -5
#   TEXT(12345.678, "0.00E+00")       12345.68        1.23E+04
#   TEXT(1E-10, "0.0E+00")            0.0000000001    1.0E-10
#   TEXT(123, "000-00")               123             001-23
#   CEILING(-2.5, 2), FLOOR(-2.5, 2), CEILING(7, 5)    -2, -4, 10: right
# There is no error, and the two of a pair still lie on either side of the number, so that a look at both does not show it.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q formualizer==0.13.0 ironcalc==0.9.1
tools/bin/python - <<'PY'
import formualizer
import ironcalc

CASES = [
    ("=CEILING(-2.5,-2)", "-2", "-4"),
    ("=FLOOR(-2.5,-2)", "-4", "-2"),
    ("=CEILING(-7,-5)", "-5", "-10"),
    ("=FLOOR(-7,-5)", "-10", "-5"),
    ('=TEXT(12345.678,"0.00E+00")', "12345.68", "1.23E+04"),
    ('=TEXT(1E-10,"0.0E+00")', "0.0000000001", "1.0E-10"),
    ('=TEXT(123,"000-00")', "123", "001-23"),
    ("=CEILING(-2.5,2)", "-2", "-2"),
    ("=FLOOR(-2.5,2)", "-4", "-4"),
    ("=CEILING(7,5)", "10", "10"),
]
book = formualizer.Workbook()
book.sheet("S")
other = ironcalc.create("sheet", "en", "UTC", "en")
for row, (formula, _, _) in enumerate(CASES, 1):
    book.set_formula("S", row, 1, formula)
    other.set_user_input(0, row, 1, formula)
other.evaluate()
for row, (formula, seen, right) in enumerate(CASES, 1):
    value = book.evaluate_cell("S", row, 1)
    found = f"{value:g}" if isinstance(value, float) else value
    print(f"{formula:30} {found:14} {other.get_formatted_cell_value(0, row, 1)}")
    assert (found, other.get_formatted_cell_value(0, row, 1)) == (seen, right), formula
PY
