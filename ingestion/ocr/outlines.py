"""Words that are drawn as outlines: shapes of letters in the row of a line, which no text of the file says. Pure.

Programs of designers turn titles and labels into paths. To the text of the page they are nothing; OCR can read them.
Letters stand beside each other on one base line, about as high as each other and of many widths: bars of a chart are as
wide as each other, hatching is all alike, and drawings have no base line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import median

from ingestion.blocks import Line
from ingestion.elements import BBox
from ingestion.geometry import area, gap, height, intersection, union, width

LETTER = (2.0, 60.0)  # points: heights of letters
WIDEST = 1.6  # times its height
BASE = 0.08  # of a letter's height: letters whose lower edges are so near stand on one base line
WORD_GAP = 1.0  # of the letters' height between two of one line, at most
OVERLAP = 0.3  # of the narrower one: shapes that share more are no letters beside each other
LEAST = 6  # letters on one base line, of a run
LEAST_WIDTHS = 4  # different ones among them
SAME_WIDTH = 0.04  # of the height
LEAST_ALL = 12  # letters of a page, for OCR to be worth its time
SAID = 0.3  # of a run under text of the file: that says it
LINE_GAP = 1.5  # heights between lines of one region
MOST_PATHS = 20_000
MOST_RUNS = 50


def outlined_words(paths: Sequence[BBox], lines: Sequence[Line]) -> list[BBox]:
    """Boxes, in points, of what is likely to be words drawn as paths, lines near each other together. ``lines`` are
    those of the file."""
    letters = [p for p in paths if LETTER[0] <= height(p) <= LETTER[1] and 0 < width(p) <= WIDEST * height(p)]
    if len(letters) < LEAST_ALL or len(paths) > MOST_PATHS:
        return []
    runs = [run for row in _rows(letters) for run in _runs(row) if _are_letters(run)]
    runs = [run for run in runs if not any(_lies_in(union(run), line.bbox) for line in lines)]
    if sum(map(len, runs)) < LEAST_ALL:
        return []
    regions: list[BBox] = []
    for run in runs[:MOST_RUNS]:
        box, reach = _whole_line(run, paths), LINE_GAP * median(map(height, run))
        near = [region for region in regions if gap(region, box) <= reach]
        regions = [region for region in regions if region not in near] + [union([box, *near])]
    return regions


def _rows(letters: Sequence[BBox]) -> list[list[BBox]]:
    """Shapes by their lower edges: each row as far as the next one stands on the same base line."""

    def on_one_line(last: BBox, letter: BBox) -> bool:
        return letter.y1 - last.y1 <= BASE * min(height(letter), height(last))

    rows = _parted(sorted(letters, key=lambda p: p.y1), on_one_line)
    return [row for row in rows if len(row) >= LEAST]


def _runs(row: Sequence[BBox]) -> list[list[BBox]]:
    """A row where gaps are wider than those between words."""

    def beside(last: BBox, letter: BBox) -> bool:
        return letter.x0 - last.x1 <= WORD_GAP * max(height(last), height(letter))

    return _parted(sorted(row, key=lambda p: p.x0), beside)


def _parted(ordered: Sequence[BBox], together: Callable[[BBox, BBox], bool]) -> list[list[BBox]]:
    """Shapes in their order, parted where one and the next do not belong together."""
    parts = [[ordered[0]]]
    for last, shape in pairwise(ordered):
        if together(last, shape):
            parts[-1].append(shape)
        else:
            parts.append([shape])
    return parts


def _are_letters(run: Sequence[BBox]) -> bool:
    if len(run) < LEAST:
        return False
    tall = max(map(height, run))
    widths = sorted(map(width, run))
    different = 1 + sum(b - a > SAME_WIDTH * tall for a, b in pairwise(widths))
    apart = [a.x1 - b.x0 <= OVERLAP * min(width(a), width(b)) for a, b in pairwise(run)]
    alike = sum(height(p) > 0.5 * tall for p in run)
    return different >= LEAST_WIDTHS and sum(apart) >= 0.9 * len(apart) and alike >= 0.9 * len(run)


def _whole_line(run: Sequence[BBox], paths: Sequence[BBox]) -> BBox:
    """The box of a run with what stands beside it in its row: letters that hang below the base line, short words."""
    box, tall = union(run), max(map(height, run))
    beside = [p for p in paths if p.y0 < box.y1 and p.y1 > box.y0 and max(width(p), height(p)) <= WIDEST * tall]
    for ordered in (sorted(beside, key=lambda p: p.x0), sorted(beside, key=lambda p: -p.x1)):
        for p in ordered:
            if max(p.x0 - box.x1, box.x0 - p.x1) <= WORD_GAP * tall:
                box = union([box, p])
    return box


def _lies_in(run: BBox, line: BBox) -> bool:
    return area(intersection(run, line)) > SAID * area(run)
