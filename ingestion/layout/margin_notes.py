"""Notes in the margin that layout took into the text beside them: texts of their own, each before its paragraph. Pure.

A note of one line stands in the row of a text's first line, and the library reads both as one: "Tension The belt is
tightened". Notes are set smaller than the text, left of all its lines; what is as large is a term, a number or a label,
and belongs to its row.

Example: "Tension" in 8 points, 70 points left of a text in 11 points, becomes a text before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from ingestion.blocks import LayoutBox, Line
from ingestion.geometry import height, union

SMALLER = 0.85  # of the height of the text's lines: the height of a note
APART = 6.0  # points between a note and the text, at least
SAME_EDGE = 3.0  # points between the left edges of the lines of a text, at most
EDGE_SHARE = 0.7  # of these lines that begin there
MOST_NOTES = 0.5  # of all lines


def with_notes_apart(box: LayoutBox, lines: Sequence[Line]) -> list[LayoutBox]:
    """A region of text as its notes and the paragraphs beside them, from top to bottom; as it is where it has none.

    ``lines`` are those of the page that lie in the region.
    """
    tall = median([height(line.bbox) for line in lines] or [0.0])
    notes = [line for line in lines if height(line.bbox) <= SMALLER * tall and sum(map(str.isalnum, line.text)) > 1]
    text = [line for line in lines if line not in notes]
    if not notes or not text or len(notes) > MOST_NOTES * len(lines) or any(line.hidden for line in lines):
        return [box]
    left = min(line.bbox.x0 for line in text)
    at_edge = sum(line.bbox.x0 - left <= SAME_EDGE for line in text)
    if at_edge < EDGE_SHARE * len(text) or any(note.bbox.x1 > left - APART for note in notes):
        return [box]
    parts: list[LayoutBox] = []
    above = 0.0
    for note in sorted(notes, key=lambda note: note.bbox.y0):
        row = note.bbox.y0 - tall / 2
        parts += _text(box, [line for line in text if above <= line.bbox.y0 < row])
        parts.append(replace(box, label="text", bbox=note.bbox, lines=(note,), font_size=0.0))
        above = row
    return [*parts, *_text(box, [line for line in text if line.bbox.y0 >= above])]


def _text(box: LayoutBox, lines: Sequence[Line]) -> list[LayoutBox]:
    return [replace(box, bbox=union([line.bbox for line in lines]), lines=tuple(lines))] if lines else []
