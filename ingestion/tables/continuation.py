"""Tables that go on over a page break: which table continues which, and their joined Markdown. Pure.

The last table of a page and the first of the next are one where a caption says so ("Table 2 (continued)"), where the
header is repeated, or where nothing stands between them and their columns stand at the same places.

Example: "Table 2" with the header ``Part | Torque`` at the foot of page 4 and rows under the same header at the head of
page 5 are one table; the second has ``continues`` set and the first one's caption.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import zip_longest

from ingestion.elements import Cell, Element
from ingestion.tables.cells import column_edges, table_size
from ingestion.tables.grid import Rows, to_grid
from ingestion.tables.headers import header_rows
from ingestion.tables.markdown import cells_to_markdown, from_markdown, to_markdown
from ingestion.tables.sections import TOTAL
from ingestion.text.caption_labels import caption_label, is_continued
from ingestion.text.cleaning import join_lines

COLUMN_SHIFT = 0.03  # of the table's width by which a column may stand elsewhere after a page break
SENTENCE_ENDS = ".:;!?…。！？"  # a cell that ends so does not go on over the page break, unless in lower case
PROSE_WORDS = 4  # a lone cell of so many words goes on with the one above, also after a full stop
FOOTNOTE = re.compile(r"^\s*(?:[*†‡§¶]|\d{1,3}[\s.)]|\(\d{1,2}\)|[a-z]\)?\s)")


def link_continued_tables(elements: Sequence[Element]) -> list[Element]:
    """Link each page's first table to the last one of the page before, where it continues that.

    ``elements`` stand in reading order. A continuation has the first table's caption and header.
    """
    result = list(elements)
    pages: dict[int, list[Element]] = {}
    for element in elements:
        pages.setdefault(element.region.page, []).append(element)
    for i, element in enumerate(result):
        page = element.region.page
        tables = [e for e in pages.get(page - 1, ()) if e.kind == "table"]
        first = next((e for e in pages[page] if e.kind == "table"), None)
        if element is not first or not tables:
            continue
        own = _without_glued_row(tables[-1], element)
        if _continues(tables[-1], own, pages[page - 1], pages[page]):
            result[i] = _as_continuation(tables[-1], own)
            pages[page] = [result[i] if e is element else e for e in pages[page]]
    return result


def _without_glued_row(before: Element, element: Element) -> Element:
    """A table with the rest of a cell that the page broke in a row of its own, where it was glued to the header.

    The header repeats that of the table before, and each cell goes on behind it: no rule stood between the two.
    """
    names = {c.column: c for c in before.cells if c.row == 0 and c.text}
    own = [c for c in element.cells if c.row == 0]
    more = {c.column: c.text[len(names[c.column].text) :] for c in own if c.column in names}
    repeated = all(c.text.startswith(names[c.column].text) for c in own if c.column in names)
    filled = {c.column for c in own if c.text}
    if not repeated or len(names) < 2 or filled != names.keys() or any(c.rows > 1 for c in (*own, *names.values())):
        return element
    if not any(text.strip() for text in more.values()) or not all(text[:1] in ("", " ") for text in more.values()):
        return element
    header = [c._replace(text=names[c.column].text) if c.column in names else c for c in own]
    rest = [c._replace(row=1, text=more.get(c.column, "").strip(), header=False) for c in own]
    below = [c._replace(row=c.row + 1) for c in element.cells if c.row]
    cells = (*header, *rest, *below)
    return replace(element, cells=cells, text=cells_to_markdown(cells))


def join_continued(text: str, cells: Sequence[Cell]) -> str:
    """Add the rows of a continuation to the Markdown ``text`` of its table, without the repeated header."""
    rows = from_markdown(text)
    if not rows:
        return text
    grid = to_grid(cells)
    repeated = bool(grid.header) and _same(rows[0], grid.header)
    added = [list(row) for row in (grid.body if repeated else to_grid(cells, 0, rows[0]).body)]
    if added and len(rows) > 1 and _goes_on(rows[-1], added[0]):
        rows[-1] = [join_lines(part for part in pair if part) for pair in zip_longest(rows[-1], added[0], fillvalue="")]
        added = added[1:]
    lines = text.splitlines()
    inner = [i for i, line in enumerate(lines) if line.startswith("|")]
    table = to_markdown([*rows, *added])
    return "\n".join([*lines[: inner[0]], table, *lines[inner[-1] + 1 :], *(f"\n{note}" for note in grid.below)])


def same_header(a: Rows, b: Rows) -> bool:
    """Whether two tables repeat one header row of at least two columns."""
    return bool(a and b) and len(a[0]) > 1 and _same(a[0], b[0])


def _goes_on(last: Sequence[str], first: Sequence[str]) -> bool:
    """Whether a page's first row is the rest of the last row of the page before.

    It is where it has no entry of its own in the first column and adds words only to cells that have some.
    """
    filled = [i for i, text in enumerate(first) if text]
    if not filled or not filled[0] or not last[0] or len(filled) == len(first):
        return False
    pairs = [(last[i] if i < len(last) else "", first[i]) for i in filled]
    if not all(upper and any(c.isalpha() for c in lower) for upper, lower in pairs):
        return False
    open_end = any(upper[-1] not in SENTENCE_ENDS or lower[0].islower() for upper, lower in pairs)
    return open_end or (len(filled) == 1 and len(pairs[0][1].split()) >= PROSE_WORDS)


def _same(a: Sequence[str], b: Sequence[str]) -> bool:
    """Whether two rows say the same but for case and spaces, and say anything."""
    first, second = ([" ".join(cell.lower().split()) for cell in row] for row in (a, b))
    return first == second and any(first)


def _as_continuation(before: Element, element: Element) -> Element:
    """A continuation with the first table's caption and header, its columns counted as there."""
    places = _places(before.cells, element.cells)
    cells = element.cells
    if places and places != list(range(len(places))):
        cells = tuple(
            c._replace(column=places[c.column], columns=places[c.column + c.columns - 1] - places[c.column] + 1)
            for c in cells
        )
    caption = element.caption if is_continued(element.caption) else before.caption
    header = to_grid(before.cells).header
    repeated = _same(header, to_grid(cells).header)
    top = header_rows(cells) if repeated else 0
    cells = _in_section(before.cells, _with_labels(before.cells, cells, top), top)
    text = element.text
    if cells != element.cells or not repeated:
        grid = to_grid(cells) if repeated else to_grid(cells, 0, header)
        text = "\n\n".join(part for part in (*grid.above, to_markdown([header, *grid.body]), *grid.below) if part)
    linked = replace(element, continues=before.order, caption=caption or element.caption)
    return replace(linked, cells=cells, text=text)


def _with_labels(before: Sequence[Cell], cells: Sequence[Cell], top: int) -> tuple[Cell, ...]:
    """Cells of a continuation, those over several rows that the page breaks with what they say on the page before."""
    last = table_size(before)[0] - 1
    open_ended = {c.column: c.text for c in before if c.row + c.rows - 1 == last and c.text and c.columns == 1}
    tall = {c.column for c in before if c.column in open_ended and c.row + c.rows - 1 == last and c.rows > 1}
    broken = {
        c.column
        for c in cells
        if c.row == top and not c.text and c.rows > 1 and c.column in open_ended and (c.column in tall or not c.column)
    }
    return tuple(
        c._replace(text=open_ended[c.column]) if c.row == top and c.column in broken and not c.text else c
        for c in cells
    )


def _in_section(before: Sequence[Cell], cells: Sequence[Cell], top: int) -> tuple[Cell, ...]:
    """Cells of a continuation under the label of the section that the page breaks, if the one before ends in it."""
    last = max((c for c in before if c.heads), default=None)
    count, columns = table_size(cells)
    if last is None or last.row + last.heads < table_size(before)[0] - 1:
        return tuple(cells)
    ends = [c.row for c in cells if c.row >= top and c.column == 0 and (c.heads or TOTAL.search(c.text))]
    heads = min([*ends, count]) - top
    if heads <= 0:
        return tuple(cells)
    label = last._replace(row=top, columns=columns, heads=heads, bbox=None)
    return (*(c for c in cells if c.row < top), label, *(c._replace(row=c.row + 1) for c in cells if c.row >= top))


def _continues(before: Element, element: Element, page_before: Sequence[Element], page: Sequence[Element]) -> bool:
    """Whether a page's first table goes on with the last one of the page before."""
    if _has_own_columns(before, element):
        return False
    said = is_continued(element.caption)
    running = {e.text for e in page_before if e.kind in ("heading", "title", "text")}
    own = element.caption and element.caption not in (before.caption, *running) and not said
    if own and caption_label(element.caption) is not None:
        return False
    if said or (not own and same_header(from_markdown(before.text), from_markdown(element.text))):
        return said or table_size(before.cells)[1] == table_size(element.cells)[1]
    if own or any(_stands_below(e, before) for e in page_before):
        return False
    return not any(_stands_above(e, element, running) for e in page) and bool(_places(before.cells, element.cells))


def _has_own_columns(before: Element, element: Element) -> bool:
    """Whether a table names its rows as the one before and its columns otherwise: its part further to the right."""
    first, second = (from_markdown(e.text)[:1] for e in (before, element))
    if not first or not second or len(second[0]) < 2 or not second[0][0]:
        return False
    known = {" ".join(name.lower().split()) for name in first[0][1:]}
    same = sum(" ".join(name.lower().split()) in known for name in second[0][1:])
    return _same(first[0][:1], second[0][:1]) and all(second[0]) and 2 * same < len(second[0]) - 1


def _stands_below(other: Element, table: Element) -> bool:
    """Whether other content follows a table on its page; notes and footnotes are no content."""
    box, own = other.region.bbox, table.body or table.region.bbox
    if other.kind == "caption" or (other.kind == "text" and FOOTNOTE.match(other.text)):
        return False
    return other is not table and box.y0 >= own.y1 - 2


def _stands_above(other: Element, table: Element, running: Collection[str]) -> bool:
    """Whether other content precedes a table on its page, beside what the page before says too."""
    box, own = other.region.bbox, table.body or table.region.bbox
    if other is table or other.kind == "caption" or other.text in running:
        return False
    return box.y1 <= own.y0 + 2


def _places(a: Sequence[Cell], b: Sequence[Cell]) -> list[int]:
    """The columns of ``a`` that the columns of ``b`` go on, or nothing.

    As many columns at the same places, measured from each table's left edge; or fewer, where some are empty, at the
    same places of the page.
    """
    first, second = _columns(a), _columns(b)
    if len(first) < 2 or not second:
        return []
    near = COLUMN_SHIFT * max(first[-1][1] - first[0][0], second[-1][1] - second[0][0])
    if len(first) == len(second):
        shift = second[0][0] - first[0][0]
        same = all(abs(y[0] - shift - x[0]) <= near for x, y in zip(first, second, strict=True))
        return list(range(len(first))) if same and abs(second[-1][1] - shift - first[-1][1]) <= near else []
    places = [
        next((i for i, (x0, x1) in enumerate(first) if abs(x0 - y0) <= near and abs(x1 - y1) <= near), -1)
        for y0, y1 in second
    ]
    return places if -1 not in places and len(places) > 1 else []


def _columns(cells: Sequence[Cell]) -> list[tuple[float, float]]:
    """Left and right edge of every column in points; nothing where one is not known."""
    edges = column_edges(cells)
    return list(edges.values()) if len(edges) == table_size(cells)[1] else []
