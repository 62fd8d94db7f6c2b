"""The order in which the shapes of a slide are read. Pure.

A file has them in the order in which they were put on the slide, each over those before. They are read column by column
where white parts columns all the way down, else row by row, and so on within each part (the XY cut of G. Nagy and
S. Seth, 1984). What lies on each other keeps the file's order.

Example: a heading across the slide above two boxes on the left and one on the right: the heading, the boxes on the left
from top to bottom, the one on the right.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

ON_EACH_OTHER = 0.25  # of the smaller side that two shapes may share and still stand beside each other

LIKE = 3  # shapes of one size in a row that are read one by one, at least
UNLIKE = 0.1  # of the larger side, by which two of them may differ


class _Placed(NamedTuple):
    """A shape with its sides, in any unit."""

    shape: Any
    x: tuple[float, float]
    y: tuple[float, float]


def in_reading_order(shapes: Iterable[Any]) -> list[Any]:
    """Shapes of python-pptx. Those that say nothing come last. All keep the file's order where a place is unknown."""
    held = list(shapes)
    said = [shape for shape in held if not (shape.has_text_frame and not shape.text_frame.text.strip())]
    if any(None in (shape.left, shape.top, shape.width, shape.height) for shape in said):
        return held
    placed = [
        _Placed(shape, (shape.left, shape.left + shape.width), (shape.top, shape.top + shape.height)) for shape in said
    ]
    ids = {id(shape) for shape in said}
    return [item.shape for item in _ordered(placed)] + [shape for shape in held if id(shape) not in ids]


def _ordered(items: Sequence[_Placed]) -> list[_Placed]:
    columns = _parts(items, "x")
    if len(columns) > 1 and not any(_is_row_of_like(row, len(columns)) for row in _parts(items, "y")):
        return [item for column in columns for item in _ordered(column)]
    bands: list[list[_Placed]] = []
    for row in _parts(items, "y"):
        both = len(_parts([*bands[-1], *row], "x")) if bands else 0
        like = max(len(_parts(part, "x")) for part in (bands[-1], row)) if bands else 0
        if both > 1 and (both >= like or like < LIKE):
            bands[-1] += row  # rows of the same columns
        else:
            bands.append(row)
    return [item for band in bands for item in _ordered(band)] if len(bands) > 1 else list(items)


def _is_row_of_like(row: Sequence[_Placed], columns: int) -> bool:
    """Whether shapes as large as each other stand in one row, as steps of a process do, and are more than the columns
    in which all shapes could be read."""
    tall, wide = ([side[1] - side[0] for side in (getattr(item, sides) for item in row)] for sides in ("y", "x"))
    alike = all(max(held) - min(held) <= UNLIKE * max(held) for held in (tall, wide))
    return len(row) >= LIKE and len(row) > columns and alike and len(_parts(row, "x")) == len(row)


def _parts(items: Sequence[_Placed], sides: str) -> list[list[_Placed]]:
    """The shapes in groups that stand beside each other along one axis, each in the file's order."""
    places = sorted((getattr(item, sides), i) for i, item in enumerate(items))
    groups: list[list[int]] = []
    widest = (0.0, 0.0)  # of the group: the shape that reaches furthest
    for (start, end), i in places:
        shared = min(widest[1], end) - start
        if groups and shared > ON_EACH_OTHER * min(end - start, widest[1] - widest[0]):
            groups[-1].append(i)
        else:
            groups.append([i])
        widest = max(widest, (start, end), key=lambda sides: sides[1])
    return [[items[i] for i in sorted(group)] for group in groups]
