"""Sheets of a workbook as HTML: each its name, its titles, a table, the words of its shapes and the comments on cells.

openpyxl reads the values; what it leaves out comes from :mod:`ingestion.formats.sheet_parts`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils import get_column_letter
from openpyxl.utils.escape import unescape
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from ingestion.formats.html_tables import MOST_LINES
from ingestion.formats.office_html import A4, Chapters, escaped, value
from ingestion.formats.sheet_parts import SheetParts, Span, read_parts

WIDEST = 3000.0  # points of a page
COLUMN = 70.0  # points a column of a sheet takes
MOST_ROWS = 10_000  # of a sheet, some 250 pages
NAMED = 5  # cells that a message names
LONGEST_PREAMBLE = 20  # rows of a name and a value above a table
REPEATED = 80  # characters: a cell over several rows says at most so much in each of them
CONTROL = re.compile(r"_x000[0-9A-Fa-f]{1}_")  # characters written as their numbers
UNDERSCORE = re.compile(r"_x005[Ff](?=_x[0-9A-Fa-f]{4}_)")  # one that begins no such number


@dataclass(slots=True)
class Grid:
    """What a sheet shows: texts by row and column (from 1), the cells over several columns, and how many rows others
    reach over; ``hidden``: rows that are not shown; ``lost``: how often what is left out."""

    rows: list[tuple[int, dict[int, str]]] = field(default_factory=list)
    wide: dict[tuple[int, int], Span] = field(default_factory=dict)
    tall: dict[tuple[int, int], int] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    lost: Counter[str] = field(default_factory=Counter)


class _Reader(ExcelReader):  # type: ignore[misc]  # an untyped class
    """The library's reader, with its texts as they are: it takes "x005F_" out of "0x005F_0010" (3.1.5, 2026-11)."""

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is None:
            return
        with self.archive.open(part.PartName.removeprefix("/")) as content:
            items = (item for _, item in iterparse(content) if item.tag == f"{{{SHEET_MAIN_NS}}}si")
            self.shared_strings = [_shared(item) for item in items]


def _shared(item: Any) -> str:
    text = UNDERSCORE.sub("", str(Text.from_tree(item).content))
    item.clear()
    return text


def sheets(path: Path) -> Chapters:
    """Sheets that are shown; formulas as last computed, or as they are written."""
    lost = Counter[str]()
    chapters: list[str] = []
    widest = 0
    unknown: list[str] = []
    with path.open("rb") as file:
        reader = _Reader(file, read_only=True, data_only=True)
        reader.read()
        workbook = reader.wb
        parts = read_parts(path)
        for sheet in workbook.worksheets:
            if sheet.sheet_state != "visible":
                lost[f"hidden sheet ({sheet.title})"] += 1
                continue
            sheet.reset_dimensions()  # programs write wrong ones, and openpyxl would believe them
            about = parts.get(sheet.title, SheetParts())
            grid = _read(sheet.iter_rows(), about, sheet.title)
            lost.update(grid.lost)
            unknown += [f"{sheet.title}!{get_column_letter(column)}{row}" for row, column in about.formulas]
            used = sorted({column for _, said in grid.rows for column in said})
            widest = max(widest, len(used))
            if grid.rows or about.comments or about.texts:
                behind = "".join(f"<p>{escaped(text)}</p>" for text in about.texts) + _comments(about)
                chapters.append(f"<h1>{escaped(sheet.title)}</h1>{table_html(grid, used)}{behind}")
    if unknown:
        more = ", …" if len(unknown) > NAMED else ""
        lost[f"value of a formula ({', '.join(unknown[:NAMED])}{more})"] += len(unknown)
    return Chapters(chapters, (min(WIDEST, max(A4[0], COLUMN * widest)), A4[1]), lost)


def _read(lines: Iterable[tuple[Any, ...]], about: SheetParts, title: str) -> Grid:
    grid = Grid()
    tall: dict[int, tuple[str, int]] = {}  # by column: what a cell above says, and its last row
    for row, line in enumerate(lines, 1):
        said = {column: text for column, cell in enumerate(line, 1) if (text := _text(cell, row, column, about))}
        for column in [column for column in said if column in about.hidden_columns]:
            grid.lost[f"hidden cell (sheet {title}, column {get_column_letter(column)})"] += 1
            del said[column]
        if said and row in about.hidden_rows:
            grid.lost[f"hidden row (sheet {title})"] += 1
            grid.hidden.add(row)
            continue
        for column, (text, last) in list(tall.items()):
            if row > last:
                del tall[column]
            else:
                said.setdefault(column, text)
        for column in list(said):
            span = about.merged.get((row, column))
            if span is not None:
                grid.tall[row, column] = span.rows
                if span.rows > 1 and len(said[column]) <= REPEATED:
                    tall[column] = (said[column], row + span.rows - 1)
                for below in range(row, row + (span.rows if span.columns > 1 else 0)):
                    grid.wide[below, column] = span
        if said and len(grid.rows) == MOST_ROWS:
            grid.lost[f"end of a sheet (after {MOST_ROWS:,} rows)"] += 1
            break
        grid.rows += [(row, said)] if said else []
    return grid


def _text(cell: Any, row: int, column: int, about: SheetParts) -> str:
    text = value(cell.value, cell.number_format) or about.formulas.get((row, column), "")
    if not CONTROL.search(text):
        return text
    return str(unescape(text)).replace("\r\n", "\n").replace("\r", "\n").strip()


def table_html(grid: Grid, used: Sequence[int]) -> str:
    """Titles above the table as paragraphs; its first row is the header. Tables beside and below each other come one by
    one."""
    rows, above = list(grid.rows), []
    parts = _side_by_side(grid, used)
    if len(parts) > 1:
        held = [[(row, {c: text for c, text in said.items() if c in part}) for row, said in rows] for part in parts]
        beside = [replace(grid, rows=[(row, said) for row, said in own if said]) for own in held]
        return "".join(table_html(one, part) for one, part in zip(beside, parts, strict=True))
    below = _one_below_another(grid)
    if len(below) > 1:
        said_of = [sorted({column for _, said in part for column in said}) for part in below]
        return "".join(
            table_html(replace(grid, rows=part), own) if len(part) > 1 else _line(part[0][1])
            for part, own in zip(below, said_of, strict=True)
        )
    while len(used) > 1 and len(rows) > 1 and len(rows[0][1]) == 1:
        above.append(f"<p><b>{escaped(next(iter(rows.pop(0)[1].values())))}</b></p>")
    if len(rows) == 1 and above:
        return "".join(above) + _line(rows[0][1])
    lines = []
    heads = _head_rows(rows, grid)
    for number, (row, said) in enumerate(rows):
        tag = "th" if number < heads else "td"
        lines.append(f"<tr>{_row(row, said, used, grid, tag)}</tr>")
    tables = [lines[start : start + MOST_LINES] for start in range(0, len(lines), MOST_LINES)]
    return "".join(above) + "".join(f"<table>{''.join(part)}</table>" for part in tables)


def _line(said: dict[int, str]) -> str:
    """A lone row as a paragraph, in bold where it is a title."""
    text = escaped(" ".join(said[column] for column in sorted(said)))
    return f"<p><b>{text}</b></p>" if len(said) == 1 else f"<p>{text}</p>"


def _head_rows(rows: Sequence[tuple[int, dict[int, str]]], grid: Grid) -> int:
    """How many rows at the top are head: one, or as many as a cell of the first reaches over, where they hold words and
    the first names groups of columns."""
    if len(rows) < 2:
        return 0
    high = max((grid.tall.get((rows[0][0], column), 1) for column in rows[0][1]), default=1)
    words = all(any(map(str.isalpha, text)) for _, said in rows[:high] for text in said.values())
    grouped = any(span.columns > 1 for (row, _), span in grid.wide.items() if row == rows[0][0])
    return high if words and grouped and high < len(rows) else 1


def _side_by_side(grid: Grid, used: Sequence[int]) -> list[Sequence[int]]:
    """The columns of each table of a sheet. An empty column parts two where each has several columns, the first of them
    with words, and no cell reaches over it."""
    cuts = [after for before, after in pairwise(used) if after > before + 1]
    bounds = [0, *(used.index(cut) for cut in cuts), len(used)]
    parts = [used[start:stop] for start, stop in pairwise(bounds)]
    reached = any(column < cut < column + span.columns for (_, column), span in grid.wide.items() for cut in cuts)
    if reached or any(len(part) < 2 or not _begins_with_words(grid, part[0]) for part in parts):
        return [used]
    return parts


def _one_below_another(grid: Grid) -> list[list[tuple[int, dict[int, str]]]]:
    """The rows of each table of a sheet: one ends where an empty row, or rows of a name and a value, stand above a head
    of another's own."""
    rows = grid.rows
    stops = [
        place
        for place in range(1, len(rows))
        if _is_apart(grid, rows[place - 1][0], rows[place][0]) and _begins_table(rows, place, grid)
    ]
    after = next((place for place, (_, said) in enumerate(rows[:LONGEST_PREAMBLE]) if len(said) > 2), 0)
    preamble = rows[: after if not stops else min(after, stops[0])]
    merged = {row for row, _ in grid.wide}
    pairs = sum(len(said) == 2 for _, said in preamble) if not any(row in merged for row, _ in preamble) else 0
    if pairs and (not stops or after < stops[0]) and _is_head(rows, after, len(rows), grid):
        stops = sorted({*stops, after})
    bounds = [0, *stops, len(rows)]
    return [rows[start:stop] for start, stop in pairwise(bounds)]


def _is_apart(grid: Grid, above: int, below: int) -> bool:
    """Whether an empty row stands between two that are shown."""
    return any(row not in grid.hidden for row in range(above + 1, below))


def _begins_table(rows: Sequence[tuple[int, dict[int, str]]], place: int, grid: Grid) -> bool:
    """Whether what stands below an empty row is a table of its own, perhaps with a title: its head fills its columns,
    and either these are others than above, or it names columns of numbers."""
    ends = (p for p in range(place + 1, len(rows)) if _is_apart(grid, rows[p - 1][0], rows[p][0]))
    stop = next(ends, len(rows))
    top = place + (len(rows[place][1]) == 1)
    if not _is_head(rows, top, stop, grid):
        return False
    starts = (p for p in range(place - 1, 0, -1) if _is_apart(grid, rows[p - 1][0], rows[p][0]))
    above = {column for _, said in rows[next(starts, 0) : place] for column in said}
    return above != set(rows[top][1]) or _names_numbers(rows, top, stop)


def _is_head(rows: Sequence[tuple[int, dict[int, str]]], top: int, stop: int, grid: Grid) -> bool:
    """Whether a row has words in each of the columns that the rows below it fill."""
    if stop - top < 2 or len(rows[top][1]) < 2:
        return False
    used = {column for _, said in rows[top:stop] for column in said}
    row, said = rows[top]
    spans = {column: grid.wide[row, column].columns if (row, column) in grid.wide else 1 for column in said}
    named = {k for column, wide in spans.items() for k in range(column, column + wide)}
    return used <= named and all(any(map(str.isalpha, text)) for text in said.values())


def _names_numbers(rows: Sequence[tuple[int, dict[int, str]]], top: int, stop: int) -> bool:
    """Whether a column holds nothing but numbers, at least two, below its word in the first row."""
    below = {column: [said[column] for _, said in rows[top + 1 : stop] if column in said] for column in rows[top][1]}
    return any(len(held) > 1 and not any(any(map(str.isalpha, text)) for text in held) for held in below.values())


def _begins_with_words(grid: Grid, column: int) -> bool:
    """Whether most entries of a column, of at least two, have letters."""
    held = [said[column] for _, said in grid.rows if column in said]
    return len(held) > 1 and 2 * sum(any(map(str.isalpha, text)) for text in held) > len(held)


def _row(row: int, said: dict[int, str], used: Sequence[int], grid: Grid, tag: str) -> str:
    cells, covered = "", 0
    for column in used:
        if column <= covered:
            continue
        span = grid.wide.get((row, column))
        wide = 1
        if span is not None:
            covered = column + span.columns - 1
            wide = sum(column <= other <= covered for other in used)
        attribute = f' colspan="{wide}"' if wide > 1 else ""
        cells += f"<{tag}{attribute}>{escaped(said.get(column, ''))}</{tag}>"
    return cells


def _comments(about: SheetParts) -> str:
    said = [(f"{cell} ({escaped(who)})" if who else cell, text) for cell, who, text in about.comments]
    return "".join(f"<p>Comment on {place}: {escaped(text)}</p>" for place, text in said)
