"""What each region that the layout model found is: text, a table, code, a running header, a watermark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ingestion.blocks import FURNITURE, KINDS, Block, LayoutBox, Line, RawPage
from ingestion.elements import BBox
from ingestion.geometry import MARGIN_BAND, area, intersection, mostly_inside, union
from ingestion.tables.regions import grow_to_rules, table_blocks
from ingestion.text.cleaning import join_lines


def region_blocks(box: LayoutBox, parts: RawPage) -> list[Block]:
    if box.label == "table":
        return table_blocks(box, parts.paths, parts.lines)
    if box.label == "code":
        return [Block("text", _around_lines(box), "\n".join(line.text for line in box.lines), code=True)]
    text = join_lines(line.text for line in box.lines)
    if box.label == "picture":
        text = " ".join(line.text for line in box.lines)
    kind = KINDS.get(box.label, "text")
    place = box.bbox if kind in ("figure", "formula") else _around_lines(box)
    if kind not in ("figure", "formula") and _is_slanted(place, parts.lines):
        return [Block("text", place, text, furniture=True)]
    return [Block(kind, place, text, box.font_size, furniture=is_running(box, parts))]


def _is_slanted(box: BBox, lines: Iterable[Line]) -> bool:
    """Whether what stands in a box is written aslant: a watermark, furniture where it repeats."""
    held = [line for line in lines if mostly_inside(line.bbox, box) or mostly_inside(box, line.bbox)]
    return bool(held) and all(line.slanted for line in held)


def _around_lines(box: LayoutBox) -> BBox:
    """A text's region without what it holds beside its lines: layout's reach to the edge of the page at times."""
    if not box.lines:
        return box.bbox
    tight = intersection(union([line.bbox for line in box.lines]), box.bbox)
    return tight if area(tight) else box.bbox


def grow_tables(blocks: Sequence[Block], parts: RawPage) -> list[Block]:
    """Table boxes with their rules: layout boxes hug the words. A frame is drawn around other texts, too: the table
    ends at those."""
    texts = [b.bbox for b in blocks if b.text and b.kind != "figure"]
    return [
        replace(b, bbox=_ended(grow_to_rules(b.bbox, parts.paths, parts.lines), b.bbox, texts))
        if b.kind == "table"
        else b
        for b in blocks
    ]


def _ended(grown: BBox, table: BBox, texts: Sequence[BBox]) -> BBox:
    """A table's box without what it grew over."""
    x0, y0, x1, y1 = grown
    for box in texts:
        if mostly_inside(box, grown) and not mostly_inside(box, table):
            y0 = max(y0, box.y1 + 1) if box.y1 <= table.y0 + 1 else y0
            y1 = min(y1, box.y0 - 1) if box.y0 >= table.y1 - 1 else y1
    return BBox(x0, min(y0, table.y0), x1, max(y1, table.y1))


def is_running(box: LayoutBox, parts: RawPage) -> bool:
    """Whether layout calls a box a header or footer, and it stands where those do."""
    middle = (box.bbox.y0 + box.bbox.y1) / 2 / parts.height
    return box.label in FURNITURE and not MARGIN_BAND < middle < 1 - MARGIN_BAND
