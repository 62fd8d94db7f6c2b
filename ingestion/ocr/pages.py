"""Which parts of a page are read by OCR, and how what was read joins the page's own text.

A page is read as a whole where it has hardly any text, or where most of its text is garbage (a font with a wrong
character map says "7KH SXPS" for "The pump"). Otherwise only the regions with garbage are read, and large pictures that
turn out to hold prose. Recognised lines are laid under the page as invisible text, so that every later step sees them
as if they were native. A page that was scanned sideways or upside down is turned upright first.

Text that only looks odd (codes, names, the OCR layer of a scanner) stays, font by font, unless what was read says
something else, as fully, surely and in words. Chinese and Japanese text on a picture of the whole page never looks odd,
however badly it was read: some lines of it are always compared with what they show. Nothing of the page is changed
before that is decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from PIL import Image, ImageDraw

from ingestion.blocks import Line
from ingestion.elements import BBox, PageProblem
from ingestion.errors import IngestionError
from ingestion.figures.crops import PAGE_INK, crop, is_blank
from ingestion.geometry import (
    area,
    from_pixels,
    gap,
    height,
    inside,
    intersection,
    mostly_inside,
    pad,
    to_pixels,
    turned,
    union,
    vertical_overlap,
    width,
)
from ingestion.layout.lost_lines import share_said, words_of
from ingestion.ocr import engine
from ingestion.ocr.lines import OcrLine, reading_order, word_boxes
from ingestion.ocr.models import ANY, BUNDLED, OcrMode, Script, normal
from ingestion.ocr.outlines import outlined_words
from ingestion.pdf.page import PdfPage
from ingestion.text import legibility
from ingestion.text.cleaning import clean

FEW_CHARACTERS = 100  # a page with fewer native characters is read by OCR if it shows anything else
WHOLE_SHARE = 0.6  # of a page's characters that are garbage: the whole page is read
MOST_REGIONS = 8  # of garbage on a page; the whole page is read where there are more
REGION_GAP = 14.0  # points between lines of one region
OUTLINE_PAD = 6.0  # points around outlined words: parts of letters hang below their base line
REGION_PAD = 3.0  # points around a region that is read
UPRIGHT_SCORE = 0.8  # mean confidence of lines that stand upright; upside down it is 0.65, with half of them lost
SIDEWAYS_SHARE = 0.6  # of the characters in lines higher than wide
WORD = 3  # characters: a shorter line does not say which way it stands
LEAST_TOLD = 20  # characters in longer lines, for a page to be turned
REPLACED_SHARE = 0.5  # of a line's box under others: they stand in its place
NATIVE_SHARE = 0.7  # of a native line within a recognised word: it is that word
SAMPLE_OF = 6  # lines of a font, of which some are looked at before all are read
SAMPLE_LINES = 12  # of them at most are looked at …
SAMPLE_CHARACTERS = 40  # … until they have so many characters
LAYER_SHARE = 0.6  # of the page that a picture covers: text on it may have been read off it
PICTURE_SHARE = 0.4  # of a page of few words that is laid out: its pictures may be scans
SCAN_SHARE = 0.15  # of the page: a picture so large may be scanned text
PROSE_WORDS = 5  # that make a line a line of prose
PROSE_LINES = 4  # of prose that make a picture a scan of text
PROSE_LINE_SHARE = 0.3  # of a picture's lines
PROSE_SHARE = 0.6  # of all words of a picture that such lines must have


class PageRecognition(NamedTuple):
    """What OCR did on a page.

    ``render`` is the page's picture, upright like the page. ``whole``: most of its text was read. ``scans`` are the
    pictures that are nothing but text, which stands under the page now; ``labels`` were read in other pictures and do
    not. ``problems`` say which pictures could not be read.
    """

    render: Image.Image
    whole: bool = False
    scans: tuple[BBox, ...] = ()
    labels: tuple[Line, ...] = ()
    problems: tuple[PageProblem, ...] = ()


class PictureRecognition(NamedTuple):
    """The lines read in one picture, in points of the page, and why there are none where that failed."""

    lines: list[Line]
    problems: tuple[PageProblem, ...]


class _Recogniser:
    """The OCR engine for the pictures of one page; remembers in ``problems`` what it could not read."""

    def __init__(self, number: int, script: Script) -> None:
        self.problems: list[PageProblem] = []
        self._number, self._script = number, script

    @property
    def reads_ideographs(self) -> bool:
        """Whether its model is the one that reads Chinese and Japanese."""
        return normal(self._script.language) in BUNDLED

    def read(self, picture: Image.Image) -> list[OcrLine]:
        try:
            return engine.read(picture) if self._script == ANY else engine.read(picture, self._script)
        except IngestionError as exc:
            self.problems.append(PageProblem(self._number, "ocr", str(exc)))
            return []

    def read_line(self, picture: Image.Image) -> str:
        try:
            return engine.read_line(picture, self._script)
        except IngestionError as exc:
            self.problems.append(PageProblem(self._number, "ocr", str(exc)))
            return ""

    def read_region(self, page: PdfPage, render: Image.Image, box: BBox) -> list[Line]:
        picture = render.crop(to_pixels(box, render.width / page.width, render.height / page.height))
        return _placed(self.read(picture), picture, box)


class _UprightScan(NamedTuple):
    """A page's picture turned clockwise by ``quarters`` quarter turns, and the lines read in it."""

    render: Image.Image
    lines: list[OcrLine]
    quarters: int = 0


def recognise_page(
    page: PdfPage, render: Image.Image, mode: OcrMode, script: Script = ANY, written: bool = False
) -> PageRecognition:
    """Read what the page shows and its text does not say; the lines are laid under it invisibly.

    ``render`` shows the whole page in RGB, at any resolution. ``written``: the page was laid out of words, so that it
    is no scan, however few they are, unless pictures fill it. May turn the page.
    """
    if is_blank(render, PAGE_INK):
        return PageRecognition(render)
    if mode == "off":
        return PageRecognition(render, problems=_unread_outlines(page))
    recogniser = _Recogniser(page.number, script)
    found = _recognised(page, render, mode, recogniser, written and not _is_mostly_pictures(page))
    return found._replace(problems=tuple(recogniser.problems))


def recognise_picture(picture: Image.Image, box: BBox, number: int, script: Script = ANY) -> PictureRecognition:
    """The lines in a picture that shows ``box`` of page ``number``."""
    recogniser = _Recogniser(number, script)
    return PictureRecognition(_placed(recogniser.read(picture), picture, box), tuple(recogniser.problems))


def _is_mostly_pictures(page: PdfPage) -> bool:
    return sum(map(area, page.images)) >= PICTURE_SHARE * area(page.frame)


def _recognised(
    page: PdfPage, render: Image.Image, mode: OcrMode, recogniser: _Recogniser, written: bool
) -> PageRecognition:
    native = page.lines()
    garbage = legibility.garbage(native)
    if mode != "always":
        garbage = _unconfirmed(page, render, garbage, recogniser)
        if not garbage and _is_misread(page, render, native, recogniser):
            return _read_page(page, render, native, "always", False, recogniser)
    count, bad = _characters(native), _characters(garbage)
    regions = _regions(garbage)
    sparse = count < FEW_CHARACTERS and not (written and native) and not _all_is_text(render, page, native)
    if mode == "always" or sparse or bad > WHOLE_SHARE * count or len(regions) > MOST_REGIONS:
        return _read_page(page, render, garbage, mode, sparse, recogniser)
    read = [line for box in regions for line in recogniser.read_region(page, render, _padded(box, page))]
    dropped = _replaceable(read, garbage)
    if dropped:
        _replace(page, read, dropped)
    _read_outlines(page, render, recogniser)
    return _read_scans(page, render, recogniser)


def _unconfirmed(page: PdfPage, render: Image.Image, garbage: Sequence[Line], recogniser: _Recogniser) -> list[Line]:
    """Garbage without the fonts of which some lines turn out to say what they show: codes, tags, tables of letters."""
    left: list[Line] = []
    for group in legibility.by_font(garbage):
        sample = _sample(group)
        if len(group) < SAMPLE_OF or not sample or not _is_confirmed(page, render, sample, recogniser):
            left += group
    return left


def _is_misread(page: PdfPage, render: Image.Image, native: Sequence[Line], recogniser: _Recogniser) -> bool:
    """Whether Chinese or Japanese text on a picture of the whole page is not what the picture shows: the work of an
    engine that took Japanese for Chinese, say."""
    if not recogniser.reads_ideographs or not legibility.is_ideographic("".join(line.text for line in native)):
        return False
    if max(map(area, page.images), default=0.0) < LAYER_SHARE * area(page.frame):
        return False
    level = (line for line in native if not line.vertical and not line.quarters)
    sample = _sample([line for line in level if legibility.IDEOGRAPHS.search(line.text)])
    if _characters(sample) < SAMPLE_CHARACTERS:
        return False
    own = [line.text for line in sample]
    scale_x, scale_y = render.width / page.width, render.height / page.height
    strips = (render.crop(to_pixels(line.bbox, scale_x, scale_y)) for line in sample)
    if legibility.says_the_same([recogniser.read_line(strip) for strip in strips], own):
        return False
    read = _read_of(page, render, sample, recogniser)  # with the lines looked for: a bad layer's boxes are bad, too
    seen = [line.text for line in read]
    full = sum(map(len, seen)) >= legibility.FULL_SHARE * _characters(sample)
    return full and _score(read) >= legibility.SURE_SCORE and not legibility.says_the_same(seen, own)


def _sample(group: Sequence[Line]) -> list[Line]:
    """The longest lines of a font, enough of them to tell; none of those that cannot say anything."""
    chosen: list[Line] = []
    for line in sorted(group, key=lambda line: len(line.text), reverse=True)[:SAMPLE_LINES]:
        if not legibility.is_meaningless(line.text) and _characters(chosen) < SAMPLE_CHARACTERS:
            chosen.append(line)
    return chosen


def _is_confirmed(page: PdfPage, render: Image.Image, sample: Sequence[Line], recogniser: _Recogniser) -> bool:
    """Whether lines say what is read in their places."""
    read = _read_of(page, render, sample, recogniser)
    return legibility.says_the_same([line.text for line in read], [line.text for line in sample])


def _read_of(page: PdfPage, render: Image.Image, sample: Sequence[Line], recogniser: _Recogniser) -> Sequence[OcrLine]:
    """What is read in the places of lines, put below each other in one small picture."""
    scale_x, scale_y = render.width / page.width, render.height / page.height
    strips = [render.crop(to_pixels(_padded(line.bbox, page), scale_x, scale_y)) for line in sample]
    between = max(strip.height for strip in strips) // 2
    size = max(strip.width for strip in strips), sum(strip.height + between for strip in strips)
    sheet = Image.new("RGB", size, render.getpixel((0, 0)))
    top = 0
    for strip in strips:
        sheet.paste(strip, (0, top))
        top += strip.height + between
    return recogniser.read(sheet)


def _read_page(
    page: PdfPage,
    render: Image.Image,
    garbage: Sequence[Line],
    mode: OcrMode,
    sparse: bool,
    recogniser: _Recogniser,
) -> PageRecognition:
    native = page.lines()
    known = sum(len(line.text) for line in set(native) - set(garbage) if not line.hidden)
    scan = _upright(render, known, recogniser)
    size = (page.width, page.height) if scan.quarters % 2 == 0 else (page.height, page.width)
    icons = [turned(icon, scan.quarters, page.width, page.height) for icon in _padded_icons(page)]
    placed = _placed(scan.lines, scan.render, BBox(0.0, 0.0, *size))
    lines = [line for line in placed if not any(mostly_inside(line.bbox, icon) for icon in icons)]
    native, garbage = (_turned(held, scan.quarters, page) for held in (native, garbage))
    dropped = _all_replaceable(lines, native, garbage) if mode == "always" else _replaceable(lines, garbage)
    if not lines or not (mode == "always" or sparse or dropped):
        return PageRecognition(render)
    page.turn(scan.quarters)
    added = _replace(page, lines, dropped)
    most = _characters(garbage) > WHOLE_SHARE * _characters(native)
    scanned = not garbage and _characters(added) > _characters(native)
    return PageRecognition(scan.render, whole=mode == "always" or most or scanned)


def _turned(lines: Iterable[Line], quarters: int, page: PdfPage) -> list[Line]:
    """Lines as they will stand once the page is turned."""
    return [replace(line, bbox=turned(line.bbox, quarters, page.width, page.height)) for line in lines]


def _replace(page: PdfPage, read: Sequence[Line], dropped: Sequence[Line]) -> list[Line]:
    """Lay in what was read, but for what the lines say that stay; the lines laid in."""
    gone = {line.bbox for line in dropped}
    kept = [line for line in page.lines() if line.bbox not in gone]
    added = _beside(read, kept)
    page.drop_text(gone)
    page.hide_text(added)
    return added


def _replaceable(read: Sequence[Line], garbage: Sequence[Line]) -> list[Line]:
    """Lines of ``garbage`` in whose place better ones were read, judged by all lines of a font."""
    dropped: list[Line] = []
    for group in legibility.by_font(garbage):
        over = [line for line in read if any(_meet(line, other) for other in group)]
        if legibility.is_better(over, group):
            dropped += [line for line in group if legibility.is_meaningless(line.text) or _is_covered(line, over)]
    return dropped


def _all_replaceable(read: Sequence[Line], native: Sequence[Line], garbage: Sequence[Line]) -> list[Line]:
    """All text is to be read anew; text that is shown and was not read stays."""
    bad = set(garbage)
    return [line for line in native if line.hidden or line in bad or _is_covered(line, read)]


def _meet(a: Line, b: Line) -> bool:
    """Whether half of one of two lines lies in the other."""
    return max(inside(a.bbox, b.bbox), inside(b.bbox, a.bbox)) >= REPLACED_SHARE


def _is_covered(line: Line, others: Iterable[Line]) -> bool:
    shared = sum(area(intersection(line.bbox, other.bbox)) for other in others)
    return shared >= REPLACED_SHARE * area(line.bbox)


def _read_scans(page: PdfPage, render: Image.Image, recogniser: _Recogniser) -> PageRecognition:
    """Lay in the prose of large pictures on which no text lies."""
    scans: list[BBox] = []
    labels: list[Line] = []
    lines = page.lines()
    for box in page.images:
        if area(box) < SCAN_SHARE * page.width * page.height or any(mostly_inside(x.bbox, box) for x in lines):
            continue
        if is_blank(crop(render, box, page.width, page.height)):
            continue
        found = recogniser.read_region(page, render, box)
        if _is_prose(found):
            page.hide_text(found)
            scans.append(box)
        else:
            labels += found
    return PageRecognition(render, scans=tuple(scans), labels=tuple(labels))


def _read_outlines(page: PdfPage, render: Image.Image, recogniser: _Recogniser) -> None:
    """Lay in words that are drawn as outlines; their letters are no paths then."""
    for box in outlined_words(page.paths, page.lines())[:MOST_REGIONS]:
        place = pad(box, OUTLINE_PAD, page.width, page.height)
        found = recogniser.read_region(page, render, place)
        found = [line for line in found if line.score >= UPRIGHT_SCORE and len(line.text) >= WORD]
        page.hide_text(found)
        read = [line.bbox for line in found]
        page.paths = [path for path in page.paths if not any(mostly_inside(path, line) for line in read)]


def _unread_outlines(page: PdfPage) -> tuple[PageProblem, ...]:
    if not outlined_words(page.paths, page.lines()):
        return ()
    return (
        PageProblem(page.number, "ocr", "some words are drawn as outlines and not read; read the document with OCR"),
    )


def _placed(found: Iterable[OcrLine], picture: Image.Image, place: BBox) -> list[Line]:
    """Lines read in the picture of ``place``, in points of the page."""
    scale_x, scale_y = picture.width / width(place), picture.height / height(place)
    boxes = ((line, from_pixels(line.bbox, scale_x, scale_y)) for line in found)
    x, y = place.x0, place.y0
    return [
        Line(clean(line.text), BBox(b.x0 + x, b.y0 + y, b.x1 + x, b.y1 + y), quarters=line.quarters, score=line.score)
        for line, b in boxes
    ]


def _upright(render: Image.Image, known: int, recogniser: _Recogniser) -> _UprightScan:
    """The page as it is read, turned if it was scanned sideways or upside down; ``known`` characters of native text
    stand upright."""
    found = recogniser.read(render)
    quarters = _quarters_to_upright(found, known)
    if not quarters:
        return _UprightScan(render, found)
    upright = render.rotate(-90 * quarters, expand=True)
    if quarters == 3:
        return _UprightScan(upright, _turned_left(found, *render.size), 3)
    again = recogniser.read(upright)
    if _score(again) > max(UPRIGHT_SCORE, _score(found)):
        return _UprightScan(upright, again, quarters)
    return _UprightScan(render, found)


def _quarters_to_upright(found: Sequence[OcrLine], known: int) -> int:
    """By how many quarters clockwise to turn a scan, ``known`` characters of which stand upright. A letter or two do
    not say: they are higher than wide, and some look the same on their heads. The engine turns a line that is higher
    than wide to the left before it reads it, so one that it can read runs downwards."""
    told = [line for line in found if len(line.text) >= WORD]
    total = sum(len(line.text) for line in told)
    tall = [line for line in told if height(line.bbox) > width(line.bbox)]
    if total < LEAST_TOLD:
        return 0
    if sum(len(line.text) for line in tall) >= SIDEWAYS_SHARE * (total + known):
        return 3 if _score(tall) >= UPRIGHT_SCORE else 1
    return 0 if known >= total or _score(told) >= UPRIGHT_SCORE else 2


def _turned_left(found: Iterable[OcrLine], picture_width: float, picture_height: float) -> list[OcrLine]:
    """What was read in a picture of this size, as if the picture had been turned to the left before."""
    boxes = ((line, turned(line.bbox, 3, picture_width, picture_height)) for line in found)
    return reading_order([line._replace(bbox=box, quarters=(line.quarters + 1) % 4) for line, box in boxes])


def _score(found: Sequence[OcrLine]) -> float:
    """Mean confidence of the characters."""
    total = sum(len(line.text) for line in found)
    return sum(line.score * len(line.text) for line in found) / total if total else 0.0


def _beside(lines: Iterable[Line], native: Sequence[Line]) -> list[Line]:
    """Recognised lines without the words over which native text stands."""
    return [part for line in lines for part in _free_parts(line, [n for n in native if _touch(line, n)])]


def _touch(line: Line, other: Line) -> bool:
    return area(intersection(line.bbox, other.bbox)) > 0


def _free_parts(line: Line, over: Sequence[Line]) -> list[Line]:
    """Runs of a line's words on which none of the native lines ``over`` it lies, and which none of them says: a word's
    box is estimated, and may lie beside the letters that it was read from."""
    taken = [native.bbox for native in over]
    if not taken:
        return [line]
    if line.quarters:
        return [] if _stands_there(line.bbox, taken) else [line]
    unread = [word for native in over for word in words_of(native.text)]
    runs: list[list[tuple[str, BBox]]] = [[]]
    for text, box in word_boxes(OcrLine(line.text, line.bbox, line.score)):
        if not _stands_there(box, taken):
            runs[-1].append((text, box))
            continue
        runs.append([])
        for word in words_of(text):
            if word in unread:
                unread.remove(word)
    if len(runs) == 1:
        return [line]
    parts = [
        replace(line, text=" ".join(text for text, _ in run), bbox=union(box for _, box in run)) for run in runs if run
    ]
    rest = " ".join(unread)
    return [part for part in parts if not words_of(part.text) or share_said(part.text, rest) < 1]


def _stands_there(word: BBox, taken: Sequence[BBox]) -> bool:
    """Whether boxes of text lie on a word's box, which may be a good deal larger than its letters."""
    level = [box for box in taken if vertical_overlap(box, word) > REPLACED_SHARE]
    across = sum(max(0.0, min(box.x1, word.x1) - max(box.x0, word.x0)) for box in level)
    return across >= REPLACED_SHARE * width(word) or any(inside(box, word) > NATIVE_SHARE for box in taken)


def _padded(box: BBox, page: PdfPage) -> BBox:
    return pad(box, REGION_PAD, page.width, page.height)


def _padded_icons(page: PdfPage) -> list[BBox]:
    return [_padded(icon, page) for icon in page.icons()]


def _regions(lines: Iterable[Line]) -> list[BBox]:
    """The boxes of lines, of those near each other one box around them."""
    regions: list[BBox] = []
    for line in lines:
        box = line.bbox
        near = [region for region in regions if gap(region, box) <= REGION_GAP]
        regions = [region for region in regions if region not in near] + [union([box, *near])]
    return regions


def _all_is_text(render: Image.Image, page: PdfPage, lines: Iterable[Line]) -> bool:
    """Whether nothing is to be seen beside the native text and signs of notes: then there is nothing more to read."""
    rest = render.copy()
    pen = ImageDraw.Draw(rest)
    paper = rest.getpixel((0, 0))
    for box in [*(_padded(line.bbox, page) for line in lines), *_padded_icons(page)]:
        pen.rectangle(to_pixels(box, render.width / page.width, render.height / page.height), fill=paper)
    return is_blank(rest, PAGE_INK)


def _is_prose(lines: Sequence[Line]) -> bool:
    """Whether text runs on over several lines: a scanned paragraph, not labels nor the picture of a program's window,
    in which a few sentences stand among many labels."""
    counts = [max(len(line.text.split()), len(line.text) // 12) for line in lines]
    long = [count for count in counts if count >= PROSE_WORDS]
    return len(long) >= max(PROSE_LINES, PROSE_LINE_SHARE * len(counts)) and sum(long) >= PROSE_SHARE * sum(counts)


def _characters(lines: Iterable[Line]) -> int:
    return sum(len("".join(line.text.split())) for line in lines)
