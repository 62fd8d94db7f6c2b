"""Tables in plain text – CSV, and with tabs or semicolons between the cells – as HTML: one table, as of a sheet.

Cells stay as they are written. The sign between them is the one by which most lines have the same number of cells;
where they stand in no columns at all, each line is a cell.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from itertools import islice
from pathlib import Path

from ingestion.formats.office_html import A4, Chapters
from ingestion.formats.sheets import COLUMN, MOST_ROWS, WIDEST, Grid, table_html

SIGNS = ",;\t|"
TOLD = re.compile(r"sep=([^\r\n])\r?\n", re.I)
"""The line in which Excel is told the sign between cells; it shows none of it."""
LOOKED_AT = 200  # lines by which the sign between cells is found
BYTE_ORDER = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def delimited(path: Path) -> Chapters:
    """The file's table as one chapter. Raises :class:`csv.Error` for what is none."""
    text = _decoded(path.read_bytes())
    told = TOLD.match(text)
    text = text[told.end() :] if told else text
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=told[1] if told else sign_between(text))
    grid = Grid()
    for number, row in enumerate(rows, 1):
        said = {column: cell.strip() for column, cell in enumerate(row, 1) if cell.strip()}
        if said and len(grid.rows) == MOST_ROWS:
            grid.lost[f"end of a table (after {MOST_ROWS:,} rows)"] += 1
            break
        grid.rows += [(number, said)] if said else []
    used = sorted({column for _, said in grid.rows for column in said})
    wide = min(WIDEST, max(A4[0], COLUMN * len(used)))
    return Chapters([table_html(grid, used)] if grid.rows else [], (wide, A4[1]), grid.lost)


def sign_between(text: str) -> str:
    r"""What stands between the cells of a line.

    >>> sign_between("name;price\npump;1,50\nfan;2,75\n")
    ';'
    """

    def lines_alike(sign: str) -> tuple[int, int]:
        """How many lines have the most usual number of cells, where that is above one; and that number."""
        try:
            lengths = Counter(
                len(row) for row in islice(csv.reader(io.StringIO(text), delimiter=sign), LOOKED_AT) if row
            )
        except csv.Error:
            return 0, 0
        cells, lines = max(lengths.items(), key=lambda pair: (pair[1], pair[0]), default=(0, 0))
        return (lines, cells) if cells > 1 else (0, 0)

    return max(SIGNS, key=lines_alike)


def _decoded(content: bytes) -> str:
    """By its byte order mark, else UTF-8, else as Windows programs of the West write it."""
    marked = next((name for mark, name in BYTE_ORDER.items() if content.startswith(mark)), "")
    if marked:
        return content.decode(marked, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
