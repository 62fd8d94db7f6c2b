"""A citation narrowed down to the place that holds its quote.

A cited page becomes the passage, table or figure on it that has most of the quote's words; a passage its lines; a table
over several pages the right part. Where no place holds the quote, the citation stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ingestion.callouts.linking import label_mentions
from ingestion.elements import BBox, Chunk, Region
from ingestion.geometry import MOSTLY_INSIDE, area, in_one_row, inside, union
from rag.answering.passages.quotations import tables_of
from rag.retrieval.callouts import ShownLabel, explained_row
from rag.text.passages import content_terms
from rag.types import Citation, Evidence

if TYPE_CHECKING:
    from rag.storage.reader import IndexReader

LEAST_SHARED = 0.7
"""Share of a quote's terms that a part of a page must hold to stand for the page."""

LINE_SHARE = 0.4
"""Of a line's words, in the quotation: it stands there; the first and the last line are shared with what is around."""

ROW_SHARE = 0.6
"""Of the words of a table's row, in the quotation."""

LEAST_MARKED = 0.3
"""Of a quotation's words, in the lines that are marked: a sentence over two pages has a part on each."""


def pinpointed(index: IndexReader, citation: Citation, evidence: Evidence) -> Citation:
    """The citation with the page, box and kind of the place that holds its quote, and its ``highlights``.

    Of a passage also the lines of one beside it count, of a figure or table the closer box of a part of it that was
    found, too. A sentence that names a figure or table stands for it on the same page; on another page it is
    highlighted, and the figure that it speaks of stays what is cited.
    """
    if not citation.quote:
        return citation
    closer = _closer(citation, evidence)
    if closer is not None:
        page, box = closer.page, closer.bbox
        citation = replace(citation, page=page, bbox=box, kind=closer.kind, caption=closer.caption, image=closer.image)
        evidence = replace(evidence, chunk=closer, beside=())
    mentioned = _mentioned(index, citation, evidence) if citation.kind in ("figure", "table") else ()
    narrowed = _narrowed(index, citation, evidence, mentioned)
    marked = (*_highlights(index, narrowed, evidence, mentioned), *_of_others(index, narrowed, evidence))
    return replace(narrowed, highlights=tuple(dict.fromkeys(marked)))


def _narrowed(index: IndexReader, citation: Citation, evidence: Evidence, mentioned: Sequence[Region]) -> Citation:
    if citation.kind == "page":
        citation = _on_page(index, citation)
        places = [Region(citation.page, citation.bbox)]
    elif citation.kind == "text":
        places = [region for chunk in (evidence.chunk, *evidence.beside) for region in chunk.regions]
    else:
        shown_on = {region.page for region in evidence.chunk.regions}
        said = _explained(index, citation, evidence) or [region for region in mentioned if region.page in shown_on]
        places = said or list(evidence.chunk.regions)
        citation = replace(citation, kind="text", image=None) if said else citation
    found = [(region, _lines_of_quote(index, citation, region)) for region in places]
    region, place = max(found, key=lambda pair: pair[1].shared)
    if not place.shared or (citation.kind != "text" and region == places[0]):
        return citation
    if citation.kind != "text":
        return replace(citation, page=region.page, bbox=region.bbox, image=None)
    return replace(citation, page=region.page, bbox=place.bbox)


class QuotedPlace(NamedTuple):
    """Where a quotation stands: the box of its lines in points, and how many of its terms they hold."""

    bbox: BBox
    shared: int


class TableRow(NamedTuple):
    """A row of a table to be found on its page: the words of its cells, without the columns' names, and those of each
    other row, the names among them."""

    words: frozenset[str]
    others: tuple[frozenset[str], ...] = ()


def table_row(quoted: str, evidence: Evidence) -> TableRow:
    """The row that a quotation tells in words, as :meth:`rag.text.passages.Table.readable` does; all words of a
    quotation that is no row of the tables of its evidence."""
    plain = " ".join(quoted.removesuffix(" …").split())
    for table in tables_of(evidence):
        said = [" ".join(table.readable(row).split()) for row in table.rows]
        at = next((place for place, row in enumerate(said) if plain and row.startswith(plain)), None)
        if at is not None:
            words = [frozenset(content_terms(" ".join(row))) for row in (table.header, *table.rows)]
            return TableRow(words[at + 1], tuple(other for place, other in enumerate(words) if place != at + 1))
    return TableRow(frozenset(content_terms(quoted)))


def quoted_lines(quoted: str, lines: Sequence[tuple[str, BBox]], within: BBox) -> list[BBox]:
    """The boxes of the neighbouring lines in ``within`` that a quotation stands in. Empty where none holds
    :data:`LEAST_MARKED` of its words."""
    wanted = set(content_terms(quoted))
    inner = [(set(content_terms(text)), box) for text, box in lines if inside(box, within) > MOSTLY_INSIDE]
    best, shared = _best_run([(words & wanted, box, len(words)) for words, box in inner])
    return best if len(shared) >= LEAST_MARKED * len(wanted) else []


def row_lines(row: TableRow, lines: Sequence[tuple[str, BBox]], within: BBox) -> list[BBox]:
    """The boxes of the one row of a table in ``within``, whose cells are lines of their own. A line with more words of
    another row is of that one. Empty where none holds :data:`LEAST_MARKED` of its words."""
    parts = _rows([(text, box) for text, box in lines if inside(box, within) > MOSTLY_INSIDE])
    said = [(words & row.words if _is_of(row, words) else set[str](), box, len(words)) for words, box in parts]
    best, shared = _best_row(said)
    return best if len(shared) >= LEAST_MARKED * len(row.words) else []


def _is_of(row: TableRow, words: set[str]) -> bool:
    return len(words & row.words) >= max((len(words & other) for other in row.others), default=0)


_Said = tuple[set[str], BBox, int]
"""A line's words that are quoted, its box, and how many words it has."""


def _best_run(said: Sequence[_Said]) -> tuple[list[BBox], set[str]]:
    """Neighbouring lines that are quoted, those with most of the quotation's words."""
    best, most = list[BBox](), set[str]()
    run, shared = list[BBox](), set[str]()
    for common, box, count in said:
        run, shared = ([*run, box], shared | common) if len(common) >= LINE_SHARE * count > 0 else ([], set())
        if len(shared) > len(most):
            best, most = run, shared
    return best, most


def _best_row(said: Sequence[_Said]) -> tuple[list[BBox], set[str]]:
    """The line of a table with most of the quotation's words, and those beside it in which the row goes on: they have
    hardly any words but quoted ones, and some that the row's other lines lack."""
    fits = [len(common) >= ROW_SHARE * count > 0 for common, _, count in said]
    first = max((i for i, fit in enumerate(fits) if fit), key=lambda i: len(said[i][0]), default=None)
    if first is None:
        return [], set()
    rows, shared = [first], set(said[first][0])
    for step in (1, -1):
        at = first + step
        while 0 <= at < len(said) and fits[at] and said[at][0] - shared:
            rows.append(at)
            shared |= said[at][0]
            at += step
    return [said[i][1] for i in sorted(rows)], shared


def _rows(lines: Sequence[tuple[str, BBox]]) -> list[tuple[set[str], BBox]]:
    """Lines side by side as one: their words, and the box around them."""
    found: list[tuple[set[str], BBox]] = []
    for text, box in sorted(lines, key=lambda line: line[1].y0):
        words = set(content_terms(text))
        if found and in_one_row(found[-1][1], box):
            found[-1] = found[-1][0] | words, union([found[-1][1], box])
        else:
            found.append((words, box))
    return found


def _highlights(
    index: IndexReader, citation: Citation, evidence: Evidence, mentioned: Sequence[Region]
) -> tuple[Region, ...]:
    """The lines of the quote at the place that is cited, on every other part of its chunk, and in the sentence that
    names a figure or table elsewhere; of a table its row."""
    places = [Region(citation.page, citation.bbox)]
    if citation.kind == evidence.chunk.kind and citation.kind in ("text", "table"):
        places += [region for region in evidence.chunk.regions if region.page != citation.page]
    if citation.kind == evidence.chunk.kind and citation.kind in ("figure", "table"):
        places += [region for region in mentioned if region.page != citation.page]
    return tuple(
        Region(region.page, box)
        for region in places
        for box in _lines_in(citation, citation.quote, evidence, index.files.lines(citation.doc, region.page), region)
    )


def _lines_in(
    citation: Citation, quote: str, evidence: Evidence, lines: Sequence[tuple[str, BBox]], region: Region
) -> list[BBox]:
    """Those of a quotation; of a table its row."""
    if citation.kind == "table":
        return row_lines(table_row(quote, evidence), lines, region.bbox)
    return quoted_lines(quote, lines, region.bbox)


def _of_others(index: IndexReader, citation: Citation, evidence: Evidence) -> Iterator[Region]:
    """The lines of the other quotes, each in the passage, or the part of the table, that holds most of its words."""
    if evidence.chunk.kind not in ("text", "table", "page"):
        return
    chunks = (evidence.chunk, *evidence.beside) if citation.kind == "text" else (evidence.chunk,)
    places = list(dict.fromkeys(region for chunk in chunks for region in chunk.regions))
    pages = {region.page: index.files.lines(citation.doc, region.page) for region in places} if citation.quotes else {}
    for quote in citation.quotes:
        if quote != citation.quote:
            held = [(region, quoted_place(quote, pages[region.page], region.bbox).shared) for region in places]
            best, shared = max(held, key=lambda pair: pair[1])
            boxes = _lines_in(citation, quote, evidence, pages[best.page], best) if shared else ()
            yield from (Region(best.page, box) for box in boxes)


def quoted_place(quoted: str, lines: Sequence[tuple[str, BBox]], within: BBox) -> QuotedPlace:
    """The neighbouring lines in ``within`` that a quotation stands in; ``within`` itself and 0 if none does."""
    wanted = set(content_terms(quoted))
    inner = [(set(content_terms(text)), box) for text, box in lines if inside(box, within) > MOSTLY_INSIDE]
    best, shared = _best_run([(words & wanted, box, len(words)) for words, box in inner])
    return QuotedPlace(union(best), len(shared)) if shared else QuotedPlace(within, 0)


def _closer(citation: Citation, evidence: Evidence) -> Chunk | None:
    """The smallest part of a cited figure or table, found beside it, that has the quote word for word."""
    if citation.kind not in ("figure", "table"):
        return None
    quoted = " ".join(citation.quote.removesuffix(" …").split())
    parts = [part for part in evidence.beside if quoted in " ".join(f"{part.caption} {part.text}".split())]
    return min(parts, key=lambda part: area(part.bbox), default=None)


def _lines_of_quote(index: IndexReader, citation: Citation, region: Region) -> QuotedPlace:
    return quoted_place(citation.quote, index.files.lines(citation.doc, region.page), region.bbox)


def _explained(index: IndexReader, citation: Citation, evidence: Evidence) -> list[Region]:
    """The row that explains a number in a figure, where it is quoted."""
    labels = [ShownLabel(evidence.chunk, citation.page, mention) for mention in label_mentions(citation.quote)]
    row = explained_row(index, labels[0]) if labels else None
    return [Region(row.chunk.page, row.box or row.chunk.bbox)] if row else []


def _mentioned(index: IndexReader, citation: Citation, evidence: Evidence) -> tuple[Region, ...]:
    """Where a sentence stands that only names the figure or table; nothing where its own words say the quote."""
    chunk, quoted = evidence.chunk, " ".join(citation.quote.removesuffix(" …").split())
    if quoted not in " ".join(chunk.mentions.split()) or quoted in " ".join(f"{chunk.caption} {chunk.text}".split()):
        return ()
    passages = index.catalogue.chunks_of(chunk.doc, kinds=("text",))
    return next((p.regions for p in passages if quoted in " ".join(p.text.split())), ())


def _on_page(index: IndexReader, citation: Citation) -> Citation:
    """A citation of a whole page as one of the part of it that says most of the quote."""
    wanted = set(content_terms(citation.quote))
    parts = index.catalogue.chunks_of(citation.doc, citation.page, ("text", "table", "figure"))
    best = max(parts, key=lambda p: len(wanted & set(content_terms(f"{p.text} {p.caption}"))), default=None)
    if best is None or len(wanted & set(content_terms(f"{best.text} {best.caption}"))) < LEAST_SHARED * len(wanted):
        return citation
    box = next(region.bbox for region in best.regions if region.page == citation.page)
    return replace(citation, bbox=box, kind=best.kind, caption=best.caption, image=best.image)
