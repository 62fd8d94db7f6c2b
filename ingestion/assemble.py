"""The recipe for a document: what was read of its pages becomes elements and chunks.

In order: hyphens at line ends are judged by the whole document, page labels are looked for in the margins, decoration
and running lines that repeat are dropped but for the first of each that says something, every element gets the path
of its headings, tables that go on over a page break are linked, and the elements are cut into chunks.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from ingestion.blocks import Block
from ingestion.callouts.linking import Key, LabelledFigure, PageLegend, explain, mentions_of
from ingestion.chunk import HEADING_CHARS, build_chunks
from ingestion.elements import BBox, Document, Element, Page, Region, file_id, well_formed
from ingestion.geometry import area, clip, rounded
from ingestion.layout.heading_levels import RUNNING_SIZE, Heading, body_size, heading_levels
from ingestion.layout.heading_numbers import starts_like_heading
from ingestion.layout.heading_scope import is_signal, may_head
from ingestion.layout.headings import MAX_HEADING_CHARS
from ingestion.layout.insertion import insertion_index
from ingestion.layout.page_labels import add_printed_labels, in_margin
from ingestion.layout.running_headers import BlockPosition, Repeats, Told, find_first, find_running
from ingestion.page_content import PageContent, Piece
from ingestion.tables.continuation import link_continued_tables
from ingestion.text.caption_labels import caption_label
from ingestion.text.hyphenation import rewriter

REPEATED_PAGES = 3  # a picture on so many pages is decoration, if it is small …
REPEATED_SHARE = 0.15  # … of the page: smaller than that
REPEATED_WORDS = 2  # pages on which such a picture has the same words, if it has any
TITLE_LENGTH = (4, 200)  # characters
HEADING_BONUS = 1.3  # a heading counts as so much larger when the title is looked for
EMPTY_TITLES = re.compile(
    r"^(untitled|microsoft (word|powerpoint)|powerpoint pre|slide \d|document\d*$|.*\.(docx?|pptx?|indd|pdf|qxd)$)",
    re.I,
)


def assemble(path: Path, contents: Sequence[PageContent]) -> Document:
    """Join read pages to a document: drop repeated decoration, path the headings, link continued tables, chunk."""
    doc = file_id(path)
    contents = _with_hyphens(contents)
    pages = add_printed_labels([content.page for content in contents], _margin_texts(contents))
    contents = _without_decoration(contents)
    elements = _with_continued_tables(_elements(contents), contents)
    texts = _page_texts(contents)
    chunks = build_chunks(doc, pages, elements, texts, _explained(contents))
    problems = tuple(problem for content in contents for problem in content.problems)
    return Document(
        doc,
        well_formed(path.name),
        well_formed(_title(path, contents)),
        tuple(pages),
        tuple(elements),
        tuple(chunks),
        problems,
    )


def _with_continued_tables(elements: Sequence[Element], contents: Sequence[PageContent]) -> list[Element]:
    """The elements with tables that go on over a page break linked; running lines do not come between them."""
    running = {
        (content.page.number, order)
        for content in contents
        for place, order in _orders(content).items()
        if content.pieces[place].block.furniture
    }
    lines = [element for element in elements if (element.region.page, element.order) in running]
    others = link_continued_tables([e for e in elements if (e.region.page, e.order) not in running])
    return sorted([*lines, *others], key=lambda element: (element.region.page, element.order))


def _with_hyphens(contents: Sequence[PageContent]) -> Sequence[PageContent]:
    """Words that line ends break as the document writes them elsewhere."""
    texts = (piece.block.text for content in contents for piece in content.pieces if not piece.block.parts)
    rewritten = rewriter((content.breaks for content in contents), texts)
    if rewritten is None:
        return contents
    result = []
    for content in contents:
        pieces = [replace(piece, block=_rewritten(piece.block, rewritten)) for piece in content.pieces]
        result.append(replace(content, pieces=tuple(pieces)))
    return result


def _rewritten(block: Block, rewritten: Callable[[str], str]) -> Block:
    if block.code:
        return block
    cells = tuple(cell._replace(text=rewritten(cell.text)) for cell in block.cells)
    return replace(block, text=rewritten(block.text), caption=rewritten(block.caption), cells=cells)


def _margin_texts(contents: Sequence[PageContent]) -> dict[int, list[str]]:
    return {
        content.page.number: [
            piece.block.text for piece in content.pieces if in_margin(piece.block.bbox, content.page.height)
        ]
        for content in contents
    }


def _without_decoration(contents: Sequence[PageContent]) -> list[PageContent]:
    """Drop small pictures that recur on several pages with the same words, and headers and footers that do.

    One picture of each kind stays, the first, where nothing else says its words.
    """
    contents = _with_margins(contents)
    seen: dict[tuple[int, int, int], set[int]] = defaultdict(set)
    words = Repeats()
    for content in contents:
        for piece in content.pieces:
            if piece.fingerprint is not None:
                seen[_mark(piece)].add(content.page.number)
                words.add(_mark(piece), content.page.number, piece.words)
    result, told = [], Told(piece.block for content in contents for piece in content.pieces if not piece.words)
    for content in contents:
        size = content.page.width * content.page.height
        kept = [
            p
            for p in content.pieces
            if not (
                p.fingerprint is not None
                and len(seen[_mark(p)]) >= REPEATED_PAGES
                and (not p.words or len(words.pages([_mark(p)], content.page.number, p.words)) >= REPEATED_WORDS)
                and area(p.block.bbox) < REPEATED_SHARE * size
            )
            or told.is_news(content.page.number, p.words)
        ]
        boxes = {p.block.body for p in kept}
        kept = [p for p in kept if not p.block.parts or sum(part in boxes for part in p.block.parts) > 1]
        result.append(replace(content, pieces=tuple(kept)))
    return result


def _with_margins(contents: Sequence[PageContent]) -> list[PageContent]:
    """The pieces without running lines but the first of each, which alone stays marked as furniture.

    A header that stands on one page is a heading or text of it.
    """
    body = body_size(piece.block for content in contents for piece in content.pieces)
    blocks = [(content.page, [piece.block for piece in content.pieces]) for content in contents]
    running = find_running(blocks, RUNNING_SIZE * body)
    first = find_first(blocks, running)
    result = []
    for i, content in enumerate(contents):
        places = [BlockPosition(i, j) for j in range(len(content.pieces))]
        kept = [
            (piece, place in first)
            for piece, place in zip(content.pieces, places, strict=True)
            if place in first or place not in running
        ]
        marked = [_marked(*item) for item in kept]
        result.append(
            replace(content, pieces=tuple(_with_lone(marked, [piece for piece, _ in kept], body, content.page)))
        )
    return result


def _marked(piece: Piece, running: bool) -> Piece:
    """A piece that is a running line or none; one that is heads nothing."""
    kind = "text" if running else piece.block.kind
    return replace(piece, block=replace(piece.block, kind=kind, furniture=running))


def _with_lone(marked: Sequence[Piece], pieces: Sequence[Piece], body: float, page: Page) -> list[Piece]:
    """The pieces with lone headers that are set or begin as headings as those, before what stands below them.

    A lone footer heads nothing. ``body`` is the font size of most text.
    """
    lone = [
        now
        for now, before in zip(marked, pieces, strict=True)
        if before.block.furniture and not now.block.furniture and _looks_like_heading(now.block, body)
        if before.block.bbox.y1 < page.height / 2
    ]
    result = [piece for piece in marked if not any(piece is other for other in lone)]
    for piece in lone:
        piece = replace(piece, block=replace(piece.block, kind="heading"))
        result.insert(insertion_index(piece.block.bbox, [other.block.bbox for other in result]), piece)
    return result


def _looks_like_heading(block: Block, body: float) -> bool:
    large = block.font_size >= (body if starts_like_heading(block.text) else RUNNING_SIZE * body)
    return block.font_size > 0 and large and len(block.text) <= MAX_HEADING_CHARS and any(map(str.isalpha, block.text))


def _mark(piece: Piece) -> tuple[int, int, int]:
    box = piece.block.bbox
    return piece.fingerprint or 0, round((box.x1 - box.x0) / 4), round((box.y1 - box.y0) / 4)


def _elements(contents: Sequence[PageContent]) -> list[Element]:
    """Blocks to elements, with the heading path each stands under."""
    blocks = [(c.page, p.block) for c in contents for p in c.pieces]
    headings = [(page, block) for page, block in blocks if block.kind in ("heading", "title")]
    size = body_size(block for _, block in blocks)
    levels = iter(heading_levels([_heading(page, block) for page, block in headings], size))
    paths = _Paths()
    elements: list[Element] = []
    for content in contents:
        paths.turn_page(content)
        numbers = _orders(content)
        for place, piece in enumerate(content.pieces):
            block = piece.block
            level = next(levels) if block.kind in ("heading", "title") else None
            if place not in numbers:
                continue
            order = numbers[place]
            heading = "" if block.furniture else _path(paths.above(block, level))
            region = Region(content.page.number, _on_page(block.bbox, content.page))
            parts = block.kind, region, block.text, block.caption, heading, piece.image, order
            body = block.body and _on_page(block.body, content.page)
            elements.append(Element(*parts, cells=block.cells, body=body, code=block.code))
    return elements


def _orders(content: PageContent) -> dict[int, int]:
    """The order of each piece that becomes an element, by its place on the page."""
    shown = [place for place, piece in enumerate(content.pieces) if piece.block.text or piece.image]
    return {place: order for order, place in enumerate(shown)}


def _explained(contents: Sequence[PageContent]) -> dict[Key, str]:
    """What explains a figure's labels in legends, or a picture without words beside it: its (page, order) → lines."""
    figures: list[LabelledFigure] = []
    beside: dict[Key, str] = {}
    for content in contents:
        for place, order in _orders(content).items():
            piece, key = content.pieces[place], (content.page.number, order)
            figures.append(LabelledFigure(*key, piece.block.body or piece.block.bbox, piece.labels))
            if piece.beside:
                beside[key] = piece.beside
    legends = [PageLegend(c.page.number, c.page.height, legend) for c in contents for legend in c.legends]
    return beside | mentions_of(explain([figure for figure in figures if figure.labels], legends))


Entry = tuple[int, str]  # a heading's level and text


class _Paths:
    """The headings that are open as a document is read: those of the pages before, and which of this page's head
    what stands where."""

    def __init__(self) -> None:
        self._before: list[Entry] = []
        self._opened: list[tuple[Block, list[Entry]]] = []
        self._spent: list[Block] = []  # signal words, "WARNING", that head what they warn of already
        self._others: list[Block] = []
        self._upright = True

    def turn_page(self, content: PageContent) -> None:
        lasting = [path for heading, path in self._opened if heading.frame is None and not self._is_spent(heading)]
        self._before = lasting[-1] if lasting else self._before
        self._opened, self._spent, self._others = [], [], [piece.block for piece in content.pieces]
        self._upright = content.upright

    def above(self, block: Block, level: int | None) -> list[Entry]:
        """The headings that a block stands under; one with a ``level`` opens from here on."""
        heads = ((heading, path) for heading, path in reversed(self._opened) if self._owns(heading, block))
        heading, path = next(heads, (None, self._before))
        if level is not None:
            path = [entry for entry in path if entry[0] < level]
            self._opened.append((block, [*path, (level, block.text[:HEADING_CHARS])]))
        elif heading is not None and block.kind in ("text", "list") and is_signal(heading.text):
            self._spent.append(heading)
        return path

    def _owns(self, heading: Block, block: Block) -> bool:
        if self._is_spent(heading) and block.kind not in ("list", "heading", "title"):
            return False
        return not self._upright or may_head(heading, block, self._others)

    def _is_spent(self, heading: Block) -> bool:
        return any(heading is one for one in self._spent)


def _heading(page: Page, block: Block) -> Heading:
    middle = (block.bbox.y0 + block.bbox.y1) / 2 / page.height
    return Heading(block.text, block.font_size, page.number, middle, block.kind == "title")


def _on_page(box: BBox, page: Page) -> BBox:
    return rounded(clip(box, page.width, page.height))


def _path(path: Sequence[Entry]) -> str:
    return " > ".join(text for _, text in path[-3:])


def _page_texts(contents: Sequence[PageContent]) -> dict[int, str]:
    """All words of each page in reading order, for full-text search over pages."""
    return {c.page.number: "\n".join(p.block.text for p in c.pieces if p.block.text) for c in contents}


def _title(path: Path, contents: Sequence[PageContent]) -> str:
    """The metadata's title if it says anything, else the largest words of the first page, else the file name."""
    stated = contents[0].title if contents else ""
    if len(stated) > 3 and not EMPTY_TITLES.match(stated):
        return stated
    for content in contents[:3]:
        held = [p.block for p in content.pieces if not p.block.furniture]
        named = [b for b in held if b.kind in ("title", "heading", "text", "caption")]
        blocks = [b for b in named if caption_label(b.text) is None]
        short = [b for b in blocks if b.font_size and TITLE_LENGTH[0] <= len(b.text) <= TITLE_LENGTH[1]]
        if short:
            return max(
                short, key=lambda b: b.font_size * (HEADING_BONUS if b.kind in ("title", "heading") else 1.0)
            ).text
    return path.stem
