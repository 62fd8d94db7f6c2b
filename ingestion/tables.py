"""A table's cells as Markdown, its full region, and what two tables share. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ingestion.elements import BBox
from ingestion.geometry import height, horizontal_overlap, union, width

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


def looks_like_contents(rows: Rows) -> bool:
    """A table of contents with dot leaders is classed as a table by the layout model, but is a list."""
    cells = [cell for row in rows for cell in row]
    return bool(cells) and sum(". . ." in cell or "....." in cell for cell in cells) >= max(2, len(rows) // 2)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _split(line: str) -> list[str]:
    inner = line.strip().removeprefix("|").removesuffix("|").replace("\\|", "\0")
    return [cell.strip().replace("\0", "|") for cell in inner.split("|")]
