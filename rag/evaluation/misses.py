"""Questions whose evidence is not among the first pages, each with what lost it.

The classes exclude each other and are told in the order of a search, so each names the step to look at: the channels,
the choice of candidates, the choice of the document, the order of pages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from rag.evaluation.asking import searched_words
from rag.evaluation.metrics import pages_of
from rag.evaluation.questionset import Question
from rag.evaluation.runs import BeforeRanking, QuestionResult, Run, Scope, place_of

FIRST = 5  # pages among which the evidence must be: those of R@5

MissClass = Literal[
    "no channel", "not a candidate", "wrong document", "ranked below its channels", "low in every channel", "unknown"
]
CLASSES: dict[MissClass, str] = {
    "no channel": "no channel proposes an evidence page",
    "not a candidate": "a channel proposes one, but too far down to be ranked",
    "wrong document": f"its document has none of the first {FIRST} pages",
    "ranked below its channels": f"a channel has one among its first {FIRST} pages; ranking lost it",
    "low in every channel": f"every channel has it after its first {FIRST} pages, and ranking did not raise it",
    "unknown": "the run has no ranks of the channels",
}


class Miss(NamedTuple):
    """A question whose evidence is not among the first pages.

    ``rank`` is that of its first evidence page among all ``depth`` that were returned, ``baseline`` that by the plain
    sum of the channels' reciprocal ranks, ``channels`` those of the channels; None or left out where there is none.
    ``first`` is the page that stands first instead.
    """

    question: Question
    scope: Scope
    kind: MissClass
    rank: int | None
    depth: int
    baseline: int | None
    channels: Mapping[str, int]
    first: tuple[str, int] | None


def misses(run: Run) -> list[Miss]:
    """The misses of every scope, in the order of the questions."""
    found = (_miss(entry, scope) for scope, every in run.items() for entry in every if entry.question.pages)
    return [miss for miss in found if miss is not None]


def counts(found: Sequence[Miss]) -> dict[Scope, dict[MissClass, int]]:
    """How many misses each class has, by scope; classes without any are left out."""
    return {
        scope: {kind: number for kind in CLASSES if (number := times[kind])}
        for scope in dict.fromkeys(miss.scope for miss in found)
        for times in [Counter(miss.kind for miss in found if miss.scope == scope)]
    }


def markdown(found: Mapping[str, Sequence[Miss]]) -> str:
    """All misses by question set, as a Markdown file."""
    lines: list[str] = ["# Missed questions", "", f"Those without an evidence page among the first {FIRST} pages."]
    for name, of_set in found.items():
        for scope, numbers in counts(of_set).items():
            lines += ["", f"## {name}, {place_of(scope)}: {sum(numbers.values())} missed", ""]
            lines += [f"- {number} {kind}: {CLASSES[kind]}" for kind, number in numbers.items()]
            for kind in numbers:
                lines += ["", f"### {kind[0].upper()}{kind[1:]}", ""]
                lines += [line for miss in of_set if (miss.scope, miss.kind) == (scope, kind) for line in _lines(miss)]
        if not of_set:
            lines += ["", f"## {name}: none missed"]
    return "\n".join([*lines, ""])


def as_json(miss: Miss) -> dict[str, Any]:
    """A miss as a line of a JSON lines file has it; ``line`` counts from 1, as editors do."""
    question = miss.question
    return {
        "line": question.line + 1,
        "scope": miss.scope,
        "class": miss.kind,
        "question": question.text,
        "searched": searched_words(question),
        "image": str(question.image) if question.image else None,
        "doc": question.doc,
        "pages": sorted(question.pages),
        "kinds": list(question.kinds),
        "style": question.style,
        "rank": miss.rank,
        "baseline": miss.baseline,
        "channels": dict(miss.channels),
        "first": miss.first,
    }


def _miss(found: QuestionResult, scope: Scope) -> Miss | None:
    question, pages = found.question, pages_of(found.places)
    rank = _rank(question, pages)
    if rank is not None and rank <= FIRST:
        return None
    return Miss(
        question,
        scope,
        _class(found.ranked, question, pages),
        rank,
        len(pages),
        _rank(question, found.baseline or ()),
        found.ranked.channels if found.ranked else {},
        pages[0] if pages else None,
    )


def _rank(question: Question, pages: Sequence[tuple[str, int]]) -> int | None:
    """Where the first evidence page stands, from 1."""
    ranks = (rank for rank, (doc, page) in enumerate(pages, 1) if doc == question.doc and page in question.pages)
    return next(ranks, None)


def _class(ranked: BeforeRanking | None, question: Question, pages: Sequence[tuple[str, int]]) -> MissClass:
    if ranked is None:
        return "unknown"
    if not ranked.channels:
        return "no channel"
    if not ranked.candidate:
        return "not a candidate"
    if all(doc != question.doc for doc, _ in pages[:FIRST]):
        return "wrong document"
    return "ranked below its channels" if min(ranked.channels.values()) <= FIRST else "low in every channel"


def _lines(miss: Miss) -> Iterator[str]:
    question = miss.question
    picture = f"[{question.image.name}] " if question.image else ""
    yield f"- line {question.line + 1}: {picture}{question.text}".rstrip()
    searched = searched_words(question)
    if searched != question.text:
        yield f"  - searched for: {searched}"
    kinds = ", ".join(filter(None, (*question.kinds, question.style)))
    pages = ", ".join(map(str, sorted(question.pages)))
    yield f"  - evidence: {question.doc} p. {pages}{f' ({kinds})' if kinds else ''}"
    where = f"at {miss.rank} of {miss.depth} pages" if miss.rank else f"not among {miss.depth} pages"
    ranks = ", ".join(f"{name} {rank}" for name, rank in miss.channels.items()) or "none"
    fused = "not among its first" if miss.baseline is None else f"at {miss.baseline}"
    yield f"  - found {where}; sum of ranks: {fused}; channels: {ranks}"
    if miss.first:
        doc, page = miss.first
        yield f"  - first is {'' if doc == question.doc else f'{doc} '}p. {page}"
