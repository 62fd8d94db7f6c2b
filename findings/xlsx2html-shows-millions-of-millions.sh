#!/usr/bin/env bash
# xlsx2html 0.6.4 (openpyxl 3.1.5, Babel 2.19.0), from PyPI, Python 3.11, Linux (2026-11-30).
#
# Turns a sheet into an HTML table that shows cells as their number formats say (ECMA-376 part 1, 18.8.31: a comma behind the last digit divides by
# a thousand, text in quotation marks is shown without them, a condition in brackets chooses the section, "General" is the number). It hands the
# format to Babel, whose patterns are those of Unicode, where these signs mean something else. Seen:
#   value       format                        xlsx2html                Excel
#   1234567     0.0,,"M"                      1234567.0"M"             1.2M
#   1234567     #,##0,                        ,1234567                 1,235
#   5           General" kg"                  General" kg"             5 kg          the value is lost
#   3           "No. "0                       "No3 "0                  No. 3
#   1.75        # ?/?                         2 /                      1 3/4
#   50          [>=100]"high";"low"           [>=50]"high"             low
#   2.5         0                             2                        3             halves to the even digit
#   1234.5      #,##0.00                      1,234.50                 1,234.50
# No error. Formats of dates are right. (That numbers in cells of text, "@", are rounded, was reported: issue 22 of xlsx2html.)
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q xlsx2html==0.6.4 openpyxl==3.1.5 Babel==2.19.0
tools/bin/python - <<'PY'
import html
import re

import openpyxl
from xlsx2html import xlsx2html

CASES = [
    (1234567, '0.0,,"M"', '1234567.0"M"'),
    (1234567, "#,##0,", ",1234567"),
    (5, 'General" kg"', 'General" kg"'),
    (3, '"No. "0', '"No3 "0'),
    (1.75, "# ?/?", "2 /"),
    (50, '[>=100]"high";"low"', '[>=50]"high"'),
    (2.5, "0", "2"),
    (1234.5, "#,##0.00", "1,234.50"),
    (0.25, "0%", "25%"),
]
book = openpyxl.Workbook()
book.active.title = "S"
for row, (value, code, _) in enumerate(CASES, 1):
    book.active.cell(row, 1, value).number_format = code
book.save("made.xlsx")
out = xlsx2html("made.xlsx", locale="en")
out.seek(0)
shown = dict(re.findall(r'<td[^>]*id="S!A(\d+)"[^>]*>(.*?)</td>', out.read(), re.DOTALL))
for row, (value, code, seen) in enumerate(CASES, 1):
    found = html.unescape(shown[str(row)]).strip()
    print(f"{value!s:10} {code:22} {found}")
    assert found == seen, code
PY
