"""Searching a question set: every question in its document, in the whole library or a small one drawn from it, or by
two index generations in turn.

The hits of all questions are a run; :mod:`rag.evaluation.scores` turns it into measures, :mod:`rag.evaluation.compare`
two runs into differences. :class:`Gate` does all of it when an index is built anew, and says whether the new generation
may be used. Each search is timed as if nobody had asked before: what is remembered of earlier questions is not used.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rag.errors import BadSettings
from rag.evaluation.asking import check_sizes, documents_of, query_of
from rag.evaluation.compare import Comparison, compare
from rag.evaluation.explain import before_ranking, explained
from rag.evaluation.gate import TOLERANCE, Verdict, judge
from rag.evaluation.questionset import EVERY, Question, QuestionSet, read_sets
from rag.evaluation.runs import SCOPES, QuestionResult, Run, Scope, in_order, recorded, small_library
from rag.evaluation.scores import report_of
from rag.images import open_picture
from rag.retrieval.baseline import rank_pages_by_fusion
from rag.retrieval.retrieve import Proposal
from rag.retrieval.search import search
from rag.storage.full_text.index import FullText
from rag.storage.full_text.term_vectors import document_of, page_of
from rag.storage.tables.database import utc_now
from rag.types import Channel, Hit, Progress, Query, ReportProgress

if TYPE_CHECKING:
    from rag.evaluation.answers import Answerer
    from rag.storage.reader import IndexReader

RECORDED = ("R@1", "R@5", "MRR@10", "region@5")  # measures noted with the generation that was searched
DEPTH = 30  # hits asked for, so that ten different pages are among them
PAGES_KEPT = 10  # of the baseline, as many as measures look at
ASKED_AGAIN = 0.2  # share of the questions, the slowest, that the gate asks again
TIMES_AGAIN = 2  # how often


def scopes_of(scope: str, libraries: Sequence[int] = ()) -> tuple[Scope, ...]:
    """The scopes that ``doc``, ``library`` or ``both`` names, and small libraries of these sizes.

    Raises :class:`BadSettings` for any other word.
    """
    known: dict[str, tuple[Scope, ...]] = {"doc": ("doc",), "library": ("library",), "both": SCOPES}
    if scope not in known:
        raise BadSettings(f"The scope is {scope!r}; it can be doc, library or both")
    return tuple(in_order([*known[scope], *map(small_library, libraries)]))


def run_questions(
    index: IndexReader,
    questions: Sequence[Question],
    scopes: Sequence[Scope],
    progress: ReportProgress | None = None,
    without: frozenset[Channel] = frozenset(),
    answerer: Answerer | None = None,
) -> Run:
    """The hits of every question in each scope, ``without`` some channels; with an ``answerer`` also its answers.

    Raises :class:`UnknownDocument` in a scope that is confined to documents for one that is not indexed,
    :class:`BadSettings` for a small library that is larger than the index, and what answering raises.
    """
    check_sizes(index, scopes)
    return {scope: list(_results(index, questions, scope, progress, without, answerer)) for scope in scopes}


def run_on_both(
    one: IndexReader,
    other: IndexReader,
    questions: Sequence[Question],
    scopes: Sequence[Scope],
    progress: ReportProgress | None = None,
    without: frozenset[Channel] = frozenset(),
) -> tuple[Run, Run]:
    """The same on two generations in turn, question by question, so that both are timed under the same load."""
    check_sizes(one, scopes)
    runs: tuple[dict[Scope, list[QuestionResult]], dict[Scope, list[QuestionResult]]] = ({}, {})
    for scope in scopes:
        results = (_results(index, questions, scope, progress, without) for index in (one, other))
        pairs = list(zip(*results, strict=True))
        for column, index in enumerate((one, other)):
            runs[column][scope] = _steadied(index, [pair[column] for pair in pairs], scope, without)
    return runs


def _results(
    index: IndexReader,
    questions: Sequence[Question],
    scope: Scope,
    progress: ReportProgress | None,
    without: frozenset[Channel] = frozenset(),
    answerer: Answerer | None = None,
) -> Iterator[QuestionResult]:
    documents = _documents(index)
    names = {number: name for name, number in documents.numbers.items()}
    confined = [documents_of(index, question, scope) for question in questions]
    for done, (question, docs) in enumerate(zip(questions, confined, strict=True), 1):
        query = query_of(question, docs, without, encoder=index.encoder)
        if done == 1:
            search(index, query, DEPTH, fresh=True)  # warm-up: models and files are opened by the first question
        proposals: list[Proposal] = []
        hits, seconds = _timed(index, query, proposals.append)
        (proposal,) = proposals
        fused = rank_pages_by_fusion(proposal)[:PAGES_KEPT]
        yield QuestionResult(
            question,
            tuple(recorded(hit, documents.names.__getitem__) for hit in hits),
            seconds,
            tuple((names[document_of(key)], page_of(key)) for key in fused),
            before_ranking(proposal, documents.numbers.get(question.doc), question) if question.pages else None,
            answerer(index, question, docs, without) if answerer else None,
        )
        if progress:
            progress(Progress("questions", f"searching ({scope})", done, len(questions)))


class _Documents(NamedTuple):
    """Names of documents by id, and their numbers in the full text by name."""

    names: Mapping[str, str]
    numbers: Mapping[str, int]


def _documents(index: IndexReader) -> _Documents:
    with index.snapshot():
        names = {row.id: row.name for row in index.catalogue.documents()}
        numbered = FullText(index.catalogue.connection).documents(names)
    return _Documents(names, {names[row.doc]: row.no for row in numbered})


def _timed(
    index: IndexReader, query: Query, proposed: Callable[[Proposal], None] | None = None
) -> tuple[Sequence[Hit], float]:
    """As if asked for the first time."""
    started = time.perf_counter()
    hits = search(index, query, DEPTH, fresh=True, proposed=proposed).hits
    return hits, time.perf_counter() - started


def _steadied(
    index: IndexReader, found: Sequence[QuestionResult], scope: Scope, without: frozenset[Channel]
) -> list[QuestionResult]:
    """The slowest are asked again and their least time counts: the machine's hiccups are not the index's."""
    slowest = sorted(range(len(found)), key=lambda i: found[i].seconds)[int(len(found) * (1 - ASKED_AGAIN)) :]
    least: dict[int, float] = {}
    for i in slowest:
        asked = found[i].question
        query = query_of(asked, documents_of(index, asked, scope), without, encoder=index.encoder)
        least[i] = min(_timed(index, query)[1] for _ in range(TIMES_AGAIN))
    return [replace(entry, seconds=min(entry.seconds, least.get(i, math.inf))) for i, entry in enumerate(found)]


def generation_named(index: IndexReader, wanted: str) -> IndexReader:
    """The same library by another index generation: ``live``, ``previous`` or a number.

    It shares the catalogue with ``index``; only one of both needs closing. Raises :class:`BadSettings`.
    """
    known = [*index.catalogue.previous(), *index.catalogue.generations()]  # of several previous ones the latest first
    chosen = next((g for g in known if wanted in (g.state, str(g.id))), None)
    if chosen is None:
        have = ", ".join(f"{g.id} ({g.state}, {g.name})" for g in index.catalogue.generations())
        raise BadSettings(
            f"There is no generation {wanted!r} in the index {index.root}, nor a file called so; it has {have}"
        )
    return index.at(chosen, replace(index.settings, encoder="auto", words="auto"))


def description_of(index: IndexReader, without: frozenset[Channel] = frozenset()) -> str:
    """What was searched, in words: the generation, channels that were left out, documents that it lacks."""
    one, lacks = index.generation, len(set(index.catalogue.ids()) - index.vectors.arrays.whole())
    left_out = f", without {', '.join(sorted(without))}" if without else ""
    behind = f"; it lacks {lacks} documents added since, switching to it adds them" if lacks else ""
    return f"generation {one.id} ({one.state}, {one.name}){left_out}{behind}"


def record_scores(index: IndexReader, name: str, searched: Run) -> None:
    """Note what a generation scored, by the question set's name, for ``rag generations``."""
    rows = [row for row in report_of(searched).rows if row.slice == EVERY]
    measures = {
        f"{row.scope} {name}": round(row.measures[name], 4) for row in rows for name in RECORDED if name in row.measures
    }
    index.catalogue.add_evaluation(index.generation.id, name, measures)


class Gate:
    """A check for reindexing: may the new generation take the live one's place (:mod:`rag.evaluation.gate`)?

    Every question set guards by itself: one that falls refuses, whatever the others gain. ``verdict`` is there once it
    was asked, and noted with the generation whose number is ``judged``. ``without`` channels it judges the others by
    themselves.
    """

    def __init__(
        self,
        questions: Path | Sequence[Path],
        progress: ReportProgress | None = None,
        without: frozenset[Channel] = frozenset(),
        tolerance: float = TOLERANCE,
    ) -> None:
        """Raises :class:`BadSettings` now, before hours are spent on embedding."""
        self._sets, self._progress = read_sets([questions] if isinstance(questions, Path) else questions), progress
        self._without, self._tolerance = without, tolerance
        self.verdict: Verdict | None = None
        self.judged: int | None = None
        for one in self._sets:
            if not any(question.pages for question in one.questions):
                raise BadSettings(f"No question of {one.path} has evidence pages; the gate needs some to judge by")

    @property
    def shows_pictures(self) -> bool:
        """Whether any question with evidence asks with a picture."""
        return any(question.image and question.pages for question in self._questions)

    @property
    def names(self) -> str:
        """The question sets, in words."""
        return " and ".join(one.name for one in self._sets)

    @property
    def _questions(self) -> list[Question]:
        return [question for one in self._sets for question in one.questions]

    def check(self, index: IndexReader) -> None:
        """Raise for a question that cannot be asked after hours of embedding either.

        :class:`UnknownDocument` where its document is not indexed, :class:`UnreadableImage` where its picture cannot be
        opened.
        """
        for name in dict.fromkeys(question.doc for question in self._questions):
            index.catalogue.find(name)
        for image in dict.fromkeys(question.image for question in self._questions if question.image):
            open_picture(image)

    def __call__(self, live: IndexReader, candidate: IndexReader) -> bool:
        """Whether ``candidate`` may take the place of ``live``; the verdict is noted with it."""
        compared = [found for one in self._sets for found in self._compared(one, live, candidate)]
        self.verdict = judge(compared, self._tolerance)
        self.judged = candidate.generation.id
        note = {
            "questions": self.names,
            "without": sorted(self._without),
            "beside": live.generation.id,
            "at": utc_now(),
        }
        live.catalogue.add_to_record(self.judged, gate=note | self.verdict.summary())
        return self.verdict.accepted

    def _compared(self, one: QuestionSet, live: IndexReader, candidate: IndexReader) -> list[Comparison]:
        """Both generations on one set; where there are several, the comparisons name it."""
        before, after = run_on_both(live, candidate, one.questions, SCOPES, self._progress, self._without)
        for index, run_of in ((live, before), (candidate, after)) if not self._without else ():
            record_scores(index, one.name, run_of)
        name = one.name if len(self._sets) > 1 else ""
        return [explained(found, live, candidate) for found in compare(before, after, name=name)]
