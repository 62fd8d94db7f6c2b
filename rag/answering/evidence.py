"""Hits become the numbered evidence that a model is shown, within a budget of tokens.

What is found may be a small piece; what is shown is the whole it belongs to (small-to-big): a short passage comes with
its neighbours under the same heading, a table or figure with its caption and the sentences that name it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from ingestion.elements import Chunk, Region
from ingestion.errors import UnreadableImage
from ingestion.formats.images import open_image
from ingestion.geometry import inside, pad, to_pixels
from rag.config import Settings
from rag.text.passages import content_terms, shorten, tokens
from rag.types import Evidence, Hit

if TYPE_CHECKING:
    from rag.storage.reader import IndexReader

MOST_PIECES = 16
"""Most numbered pieces. For 90 questions to 40 documents (2026-11-21) 10, 14, 20 and 30 pieces held an evidence page of
76, 80, 82 and 84, at 1,500, 2,100, 3,000 and 4,000 tokens."""

SHORT_PASSAGE = 120
"""Tokens below which a passage gets its neighbours under the same heading."""

PARENT = 400
"""Tokens such a passage may grow to."""

LARGEST_SHARE = 0.4
"""Share of the token budget that one piece may take."""

LEAST_PIECE = 60
"""Tokens of budget below which no further piece is begun."""

SAME_PLACE = 0.7
"""Share of the smaller of two boxes inside the other, from which they are the same place."""

SAME_WORDS = 0.8
"""Share of a piece's terms in an earlier one at the same place, from which it says nothing new."""

PADDING = 4.0
"""Points around a box when a picture is cut out for it."""


def gather(index: IndexReader, hits: Sequence[Hit], settings: Settings) -> tuple[Evidence, ...]:
    """The best hits as Evidence, best first, without repeats, within ``settings.llm_tokens`` tokens of text.

    The chunk of each Evidence keeps the hit's own box; its text may be larger than the chunk.
    """
    found: list[Evidence] = []
    left = settings.llm_tokens
    for hit in hits:
        if len(found) == MOST_PIECES or left < LEAST_PIECE:
            break
        chunk = _located(hit)
        beside = _beside(index, chunk) if chunk.kind == "text" else ()
        text = _parent_text(index, chunk, beside, found)
        if text is None or any(_repeats(chunk, text, earlier) for earlier in found):
            continue
        text = shorten(text, min(left, max(LEAST_PIECE, int(settings.llm_tokens * LARGEST_SHARE))))
        left -= tokens(text)
        found.append(_evidence(index, len(found) + 1, chunk, text, hit, beside))
    return tuple(found)


def whole(index: IndexReader, number: int, chunk: Chunk) -> Evidence:
    """A chunk as the evidence of a number, as it is: without what stands around it."""
    return _evidence(index, number, chunk, chunk.text, Hit(chunk, 1.0), ())


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


def _parent_text(index: IndexReader, chunk: Chunk, beside: Sequence[Chunk], earlier: Sequence[Evidence]) -> str | None:
    """Everything the evidence says, or None where earlier pieces have said it all."""
    if chunk.kind == "text":
        return "\n\n".join(c.text for c in beside) or chunk.text
    if chunk.kind == "page":
        return _rest_of_page(index, chunk, earlier)
    return "\n".join(part for part in (chunk.caption, chunk.text, chunk.mentions) if part)


def _beside(index: IndexReader, chunk: Chunk) -> tuple[Chunk, ...]:
    """A short passage with the passages around it under the same heading of the same page, in reading order; nothing
    for a long one."""
    if tokens(chunk.text) >= SHORT_PASSAGE:
        return ()
    around = [c for c in index.catalogue.chunks_of(chunk.doc, chunk.page, ("text",)) if c.heading == chunk.heading]
    ids = [c.id for c in around]
    if chunk.id not in ids:
        return ()
    first = last = ids.index(chunk.id)
    while first > 0 or last < len(around) - 1:
        wider = (max(0, first - 1), min(len(around) - 1, last + 1))
        if tokens("\n\n".join(c.text for c in around[wider[0] : wider[1] + 1])) > PARENT:
            break
        first, last = wider
    return tuple(around[first : last + 1])


def _rest_of_page(index: IndexReader, chunk: Chunk, earlier: Sequence[Evidence]) -> str | None:
    """A page's text without the passages already shown as evidence of their own."""
    shown = [e for e in earlier if e.chunk.doc == chunk.doc and e.chunk.page == chunk.page]
    if not shown:
        return chunk.text
    parts = index.catalogue.chunks_of(chunk.doc, chunk.page, ("text", "table", "figure"))
    said = "\n".join(e.text for e in shown)
    ids = {e.chunk.id for e in shown}
    rest = "\n\n".join(p.text for p in parts if p.text and p.text not in said and p.id not in ids)
    return rest if tokens(rest) >= LEAST_PIECE // 2 else None


def _repeats(chunk: Chunk, text: str, earlier: Evidence) -> bool:
    """Whether an earlier piece shows the same place and says the same words."""
    other = earlier.chunk
    if chunk.id == other.id:
        return True
    if chunk.doc != other.doc or chunk.page != other.page or "page" in (chunk.kind, other.kind):
        return False
    if {chunk.kind, other.kind} == {"text"} and chunk.text and chunk.text in earlier.text:
        return True
    overlap = max(inside(chunk.bbox, other.bbox), inside(other.bbox, chunk.bbox))
    own = set(content_terms(text))
    return overlap > SAME_PLACE and len(own & set(content_terms(earlier.text))) >= SAME_WORDS * len(own)


def _evidence(index: IndexReader, number: int, chunk: Chunk, text: str, hit: Hit, beside: Sequence[Chunk]) -> Evidence:
    page = index.catalogue.page(chunk.doc, chunk.page)
    document = index.catalogue.document(chunk.doc)
    places = dict.fromkeys((spot.doc, spot.page) for spot in hit.also)
    return Evidence(
        number=number,
        chunk=chunk,
        doc_name=document.name,
        text=text,
        crop=index.files.path(chunk.doc, chunk.image) if chunk.image else None,
        page_image=index.files.path(chunk.doc, page.image) if page.image else None,
        page_size=(page.width, page.height),
        score=hit.score,
        also=tuple(f"{index.catalogue.document(doc).name}, page {other}" for doc, other in places),
        pictured=hit.same_picture,
        doc_title=document.title,
        beside=tuple(c for c in beside if c.id != chunk.id),
    )


def _open(path: Path | None) -> Image.Image | None:
    if path is None:
        return None
    try:
        with open_image(path) as picture:
            return picture.convert("RGB")
    except (OSError, UnreadableImage):
        return None
