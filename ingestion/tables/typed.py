"""Tables drawn with signs in a typewriter font: dashes under the names of columns, or boxes of "+", "-" and "|". Pure.

A line of dashes tells the columns: one per run of dashes, or one between two corners. Where lines of dashes stand
between the rows, too, the lines between two of them are one row; else each line is a row. Where a word runs over the
border of two columns, there is no such table.

Example: "Jumper  State" over "------  -----" over "JP1     open" are a head and a row of two cells.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ingestion.blocks import Line
from ingestion.elements import BBox, Cell
from ingestion.geometry import union

CORNERS = "+|┼├┤┌┬┐└┴┘│"
DASHES = re.compile(r"\s*[-=─]{2,}(?:\s+[-=─]{2,})+\s*")
BOX = re.compile(rf"\s*[{CORNERS}]?:?[-=─]{{2,}}:?(?:[{CORNERS}]:?[-=─]{{2,}}:?)+[{CORNERS}]?\s*")
RUN = re.compile(r"[-=─]{2,}")
CORNER = re.compile(f"[{CORNERS}]")
MOST_NAMES = 2  # lines of names above the first line of dashes
PARTED = 3  # groups of lines below the head from which lines of dashes part rows, and not only begin and end a table


def is_rule(text: str) -> bool:
    """Whether a line draws a rule over several columns."""
    return bool(DASHES.fullmatch(text) or BOX.fullmatch(text))


def typed_cells(lines: Sequence[Line], left: float, pitch: float) -> tuple[Cell, ...]:
    """The cells of a drawn table; none where the text is something else.

    ``lines`` begin with as many spaces as they are indented from ``left``, and a character is ``pitch`` wide (points).
    """
    rules = [i for i, line in enumerate(lines) if is_rule(line.text)]
    if not rules or rules[0] > MOST_NAMES:
        return ()
    edges = _edges(lines[rules[0]].text)
    groups = [list(lines[a + 1 : b]) for a, b in pairwise([-1, *rules, len(lines)])]
    head, *body = [[line for line in group if line.text] for group in groups if any(line.text for line in group)]
    rows = [head, *(body if len(body) >= PARTED else ([line] for group in body for line in group))]
    if len(rows) < 2 or any(_is_torn(line.text, edges) for row in rows for line in row):
        return ()
    return tuple(_cell(r, c, row, span, left, pitch) for r, row in enumerate(rows) for c, span in enumerate(edges))


def _edges(rule: str) -> list[tuple[int, int | None]]:
    """First and last character of each column; the last column of dashes goes on to the end of the line."""
    if BOX.fullmatch(rule):
        corners = [match.start() for match in CORNER.finditer(rule)]
        first = [] if CORNER.match(rule.lstrip()) else [-1]
        places = [*first, *corners, *([] if CORNER.match(rule.rstrip()[-1]) else [len(rule)])]
        return [(a + 1, b) for a, b in pairwise(places)]
    starts = [match.start() for match in RUN.finditer(rule)]
    return [*((a, b) for a, b in pairwise(starts)), (starts[-1], None)]


def _is_torn(text: str, edges: Sequence[tuple[int, int | None]]) -> bool:
    """Whether a line has a word over the border of two columns."""
    inner = [start for start, _ in edges[1:]]
    return any(text[start - 1 : start].strip(CORNERS + " ") for start in inner)


def _cell(
    row: int, column: int, lines: Sequence[Line], span: tuple[int, int | None], left: float, pitch: float
) -> Cell:
    start, end = span
    texts = (line.text[start:end].strip(f"{CORNERS} ") for line in lines)
    box = union(line.bbox for line in lines)
    right = max(left + pitch * end, left + pitch * start) if end else max(box.x1, left + pitch * (start + 1))
    place = BBox(left + pitch * start, box.y0, right, box.y1)
    return Cell(row, column, " ".join(filter(None, texts)), header=row == 0, bbox=place)
