"""Rows that explain labels: parts lists, legends and tables of positions, of a page's lines and cells. Pure.

A row is a key and what it stands for. Keys that stand below each other and rise make a list; a list that goes on in the
next column goes on here too, and one that begins anew is another. In a table the keys are a column of their own, or
several where the list is set in columns side by side. In a sentence ("1 lamp, 2 lens, 3 mirror") they rise by one.

Example: the lines "1  Sanding belt", "2  Bed" and, at the head of the next column, "3  Knob" are one legend with the
keys 1, 2 and 3.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from ingestion.blocks import Line
from ingestion.callouts.labels import KEY, is_single, label_key, plain_digits, plain_key
from ingestion.elements import BBox, Cell
from ingestion.geometry import height, in_one_row, mostly_inside, union, width
from ingestion.text.cleaning import join_lines

MAX_ROW_CHARS = 240  # of what a key stands for; the rest is left out
COLUMN_SHIFT = 14.0  # points by which keys of one column may stand apart: "100" is set farther left than "1"
KEY_GAP = 120.0  # points from a key to the words that explain it, at most
WORD_GAP = 60.0  # points between words of one row, at most
LINE_GAP = 0.9  # of a line's height from one line of a row down to the next, at most
MAX_ROW_LINES = 6  # lines of one row that are read
KEY_SHARE = 0.6  # of a table's column that must be keys
DISTINCT_SHARE = 0.9  # of such keys that must differ: quantities repeat
INLINE_ROWS = 3  # rows that a sentence needs to be a legend

_WORDS = r"(?=[^\s])(?=.*(?:[^\W\d_]{2}|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]))"
_ROW = re.compile(
    rf"[(\[]?(?P<key>{KEY})(?:\s?[)\]][.:]?|[.:](?=\s)|\s?[:=]|\s+[–—-](?=\s)|(?=\s))\s*(?P<text>(?![x×*]\s){_WORDS}.+)"
)
_INLINE = re.compile(
    r"(?<![^\s,;:.(\[])[(\[]?(?P<key>[1-9]\d{0,2}[a-z]?|[A-Z]\d{0,2})(?:[)\]]|[.:](?=\s)|\s?[=:]|\s[–—-](?=\s)|(?=\s))\s*(?=[^\W\d_])"
)
_LEADERS = re.compile(r"\s*(?:(?:\.\s?){4,}|…{2,}|(?:·\s?){4,}|(?:_\s?){5,})\s*")
_NEXT_ENTRY = re.compile(r"(?<!\.)(?<!\.\s)(?:\.\s?){4,}\s*\S{1,6}\s+(?=\d{1,3}\s)")
_NUMBERED = re.compile(r"(?P<number>\d*)(?P<letter>[A-Z]?)(?P<rest>\d*)")


class LegendRow(NamedTuple):
    """What a key stands for, and the box of its key and words in points."""

    key: str
    text: str
    bbox: BBox


Legend = tuple[LegendRow, ...]
"""Rows with different keys that belong together, in order."""


def legends_of(
    lines: Sequence[Line], tables: Iterable[Sequence[Cell]], texts: Iterable[tuple[str, BBox]]
) -> tuple[Legend, ...]:
    """The legends of a page: of its tables' cells, of its lines outside those tables, and of sentences in its texts."""
    held = [legend for cells in tables for legend in table_legends(cells)]
    boxes = [union(row.bbox for row in legend) for legend in held]
    free = [line for line in lines if not any(mostly_inside(line.bbox, box) for box in boxes)]
    listed = list_legends(free)
    boxes += [union(row.bbox for row in legend) for legend in listed]
    spoken = [inline_legend(text, box) for text, box in texts if not any(mostly_inside(box, other) for other in boxes)]
    return (*held, *listed, *(legend for legend in spoken if legend))


def order_of(key: str) -> tuple[int, str, int]:
    """Where a key stands among others: 2 before 10, 7 before 7A, A2 before A10."""
    match = _NUMBERED.fullmatch(key)
    if match is None:
        return 0, key, 0
    return int(match["number"] or 0), match["letter"], int(match["rest"] or 0)


def follows(key: str, after: str) -> bool:
    """Whether a key is the next one after another: 3 after 2, "7A" after 7, D after C, A3 after A2."""
    (a, letter_a, rest_a), (b, letter_b, rest_b) = order_of(after), order_of(key)
    if letter_a == letter_b and rest_a == rest_b:
        return b - a == 1
    if a == b and rest_a == rest_b:
        return ord(letter_b or "@") - ord(letter_a or "@") == 1
    return a == b and letter_a == letter_b and rest_b - rest_a == 1


# -- lists of lines ------------------------------------------------------------------------------------------------


def list_legends(lines: Sequence[Line]) -> list[Legend]:
    """The legends among lines: keys below each other with words beside them."""
    upright = [part for line in lines if not (line.quarters or line.vertical or line.slanted) for part in _apart(line)]
    rows = [row for row in (_row_at(line, upright) for line in upright) if row]
    runs = [run for column in _columns(rows) for run in _rising(column)]
    joined = [legend for legend in _joined(runs) if len(legend) > 1]
    free = [line for line in upright if not any(mostly_inside(line.bbox, row.bbox) for row in rows)]
    return [tuple(_whole(row, free) for row in legend) for legend in joined]


def _apart(line: Line) -> list[Line]:
    """A line over two columns of an index cut between them: "1 Wharf ..... C2 20 Tanguito ..... B2"."""
    cuts = [0, *(match.end() for match in _NEXT_ENTRY.finditer(line.text)), len(line.text)]
    if len(cuts) == 2:
        return [line]
    scale = width(line.bbox) / len(line.text)
    return [
        replace(
            line,
            text=line.text[start:end].strip(),
            bbox=line.bbox._replace(x0=line.bbox.x0 + start * scale, x1=line.bbox.x0 + end * scale),
        )
        for start, end in pairwise(cuts)
    ]


def _row_at(line: Line, lines: Sequence[Line]) -> LegendRow | None:
    """The row that a line begins: a key with words behind it, in the same line or in lines on its right."""
    text = plain_digits(line.text)
    key = label_key(text)
    match = None if key else _ROW.fullmatch(text)
    if match:
        return LegendRow(plain_key(match["key"]), match["text"], line.bbox)
    beside = _beside(line, lines) if key else []
    if not key or not is_single(key) or not beside:
        return None
    box = union([line.bbox, *(other.bbox for other in beside)])
    return LegendRow(key, join_lines(other.text for other in beside), box)


def _beside(key: Line, lines: Sequence[Line]) -> list[Line]:
    """The words on a key's right, up to the next number that stands alone."""
    row = [x for x in lines if x.bbox.x0 >= key.bbox.x1 - 1 and in_one_row(x.bbox, key.bbox)]
    row.sort(key=lambda line: line.bbox.x0)
    found: list[Line] = []
    for line in row:
        near = line.bbox.x0 - (found[-1].bbox.x1 if found else key.bbox.x1) <= (WORD_GAP if found else KEY_GAP)
        if not near or label_key(line.text) or _ROW.fullmatch(plain_digits(line.text)):
            break
        found.append(line)
    return found if any(re.match(_WORDS, line.text) for line in found) else []


def _columns(rows: Iterable[LegendRow]) -> list[list[LegendRow]]:
    """Rows whose keys stand below each other, numbers and letters apart, from top to bottom."""
    columns: list[list[LegendRow]] = []
    ordered = sorted(rows, key=lambda row: (row.key[:1].isalpha(), row.bbox.x0))
    for row in ordered:
        last = columns[-1][-1] if columns else None
        same = last is not None and last.key[:1].isalpha() == row.key[:1].isalpha()
        if last is None or not same or row.bbox.x0 - columns[-1][0].bbox.x0 > COLUMN_SHIFT:
            columns.append([])
        columns[-1].append(row)
    return [sorted(column, key=lambda row: row.bbox.y0) for column in columns]


def _rising(column: Sequence[LegendRow]) -> list[list[LegendRow]]:
    """A column cut where its keys begin anew."""
    runs: list[list[LegendRow]] = []
    for row in column:
        if not runs or order_of(row.key) <= order_of(runs[-1][-1].key):
            runs.append([])
        runs[-1].append(row)
    return runs


def _joined(runs: Iterable[list[LegendRow]]) -> list[list[LegendRow]]:
    """Runs joined to those that they go on from: 1 to 6 in one column, 7 and 8 in the next. Of several the nearest."""
    result: list[list[LegendRow]] = []
    for run in sorted(runs, key=lambda run: (order_of(run[0].key), run[0].bbox.x0, run[0].bbox.y0)):
        before = [other for other in result if follows(run[0].key, other[-1].key)]
        if before:
            min(before, key=lambda other: _distance(other[-1].bbox, run[0].bbox)).extend(run)
        else:
            result.append(list(run))
    return result


def _distance(a: BBox, b: BBox) -> float:
    return abs(a.x0 - b.x0) + abs(a.y0 - b.y0)


def _whole(row: LegendRow, free: Sequence[Line]) -> LegendRow:
    """A row with the lines that go on below it: close, and indented from its key. ``free`` lines are in no row."""
    box, parts = row.bbox, [row.text]
    for line in sorted(free, key=lambda line: line.bbox.y0):
        below = -2 <= line.bbox.y0 - box.y1 <= LINE_GAP * height(line.bbox)
        if len(parts) < MAX_ROW_LINES and below and row.bbox.x0 + 2 < line.bbox.x0 < row.bbox.x1:
            parts.append(line.text)
            box = union([box, line.bbox])
    return LegendRow(row.key, row_text(join_lines(parts)), box)


def row_text(text: str) -> str:
    """What a key stands for, on one line, without leaders and no longer than :data:`MAX_ROW_CHARS`."""
    plain = " ".join(_LEADERS.sub(" … ", text).split()).strip(" …;,|\ufffd")
    return plain if len(plain) <= MAX_ROW_CHARS else f"{plain[: MAX_ROW_CHARS - 2].rsplit(' ', 1)[0]} …"


# -- tables --------------------------------------------------------------------------------------------------------


def table_legends(cells: Sequence[Cell]) -> list[Legend]:
    """The legend of a table with a column of keys, or with several side by side; none for other tables."""
    columns: dict[int, dict[int, Cell]] = defaultdict(dict)
    for cell in cells:
        if cell.text.strip():
            columns[cell.column][cell.row] = cell
    body = sorted({cell.row for cell in cells if cell.text.strip()})
    keyed = _key_columns(columns, body)
    ends = [*keyed, max(columns, default=0) + 1][1:]
    rows: dict[str, LegendRow] = {}
    for start, end in zip(keyed, ends, strict=True):
        for number in body:
            row = _table_row([columns[c][number] for c in range(start, end) if number in columns[c]])
            if row and row.key not in rows:
                rows[row.key] = row
    return [tuple(rows.values())] if len(rows) > 1 else []


def _key_columns(columns: dict[int, dict[int, Cell]], body: Sequence[int]) -> list[int]:
    """The first column of keys, and those with keys that go on from it or stand under the same name."""
    found: list[int] = []
    taken: set[str] = set()
    for column in sorted(columns):
        cells = columns[column]
        filled = [cells[row] for row in body if row in cells]
        keys = [key for key in (label_key(cell.text) for cell in filled) if key and is_single(key)]
        distinct = len(set(keys)) >= DISTINCT_SHARE * len(keys) and len(keys) > 1
        if not distinct or len(keys) < KEY_SHARE * len(filled):
            continue
        rising = all(order_of(a) < order_of(b) for a, b in pairwise(keys))
        if not found or (rising and taken.isdisjoint(keys)):
            found.append(column)
            taken |= set(keys)
    return found if found[:1] == sorted(columns)[:1] else []


def _table_row(cells: Sequence[Cell]) -> LegendRow | None:
    key = label_key(cells[0].text) if cells else None
    words = [cell for cell in cells[1:] if cell.text.strip()]
    if not key or not is_single(key) or not any(re.match(_WORDS, cell.text) for cell in words):
        return None
    boxes = [cell.bbox for cell in (cells[0], *words) if cell.bbox]
    said = row_text("; ".join(" ".join(cell.text.split()) for cell in words))
    return LegendRow(key, said, union(boxes)) if boxes else None


# -- sentences -----------------------------------------------------------------------------------------------------


def inline_legend(text: str, box: BBox) -> Legend:
    """The legend that a sentence or caption is: "1 lamp, 2 lens, 3 mirror", "A: handle; B: lid; C: pump". Its keys rise
    by one; empty for any other text."""
    marks: list[re.Match[str]] = []
    plain = plain_digits(text)
    for match in _INLINE.finditer(plain):
        first = not marks and plain_key(match["key"]) in ("1", "A")
        if first or (marks and follows(plain_key(match["key"]), plain_key(marks[-1]["key"]))):
            marks.append(match)
    if len(marks) < INLINE_ROWS:
        return ()
    ends = [*(mark.start() for mark in marks[1:]), len(plain)]
    rows = [(mark["key"], row_text(plain[mark.end() : end])) for mark, end in zip(marks, ends, strict=True)]
    return tuple(LegendRow(plain_key(key), words, box) for key, words in rows if words)
