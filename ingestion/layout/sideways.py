"""Parts of an upright page that are set sideways or upside down: where they are, their blocks put back. Pure.

Such a part is found here, turned upright and read like a page of its own elsewhere, and its blocks are turned back.

A line alone, the names below the bars of a chart or the head of a table's columns are sideways, too, and stay where
they are: only what turns out to hold a table is taken, what makes up most of the page, or what layout takes for a text
or formula of the page itself, whose lines are in no order there. Lines that stand on their head, as on the panels of a
leaflet that is folded, are taken whatever they hold: their words run the other way.

Example: on an upright page with a table set for a page turned to the left, the table's lines form one area with one
clockwise quarter turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from ingestion.blocks import Block, LayoutBox, Line
from ingestion.elements import BBox
from ingestion.geometry import MOSTLY_INSIDE, area, gap, holds_middle, inside, mostly_inside, pad, turned_back, union
from ingestion.tables.words import lines_of
from ingestion.text.caption_labels import caption_label

SIDEWAYS_LEAST = 40  # characters: a stamp or a scrap does not turn a page
SIDEWAYS_SHARE = 0.6  # of a page's characters: it was set for a page turned round
LEAST_LINES = 4  # of a part that is set sideways
LEAST_HEADLONG = 2  # of one that stands on its head
UPRIGHT_SHARE = 0.1  # of a part's characters that may stand upright
RULE_REACH = 8.0  # points from a part's words to the rules drawn for it, at most
RULE_SHARE = 0.5  # of the page: what is larger is drawn for the page
GROWTH = 1.6  # times its words' area: what reaches further is drawn for the page
AREA_PAD = 2.0  # points around a part
CAPTION_REACH = 30.0  # points from a part to the caption of its table
TEXTS = ("text", "list-item", "formula", "section-header", "footnote")  # layout's classes
LEAST_ROWS = 2  # of a table that is worth the turn
LEAST_COLUMNS = 2  # the same, columns with text


class SidewaysArea(NamedTuple):
    """A part of a page (points) and the clockwise quarter turns that make it upright.

    ``most``: the page is hardly anything else, or it stands on its head.
    """

    bbox: BBox
    quarters: int
    most: bool = False


def find_areas(
    lines: Sequence[Line], boxes: Sequence[LayoutBox], paths: Sequence[BBox], page: BBox
) -> list[SidewaysArea]:
    """Find the parts of a page that are set sideways and may hold a table, or stand on their head.

    ``paths``, ``page``: boxes in points.
    """
    total = sum(len(line.text) for line in lines)
    found: list[SidewaysArea] = []
    for quarters in (1, 3, 2):
        least = LEAST_HEADLONG if quarters == 2 else LEAST_LINES
        own = [line for line in lines if line.quarters == quarters and not (line.vertical or line.slanted)]
        others = [line for line in lines if line.quarters != quarters]
        for place in _clusters([line.bbox for line in own], [line.bbox for line in others]):
            held = sum(len(line.text) for line in own if mostly_inside(line.bbox, place))
            count = sum(mostly_inside(line.bbox, place) for line in own)
            if held < SIDEWAYS_LEAST or count < least or _belongs_to(place, boxes, others, quarters):
                continue
            most = quarters == 2 or held >= SIDEWAYS_SHARE * total
            found.append(SidewaysArea(_framed(place, paths, others, page), quarters, most))
    return found


def holds_table(blocks: Iterable[Block]) -> bool:
    """Whether one of the blocks is a table of several rows and columns."""
    return any(
        b.kind == "table"
        and max((cell.row for cell in b.cells), default=0) + 1 >= LEAST_ROWS
        and len({cell.column for cell in b.cells if cell.text}) >= LEAST_COLUMNS
        for b in blocks
    )


def is_text(part: SidewaysArea, boxes: Iterable[LayoutBox]) -> bool:
    """Whether layout sees nothing but texts or formulas where a part is, and they lie in it."""
    held = [box for box in boxes if inside(box.bbox, part.bbox) > 0 or inside(part.bbox, box.bbox) > 0]
    return bool(held) and all(box.label in TEXTS and mostly_inside(box.bbox, part.bbox) for box in held)


def boxes_outside(boxes: Iterable[LayoutBox], parts: Sequence[SidewaysArea]) -> list[LayoutBox]:
    """The layout model's boxes without what lies in these parts.

    A region with a part that stands on its head is none: it is panels of a sheet to be folded. Those of a table are its
    cells; of others their lines are read as lines that layout missed.
    """
    headlong = [part for part in parts if part.quarters == 2]
    kept = []
    for box in boxes:
        if box.label != "picture" and any(inside(part.bbox, box.bbox) > MOSTLY_INSIDE for part in headlong):
            kept += _panels(box, parts)
            continue
        lines = tuple(line for line in box.lines if not in_any_area(line.bbox, parts))
        if not in_any_area(box.bbox, parts) and (lines or not box.lines):
            kept.append(replace(box, lines=lines))
    return kept


def _panels(box: LayoutBox, parts: Sequence[SidewaysArea]) -> list[LayoutBox]:
    """The cells of a region, a text each, without what lies in these parts."""
    words = [word for word in box.lines if not in_any_area(word.bbox, parts)]
    found = []
    for cell in box.cells:
        held = [word for word in words if cell.bbox and holds_middle(cell.bbox, word.bbox)]
        rows = tuple(Line(" ".join(w.text for w in row), union([w.bbox for w in row])) for row in lines_of(held))
        if rows:
            found.append(LayoutBox("text", union([row.bbox for row in rows]), rows))
    return found


def in_any_area(box: BBox, parts: Iterable[SidewaysArea]) -> bool:
    """Whether most of a box lies in one of the parts."""
    return any(mostly_inside(box, part.bbox) for part in parts)


def put_back(blocks: Iterable[Block], part: SidewaysArea, width: float, height: float) -> list[Block]:
    """Turn the blocks of a part, which was read upright, back to where they stand on the page.

    ``width`` and ``height`` are the upright part's, in points.
    """

    def placed(box: BBox) -> BBox:
        back = turned_back(box, part.quarters, width, height)
        x, y = part.bbox.x0, part.bbox.y0
        return BBox(back.x0 + x, back.y0 + y, back.x1 + x, back.y1 + y)

    return [
        replace(
            block,
            bbox=placed(block.bbox),
            body=block.body and placed(block.body),
            parts=tuple(map(placed, block.parts)),
            cells=tuple(cell._replace(bbox=cell.bbox and placed(cell.bbox)) for cell in block.cells),
            furniture=False,
        )
        for block in blocks
    ]


def insert_area(blocks: Sequence[Block], held: Sequence[Block], part: SidewaysArea) -> list[Block]:
    """Put the blocks of a part among those of the page, before the first that stands below its upper edge.

    A table without a caption takes the one that stands upright beside it. A figure at the part's place is the part
    itself, seen in pixels, and goes.
    """
    result = [
        b
        for b in blocks
        if b.kind != "figure" or max(inside(b.bbox, part.bbox), inside(part.bbox, b.bbox)) < MOSTLY_INSIDE
    ]
    own = list(held)
    for i, table in enumerate(own):
        free = [
            k
            for k, b in enumerate(result)
            if gap(b.bbox, part.bbox) <= CAPTION_REACH and _names_table(b) and not any(b.text in x.caption for x in own)
        ]
        if table.kind == "table" and not table.caption and free:
            nearest = min(free, key=lambda k: gap(result[k].bbox, table.bbox))
            own[i] = replace(table, caption=result[nearest].text)
            result[nearest] = replace(result[nearest], kind="caption")
    at = next((i for i, block in enumerate(result) if block.bbox.y0 >= part.bbox.y0), len(result))
    return [*result[:at], *own, *result[at:]]


def _names_table(block: Block) -> bool:
    """Whether a block is the caption of a table."""
    label = caption_label(block.text, classed=block.kind == "caption")
    return block.kind in ("caption", "text") and label is not None and label.family == "table"


def _clusters(boxes: Iterable[BBox], others: Sequence[BBox]) -> list[BBox]:
    """The boxes as few larger ones that hold no middle of the others."""
    clusters: list[BBox] = []
    for box in boxes:
        grown, rest = box, []
        for cluster in clusters:
            both = union([grown, cluster])
            if any(holds_middle(both, other) for other in others):
                rest.append(cluster)
            else:
                grown = both
        clusters = [*rest, grown]
    return clusters


def _belongs_to(place: BBox, boxes: Iterable[LayoutBox], others: Sequence[Line], quarters: int) -> bool:
    """Whether a part stands in an upright table or picture: the head of its columns, the names of its bars."""
    for box in boxes:
        if box.label not in (("picture",) if quarters == 2 else ("table", "picture")) or not mostly_inside(
            place, box.bbox
        ):
            continue
        upright = sum(len(line.text) for line in others if mostly_inside(line.bbox, box.bbox))
        held = sum(len(line.text) for line in box.lines) or upright
        if upright > UPRIGHT_SHARE * held:
            return True
    return False


def _framed(place: BBox, paths: Iterable[BBox], others: Sequence[Line], page: BBox) -> BBox:
    """A part with the rules that are drawn for it."""
    near = [p for p in paths if gap(p, place) <= RULE_REACH and area(p) < RULE_SHARE * area(page)]
    grown = place
    for path in near:
        both = union([grown, path])
        if area(both) <= GROWTH * area(place) and not any(holds_middle(both, line.bbox) for line in others):
            grown = both
    return pad(grown, AREA_PAD, page.x1, page.y1)
