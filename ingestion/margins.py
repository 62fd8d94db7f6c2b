"""Running headers, footers and page numbers that layout took for text: what recurs in the margin. Pure.

Enters: the blocks of all pages. Leaves: which of them are furniture. Must not know: PDF, pictures, chunks.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from ingestion.elements import Page
from ingestion.folios import in_margin
from ingestion.layout import Block

SHIFT = 8.0  # points by which the same line may stand higher or lower
PAGES = 3  # with the same line in the same place
HEADING_SHARE = 0.5  # of the pages: a heading that recurs on fewer is one, as on slides of one chapter
LENGTH = 150  # characters of a running line
COUNTED = re.compile(r"\d+|\b[ivxlc]+\b", re.IGNORECASE)


class Place(NamedTuple):
    """A block's place in the document: index of the page, and of the block on it."""

    page: int
    block: int


def recurring(pages: Sequence[tuple[Page, Sequence[Block]]]) -> set[Place]:
    """Texts in the margins that stand on several pages at the same height, numbers in them aside."""
    groups: dict[tuple[str, bool], list[tuple[Place, float]]] = defaultdict(list)
    for i, (page, blocks) in enumerate(pages):
        for j, block in enumerate(blocks):
            if block.kind in ("text", "list", "heading", "title") and _in_margin(page, block):
                heading = block.kind in ("heading", "title")
                key = block.text.lower() if heading else COUNTED.sub("#", block.text.lower())
                groups[key, heading].append((Place(i, j), block.bbox.y0))
    found: set[Place] = set()
    for (_, heading), places in groups.items():
        least = max(PAGES, HEADING_SHARE * len(pages)) if heading else PAGES
        for place, y in places:
            if len({other.page for other, v in places if abs(v - y) <= SHIFT}) >= least:
                found.add(place)
    return found


def _in_margin(page: Page, block: Block) -> bool:
    return 0 < len(block.text) <= LENGTH and in_margin(block.bbox, page.height)
