"""What each region that the layout model found is: text, heading, table, program text, running header, watermark.

The model's label says most of it. What it cannot know is added here: a table region may hold several tables, text set
aslant is a watermark, and a header or footer counts as one only in the page's top or bottom band.

Example: a ``page-header`` in the middle of the page is text; a ``text`` region whose every line runs aslant is
furniture.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ingestion.blocks import FURNITURE, KINDS, Block, LayoutBox, Line, RawPage
from ingestion.elements import BBox
from ingestion.geometry import MARGIN_BAND, area, intersection, mostly_inside, union
from ingestion.tables.regions import grow_to_rules, table_blocks
from ingestion.text.cleaning import join_lines


def region_blocks(box: LayoutBox, page: RawPage) -> list[Block]:
    """Turn a region into blocks: one, or for a table region all that it holds, from top to bottom."""
    if box.label == "table":
        return table_blocks(box, page.paths, page.lines)
    if box.label == "code":
        return [Block("text", _around_lines(box), "\n".join(line.text for line in box.lines), code=True)]
    text = join_lines(line.text for line in box.lines)
    if box.label == "picture":
        text = " ".join(line.text for line in box.lines)
    kind = KINDS.get(box.label, "text")
    place = box.bbox if kind in ("figure", "formula") else _around_lines(box)
    if kind not in ("figure", "formula") and _is_slanted(place, page.lines):
        return [Block("text", place, text, furniture=True)]
    return [Block(kind, place, text, box.font_size, furniture=is_running(box, page))]


def _is_slanted(box: BBox, lines: Iterable[Line]) -> bool:
    """Whether all lines of a box are written aslant, as a watermark is; it counts as furniture where it repeats."""
    held = [line for line in lines if mostly_inside(line.bbox, box) or mostly_inside(box, line.bbox)]
    return bool(held) and all(line.slanted for line in held)


def _around_lines(box: LayoutBox) -> BBox:
    """A text's region cut to its lines: the layout model's boxes reach to the edge of the page at times."""
    if not box.lines:
        return box.bbox
    tight = intersection(union([line.bbox for line in box.lines]), box.bbox)
    return tight if area(tight) else box.bbox


def grow_tables(blocks: Sequence[Block], page: RawPage) -> list[Block]:
    """Grow table boxes, which the layout model draws tight around the words, to the rules drawn for them.

    A frame may be drawn around other texts as well: there the table ends.
    """
    texts = [b.bbox for b in blocks if b.text and b.kind != "figure"]
    return [
        replace(b, bbox=_without_texts(grow_to_rules(b.bbox, page.paths, page.lines), b.bbox, texts))
        if b.kind == "table"
        else b
        for b in blocks
    ]


def _without_texts(grown: BBox, table: BBox, texts: Sequence[BBox]) -> BBox:
    """A table's grown box without the texts above and below it that it grew over."""
    x0, y0, x1, y1 = grown
    for box in texts:
        if mostly_inside(box, grown) and not mostly_inside(box, table):
            y0 = max(y0, box.y1 + 1) if box.y1 <= table.y0 + 1 else y0
            y1 = min(y1, box.y0 - 1) if box.y0 >= table.y1 - 1 else y1
    return BBox(x0, min(y0, table.y0), x1, max(y1, table.y1))


def is_running(box: LayoutBox, page: RawPage) -> bool:
    """Whether the layout model calls a region a header or footer and it stands in the page's top or bottom band."""
    middle = (box.bbox.y0 + box.bbox.y1) / 2 / page.height
    return box.label in FURNITURE and not MARGIN_BAND < middle < 1 - MARGIN_BAND
