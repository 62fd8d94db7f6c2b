"""The figures of a page: from the layout model's pictures, raster images and ink to figure blocks with their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PIL import Image

from ingestion.blocks import Block, Line, RawPage
from ingestion.elements import BBox
from ingestion.figures.detection import coverage, is_plausible_figure, merge_fragments, split_at_captions
from ingestion.figures.segmentation import split_at_gutters, visual_regions
from ingestion.figures.texture import Texture
from ingestion.geometry import (
    area,
    covered,
    gap,
    height,
    horizontal_overlap,
    inside,
    mostly_inside,
    outermost,
    wholly_inside,
)
from ingestion.layout.inner_text import fold_inner_text, is_scene
from ingestion.layout.paragraphs import LABEL_WORDS, group_paragraphs
from ingestion.layout.region_kinds import is_running
from ingestion.text.caption_labels import caption_label
from ingestion.text.cleaning import join_lines
from ingestion.text.text_layer import NAME as LAYER

BACKGROUND_SHARE = 0.9  # a picture under so much of a page, with words on it, is a background unless a photograph
CAPTION_REACH = 30.0  # points from a caption without a figure to what it names
SCANNED_SHARE = 0.5  # of the page under pictures: what it shows is in its pixels
ROOM = (0.12, 0.06)  # of a recognised line's height, above and below it, where its ink may reach


def is_words_alone(box: BBox, parts: RawPage) -> bool:
    """Whether a page-wide picture, or one with a watermark, is nothing but words: nothing is drawn in it."""
    if any(gap(box, drawn) == 0 for drawn in (*parts.photos, *parts.paths)):
        return False
    return is_scene(box, parts.frame) or any(line.slanted and mostly_inside(line.bbox, box) for line in parts.lines)


def figure_boxes(parts: RawPage, render: Image.Image, blocks: Sequence[Block]) -> list[BBox]:
    """Layout's pictures with fragments merged and captions parting them, what it missed, and nothing that is none."""
    others = [b for b in blocks if b.kind != "figure"]
    walls = [b.bbox for b in others if b.kind in ("heading", "caption", "title", "table") or len(b.text) > 120]
    captions = [b.bbox for b in others if caption_label(b.text)]
    merged = merge_fragments([b.bbox for b in blocks if b.kind == "figure"], parts.photos, walls)
    boxes = [part for box in merged for part in split_at_captions(box, captions)]
    if boxes:
        boxes = split_at_gutters(render, parts.width, parts.height, boxes)
    tables = [b.bbox for b in others if b.kind == "table"]
    if parts.photos or parts.recognised:
        boxes = _with_seen(boxes, tables, parts, render)
    boxes = [box for box in boxes if not any(covered(box, table) for table in tables)]
    holders = [*tables, *(box for box in boxes if is_scene(box, parts.frame))]
    photos = [photo for photo in parts.photos if is_plausible_figure(photo)]
    in_them = [p for p in photos if any(covered(p, h) and area(p) < 0.5 * area(h) for h in holders)]
    return [*(box for box in boxes if is_plausible_figure(box)), *outermost(in_them)]


def _with_seen(boxes: Sequence[BBox], tables: Sequence[BBox], parts: RawPage, render: Image.Image) -> list[BBox]:
    """Add the photographs that layout missed; where the page is a picture, take what is seen in its pixels."""
    words = [ink_box(line) for line in parts.lines]
    texture = Texture(render, parts.width, parts.height)
    beside = [photo for photo in parts.photos if not shares_place(photo, [*boxes, *tables])]
    found = [*boxes, *(photo for photo in beside if texture.is_photo(photo, words))]
    if parts.recognised or coverage(parts.photos, parts.frame) > SCANNED_SHARE:
        seen = visual_regions(render, parts.width, parts.height, words, short_texts(parts))
        seen = [box for box in seen if not any(mostly_inside(box, table) for table in tables)]
        found = [box for box in found if not _meets(box, seen)] + seen
        found += texture.residual_photos([*found, *tables], words)
    scenic = not parts.recognised  # the picture under a page that was read is the page itself
    return [b for b in found if not _is_background(b, parts.frame, words) or (scenic and texture.is_photo(b, words))]


def place_figures(blocks: Sequence[Block], boxes: Sequence[BBox]) -> list[Block]:
    """Put the figures where layout had them in reading order, new ones before what stands below them."""
    result: list[Block] = []
    placed: set[BBox] = set()
    for block in blocks:
        if block.kind != "figure":
            result.append(block)
            continue
        homes = [box for box in boxes if wholly_inside(block.bbox, box) or wholly_inside(box, block.bbox)]
        if not homes and block.text:  # words mistaken for a picture
            result.append(replace(block, kind="text"))
        result += [Block("figure", home) for home in homes if home not in placed]
        placed.update(homes)
    for box in boxes:
        if box not in placed:
            below = (i for i, b in enumerate(result) if b.bbox.y0 >= box.y0 and horizontal_overlap(b.bbox, box) > 0.2)
            result.insert(next(below, len(result)), Block("figure", box))
    return result


def read_figures(blocks: Sequence[Block], parts: RawPage) -> list[Block]:
    """Give figures the words in them; blocks of these words go. A page-wide picture is a scene that text stands on."""
    kept = fold_inner_text(blocks, parts.frame)
    return [
        replace(b, text=join_lines(line.text for line in parts.lines if mostly_inside(line.bbox, b.bbox)))
        if b.kind == "figure" and not is_scene(b.bbox, parts.frame)
        else b
        for b in kept
    ]


def missed_figures(parts: RawPage, render: Image.Image, blocks: Sequence[Block]) -> list[Block]:
    """What stands at a numbered caption that has no figure: a listing in a frame, a drawing taken for text."""
    named = [b.caption for b in blocks if b.caption]
    lone = [b for b in blocks if b.kind == "caption" and not any(b.text in caption for caption in named)]
    alone = [b.bbox for b in lone if caption_label(b.text)]
    if not alone:
        return []
    held = [b.bbox for b in blocks if b.kind in ("figure", "table")]
    seen = visual_regions(
        render, parts.width, parts.height, [ink_box(line) for line in parts.lines], short_texts(parts)
    )
    found = [box for box in seen if is_plausible_figure(box) and not _meets(box, held)]
    found = [box for box in found if any(gap(box, caption) <= CAPTION_REACH for caption in alone)]
    return [Block("figure", box) for box in found]


def ink_box(line: Line) -> BBox:
    """Where a line's ink may be: the box of a native one has room for accents, a recognised one's is cut close."""
    if line.font != LAYER:
        return line.bbox
    above, below = (share * height(line.bbox) for share in ROOM)
    return line.bbox._replace(y0=line.bbox.y0 - above, y1=line.bbox.y1 + below)


def shares_place(box: BBox, others: Sequence[BBox]) -> bool:
    """Whether one of the others is mostly the same place."""
    return any(mostly_inside(box, other) or mostly_inside(other, box) for other in others)


def _meets(box: BBox, others: Sequence[BBox]) -> bool:
    """Whether one of the others shares a third of its own or of the box's area."""
    return any(max(inside(box, other), inside(other, box)) > 1 / 3 for other in others)


def _is_background(box: BBox, frame: BBox, words: Sequence[BBox]) -> bool:
    return inside(frame, box) > BACKGROUND_SHARE and any(covered(word, box) for word in words)


def short_texts(parts: RawPage) -> list[BBox]:
    """Boxes of texts too short for a paragraph, headers and footers aside: what may name a part of a chart."""
    running = [box.bbox for box in parts.boxes if is_running(box, parts)]
    lines = [line for line in parts.lines if not any(mostly_inside(line.bbox, box) for box in running)]
    return [p.bbox for p in group_paragraphs(lines) if len(p.text.split()) <= LABEL_WORDS]
