"""Hits that only point elsewhere, and where they point: headings alone, tables of contents, indexes at the end.

    Setting the clock ............ 12   →   the section "Setting the clock" on page 12

Such a hit gives way to the section that it names; contents and indexes come last themselves.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from ingestion.elements import Chunk
from rag.answering.evidence.surroundings import Surroundings, headings_of
from rag.text.passages import content_terms
from rag.text.plain import plain_words
from rag.types import SAME_PICTURE, Hit, PageId

if TYPE_CHECKING:
    from rag.storage.reader import IndexReader

LEAST_ENTRIES = 4
"""Lines with a title and a page from which a text may be a table of contents."""

SHARE_OF_LINES = 0.5
"""Of a text's lines, those that are such entries in a table of contents."""

RISING = 0.8
"""Share of neighbouring entries whose pages do not fall in a table of contents."""

NAMED = 0.5
"""Share of entries that are headings of the document where no dots lead to their pages."""

LEAST_INDEXED = 8
"""Lines of an index at the end of a document: a word with its pages, in the order of the alphabet."""

SEVERAL_PAGES = 0.25
"""Share of an index's words with several pages: a list of names with one number each is data."""

LEAST_INITIALS = 4
"""Letters that the words of an index begin with."""

LAST_PART = 0.75
"""Share of a document's pages after which an index stands."""

FEW_WORDS = 6
"""Words up to which a passage without a number or the end of a sentence says nothing by itself."""

LONGEST_ENTRY = 160
"""Characters of a line that may be an entry."""

_SEEN: frozenset[str] = frozenset({"text to image", "image to image", SAME_PICTURE})
_DOTS = re.compile(r"(?<![.·…_])(?<![.·…_] )(?:…|(?:[.·_] ?){4,}+)[.·…_ ]*+(?P<page>\d{1,4})(?!\d)")
_NUMBER_LAST = re.compile(r"[\s|]*(?P<title>[^\s|][^|]*?)(?:\s*\|\s*|\s)(?P<page>\d{1,4})[\s|]*")
_NUMBER_FIRST = re.compile(r"[\s|]*(?P<page>\d{1,4})(?:\s*\|\s*|\s)\s*(?P<title>[^\W\d][^|]*)[\s|]*")
_INDEXED = re.compile(r"[\s*•·–-]*(?P<term>[^\W\d][^|]*?)[,\s.·…]+\d{1,4}(?P<more>(?:\s*[,–-]\s*\d{1,4})*)\s*")
_RULE = re.compile(r"^[\s|:-]*$")


class Entry(NamedTuple):
    """A line of a table of contents."""

    title: str
    page: int


class Signposts:
    """Tells hits that only point elsewhere from those that say something, and follows them."""

    def __init__(self, index: IndexReader, around: Surroundings, question: str) -> None:
        self._index, self._around = index, around
        self._wanted = frozenset(content_terms(question))
        self._headings: dict[str, Mapping[str, Sequence[int]]] = {}
        self._pages: Counter[PageId] = Counter()

    def followed(self, hits: Sequence[Hit]) -> list[Hit]:
        """The hits in their order, what they point to in place of those that only point; contents, indexes and scraps
        of text last. The best hit stays first, whatever it is: it may be asked for the contents."""
        self._pages = Counter(hit.page for hit in hits)
        first: list[Hit] = []
        last: list[Hit] = []
        for hit in hits:
            entries = [] if hit.same_picture else self._contents(hit.chunk)
            if entries:
                (last if first else first).append(hit)
                first += self._named(hit, entries)
            elif not hit.same_picture and self._is_index(hit.chunk):
                (last if first else first).append(hit)
            elif section := self._around.section(hit.chunk):
                first.append(replace(hit, chunk=section[0], region=None))
            else:
                (last if first and self._is_scrap(hit) else first).append(hit)
        return [*first, *last]

    def _contents(self, chunk: Chunk) -> list[Entry]:
        """The entries of a table of contents; none of all else."""
        if chunk.kind == "figure":
            return []
        dotted = _dotted(chunk.text)
        if len(dotted) >= LEAST_ENTRIES and _rise(dotted):
            return dotted
        lines = [line for line in chunk.text.split("\n") if not _RULE.match(line)]
        for pattern in (_NUMBER_LAST, _NUMBER_FIRST):
            found = [Entry(m["title"].strip(), int(m["page"])) for m in _matches(pattern, lines)]
            if len(found) >= max(LEAST_ENTRIES, SHARE_OF_LINES * len(lines)) and _rise(found):
                headings = self._headings_of(chunk.doc)
                named = [plain_words(entry.title) in headings for entry in found]
                if sum(named) >= NAMED * len(found):
                    return found
        return []

    def _named(self, hit: Hit, entries: Sequence[Entry]) -> list[Hit]:
        """The section of the entry that has most of the question; none where none has any, or it is not to be found."""
        scored = [(sum(map(len, self._wanted.intersection(content_terms(e.title)))), e) for e in entries]
        share, entry = max(scored, key=lambda pair: pair[0])
        name = plain_words(entry.title)
        pages = self._headings_of(hit.chunk.doc).get(name, ()) if share else ()
        for page in sorted(pages, key=lambda page: abs(page - entry.page)):
            under = self._around.under(hit.chunk.doc, page, name)
            if under:
                return [replace(hit, chunk=under[0], region=None)]
        return []

    def _headings_of(self, doc: str) -> Mapping[str, Sequence[int]]:
        """The headings of a document, with the pages on which something stands under them."""
        if doc not in self._headings:
            found: dict[str, list[int]] = defaultdict(list)
            for path, page in self._index.catalogue.headings(doc):
                for name in headings_of(path):
                    found[name].append(page)
            self._headings[doc] = found
        return self._headings[doc]

    def _is_index(self, chunk: Chunk) -> bool:
        if chunk.kind not in ("text", "page"):
            return False
        lines = chunk.text.split("\n")
        found = _matches(_INDEXED, lines)
        if len(found) < max(LEAST_INDEXED, SHARE_OF_LINES * len(lines)):
            return False
        initials = [plain_words(m["term"])[:1] for m in found]
        ordered = sum(a <= b for a, b in pairwise(initials)) >= RISING * (len(initials) - 1)
        several = sum(bool(m["more"]) for m in found) >= SEVERAL_PAGES * len(found)
        if not ordered or not several or len(set(initials)) < LEAST_INITIALS:
            return False
        return chunk.page > LAST_PART * self._index.catalogue.document(chunk.doc).pages

    def _is_scrap(self, hit: Hit) -> bool:
        """A picture without a word, unless it was found as a picture or keeps its page; or a few words that are no
        sentence and hold no number, with nothing around them."""
        chunk, text = hit.chunk, hit.chunk.text.strip()
        if chunk.kind == "figure" and not (text or chunk.caption or chunk.mentions):
            return self._pages[hit.page] > 1 and not _SEEN.intersection(hit.channels)
        if hit.chunk.kind != "text" or len(text.split()) > FEW_WORDS or any(c.isdigit() for c in text):
            return False
        return (
            not text.endswith((".", "!", "?", ":", "。", "！", "？", "：")) and len(self._around.around(hit.chunk)) == 1
        )


def _matches(pattern: re.Pattern[str], lines: Sequence[str]) -> list[re.Match[str]]:
    """The lines that are entries as a whole."""
    return [m for line in lines if len(line) <= LONGEST_ENTRY and (m := pattern.fullmatch(line)) is not None]


def _dotted(text: str) -> list[Entry]:
    """The entries whose title is led to its page by dots; several may stand in one line."""
    found, end = [], 0
    for match in _DOTS.finditer(text):
        title = text[max(end, match.start() - LONGEST_ENTRY) : match.start()].split("\n")[-1].split("|")[-1].strip()
        if title:
            found.append(Entry(title, int(match["page"])))
        end = match.end()
    return found


def _rise(entries: Sequence[Entry]) -> bool:
    pages = [entry.page for entry in entries]
    return sum(a <= b for a, b in pairwise(pages)) >= RISING * (len(pages) - 1)
