"""Ticks and boxes that stand before a line, or behind it, and in no region: they are said with the line. Pure.

A mark alone is no word, so nothing misses it; but "Load test" says something else with "☐" before it than with "✔".

Example: "✔" at the left edge of a list that layout begins at its words becomes the first character of its item.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingestion.blocks import LayoutBox, Line, RawPage
from ingestion.elements import BBox
from ingestion.geometry import height, holds_middle, union

MARKS = frozenset("☐☑☒✓✔✗✘■□")
REACH = 2.0  # heights of a line between it and its mark, at most
PICTURES = ("picture", "table")  # whose words come from elsewhere


def with_marks(page: RawPage) -> RawPage:
    """The page, marks that no region holds in the lines beside them; itself where there are none."""
    marks = [line for line in page.lines if line.text in MARKS]
    lone = [mark for mark in marks if not any(_holds(box, mark) for box in page.boxes)]
    boxes = list(page.boxes)
    for mark in lone:
        beside = [
            (distance, at, number)
            for at, box in enumerate(boxes)
            if box.label not in PICTURES
            for number, line in enumerate(box.lines)
            if (distance := _distance(mark.bbox, line.bbox)) <= REACH * height(line.bbox)
        ]
        if beside:
            _, at, number = min(beside)
            boxes[at] = _with_mark(boxes[at], number, mark)
    return replace(page, boxes=tuple(boxes)) if lone else page


def _holds(box: LayoutBox, mark: Line) -> bool:
    return any(holds_middle(line.bbox, mark.bbox) for line in box.lines) or (
        box.label in PICTURES and holds_middle(box.bbox, mark.bbox)
    )


def _distance(mark: BBox, line: BBox) -> float:
    """Points between a mark and a line of its row; further to the left of the mark than to its right, where a word
    stands at both."""
    if not line.y0 <= (mark.y0 + mark.y1) / 2 <= line.y1:
        return float("inf")
    before = line.x0 - mark.x1
    return (
        max(0.0, before) if line.x0 >= mark.x0 else (mark.x0 - line.x1) * 2 if mark.x0 >= line.x1 - 1 else float("inf")
    )


def _with_mark(box: LayoutBox, number: int, mark: Line) -> LayoutBox:
    line = box.lines[number]
    before = mark.bbox.x0 <= line.bbox.x0
    said = f"{mark.text} {line.text}" if before else f"{line.text} {mark.text}"
    marked = replace(line, text=said, bbox=union([line.bbox, mark.bbox]))
    lines: Sequence[Line] = [*box.lines[:number], marked, *box.lines[number + 1 :]]
    return replace(box, bbox=union([box.bbox, mark.bbox]), lines=tuple(lines))
