#!/usr/bin/env bash
# python-creole 1.4.10, from PyPI, Python 3.11, Linux (2026-12-01).
#
# html2creole() and html2rest() turn pages into the notation of wikis and into reStructuredText. A row with a cell that spans has fewer cells than the others; of all rows of
# the table as many cells are kept as the shortest one has:
#   table                                                    Creole                         html2textile
#   Nr, Part, V / 1, pump, 230 / "spare" over three          |= Nr / | 1 / | spare          every cell
#   "head" over two / 1, 2                                   | head / | 1                   every cell
#   "1" beside two rows / 2 / 4                              | 1 / | 4                      every cell
#   1, 2 / 3, 4                                              every cell                     every cell
# No error; a remark below a table leaves its first column. A "|" in a cell is written as it is and begins another cell: "on|off" and "red" come back as three.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q python-creole==1.4.10 docutils==0.23
tools/bin/python -W ignore - <<'PY'
from creole import creole2html, html2creole, html2rest, html2textile

CASES = [  # table, its cells, those in Creole
    (
        "<table><tr><th>Nr</th><th>Part</th><th>V</th></tr><tr><td>1</td><td>pump</td><td>230</td></tr><tr><td colspan='3'>spare</td></tr></table>",
        ["Nr", "Part", "V", "1", "pump", "230", "spare"],
        ["Nr", "1", "spare"],
    ),
    ("<table><tr><td colspan='2'>head</td></tr><tr><td>1</td><td>2</td></tr></table>", ["head", "1", "2"], ["head", "1"]),
    ("<table><tr><td rowspan='2'>1</td><td>2</td></tr><tr><td>4</td></tr></table>", ["1", "2", "4"], ["1", "4"]),
    ("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table>", ["1", "2", "3", "4"], ["1", "2", "3", "4"]),
]


def cells(text: str, beside: str) -> list[str]:
    """What stands between the bars of the lines of a table."""
    lines = [line for line in text.splitlines() if not line.startswith("+")]
    return [cell.strip(beside) for line in lines for cell in line.strip("|").split("|")]


for table, right, seen in CASES:
    print(html2creole(table), html2textile(table), sep="\n", end="\n\n")
    assert cells(html2creole(table), " =") == cells(html2rest(table), " ") == seen
    assert cells(html2textile(table), " _.") == right
barred = html2creole("<table><tr><td>on|off</td><td>red</td></tr></table>")
print(barred, creole2html(barred))
assert barred == "| on|off | red |" and creole2html(barred).count("<td>") == 3
PY
