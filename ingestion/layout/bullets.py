"""Signs that a page's lists begin with, as bullets, whatever they are called: a dot may be said as "⌘". Pure.

Fonts of signs are cut down to what a document uses, and makers put a dot at the code of another sign. What begins
several lines at one edge marks items, whatever it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from ingestion.blocks import Line, RawPage

FEWEST = 3  # lines of a page that a sign begins at one edge
EDGE_SHIFT = 2.0  # points between the left edges of such lines, at most
BULLET = "•"
_OPENING = re.compile(r"([^\w\s])(?=\s+\S|\s*$)")
_SAYS_SOMETHING = frozenset("←↑→↓↔⇐⇒⇨➔➜➢☐☑☒✓✔✗✘☎✉⚠☞☛☝✎✂★☆ℹ©®™")


def with_bullets(page: RawPage) -> RawPage:
    """The page with such signs as :data:`BULLET` at the beginnings of its lines; itself where it has none."""
    signs = _bullets(page.lines)
    if not signs:
        return page
    boxes = tuple(replace(box, lines=tuple(_marked(line, signs) for line in box.lines)) for box in page.boxes)
    return replace(page, boxes=boxes, lines=tuple(_marked(line, signs) for line in page.lines))


def _bullets(lines: Sequence[Line]) -> frozenset[str]:
    edges: defaultdict[str, list[float]] = defaultdict(list)
    for line in lines:
        sign = _sign(line)
        if sign:
            edges[sign].append(line.bbox.x0)
    return frozenset(
        sign
        for sign, found in edges.items()
        if any(sum(abs(edge - other) <= EDGE_SHIFT for other in found) >= FEWEST for edge in found)
    )


def _sign(line: Line) -> str:
    """The picture-like sign that a line begins with, or is; nothing where it is a bullet, or tells something."""
    opening = _OPENING.match(line.text)
    sign = opening[1] if opening else ""
    return sign if sign and unicodedata.category(sign) == "So" and sign not in _SAYS_SOMETHING else ""


def _marked(line: Line, signs: frozenset[str]) -> Line:
    return replace(line, text=BULLET + line.text[1:]) if _sign(line) in signs else line
