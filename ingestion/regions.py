"""From what a page holds to its blocks: real figures, whole tables, linked captions, in reading order.

Enters: :class:`PageParts` (layout boxes, lines, pictures, paths) and the page's render. Leaves: :class:`Block` values.
Must not know: PDF, files, OCR.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from PIL import Image

from ingestion import figures
from ingestion.captions import link_captions
from ingestion.elements import BBox
from ingestion.geometry import area, horizontal_overlap, inside, intersection, union
from ingestion.labels import caption_label
from ingestion.layout import (
    FURNITURE,
    KINDS,
    Block,
    fold_inner_text,
    join_lines,
    merge_lists,
)
from ingestion.pdf import LayoutBox, Line
from ingestion.tables import table_block, with_rules

BACKGROUND_SHARE = 0.9  # a picture under so much of a page, with words on it, is a background unless a photograph
MARGIN = 0.12  # share of the page's height where headers and footers stand


@dataclass(frozen=True, slots=True)
class PageParts:
    """What a page holds before it is understood. Boxes in points; ``recognised``: its lines were read by OCR."""

    width: float
    height: float
    boxes: tuple[LayoutBox, ...]
    lines: tuple[Line, ...]
    photos: tuple[BBox, ...]
    paths: tuple[BBox, ...]
    recognised: bool = False

    @property
    def frame(self) -> BBox:
        return BBox(0.0, 0.0, self.width, self.height)


def blocks_of(parts: PageParts, render: Image.Image) -> list[Block]:
    """Layout boxes as linked blocks in reading order."""
    blocks = _whole_tables([_block(box, parts) for box in parts.boxes], parts.paths)
    blocks = _clean_figures(parts, render, blocks)
    held = [b.bbox for b in blocks if b.text or b.kind in ("figure", "table", "formula")]
    blocks += paragraphs(_orphans(parts.lines, held))
    blocks = fold_inner_text(blocks, parts.frame)
    return link_captions(merge_lists(blocks), parts.frame)


def _block(box: LayoutBox, parts: PageParts) -> Block:
    text = join_lines(line.text for line in box.lines)
    if box.label == "table":
        return table_block(box.bbox, box.cells, parts.lines)
    if box.label == "picture":
        text = " ".join(line.text for line in box.lines)
    middle = (box.bbox.y0 + box.bbox.y1) / 2 / parts.height
    furniture = box.label in FURNITURE and not MARGIN < middle < 1 - MARGIN
    return Block(KINDS.get(box.label, "text"), box.bbox, text, box.font_size, furniture=furniture)


def _whole_tables(blocks: Iterable[Block], paths: Sequence[BBox]) -> list[Block]:
    """Table boxes with their rules: layout boxes hug the words."""
    return [replace(b, bbox=with_rules(b.bbox, paths)) if b.kind == "table" else b for b in blocks]


def _clean_figures(parts: PageParts, render: Image.Image, blocks: Sequence[Block]) -> list[Block]:
    """Merge fragments, part what captions part, drop what cannot be a figure, add photographs that layout missed."""
    raw = [b for b in blocks if b.kind == "figure"]
    others = [b for b in blocks if b.kind != "figure"]
    photos, lines, recognised = parts.photos, parts.lines, parts.recognised
    walls = [b.bbox for b in others if b.kind in ("heading", "caption", "title", "table") or len(b.text) > 120]
    captions = [b.bbox for b in others if caption_label(b.text)]
    merged = figures.merge_fragments([b.bbox for b in raw], photos, walls)
    boxes = [part for box in merged for part in figures.split_at_captions(box, captions)]
    tables = [b.bbox for b in others if b.kind == "table"]
    if photos or recognised:
        words = [line.bbox for line in lines]
        texture = figures.Texture(render, parts.width, parts.height)
        beside = [photo for photo in photos if not touches(photo, [*boxes, *tables])]
        boxes += [photo for photo in beside if texture.is_photo(photo, words)]
        if recognised or image_share(parts) > 0.5:
            boxes += texture.residual_photos([*boxes, *tables], words)
        scenic = not recognised  # the picture under a page that was read is the page itself
        boxes = [
            b for b in boxes if not _is_background(b, parts.frame, words) or (scenic and texture.is_photo(b, words))
        ]
    boxes = [box for box in boxes if figures.plausible(box) and not any(inside(box, t) > 0.8 for t in tables)]
    result: list[Block] = []
    placed: set[BBox] = set()
    for block in blocks:
        if block.kind != "figure":
            result.append(block)
            continue
        homes = [box for box in boxes if inside(block.bbox, box) > 0.9 or inside(box, block.bbox) > 0.9]
        if not homes and block.text:  # words mistaken for a picture
            result.append(replace(block, kind="text"))
        for home in homes:
            if home not in placed:
                placed.add(home)
                result.append(Block("figure", home, " ".join(x.text for x in lines if inside(x.bbox, home) > 0.5)))
    for box in boxes:
        if box not in placed:
            below = (i for i, b in enumerate(result) if b.bbox.y0 >= box.y0 and horizontal_overlap(b.bbox, box) > 0.2)
            result.insert(next(below, len(result)), Block("figure", box))
    return result


def touches(box: BBox, others: Sequence[BBox]) -> bool:
    """Whether one of the others is mostly the same place."""
    return any(inside(box, other) > 0.5 or inside(other, box) > 0.5 for other in others)


def _is_background(box: BBox, frame: BBox, words: Sequence[BBox]) -> bool:
    return inside(frame, box) > BACKGROUND_SHARE and any(inside(word, box) > 0.8 for word in words)


def _orphans(lines: Iterable[Line], boxes: Sequence[BBox]) -> list[Line]:
    """Lines that lie in no box: text the layout model overlooked."""
    return [line for line in lines if not any(inside(line.bbox, box) > 0.4 for box in boxes) and len(line.text) > 2]


def paragraphs(lines: Iterable[Line]) -> list[Block]:
    """Group lines that follow closely below each other."""
    groups: list[list[Line]] = []
    for line in lines:
        last = groups[-1][-1] if groups else None
        tall = line.bbox.y1 - line.bbox.y0
        if last and -tall < line.bbox.y0 - last.bbox.y1 < 0.8 * tall and horizontal_overlap(last.bbox, line.bbox) > 0.3:
            groups[-1].append(line)
        else:
            groups.append([line])
    return [
        Block("text", union([line.bbox for line in group]), join_lines(line.text for line in group)) for group in groups
    ]


def image_share(parts: PageParts) -> float:
    """The share of the page under its largest raster image plus the others that do not lie on it, 0–1."""
    boxes = sorted(parts.photos, key=area, reverse=True)
    covered = 0.0
    for i, box in enumerate(boxes):
        covered += area(box) - sum(area(intersection(box, other)) for other in boxes[:i])
    return max(0.0, min(1.0, covered / area(parts.frame)))
