"""Reading what a page shows but does not hold as text: which parts of it are read by OCR, and how that is laid in.

Enters: a page and its render. Leaves: the page with recognised lines under it, turned upright where it was scanned
sideways. Must not know: layout, figures, files.

A whole page is read where it has hardly any text, or where most of its text is garbage. Otherwise only the regions are
read whose text is garbage, and large pictures that turn out to hold prose. Text that only looks odd (codes, names, an
OCR layer of a scanner) is kept if reading the region says the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from PIL import Image, ImageDraw

from ingestion import figures, legible, ocr
from ingestion.elements import BBox, PageProblem
from ingestion.errors import IngestionError
from ingestion.geometry import area, from_pixels, gap, height, inside, pad, to_pixels, turned_back, union, width
from ingestion.lines import Line
from ingestion.ocr_order import reading_order
from ingestion.pdfpage import PdfPage

OcrMode = Literal["auto", "off", "always"]

FEW_CHARACTERS = 100  # a page with fewer native characters is read by OCR if it shows anything else
WHOLE_SHARE = 0.6  # of a page's characters that are garbage: the whole page is read
MOST_REGIONS = 8  # of garbage on a page; the whole page is read where there are more
REGION_GAP = 14.0  # points between lines of one region
REGION_PAD = 3.0  # points around a region that is read
UPRIGHT_SCORE = 0.8  # mean confidence of lines that stand upright; upside down it is 0.65, with half of them lost
SIDEWAYS_SHARE = 0.6  # of the characters in lines higher than wide
SCAN_SHARE = 0.15  # of the page: a picture so large may be scanned text
PROSE_WORDS, PROSE_LINES, PROSE_SHARE = 5, 4, 0.6  # words of a line of prose, such lines, their share of all words


class Reading(NamedTuple):
    """What was read. ``whole``: the page; ``scans``: pictures that are nothing but text, which is laid in now.

    ``render`` is the page's picture, upright like the page.
    """

    render: Image.Image
    whole: bool = False
    scans: tuple[BBox, ...] = ()


def recognise_page(page: PdfPage, render: Image.Image, mode: OcrMode, problems: list[PageProblem]) -> Reading:
    """Read what the page shows and its text does not say; the lines are laid under it invisibly."""
    if mode == "off" or figures.is_blank(render, figures.PAGE_INK):
        return Reading(render)
    native = page.lines()
    garbage = legible.garbage(native)
    count, bad = _characters(native), _characters(garbage)
    regions = _regions(garbage)
    sparse = count < FEW_CHARACTERS and not _all_is_text(render, page, native)
    if mode == "always" or sparse or bad > WHOLE_SHARE * count or len(regions) > MOST_REGIONS:
        return _read_page(page, render, native, garbage, mode, problems)
    for region in regions:
        _reread(page, render, region, problems)
    return Reading(render, scans=_read_scans(page, render, problems))


def recognise_picture(picture: Image.Image, box: BBox, number: int, problems: list[PageProblem]) -> list[Line]:
    """The lines in a picture that shows ``box`` of page ``number``."""
    return _placed(_read(picture, number, problems), picture, box)


def _read_page(
    page: PdfPage,
    render: Image.Image,
    native: Sequence[Line],
    garbage: Sequence[Line],
    mode: OcrMode,
    problems: list[PageProblem],
) -> Reading:
    found = _read(render, page.number, problems)
    quarters = _quarters_to_upright(found)
    if quarters:
        turned = render.rotate(-90 * quarters, expand=True)
        again = _turned_left(found, render.width) if quarters == 3 else _read(turned, page.number, problems)
        if quarters == 3 or _score(again) > max(UPRIGHT_SCORE, _score(found)):
            page.turn(quarters)
            render, found = turned, again
    lines = _placed(found, render, page.frame)
    if not lines or (mode != "always" and garbage and not legible.is_better(lines, garbage)):
        return Reading(render)
    if mode == "always" or _characters(garbage) > WHOLE_SHARE * _characters(native):
        page.drop_text()
        page.hide_text(lines)
        return Reading(render, whole=True)
    page.drop_text([line.bbox for line in garbage])
    page.hide_text(_without_known(lines, [line for line in native if line not in garbage]))
    return Reading(render, whole=not garbage)


def _reread(page: PdfPage, render: Image.Image, region: BBox, problems: list[PageProblem]) -> None:
    """Replace the text of a region by what it shows."""
    native = [line for line in page.lines() if inside(line.bbox, region) > 0.5]
    lines = _read_region(page, render, pad(region, REGION_PAD, page.width, page.height), problems)
    if legible.is_better(lines, native):
        page.drop_text([line.bbox for line in native])
        page.hide_text(lines)


def _read_scans(page: PdfPage, render: Image.Image, problems: list[PageProblem]) -> tuple[BBox, ...]:
    """Lay in the prose of large pictures on which no text lies."""
    scans = []
    lines = page.lines()
    for box in page.images:
        if area(box) < SCAN_SHARE * page.width * page.height or any(inside(x.bbox, box) > 0.5 for x in lines):
            continue
        if figures.is_blank(figures.crop(render, box, page.width, page.height)):
            continue
        found = _read_region(page, render, box, problems)
        if _is_prose(found):
            page.hide_text(found)
            scans.append(box)
    return tuple(scans)


def _read_region(page: PdfPage, render: Image.Image, box: BBox, problems: list[PageProblem]) -> list[Line]:
    part = to_pixels(box, render.width / page.width, render.height / page.height)
    return _placed(_read(render.crop(part), page.number, problems), render.crop(part), box)


def _read(picture: Image.Image, number: int, problems: list[PageProblem]) -> list[ocr.OcrLine]:
    try:
        return ocr.read(picture)
    except IngestionError as exc:
        problems.append(PageProblem(number, "ocr", str(exc)))
        return []


def _placed(found: Iterable[ocr.OcrLine], picture: Image.Image, place: BBox) -> list[Line]:
    """Lines read in the picture of ``place``, in points of the page."""
    scale_x, scale_y = picture.width / width(place), picture.height / height(place)
    boxes = ((line.text, from_pixels(line.bbox, scale_x, scale_y)) for line in found)
    x, y = place.x0, place.y0
    return [Line(text, BBox(b.x0 + x, b.y0 + y, b.x1 + x, b.y1 + y)) for text, b in boxes]


def _quarters_to_upright(found: Sequence[ocr.OcrLine]) -> int:
    """By how many quarters clockwise to turn a scan. The engine turns a line that is higher than wide to the left
    before it reads it, so one that it can read runs downwards."""
    total = sum(len(line.text) for line in found)
    tall = sum(len(line.text) for line in found if height(line.bbox) > width(line.bbox))
    readable = _score(found) >= UPRIGHT_SCORE
    if total and tall >= SIDEWAYS_SHARE * total:
        return 3 if readable else 1
    return 0 if readable or not total else 2


def _turned_left(found: Iterable[ocr.OcrLine], picture_width: float) -> list[ocr.OcrLine]:
    """What was read in a picture, as if the picture had been turned to the left before."""
    boxes = ((line, turned_back(line.bbox, 1, picture_width, 0)) for line in found)
    return reading_order([line._replace(bbox=box) for line, box in boxes])


def _score(found: Sequence[ocr.OcrLine]) -> float:
    """Mean confidence of the characters."""
    total = sum(len(line.text) for line in found)
    return sum(line.score * len(line.text) for line in found) / total if total else 0.0


def _without_known(lines: Iterable[Line], native: Sequence[Line]) -> list[Line]:
    """Recognised lines that no native line already covers."""
    return [
        line
        for line in lines
        if not any(inside(line.bbox, n.bbox) > 0.5 or inside(n.bbox, line.bbox) > 0.7 for n in native)
    ]


def _regions(lines: Iterable[Line]) -> list[BBox]:
    """The places of lines, those near each other as one."""
    regions: list[BBox] = []
    for line in lines:
        box = line.bbox
        near = [region for region in regions if gap(region, box) <= REGION_GAP]
        regions = [region for region in regions if region not in near] + [union([box, *near])]
    return regions


def _all_is_text(render: Image.Image, page: PdfPage, lines: Iterable[Line]) -> bool:
    """Whether nothing is to be seen beside the native text: then there is nothing more to read."""
    rest = render.copy()
    pen = ImageDraw.Draw(rest)
    paper = rest.getpixel((0, 0))
    for line in lines:
        box = pad(line.bbox, REGION_PAD, page.width, page.height)
        pen.rectangle(to_pixels(box, render.width / page.width, render.height / page.height), fill=paper)
    return figures.is_blank(rest, figures.PAGE_INK)


def _is_prose(lines: Sequence[Line]) -> bool:
    """Whether text runs on over several lines: a scanned paragraph, not labels."""
    counts = [max(len(line.text.split()), len(line.text) // 12) for line in lines]
    long = [count for count in counts if count >= PROSE_WORDS]
    return len(long) >= PROSE_LINES and sum(long) >= PROSE_SHARE * sum(counts)


def _characters(lines: Iterable[Line]) -> int:
    return sum(len("".join(line.text.split())) for line in lines)
