"""The figures of a page, from what was detected to figure blocks with their words.

Three sources are joined: the pictures of the layout model, whose boxes are merged and cut; the raster images of the
file that show a photograph; and, where a page is a scan or an exported slide, the ink seen in its render. What is a
background, lies in a table, or is too small or thin to be a figure, is left out.

Example: two picture regions 10 points apart with nothing between them are the halves of one drawing; a line "Figure 4:
…" across one picture region parts it into two figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from PIL import Image

from ingestion.blocks import Block, Line, RawPage
from ingestion.captions.roles import WALL_CHARS
from ingestion.elements import BBox
from ingestion.figures.detection import (
    coverage,
    is_plausible_figure,
    merge_fragments,
    split_above_captions,
    split_at_captions,
)
from ingestion.figures.segmentation import holds_lines_alone, split_at_gutters, visual_regions, with_grid
from ingestion.figures.texture import Texture
from ingestion.geometry import (
    area,
    covered,
    gap,
    height,
    horizontal_overlap,
    in_one_row,
    inside,
    mostly_inside,
    outermost,
    wholly_inside,
)
from ingestion.layout.inner_text import fold_inner_text, is_scene
from ingestion.layout.paragraphs import LABEL_WORDS, group_paragraphs
from ingestion.layout.region_kinds import is_running
from ingestion.tables.words import lines_of
from ingestion.text.caption_labels import caption_label
from ingestion.text.cleaning import join_lines
from ingestion.text.text_layer import NAME as LAYER

BACKGROUND_SHARE = 0.9  # of the page: a picture under more of it, with words on it, is a background unless a photograph
CAPTION_REACH = 30.0  # points from a caption without a figure to what it names
SCANNED_SHARE = 0.5  # of the page under raster images: what it shows is in its pixels
SAME_FIGURE = 1 / 3  # of either box under the other: what was seen in the pixels is that figure
TABLES_SHARE = 0.6  # of a picture under tables: it is they, seen a second time
PART_SHARE = 0.5  # of a table or scene: a raster image smaller than that is a figure of its own in it
BELOW_OVERLAP = 0.2  # of the narrower width: a block stands below a figure
LABELS = 2  # of a form, at least
FILLED = 0.5  # of a form's labels that have values
MOST_FIELDS = 60  # labels and fields of a form in one picture
ROW_GAP = 0.4  # line heights of white between the rows of a form, at least
SAME_EDGE = 5.0  # points between the left edges of fields of one column, at most
INK_ABOVE = 0.12  # of a recognised line's height: the ink of accents above its box
INK_BELOW = 0.06  # the same of what hangs below its box


def find_figures(blocks: Sequence[Block], page: RawPage, render: Image.Image) -> list[Block]:
    """Put the figures that the page really shows in place of the layout model's pictures.

    ``render`` shows the whole page (RGB) at any scale.
    """
    tables = [block.bbox for block in blocks if block.kind == "table"]
    kept = [
        block
        for block in blocks
        if block.kind != "figure"
        or not (_is_words_alone(block.bbox, page) or _are_tables(block.bbox, tables, page.photos))
    ]
    return _placed(kept, _figure_boxes(kept, page, render))


def missed_figures(blocks: Sequence[Block], page: RawPage, render: Image.Image) -> list[Block]:
    """Find figures in the page's ink beside numbered captions that have none: a drawing that was taken for text."""
    named = [b.caption for b in blocks if b.caption]
    lone = [b for b in blocks if b.kind == "caption" and not any(b.text in caption for caption in named)]
    alone = [b.bbox for b in lone if caption_label(b.text)]
    if not alone:
        return []
    held = [b.bbox for b in blocks if b.kind in ("figure", "table")]
    seen = visual_regions(render, page.width, page.height, [ink_box(line) for line in page.lines], _short_texts(page))
    found = [box for box in seen if is_plausible_figure(box) and not _meets(box, held)]
    found = [box for box in found if any(gap(box, caption) <= CAPTION_REACH for caption in alone)]
    return [Block("figure", box) for box in found]


def read_figures(blocks: Sequence[Block], page: RawPage) -> list[Block]:
    """Give each figure the words in it as its text, and leave out the blocks that held them.

    A page-wide picture is a scene that text stands on: its words stay blocks of their own.
    """
    kept = fold_inner_text(blocks, page.frame)
    return [
        replace(b, text=join_lines(line.text for line in _as_filled(_within(page.lines, b.bbox))))
        if b.kind == "figure" and not b.code and not is_scene(b.bbox, page.frame)
        else b
        for b in kept
    ]


def _within(lines: Sequence[Line], box: BBox) -> list[Line]:
    return [line for line in lines if mostly_inside(line.bbox, box)]


def _as_filled(lines: Sequence[Line]) -> Sequence[Line]:
    """Lines row by row where most labels ("Owner:") have what is filled in beside them, and the file has it behind the
    last of them; else in their order, which keeps the words of each box of a chart together."""
    if _are_fields(lines):
        return [line for row in lines_of(lines) for line in row]
    labels = [i for i, line in enumerate(lines) if line.text.endswith(":")]
    if len(labels) < LABELS:
        return lines
    behind = lines[labels[-1] + 1 :]
    filled = sum(any(_is_beside(lines[i].bbox, value.bbox) for value in behind) for i in labels)
    return [line for row in lines_of(lines) for line in row] if filled >= FILLED * len(labels) else lines


def _are_fields(lines: Sequence[Line]) -> bool:
    """Whether the file has labels first and then a mark or a value for most of them, each in the row of its label: the
    fields of a form are drawn last. Both stand at few left edges, which the labels of a chart do not, and rows further
    apart than the lines of a text."""
    for first in range(LABELS, len(lines) - 1 if len(lines) <= MOST_FIELDS else 0):
        labels, fields = lines[:first], lines[first:]
        rows = [[label for label in labels if in_one_row(label.bbox, field.bbox)] for field in fields]
        if not all(len(row) in (1, 2) for row in rows) or len(fields) < FILLED * len(labels):
            continue
        tops = sorted((label.bbox.y0, label.bbox.y1) for label in labels)
        apart = [b[0] - a[1] for a, b in pairwise(tops) if b[0] > (a[0] + a[1]) / 2]
        tall = median(height(label.bbox) for label in labels)
        if min(apart, default=0.0) < ROW_GAP * tall:
            continue
        if all(_left_edges(held) <= (len(held) + 1) // 2 for held in (labels, fields)):
            return True
    return False


def _left_edges(lines: Sequence[Line]) -> int:
    """At how many left edges lines begin."""
    edges = sorted(line.bbox.x0 for line in lines)
    return 1 + sum(b - a > SAME_EDGE for a, b in pairwise(edges))


def _is_beside(label: BBox, value: BBox) -> bool:
    return in_one_row(label, value) and value.x0 >= label.x1


def _is_words_alone(box: BBox, page: RawPage) -> bool:
    """Whether a page-wide picture, one with a watermark or one of outlined words is nothing but words: nothing is drawn
    in it."""
    if any(gap(box, drawn) == 0 for drawn in (*page.photos, *page.paths)):
        return False
    held = [line for line in page.lines if mostly_inside(line.bbox, box)]
    outlined = bool(held) and all(line.hidden for line in held)
    return outlined or is_scene(box, page.frame) or any(line.slanted for line in held)


def _figure_boxes(blocks: Sequence[Block], page: RawPage, render: Image.Image) -> list[BBox]:
    """The boxes of all figures: fragments merged, several in one region split, missed ones added."""
    others = [b for b in blocks if b.kind != "figure"]
    walls = [b.bbox for b in others if b.kind in ("heading", "caption", "title", "table") or len(b.text) > WALL_CHARS]
    captions = [b.bbox for b in others if caption_label(b.text)]
    merged = merge_fragments([b.bbox for b in blocks if b.kind == "figure"], page.photos, walls)
    boxes = [half for box in merged for half in split_at_captions(box, captions)]
    drawn = [*(line.bbox for line in page.lines), *page.paths, *page.photos]
    named = [line.bbox for line in page.lines if caption_label(line.text)]  # layout has captions in pictures, too
    boxes = [part for box in boxes for part in split_above_captions(box, named, drawn)]
    if boxes:
        boxes = split_at_gutters(render, page.width, page.height, boxes)
    tables = [b.bbox for b in others if b.kind == "table"]
    if page.photos or page.recognised:
        boxes = _with_missed_photos(boxes, tables, page, render)
    boxes = [box for box in boxes if not any(covered(box, table) for table in tables)]
    holders = [*tables, *(box for box in boxes if is_scene(box, page.frame))]
    photos = [photo for photo in page.photos if is_plausible_figure(photo)]
    in_them = [p for p in photos if any(covered(p, h) and area(p) < PART_SHARE * area(h) for h in holders)]
    return [*(box for box in boxes if is_plausible_figure(box)), *outermost(in_them)]


def _are_tables(box: BBox, tables: Sequence[BBox], photos: Sequence[BBox]) -> bool:
    """Whether a box that was taken for a picture is tables with the notes beside them, drawn and not photographed."""
    held = [table for table in tables if mostly_inside(table, box)]
    drawn = not any(covered(box, photo) for photo in photos)
    return drawn and sum(map(area, held)) > TABLES_SHARE * area(box)


def _with_missed_photos(
    boxes: Sequence[BBox], tables: Sequence[BBox], page: RawPage, render: Image.Image
) -> list[BBox]:
    """Add the photographs that the layout model missed; where the page is a picture, what is seen in its pixels."""
    words = [ink_box(line) for line in page.lines]
    texture = Texture(render, page.width, page.height)
    beside = [photo for photo in page.photos if not shares_place(photo, [*boxes, *tables])]
    found = [*boxes, *(photo for photo in beside if texture.is_photo(photo, words))]
    if page.recognised or coverage(page.photos, page.frame) > SCANNED_SHARE:
        size = page.width, page.height
        grids = [with_grid(render, *size, table) for table in tables]
        said = [*words, *grids]  # the rules of a table are no drawing, however near the text around it stands
        seen = visual_regions(render, page.width, page.height, said, _short_texts(page))
        seen = [box for box in seen if not any(mostly_inside(box, table) for table in tables)]
        layer = [line.bbox for line in page.lines if line.hidden]
        seen = [
            box
            for box in seen
            if shares_place(box, boxes) or not holds_lines_alone(render, *size, box, [*layer, *grids])
        ]
        found = [box for box in found if not _meets(box, seen)] + seen
        found += texture.residual_photos([*found, *tables], words)
    scenic = not page.recognised  # the picture under a page that was read is the page itself
    return [b for b in found if not _is_background(b, page.frame, words) or (scenic and texture.is_photo(b, words))]


def _placed(blocks: Sequence[Block], boxes: Sequence[BBox]) -> list[Block]:
    """The figures where the layout model had them in reading order, new ones before what stands below them."""
    result: list[Block] = []
    placed: set[BBox] = set()
    for block in blocks:
        if block.kind != "figure":
            result.append(block)
            continue
        homes = [box for box in boxes if wholly_inside(block.bbox, box) or wholly_inside(box, block.bbox)]
        if not homes and block.text:  # words that the model took for a picture
            result.append(replace(block, kind="text"))
        result += [Block("figure", home) for home in homes if home not in placed]
        placed.update(homes)
    for box in boxes:
        if box not in placed:
            below = (
                i
                for i, b in enumerate(result)
                if b.bbox.y0 >= box.y0 and horizontal_overlap(b.bbox, box) > BELOW_OVERLAP
            )
            result.insert(next(below, len(result)), Block("figure", box))
    return result


def ink_box(line: Line) -> BBox:
    """Where a line's ink may be, in points: a native box has room for accents, a recognised one is cut close."""
    if line.font != LAYER:
        return line.bbox
    tall = height(line.bbox)
    return line.bbox._replace(y0=line.bbox.y0 - INK_ABOVE * tall, y1=line.bbox.y1 + INK_BELOW * tall)


def shares_place(box: BBox, others: Sequence[BBox]) -> bool:
    """Whether one of the other boxes is mostly at the same place."""
    return any(mostly_inside(box, other) or mostly_inside(other, box) for other in others)


def _meets(box: BBox, others: Sequence[BBox]) -> bool:
    """Whether one of the other boxes shows the same figure, or a good part of it."""
    return any(max(inside(box, other), inside(other, box)) > SAME_FIGURE for other in others)


def _is_background(box: BBox, frame: BBox, words: Sequence[BBox]) -> bool:
    """Whether a box covers the page and words stand on it."""
    return inside(frame, box) > BACKGROUND_SHARE and any(covered(word, box) for word in words)


def _short_texts(page: RawPage) -> list[BBox]:
    """Boxes of texts too short for a paragraph, headers and footers aside: what may name a part of a chart."""
    running = [box.bbox for box in page.boxes if is_running(box, page)]
    lines = [line for line in page.lines if not any(mostly_inside(line.bbox, box) for box in running)]
    return [p.bbox for p in group_paragraphs(lines) if len(p.text.split()) <= LABEL_WORDS]
