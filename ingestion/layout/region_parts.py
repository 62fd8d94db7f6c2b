"""A region of text that holds several, which layout took for one: paragraphs with white between them, and two blocks
beside each other, as at the head of a letter. In Chinese and Japanese, whose lines break after any character, a line
that the next one would have fitted into ends a paragraph. Pure.

Example: the sender's address at the left and "Invoice no.", "Date: 12 March" at the right, with the customer's address
below, are three texts and no lines "12 Dock Road Date: 12 March".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from statistics import median

from ingestion.blocks import LayoutBox, Line
from ingestion.elements import Cell
from ingestion.geometry import height, union, width
from ingestion.tables.words import lines_of
from ingestion.text.cleaning import is_cjk, join_lines

LOOSE = 1.6  # line heights from one line to the next: there is white between them …
LOOSER = 1.5  # … where it is so many times the usual step
ENTRIES = 3  # paragraphs, most of them of one line, are the lines of one text
SENTENCE = 5  # words of the longest line: shorter ones are entries of a menu
CLOSED = ("。", "！", "？", "：", ":")
OPEN_ENDS = (",", "-", "–", "\u2010", "(", "/")  # with which no paragraph ends
APART = 3.0  # line heights between two blocks beside each other, at least
TWIN_GAP = 1.2  # line heights between the cells of a row, at least
TWIN_ROWS = 2
SAME_EDGE = 3.0  # points between the left edges of the lines of a block, at most
FEWEST = 2  # lines of either block
CJK_SHARE = 0.5  # of the letters of a text that is Chinese or Japanese
ROOM = 1.5  # characters: white at a line's end beyond what begins the next line, at least
WIDER = 1.17  # times the usual step, of a line that is set apart: what begins it fits into the one above, which may end
LEAST_COLUMNS = 3  # of short texts beside each other
GUTTER = 0.8  # line heights of white between them, at least
WRAPPED = 0.66  # of the columns in which a line goes on in lower case, at least
WORDS = 1.5  # of their lines, in the mean, at least
FACT = re.compile(r"[^\W\d_][^:]{0,30}:\s+\S")  # a label with its value
FACTS = 0.5  # of the lines of one block that are such


def paragraphs_apart(box: LayoutBox, lines: Sequence[Line]) -> list[LayoutBox]:
    """A region of text as its paragraphs; as it is where no white parts it. Several of a line each stay together, as a
    region of label "entries", those of Chinese and Japanese as one of label "paragraphs".

    ``lines`` are those of the page that lie in the region.
    """
    if _is_cjk(box.lines) and len(found := _short_lines_apart(box.lines)) > 1:
        return [replace(box, label="paragraphs", lines=tuple(found))]
    rows = lines_of(lines)
    if len(box.lines) != len(rows) or _stand_apart(rows):
        return [box]
    if any(line.hidden or line.vertical or line.quarters or line.slanted for line in lines):
        return [box]
    tops = [union(line.bbox for line in row).y0 for row in rows]
    steps = [below - above for above, below in pairwise(tops)]
    if not steps or max(len(line.text.split()) for line in lines) < SENTENCE:
        return [box]
    tall, usual = median(height(line.bbox) for line in lines), min(steps)
    least = LOOSE * tall if usual >= LOOSE * tall else max(LOOSE * tall, LOOSER * usual)
    ends = [step >= least for step in steps]
    open_end = [_goes_on(a[-1], b[0]) for a, b in pairwise(rows)]
    if not any(ends) or any(end and on for end, on in zip(ends, open_end, strict=True)):
        return [box]
    cuts = [(tops[i] + tops[i + 1] + tall) / 2 for i, end in enumerate(ends) if end]
    parts = _parted(box, [sum(_middle(line) > cut for cut in cuts) for line in box.lines])
    if len(parts) >= ENTRIES and sum(len(part.lines) == 1 for part in parts) > len(parts) / 2:
        entries = [Line(join_lines(line.text for line in part.lines), part.bbox) for part in parts]
        return [replace(box, label="entries", lines=tuple(entries))]
    return parts


def _is_cjk(lines: Sequence[Line]) -> bool:
    """Whether upright lines below each other are mostly of characters that are written without spaces."""
    text = "".join(line.text for line in lines)
    letters = [char for char in text if char.isalnum()]
    below = all(a.bbox.y1 <= b.bbox.y1 and a.bbox.y0 < b.bbox.y0 for a, b in pairwise(lines))
    upright = not any(line.vertical or line.quarters or line.slanted for line in lines)
    return below and upright and sum(map(is_cjk, letters)) > CJK_SHARE * len(letters)


def _short_lines_apart(lines: Sequence[Line]) -> list[Line]:
    """The paragraphs of lines that break after any character: one ends where what begins the next line would have
    fitted, or with white below it."""
    edge = max(line.bbox.x1 for line in lines)
    steps = [b.bbox.y0 - a.bbox.y0 for a, b in pairwise(lines)]
    ends = []
    for (a, b), step in zip(pairwise(lines), steps, strict=True):
        tall, room = height(a.bbox), edge - a.bbox.x1 - _beginning(b)
        loose = step >= LOOSE * tall and step >= (WIDER if room > 0 or a.text.endswith(CLOSED) else LOOSER) * min(steps)
        ends.append((room > ROOM * tall or loose) and not a.text.endswith(OPEN_ENDS))
    numbers = [sum(ends[:i]) for i in range(len(lines))]
    groups = [[line for line, _ in held] for _, held in groupby(zip(lines, numbers, strict=True), key=lambda p: p[1])]
    return [Line(join_lines(line.text for line in held), union([line.bbox for line in held])) for held in groups]


def _beginning(line: Line) -> float:
    """The width in points of what a line begins with and no break parts: a character, or a word of other letters."""
    if is_cjk(line.text[0]):
        return height(line.bbox)
    word = next((i for i, char in enumerate(line.text) if char.isspace() or is_cjk(char)), len(line.text))
    return width(line.bbox) * word / len(line.text)


def blocks_beside(box: LayoutBox, lines: Sequence[Line]) -> list[LayoutBox]:
    """A region of text with two blocks beside each other in it as these, and the texts above and below them; as it is
    where there are none.

    The file says one block after the other, and the lines of one are facts: labels beside values are no such blocks.
    ``lines`` are those of the page that lie in the region, in the file's order.
    """
    order = {id(line): place for place, line in enumerate(lines)}
    rows = lines_of(lines)
    beside = [len(row) == 2 and row[1].bbox.x0 - row[0].bbox.x1 >= APART * height(row[0].bbox) for row in rows]
    stretches = [[i for i, _ in held] for two, held in groupby(enumerate(beside), key=lambda pair: pair[1]) if two]
    held = next((stretch for stretch in stretches if len(stretch) >= FEWEST), [])
    sides = [[rows[i][side] for i in held] for side in (0, 1)]
    if not held or not all(_is_block(side, order) for side in sides) or not any(map(_are_facts, sides)):
        return [box]
    above, below = ([line for row in part for line in row] for part in (rows[: held[0]], rows[held[-1] + 1 :]))
    parts = (above, *sides, below)
    return [replace(box, bbox=union([x.bbox for x in part]), lines=tuple(part)) for part in parts if part]


def columns_apart(box: LayoutBox, lines: Sequence[Line]) -> list[LayoutBox]:
    """A region of text with narrow columns of wrapped lines beside each other as a region for each; as it is where
    there are none.

    White runs down between columns that begin at one height, and in most of them lines go on in lower case: those of a
    table or of terms beside their meaning do not. ``lines`` are those of the page that lie in the region.
    """
    if len(lines) < LEAST_COLUMNS * FEWEST or any(x.hidden or x.vertical or x.quarters or x.slanted for x in lines):
        return [box]
    tall = median(height(line.bbox) for line in lines)
    columns: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.bbox.x0):
        if columns and line.bbox.x0 - max(x.bbox.x1 for x in columns[-1]) < GUTTER * tall:
            columns[-1].append(line)
        else:
            columns.append([line])
    columns = [sorted(column, key=lambda line: line.bbox.y0) for column in columns]
    tops = [column[0].bbox.y0 for column in columns]
    if len(columns) < LEAST_COLUMNS or max(tops) - min(tops) > SAME_EDGE or not all(map(_is_text, columns)):
        return [box]
    wrapped = [[line.text[:1].islower() for line in column[1:]] for column in columns]
    if sum(map(any, wrapped)) < WRAPPED * len(columns) or sum(map(sum, wrapped)) < sum(map(len, wrapped)) / 2:
        return [box]
    return [replace(box, bbox=union([x.bbox for x in column]), lines=tuple(column)) for column in columns]


def _is_text(lines: Sequence[Line]) -> bool:
    """Whether lines stand below each other and are no single words; a text begins with a capital or a number."""
    words = sum(len(line.text.split()) for line in lines)
    below = len(lines) >= FEWEST and all(a.bbox.y1 <= b.bbox.y0 + SAME_EDGE for a, b in pairwise(lines))
    return below and words >= WORDS * len(lines) and not lines[0].text[:1].islower()


def twin_cells(lines: Sequence[Line]) -> tuple[Cell, ...]:
    """Two cells per row of a table without rules, whose cells may have several lines, as of one text in two languages;
    none where the lines, in the file's order, form no such rows.

    The file says the lines of the left cell, then those of the right one, then the next row.
    """
    if len(lines) < 2 * TWIN_ROWS or any(x.hidden or x.vertical or x.quarters or x.slanted for x in lines):
        return ()
    left, tall = min(line.bbox.x0 for line in lines), median(height(line.bbox) for line in lines)
    runs = [(side, [*held]) for side, held in groupby(lines, key=lambda line: line.bbox.x0 - left > SAME_EDGE)]
    cells = [held for _, held in runs]
    if len(runs) % 2 or len(runs) < 2 * TWIN_ROWS or runs[0][0] or max(len(held) for held in cells) < 2:
        return ()
    rows = [*zip(cells[::2], cells[1::2], strict=True)]
    right = min(line.bbox.x0 for _, held in rows for line in held)
    edges = all(
        abs(x.bbox.x0 - edge) <= SAME_EDGE
        for row in rows
        for edge, h in zip((left, right), row, strict=True)
        for x in h
    )
    apart = right - max(line.bbox.x1 for held, _ in rows for line in held) >= TWIN_GAP * tall
    level = all(abs(a[0].bbox.y0 - b[0].bbox.y0) <= SAME_EDGE for a, b in rows)
    bottoms = [max(line.bbox.y1 for held in row for line in held) for row in rows]
    below = all(row[0][0].bbox.y0 >= bottom - SAME_EDGE for bottom, row in zip(bottoms, rows[1:], strict=False))
    if not (edges and apart and level and below):
        return ()
    return tuple(
        Cell(r, c, join_lines(line.text for line in held), bbox=union([line.bbox for line in held]))
        for r, row in enumerate(rows)
        for c, held in enumerate(row)
    )


def _stand_apart(rows: Sequence[Sequence[Line]]) -> bool:
    """Whether the pieces of a row stand in columns."""
    return any(b.bbox.x0 - a.bbox.x1 >= TWIN_GAP * height(a.bbox) for row in rows for a, b in pairwise(row))


def _is_block(lines: Sequence[Line], order: dict[int, int]) -> bool:
    """Whether lines follow each other in the file and begin at one edge."""
    follow = all(order[id(b)] == order[id(a)] + 1 for a, b in pairwise(lines))
    return follow and max(x.bbox.x0 for x in lines) - min(x.bbox.x0 for x in lines) <= SAME_EDGE


def _are_facts(lines: Sequence[Line]) -> bool:
    return sum(FACT.match(line.text) is not None for line in lines) >= FACTS * len(lines)


def _goes_on(above: Line, below: Line) -> bool:
    return above.text.endswith(OPEN_ENDS) or below.text[:1].islower()


def _middle(line: Line) -> float:
    return (line.bbox.y0 + line.bbox.y1) / 2


def _parted(box: LayoutBox, numbers: Sequence[int]) -> list[LayoutBox]:
    """A region as one for each number, from the lowest."""
    parts = [[x for x, own in zip(box.lines, numbers, strict=True) if own == n] for n in sorted({*numbers})]
    if len(parts) < 2:
        return [box]
    return [replace(box, bbox=union([x.bbox for x in part]), lines=tuple(part)) for part in parts]
