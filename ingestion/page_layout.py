"""From what a page holds to its blocks: real figures, whole tables, linked captions, in reading order.

Enters: :class:`PageParts` (layout boxes, lines, pictures, paths) and the page's render. Leaves: :class:`Block` values.
Must not know: PDF, files, OCR.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from PIL import Image

from ingestion.blocks import FURNITURE, KINDS, Block, LayoutBox, Line
from ingestion.captions.composites import with_composites, with_titles
from ingestion.captions.frames import add_framed
from ingestion.captions.linking import free_captions, link_captions
from ingestion.elements import BBox
from ingestion.figures import detection
from ingestion.figures.segmentation import part_at_gutters, visual_regions
from ingestion.geometry import (
    area,
    gap,
    height,
    horizontal_overlap,
    inside,
    intersection,
    outermost,
    union,
    vertical_overlap,
)
from ingestion.layout.accounting import Said, unsaid
from ingestion.layout.headings import join_headings
from ingestion.layout.inner_text import fold_inner_text, is_scene, merge_code, merge_lists
from ingestion.layout.reading_order import in_columns, insert, with_frames
from ingestion.tables.borderless import with_aligned
from ingestion.tables.regions import settled, table_blocks, with_rules
from ingestion.text.caption_labels import caption_label
from ingestion.text.cleaning import join_lines
from ingestion.text.text_layer import NAME as LAYER

BACKGROUND_SHARE = 0.9  # a picture under so much of a page, with words on it, is a background unless a photograph
CAPTION_REACH = 30.0  # points from a caption without a figure to what it names
SCANNED_SHARE = 0.5  # of the page under pictures: what it shows is in its pixels
LABEL_WORDS = 5  # a text of so few words may be a label within a chart
SCENE_LABELS = 12  # texts so short, more of which make a page-wide picture a map or a drawing
ROOM = (0.12, 0.06)  # of a recognised line's height, above and below it, where its ink may reach
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
    blocks = _whole_tables([block for box in parts.boxes for block in _blocks(box, parts)], parts)
    blocks = with_aligned(blocks, parts.lines)
    blocks = [block for block in blocks if block.kind != "figure" or not _is_words_alone(block.bbox, parts)]
    blocks = free_captions(_with_figures(blocks, _figure_boxes(parts, render, blocks)), parts.lines)
    blocks = in_columns(with_lines(_read_figures(blocks, parts), parts.lines, parts.frame), parts.frame)
    blocks = join_headings(merge_lists(merge_code(blocks)))
    linked = link_captions(blocks, parts.frame)
    framed = add_framed(blocks, linked, parts.paths, parts.frame)
    if framed is not None:
        blocks, linked = framed, link_captions(framed, parts.frame)
    missed = _missed_figures(parts, render, linked)
    if missed:
        linked = link_captions(_read_figures([*blocks, *missed], parts), parts.frame)
    linked = [settled(block, parts.lines, parts.paths) for block in linked]
    return with_frames(with_titles(with_composites(linked, parts.frame)), parts.paths, parts.frame)


def _blocks(box: LayoutBox, parts: PageParts) -> list[Block]:
    if box.label == "table":
        return table_blocks(box, parts.paths, parts.lines)
    if box.label == "code":
        return [Block("text", _around_lines(box), "\n".join(line.text for line in box.lines), code=True)]
    text = join_lines(line.text for line in box.lines)
    if box.label == "picture":
        text = " ".join(line.text for line in box.lines)
    kind = KINDS.get(box.label, "text")
    place = box.bbox if kind in ("figure", "formula") else _around_lines(box)
    if kind not in ("figure", "formula") and _is_slanted(place, parts.lines):
        return [Block("text", place, text, furniture=True)]
    return [Block(kind, place, text, box.font_size, furniture=_is_running(box, parts))]


def _is_slanted(box: BBox, lines: Iterable[Line]) -> bool:
    """Whether what stands in a box is written aslant: a watermark, furniture where it repeats."""
    held = [line for line in lines if inside(line.bbox, box) > 0.5 or inside(box, line.bbox) > 0.5]
    return bool(held) and all(line.slanted for line in held)


def _around_lines(box: LayoutBox) -> BBox:
    """A text's region without what it holds beside its lines: layout's reach to the edge of the page at times."""
    if not box.lines:
        return box.bbox
    tight = intersection(union([line.bbox for line in box.lines]), box.bbox)
    return tight if area(tight) else box.bbox


def _whole_tables(blocks: Sequence[Block], parts: PageParts) -> list[Block]:
    """Table boxes with their rules: layout boxes hug the words. A frame is drawn around other texts, too: the table
    ends at those."""
    texts = [b.bbox for b in blocks if b.text and b.kind != "figure"]
    return [
        replace(b, bbox=_ended(with_rules(b.bbox, parts.paths, parts.lines), b.bbox, texts)) if b.kind == "table" else b
        for b in blocks
    ]


def _ended(grown: BBox, table: BBox, texts: Sequence[BBox]) -> BBox:
    """A table's box without what it grew over."""
    x0, y0, x1, y1 = grown
    for box in texts:
        if inside(box, grown) > 0.5 and inside(box, table) <= 0.5:
            y0 = max(y0, box.y1 + 1) if box.y1 <= table.y0 + 1 else y0
            y1 = min(y1, box.y0 - 1) if box.y0 >= table.y1 - 1 else y1
    return BBox(x0, min(y0, table.y0), x1, max(y1, table.y1))


def _is_words_alone(box: BBox, parts: PageParts) -> bool:
    """Whether a page-wide picture, or one with a watermark, is nothing but words: nothing is drawn in it."""
    if any(gap(box, drawn) == 0 for drawn in (*parts.photos, *parts.paths)):
        return False
    return is_scene(box, parts.frame) or any(line.slanted and inside(line.bbox, box) > 0.5 for line in parts.lines)


def _figure_boxes(parts: PageParts, render: Image.Image, blocks: Sequence[Block]) -> list[BBox]:
    """Layout's pictures with fragments merged and captions parting them, what it missed, and nothing that is none."""
    others = [b for b in blocks if b.kind != "figure"]
    walls = [b.bbox for b in others if b.kind in ("heading", "caption", "title", "table") or len(b.text) > 120]
    captions = [b.bbox for b in others if caption_label(b.text)]
    merged = detection.merge_fragments([b.bbox for b in blocks if b.kind == "figure"], parts.photos, walls)
    boxes = [part for box in merged for part in detection.split_at_captions(box, captions)]
    if boxes:
        boxes = part_at_gutters(render, parts.width, parts.height, boxes)
    tables = [b.bbox for b in others if b.kind == "table"]
    if parts.photos or parts.recognised:
        boxes = _with_seen(boxes, tables, parts, render)
    boxes = [box for box in boxes if not any(inside(box, table) > 0.8 for table in tables)]
    holders = [*tables, *(box for box in boxes if is_scene(box, parts.frame))]
    photos = [photo for photo in parts.photos if detection.plausible(photo)]
    in_them = [p for p in photos if any(inside(p, h) > 0.8 and area(p) < 0.5 * area(h) for h in holders)]
    return [*(box for box in boxes if detection.plausible(box)), *outermost(in_them)]


def _with_seen(boxes: Sequence[BBox], tables: Sequence[BBox], parts: PageParts, render: Image.Image) -> list[BBox]:
    """Add the photographs that layout missed; where the page is a picture, take what is seen in its pixels."""
    words = [inked(line) for line in parts.lines]
    texture = detection.Texture(render, parts.width, parts.height)
    beside = [photo for photo in parts.photos if not touches(photo, [*boxes, *tables])]
    found = [*boxes, *(photo for photo in beside if texture.is_photo(photo, words))]
    if parts.recognised or detection.covered(parts.photos, parts.frame) > SCANNED_SHARE:
        seen = visual_regions(render, parts.width, parts.height, words, labels_of(parts))
        seen = [box for box in seen if not any(inside(box, table) > 0.5 for table in tables)]
        found = [box for box in found if not _meets(box, seen)] + seen
        found += texture.residual_photos([*found, *tables], words)
    scenic = not parts.recognised  # the picture under a page that was read is the page itself
    return [b for b in found if not _is_background(b, parts.frame, words) or (scenic and texture.is_photo(b, words))]


def _with_figures(blocks: Sequence[Block], boxes: Sequence[BBox]) -> list[Block]:
    """Put the figures where layout had them in reading order, new ones before what stands below them."""
    result: list[Block] = []
    placed: set[BBox] = set()
    for block in blocks:
        if block.kind != "figure":
            result.append(block)
            continue
        homes = [box for box in boxes if inside(block.bbox, box) > 0.9 or inside(box, block.bbox) > 0.9]
        if not homes and block.text:  # words mistaken for a picture
            result.append(replace(block, kind="text"))
        result += [Block("figure", home) for home in homes if home not in placed]
        placed.update(homes)
    for box in boxes:
        if box not in placed:
            below = (i for i, b in enumerate(result) if b.bbox.y0 >= box.y0 and horizontal_overlap(b.bbox, box) > 0.2)
            result.insert(next(below, len(result)), Block("figure", box))
    return result


def _read_figures(blocks: Sequence[Block], parts: PageParts) -> list[Block]:
    """Give figures the words in them; blocks of these words go. A page-wide picture is a scene that text stands on."""
    kept = fold_inner_text(blocks, parts.frame)
    return [
        replace(b, text=join_lines(line.text for line in parts.lines if inside(line.bbox, b.bbox) > 0.5))
        if b.kind == "figure" and not is_scene(b.bbox, parts.frame)
        else b
        for b in kept
    ]


def _missed_figures(parts: PageParts, render: Image.Image, blocks: Sequence[Block]) -> list[Block]:
    """What stands at a numbered caption that has no figure: a listing in a frame, a drawing taken for text."""
    named = [b.caption for b in blocks if b.caption]
    lone = [b for b in blocks if b.kind == "caption" and not any(b.text in caption for caption in named)]
    alone = [b.bbox for b in lone if caption_label(b.text)]
    if not alone:
        return []
    held = [b.bbox for b in blocks if b.kind in ("figure", "table")]
    seen = visual_regions(render, parts.width, parts.height, [inked(line) for line in parts.lines], labels_of(parts))
    found = [box for box in seen if detection.plausible(box) and not _meets(box, held)]
    found = [box for box in found if any(gap(box, caption) <= CAPTION_REACH for caption in alone)]
    return [Block("figure", box) for box in found]


def inked(line: Line) -> BBox:
    """Where a line's ink may be: the box of a native one has room for accents, a recognised one's is cut close."""
    if line.font != LAYER:
        return line.bbox
    above, below = (share * height(line.bbox) for share in ROOM)
    return line.bbox._replace(y0=line.bbox.y0 - above, y1=line.bbox.y1 + below)


def touches(box: BBox, others: Sequence[BBox]) -> bool:
    """Whether one of the others is mostly the same place."""
    return any(inside(box, other) > 0.5 or inside(other, box) > 0.5 for other in others)


def _meets(box: BBox, others: Sequence[BBox]) -> bool:
    """Whether one of the others shares a third of its own or of the box's area."""
    return any(max(inside(box, other), inside(other, box)) > 1 / 3 for other in others)


def _is_background(box: BBox, frame: BBox, words: Sequence[BBox]) -> bool:
    return inside(frame, box) > BACKGROUND_SHARE and any(inside(word, box) > 0.8 for word in words)


def with_lines(blocks: Sequence[Block], lines: Iterable[Line], frame: BBox) -> list[Block]:
    """The blocks with a paragraph for what none of them says, each where a reader comes by it."""
    return insert(*said_by_all(blocks, lines, frame))


def said_by_all(blocks: Sequence[Block], lines: Iterable[Line], frame: BBox) -> tuple[list[Block], list[Block]]:
    """The blocks, and paragraphs of the lines that none of them says.

    A page-wide picture that bears many short texts, such as a map, takes those over; slanted ones are watermarks, which
    are furniture where they repeat.
    """
    missing = unsaid(lines, [Said(b.bbox, f"{b.text}\n{b.caption}") for b in blocks])
    late = [replace(b, furniture=True) for b in paragraphs(line for line in missing if line.slanted)]
    tables = [b.bbox for b in blocks if b.kind == "table"]
    held: dict[BBox | None, list[Line]] = {}
    for line in missing:
        if not line.slanted:
            home = next((table for table in tables if inside(line.bbox, table) > 0.5), None)
            held.setdefault(home, []).append(line)
    for home, own in held.items():
        late += paragraphs(own) if home is None else _rows(paragraphs(own))
    result = list(blocks)
    for i, scene in enumerate(result):
        if scene.kind == "figure" and is_scene(scene.bbox, frame):
            labels = [b for b in late if inside(b.bbox, scene.bbox) > 0.8 and len(b.text.split()) <= LABEL_WORDS]
            if len(labels) > SCENE_LABELS:
                late = [b for b in late if b not in labels]
                words = "\n".join(part for part in (scene.text, *(b.text for b in labels)) if part)
                result[i] = replace(scene, text=words)
    return result, late


def _rows(texts: Sequence[Block]) -> list[Block]:
    """Texts that stand in a table's row but in no cell, each row as one text."""
    rows: list[list[Block]] = []
    for text in sorted(texts, key=lambda b: b.bbox.y0):
        if rows and vertical_overlap(union(b.bbox for b in rows[-1]), text.bbox) > 0.5:
            rows[-1].append(text)
        else:
            rows.append([text])
    return [
        Block("text", union(b.bbox for b in row), " ".join(b.text for b in sorted(row, key=lambda b: b.bbox.x0)))
        for row in rows
    ]


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


def labels_of(parts: PageParts) -> list[BBox]:
    """Boxes of texts too short for a paragraph, headers and footers aside: what may name a part of a chart."""
    running = [box.bbox for box in parts.boxes if _is_running(box, parts)]
    lines = [line for line in parts.lines if not any(inside(line.bbox, box) > 0.5 for box in running)]
    return [p.bbox for p in paragraphs(lines) if len(p.text.split()) <= LABEL_WORDS]


def _is_running(box: LayoutBox, parts: PageParts) -> bool:
    """Whether layout calls a box a header or footer, and it stands where those do."""
    middle = (box.bbox.y0 + box.bbox.y1) / 2 / parts.height
    return box.label in FURNITURE and not MARGIN < middle < 1 - MARGIN
