"""A table's cells as Markdown, its full region, and what two tables share. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from ingestion.cells import to_grid
from ingestion.elements import BBox, Cell
from ingestion.geometry import height, horizontal_overlap, inside, union, width
from ingestion.layout import Block
from ingestion.pdf import Line

MIN_ENTRIES, ENTRY_SHARE = 4, 0.75  # entries, and their share of the rows, that make a table of contents
LEADER = re.compile(r"(?:[.·…_]\s*){4,}|…{2,}")
ENTRY = re.compile(r"(?P<title>.*?\S)(?:\s*(?:[.·…_]\s*){3,}|\s+)(?P<page>\d{1,4}|[ivxlc]{1,6})\.?", re.DOTALL)
TRAILING_NUMBER = re.compile(r"[\s$€£(–-]\d[\d.,]*%?\)?$")  # a second number before the last: a row of data
SECTION_NUMBER = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2})*\.?|[IVX]+\.|[A-Z]\.|§\s*\d+)\s+\S")
CONTENTS_WORD = re.compile(
    r"^\s*(?:table of )?contents\b|^\s*(?:inhalt|sommaire|table des mati|índice|indice|sumário|inhoud|spis treści|"
    r"содержание|оглавление|目\s*次|目\s*录|차\s*례|목\s*차)",
    re.IGNORECASE,
)
RULE_REACH = 8.0  # points a rule or fill may stand outside the words it frames
Rows = Sequence[Sequence[str]]


def to_markdown(rows: Rows) -> str:
    """Cells to a Markdown table; the first row is the header. Short rows are filled, pipes escaped."""
    if not rows:
        return ""
    columns = max(len(row) for row in rows)
    lines = ["| " + " | ".join([*(_cell(c) for c in row), *[""] * (columns - len(row))]) + " |" for row in rows]
    lines.insert(1, "|" + " --- |" * columns)
    return "\n".join(lines)


def cells_to_markdown(cells: Sequence[Cell]) -> str:
    """Cells to Markdown; rows that are one cell over all columns at the top and the end become lines around it."""
    grid = to_grid(cells)
    table = to_markdown([grid.header, *grid.body] if grid.header else [])
    return "\n\n".join(part for part in (*grid.above, table, *grid.below) if part)


def table_block(box: BBox, cells: Sequence[Cell], lines: Iterable[Line]) -> Block:
    """A table region as a block: a table with its cells, or the list or text that was taken for one."""
    if not cells:
        words = [line for line in lines if inside(line.bbox, box) > 0.5]
        return Block("table", box, "\n".join(line.text for line in words))
    grid = to_grid(cells)
    rows = [grid.header, *grid.body]
    if looks_like_contents(rows):
        return Block("list", box, "\n".join(" ".join(row) for row in rows))
    return Block("table", box, cells_to_markdown(cells), cells=tuple(cells))


def from_markdown(text: str) -> list[list[str]]:
    """The cells of a table written by :func:`to_markdown`; an empty list for other text."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    if len(lines) < 2 or set(lines[1]) - set("|- "):
        return []
    return [_split(line) for i, line in enumerate(lines) if i != 1]


def with_rules(box: BBox, paths: Iterable[BBox]) -> BBox:
    """Grow a text-tight table box to the rules and fills drawn for its rows."""
    top, bottom = box.y0 - RULE_REACH, box.y1 + RULE_REACH
    rows = [
        p
        for p in paths
        if top <= p.y0 and p.y1 <= bottom and horizontal_overlap(p, box) > 0.5 and width(p) >= 0.5 * width(box)
    ]
    return union([box, *(p for p in rows if height(p) <= height(box) + 2 * RULE_REACH)])


def same_header(a: Rows, b: Rows) -> bool:
    """Whether two tables repeat one header row: the sign of a table continued on the next page."""
    if not a or not b or len(a[0]) != len(b[0]) or len(a[0]) < 2:
        return False
    first, second = ([" ".join(cell.lower().split()) for cell in rows[0]] for rows in (a, b))
    return first == second and any(first)


def looks_like_contents(rows: Rows, heading: str = "") -> bool:
    """Whether rows are a table of contents ("title … page number"), which layout takes for a table but is a list.

    Every entry ends in one page number, and page numbers do not fall. Dot leaders, a heading that says so or section
    numbers must confirm it: names with rising numbers alone are data.
    """
    texts = [" ".join(cell for cell in row if cell) for row in rows]
    pages = [_page_number(text) for text in texts if text]
    entries = [page for page in pages if page is not None]
    if len(entries) < MIN_ENTRIES or len(entries) < ENTRY_SHARE * len(pages):
        return False
    rising = sum(a <= b for a, b in pairwise(entries)) >= ENTRY_SHARE * (len(entries) - 1)
    if not rising or entries[0] == entries[-1]:
        return False
    numbered = sum(bool(SECTION_NUMBER.match(text)) for text in texts)
    said = any(CONTENTS_WORD.search(text) for text in (heading, *texts[:2]))
    return said or numbered >= len(entries) / 2 or sum(bool(LEADER.search(t)) for t in texts) >= len(entries) / 2


def _page_number(text: str) -> int | None:
    """The page number an entry of contents ends in, if it is its only free number; roman ones count as 0."""
    match = ENTRY.fullmatch(text)
    if not match or not any(c.isalpha() for c in match["title"]) or TRAILING_NUMBER.search(match["title"]):
        return None
    digits = match["page"]
    return int(digits) if digits.isdigit() else 0


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _split(line: str) -> list[str]:
    inner = line.strip().removeprefix("|").removesuffix("|").replace("\\|", "\0")
    return [cell.strip().replace("\0", "|") for cell in inner.split("|")]
