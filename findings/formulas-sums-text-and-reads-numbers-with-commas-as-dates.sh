#!/usr/bin/env bash
# formulas 1.3.4 (NumPy 2.4.6, openpyxl 3.1.5), from PyPI, Python 3.11, Linux (2026-11-30).
#
# Calculates workbooks as Excel does. Of a range of cells SUM, COUNT, PRODUCT, AVERAGE and MAX take the numbers: "Empty cells, logical
# values, or text in the array or reference are ignored" (Microsoft's help). Text in digits, as part numbers are, is counted in, and
# VALUE, which "converts a text string that represents a number", reads a number with a comma as a day. A1:A3 hold 7.5, the text "5" and 10:
#   formula               formulas      Excel, by its help
#   SUM(A1:A3)            22.5          17.5
#   COUNT(A1:A3)          3             2
#   PRODUCT(A1:A3)        375           75
#   SUMIF(A1:A3,"<6")     5             0
#   ISNUMBER(A2)          TRUE          FALSE
#   VALUE("1,234")        85469         1234           the serial number of 1 January 2134
#   TEXT(-5,"0.0;(0.0)")  -(5.0)        (5.0)          a section for negative numbers shows what it says, no sign beside it
# No error or warning; AVERAGE and MAX of such a range are #VALUE!, COUNTIF(A1:A3,5) is right, and so are ranges of numbers alone.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q "formulas[excel]==1.3.4" numpy==2.4.6 openpyxl==3.1.5
cat >look.py <<'PY'
import formulas
import openpyxl

SEEN = {
    "SUM(A1:A3)": 22.5,
    "COUNT(A1:A3)": 3,
    "PRODUCT(A1:A3)": 375,
    'SUMIF(A1:A3,"<6")': 5,
    "ISNUMBER(A2)": True,
    'VALUE("1,234")': 85469,
    'TEXT(-5,"0.0;(0.0)")': "-(5.0)",
    "SUM(B1:B3)": 17.5,
    "COUNT(B1:B3)": 2,
    'SUMIF(B1:B3,"<6")': 0,
    'VALUE("1234")': 1234,
    'VALUE("1234.5")': 1234.5,
}
book = openpyxl.Workbook()
sheet = book.active
for row, (part, number) in enumerate(((7.5, 7.5), ("5", None), (10, 10)), 1):
    sheet.cell(row, 1, part)
    sheet.cell(row, 2, number)
for row, formula in enumerate(SEEN, 10):
    sheet.cell(row, 3, f"={formula}")
book.save("parts.xlsx")
solution = formulas.ExcelModel().loads("parts.xlsx").finish().calculate()
for row, (formula, seen) in enumerate(SEEN.items(), 10):
    value = solution[f"'[parts.xlsx]SHEET'!C{row}"].value[0, 0]
    print(f"{formula:22} {value}")
    assert value == seen, formula
PY
tools/bin/python look.py
