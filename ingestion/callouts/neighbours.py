"""The words beside a small picture that has none: what an icon or pictogram means. Pure.

In a table they are the words of its cell, or of its row where the cell has none; elsewhere the lines that begin right
of it, or else those centred below it.

Example: a triangle left of the two lines "Danger of death" and "from high voltage" gets both as its words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ingestion.blocks import Line
from ingestion.callouts.legends import row_text
from ingestion.elements import BBox, Cell
from ingestion.geometry import height, holds_middle, horizontal_overlap, union, width
from ingestion.text.caption_labels import is_note
from ingestion.text.cleaning import join_lines

ICON_SIDE = 130.0  # points: a picture with a longer side is no icon
BESIDE_GAP = 40.0  # points from an icon to the words on its right, at most
BELOW_GAP = 16.0  # points from an icon down to the words under it, at most
OFF_CENTRE = 0.35  # of the wider one's width, by which words under an icon may be off its middle
NAME_WIDTH = 3.0  # of an icon's width, that a line of its name under it is wide at most: a wider one is prose
LINE_GAP = 0.7  # of a line's height between lines that go on
SAME_START = 3.0  # points by which the starts of such lines may differ
MAX_LINES = 5  # of an icon's words


def words_beside(icon: BBox, lines: Sequence[Line], tables: Iterable[Sequence[Cell]]) -> str:
    """The words that belong to an icon, on one line; empty where nothing stands beside it or it is too large."""
    if max(width(icon), height(icon)) > ICON_SIDE:
        return ""
    told = [line for line in lines if any(map(str.isalpha, line.text)) and not (line.quarters or line.slanted)]
    for cells in tables:
        boxes = [cell.bbox for cell in cells if cell.bbox]
        if boxes and holds_middle(union([*boxes]), icon):
            return row_text(_in_table(icon, cells))
    return row_text(join_lines(line.text for line in _right(icon, told) or _below(icon, told)))


def _in_table(icon: BBox, cells: Iterable[Cell]) -> str:
    """The words of the cell that an icon stands in; of its row where that cell has none."""
    filled = [cell for cell in cells if cell.text.strip() and cell.bbox]
    own = [cell for cell in filled if cell.bbox and holds_middle(cell.bbox, icon)]
    middle = (icon.y0 + icon.y1) / 2
    row = [cell for cell in filled if cell.bbox and cell.bbox.y0 <= middle <= cell.bbox.y1 and not cell.header]
    return "; ".join(" ".join(cell.text.split()) for cell in own or row)


def _right(icon: BBox, lines: Sequence[Line]) -> list[Line]:
    """The lines that begin right of an icon, beside it, with those that go on below them."""
    near = (line for line in lines if icon.x1 - 2 <= line.bbox.x0 <= icon.x1 + BESIDE_GAP)
    beside = [line for line in near if _reaches(icon, line.bbox)]
    if not beside:
        return []
    start = min(line.bbox.x0 for line in beside)
    block = sorted((line for line in lines if abs(line.bbox.x0 - start) <= SAME_START), key=lambda line: line.bbox.y0)
    first = next((i for i, line in enumerate(block) if _reaches(icon, line.bbox)), len(block))
    return _going_on(block[first:])


def _below(icon: BBox, lines: Sequence[Line]) -> list[Line]:
    """The lines centred under an icon, unless they are a note to it."""
    under = [line for line in lines if line.bbox.y0 >= icon.y1 - 2 and _is_centred(icon, line.bbox)]
    under.sort(key=lambda line: line.bbox.y0)
    if not under or under[0].bbox.y0 - icon.y1 > BELOW_GAP or is_note(under[0].text):
        return []
    return _going_on(under)


def _going_on(lines: Sequence[Line]) -> list[Line]:
    """The first line and those that follow it closely."""
    taken = list(lines[:1])
    for line in lines[1:MAX_LINES]:
        if line.bbox.y0 - taken[-1].bbox.y1 > LINE_GAP * height(line.bbox) or line.bbox.y0 <= taken[-1].bbox.y0:
            break
        taken.append(line)
    return taken


def _reaches(icon: BBox, line: BBox) -> bool:
    """Whether a line's middle stands beside an icon."""
    return icon.y0 <= (line.y0 + line.y1) / 2 <= icon.y1


def _is_centred(icon: BBox, line: BBox) -> bool:
    shift = abs((line.x0 + line.x1) - (icon.x0 + icon.x1)) / 2
    narrow = width(line) <= NAME_WIDTH * width(icon)
    return narrow and horizontal_overlap(icon, line) > 0 and shift <= OFF_CENTRE * max(width(icon), width(line))
