#!/usr/bin/env bash
# pycel 1.0b30 (openpyxl 3.1.5), from PyPI, Python 3.11, Linux (2026-11-30).
#
# Compiles the formulas of a workbook to Python. In Excel a minus before a value goes before "^" (Microsoft, "Calculation operators and
# precedence": negation, %, ^, * and / …); pycel takes it as Python does, after. Month arithmetic runs over the end of the month, and the
# format of a text is applied to the even digit where Excel rounds away from nought. A1 holds 5:
#   formula                              pycel          Excel, by its help
#   -A1^2                                -25            25          0-A1^2 is -25 in both
#   2*-A1^2                              -50            50
#   EDATE(DATE(2023,1,31),1)             2023-03-03     2023-02-28  the last day, where a month has no 31st
#   EDATE(DATE(2024,3,31),-1)            2024-03-02     2024-02-29
#   ROUND(25,-1)                         20             30          ROUND(2.5,0) is 3 in both
#   TEXT(2.5,"0"), TEXT(0.125,"0%")      2, 12%         3, 13%
#   TRIM("  a   b ")                     " a b "        "a b"
# No error or warning. formulas 1.3.4 and LibreOffice 7.4 calculate the first five as Excel does.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q pycel==1.0b30 openpyxl==3.1.5 numpy==2.4.6
tools/bin/python - <<'PY'
from datetime import date, timedelta

import openpyxl
from pycel import ExcelCompiler

SEEN = {
    "-A1^2": -25,
    "2*-A1^2": -50,
    "0-A1^2": -25,
    "EDATE(DATE(2023,1,31),1)": date(2023, 3, 3),
    "EDATE(DATE(2024,3,31),-1)": date(2024, 3, 2),
    "EDATE(DATE(2023,1,28),1)": date(2023, 2, 28),
    "ROUND(25,-1)": 20,
    "ROUND(-25,-1)": -20,
    "ROUND(2.5,0)": 3,
    'TEXT(2.5,"0")': "2",
    'TEXT(0.125,"0%")': "12%",
    'TRIM("  a   b ")': " a b ",
}
book = openpyxl.Workbook()
book.active["A1"] = 5
for row, formula in enumerate(SEEN, 1):
    book.active.cell(row, 2, f"={formula}")
book.save("sheet.xlsx")
compiler = ExcelCompiler("sheet.xlsx")
for row, (formula, seen) in enumerate(SEEN.items(), 1):
    value = compiler.evaluate(f"Sheet!B{row}")
    if isinstance(seen, date):
        value = date(1899, 12, 30) + timedelta(int(value))
    print(f"{formula:28} {value!s}")
    assert value == seen, formula
PY
