"""Running headers, footers and page numbers: what repeats from page to page, and only that. Pure.

Words repeat where another page has them too; numbers in them may differ where they count with the pages. A line that
stands once is text, wherever it stands and whatever the layout model calls it. What a running line says and nothing
else does (the number and edition of a manual, the place of a conference) is read once, on its first page.

Example: "Chapter 2 – 17" and "Chapter 2 – 18" at the foot of pages 17 and 18 are one running footer; "See page 18" on
page 4 is text.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from ingestion.blocks import Block
from ingestion.elements import Page
from ingestion.layout.lost_lines import words_of
from ingestion.layout.page_labels import from_roman, in_margin

SHIFT = 8.0  # points by which the same line may stand higher or lower
PAGES = 3  # with the same line in the same place, at least
CLASSED_PAGES = 2  # the same where the layout model calls it a header or footer
HEADING_SHARE = 0.5  # of the pages: a heading that recurs on fewer is one, as on slides of one chapter
LENGTH = 150  # characters of a running line, at most
COUNTED = re.compile(r"\d+|\b[ivxlc]+\b", re.IGNORECASE)
PAGE_NUMBER = re.compile(
    r"(?:[\s#.,:|/()\[\]·•–—-]|\b(?:pages?|p|pg|of|seite|s|von|página|pagina|pág|pag|de|di|van|sur|strona|str|z|стр|"
    r"страница|из)\b)*",
)  # a masked line that is a page number and nothing else

BESIDE_NUMBER = re.compile(r"^\d{1,4}[\s|·•–—-]+(?=\D)|[\s|·•–—-]+\d{1,4}$")


class BlockPosition(NamedTuple):
    """A block's place in the document: index of the page, and of the block on it, from 0."""

    page: int
    block: int


class Repeats:
    """On which pages the same words stand, kept apart for each ``kind`` of text."""

    def __init__(self) -> None:
        self._pages: dict[Hashable, set[int]] = defaultdict(set)

    def add(self, kind: Hashable, page: int, text: str) -> None:
        """Take note of a text on page number ``page``."""
        for sign in _signs(page, text):
            self._pages[kind, sign].add(page)

    def pages(self, kinds: Sequence[Hashable], page: int, text: str) -> set[int]:
        """The numbers of the pages that have a text like this one, in any of the kinds."""
        signs = list(_signs(page, text))
        none: set[int] = set()
        return max((none.union(*(self._pages.get((k, sign), none) for k in kinds)) for sign in signs), key=len)


class Told:
    """What a document says beside what repeats on its pages, and which of that was told."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self._blocks = blocks
        self._told = Repeats()
        self._runs: set[str] = set()

    @cached_property
    def _said(self) -> str:
        return "\n".join(["", *(_run(f"{block.text} {block.caption}") for block in self._blocks), ""])

    def is_news(self, page: int, text: str) -> bool:
        """Whether no other text has these words, a page number beside them aside; they are told from now on."""
        run, bare = _run(text), _run(_words(text))
        if not bare or is_page_number(text) or bare in self._runs or self._told.pages([""], page, text):
            return False
        if run in self._said or f"\n{bare}\n" in self._said:
            return False
        self._told.add("", page, text)
        self._runs |= {run, bare}
        return True


def find_running(pages: Sequence[tuple[Page, Sequence[Block]]], large: float = math.inf) -> set[BlockPosition]:
    """Find the running headers and footers of a document.

    Those are blocks that the layout model calls so on another page as well, and other texts in the margins of several
    pages at the same height. A header set in type of at least ``large`` points is a title: that of a few pages in a row
    is kept on the first.
    """
    return _classed(pages, large) | _unclassed(pages)


def find_first(pages: Sequence[tuple[Page, Sequence[Block]]], running: Collection[BlockPosition]) -> set[BlockPosition]:
    """Find, among the ``running`` lines of a document, the first one of each kind whose words stand nowhere else.

    Page numbers are no such words, and neither is what a heading, a text or a table of any page says, nor a mark
    laid aslant over the pages, which alone has no font size.
    """
    others = (
        block
        for i, (_, blocks) in enumerate(pages)
        for j, block in enumerate(blocks)
        if BlockPosition(i, j) not in running
    )
    told = Told(others)
    found = set()
    for place in sorted(running):
        page, blocks = pages[place.page]
        block = blocks[place.block]
        if block.font_size > 0 and told.is_news(page.number, block.text):
            found.add(place)
    return found


def is_page_number(text: str) -> bool:
    """Whether a text is a page number and nothing else."""
    return bool(PAGE_NUMBER.fullmatch(_masked(text)))


def _classed(pages: Sequence[tuple[Page, Sequence[Block]]], large: float) -> set[BlockPosition]:
    """Headers and footers; one that says no more than a heading of the page or an earlier one runs on, too."""
    repeats = Repeats()
    headings: dict[str, int] = {}
    page_numbers: set[int] = set()
    for page, blocks in pages:
        for block in blocks:
            if block.furniture:
                repeats.add("", page.number, block.text)
                page_numbers |= {page.number} if is_page_number(block.text) else set()
            elif block.kind in ("heading", "title"):
                headings.setdefault(_words(block.text), page.number)
    found = set()
    for i, (page, blocks) in enumerate(pages):
        for j, block in enumerate(blocks):
            if not block.furniture:
                continue
            if is_page_number(block.text):
                repeated = len(page_numbers) >= CLASSED_PAGES
            else:
                same = repeats.pages([""], page.number, block.text)
                title = block.font_size >= large and len(same) < HEADING_SHARE * len(pages)
                said = page.number - 1 in same if title else len(same) >= CLASSED_PAGES
                repeated = said or headings.get(_words(block.text), page.number + 1) <= page.number
            found |= {BlockPosition(i, j)} if repeated else set()
    return found


def _unclassed(pages: Sequence[tuple[Page, Sequence[Block]]]) -> set[BlockPosition]:
    """Texts and headings in the margins that stand on several pages at the same height."""
    repeats = Repeats()
    candidates: list[tuple[BlockPosition, Page, Block, bool]] = []
    for i, (page, blocks) in enumerate(pages):
        for j, block in enumerate(blocks):
            if block.kind in ("text", "list", "heading", "title") and _in_margin(page, block):
                heading = block.kind in ("heading", "title")
                if not block.furniture:
                    candidates.append((BlockPosition(i, j), page, block, heading))
                repeats.add(_kind(block, heading), page.number, block.text)
    found: set[BlockPosition] = set()
    for place, page, block, heading in candidates:
        kinds = [_kind(block, heading, shift) for shift in (-1, 0, 1)]
        least = max(PAGES, HEADING_SHARE * len(pages)) if heading else PAGES
        if len(repeats.pages(kinds, page.number, block.text)) >= least:
            found.add(place)
    return found


def _kind(block: Block, heading: bool, shift: int = 0) -> Hashable:
    """Texts at one height; headings only with the very same words, for chapters count on with their pages."""
    return block.text.lower() if heading else "", round(block.bbox.y0 / SHIFT) + shift


def _signs(page: int, text: str) -> Iterator[tuple[Hashable, ...]]:
    """What two texts have in common that say the same.

    The words with all their numbers; or with all but one, which counts on by one per page, or by two where a page shows
    two pages of a book; or with all of them counting on.
    """
    masked, numbers = _masked(text), [_value(match[0]) for match in COUNTED.finditer(text.lower())]
    yield masked, tuple(numbers)
    for step in (1, 2):
        offsets = [number - step * page for number in numbers]
        yield masked, step, tuple(offsets)
        for i, offset in enumerate(offsets):
            yield masked, step, i, (*numbers[:i], offset, *numbers[i + 1 :])


def _run(text: str) -> str:
    """The letters and digits of a text, to be looked for in another one."""
    return "".join(words_of(text))


def _words(text: str) -> str:
    """A heading without the page number that a running one has beside it."""
    return BESIDE_NUMBER.sub("", text.lower()).strip()


def _masked(text: str) -> str:
    """A text with "#" for each number, in lower case."""
    return COUNTED.sub("#", text.lower()).strip()


def _value(number: str) -> int:
    """The value of an Arabic or Roman number."""
    return int(number) if number.isdigit() else from_roman(number)


def _in_margin(page: Page, block: Block) -> bool:
    return 0 < len(block.text) <= LENGTH and in_margin(block.bbox, page.height)
