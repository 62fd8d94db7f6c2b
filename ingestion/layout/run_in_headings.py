"""A heading that layout took into the text below it: the first line of a region, larger and bold. Pure.

Example: "Flow" in bold 15 points over "The speed is" in 11 points, one region to the layout model, are a heading and
a text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingestion.blocks import LayoutBox, Line
from ingestion.geometry import height, union

BOLD = re.compile(r"bold|black|heavy|cmbx|cmssbx|sfbx", re.IGNORECASE)
LARGER = 1.2  # times as high as each line below it
WORDS = 10  # of a heading, at most
OVERLAP = 2.0  # points by which boxes of two lines may overlap: an initial reaches further down


def heading_apart(box: LayoutBox, lines: Sequence[Line]) -> list[LayoutBox]:
    """A region of text as the heading in its first line and the text below; as it is where it has none.

    ``lines`` are those of the page that lie in the region.
    """
    ordered = sorted(lines, key=lambda line: line.bbox.y0)
    first, rest = ordered[0], ordered[1:]
    tall = max(map(height, (line.bbox for line in rest)), default=0.0)
    if (
        not rest
        or height(first.bbox) < LARGER * tall
        or any(line.bbox.y0 < first.bbox.y1 - OVERLAP or line.font == first.font or line.hidden for line in rest)
        or len(first.text.split()) > WORDS
        or not first.text[0].isupper()
        or not first.text[-1].isalpha()
        or not BOLD.search(first.font)
    ):
        return [box]
    heading = replace(box, label="section-header", bbox=first.bbox, lines=(first,))
    size = box.font_size * tall / height(first.bbox)
    return [heading, replace(box, bbox=union([line.bbox for line in rest]), lines=tuple(rest), font_size=size)]
