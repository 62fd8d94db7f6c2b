"""Which pictures go to a model with the evidence, and how: figures and tables first, small print as tiles.

A large drawing that is scaled to what a model takes loses its small print. Where its lines become lower than
:data:`READABLE_LINE`, parts of it follow the whole: the whole shows where things are, the parts can be read.

    [3]           the whole drawing, scaled
    [3] part 1    its left half, and so on
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import NamedTuple

from PIL import Image

from ingestion.elements import BBox, lines_file
from ingestion.geometry import MOSTLY_INSIDE, height, inside, width
from rag.answering.evidence.gathering import crop_image
from rag.storage.files.document_files import lines_at
from rag.text.passages import content_terms
from rag.types import Evidence

READABLE_LINE = 12.0
"""Pixels from one edge of a line of text to the other (ascenders and descenders) from which it is read safely. Measured
with the reader of scans on 8 pages scaled down (2026-11-29): see docs/log/2026-11.md."""

SMALL_PRINT = 0.25
"""Share of the lines that may be smaller than what counts as the print of a picture."""

LEAST_GAIN = 1.2
"""How much larger a part must show the print than the whole does to be worth its place."""

OVERLAP = 0.06
"""Share of a part's side that it has in common with the next one, so that a line cut by one is whole in the other."""

SHARE_OF_PARTS = 0.5
"""Of the pictures that may be sent, those that may be parts: the others show further evidence."""

LEAST_OF_PARTS = 2
"""Parts below which there are none: one part alone leaves out most."""

_Line = tuple[str, BBox]


class CutOut(NamedTuple):
    """A picture of a piece of evidence; ``part`` counts from 1, 0 is the whole."""

    image: Image.Image
    part: int = 0


def cut_outs(evidence: Sequence[Evidence], most: int, side: int, question: str = "") -> dict[int, tuple[CutOut, ...]]:
    """For the numbers of pieces their pictures, ``most`` in all, to be sent with no side longer than ``side`` pixels.

    What the uploaded picture shows comes first, then figures and tables, then pages, each by rank; passages have none.
    Of a piece with small print, parts follow the whole: where not all fit, those with most words of the question.
    """
    found: dict[int, tuple[CutOut, ...]] = {}
    wanted = frozenset(content_terms(question))
    left, parts_left = most, int(most * SHARE_OF_PARTS)
    for piece in sorted((e for e in evidence if e.chunk.kind != "text"), key=_order):
        if left <= 0:
            break
        whole = crop_image(piece)
        if whole is None:
            continue
        parts = _parts(piece, whole, side, wanted, min(parts_left, left - 1))
        left, parts_left = left - 1 - len(parts), parts_left - len(parts)
        found[piece.number] = (CutOut(whole), *(CutOut(part, i) for i, part in enumerate(parts, 1)))
    return found


def _order(piece: Evidence) -> tuple[bool, bool, int]:
    return not piece.pictured, piece.chunk.kind == "page", piece.number


def _parts(piece: Evidence, whole: Image.Image, side: int, wanted: Collection[str], most: int) -> list[Image.Image]:
    """Parts of a picture in reading order; none where its print is readable as a whole, or would not be in parts."""
    lines = _lines(piece) if most >= LEAST_OF_PARTS and max(whole.size) > side else []
    if not lines:
        return []
    box = piece.chunk.bbox
    pixels = whole.width / width(box)  # for each point
    print_height = _print_height(lines) * pixels
    shown = print_height * side / max(whole.size)
    scale = min(1.0, READABLE_LINE / print_height)
    if shown >= READABLE_LINE or scale * print_height < LEAST_GAIN * shown:
        return []
    places = _grid(whole.size, side / scale)
    if len(places) > most:
        worth = [_worth(place, lines, box, pixels, wanted) for place in places]
        best = sorted(range(len(places)), key=lambda i: (worth[i], -i), reverse=True)[:most]
        places = [places[i] for i in sorted(best)]
    return [whole.crop(place) for place in places]


def _lines(piece: Evidence) -> list[_Line]:
    """The lines of text in a piece's box; they lie beside the picture of the page."""
    if piece.page_image is None or width(piece.chunk.bbox) <= 0:
        return []
    lines = lines_at(piece.page_image.parent.parent / lines_file(piece.chunk.page))
    return [(text, box) for text, box in lines if inside(box, piece.chunk.bbox) > MOSTLY_INSIDE]


def _print_height(lines: Sequence[_Line]) -> float:
    """The height in points of the smaller print; that of an upright line, whichever way it runs."""
    heights = sorted(min(height(box), width(box)) for _, box in lines)
    return max(0.1, heights[int(len(heights) * SMALL_PRINT)])


def _grid(size: tuple[int, int], longest: float) -> list[tuple[int, int, int, int]]:
    """Boxes in pixels, in rows, that cover a picture with some overlap, none of them longer than ``longest``."""
    columns, rows = (_spans(length, longest) for length in size)
    return [(x0, y0, x1, y1) for y0, y1 in rows for x0, x1 in columns]


def _spans(length: int, longest: float) -> list[tuple[int, int]]:
    if length <= longest:
        return [(0, length)]
    step = longest * (1 - OVERLAP)
    count = 1 + math.ceil((length - longest) / step)
    starts = [round(i * (length - longest) / (count - 1)) for i in range(count)]
    return [(start, min(length, start + round(longest))) for start in starts]


def _worth(
    place: tuple[int, int, int, int], lines: Sequence[_Line], box: BBox, pixels: float, wanted: Collection[str]
) -> tuple[int, int]:
    """How much of the question stands in a part, and how many lines."""
    x0, y0, x1, y1 = (value / pixels for value in place)
    part = BBox(box.x0 + x0, box.y0 + y0, box.x0 + x1, box.y0 + y1)
    texts = [text for text, line in lines if inside(line, part) > MOSTLY_INSIDE]
    said = {term for text in texts for term in content_terms(text)}
    return sum(len(term) for term in said.intersection(wanted)), len(texts)
