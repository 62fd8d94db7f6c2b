"""Hits become the numbered evidence that a model is shown, within a budget of tokens.

What is found may be a small piece; what is shown is the whole it belongs to (small-to-big): a short passage comes with
its neighbours under the same heading, a table or figure with its caption and the sentences that name it. What says
nothing new is taken in by the piece that says it already; what only points elsewhere gives way to what it points to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from ingestion.elements import Chunk, ChunkKind, Region
from ingestion.errors import UnreadableImage
from ingestion.formats.images import open_image
from ingestion.geometry import area, inside, pad, to_pixels
from ingestion.recordings.cues import span_of
from rag.answering.evidence.continued_tables import with_column_names
from rag.answering.evidence.referred import Referred
from rag.answering.evidence.shortening import shortened
from rag.answering.evidence.signposts import Signposts
from rag.answering.evidence.surroundings import Surroundings
from rag.config import Settings
from rag.text.passages import content_terms, tokens
from rag.text.plain import plain_words
from rag.types import Evidence, FoundBy, Hit, Pointer

if TYPE_CHECKING:
    from rag.storage.reader import IndexReader

MOST_PIECES = 16
"""Most numbered pieces. For 90 questions to 40 documents (2026-11-21) 10, 14, 20 and 30 pieces held an evidence page of
76, 80, 82 and 84, at 1,500, 2,100, 3,000 and 4,000 tokens."""

LARGEST_SHARE = 0.4
"""Share of the tokens that are left which one piece may take: the first pieces are whole, later ones are shortened."""

LEAST_PIECE = 60
"""Tokens of budget below which no further piece is begun."""

MOST_PASSAGES = 6
"""Passages of the first page that are shown beside its figures."""

FIRST_PAGES = 4
"""Pages with passages beside their figures where nothing but figures was found."""

FEW_WORDS = 3
"""Words read in a figure, up to which it says nothing: "R.50"."""

SPOKEN: frozenset[ChunkKind] = frozenset({"text", "page"})
"""Kinds that say something in sentences."""

SOON = 8
"""Hits among which a passage of the first page has to be found; a later one may not become evidence any more."""

SAME_PLACE = 0.7
"""Share of the smaller of two boxes inside the other, from which they are the same place."""

SAME_WORDS = 0.8
"""Share of a piece's terms in an earlier one at the same place, from which it says nothing new."""

ON_THE_PAGE = 0.95
"""Share of a passage's terms in the whole page that is shown already, from which it says nothing new."""

SAME_ELSEWHERE = 8
"""Words from which two passages or tables of the same words, in two places, are one piece."""

MOST_WORDS = 0.5
"""Share of a figure's words in the texts that stand in it, from which it is these with a picture."""

PADDING = 4.0
"""Points around a box when a picture is cut out for it."""


def gather(
    index: IndexReader,
    hits: Sequence[Hit],
    settings: Settings,
    question: str = "",
    kinds: Collection[ChunkKind] | None = None,
) -> tuple[Evidence, ...]:
    """The best hits as Evidence, best first, without repeats, within ``settings.llm_tokens`` tokens of text.

    The chunk of each Evidence keeps the hit's own box; its text may be larger than the chunk. ``question``: its words
    choose what stays of a piece that has to be shortened, and the line of a table of contents that is followed.
    ``kinds`` are those that were searched for, where not all.
    """
    around = Surroundings(index, [hit.chunk.id for hit in hits])
    if kinds is None or not SPOKEN.isdisjoint(kinds):
        hits = _with_words(hits, around)
    packing = _Packing(index, around, settings.llm_tokens, frozenset(content_terms(question)))
    for hit in Signposts(index, around, question).followed(hits):
        if packing.full:
            break
        packing.add(hit)
    packing.follow(Referred(index, around, question))
    return tuple(packing.evidence())


def _with_words(hits: Sequence[Hit], around: Surroundings) -> list[Hit]:
    """The hits; where of the first one's page nothing but figures was found soon, with its passages right after it: a
    page that was found by meaning may well have put its drawing first. Where hardly anything that was found says
    something, as in a manual of photos that is asked in another language, with those of the first pages."""
    if not hits:
        return []
    spoken = any(hit.chunk.kind in SPOKEN for hit in hits)
    if not spoken and 2 * sum(_says_anything(hit.chunk) for hit in hits[:SOON]) >= len(hits[:SOON]):
        return list(hits)
    soon = {hit.page for hit in hits[:SOON] if hit.chunk.kind != "figure"}
    pages = list(dict.fromkeys(hit.page for hit in hits if hit.chunk.kind == "figure"))
    wordless = [page for page in pages if page not in soon][: 1 if spoken else FIRST_PAGES]
    if spoken and hits[0].page not in wordless:
        return list(hits)
    found: list[Hit] = []
    for hit in hits:
        found.append(hit)
        if hit.page in wordless:
            wordless.remove(hit.page)
            parts = around.parts(hit.chunk.doc, hit.chunk.page)
            said = [part for part in parts if part.kind == "text" and part.page == hit.chunk.page][:MOST_PASSAGES]
            found += [Hit(part, hit.score) for part in said]
    return found


def _says_anything(chunk: Chunk) -> bool:
    return chunk.kind != "figure" or bool(chunk.caption or chunk.mentions) or len(chunk.text.split()) > FEW_WORDS


@dataclass
class _Piece:
    """A piece of evidence that is being put together."""

    hit: Hit
    chunk: Chunk
    beside: list[Chunk]
    text: str
    said: str
    also: list[tuple[str, int]] = field(default_factory=list)
    pictured: bool = False
    points: list[tuple[str, _Piece]] = field(default_factory=list)

    @cached_property
    def terms(self) -> frozenset[str]:
        """The terms of all it says, before it was shortened."""
        return frozenset(content_terms(self.said))

    def has(self, chunk: Chunk) -> bool:
        return any(chunk.id == own.id for own in (self.chunk, *self.beside))


class _Packing:
    """The pieces so far, and the tokens that are left."""

    def __init__(self, index: IndexReader, around: Surroundings, budget: int, wanted: frozenset[str]) -> None:
        self._index, self._around, self._left, self._wanted = index, around, budget, wanted
        self._pieces: list[_Piece] = []

    @property
    def full(self) -> bool:
        return len(self._pieces) == MOST_PIECES or self._left < LEAST_PIECE

    def add(self, hit: Hit) -> None:
        """One more hit: a piece of its own, or taken in by the one that says it already."""
        pieces = len(self._pieces)
        self._add(hit)
        if hit.same_picture and len(self._pieces) == pieces:
            self._note_pictured(_located(hit))

    def _note_pictured(self, chunk: Chunk) -> None:
        """The question's picture stands in a piece that says so already: the smallest one around it."""
        there = [p for p in self._pieces if (p.chunk.doc, p.chunk.page) == (chunk.doc, chunk.page)]
        around = [p for p in there if p.has(chunk) or inside(chunk.bbox, p.chunk.bbox) > SAME_PLACE]
        if around:
            min(around, key=lambda piece: area(piece.chunk.bbox)).pictured = True

    def _add(self, hit: Hit) -> None:
        chunk = self._named(_located(hit))
        if any(piece.has(chunk) and chunk.text in piece.text for piece in self._pieces) or self._elsewhere(chunk):
            return
        beside = self._beside(chunk)
        text = self._text(chunk, beside)
        if not text and chunk.kind in ("page", "text"):
            return
        new = _Piece(hit, chunk, beside, text, text)
        earlier = next((piece for piece in self._pieces if _says(piece, new)), None)
        if earlier is not None:
            if area(chunk.bbox) < area(earlier.chunk.bbox) and not earlier.has(chunk):
                earlier.beside.append(chunk)  # the closer box, for what is quoted from there
            return
        new.text = shortened(text, max(LEAST_PIECE, int(self._left * LARGEST_SHARE)), self._wanted)
        self._left -= tokens(new.text)
        self._pieces.append(new)

    def _named(self, chunk: Chunk) -> Chunk:
        """A table that goes on from the page before with the column names of that page."""
        if chunk.kind != "table" or chunk.page < 2:
            return chunk
        page, before = (self._around.parts(chunk.doc, number) for number in (chunk.page, chunk.page - 1))
        return with_column_names(chunk, page, before)

    def follow(self, referred: Referred) -> None:
        """What the pieces refer to becomes evidence, too, last and beyond the most pieces."""
        for lead in referred.leads([(piece.chunk, piece.text) for piece in self._pieces]):
            if self._showing(lead.target) is None and self._left >= LEAST_PIECE:
                self.add(Hit(lead.target, 0.0))
            shown, piece = self._showing(lead.target), self._pieces[lead.place]
            if shown is not None and shown is not piece:
                piece.points.append((lead.written, shown))

    def _showing(self, chunk: Chunk) -> _Piece | None:
        """The piece that shows a chunk, the one that was found by it before those that took it in."""
        having = [piece for piece in self._pieces if piece.has(chunk) and chunk.text in piece.text]
        return min(having, key=lambda piece: piece.chunk.id != chunk.id, default=None)

    def evidence(self) -> Iterable[Evidence]:
        numbers = {id(piece): number for number, piece in enumerate(self._pieces, 1)}
        for number, piece in enumerate(self._pieces, 1):
            pointers = (Pointer(words, numbers[id(shown)], _name(shown.chunk)) for words, shown in piece.points)
            yield replace(_evidence(self._index, number, piece), points=tuple(dict.fromkeys(pointers)))

    def _elsewhere(self, chunk: Chunk) -> bool:
        """Whether an earlier piece says word for word the same in another place, which it then names, too."""
        if chunk.kind not in ("text", "table"):
            return False
        words = plain_words(f"{chunk.caption} {chunk.text}")
        if words.count(" ") < SAME_ELSEWHERE:
            return False
        for piece in self._pieces:
            other = piece.chunk
            if other.kind == chunk.kind and words == plain_words(f"{other.caption} {other.text}"):
                place = (chunk.doc, chunk.page)
                if place != (other.doc, other.page) and place not in piece.also:
                    piece.also.append(place)
                return True
        return False

    def _beside(self, chunk: Chunk) -> list[Chunk]:
        """The chunks that a piece takes in, itself among them, in the order of its text."""
        if chunk.kind == "figure":
            return [chunk, *self._written_in(chunk)]
        if chunk.kind == "text":
            shown = {own.id for piece in self._pieces for own in (piece.chunk, *piece.beside)}
            return [chunk if part.id == chunk.id else part for part in self._around.around(chunk, shown)]
        return self._rest_of_page(chunk) if chunk.kind == "page" else [chunk]

    def _text(self, chunk: Chunk, beside: Sequence[Chunk]) -> str:
        """Everything a piece says, empty where earlier ones have said it all."""
        if chunk.kind == "text":
            return "\n\n".join(_whole(part) if part.kind != "text" else part.text for part in beside)
        if chunk.kind != "page":
            return _whole(chunk)
        if not any(piece.chunk.doc == chunk.doc and piece.chunk.page == chunk.page for piece in self._pieces):
            return chunk.text
        rest = "\n\n".join(part.text for part in beside)
        return rest if tokens(rest) >= LEAST_PIECE // 2 else ""

    def _written_in(self, figure: Chunk) -> list[Chunk]:
        """The texts and tables of a page that stand in a figure of it, as on a slide that was read as one; none where
        they are not most of its words."""
        parts = [p for p in self._around.parts(figure.doc, figure.page) if p.kind in ("text", "table") and p.text]
        within = [p for p in parts if p.page == figure.page and inside(p.bbox, figure.bbox) > SAME_PLACE]
        words = len(figure.text.split())
        return within if len(within) > 1 and sum(len(p.text.split()) for p in within) >= MOST_WORDS * words else []

    def _rest_of_page(self, chunk: Chunk) -> list[Chunk]:
        """The parts of a page that are not yet shown as evidence of their own."""
        shown = [p for p in self._pieces if p.chunk.doc == chunk.doc and p.chunk.page == chunk.page]
        said = "\n".join(piece.text for piece in shown)
        parts = self._around.parts(chunk.doc, chunk.page)
        return [p for p in parts if p.text and p.text not in said and not any(p.id == s.chunk.id for s in shown)]


def whole(index: IndexReader, number: int, chunk: Chunk) -> Evidence:
    """A chunk as the evidence of a number, as it is: without what stands around it."""
    return _evidence(index, number, _Piece(Hit(chunk, 1.0), chunk, [chunk], chunk.text, chunk.text))


def crop_image(evidence: Evidence) -> Image.Image | None:
    """The picture of a piece of evidence: its crop, else its box cut from the page image, else None.

    Raises nothing for a missing or broken picture file: the answer is then given without it.
    """
    if evidence.chunk.kind == "page":
        return _open(evidence.page_image)
    picture = _open(evidence.crop)
    return picture if picture is not None else _cut_from_page(evidence)


def _cut_from_page(evidence: Evidence) -> Image.Image | None:
    page = _open(evidence.page_image)
    if page is None:
        return None
    width, height = evidence.page_size
    box = pad(evidence.chunk.bbox, PADDING, width, height)
    return page.crop(to_pixels(box, page.width / width, page.height / height))


def _located(hit: Hit) -> Chunk:
    """The hit's chunk, with its first box replaced where the match itself located one."""
    if hit.region is None or hit.region == hit.chunk.bbox:
        return hit.chunk
    return replace(hit.chunk, regions=(Region(hit.chunk.page, hit.region), *hit.chunk.regions[1:]))


def _name(chunk: Chunk) -> str:
    """The heading right above a part of a page, and its caption."""
    return f"{chunk.heading.split(' > ')[-1]} {chunk.caption}".strip()


def _whole(chunk: Chunk) -> str:
    """A table or figure with its caption and the sentences that name it."""
    return "\n".join(part for part in (chunk.caption, chunk.text, chunk.mentions) if part)


def _says(piece: _Piece, new: _Piece) -> bool:
    """Whether an earlier piece shows the same place and says the same words."""
    chunk, other = new.chunk, piece.chunk
    if chunk.id == other.id:
        return True
    if chunk.doc != other.doc or chunk.page != other.page or chunk.kind == "page":
        return False
    if other.kind == "page":
        return chunk.kind == "text" and _share(new, piece) >= ON_THE_PAGE
    if chunk.kind == other.kind == "text" and chunk.text and chunk.text in piece.text:
        return True
    overlap = max(inside(chunk.bbox, other.bbox), inside(other.bbox, chunk.bbox))
    return overlap > SAME_PLACE and _share(new, piece) >= SAME_WORDS


def _share(new: _Piece, piece: _Piece) -> float:
    """The share of a piece's terms that another one says; 1 for one without words."""
    return len(new.terms & piece.terms) / len(new.terms) if new.terms else 1.0


def _evidence(index: IndexReader, number: int, piece: _Piece) -> Evidence:
    hit, chunk = piece.hit, piece.chunk
    page = index.catalogue.page(chunk.doc, chunk.page)
    document = index.catalogue.document(chunk.doc)
    places = dict.fromkeys([*((spot.doc, spot.page) for spot in hit.also), *piece.also])
    return Evidence(
        number=number,
        chunk=chunk,
        doc_name=document.name,
        text=piece.text,
        crop=index.files.path(chunk.doc, chunk.image) if chunk.image and shows_its_page(chunk) else None,
        page_image=index.files.path(chunk.doc, page.image) if page.image else None,
        page_size=(page.width, page.height),
        score=hit.score,
        also=tuple(_told(index, doc, other) for doc, other in places),
        pictured=hit.same_picture or piece.pictured,
        doc_title=document.title,
        beside=tuple(part for part in piece.beside if part.id != chunk.id),
        found_by=tuple(FoundBy(way, seen.rank) for way, seen in hit.channels.items()),
        time=page.label if span_of(page.label) else "",
    )


def shows_its_page(chunk: Chunk) -> bool:
    """Whether its picture, which is of the page that it begins on, is of the page that comes first here: of a table
    over pages, the one that was found."""
    return chunk.page == min(region.page for region in chunk.regions)


def _told(index: IndexReader, doc: str, page: int) -> str:
    """``manual.pdf, page 4``, or ``repair.mp4, 03:20–04:20``."""
    label = index.catalogue.page(doc, page).label
    return f"{index.catalogue.document(doc).name}, {label if span_of(label) else f'page {page}'}"


def _open(path: Path | None) -> Image.Image | None:
    if path is None:
        return None
    try:
        with open_image(path) as picture:
            return picture.convert("RGB")
    except (OSError, UnreadableImage):
        return None
