"""What each region that the layout model found is: text, heading, table, program text, running header, watermark.

The model's label says most of it. What it cannot know is added here: a table region may hold several tables, text set
aslant is a watermark, and a header or footer counts as one only in the page's top or bottom band.

Example: a ``page-header`` in the middle of the page is text; a ``text`` region whose every line runs aslant is
furniture.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations

from ingestion.blocks import FURNITURE, KINDS, Block, LayoutBox, Line, RawPage
from ingestion.elements import BBox
from ingestion.geometry import (
    MARGIN_BAND,
    area,
    in_one_column,
    in_one_row,
    inside,
    intersection,
    mostly_inside,
    union,
)
from ingestion.layout.caption_lines import caption_apart
from ingestion.layout.front_pages import articles_of, is_front_page
from ingestion.layout.line_order import columns_of
from ingestion.layout.lists import item_texts
from ingestion.layout.margin_notes import with_notes_apart
from ingestion.layout.pairs import pair_cells
from ingestion.layout.region_parts import blocks_beside, columns_apart, paragraphs_apart, twin_cells
from ingestion.layout.run_in_headings import heading_apart
from ingestion.tables.lattice import without_text_beside
from ingestion.tables.markdown import cells_to_markdown
from ingestion.tables.regions import grow_to_rules, headed_cells, ruled_cells, table_blocks
from ingestion.tables.words import white_gaps
from ingestion.text.cleaning import join_lines

ENDS = (".", "!", "?", ":")  # of a sentence
MIN_GUTTER = 8.0  # points of white between two columns, at least
TITLE_GAP = 24.0  # points from a title to its table or picture, at most
NEARLY = 0.1  # of a line, by which one text may hold less of it than another that says it
REPEATED_LINES = 2  # of a text that another one holds, at least
SAME_EDGE = 3.0  # points between the left edges of two texts of one column, at most


def region_blocks(box: LayoutBox, page: RawPage) -> list[Block]:
    """Turn a region into blocks: one, or for a table region all that it holds, from top to bottom."""
    if box.label == "table":
        return table_blocks(box, page.paths, page.lines)
    if box.label == "entries":
        return [Block("list", _around_lines(box), "\n".join(line.text for line in box.lines))]
    if box.label == "paragraphs":
        return [Block("text", _around_lines(box), "\n".join(line.text for line in box.lines))]
    if box.label == "typed-table":
        return [Block("table", _around_lines(box), cells_to_markdown(box.cells), cells=box.cells)]
    if box.label == "code":
        return [Block("text", _around_lines(box), "\n".join(line.text for line in box.lines), code=True)]
    if box.label == "picture" and (cells := ruled_cells(box.bbox, page.lines, page.paths)):
        return [Block("table", box.bbox, cells_to_markdown(cells), cells=cells)]
    if box.label == "text" and (cells := headed_cells(box.bbox, page.lines, page.paths)):
        return [Block("table", _around_lines(box), cells_to_markdown(cells), cells=cells)]
    kind = KINDS.get(box.label, "text")
    items = item_texts(box.lines, kind == "list") if kind in ("text", "list") and box.label != "footnote" else []
    held = [line for line in page.lines if mostly_inside(line.bbox, box.bbox)] if box.label == "text" else []
    cells = (pair_cells(held) or twin_cells(held)) if held else ()
    if cells and not items:
        return [Block("table", _around_lines(box), cells_to_markdown(cells), cells=cells)]
    kind = "list" if items else kind
    text = "\n".join(items) or join_lines(line.text for line in box.lines)
    if box.label == "picture":
        text = " ".join(line.text for line in box.lines)
    place = box.bbox if kind in ("figure", "formula") else _around_lines(box)
    if kind not in ("figure", "formula") and _is_slanted(place, page.lines):
        return [Block("text", place, text, furniture=True)]
    return [Block(kind, place, text, box.font_size, furniture=is_running(box, page))]


def without_repeated(boxes: Sequence[LayoutBox], lines: Sequence[Line]) -> list[LayoutBox]:
    """The regions of a page, those around a watermark without the lines of other regions that it runs over, and without
    texts that the one around them says.

    What stays of a watermark's region is what no other one holds; ``lines`` are the page's.
    """
    boxes = _with_ends_of_rows([box for box in boxes if not _is_said_by(box, boxes)])
    boxes = _without_said_code(_each_line_once(boxes))
    slanted = [line.bbox for line in lines if line.slanted]
    found: list[LayoutBox] = []
    for box in boxes:
        if box.label in ("table", "picture") or not any(mostly_inside(mark, box.bbox) for mark in slanted):
            found.append(box)
            continue
        smaller = [other.bbox for other in boxes if other is not box and area(other.bbox) < area(box.bbox)]
        own = tuple(line for line in box.lines if not any(mostly_inside(line.bbox, other) for other in smaller))
        if own:
            found.append(box if own == box.lines else replace(box, lines=own))
    return found


def _each_line_once(boxes: Sequence[LayoutBox]) -> list[LayoutBox]:
    """The regions of a page; a line that lies in two texts is said by the one that holds more of it, of two that hold
    the whole line by the smaller one."""
    texts = [box for box in boxes if KINDS.get(box.label) in ("text", "list") and box.lines]
    left_out: dict[int, set[Line]] = {}
    for one, other in combinations(texts, 2):
        if not area(intersection(one.bbox, other.bbox)):
            continue
        for a in one.lines:
            for b in other.lines:
                if area(intersection(a.bbox, b.bbox)) and _letters(a) == _letters(b):
                    first = _holds_better(one, other, union((a.bbox, b.bbox)))
                    left_out.setdefault(id(other if first else one), set()).add(b if first else a)
    kept = ((b, tuple(line for line in b.lines if line not in left_out.get(id(b), ()))) for b in boxes)
    return [box if len(own) == len(box.lines) else replace(box, lines=own) for box, own in kept if own or not box.lines]


def _without_said_code(boxes: Sequence[LayoutBox]) -> list[LayoutBox]:
    """The regions of a page, program text without the lines that are parts of longer ones in texts: the command in the
    row of its explanation, as on reference cards."""
    told = [line for box in boxes if KINDS.get(box.label) in ("text", "list") for line in box.lines]
    kept = []
    for box in boxes:
        own = tuple(line for line in box.lines if not any(_is_part(line, other) for other in told))
        if box.label != "code" or len(own) == len(box.lines):
            kept.append(box)
        elif any(line.text for line in own):
            kept.append(replace(box, lines=own, bbox=union(line.bbox for line in own)))
    return kept


def _is_part(line: Line, whole: Line) -> bool:
    inner = mostly_inside(line.bbox, whole.bbox) and len(line.text) < len(whole.text)
    return inner and "".join(line.text.split()) in "".join(whole.text.split())


def _letters(line: Line) -> str:
    return "".join(filter(str.isalnum, line.text)) or line.text


def _holds_better(one: LayoutBox, other: LayoutBox, line: BBox) -> bool:
    more = inside(line, one.bbox) - inside(line, other.bbox)
    return area(one.bbox) <= area(other.bbox) if abs(more) <= NEARLY else more > 0


def _is_said_by(box: LayoutBox, boxes: Iterable[LayoutBox]) -> bool:
    """Whether another text around this one has all of its lines, one after the other."""
    if KINDS.get(box.label) not in ("text", "list") or len(box.lines) < REPEATED_LINES:
        return False
    own = "\n".join(line.text for line in box.lines)
    return any(
        KINDS.get(other.label) in ("text", "list")
        and area(other.bbox) > area(box.bbox)
        and mostly_inside(box.bbox, other.bbox)
        and own in "\n".join(line.text for line in other.lines)
        for other in boxes
    )


def _with_ends_of_rows(boxes: Sequence[LayoutBox]) -> list[LayoutBox]:
    """The regions of a page; a text whose lines are the ends of rows of another one is part of that, which reaches over
    it then."""
    texts = [box for box in boxes if KINDS.get(box.label) in ("text", "list")]
    held: dict[int, list[LayoutBox]] = {}
    dropped: set[int] = set()
    for one, other in combinations(texts, 2):
        if area(intersection(one.bbox, other.bbox)):
            for ends, rows in ((one, other), (other, one)):
                if _ends_rows_of(ends, rows):
                    held.setdefault(id(rows), []).append(ends)
                    dropped.add(id(ends))
    return [
        replace(box, bbox=union([box.bbox, *(x.bbox for x in held[id(box)])])) if id(box) in held else box
        for box in boxes
        if id(box) not in dropped
    ]


def _ends_rows_of(box: LayoutBox, other: LayoutBox) -> bool:
    """Whether the lines of a text, two at least, are the ends of rows of another one."""
    return len(box.lines) >= REPEATED_LINES and all(
        any(in_one_row(line.bbox, row.bbox) and row.text.endswith(f" {line.text}") for row in other.lines)
        for line in box.lines
    )


def parts_of(box: LayoutBox, page: RawPage) -> list[LayoutBox]:
    """A region; where layout took several things for one, its parts: columns of prose, a table and text beside it, the
    articles of a front page."""
    if is_front_page(box, page):
        return articles_of(box, page)
    if box.label == "table":
        return without_text_beside(box, page.lines, page.paths)
    if KINDS.get(box.label) in ("text", "list") and len(box.lines) > 1:
        held = [line for line in page.lines if mostly_inside(line.bbox, box.bbox)]
        parts = heading_apart(box, held) if box.label == "text" and held and not _is_title(box, page) else [box]
        if len(parts) == 1:
            parts = caption_apart(box, page.boxes, page.lines)
        if len(parts) == 1:
            parts = with_notes_apart(box, held)
        if len(parts) == 1 and box.label == "text" and held:
            parts = blocks_beside(box, held)
        if len(parts) == 1 and box.label == "text":
            parts = columns_apart(box, held)
        parts = [p for own in parts for p in _columns(own)]
        return [p for own in parts for p in _paragraphs(own, held)]
    return _columns(box)


def _paragraphs(box: LayoutBox, lines: Sequence[Line]) -> list[LayoutBox]:
    """A region of text as its paragraphs, where it is no list and no labels with values; ``lines`` are the page's that
    lie in it or around it."""
    listed = box.label == "list-item"
    held = [line for line in lines if mostly_inside(line.bbox, box.bbox)]
    if not (listed or box.label == "text") or len(box.lines) < 2 or item_texts(box.lines, listed) or pair_cells(held):
        return [box]
    return paragraphs_apart(box, held)


def _columns(box: LayoutBox) -> list[LayoutBox]:
    """A region over several columns of prose as a region for each, where all end with a sentence: each has its own text
    then, and perhaps its own heading."""
    columns = columns_of(box.lines) if len(box.lines) > 1 and KINDS.get(box.label) in ("text", "list") else None
    if columns is None or not all(column[-1].text.endswith(ENDS) for column in columns):
        return [box]
    return [replace(box, bbox=union([line.bbox for line in column]), lines=tuple(column)) for column in columns]


def _is_title(box: LayoutBox, page: RawPage) -> bool:
    """Whether a table or picture follows right below a region, which may be its title and what that says of it."""
    own = box.bbox
    return any(
        other.label in ("table", "picture")
        and 0 <= other.bbox.y0 - own.y1 <= TITLE_GAP
        and in_one_column(own, other.bbox)
        for other in page.boxes
    )


def columns_as_beside(box: LayoutBox, boxes: Iterable[LayoutBox], page: RawPage) -> list[LayoutBox]:
    """A region over a gutter that parts other texts of the page, as a region for each column; else as it is.

    ``boxes``: the page's regions. Each column starts at the left edge of a text of several lines that ends before the
    next one.
    """
    if box.label not in ("text", "section-header", "list-item") or page.recognised:
        return [box]
    held = [line for line in page.lines if mostly_inside(line.bbox, box.bbox)]
    gaps = white_gaps((line.bbox.x0, line.bbox.x1) for line in held)
    starts = [box.bbox.x0, *(end for start, end in gaps if end - start >= MIN_GUTTER)]
    if len(starts) < 2 or pair_cells(held):
        return [box]
    ends = [*(start - MIN_GUTTER for start in starts[1:]), page.width]
    others = [b for b in boxes if b is not box and b.label in ("text", "list-item") and len(b.lines) > 1]
    if not all(
        any(abs(b.bbox.x0 - start) <= SAME_EDGE and b.bbox.x1 <= end for b in others)
        for start, end in zip(starts, ends, strict=True)
    ):
        return [box]
    columns = [
        [x for x in held if start - SAME_EDGE <= x.bbox.x0 < end] for start, end in zip(starts, ends, strict=True)
    ]
    return [replace(box, bbox=union([x.bbox for x in c]), lines=tuple(c)) for c in columns if c]


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
