"""The answerer without a model: the words of the evidence that answer a question best, put together as it asks.

It quotes: it neither combines nor computes. The order of the search says which page answers; on it the passages are
scored (:mod:`rag.answering.extraction.passage_scores`); then they are put together by the kind of the question: a
procedure as its steps, a list as the list or table, a code's meaning as its row
(:mod:`rag.answering.extraction.compose`).

It refuses only what is demonstrably not there: a code, a part number or a year that stands nowhere in the evidence, or
a question that nothing comes near. Otherwise it says how sure it is, in three steps (:data:`Sureness`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from ingestion.geometry import horizontal_overlap
from rag.answering.citing.markers import CLEAN, without_brackets
from rag.answering.evidence.apart import Apart
from rag.answering.extraction.chapter_quoted import of_chapter, stands_in
from rag.answering.extraction.compared_rows import beyond, most_or_least
from rag.answering.extraction.compose import composed, paragraph_of, stands_in_list
from rag.answering.extraction.following import There, first_referred_to
from rag.answering.extraction.further_quotes import MOST_QUOTES, other_side, quotations, repeats, spoken_first
from rag.answering.extraction.label_rows import figure_with, label_rows
from rag.answering.extraction.named_cells import names_quantity, rows_of_codes
from rag.answering.extraction.passage_scores import (
    Closeness,
    alike,
    asks_for_picture,
    foreign,
    is_contents,
    score_passages,
)
from rag.answering.extraction.quoted_text import quoted, shown_by
from rag.answering.extraction.sureness import Sureness, by_search, sureness
from rag.answering.extraction.table_rows import whole_table
from rag.answering.extraction.types_named import named_above, of_type
from rag.answering.extraction.wanted import Wanted
from rag.answering.passages.lists import SENTENCE_ENDS, is_numbered, listings
from rag.answering.passages.quotable import Quotable
from rag.answering.passages.quotations import Passage, asked_terms, codes, known_by, prose_of
from rag.answering.questions.chapters_asked import chapters_asked
from rag.answering.questions.kinds import QuestionKinds, kinds_of
from rag.answering.questions.phrases import Phrases, phrases
from rag.answering.questions.pictures_asked import asks_to_show
from rag.answering.questions.sought import Sought, sought, stand_nowhere
from rag.retrieval.callouts import labels_asked
from rag.retrieval.codes import as_written
from rag.text.passages import content_terms
from rag.types import Evidence

MOST_PAGES = 4
"""Pages, in the order of the search, of which one is quoted from."""

MOST_OF_PAGE, MOST_ELSEWHERE = 2, 2
"""Passages quoted from one page, and further pages quoted from, where an answer is only the closest: the page that is
right is then as often one of these as the first."""

LEAST_SAID = 3
"""Terms of a passage of such a page that has no word of the question."""

WEIGHED = 8
"""Pieces, the first ones, over whose passages the rarity of words is counted."""

MOST_COMPARED = 4
"""Documents quoted beside each other."""

LEAST_LISTED = 3
"""Rows or steps from which what stands under a sentence's heading is the list, or the steps, asked for."""

NEAR = 0.05
"""Cosine of static word vectors from which a passage is near a question that it shares no word with."""

_COMPARING = frozenset(
    content_terms(
        "difference differences differ different compare compared comparison versus unterschied unterschiede "
        "unterscheidet unterscheiden différence différences diffère diferencia diferencias differenza differenze "
        "verschil verschillen różnica różnice diferença diferenças fark farkı"
    )
)
"""Terms that say that things are compared, and nothing of them."""


_NUMBERS_ALONE = re.compile(r"(?:\W*\d{1,3}[.)])+\W*|\W*\d{1,3}")

_STEPS: tuple[Sureness, ...] = ("direct", "likely", "closest")


class Extracted(NamedTuple):
    """``sureness`` is empty for a refusal."""

    text: str
    sureness: Sureness | Literal[""] = ""


class Chosen(NamedTuple):
    """The passages to quote, the best first, what they were sought by, and all of the pages they were chosen from.
    ``compared``: the best is the row of a table with the most of what is asked for, or beyond a number; ``elsewhere``:
    what stands on the other pages that were found first, the better page first."""

    quotes: tuple[Passage, ...]
    found: Sought
    among: tuple[Passage, ...] = ()
    compared: bool = False
    elsewhere: tuple[tuple[Passage, ...], ...] = ()


def extract(
    question: str,
    evidence: Sequence[Evidence],
    shown: Evidence | None = None,
    closeness: Closeness | None = None,
    language: str = "",
    across: bool = False,
) -> Extracted:
    """A few quotations with markers, or a refusal with its reason, in phrases of the question's language.

    ``across``: more than one document was searched, so pages are named with theirs. ``shown`` is what the question's
    picture shows or is really like, where it came with one; ``closeness`` is asked where the words say nothing.
    """
    kinds = kinds_of(question, language)
    said = replace(phrases(kinds.language), across=across)
    quotable = Quotable(tuple(evidence))
    lines = [shown_by(shown, said)] if shown else []
    rows = label_rows(question, quotable.every()) if labels_asked(question).keys else []
    if rows:
        return Extracted(_joined([*lines, *composed(rows, kinds, said, sought(question, rows))]), "direct")
    chapter = chapters_asked(question, kinds.language)
    if not asked_terms(question) and not any(stands_in(piece, chapter) for piece in evidence if chapter):
        if shown is None:
            return _nothing(question, quotable, said)
        return Extracted(_joined(lines), "likely" if shown.pictured else "closest")
    missing = stand_nowhere(question, quotable.every) if not lines else []
    if missing:
        return Extracted(said.refused(missing))
    chosen = _with_figure(question, kinds, quotable, _chosen(question, kinds, quotable, closeness))
    quotes = [p for p in chosen.quotes if not (p.kind == "figure" and p.evidence is shown)]
    if not lines and not _near(chosen, kinds):
        return _nothing(question, quotable, said)
    step = sureness(chosen.found, chosen.quotes, evidence, kinds.language, closeness)
    wanted = Wanted(chosen.found, kinds, tuple(evidence))
    if wanted.only_akin(chosen.quotes) or wanted.lacks_chapter(chosen.quotes[0]):
        step = "closest"
    if step == "closest" and (chosen.compared or wanted.answers(chosen.quotes[0])):
        step = "likely"
    whole = _whole(chosen, kinds)
    if wanted.lacks_amount(whole) or wanted.lacks_unit(whole) or wanted.lacks_colour(whole):
        step = "closest"
    near = step == "closest" and shown is None
    there = first_referred_to(question, whole, kinds, quotable, closeness) if quotes == list(chosen.quotes) else None
    if there:
        quotes = quotes[: there.told]
    elif near and quotes:
        quotes = _with_other_pages(quotes[:MOST_OF_PAGE], chosen, wanted, closeness)
    lines += composed(quotes, kinds, said, chosen.found, near, evidence)
    text = _joined([*lines, *(_told_there(there, kinds, said, evidence) if there else [])])
    if near:
        text = f"{said.closest}\n\n{text if _is_block(text) or text.startswith('- ') else f'- {text}'}"
    return Extracted(text, step)


def extract_each(
    parts: Sequence[Apart], closeness: Closeness | None = None, language: str = "", across: bool = False
) -> Extracted:
    """What is quoted for each of several questions, under it; as sure as the least sure of them. ``parts``: what was
    asked as a whole, then each question.

    A question that is refused says so in its place; empty where all are, and where the whole found something surer
    that none of them did: "up to how many volts do I turn it, and which way does it go up?" says one thing of another.
    """
    if not parts:
        return Extracted("")
    found = [extract(_as_written(part), part.evidence, None, closeness, language, across) for part in parts]
    whole, *each = found
    if not any(one.sureness for one in each):
        return Extracted("")
    least = max((one.sureness or "closest" for one in each), key=_STEPS.index)
    first, cited = CLEAN.search(whole.text), {match[0] for one in each for match in CLEAN.finditer(one.text)}
    surer = least == "closest" and whole.sureness in ("direct", "likely")
    if surer and first is not None and first[0] not in cited:
        return whole
    text = "\n\n".join(f"**{_opened(part.question)}**\n\n{one.text}" for part, one in zip(parts[1:], each, strict=True))
    return Extracted(text, least)


def _as_written(part: Apart) -> str:
    return as_written(part.question, (piece.text for piece in part.evidence))


def _opened(question: str) -> str:
    """A question as a line above its answer, without what would be a marker or markup there."""
    words = " ".join(without_brackets(question).replace("*", " ").split())
    return f"{words[:1].upper()}{words[1:]}?"


def _told_there(there: There, kinds: QuestionKinds, said: Phrases, evidence: Sequence[Evidence]) -> list[str]:
    if there.table is not None:
        return [whole_table(there.table, there.quotes[0], said)]
    return composed(there.quotes, kinds, said, there.found, evidence=evidence)


def _with_other_pages(
    quotes: Sequence[Passage], chosen: Chosen, wanted: Wanted, closeness: Closeness | None
) -> list[Passage]:
    """Quotations with the best passage of each of the other pages that were found first, where it says more."""
    found = list(quotes)
    for page in chosen.elsewhere[:MOST_ELSEWHERE]:
        best = _scored(page, wanted, closeness)[0][1]
        says = chosen.found.around(best) > 0 or len(best.own) >= LEAST_SAID
        if says and not any(repeats(best, earlier) for earlier in found):
            found.append(best)
    return found


def _with_figure(question: str, kinds: QuestionKinds, quotable: Quotable, chosen: Chosen) -> Chosen:
    """Where a picture is to be shown, the figure that the search found first before one passage that is chosen."""
    if not asks_to_show(question, kinds.language):
        return chosen
    figures = [p for piece in by_search(quotable.evidence) for p in quotable.of(piece) if p.kind == "figure"]
    told = [p for p in chosen.quotes if p.kind != "figure"]
    return chosen._replace(quotes=(figures[0], *told[:1])) if figures else chosen


def _nothing(question: str, quotable: Quotable, said: Phrases) -> Extracted:
    """A refusal, or the figure that shows the label which is asked for."""
    figure = figure_with(question, quotable.every())
    if figure is None:
        return Extracted(said.refused())
    return Extracted(f"{said.closest}\n\n- {quoted(figure, question, said, near=True)}", "closest")


def chosen_of(question: str, evidence: Sequence[Evidence], closeness: Closeness | None = None) -> Chosen:
    """The passages that :func:`extract` would quote, for those who fit and measure."""
    return _chosen(question, kinds_of(question), Quotable(tuple(evidence)), closeness)


def _whole(chosen: Chosen, kinds: QuestionKinds) -> list[Passage]:
    """The quotations, the first with the sentences of its paragraph that are quoted with it."""
    best = chosen.quotes[0]
    paragraph = paragraph_of(best, kinds, chosen.found)
    return [replace(best, text=" ".join(paragraph)) if paragraph else best, *chosen.quotes[1:]]


def _near(chosen: Chosen, kinds: QuestionKinds) -> bool:
    """Whether anything on the first pages has a word of the question, or what is chosen is near it in meaning or names
    the quantity that is asked for, or, for figures without words, anything there; in another language the encoder has
    chosen, and what is near cannot be told by words."""
    among = chosen.among or chosen.quotes
    if not chosen.quotes:
        return False
    if any(chosen.found.around(p) > 0 for p in among) or not chosen.found.weights:  # "It doesn't work"
        return True
    spoken = [p for p in chosen.quotes if p.text] or among
    if foreign(kinds.language, spoken) or any(names_quantity(p, kinds) for p in chosen.quotes):
        return True
    return bool(alike(chosen.found.question, spoken).max() >= NEAR)


def _is_block(text: str) -> bool:
    return "\n" in text


def _joined(lines: Sequence[str]) -> str:
    """One line alone; several as a list. Lines that are blocks already (steps, tables) stay as they are."""
    if len(lines) == 1:
        return lines[0]
    if any(map(_is_block, lines)):
        return "\n\n".join(lines)
    return "\n".join(f"- {line}" for line in lines)


def _chosen(question: str, kinds: QuestionKinds, quotable: Quotable, closeness: Closeness | None) -> Chosen:
    """The passages to quote. Where documents are compared, the best of each; where one is named by its type ("the
    PX-500"), its own."""
    evidence, weighed = quotable.evidence, quotable.first(WEIGHED)
    found = sought(question, weighed, _COMPARING if kinds.wants("comparison") else frozenset(), kinds.language)
    rows = next((rows for piece in by_search(evidence) if (rows := rows_of_codes(question, quotable.of(piece)))), [])
    if 1 < len(rows) <= MOST_COMPARED:
        return Chosen(tuple(rows), found, tuple(p for piece in evidence for p in quotable.of(piece)))
    documents = dict.fromkeys(e.chunk.doc for e in evidence)
    if len(documents) > 1:
        named = _named(question, evidence)
        asked = [doc for doc in documents if named[doc]]
        if len(asked) < 2 and kinds.wants("comparison"):
            within = _both_sides(_best(found, kinds, evidence, quotable, closeness))
            if within.quotes and other_side(within.quotes[0], within.among, found):
                return within
            asked = list(documents)
        if len(asked) > 1:
            both = []
            for doc in asked[:MOST_COMPARED]:
                others = frozenset[str]().union(*(named[o] for o in asked if o != doc))
                own = [e for e in evidence if e.chunk.doc == doc]
                both.append(_best(sought(question, weighed, others, kinds.language), kinds, own, quotable, closeness))
            quotes = tuple(best.quotes[0] for best in both if any(best.found.around(p) > 0 for p in best.quotes))
            if len(quotes) > 1:
                return Chosen(quotes, found)
        typed = [doc for doc in asked if any(any(c.isdigit() for c in term) for term in named[doc])]
        only = typed[0] if len(asked) == len(typed) == 1 else _only_with(codes(question), documents, quotable)
        if only:
            evidence = tuple(e for e in evidence if e.chunk.doc == only)
    each = _of_each_type(question, kinds, evidence, quotable, closeness)
    if each:
        return each
    pieces = of_chapter(question, kinds.language, of_type(question, evidence))
    best = _best(found, kinds, pieces, quotable, closeness)
    return _both_sides(best) if kinds.wants("comparison") and not best.compared else best


def _only_with(asked: Sequence[str], documents: Iterable[str], quotable: Quotable) -> str:
    """The one document of several in which a code of the question stands: "Mk4P" is in one manual alone; empty where
    there is none, or several are meant."""
    held: dict[str, set[str]] = {doc: set() for doc in documents}
    for passage in quotable.every() if asked else ():
        held[passage.evidence.chunk.doc] |= (passage.own | passage.context | passage.known_by).intersection(asked)
    having = [[doc for doc, there in held.items() if code in there] for code in asked]
    meant = {docs[0] for docs in having if len(docs) == 1}
    return next(iter(meant)) if len(meant) == 1 else ""


def _of_each_type(
    question: str, kinds: QuestionKinds, evidence: tuple[Evidence, ...], quotable: Quotable, closeness: Closeness | None
) -> Chosen | None:
    """Where a question names two types, "AX20 or AX30", and each has a table or section of its own with its name above
    it, the best of each; None where any has none, or one passage speaks of both."""
    named = codes(question)
    if not 1 < len(named) <= MOST_COMPARED:
        return None
    every = [p for piece in evidence for p in quotable.of(piece)]
    if any(len(p.own.intersection(named)) > 1 for p in every):
        return None
    weighed, quotes = quotable.first(WEIGHED), []
    for code in named:
        others = frozenset(named) - {code}
        own = [e for e in evidence if (above := named_above(e)) and code in above and not above & others]
        if not own:
            return None
        found = sought(question, weighed, frozenset(named), kinds.language)
        best = _best(found, kinds, own, quotable, closeness)
        if not best.quotes or not found.around(best.quotes[0]):
            return None
        quotes.append(best.quotes[0])
    return Chosen(tuple(quotes), sought(question, weighed, language=kinds.language), tuple(every))


def _both_sides(best: Chosen) -> Chosen:
    """The best quotation and the one about the other of two things; as they are where there is no such one."""
    other = other_side(best.quotes[0], best.among, best.found) if best.quotes else None
    return best._replace(quotes=(best.quotes[0], other)) if other else best


def _named(question: str, evidence: Sequence[Evidence]) -> dict[str, frozenset[str]]:
    """For each document the terms of the question that it, and no other of them, is known by."""
    wanted = frozenset(asked_terms(question))
    names = {e.chunk.doc: known_by(e) for e in evidence}
    return {
        doc: (wanted & own) - frozenset[str]().union(*(other for o, other in names.items() if o != doc))
        for doc, own in names.items()
    }


def _best(
    found: Sought,
    kinds: QuestionKinds,
    evidence: Sequence[Evidence],
    quotable: Quotable,
    closeness: Closeness | None,
) -> Chosen:
    """The passages to quote from one of the pages that the search found first."""
    pages = _pages(found, kinds, evidence, quotable)
    if not pages:
        return Chosen((), found)
    wanted = Wanted(found, kinds, tuple(evidence))
    held, *others = wanted.best_first(pages)
    scored = _scored(held, wanted, closeness)
    if kinds.wants("list"):
        scored = _listed_first(scored, lambda p: p.kind == "row")
    elif kinds.wants("procedure"):
        scored = _listed_first(scored, lambda p: stands_in_list(p) and is_numbered(p.text))
    among = tuple(p for page in pages for p in page)
    one_row = kinds.wants("value", "count", "yes_no") and not kinds.wants("list", "comparison")
    quotes = wanted.amounts_first(quotations(scored, found, one_row))
    if not kinds.wants("label", "place") and not asks_for_picture(found.question):
        quotes = spoken_first(quotes, found)
    compared = most_or_least(held, kinds, found) or [p for p in [beyond(held, kinds, found)] if p]
    if compared:
        quotes = [*compared, *(p for p in quotes if p.kind != "row" and p not in compared)][:MOST_QUOTES]
    if all(p.kind == "figure" for p in quotes):
        quotes = [*_said_of_code(found, among), *quotes][:MOST_QUOTES]
    return Chosen(tuple(quotes), found, among, bool(compared), tuple(map(tuple, others)))


def _scored(held: Sequence[Passage], wanted: Wanted, closeness: Closeness | None) -> list[tuple[float, Passage]]:
    """The passages of one page with their scores, the best first."""
    scores = score_passages(wanted.found, wanted.kinds, held, closeness).tolist()
    pairs = ((score + wanted.added(p), p) for score, p in zip(scores, held, strict=True))
    return sorted(pairs, key=lambda pair: -pair[0])


def _listed_first(
    scored: Sequence[tuple[float, Passage]], listed: Callable[[Passage], bool]
) -> list[tuple[float, Passage]]:
    """The passages of a page with what is listed before a sentence that only stands above it under the same heading:
    "The unit comes in one carton" does not list what is in it, "Replace the filter each year" does not say how."""
    best_score, best = scored[0]
    heading = best.evidence.chunk.heading
    elsewhere = any(pointer.words in best.text for pointer in best.evidence.points)
    if best.kind != "sentence" or not heading or elsewhere or _is_listed(best):
        return list(scored)
    under = [p for _, p in scored if listed(p) and p.evidence.chunk.heading == heading and not _is_above(p, best)]
    if len(under) < LEAST_LISTED:
        return list(scored)
    first = min(under, key=lambda p: p.evidence.chunk.bbox.y0)
    return [(best_score, first), *((score, p) for score, p in scored if p is not first)]


def _is_above(passage: Passage, other: Passage) -> bool:
    """Whether a passage stands on the same page above another: another heading of that name may be between them, such
    as "WARNING"."""
    chunk, below = passage.evidence.chunk, other.evidence.chunk
    over = horizontal_overlap(chunk.bbox, below.bbox) > 0 and chunk.bbox.y1 <= below.bbox.y0
    return chunk.page == below.page and over


def _is_listed(passage: Passage) -> bool:
    """Whether a sentence introduces a list, or is of one that is long enough to be what is asked for."""
    held = next((one for one in listings(prose_of(passage.evidence)) if one.has(passage.text) is not None), None)
    return stands_in_list(passage) if held is None else len(held.items) >= LEAST_LISTED or is_numbered(held.items[0])


def _said_of_code(found: Sought, among: Sequence[Passage]) -> list[Passage]:
    """The row or sentence of another page that has the codes asked for and most of the question: a figure of a wiring
    diagram shows plug X6, the list of wires says what it is connected to."""
    spoken = [p for p in among if p.kind != "figure" and found.codes_of(p) and found.codes_of(p) <= p.own]
    return [max(spoken, key=found.around)] if spoken else []


def _pages(
    found: Sought, kinds: QuestionKinds, evidence: Sequence[Evidence], quotable: Quotable
) -> list[list[Passage]]:
    """The passages of the first pages, in the order of the search. Where the meaning of a code is asked for, what names
    it goes before all else; what says nothing is left out where anything else stands there, and so are contents pages
    where anything else has a word of the question."""
    told = frozenset[str]()
    if kinds.wants("meaning", "cause", "which", "place", "definition"):
        every = [p for piece in evidence for p in quotable.of(piece)]
        told = frozenset[str]().union(*(found.codes_of(p) & p.own for p in every))
    led_to = {pointer.number for piece in evidence for pointer in piece.points}
    ranked = [piece for piece in by_search(evidence) if piece.score or piece.number not in led_to]
    pages = _first_pages(found, told, ranked, lambda piece: [p for p in quotable.of(piece) if not _is_signpost(p)])
    if not any(found.around(p) > 0 for held in pages for p in held):
        pages = _first_pages(found, told, ranked, quotable.of)
    return pages or _by_page(p for e in ranked for p in quotable.of(e))[:MOST_PAGES]


def _first_pages(
    found: Sought, told: frozenset[str], ranked: Sequence[Evidence], passages: Callable[[Evidence], list[Passage]]
) -> list[list[Passage]]:
    """What is said on the first pages. A page stands where its first piece does, even if that says nothing itself: the
    picture of a window brings its page first, and the text below it says what to do."""
    pages: dict[tuple[str, int], list[Passage]] = {(piece.chunk.doc, piece.chunk.page): [] for piece in ranked}
    for piece in ranked:
        held = [p for p in passages(piece) if not told or told & p.own or _says_of_code(p, told, found)]
        held = [p for p in held if not _adds_nothing(p, found) or stands_in_list(p)] or (
            [] if told else [p for p in held if not p.own]
        )
        pages[piece.chunk.doc, piece.chunk.page] += held
    return [held for held in pages.values() if held][:MOST_PAGES]


def _says_of_code(passage: Passage, told: frozenset[str], found: Sought) -> bool:
    """Whether a passage stands under a heading with a code that is asked for, and says all else of the question: under
    "Settings with R11config" that the admin password is 1234."""
    rest = found.weights.keys() - told
    return bool(rest) and told <= passage.context and rest <= passage.own


def _by_page(passages: Iterable[Passage]) -> list[list[Passage]]:
    pages: dict[tuple[str, int], list[Passage]] = {}
    for passage in passages:
        pages.setdefault((passage.evidence.chunk.doc, passage.evidence.chunk.page), []).append(passage)
    return list(pages.values())


def _is_signpost(passage: Passage) -> bool:
    """Whether a passage, or what it is a part of, is a table of contents: it says where something stands."""
    chunk = passage.evidence.chunk
    return is_contents(passage.text) or (chunk.kind in ("text", "figure") and is_contents(chunk.text))


def _adds_nothing(passage: Passage, found: Sought) -> bool:
    """Whether a passage that is no sentence has nothing beside the question's words and its document's name: a title, a
    heading, the number of a page or the "3. 4." of a list that lost its words. A sentence may well be what its document
    was named by."""
    if _NUMBERS_ALONE.fullmatch(passage.text):
        return True
    rest = passage.own - passage.known_by - found.weights.keys()
    return bool(passage.own) and not rest and not passage.text.rstrip().endswith(SENTENCE_ENDS)
