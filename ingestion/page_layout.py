"""The recipe for what stands on one page: from the layout model's regions to blocks in reading order.

The way of a page, step by step:

1. Each region becomes blocks of a kind (:mod:`~ingestion.layout.region_kinds`); a table region may hold several tables.
2. Tables reach to the rules drawn around them, and columns of aligned text turn out to be tables without rules, or
   between the rules of a scan.
3. Figures are found anew from the model's pictures, the page's raster images and its ink; captions drawn into them are
   freed; the words in a figure become its text.
4. Lines that no block says become paragraphs, so that no text is lost; columns are read one after the other; what the
   model split (listings, lists, headings) is joined.
5. Captions are linked; a numbered caption without a figure looks for one in drawn frames, then in the page's ink.
6. What only a caption can tell is corrected ("Figure 3" over a table: it is a chart), groups of figures and whole
   slides become figures of their own, and each figure's box grows to its caption.

Example: the regions ``picture``, ``text`` ("Figure 3: Drain pump"), ``text`` of a two-column page become a figure with
the caption "Figure 3: Drain pump", that caption, and a paragraph.
"""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image

from ingestion.blocks import Block, RawPage
from ingestion.captions.composites import add_composites, grow_to_captions
from ingestion.captions.finding import free_captions
from ingestion.captions.frames import add_framed_regions
from ingestion.captions.linking import link_captions
from ingestion.layout.bullets import with_bullets
from ingestion.layout.code_listings import merge_listings
from ingestion.layout.figure_blocks import find_figures, missed_figures, read_figures
from ingestion.layout.heading_scope import mark_heading_frames
from ingestion.layout.headings import join_headings
from ingestion.layout.lists import merge_lists
from ingestion.layout.marks import with_marks
from ingestion.layout.paragraphs import add_lost_text
from ingestion.layout.reading_order import order_columns
from ingestion.layout.region_kinds import columns_as_beside, grow_tables, parts_of, region_blocks, without_repeated
from ingestion.layout.terms import join_terms
from ingestion.tables.borderless import add_borderless_tables
from ingestion.tables.regions import reconsider_table
from ingestion.tables.ruled import add_ruled_tables


def blocks_of(page: RawPage, render: Image.Image) -> list[Block]:
    """The blocks of a page in reading order, figures and tables with their captions.

    ``render`` shows the whole page (RGB) at any scale. Boxes are in points of the page as given.
    """
    page = with_marks(with_bullets(page))
    boxes = [part for box in without_repeated(page.boxes, page.lines) for part in parts_of(box, page)]
    boxes = [part for box in boxes for part in columns_as_beside(box, boxes, page)]
    blocks = [block for box in boxes for block in region_blocks(box, page)]
    blocks = grow_tables(blocks, page)
    blocks = add_ruled_tables(blocks, page.lines, page.rules)
    blocks = add_borderless_tables(blocks, page.lines)
    blocks = find_figures(blocks, page, render)
    blocks = free_captions(blocks, page.lines)
    blocks = read_figures(blocks, page)
    blocks = add_lost_text(blocks, page.lines, page.frame)
    blocks = order_columns(blocks, page.frame, page.paths)
    blocks = merge_listings(blocks)
    blocks = merge_lists(join_terms(blocks))
    blocks = join_headings(blocks)
    blocks = _with_captions(blocks, page, render)
    blocks = [reconsider_table(block, page.lines, page.paths) for block in blocks]
    blocks = add_composites(blocks, page.frame)
    blocks = grow_to_captions(blocks)
    return mark_heading_frames(blocks, page.paths, page.frame)


def _with_captions(blocks: Sequence[Block], page: RawPage, render: Image.Image) -> list[Block]:
    """Figures and tables with their captions; captions left alone make the page be searched again, for frames and ink.

    Linking starts anew after each find: a new figure may take a caption that was linked to a worse one.
    """
    linked = link_captions(blocks, page.frame)
    framed = add_framed_regions(blocks, linked, page.paths, page.frame)
    if framed is not None:
        blocks, linked = framed, link_captions(framed, page.frame)
    missed = missed_figures(linked, page, render)
    return link_captions(read_figures([*blocks, *missed], page), page.frame) if missed else linked
