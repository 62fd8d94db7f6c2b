"""Ticks, crosses, dots and boxes that a page draws as paths: as characters, in the place of what is drawn. Pure.

Matrices of features and check lists are often drawn by programs that know no signs, and by browsers from pictures of
lines: to the text they are empty. A small path is looked at as a picture of a few pixels. What may be anything else
stays a drawing: a mark stands beside words, in a row or column with others of its kind, and holds no words itself; dots
stand in rows and columns. Of boxes it is said whether they are ticked where one of them is.

Example: a line from the left down to the middle and up to the right, in the row of "Timer" and below "Basic", is "✔".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from ingestion.blocks import Line
from ingestion.elements import BBox
from ingestion.geometry import gap, height, holds_middle, width

TICK, CROSS, NO_TICK, DOT, RING = "✔", "✘", "☐", "●", "○"
SIDES = (3.5, 22.0)  # points: shorter and longer paths are no marks
MOST_UNEVEN = 2.2  # times one side the other
MOST_PATHS = 3000  # of a page: beyond is a drawing
MOST_SMALL = 500  # paths of a mark's size
SQUARE = 1.25  # times one side of a box or dot the other
MOST_PIECES = 16  # of the outline of a tick or cross: a sign of more is a picture
PIXELS = 24  # of a path's longer side when it is looked at
SAME_SIZE = 1.5  # points between the sides of boxes of one kind
SAME_PLACE = 1.5  # points between the sides of a path and the same drawn again
ALIGNED = 3.0  # points between the middles of marks of one row or column
LEAST_LINED = 3  # marks in rows and columns, for one that stands elsewhere
DOTS_ALIGNED = 1.0  # the same, of dots
LEAST_DOTS = 4
DOTS_SHARE = 0.8  # of a page's dots of one size that stand in rows and columns: fewer are a chart's
WHITE = 0.97  # of each colour
CURVED = ("c",)

Shape = Literal["tick", "cross", "slash", "box", "dot", "ring"]
Drawing = Mapping[str, Any]
"""A path as PyMuPDF gives it (``get_cdrawings``), its places in points of the page."""


class _Mark(NamedTuple):
    shape: Shape
    bbox: BBox

    @property
    def middle(self) -> tuple[float, float]:
        return (self.bbox.x0 + self.bbox.x1) / 2, (self.bbox.y0 + self.bbox.y1) / 2


def may_be_marks(paths: Sequence[BBox]) -> bool:
    """Whether boxes of a page's paths, which have room for corners, are worth a look at the paths themselves."""
    return len(paths) <= MOST_PATHS and sum(map(_may_be_mark, paths)) > 1


def _may_be_mark(path: BBox) -> bool:
    return max(width(path), height(path)) <= 2 * SIDES[1]


def without_marks(paths: Sequence[BBox], marks: Sequence[BBox]) -> list[BBox]:
    """The boxes of paths without those that drew ``marks``."""
    small = [path for path in paths if _may_be_mark(path)] if marks else []
    drawn = {path for path in small if any(holds_middle(mark, path) for mark in marks)}
    return [path for path in paths if path not in drawn]


def drawn_marks(drawings: Sequence[Drawing], lines: Sequence[Line], frame: BBox) -> list[Line]:
    """The marks as lines of one character, one that is drawn twice once. ``lines`` and ``frame`` are the page's."""
    small = [(drawing, box) for drawing in drawings if _has_size(box := BBox(*map(float, drawing["rect"])))]
    if len(small) > MOST_SMALL:
        return []
    small = [(drawing, box) for drawing, box in small if not any(holds_middle(box, line.bbox) for line in lines)]
    small = [
        (drawing, box) for drawing, box in small if holds_middle(frame, box)
    ]  # printer's marks stand beside a page
    found = _once(_crossed([_Mark(shape, box) for drawing, box in small if (shape := _shape(drawing, box))]))
    boxed, free = _in_boxes(found)
    said = [*boxed, *_free(free), *_dots(free)]
    rows = [line.bbox for line in lines if any(map(str.isalnum, line.text))]
    return [Line(sign, mark.bbox) for sign, mark in said if any(row.y0 <= mark.middle[1] <= row.y1 for row in rows)]


def _once(found: Sequence[_Mark]) -> list[_Mark]:
    """Without what is drawn again at its place: a fill and its outline, which make a dot."""
    kept: list[_Mark] = []
    for mark in sorted(found, key=lambda mark: mark.shape == "ring"):
        kinds = ("dot", "ring") if mark.shape == "ring" else (mark.shape,)
        again = (other for other in kept if other.shape in kinds and _same_box(other.bbox, mark.bbox, SAME_PLACE))
        if next(again, None) is None:
            kept.append(mark)
    return kept


def _has_size(box: BBox) -> bool:
    least, most = sorted((width(box), height(box)))
    return SIDES[0] <= least and most <= SIDES[1] and most <= MOST_UNEVEN * least


def _shape(drawing: Drawing, box: BBox) -> Shape | None:
    items: Sequence[Any] = drawing["items"]
    square = max(width(box), height(box)) <= SQUARE * min(width(box), height(box))
    filled = "f" in str(drawing["type"]) and not _is_white(drawing.get("fill"))
    stroked = "s" in str(drawing["type"])
    kinds = {str(item[0]) for item in items}
    if kinds <= {"re", "qu"}:
        return "box" if square and stroked and not filled and len(items) == 1 else None
    if kinds <= {*CURVED} and len(items) >= 4 and square:
        return "dot" if filled else "ring" if stroked else None
    points = [(float(x), float(y)) for item in items for x, y in _ends(item)]
    if kinds == {"l"} and len(items) == 4 and square and stroked and not filled and len(set(points)) == 4:
        level = all(
            abs(a[1] - b[1]) < 0.1 or abs(a[0] - b[0]) < 0.1 for a, b in (points[i : i + 2] for i in range(0, 8, 2))
        )
        return "box" if level else None
    if kinds == {"l"} and len(items) == 1 and stroked:
        return "slash"
    if len(items) > MOST_PIECES or not (filled or stroked):
        return None
    return _seen(_picture(points, box, filled))


def _is_white(colour: Sequence[float] | None) -> bool:
    return colour is not None and all(part >= WHITE for part in colour)


def _ends(item: Sequence[Any]) -> Sequence[Any]:
    """Where a piece of a path begins and ends; a curve's middle is left out."""
    return (item[1], item[-1]) if item[0] in ("l", "c") else ()


def _picture(points: Sequence[tuple[float, float]], box: BBox, filled: bool) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """A path as a small picture, shape (rows, columns): True is ink."""
    scale = PIXELS / max(width(box), height(box))
    size = max(2, round(width(box) * scale)), max(2, round(height(box) * scale))
    at = [((x - box.x0) * scale, (y - box.y0) * scale) for x, y in points]
    image = Image.new("1", size)
    draw = ImageDraw.Draw(image)
    if filled:
        draw.polygon(at, fill=1)
    else:
        for start, end in zip(at[::2], at[1::2], strict=True):
            draw.line((start, end), fill=1, width=2)
    return np.asarray(image, dtype=np.bool_)


def _seen(ink: np.ndarray[Any, np.dtype[np.bool_]]) -> Shape | None:
    """A tick goes down and then further up; a cross has ink in its corners and its middle, and none between corners."""
    rows, columns = ink.shape
    if ink.mean() > 0.55:
        return None
    third = (
        slice(0, columns // 3),
        slice(columns // 3, columns - columns // 3),
        slice(columns - columns // 3, columns),
    )
    level = (slice(0, rows // 3), slice(rows // 3, rows - rows // 3), slice(rows - rows // 3, rows))
    held = [[bool(ink[down, across].any()) for across in third] for down in level]
    corners = held[0][0] and held[0][2] and held[2][0] and held[2][2]
    middle = ink[rows * 2 // 5 : rows - rows * 2 // 5, columns * 2 // 5 : columns - columns * 2 // 5]
    edges = [ink[:2, columns * 2 // 5 : columns * 3 // 5], ink[-2:, columns * 2 // 5 : columns * 3 // 5]]
    edges += [ink[rows * 2 // 5 : rows * 3 // 5, :2], ink[rows * 2 // 5 : rows * 3 // 5, -2:]]
    if corners and middle.any() and not any(edge.any() for edge in edges):
        return "cross"
    places = [np.flatnonzero(ink[:, column]) for column in range(columns)]
    if not all(len(place) for place in places):
        return None
    heights = np.array([place.mean() / rows for place in places])
    thick = max(np.ptp(place) / rows for place in places)
    low = int(heights.argmax())
    goes_down = 0.1 * columns < low < 0.6 * columns and heights[0] < heights[low] - 0.1
    goes_up = heights[-1] < 0.3 and heights[0] > heights[-1] + 0.1 and heights[low] > 0.6
    return "tick" if goes_down and goes_up and thick < 0.75 and not ink[: rows // 3, : columns // 3].any() else None


def _crossed(found: Sequence[_Mark]) -> list[_Mark]:
    """Two single lines over the same box are a cross; one alone is nothing."""
    slashes = [mark.bbox for mark in found if mark.shape == "slash"]
    twice = [box for i, box in enumerate(slashes) if any(_same_box(box, other) for other in slashes[:i])]
    return [*(mark for mark in found if mark.shape != "slash"), *(_Mark("cross", box) for box in twice)]


def _same_box(a: BBox, b: BBox, reach: float = 0.5) -> bool:
    return all(abs(one - other) < reach for one, other in zip(a, b, strict=True))


def _in_boxes(found: Sequence[_Mark]) -> tuple[list[tuple[str, _Mark]], list[_Mark]]:
    """Boxes as ticked or not, where one of their size is; and the marks that stand in none."""
    boxes = [mark for mark in found if mark.shape == "box"]
    marks = [mark for mark in found if mark.shape != "box"]
    inside = [(mark, box) for mark in marks for box in boxes if holds_middle(box.bbox, mark.bbox)]
    ticked = {box for _, box in inside}
    sizes = [width(box.bbox) for box in ticked]
    alike = [box for box in boxes if any(abs(width(box.bbox) - size) <= SAME_SIZE for size in sizes)]
    taken = {mark for mark, _ in inside}
    return [(TICK if box in ticked else NO_TICK, box) for box in alike], [mark for mark in marks if mark not in taken]


def _free(found: Sequence[_Mark]) -> list[tuple[str, _Mark]]:
    """Ticks and crosses in a row or column with others, and elsewhere those like them: a legend explains them."""
    marks = [mark for mark in found if mark.shape in ("tick", "cross")]
    lined = [mark for mark in marks if any(_in_line(mark, other, ALIGNED) for other in marks if other is not mark)]
    like = [(mark.shape, width(mark.bbox)) for mark in lined] if len(lined) >= LEAST_LINED else []
    kept = [
        m for m in marks if m in lined or any(m.shape == s and abs(width(m.bbox) - w) <= SAME_SIZE for s, w in like)
    ]
    return [(TICK if mark.shape == "tick" else CROSS, mark) for mark in kept]


def _dots(found: Sequence[_Mark]) -> list[tuple[str, _Mark]]:
    """Dots and rings of one size that stand in rows and columns."""
    dots = [mark for mark in found if mark.shape in ("dot", "ring")]
    said: list[tuple[str, _Mark]] = []
    for first in dots:
        alike = [dot for dot in dots if abs(width(dot.bbox) - width(first.bbox)) <= SAME_SIZE]
        if any(mark is first for _, mark in said) or len(alike) < LEAST_DOTS:
            continue
        placed = [
            dot
            for dot in alike
            if not any(gap(dot.bbox, other.bbox) == 0 for other in dots if other is not dot)
            and any(abs(dot.middle[0] - other.middle[0]) <= DOTS_ALIGNED for other in alike if other is not dot)
            and any(abs(dot.middle[1] - other.middle[1]) <= DOTS_ALIGNED for other in alike if other is not dot)
        ]
        if len(placed) >= DOTS_SHARE * len(alike):
            known = [mark for _, mark in said]
            said += [(DOT if dot.shape == "dot" else RING, dot) for dot in placed if dot not in known]
    return said


def _in_line(a: _Mark, b: _Mark, reach: float) -> bool:
    return any(abs(one - other) <= reach for one, other in zip(a.middle, b.middle, strict=True))
