#!/usr/bin/env bash
# tomark 0.1.4, from PyPI, Python 3.11, Linux (2026-12-01).
#
# Makes a Markdown table of rows that name their values (dictionaries). The heads are the names of the first row; of every other row the values are written in the order in
# which that row has them, whatever their names:
#   row                                     in the table under part, bar      is
#   {"part": "pump", "bar": 5}              pump, 5                           the same
#   {"bar": 7, "part": "valve"}             7, valve                          valve, 7
#   {"bar": 4}                              4                                 nothing, 4
#   {"part": "tap", "V": 230, "bar": 3}     tap, 230 and a third cell         tap, 3
# Two dictionaries of the same names and values are equal in Python whatever their order, and csv.DictWriter writes them alike. No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q tomark==0.1.4
tools/bin/python - <<'PY'
import csv
import io

from tomark import Tomark

ROWS = [{"part": "pump", "bar": 5}, {"bar": 7, "part": "valve"}, {"bar": 4}, {"part": "tap", "V": 230, "bar": 3}]
SEEN = [["part", "bar"], ["pump", "5"], ["7", "valve"], ["4"], ["tap", "230", "3"]]
RIGHT = [["part", "bar"], ["pump", "5"], ["valve", "7"], ["", "4"], ["tap", "3"]]
assert ROWS[1] == {"part": "valve", "bar": 7}
table = Tomark.table(ROWS)
print(table)
lines = [line for line in table.splitlines() if line and "---" not in line]
assert [[cell.strip() for cell in line.strip("|").split("|")] for line in lines] == SEEN
file = io.StringIO()
writer = csv.DictWriter(file, ["part", "bar"], extrasaction="ignore")
writer.writeheader()
writer.writerows(ROWS)
assert list(csv.reader(io.StringIO(file.getvalue()))) == RIGHT
PY
