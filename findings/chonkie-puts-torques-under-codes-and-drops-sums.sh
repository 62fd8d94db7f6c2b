#!/usr/bin/env bash
# chonkie 1.7.0, from PyPI, Python 3.11, Linux (2026-12-01).
#
# TableChunker parts HTML tables into pieces by rows, "always preserving the header" (its documentation). Here a piece is one row:
#   table                                            seen
#   a cell over two rows ("Pump" of E1 and E2)       the piece of the second begins with "E2", below the head "Part"; its "22 Nm" is below "Code". "Pump" is in the first alone
#   a last row in <tfoot> ("Sum ... 31 Nm")          in no piece at all
#   heads in <th> of a first row, no <thead>         a piece of the heads, and rows without any
# HTML has <thead> and <tfoot> as parts that may be left out (Living Standard, 4.9.1), and a cell's rowspan counts for the rows below (4.9.11). Nothing is said of any of it; such pieces are what is embedded and answered from.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q chonkie==1.7.0
HF_HUB_OFFLINE=1 tools/bin/python -W ignore - <<'PY'
from chonkie import TableChunker

HEADS = "<tr><th>Part</th><th>Code</th><th>Torque</th></tr>"
ROWS = '<tr><td rowspan="2">Pump</td><td>E1</td><td>9 Nm</td></tr><tr><td>E2</td><td>22 Nm</td></tr>'
SUM = "<tfoot><tr><td>Sum</td><td></td><td>31 Nm</td></tr></tfoot>"
parted = TableChunker("row", chunk_size=1)

first, second = (piece.text for piece in parted(f"<table><thead>{HEADS}</thead><tbody>{ROWS}</tbody>{SUM}</table>"))
print(second)
assert "Pump" in first and "Pump" not in second
assert f"{HEADS}</thead><tbody><tr><td>E2</td><td>22 Nm</td></tr>" in second
assert not any("31 Nm" in piece for piece in (first, second))

plain = "<tr><th>Bolt</th><th>Torque</th></tr><tr><td>M6</td><td>9 Nm</td></tr><tr><td>M8</td><td>22 Nm</td></tr>"
pieces = [piece.text for piece in parted(f"<table>{plain}</table>")]
print(pieces)
assert pieces[1:] == [
    "<table><tr><td>M6</td><td>9 Nm</td></tr></table>",
    "<table><tr><td>M8</td><td>22 Nm</td></tr></table>",
]
PY
