"""Tables of web pages and books: borders, whole rows, cells over several rows, heads of several rows.

Elements are changed in place.
"""

from __future__ import annotations

import math
import re
from collections import deque
from collections.abc import Sequence
from copy import deepcopy
from itertools import takewhile
from typing import NamedTuple
from unicodedata import east_asian_width

from lxml import etree

from ingestion.formats.html_page_breaks import mark_rows
from ingestion.formats.xml_reading import all_of as _all
from ingestion.formats.xml_reading import drop, local_name, named_like
from ingestion.formats.xml_reading import whole as _whole

RULED = "pagesight-ruled"  # class of tables that get borders
SHORT = 32  # characters of a cell that stays on one line: the page becomes as wide as its tables
EM_A_LETTER = 0.6  # widths of wide print; a number or name in capitals fits
RULES = (
    f"table.{RULED} {{ border-collapse: collapse; }} "
    f".{RULED} td, .{RULED} th {{ border: 1px solid #808080; padding: 2pt 6pt; vertical-align: top; }}"
)
"""Added to a book's own style."""
EVERY_TABLE = "td, th { border: 1px solid #808080; padding: 2pt 6pt; vertical-align: top; }"
"""For kinds of books that are not changed here."""
LINE = 46.0  # em: a line of A4 in the usual print
PADDING = 1.8  # em: what each column takes beside its words
LEAST_LONG = 14.0  # em: a column of long cells
MOST_LINES = 250  # of one table: MuPDF 1.28 takes 60 s to lay out one of 10,000, and 3 s for 40 of 250
MOST_SPAN = 1000  # rows or columns of one cell
REPEATED = 80  # characters: a cell over several rows says at most so much in each of them
LONG_CELL = 300  # characters: a table with many such cells only places text on a page


def improve_tables(root: etree._Element) -> int:
    """Tables of data get borders and no cell over several rows; long ones are parted."""
    changed = sum(_say_caption(caption) for caption in _all(root, "caption"))
    changed += sum(_say_rows(table) for table in reversed(_all(root, "table")))
    changed += sum(_unfold(table) for table in _all(root, "table"))
    changed += sum(_keep_apart(table) for table in _all(root, "table"))
    for number, element in enumerate(_all(root, "table")):
        rows = _rows_of(element)
        if not rows or _all(element, "table")[1:]:
            continue
        _mark_head(rows)
        changed += _spread(rows)
        rows = _with_one_head(rows)
        if _is_data(element, rows):
            element.set("class", f"{element.get('class', '')} {RULED}".strip())
            if _set_widths(rows) and len(rows) <= MOST_LINES:
                mark_rows(rows, number)
            changed += 1
        changed += _part(element, rows)
    return changed


def _say_caption(caption: etree._Element) -> int:
    """A table's caption as a paragraph above it: MuPDF 1.28 lays it out as a cell of a further column."""
    table = caption.getparent()
    parent = table.getparent() if table is not None else None
    if table is None or parent is None or local_name(table).lower() != "table":
        return 0
    drop(caption)
    caption.tag = named_like(table, "p")
    parent.insert(parent.index(table), caption)
    return 1


def _say_rows(table: etree._Element) -> int:
    """A small table in a cell of a table of data as a line for each of its rows: MuPDF 1.28 lays its cells out as more
    cells of the outer one."""
    cell = table.getparent()
    while cell is not None and local_name(cell).lower() not in ("td", "th"):
        cell = cell.getparent()
    outer = cell
    while outer is not None and local_name(outer).lower() != "table":
        outer = outer.getparent()
    said = [
        ", ".join(filter(None, (" ".join("".join(c.itertext()).split()) for c in _cells(r)))) for r in _rows_of(table)
    ]
    if cell is None or outer is None or _all(table, "table")[1:] or len("".join(said)) > LONG_CELL:
        return 0
    if _all(table, "img", "svg", "image") or not _is_data(outer, _rows_of(outer)):
        return 0
    parent = table.getparent()
    assert parent is not None
    for line in filter(None, said):
        row = etree.Element(named_like(table, "p"))
        row.text = line
        parent.insert(parent.index(table), row)
    drop(table)
    return 1


def _unfold(table: etree._Element) -> int:
    """A table that only places others, and texts, beside each other as blocks, cell by cell: MuPDF 1.28 lays the cells
    of the inner ones out as more of its own."""
    rows = _rows_of(table)
    if not rows or not _all(table, "table")[1:] or _is_data(table, rows):
        return 0
    for row in rows:
        for cell in _cells(row):
            cell.tag = named_like(cell, "div")
        section = row.getparent()
        row.tag = named_like(row, "div")
        if section is not None and section is not table:
            section.tag = named_like(section, "div")
    table.tag = named_like(table, "div")
    return 1


def _keep_apart(table: etree._Element) -> int:
    """An empty line between a table and one that follows at once, which would be read as more of its rows."""
    after = table.getnext()
    parent = table.getparent()
    if after is None or parent is None or local_name(after).lower() != "table" or (table.tail or "").strip():
        return 0
    blank = etree.Element(named_like(table, "p"))
    blank.text = "\N{NO-BREAK SPACE}"
    parent.insert(parent.index(after), blank)
    return 1


def _rows_of(element: etree._Element) -> list[etree._Element]:
    sections = [child for child in element if local_name(child).lower() in ("thead", "tbody", "tfoot", "tr")]
    return [row for section in sections for row in ([section] if _is_row(section) else section) if _is_row(row)]


def _is_row(element: etree._Element) -> bool:
    return local_name(element).lower() == "tr"


def _cells(row: etree._Element) -> list[etree._Element]:
    return [child for child in row if local_name(child).lower() in ("td", "th")]


def _is_data(element: etree._Element, rows: Sequence[etree._Element]) -> bool:
    """Whether a table holds data, and does not only place parts of a page beside each other."""
    if element.get("role") in ("presentation", "none") or _all(element, "h1", "h2", "h3", "h4", "form"):
        return False
    cells = [cell for row in rows for cell in _cells(row)]
    wide = max(len(_cells(row)) for row in rows)
    long = sum(len("".join(cell.itertext())) > LONG_CELL for cell in cells)
    return len(rows) > 1 and wide > 1 and 2 * long < len(cells)


def _set_widths(rows: Sequence[etree._Element]) -> bool:
    """Short cells stay on one line, and columns of nothing else get a width in which they can; the others share what
    is left of the page, so that a table that is parted keeps its columns. Whether there are any."""
    longest: dict[int, float] = {}  # em
    lengths: dict[int, int] = {}
    cells: dict[int, list[etree._Element]] = {}
    for row in rows:
        column = 0
        for cell in _cells(row):
            wide = max(1, _whole(cell.get("colspan")) or 1)
            said = " ".join("".join(cell.itertext()).split())
            if len(said) <= SHORT:
                _keep_together(cell)
            if wide == 1:
                print_width = sum(1.0 if east_asian_width(c) in "WF" else EM_A_LETTER for c in said)
                longest[column] = max(longest.get(column, 1.0), print_width if len(said) <= SHORT else math.inf)
                lengths[column] = max(lengths.get(column, 0), len(said))
                cells.setdefault(column, []).append(cell)
            column += min(wide, MOST_SPAN)
    long = {column: math.sqrt(lengths[column]) for column, width in longest.items() if width == math.inf}
    left = LINE - PADDING * len(longest) - sum(width for width in longest.values() if width < math.inf)
    for column, share in long.items():
        longest[column] = max(LEAST_LONG, left * share / sum(long.values()))
    for column, width in longest.items():
        for cell in cells[column]:
            if "width" not in cell.get("style", ""):
                cell.set("style", f"{cell.get('style', '')}; width: {width:.1f}em".lstrip("; "))
    return bool(long)


def _keep_together(cell: etree._Element) -> None:
    """MuPDF 1.28 lets text without breaks run over the next cell, unless it is the spaces that do not break."""
    for element in cell.iter():
        for of in ("text", "tail"):
            said = getattr(element, of)
            if said and not (element is cell and of == "tail"):
                setattr(element, of, re.sub(r"(?<=\S)[ \t\r\n]+(?=\S)", "\N{NO-BREAK SPACE}", said))


class _Reaching(NamedTuple):
    """A cell that reaches into the rows below: how many, and over how many columns."""

    cell: etree._Element
    left: int
    wide: int


def _mark_head(rows: Sequence[etree._Element]) -> None:
    """Rows that cells of the first one reach into are head as well, where all in them are words, and some stand over
    several columns: "Size" beside "Flow" over "min" and "max"."""
    high = max((_whole(cell.get("rowspan")) or 1 for cell in _cells(rows[0])), default=1)
    own = [" ".join("".join(cell.itertext()).split()) for row in rows[:high] for cell in _cells(row)]
    grouped = any((_whole(cell.get("colspan")) or 1) > 1 for cell in _cells(rows[0]))
    if not 1 < high < len(rows) or not grouped or not all(map(_is_name, own)):
        return
    for row in rows[:high]:
        for cell in _cells(row):
            cell.tag = named_like(cell, "th")


def _is_name(text: str) -> bool:
    """Whether a cell has words and no number that they would be the value of."""
    return not text or (any(map(str.isalpha, text)) and not text[0].isdigit() and len(text) <= REPEATED)


def _spread(rows: Sequence[etree._Element]) -> int:
    """Cells over several rows say the same in each of them; long ones are left empty there."""
    reaching: dict[int, _Reaching] = {}
    changed = 0
    for row in rows:
        above, reaching = reaching, {}
        cells = deque(_cells(row))
        column = 0
        while cells or any(place >= column for place in above):
            if column in above:
                held = above[column]
                _put(row, _copied(held.cell), cells)
                if held.left > 1:
                    reaching[column] = held._replace(left=held.left - 1)
                wide = held.wide
            elif cells:
                cell = cells.popleft()
                wide, high = (min(MOST_SPAN, max(1, _whole(cell.get(f"{way}span")) or 1)) for way in ("col", "row"))
                if high > 1:
                    del cell.attrib["rowspan"]
                    reaching[column] = _Reaching(cell, high - 1, wide)
                    changed += 1
            else:
                wide = min(place for place in above if place >= column) - column
                gap = etree.SubElement(row, named_like(row, "td"))
                gap.set("colspan", str(wide))
            column += wide
    return changed


def _with_one_head(rows: list[etree._Element]) -> list[etree._Element]:
    """The rows of a table whose head of several rows, as the file marks it, is one: "Flow / min", "Flow / max".

    On the page nothing tells the second row of a head from the first of the body. Rows of one cell are titles and stay.
    """
    head = [row for row in takewhile(_is_head, rows) if len(_cells(row)) > 1]
    if not 1 < len(head) < len(rows):
        return rows
    names: list[list[str]] = []
    for row in head:
        column = 0
        for cell in _cells(row):
            said = " ".join("".join(cell.itertext()).split())
            wide = min(MOST_SPAN, max(1, _whole(cell.get("colspan")) or 1))
            names.extend([] for _ in range(column + wide - len(names)))
            for name in names[column : column + wide]:
                if said and said not in name[-1:]:
                    name.append(said)
            column += wide
    if any(_all(row, "img", "svg", "image") for row in head) or max(len(" / ".join(name)) for name in names) > REPEATED:
        return rows
    for row in head[1:]:
        drop(row)
    for cell in _cells(head[0]):
        drop(cell)
    for name in names:
        etree.SubElement(head[0], named_like(head[0], "th")).text = " / ".join(name)
    return [row for row in rows if row not in head[1:]]


def _is_head(row: etree._Element) -> bool:
    """Whether the file says so, or has no other cells in it than heads."""
    section = row.getparent()
    if section is not None and local_name(section).lower() == "thead":
        return True
    cells = _cells(row)
    return len(cells) > 1 and all(local_name(cell).lower() == "th" for cell in cells)


def _put(row: etree._Element, cell: etree._Element, before: deque[etree._Element]) -> None:
    row.insert(row.index(before[0]) if before else len(row), cell)


def _copied(cell: etree._Element) -> etree._Element:
    said = " ".join("".join(cell.itertext()).split())
    copy = deepcopy(cell)
    copy.tail = None
    if len(said) > REPEATED:
        for child in list(copy):
            copy.remove(child)
        copy.text = None
    for element in copy.iter():
        element.attrib.pop("id", None)
    for picture in _all(copy, "img", "svg", "image"):
        drop(picture)
    return copy


def _part(table: etree._Element, rows: Sequence[etree._Element]) -> int:
    """One table of very many rows as several."""
    if len(rows) <= MOST_LINES:
        return 0
    parent = table.getparent()
    if parent is None:
        return 0
    place = parent.index(table) + 1
    for start in range(MOST_LINES, len(rows), MOST_LINES):
        more = etree.Element(table.tag, dict(table.attrib))
        for row in rows[start : start + MOST_LINES]:
            more.append(row)
        parent.insert(place, more)
        place += 1
    parent[place - 1].tail, table.tail = table.tail, None
    return 1
