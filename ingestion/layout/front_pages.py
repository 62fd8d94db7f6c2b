"""Pages of articles, as of a newspaper, that the layout model takes for one table: columns, rules and boxes all over.

A table has no photographs and little difference in type; a front page has several of the one, and titles many times as
high as its texts. Such a region is taken apart into its lines: those that follow each other in one size are a text,
larger ones a heading.

Example: a region over the whole page with three photographs, titles of 40 points and columns of 9 becomes headings and
texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ingestion.blocks import LayoutBox, Line, RawPage
from ingestion.geometry import (
    ALIGNED,
    area,
    height,
    horizontal_overlap,
    inside,
    mostly_inside,
    union,
    vertical_overlap,
)
from ingestion.layout.paragraphs import follows
from ingestion.tables.words import white_gaps

PAGE_SHARE = 0.6  # of the page under the region
PHOTO_SHARE = 0.02  # of the page under a photograph that counts
LEAST_PHOTOS = 2
TITLE_SIZE = 3.0  # times the height of most lines: the largest title
HEADING_SIZE = 1.4  # the same, of a heading
HEADING_WORDS = 25  # at most
SAME_SIZE = 1.2  # between the heights of lines of one text
LEAST_LINES = 30
GUTTER = 6.0  # points of white between columns, at least


def is_front_page(box: LayoutBox, page: RawPage) -> bool:
    """Whether a table region is a page of articles."""
    photos = [p for p in page.photos if mostly_inside(p, box.bbox) and inside(page.frame, p) >= PHOTO_SHARE]
    if box.label != "table" or inside(page.frame, box.bbox) < PAGE_SHARE or len(photos) < LEAST_PHOTOS:
        return False
    tall = [height(line.bbox) for line in _upright(box, page)]
    return len(tall) >= LEAST_LINES and max(tall) >= TITLE_SIZE * median(tall)


def articles_of(box: LayoutBox, page: RawPage) -> list[LayoutBox]:
    """The headings and texts of a page of articles: columns from left to right between what runs over them."""
    groups: list[list[Line]] = []
    held = _upright(box, page)
    body = median(height(line.bbox) for line in held)
    for line in held:
        if groups and _goes_on(groups[-1][-1], line):
            groups[-1].append(line)
        else:
            groups.append([line])
    return _in_order([_region(group, body) for group in groups])


def _in_order(regions: Sequence[LayoutBox]) -> list[LayoutBox]:
    """Regions cut at the white between them, by columns where a gutter parts all of them, else by rows (recursive X-Y
    cut: Nagy and Seth, 1984)."""
    for axis, least in ((0, GUTTER), (1, 0.0)):
        gaps = white_gaps((r.bbox[axis], r.bbox[axis + 2]) for r in regions)
        cuts = [(start + end) / 2 for start, end in gaps if end - start >= least]
        if cuts:
            edges = [float("-inf"), *cuts, float("inf")]
            parts = ([r for r in regions if a <= r.bbox[axis] < b] for a, b in pairwise(edges))
            return [region for part in parts for region in _in_order(part)]
    return sorted(regions, key=lambda region: region.bbox.y0)


def _upright(box: LayoutBox, page: RawPage) -> list[Line]:
    return [x for x in page.lines if mostly_inside(x.bbox, box.bbox) and not x.quarters and area(x.bbox)]


def _goes_on(last: Line, line: Line) -> bool:
    if vertical_overlap(last.bbox, line.bbox) > ALIGNED and horizontal_overlap(last.bbox, line.bbox) > ALIGNED:
        return True  # beside an initial
    sizes = sorted((height(last.bbox), height(line.bbox)))
    return sizes[1] <= SAME_SIZE * sizes[0] and follows(last.bbox, line.bbox)


def _region(lines: Sequence[Line], body: float) -> LayoutBox:
    size = median(height(line.bbox) for line in lines)
    words = sum(len(line.text.split()) for line in lines)
    heading = size >= HEADING_SIZE * body and words <= HEADING_WORDS
    return LayoutBox("section-header" if heading else "text", union(x.bbox for x in lines), tuple(lines), size)
