#!/usr/bin/env bash
# pylightxl 1.61 beside python-calamine 0.9.1; openpyxl 3.1.5 and XlsxWriter 3.3.1 write the input; from PyPI, Python 3.11, Linux (2026-11-30).
#
# A light reader of .xlsx files. A cell's text stands in a list that is shared by all sheets, or in the cell itself, t="inlineStr" (ECMA-376
# part 1, 18.18.11 and 18.3.1.53); files of openpyxl 3.1 have it in the cell. pylightxl reads the first kind alone. It also makes dates of numbers whose
# format has a letter of dates anywhere, colours included, and shows a duration of a day or more without its days:
#   in the cell                                       pylightxl        calamine
#   text "Valve 0012", of openpyxl                    ''               Valve 0012
#   the same, of XlsxWriter                           Valve 0012       Valve 0012
#   30 hours (1.25), format [h]:mm:ss                 06:00:00         1 day, 6:00:00
#   -5, format [Red]0                                 1899/12/25       -5
#   5, format [Blue]0                                 5                5
#   5, format 0 "dB"                                  1900/01/04       5
# No error: a sheet of texts is empty, and its numbers stand as before.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q pylightxl==1.61 python-calamine==0.9.1 openpyxl==3.1.5 XlsxWriter==3.3.1
tools/bin/python - <<'PY'
from datetime import timedelta

import openpyxl
import pylightxl
import xlsxwriter
from python_calamine import CalamineWorkbook

book = openpyxl.Workbook()
book.active.append(["Valve 0012", 7])
book.save("inline.xlsx")
with xlsxwriter.Workbook("shared.xlsx") as other:
    sheet = other.add_worksheet("Sheet")
    sheet.write_string(0, 0, "Valve 0012")
    for row, (value, code) in enumerate([(1.25, "[h]:mm:ss"), (-5, "[Red]0"), (5, "[Blue]0"), (5, '0 "dB"'), (5, "0.00")], 1):
        sheet.write_number(row, 0, value, other.add_format({"num_format": code}))

SEEN = {
    "inline.xlsx": ([["", 7]], [["Valve 0012", 7]]),
    "shared.xlsx": (
        [["Valve 0012"], ["06:00:00"], ["1899/12/25"], [5], ["1900/01/04"], [5]],
        [["Valve 0012"], [timedelta(hours=30)], [-5], [5], [5], [5]],
    ),
}
for name, seen in SEEN.items():
    found = [list(row) for row in pylightxl.readxl(name).ws("Sheet").rows]
    right = CalamineWorkbook.from_path(name).get_sheet_by_index(0).to_python()
    print(name, found, right, sep="\n  ")
    assert (found, right) == seen
PY
