"""From what a page holds to its blocks: real figures, whole tables, linked captions, in reading order.

Enters: :class:`RawPage` (layout boxes, lines, pictures, paths) and the page's render. Leaves: :class:`Block` values.
Must not know: PDF, files, OCR.
"""

from __future__ import annotations

from PIL import Image

from ingestion.blocks import Block, RawPage
from ingestion.captions.composites import add_composites, grow_to_captions
from ingestion.captions.frames import add_framed_regions
from ingestion.captions.linking import free_captions, link_captions
from ingestion.layout.code_listings import merge_listings
from ingestion.layout.figure_blocks import figure_boxes, is_words_alone, missed_figures, place_figures, read_figures
from ingestion.layout.headings import join_headings
from ingestion.layout.lists import merge_lists
from ingestion.layout.paragraphs import add_lost_text
from ingestion.layout.reading_order import mark_heading_frames, order_columns
from ingestion.layout.region_kinds import grow_tables, region_blocks
from ingestion.tables.borderless import add_borderless_tables
from ingestion.tables.regions import reconsider_table


def blocks_of(parts: RawPage, render: Image.Image) -> list[Block]:
    """Layout boxes as linked blocks in reading order."""
    blocks = grow_tables([block for box in parts.boxes for block in region_blocks(box, parts)], parts)
    blocks = add_borderless_tables(blocks, parts.lines)
    blocks = [block for block in blocks if block.kind != "figure" or not is_words_alone(block.bbox, parts)]
    blocks = free_captions(place_figures(blocks, figure_boxes(parts, render, blocks)), parts.lines)
    blocks = order_columns(add_lost_text(read_figures(blocks, parts), parts.lines, parts.frame), parts.frame)
    blocks = join_headings(merge_lists(merge_listings(blocks)))
    linked = link_captions(blocks, parts.frame)
    framed = add_framed_regions(blocks, linked, parts.paths, parts.frame)
    if framed is not None:
        blocks, linked = framed, link_captions(framed, parts.frame)
    missed = missed_figures(parts, render, linked)
    if missed:
        linked = link_captions(read_figures([*blocks, *missed], parts), parts.frame)
    linked = [reconsider_table(block, parts.lines, parts.paths) for block in linked]
    return mark_heading_frames(grow_to_captions(add_composites(linked, parts.frame)), parts.paths, parts.frame)
