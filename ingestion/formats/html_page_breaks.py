"""Where pages end within tables, so that a table is parted there.

MuPDF 1.28 moves a row that does not fit to the next page, but draws the borders of its cells as if each had a row of
its own, so that the row is torn. Two tables, one on either page, are drawn rightly. Rows are marked
(:func:`mark_rows`), the library lays the page out, and the tables are parted before each row that begins a page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from lxml import etree

from ingestion.formats.xml_reading import local_name

MARK = re.compile(rb'id="(pagesight-row-(\d+)-(\d+))"')
MOST_ROWS = 3000  # of a file: the library looks for each of them
PASSES = 4  # a break moves what comes after it, so new ones may be needed

PageOf = Callable[[str], int]


def mark_rows(rows: Sequence[etree._Element], table: int) -> None:
    """Name the first cell of each row by the number of its table and its own."""
    for number, row in enumerate(rows):
        first = next((child for child in row if local_name(child).lower() in ("td", "th")), None)
        if first is not None:
            first.set("id", f"pagesight-row-{table}-{number}")


def first_on_pages(content: bytes, page_of: PageOf) -> set[str]:
    """Names of rows that begin a page in the midst of their table."""
    found = [(name.decode(), int(table), int(row)) for name, table, row in MARK.findall(content)]
    if len(found) > MOST_ROWS:
        return set()
    placed = [(name, table, page_of(name)) for name, table, _ in found]
    return {
        name
        for (_, before, earlier), (name, table, page) in pairwise(placed)
        if before == table and page > earlier >= 0
    }


def parted_before(content: bytes, names: Iterable[str]) -> bytes:
    """The HTML with its tables parted before these rows, each of which begins a page."""
    root = etree.fromstring(content, etree.HTMLParser(no_network=True, huge_tree=True, encoding="utf-8"))
    wanted = set(names)
    cells = [cell for cell in root.iter("td", "th") if cell.get("id") in wanted]
    for cell in reversed(cells):
        _part(cell)
    return b"<!DOCTYPE html>" + bytes(etree.tostring(root, method="html", encoding="utf-8"))


def _part(cell: etree._Element) -> None:
    row = cell.getparent()
    table = next((holder for holder in cell.iterancestors("table")), None)
    if row is None or table is None or table.getparent() is None:
        return
    rows = list(table.iter("tr"))
    parent, tail = table.getparent(), table.tail
    place = parent.index(table)
    more = etree.Element("table", dict(table.attrib))
    more.set("style", f"{table.get('style', '')}; margin-top: 0".lstrip("; "))
    more.tail, table.tail = tail, None
    for moved in rows[rows.index(row) :]:
        more.append(moved)
    page = etree.Element("div", style="page-break-after: always")  # MuPDF knows no break before
    parent.insert(place, page)
    page.append(table)
    parent.insert(place + 1, more)
