"""Reading what a page shows but does not hold as text: which pages and pictures are read by OCR, and how it is laid in.

Enters: a page and its render. Leaves: lines with their boxes in points. Must not know: layout, figures, files.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from PIL import Image

from ingestion import figures, ocr
from ingestion.elements import BBox, PageProblem
from ingestion.errors import IngestionError
from ingestion.geometry import from_pixels, height, inside, width
from ingestion.pdf import Line, PdfPage

OcrMode = Literal["auto", "off", "always"]

FEW_CHARACTERS = 100  # a page with fewer native characters is read by OCR
GARBAGE_SHARE = 0.2  # of characters without meaning: the page's encoding is broken
MIN_SCORE = 0.5  # of a recognised line


def recognise_page(page: PdfPage, render: Image.Image, mode: OcrMode, problems: list[PageProblem]) -> bool:
    """OCR the whole page where its native text is missing or garbage; the lines are laid under it invisibly."""
    text = page.text()
    if mode == "off" or figures.is_blank(render, figures.PAGE_INK):
        return False
    garbage = _is_garbage(text)
    if not (garbage or mode == "always" or len("".join(text.split())) < FEW_CHARACTERS):
        return False
    lines = _read_lines(render, page, problems)
    if not lines and not garbage:
        return False
    if garbage or mode == "always":
        page.drop_text()
    page.hide_text(_without_known(lines, [] if garbage else page.lines()))
    return True


def recognise_picture(picture: Image.Image, box: BBox, number: int, problems: list[PageProblem]) -> list[Line]:
    """The lines in a picture that shows ``box`` of page ``number``."""
    scale_x, scale_y = picture.width / width(box), picture.height / height(box)
    found = [(r.text, from_pixels(r.bbox, scale_x, scale_y)) for r in _recognised_lines(picture, number, problems)]
    return [Line(text, BBox(b.x0 + box.x0, b.y0 + box.y0, b.x1 + box.x0, b.y1 + box.y0)) for text, b in found]


def _recognised_lines(picture: Image.Image, number: int, problems: list[PageProblem]) -> list[ocr.OcrLine]:
    try:
        return [line for line in ocr.read(picture) if line.score >= MIN_SCORE and line.text.strip()]
    except IngestionError as exc:
        problems.append(PageProblem(number, "ocr", str(exc)))
        return []


def _read_lines(render: Image.Image, page: PdfPage, problems: list[PageProblem]) -> list[Line]:
    scale_x, scale_y = render.width / page.width, render.height / page.height
    return [
        Line(r.text, from_pixels(r.bbox, scale_x, scale_y)) for r in _recognised_lines(render, page.number, problems)
    ]


def _without_known(lines: Iterable[Line], native: Sequence[Line]) -> list[Line]:
    """Recognised lines that no native line already covers."""
    return [
        line
        for line in lines
        if not any(inside(line.bbox, n.bbox) > 0.5 or inside(n.bbox, line.bbox) > 0.7 for n in native)
    ]


def _is_garbage(text: str) -> bool:
    """Broken encodings give replacement characters, private-use glyphs, control codes or "(cid:12)"."""
    letters = [c for c in text if not c.isspace()]
    if len(letters) < FEW_CHARACTERS:
        return False
    bad = sum(c == "\ufffd" or "\ue000" <= c <= "\uf8ff" or ord(c) < 32 for c in letters)
    return (bad + 6 * text.count("(cid:")) / len(letters) > GARBAGE_SHARE
