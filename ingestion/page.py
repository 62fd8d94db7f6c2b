"""The recipe for one page: its layout, recognised text, figures and tables, as linked blocks with their crops.

The heavy part of parsing. It needs nothing of other pages and can run in any process.

Enters: a path, options, a page number. Leaves: :class:`PageContent`, and page images and crops as files below ``out``.
Must not know: other pages, chunks, encoders, stores.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from PIL import Image

from ingestion import figures, ocr
from ingestion.elements import BBox, Page, PageProblem
from ingestion.errors import IngestionError, LimitExceeded
from ingestion.geometry import from_pixels, horizontal_overlap, inside, union
from ingestion.layout import (
    FURNITURE,
    KINDS,
    Block,
    caption_label,
    fold_inner_text,
    join_lines,
    link_captions,
    merge_lists,
)
from ingestion.pdf import LayoutBox, Line, Pdf, PdfPage
from ingestion.tables import looks_like_contents, to_markdown, with_rules

DPI = 144.0  # of page images, crops and recognition: one render serves all three
FEW_CHARACTERS = 100  # a page with fewer native characters is read by OCR
GARBAGE_SHARE = 0.2  # of characters without meaning: the page's encoding is broken
FEW_WORDS = 3  # a picture with fewer native words is read by OCR
READ_SIDE, READ_PICTURES = 48.0, 12  # points, pictures a page: which pictures are read
BACKGROUND_SHARE = 0.9  # a picture under so much of a page, with words on it, is a background unless a photograph
MIN_SCORE = 0.5  # of a recognised line
MARGIN = 0.12  # share of the page's height where headers and footers stand
WEBP_PAGE, WEBP_CROP = 80, 85  # quality


@dataclass(frozen=True, slots=True)
class ParseOptions:
    """How to parse. ``ocr``: auto reads what has no usable native text, off nothing, always every page anew."""

    ocr: Literal["auto", "off", "always"] = "auto"
    password: str | None = None
    max_pages: int = 5000


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of a page with its crop and, for figures, the crop's difference hash."""

    block: Block
    image: str | None = None
    fingerprint: int | None = None


@dataclass(frozen=True, slots=True)
class PageContent:
    """What reading one page leaves. Small and picklable; pictures are already files."""

    page: Page
    pieces: tuple[Piece, ...] = ()
    problems: tuple[PageProblem, ...] = ()
    title: str = ""


class PageReader:
    """Reads single pages of one document and writes ``pages/NNNN.webp`` and ``crops/*.webp`` below ``out``."""

    def __init__(self, path: Path, out: Path, options: ParseOptions = ParseOptions()) -> None:
        """Raises an :class:`IngestionError` where the file cannot be opened or has too many pages."""
        self.pdf = Pdf(path, options.password)
        self.out, self.options = out, options
        self.count = self.pdf.count
        if self.count > options.max_pages:
            self.pdf.__exit__()
            raise LimitExceeded(
                f"{path.name} has {self.count} pages, more than the limit of {options.max_pages}; "
                "raise PAGESIGHT_MAX_PAGES or split it"
            )
        (out / "pages").mkdir(parents=True, exist_ok=True)
        (out / "crops").mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> PageReader:
        return self

    def __exit__(self, *exc: object) -> None:
        self.pdf.__exit__(*exc)

    def read(self, number: int) -> PageContent:
        """Page ``number`` (from 1). A page that cannot be read at all raises an :class:`IngestionError`."""
        page = self.pdf.page(number)
        render = page.render(DPI)
        image = f"pages/{number:04d}.webp"
        render.save(self.out / image, quality=WEBP_PAGE, method=2)
        info = Page(number, round(page.width, 2), round(page.height, 2), page.rotation, image, page.label)
        problems: list[PageProblem] = []
        if number == 1 and self.pdf.repaired:
            problems.append(PageProblem(0, "open", "the file is damaged and was mended; parts of it may be missing"))
        recognised = self._recognise(page, render, problems)
        blocks = self._blocks(page, render, recognised, problems)
        pieces = self._cut(page, render, blocks, recognised, problems)
        return PageContent(info, tuple(pieces), tuple(problems), self.pdf.title if number == 1 else "")

    def _recognise(self, page: PdfPage, render: Image.Image, problems: list[PageProblem]) -> bool:
        """OCR the whole page where its native text is missing or garbage; the lines are laid under it invisibly."""
        text = page.text()
        if self.options.ocr == "off" or figures.is_blank(render, figures.PAGE_INK):
            return False
        garbage = _is_garbage(text)
        if not (garbage or self.options.ocr == "always" or len("".join(text.split())) < FEW_CHARACTERS):
            return False
        lines = _read_lines(render, page, problems)
        if not lines and not garbage:
            return False
        if garbage or self.options.ocr == "always":
            page.drop_text()
        page.hide_text(_without_known(lines, [] if garbage else page.lines()))
        return True

    def _blocks(self, page: PdfPage, render: Image.Image, recognised: bool, problems: list[PageProblem]) -> list[Block]:
        """Layout boxes as linked blocks in reading order; plain lines where the page is too complex for layout."""
        frame = BBox(0.0, 0.0, page.width, page.height)
        reason = page.too_complex()
        if reason:
            problems.append(PageProblem(page.number, "layout", f"{reason}: only its text and picture are kept"))
            return _paragraphs(page.lines())
        try:
            boxes = page.layout()
        except Exception as exc:  # the layout model fails on odd pages in many ways; the page's text is still good
            problems.append(PageProblem(page.number, "layout", f"{type(exc).__name__}: {exc}"))
            return _paragraphs(page.lines())
        lines = page.lines()
        blocks = _whole_tables([_block(box, page) for box in boxes], page.paths)
        blocks = _clean_figures(page, render, blocks, lines, recognised)
        held = [b.bbox for b in blocks if b.text or b.kind in ("figure", "table", "formula")]
        blocks += _paragraphs(_orphans(lines, held))
        blocks = fold_inner_text(blocks, frame)
        return link_captions(merge_lists(blocks), frame)

    def _cut(
        self, page: PdfPage, render: Image.Image, blocks: Sequence[Block], recognised: bool, problems: list[PageProblem]
    ) -> list[Piece]:
        """Crops of figures, tables and formulas; pictures without native words are read."""
        pieces: list[Piece] = []
        photos = page.images
        budget = READ_PICTURES if self.options.ocr != "off" and not recognised else 0
        for block in blocks:
            if block.kind not in ("figure", "table", "formula"):
                pieces.append(Piece(block))
                continue
            picture = figures.crop(render, block.bbox, page.width, page.height)
            if block.kind == "figure" and figures.is_blank(picture):
                continue
            if block.kind == "figure" and budget > 0 and _worth_reading(block, photos):
                budget -= 1
                words = " ".join(line.text for line in _recognised_lines(picture, page.number, problems))
                block = replace(block, text=f"{block.text}\n{words}".strip())
            name = f"crops/{page.number:04d}-{len(pieces):03d}.webp"
            picture.save(self.out / name, quality=WEBP_CROP, method=2)
            mark = figures.difference_hash(picture) if block.kind == "figure" else None
            pieces.append(Piece(block, name, mark))
        return pieces


def failed_page(number: int, stage: str, message: str) -> PageContent:
    """A page that was lost: an empty US-letter page with its problem."""
    return PageContent(Page(number, 612.0, 792.0, 0), problems=(PageProblem(number, stage, message),))


def _block(box: LayoutBox, page: PdfPage) -> Block:
    text = join_lines(line.text for line in box.lines)
    if box.label == "table" and box.rows and not looks_like_contents(box.rows):
        text = to_markdown(box.rows)
    elif box.label == "table" and box.rows:
        return Block("list", box.bbox, "\n".join(" ".join(row) for row in box.rows), box.font_size)
    elif box.label == "picture":
        text = " ".join(line.text for line in box.lines)
    middle = (box.bbox.y0 + box.bbox.y1) / 2 / page.height
    furniture = box.label in FURNITURE and not MARGIN < middle < 1 - MARGIN
    return Block(KINDS.get(box.label, "text"), box.bbox, text, box.font_size, furniture=furniture)


def _whole_tables(blocks: Iterable[Block], paths: Sequence[BBox]) -> list[Block]:
    """Table boxes with their rules: layout boxes hug the words."""
    return [replace(b, bbox=with_rules(b.bbox, paths)) if b.kind == "table" else b for b in blocks]


def _clean_figures(
    page: PdfPage, render: Image.Image, blocks: Sequence[Block], lines: Sequence[Line], recognised: bool
) -> list[Block]:
    """Merge fragments, part what captions part, drop what cannot be a figure, add photographs that layout missed."""
    raw = [b for b in blocks if b.kind == "figure"]
    others = [b for b in blocks if b.kind != "figure"]
    photos = page.images
    walls = [b.bbox for b in others if b.kind in ("heading", "caption", "title", "table") or len(b.text) > 120]
    captions = [b.bbox for b in others if caption_label(b.text)]
    merged = figures.merge_fragments([b.bbox for b in raw], photos, walls)
    boxes = [part for box in merged for part in figures.split_at_captions(box, captions)]
    tables = [b.bbox for b in others if b.kind == "table"]
    if photos or recognised:
        words = [line.bbox for line in lines]
        texture = figures.Texture(render, page.width, page.height)
        beside = [photo for photo in photos if not _touches(photo, [*boxes, *tables])]
        boxes += [photo for photo in beside if texture.is_photo(photo, words)]
        if recognised or page.image_share() > 0.5:
            boxes += texture.residual_photos([*boxes, *tables], words)
        scenic = not recognised  # the picture under a page that was read is the page itself
        boxes = [b for b in boxes if not _is_background(b, page, words) or (scenic and texture.is_photo(b, words))]
    boxes = [box for box in boxes if figures.plausible(box) and not any(inside(box, t) > 0.8 for t in tables)]
    result: list[Block] = []
    placed: set[BBox] = set()
    for block in blocks:
        if block.kind != "figure":
            result.append(block)
            continue
        homes = [box for box in boxes if inside(block.bbox, box) > 0.9 or inside(box, block.bbox) > 0.9]
        if not homes and block.text:  # words mistaken for a picture
            result.append(replace(block, kind="text"))
        for home in homes:
            if home not in placed:
                placed.add(home)
                result.append(Block("figure", home, " ".join(x.text for x in lines if inside(x.bbox, home) > 0.5)))
    for box in boxes:
        if box not in placed:
            below = (i for i, b in enumerate(result) if b.bbox.y0 >= box.y0 and horizontal_overlap(b.bbox, box) > 0.2)
            result.insert(next(below, len(result)), Block("figure", box))
    return result


def _touches(box: BBox, others: Sequence[BBox]) -> bool:
    """Whether one of the others is mostly the same place."""
    return any(inside(box, other) > 0.5 or inside(other, box) > 0.5 for other in others)


def _is_background(box: BBox, page: PdfPage, words: Sequence[BBox]) -> bool:
    frame = BBox(0.0, 0.0, page.width, page.height)
    return inside(frame, box) > BACKGROUND_SHARE and any(inside(word, box) > 0.8 for word in words)


def _worth_reading(block: Block, photos: Sequence[BBox]) -> bool:
    wide = min(block.bbox.x1 - block.bbox.x0, block.bbox.y1 - block.bbox.y0) >= READ_SIDE
    return wide and _touches(block.bbox, photos) and len(block.text.split()) < FEW_WORDS


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


def _orphans(lines: Iterable[Line], boxes: Sequence[BBox]) -> list[Line]:
    """Lines that lie in no box: text the layout model overlooked."""
    return [line for line in lines if not any(inside(line.bbox, box) > 0.4 for box in boxes) and len(line.text) > 2]


def _paragraphs(lines: Iterable[Line]) -> list[Block]:
    """Group lines that follow closely below each other."""
    groups: list[list[Line]] = []
    for line in lines:
        last = groups[-1][-1] if groups else None
        tall = line.bbox.y1 - line.bbox.y0
        if last and -tall < line.bbox.y0 - last.bbox.y1 < 0.8 * tall and horizontal_overlap(last.bbox, line.bbox) > 0.3:
            groups[-1].append(line)
        else:
            groups.append([line])
    return [
        Block("text", union([line.bbox for line in group]), join_lines(line.text for line in group)) for group in groups
    ]


def _is_garbage(text: str) -> bool:
    """Broken encodings give replacement characters, private-use glyphs, control codes or "(cid:12)"."""
    letters = [c for c in text if not c.isspace()]
    if len(letters) < FEW_CHARACTERS:
        return False
    bad = sum(c == "\ufffd" or "\ue000" <= c <= "\uf8ff" or ord(c) < 32 for c in letters)
    return (bad + 6 * text.count("(cid:")) / len(letters) > GARBAGE_SHARE
