"""The recipe for one page: its layout, recognised text, figures and tables, as linked blocks with their crops.

The heavy part of parsing. It needs nothing of other pages, so any process can do it:

    with PageReader(Path("manual.pdf"), Path("out")) as reader:
        content = reader.read(3)          # and out/pages/0003.jpg, out/crops/0003-000.jpg, …

One render of the page, at 144 dpi, serves recognition, figures, crops and the picture that people are shown.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from textwrap import shorten
from typing import NamedTuple

from PIL import Image

from ingestion.blocks import Block, LayoutBox, Line, RawPage
from ingestion.callouts.labels import figure_labels, solid_texts
from ingestion.callouts.legends import Legend, LegendRow, legends_of
from ingestion.callouts.neighbours import words_beside
from ingestion.elements import BBox, Page, PageProblem, lines_file
from ingestion.errors import IngestionError, LimitExceeded, NoPages
from ingestion.figures.crops import CROP_PAD, crop, difference_hash, is_blank
from ingestion.geometry import (
    MOSTLY_INSIDE,
    area,
    covered,
    gap,
    height,
    inside,
    mostly_inside,
    pad,
    rounded,
    to_pixels,
    width,
)
from ingestion.layout import sideways
from ingestion.layout.figure_blocks import shares_place
from ingestion.layout.insertion import insertion_index
from ingestion.layout.paragraphs import find_lost_text, group_paragraphs
from ingestion.layout.struck import struck_words, with_struck
from ingestion.ocr.layer import layer_shift, moved
from ingestion.ocr.pages import PageRecognition, recognise_page, recognise_picture
from ingestion.ocr.rules import scanned_rules
from ingestion.page_content import Depth, PageContent, ParseOptions, Piece
from ingestion.page_layout import blocks_of
from ingestion.pdf.annotations import Note
from ingestion.pdf.document import Pdf
from ingestion.pdf.page import PdfPage
from ingestion.pdf.unseen import PageInk, may_be_left_out, unseen_lines, unseen_words
from ingestion.tables.regions import read_table
from ingestion.tables.right_to_left import in_reading_direction
from ingestion.text.caption_labels import caption_label
from ingestion.text.hyphenation import breaks_of

DPI = 144.0  # of page images, crops and recognition: one render serves all three
PLAIN_DPI = 72.0  # of the picture of a page that could not be read in full
FEW_WORDS = 3  # a picture with fewer native words is read by OCR, and explained by what stands beside it
LABEL_WORDS = 2  # of a text: with more, a number in it is no label of the figure beside it
READ_SIDE = 48.0  # points: pictures with a shorter side are not read
SCAN_SHARE = 0.8  # of a page that one picture fills
READ_PICTURES = 12  # per page that are read at most
CAPTION_SIZE = 30.0  # points: above every heading of the file itself
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\d_]{2,}")  # each sign of Chinese and Japanese
UNSEEN_WORDS = 3  # that the page does not show, and that are worth saying: signs and numbers are no order to a model
UNSEEN_SHOWN = 200  # characters of them
UNPLACED_WORDS = 5  # read in pictures and found in no element, that are worth saying
# Quality, of 100, of a page's picture and of a crop. JPEG takes a tenth of the time that WebP took (5 ms for 50 a page,
# and half the time to open), at as small an error of the letters, for twice the bytes.
JPEG_PAGE, JPEG_CROP = 85, 90

DEFAULT_OPTIONS = ParseOptions()


class PageReader:
    """Reads single pages of one document and writes ``pages/NNNN.jpg`` and ``crops/*.jpg`` below ``out``.

    A context manager. ``count`` is the number of pages of the file, attached files included.
    """

    def __init__(self, path: Path, out: Path, options: ParseOptions = DEFAULT_OPTIONS) -> None:
        """Raises an :class:`IngestionError` where the file cannot be opened or has too many pages."""
        self.pdf = Pdf(path, options.password)
        self.out, self.options = out, options
        self.count = self.pdf.count
        try:
            self._check(len(options.wanted(self.count)))
        except IngestionError:
            self.close()
            raise
        (out / "pages").mkdir(parents=True, exist_ok=True)
        (out / "crops").mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> PageReader:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self.pdf.close()

    def _check(self, pages: int) -> None:
        name, most = self.pdf.path.name, self.options.max_pages
        if pages > most:
            raise LimitExceeded(
                f"{name} has {pages} pages, more than the limit of {most}; raise PAGESIGHT_MAX_PAGES, "
                "split it, or read a part of it (--pages)"
            )
        if not pages:
            raise NoPages(f"{name} has {self.count} pages, none of those asked for; ask for others")

    def read(self, number: int, depth: Depth = "whole") -> PageContent:
        """Page ``number`` (from 1): the whole of it; its text and picture, without models; or only its size.

        A page that cannot be read at all raises an :class:`IngestionError`.
        """
        page = self.pdf.page(number)
        notes, unread = _notes(page) if depth != "size" else ([], [])
        if depth != "size":
            page.stand_upright()
        if depth != "whole":
            return self._read_plainly(page, depth, notes)
        render = page.render(DPI, self.options.max_pixels)
        info = replace(_sized(page), image=self._write_picture(page, render), label=page.label)
        _settle_layer(page, render)
        unseen = _unseen(page, render)
        page.drop_text([line.bbox for line in unseen.left_out])
        page.say_marks()
        page.say_fractions()
        known = [*self._known_problems(page), *unseen.problems]
        found = recognise_page(page, render, self.options.ocr, self.options.script, self.pdf.flows)
        if not found.whole:
            page.drop_line_numbers()
        blocks, unlaid = self._blocks(page, found)
        blocks = with_struck(blocks, struck_words(page.words, page.paths))
        if self.pdf.format.reader == "pdf":  # what the library lays out itself has its columns from the left
            blocks = [in_reading_direction(block) for block in blocks]
        self._write_lines(page, notes)
        cut, illegible, read = self._cut(page, found, blocks)
        pieces = _with_all_lines(cut, page)
        pieces, legends = _labelled(pieces, [*page.lines(), *read])
        unplaced = _unplaced(found.labels, pieces, page.number)
        problems = (*unread, *known, *found.problems, *unlaid, *illegible, *unplaced)
        pieces = [_displayed(piece, page) for piece in pieces]
        pieces = _with_notes(_captioned(pieces, page), notes)
        title = self.pdf.title if number == 1 else ""
        breaks = breaks_of([line.text for line in page.lines()])
        legends = tuple(tuple(_row_displayed(row, page) for row in legend) for legend in legends)
        return PageContent(info, tuple(pieces), problems, title, page.turned == 0, breaks, legends)

    def _known_problems(self, page: PdfPage) -> list[PageProblem]:
        """What was wrong when the page was opened; the first page also tells what was wrong with the file."""
        found = [PageProblem(page.number, "form", page.fault)] if page.fault else []
        if page.number == 1:
            mended = "the file is damaged and was mended; parts of it may be missing" if self.pdf.repaired else ""
            said = [text for text in (mended, self.pdf.lost, *self.pdf.left_out) if text]
            found += [PageProblem(0, "open", text) for text in said]
        return found

    def _read_plainly(self, page: PdfPage, depth: Depth, notes: Sequence[Note]) -> PageContent:
        info = _sized(page)
        if depth == "size":
            return PageContent(info)
        unseen = _Unseen()
        problems: tuple[PageProblem, ...] = ()
        try:
            render = page.render(PLAIN_DPI, self.options.max_pixels)
            info = replace(info, image=self._write_picture(page, render))
            unseen = _unseen(page, render)
        except IngestionError as exc:
            problems = (PageProblem(page.number, "render", str(exc)),)
        lines = [line for line in page.lines() if line not in unseen.left_out]
        found = [_displayed(Piece(block), page) for block in group_paragraphs(lines)]
        pieces = tuple(_with_notes(_captioned(found, page), notes))
        return PageContent(info, pieces, (*problems, *unseen.problems))

    def _write_picture(self, page: PdfPage, render: Image.Image) -> str:
        """The page's picture as displayed; its path below ``out``."""
        image = f"pages/{page.number:04d}.jpg"
        shown = render.rotate(90 * page.turned, expand=True) if page.turned else render
        shown.save(self.out / image, quality=JPEG_PAGE)
        return image

    def _write_lines(self, page: PdfPage, notes: Sequence[Note]) -> None:
        """The page's lines, native, recognised and of notes, with their boxes as displayed: what a quotation is marked
        by."""
        lines = [(line.text, *rounded(page.displayed(line.bbox))) for line in page.lines()]
        lines += [(said, *rounded(note.bbox)) for note in notes for said in note.text.splitlines()]
        (self.out / lines_file(page.number)).write_text(json.dumps(lines, ensure_ascii=False), encoding="utf-8")

    def _blocks(self, page: PdfPage, recognition: PageRecognition) -> tuple[list[Block], list[PageProblem]]:
        """The page's blocks, plain paragraphs where it is too complex for layout; and what could not be laid out."""
        reason = page.too_complex(self.options.max_paths)
        try:
            boxes = page.layout() if not reason else []
        except MemoryError:
            raise
        except Exception as exc:  # the layout model fails on odd pages in many ways; the page's text is still good
            reason = f"its layout cannot be told ({exc or type(exc).__name__}; print it to a new PDF)"
        lines = page.lines()
        if reason:
            problem = PageProblem(page.number, "layout", f"{reason}: only its text and picture are kept")
            return group_paragraphs(lines), [problem]
        boxes = [part for box in boxes for part in _opened(box, recognition.scans, lines)]
        turned, problems = _sideways(page, recognition, boxes)
        parts = [part for part, _ in turned]
        boxes = sideways.boxes_outside(boxes, parts)
        lines = [line for line in lines if not sideways.in_any_area(line.bbox, parts)]
        paths = [path for path in page.paths if not sideways.in_any_area(path, parts)]
        photos = tuple(x for x in page.images if x not in recognition.scans and not sideways.in_any_area(x, parts))
        found = tuple(boxes), tuple(lines), photos, tuple(paths)
        scanned = recognition.whole or _is_scan(page)
        rules = scanned_rules(recognition.render, page.width, page.height) if scanned else []
        rules = [rule for rule in rules if not sideways.in_any_area(rule, parts)]
        raw = RawPage(page.width, page.height, *found, recognition.whole, tuple(rules))
        blocks = blocks_of(raw, recognition.render)
        for part, held in turned:
            blocks = sideways.insert_area(blocks, held, part)
        return blocks, problems

    def _cut(
        self, page: PdfPage, recognition: PageRecognition, blocks: Sequence[Block]
    ) -> tuple[list[Piece], list[PageProblem], list[Line]]:
        """Crops of figures, tables and formulas; pictures without native words are read, or are a problem. The last
        part are the lines read in pictures."""
        pieces: list[Piece] = []
        problems: list[PageProblem] = []
        photos = page.images
        budget = READ_PICTURES if self.options.ocr != "off" and not recognition.whole else 0
        words: dict[BBox, str] = {}
        every_line: list[Line] = []
        for block in blocks:
            if block.kind not in ("figure", "table", "formula"):
                pieces.append(Piece(block))
                continue
            native = block.text
            picture = crop(recognition.render, block.bbox, page.width, page.height)
            mark = None
            if block.kind == "figure" and not block.parts:
                body = crop(recognition.render, block.body or block.bbox, page.width, page.height)
                if is_blank(body):
                    continue
                if budget > 0 and _worth_reading(block, photos):
                    budget -= 1
                    shown = pad(block.body or block.bbox, CROP_PAD, page.width, page.height)
                    lines, unread = recognise_picture(body, shown, page.number, self.options.script)
                    problems += unread
                    every_line += lines
                    block = read_table(block, lines)
                    if block.kind == "figure":
                        words[block.body or block.bbox] = " ".join(line.text for line in lines)
                elif labels := [x for x in recognition.labels if mostly_inside(x.bbox, block.bbox)]:
                    every_line += labels
                    words[block.body or block.bbox] = " ".join(line.text for line in labels)
                mark = difference_hash(body) if block.kind == "figure" else None
            read = [words[box] for box in block.parts or (block.body or block.bbox,) if words.get(box)]
            block = replace(block, text="\n".join(text for text in (block.text, *read) if text))
            name = f"crops/{page.number:04d}-{len(pieces):03d}.jpg"
            picture.save(self.out / name, quality=JPEG_CROP)
            pieces.append(Piece(block, name, mark, native))
        return pieces, problems, every_line


def _is_scan(page: PdfPage) -> bool:
    """Whether a page is a picture with a layer of text that was read by another program."""
    lines = page.lines()
    shown = max((area(image) for image in page.images), default=0.0)
    return bool(lines) and all(line.hidden for line in lines) and shown >= SCAN_SHARE * area(page.frame)


def _sideways(
    page: PdfPage, recognition: PageRecognition, boxes: Sequence[LayoutBox]
) -> tuple[list[tuple[sideways.SidewaysArea, list[Block]]], list[PageProblem]]:
    """Parts of the page that are set sideways, each read as a page of its own, with their blocks on the page; and the
    parts that could not be read."""
    found: list[tuple[sideways.SidewaysArea, list[Block]]] = []
    problems: list[PageProblem] = []
    for part in sideways.find_areas(page.lines(), boxes, page.paths, page.frame):
        upright = page.part(part.bbox, part.quarters)
        try:
            laid = upright.layout()
        except MemoryError:
            raise
        except Exception as exc:  # as of whole pages; the part's text is still read with the page
            reason = f"a part that is set sideways cannot be read ({exc or type(exc).__name__})"
            problems.append(PageProblem(page.number, "layout", f"{reason}: its rows and columns may be mixed up"))
            continue
        held = tuple(laid), tuple(upright.lines()), tuple(upright.images), tuple(upright.paths)
        scale = recognition.render.width / page.width, recognition.render.height / page.height
        render = recognition.render.crop(to_pixels(part.bbox, *scale)).rotate(-90 * part.quarters, expand=True)
        blocks = blocks_of(RawPage(upright.width, upright.height, *held, recognition.whole), render)
        if part.most or sideways.holds_table(blocks) or sideways.is_text(part, boxes):
            found.append((part, sideways.put_back(blocks, part, upright.width, upright.height)))
    return found, problems


def _unplaced(labels: Sequence[Line], pieces: Sequence[Piece], number: int) -> list[PageProblem]:
    """What was read in a picture and is in no element: said, so that nobody takes the page for complete."""
    said = "".join("".join(f"{piece.block.text}{piece.block.caption}".split()) for piece in pieces)
    found = [(line.text, [word in said for word in line.text.split()]) for line in labels]
    lost = [text for text, there in found if sum(there) < len(there) / 2]
    words = sum(len(text.split()) for text in lost)
    if words < UNPLACED_WORDS:
        return []
    shown = " / ".join(lost)
    return [PageProblem(number, "ocr", f"{words} words read in a picture are in no element of the page: {shown}")]


class _Unseen(NamedTuple):
    """Lines to be left out because the page's picture does not show them, and what is to be said of them."""

    left_out: tuple[Line, ...] = ()
    problems: tuple[PageProblem, ...] = ()


def _unseen(page: PdfPage, render: Image.Image) -> _Unseen:
    lines, ink = page.lines(), PageInk(render, page.width, page.height)
    unseen = unseen_lines(lines, ink)
    if not any(line.hidden for line in lines):  # words of a scan's layer lie less exactly than its lines
        words = [word for word in page.words if not any(mostly_inside(word.bbox, line.bbox) for line in unseen)]
        unseen += unseen_words(words, ink)
    leave_out = may_be_left_out(unseen, lines, page.images)
    left_out = tuple(unseen) if leave_out else ()
    said = " / ".join(line.text for line in unseen)
    if len(WORD.findall(said)) < UNSEEN_WORDS:
        return _Unseen(left_out)
    what = "it is left out" if leave_out else "it is nearly all of the page's text, so it is kept"
    shown = shorten(said, UNSEEN_SHOWN, placeholder=" …")
    problem = PageProblem(page.number, "unseen", f"text that the page does not show; {what}: {shown}")
    return _Unseen(left_out, (problem,))


def _settle_layer(page: PdfPage, render: Image.Image) -> None:
    """Move a scan's layer of text onto the letters that it stands for, where it lies above or below them."""
    lines = page.lines()
    shift = layer_shift(lines, render, page.width, page.height) if page.images else 0.0
    if shift:
        page.drop_text([line.bbox for line in lines if line.hidden])
        page.hide_text(moved(lines, shift))


def _notes(page: PdfPage) -> tuple[list[Note], list[PageProblem]]:
    try:
        return page.notes(), []
    except IngestionError as exc:
        return [], [PageProblem(page.number, "notes", str(exc))]


def _captioned(pieces: Sequence[Piece], page: PdfPage) -> list[Piece]:
    """The pieces of a page of an attached file: its name is a heading on its first page, and no text on any."""
    if not page.caption:
        return list(pieces)
    kept = [piece for piece in pieces if inside(piece.block.bbox, page.caption_strip) < MOSTLY_INSIDE]
    heading = Block("heading", page.caption_strip, page.caption, font_size=CAPTION_SIZE)
    return [Piece(heading), *kept] if page.opens else kept


def _with_notes(pieces: Sequence[Piece], notes: Sequence[Note]) -> list[Piece]:
    """Each note as a text behind the piece that it stands nearest to."""
    behind: dict[int, list[Piece]] = defaultdict(list)
    for note in notes:
        boxes = [piece.block.bbox for piece in pieces]
        nearest = min(range(len(boxes)), key=lambda place: gap(note.bbox, boxes[place]), default=-1)
        behind[nearest].append(Piece(Block("text", note.bbox, note.text)))
    placed = [found for place, piece in enumerate(pieces) for found in (piece, *behind[place])]
    return [*behind[-1], *placed]


def _sized(page: PdfPage) -> Page:
    return Page(page.number, round(page.size[0], 2), round(page.size[1], 2), page.rotation)


def _opened(box: LayoutBox, scans: Sequence[BBox], lines: Sequence[Line]) -> list[LayoutBox]:
    """A layout box; a picture that is nothing but scanned prose as its paragraphs."""
    if box.label != "picture" or not any(covered(box.bbox, scan) for scan in scans):
        return [box]
    held = group_paragraphs(line for line in lines if mostly_inside(line.bbox, box.bbox))
    return [LayoutBox("text", block.bbox, (Line(block.text, block.bbox),)) for block in held]


def _with_all_lines(pieces: Sequence[Piece], page: PdfPage) -> list[Piece]:
    """The pieces with a paragraph for each line that was lost on the way to them."""
    blocks, late = find_lost_text([piece.block for piece in pieces], page.lines(), page.frame)
    result = [replace(piece, block=block) for piece, block in zip(pieces, blocks, strict=True)]
    for block in late:
        result.insert(insertion_index(block.bbox, [piece.block.bbox for piece in result]), Piece(block))
    return result


def _labelled(pieces: Sequence[Piece], lines: Sequence[Line]) -> tuple[list[Piece], tuple[Legend, ...]]:
    """The pieces, figures with the labels in them or the words beside them; and the page's legends."""
    blocks = [piece.block for piece in pieces]
    told = [block for block in blocks if block.kind in ("text", "list", "caption", "heading")]
    texts = (block.bbox for block in told if len(block.text.split()) > LABEL_WORDS)
    walls = [*(block.bbox for block in blocks if block.kind == "table"), *solid_texts(texts, lines)]
    tables = [block.cells for block in blocks if block.cells]
    said = [(b.text, b.bbox) for b in told] + [(b.caption, b.bbox) for b in blocks if b.kind == "figure" and b.caption]
    result: list[Piece] = []
    for piece in pieces:
        block = piece.block
        if block.kind == "figure":
            box = block.body or block.bbox
            told_by_itself = len(block.text.split()) >= FEW_WORDS or caption_label(block.caption)
            beside = "" if told_by_itself else words_beside(box, lines, tables)
            piece = replace(piece, labels=figure_labels(box, lines, walls), beside=beside)
        result.append(piece)
    return result, legends_of(lines, tables, said)


def _row_displayed(row: LegendRow, page: PdfPage) -> LegendRow:
    return row._replace(bbox=rounded(page.displayed(row.bbox)))


def _displayed(piece: Piece, page: PdfPage) -> Piece:
    """A piece with its box on the page as displayed, its font size in points of that."""
    block = piece.block
    body = block.body and page.displayed(block.body)
    parts = tuple(page.displayed(part) for part in block.parts)
    cells = tuple(cell._replace(bbox=cell.bbox and page.displayed(cell.bbox)) for cell in block.cells)
    around = block.frame and page.displayed(block.frame)
    placed = replace(block, bbox=page.displayed(block.bbox), body=body, parts=parts, cells=cells, frame=around)
    labels = tuple(label._replace(bbox=rounded(page.displayed(label.bbox))) for label in piece.labels)
    return replace(piece, block=replace(placed, font_size=block.font_size / page.unit), labels=labels)


def _worth_reading(block: Block, photos: Sequence[BBox]) -> bool:
    body = block.body or block.bbox
    wide = min(width(body), height(body)) >= READ_SIDE
    return wide and shares_place(body, photos) and len(block.text.split()) < FEW_WORDS
