"""From what a page holds to its blocks: real figures, whole tables, linked captions, in reading order.

Enters: :class:`PageParts` (layout boxes, lines, pictures, paths) and the page's render. Leaves: :class:`Block` values.
Must not know: PDF, files, OCR.
"""

from __future__ import annotations

from PIL import Image

from ingestion.blocks import Block, PageParts
from ingestion.captions.composites import with_composites, with_titles
from ingestion.captions.frames import add_framed
from ingestion.captions.linking import free_captions, link_captions
from ingestion.layout.code_listings import merge_code
from ingestion.layout.figure_blocks import figure_boxes, is_words_alone, missed_figures, place_figures, read_figures
from ingestion.layout.headings import join_headings
from ingestion.layout.lists import merge_lists
from ingestion.layout.paragraphs import with_lines
from ingestion.layout.reading_order import in_columns, with_frames
from ingestion.layout.region_kinds import grow_tables, region_blocks
from ingestion.tables.borderless import with_aligned
from ingestion.tables.regions import settled


def blocks_of(parts: PageParts, render: Image.Image) -> list[Block]:
    """Layout boxes as linked blocks in reading order."""
    blocks = grow_tables([block for box in parts.boxes for block in region_blocks(box, parts)], parts)
    blocks = with_aligned(blocks, parts.lines)
    blocks = [block for block in blocks if block.kind != "figure" or not is_words_alone(block.bbox, parts)]
    blocks = free_captions(place_figures(blocks, figure_boxes(parts, render, blocks)), parts.lines)
    blocks = in_columns(with_lines(read_figures(blocks, parts), parts.lines, parts.frame), parts.frame)
    blocks = join_headings(merge_lists(merge_code(blocks)))
    linked = link_captions(blocks, parts.frame)
    framed = add_framed(blocks, linked, parts.paths, parts.frame)
    if framed is not None:
        blocks, linked = framed, link_captions(framed, parts.frame)
    missed = missed_figures(parts, render, linked)
    if missed:
        linked = link_captions(read_figures([*blocks, *missed], parts), parts.frame)
    linked = [settled(block, parts.lines, parts.paths) for block in linked]
    return with_frames(with_titles(with_composites(linked, parts.frame)), parts.paths, parts.frame)
