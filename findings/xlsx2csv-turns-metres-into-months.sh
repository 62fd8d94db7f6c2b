#!/usr/bin/env bash
# xlsx2csv 0.8.6 beside python-calamine 0.9.1 (openpyxl 3.1.5 writes the input), from PyPI, Python 3.11, Linux (2026-11-30).
#
# In a number format, text in quotation marks or behind a backslash is shown as it stands (ECMA-376 part 1, 18.8.31): 0 "m" shows 5 as "5 m".
# xlsx2csv looks for the letters of dates in the whole format, in the quoted text, too. Where it finds one it writes the format, with
# the month, day or hour of the value taken for a date in place of the letters, and the value is lost, without an error:
#   value      format           shows as     xlsx2csv            calamine
#   5          0 "m"            5 m          0 "01"              5
#   7          0 "m"            7 m          0 "01"              7
#   5.25       0.00 "mm"        5.25 mm      0.00 "01"           5.25
#   5          0 "min"          5 min        0 "01in"            5
#   5          0.0 "mbar"       5.0 mbar     0.0 "01bar"         5
#   5          0 "d"            5 d          0 "04"              5
#   1234567    0.0,,"M"         1.2M         0.0,,"02"           1234567
#   20         0 \m             20 m         0 01                20
#   5          0 "V"            5 V          5                   5          "kg", "bar", "°C" likewise
# So all lengths up to 31 m in a column are the same text; negative ones are right. A small number in the format General, 1e-07, is "0".
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q xlsx2csv==0.8.6 python-calamine==0.9.1 openpyxl==3.1.5
tools/bin/python - <<'PY'
import csv
import io

import openpyxl
from python_calamine import CalamineWorkbook
from xlsx2csv import Xlsx2csv

CELLS = [  # value, number format, what xlsx2csv writes
    (5, '0 "m"', '0 "01"'),
    (7, '0 "m"', '0 "01"'),
    (5.25, '0.00 "mm"', '0.00 "01"'),
    (5, '0 "min"', '0 "01in"'),
    (5, '0.0 "mbar"', '0.0 "01bar"'),
    (5, '0 "d"', '0 "04"'),
    (1234567, '0.0,,"M"', '0.0,,"02"'),
    (20, r"0 \m", "0 01"),
    (5, '0 "V"', "5"),
    (5, '0 "bar"', "5"),
    (-5, '0 "mm"', "-5"),
    (1e-7, "General", "0"),
]
book = openpyxl.Workbook()
for row, (value, number_format, _) in enumerate(CELLS, 1):
    book.active.cell(row, 1, value).number_format = number_format
book.save("units.xlsx")
text = io.StringIO()
Xlsx2csv("units.xlsx", outputencoding="utf-8").convert(text, sheetid=1)
rows = list(csv.reader(io.StringIO(text.getvalue())))
values = CalamineWorkbook.from_path("units.xlsx").get_sheet_by_index(0).to_python()
assert len(rows) == len(values) == len(CELLS)
for (value, number_format, seen), (cell,), (right,) in zip(CELLS, rows, values, strict=True):
    print(f"{value!s:8} {number_format:12} xlsx2csv {cell:12} calamine {right}")
    assert cell == seen and right == value, number_format
PY
