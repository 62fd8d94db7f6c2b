#!/usr/bin/env bash
# xls2xlsx 0.2.0 beside xlrd 2.0.2; xlwt 1.3.0 writes the input; from PyPI, Python 3.11, Linux (2026-11-30).
#
# Turns old workbooks into new ones. A cell of an .xls file says itself whether it is text, a number or a truth value ([MS-XLS] 2.4: LabelSst, Number,
# BoolErr). In the .xlsx that is made of it some have another type or value:
#   in the .xls (so xlrd)          in the .xlsx                       shown by Excel
#   text "=1+1"                    a formula                          2
#   true                           text "true"                        not true in a formula: =IF(A1=TRUE, …)
#   0.1 + 0.2                      0.3                                another number: equal to 0.3 now
#   123456789.123456789            123456789.1234568                  the last digit
#   text "0012", "+5", "12%"       texts, right
# A list of formulas as text, as in instructions and tables of settings, is calculated, and a text that begins with "=" by chance
# is an error. No warning.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q xls2xlsx==0.2.0 xlrd==2.0.2 xlwt==1.3.0 openpyxl==3.1.5
tools/bin/python - <<'PY'
import openpyxl
import xlrd
import xlwt
from xls2xlsx import XLS2XLSX

CASES = [
    ("=1+1", (xlrd.XL_CELL_TEXT, "=1+1"), ("f", "=1+1")),
    (True, (xlrd.XL_CELL_BOOLEAN, 1), ("s", "true")),
    (0.1 + 0.2, (xlrd.XL_CELL_NUMBER, 0.30000000000000004), ("n", 0.3)),
    (123456789.123456789, (xlrd.XL_CELL_NUMBER, 123456789.12345679), ("n", 123456789.1234568)),
    ("0012", (xlrd.XL_CELL_TEXT, "0012"), ("s", "0012")),
    ("+5", (xlrd.XL_CELL_TEXT, "+5"), ("s", "+5")),
    ("12%", (xlrd.XL_CELL_TEXT, "12%"), ("s", "12%")),
    (-5.25, (xlrd.XL_CELL_NUMBER, -5.25), ("n", -5.25)),
]
book = xlwt.Workbook()
sheet = book.add_sheet("S")
for row, (value, _, _) in enumerate(CASES):
    sheet.write(row, 0, value)
book.save("made.xls")
XLS2XLSX("made.xls").to_xlsx("made.xlsx")
before = xlrd.open_workbook("made.xls").sheet_by_index(0)
after = openpyxl.load_workbook("made.xlsx").active
for row, (value, right, seen) in enumerate(CASES):
    found = after.cell(row + 1, 1)
    print(f"{value!r:22} {before.cell(row, 0)!r:32} {found.data_type} {found.value!r}")
    assert (before.cell(row, 0).ctype, before.cell(row, 0).value) == right, value
    assert (found.data_type, found.value) == seen, value
PY
