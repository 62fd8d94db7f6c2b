"""Elements to chunks, the pieces that are searched for and cited: one per passage, table, figure and page.

Short passages that stand together become one; a table that goes on over pages becomes one chunk with a region per
page. A sentence that a page's end breaks is whole in the passage where it begins, which has a region on both pages.
Windows of an encoder's length are cut later, when vectors are made.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from types import MappingProxyType

from ingestion.captions.mentions import Key, find_mentions
from ingestion.elements import BBox, Chunk, ChunkKind, Element, Page, Region
from ingestion.geometry import gap, horizontal_overlap, union
from ingestion.tables.continuation import join_continued
from ingestion.text.sentences import continued

SHORT_WORDS = 15  # a passage shorter than this joins its neighbour
JOINED_WORDS = 90  # as long as both stay under this together
JOIN_GAP = 24.0  # points
AROUND = 2  # footers and notes below a page's last passage, or headers above its first, at most
HEADING_CHARS = 160  # of a heading in the path of what stands below it, at most


def build_chunks(
    doc: str,
    pages: Sequence[Page],
    elements: Sequence[Element],
    page_texts: Mapping[int, str],
    explained: Mapping[Key, str] = MappingProxyType({}),
) -> list[Chunk]:
    """All chunks of a document, page by page: passages, tables and figures in reading order, then the page itself.

    ``page_texts`` are the words of whole pages, by page number; ``explained`` lines that say what is shown in a figure,
    by its page and order, beside the sentences that name it.
    """
    named = find_mentions(elements)
    mentions = {
        key: "\n".join(part for part in (named.get(key), explained.get(key)) if part) for key in (*named, *explained)
    }
    by_page: dict[int, list[Element]] = defaultdict(list)
    for element in elements:
        by_page[element.region.page].append(element)
    chunks: list[Chunk] = []
    passages = _with_whole_sentences({page.number: _passages(doc, by_page[page.number]) for page in pages})
    for page in pages:
        chunks += passages[page.number]
        for element in by_page[page.number]:
            if element.kind in ("table", "figure"):
                _add_picture(doc, chunks, element, mentions.get((page.number, element.order), ""))
        whole = Region(page.number, BBox(0.0, 0.0, page.width, page.height))
        chunks.append(Chunk("", doc, "page", page_texts.get(page.number, ""), (whole,), image=page.image))
    return _with_ids(chunks)


def _passages(doc: str, elements: Sequence[Element]) -> list[Chunk]:
    captions = {line for e in elements if e.kind in ("figure", "table") for line in (e.caption, *e.caption.split("\n"))}
    passages: list[Chunk] = []
    lone: Element | None = None  # a heading nothing has followed yet
    for element in elements:
        if element.kind in ("heading", "title"):
            if lone is not None:
                passages.append(_chunk(doc, "text", lone))
            lone = element
            continue
        if element.kind in ("table", "figure"):
            lone = None if element.caption and lone is not None and element.caption == lone.text else lone
            continue
        if not element.text or (element.kind == "caption" and element.text in captions):
            continue
        if lone is not None and not element.heading.endswith(lone.text[:HEADING_CHARS]):
            passages.append(_chunk(doc, "text", lone))  # the text is not below it: a footer, or of another column
        lone = None
        chunk = _chunk(doc, "text", element)
        if passages and _joins(passages[-1], chunk):
            passages[-1] = _joined(passages[-1], chunk)
        else:
            passages.append(chunk)
    if lone is not None:
        passages.append(_chunk(doc, "text", lone))
    return passages


def _with_whole_sentences(passages: Mapping[int, Sequence[Chunk]]) -> dict[int, list[Chunk]]:
    """The passages by page, those that break off at a page's end with the end of the sentence; it is taken from the
    passage that goes on with it."""
    result = {page: list(own) for page, own in passages.items()}
    for page, own in result.items():
        following = result.get(page + 1, [])
        for last, first in product(_at_foot(own), _at_head(following)):
            whole = continued(last.text, first.text) if last.heading == first.heading else None
            if whole is None:
                continue
            own[own.index(last)] = replace(last, text=whole.text, regions=(*last.regions, *first.regions[:1]))
            rest = [replace(first, text=whole.rest)] if whole.rest else []
            place = following.index(first)
            following[place : place + 1] = rest
            break
    return result


def _at_foot(passages: Sequence[Chunk]) -> list[Chunk]:
    """The last passage of a page, and those before it that only footers and notes stand below."""
    found = [*reversed(passages)][: AROUND + 1]
    return [c for i, c in enumerate(found) if all(c.bbox.y1 <= other.bbox.y0 for other in found[:i])]


def _at_head(passages: Sequence[Chunk]) -> list[Chunk]:
    """The first passage of a page, and those behind it that only short ones, such as a header, stand above."""
    found = passages[: AROUND + 1]
    return [
        c
        for i, c in enumerate(found)
        if all(other.bbox.y1 <= c.bbox.y0 and len(other.text.split()) < SHORT_WORDS for other in found[:i])
    ]


def _joins(a: Chunk, b: Chunk) -> bool:
    counts = len(a.text.split()), len(b.text.split())
    return (
        min(counts) < SHORT_WORDS
        and sum(counts) <= JOINED_WORDS
        and a.heading == b.heading
        and a.page == b.page
        and gap(a.bbox, b.bbox) <= JOIN_GAP
        and horizontal_overlap(a.bbox, b.bbox) > 0.3
    )


def _joined(a: Chunk, b: Chunk) -> Chunk:
    return replace(a, text=f"{a.text}\n{b.text}", regions=(Region(a.page, union([a.bbox, b.bbox])),))


def _add_picture(doc: str, chunks: list[Chunk], element: Element, mentions: str) -> None:
    """A table continued from the page before grows that table's chunk by a region and rows."""
    if element.continues is not None:
        for i in range(len(chunks) - 1, -1, -1):
            earlier = chunks[i]
            if earlier.kind == "table" and earlier.regions[-1].page == element.region.page - 1:
                text = join_continued(earlier.text, element.cells)
                chunks[i] = replace(earlier, text=text, regions=(*earlier.regions, element.region))
                return
    kind: ChunkKind = "table" if element.kind == "table" else "figure"
    chunks.append(_chunk(doc, kind, element, mentions))


def _chunk(doc: str, kind: ChunkKind, element: Element, mentions: str = "") -> Chunk:
    return Chunk(
        "", doc, kind, element.text, (element.region,), element.caption, element.heading, mentions, element.image
    )


def _with_ids(chunks: Sequence[Chunk]) -> list[Chunk]:
    """``id`` hashes document, page, kind, content and the ordinal among equals."""
    seen: Counter[str] = Counter()
    result = []
    for chunk in chunks:
        content = "\0".join((chunk.doc, str(chunk.page), chunk.kind, chunk.caption, chunk.text))
        digest = hashlib.sha256(f"{content}\0{seen[content]}".encode()).hexdigest()[:24]
        seen[content] += 1
        result.append(replace(chunk, id=digest))
    return result
