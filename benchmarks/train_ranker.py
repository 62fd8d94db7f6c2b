#!/usr/bin/env python3
"""Fit the linear ranker's weights: train_ranker.py --set QUESTIONS.jsonl INDEX [--set …] [--pictures …] [--write].

Listwise softmax over the candidates that searching itself proposes, cross-validated with whole documents left out. All
sets are fitted at once, a large one counting little more than a small one, each in its documents alone, in libraries
of 3 and 10 of them and in all. No weight is negative, none is of a document's length or a page's place. Beside every
figure stands that of the plain sum of the channels' reciprocal ranks. ``--write`` fits on everything and writes the
weights file, which then says how many questions and documents it was fitted on, and no texts.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.listwise import Example, fit
from rag.config import Settings, quiet
from rag.evaluation.metrics import HitLocation, shows
from rag.evaluation.names import REGION_AT
from rag.evaluation.questionset import Question, read_questions
from rag.images import open_picture
from rag.index import Index
from rag.retrieval.chunk_features import CHUNK_FEATURES
from rag.retrieval.followup import interpret
from rag.retrieval.page_features import PAGE_FEATURES, Features
from rag.retrieval.ranker import WEIGHTS, log_probabilities, share_said
from rag.retrieval.retrieve import (
    MIN_PAGE_CHUNKS,
    PAGES_WITH_CHUNKS,
    Part,
    Proposal,
    arrange,
    features_of_pages,
    features_of_parts,
    parts_of,
    propose,
)
from rag.retrieval.side import Side
from rag.retrieval.snapshot import Snapshot
from rag.storage.full_text.term_vectors import document_of, page_of
from rag.types import SAME_PICTURE, Channel, Float64Array, Query

# Penalties, chosen by cross-validation:
RIDGE = 0.0005  # on how far the weights for questions in the documents' words are from their prior
MEANT_RIDGE = 0.001  # the same for questions in other words, which have fewer examples
CHUNK_RIDGE = 0.003  # on the weights of chunks
PICTURE_RIDGE = 0.01  # on those of pictures, which have fewer examples
SAID_PRIOR, MEANT_PRIOR = 4.0, 8.0  # of the sum of reciprocal ranks; all other weights are drawn to 0
NEAREST, SAID_MOST = 60, 30  # candidates of a question that are fitted on: the best by fusion, and by full text
DEPTH = 30
SCOPES: dict[str, int | None] = {"document": 1, "3 documents": 3, "10 documents": 10, "library": None}  # searched
FEATURE_GROUPS = {
    "context": ("top", "caption", "heading"),
    "document": ("title", "document", "document_coverage", "document_dense", "page_document"),
    "neighbours": ("around", "dense_around", "page_around"),
    "coverage": ("coverage", "chunk_coverage", "closeness", "page_coverage"),
    "numbers of pages": ("asked", "asked_near", "labelled"),
    "numbered things": ("reference", "reference_caption", "numbers", "quoted"),
    "kinds wanted": (
        "digits_counted", "tables_wanted", "figures_wanted", "charts_wanted", "cover_wanted", "contents_wanted",
        "slides_wanted",
    ),
    "terms of a field": ("related",),
    "ranks and products": (
        "page_squared", "page_dense", "page_coverage", "page_around", "page_document", "chunk_dense", "page_local",
        "page_rank", "chunk_rank", "dense_rank", "least_fused",
    ),
    "sums of ranks": ("fused", "text_fused", "dense_fused"),
}  # fmt: skip
PRIORS = ("length", "first", "picture")
"""Not of words: sizes and places hold in one benchmark only, and the picture channel is weighed by what its encoder can
do (:mod:`rag.retrieval.picture_channel`)."""
SAID = tuple(name for name in PAGE_FEATURES if name not in PRIORS)
MEANT = (
    "fused", "text_fused", "dense_fused", "least_fused", "page", "chunk", "dense", "page_dense", "around",
    "dense_around", "document_dense", "document", "document_coverage", "title", "coverage", "chunk_coverage",
    "closeness", "page_local", "top", "caption", "heading", "asked", "labelled", "reference", "reference_caption",
    "numbers", "quoted",
)  # fmt: skip
"""What counts where a question's words stand on no page: fewer things, for there are fewer questions to learn from."""
Fitted = tuple[Float64Array, Float64Array]  # weights of pages where words are said, and where they are meant


@dataclass(frozen=True)
class Group:
    """The candidates of one question of a set: features and which are right; ``found`` to look further."""

    set: str
    scope: str
    question: Question
    features: Features
    right: NDArray[np.bool_]
    found: Proposal
    side: Side
    query: Query

    @property
    def document(self) -> tuple[str, str]:
        """What is held out together."""
        return self.set, self.question.doc

    @property
    def baseline(self) -> Float64Array:
        """(candidates,): the sum of reciprocal ranks."""
        return self.features.values[:, PAGE_FEATURES.index("fused")]

    def doubled(self, rows: NDArray[np.int64] | None = None) -> Float64Array:
        """(candidates, SAID + MEANT): every feature by how far it is one or the other that counts."""
        values = self.features.values if rows is None else self.features.values[rows]
        share = share_said(self.features.coverage)
        return np.hstack([values[:, _columns(SAID)] * share, values[:, _columns(MEANT)] * (1.0 - share)])

    def example(self, importance: float) -> Example:
        """What the fit is given: the candidates that matter."""
        values = self.features.values
        kept = self.right | (values[:, PAGE_FEATURES.index("asked")] > 0)
        kept[np.argsort(-self.baseline)[:NEAREST]] = True
        kept[np.argsort(-values[:, PAGE_FEATURES.index("page")])[:SAID_MOST]] = True
        rows = np.flatnonzero(kept)
        return Example(self.doubled(rows), self.right[rows], importance)


def _columns(names: Sequence[str]) -> list[int]:
    return [PAGE_FEATURES.index(name) for name in names]


def page_groups(
    name: str, index: Index, questions: Sequence[Question], without: frozenset[Channel] = frozenset()
) -> list[Group]:
    """Candidate pages of every question that has evidence, in every scope, found ``without`` some channels."""
    ids = {q.doc: index.catalogue.find(q.doc).id for q in questions}
    return [
        group
        for scope, size in SCOPES.items()
        if size is None or size <= len(ids)
        for question in questions
        if (group := _group(name, scope, index, question, _drawn(ids, question, size) if size else None, without))
    ]


def _group(
    name: str, scope: str, index: Index, question: Question, docs: frozenset[str] | None, without: frozenset[Channel]
) -> Group | None:
    picture = open_picture(question.image) if question.image else None
    query = Query(_asked(question), picture, docs, without=without)
    found = propose(Snapshot(index, query))
    if not found.keys:
        return None
    side = found.sides[-1]
    own = {row.no for row in found.snap.text.documents([index.catalogue.find(question.doc).id])}
    right = np.array([document_of(key) in own and page_of(key) in question.pages for key in found.keys])
    return Group(name, scope, question, features_of_pages(found, side), right, found, side, query)


def _asked(question: Question) -> str:
    """A follow-up as the app asks it."""
    return interpret(question.history, question.text, question.image is not None)


def _drawn(ids: Mapping[str, str], question: Question, size: int) -> frozenset[str]:
    """The question's document and others by chance, the same at every run."""
    others = sorted(set(ids) - {question.doc})
    chosen = np.random.default_rng(question.line).permutation(len(others))[: size - 1].tolist()
    return frozenset([ids[question.doc], *(ids[others[i]] for i in chosen)])


def fit_pages(groups: Sequence[Group]) -> Fitted:
    """Both sets of weights of pages. Scopes count the same, sets as the root of their questions: counted the same,
    small sets drown a large one (page recall@5 over the library .777 for .793, and no better in the small ones).
    """
    count = Counter((group.set, group.scope) for group in groups)
    examples = [group.example(count[group.set, group.scope] ** -0.5) for group in groups]
    names = [f"said {name}" for name in SAID] + [f"meant {name}" for name in MEANT]
    prior = np.array([{"said fused": SAID_PRIOR, "meant fused": MEANT_PRIOR}.get(name, 0.0) for name in names])
    ridge = np.array([RIDGE] * len(SAID) + [MEANT_RIDGE] * len(MEANT))
    weights = fit(examples, prior, ridge)
    return weights[: len(SAID)], weights[len(SAID) :]


def folds(documents: Iterable[tuple[str, str]], count: int, turn: int) -> list[set[tuple[str, str]]]:
    """Documents held out together, shuffled in every turn."""
    names = sorted(set(documents))
    np.random.default_rng(turn).shuffle(names)
    return [{(str(group), str(name)) for group, name in names[fold::count]} for fold in range(count)]


Ranks = dict[tuple[str, str], list[float]]


def cross_validate(groups: Sequence[Group], args: Options) -> tuple[Ranks, dict[int, Float64Array]]:
    """By set and scope the ranks of the first right page; of the first turn scores by group (its place). Held out."""
    ranks: Ranks = defaultdict(list)
    scores: dict[int, Float64Array] = {}
    for turn in range(args.turns):
        for held in folds((group.document for group in groups), args.folds, turn):
            fitted = np.concatenate(fit_pages([group for group in groups if group.document not in held]))
            for place, group in enumerate(groups):
                if group.document in held:
                    found = group.doubled() @ fitted
                    ranks[group.set, group.scope].append(first_right(group, found))
                    scores.setdefault(place, found - _log_sum(found))
    return ranks, scores


def _log_sum(scores: Float64Array) -> float:
    highest = float(scores.max())
    return highest + float(np.log(np.exp(scores - highest).sum()))


def first_right(group: Group, scores: Float64Array) -> float:
    """Rank from 1 of the first right candidate; infinite where there is none."""
    right = np.flatnonzero(group.right[np.argsort(-scores, kind="stable")])
    return float(right[0]) + 1 if len(right) else np.inf


def recalls(ranks: Sequence[float]) -> str:
    """Mean recall over turns and questions."""
    return "  ".join(f"R@{k} {np.mean(np.array(ranks) <= k):.3f}" for k in (1, 5, 10))


def report_pages(groups: Sequence[Group], ranks: Ranks) -> None:
    """Held-out recall by set and scope, beside that of the plain sum of reciprocal ranks."""
    for (name, scope), own in sorted(ranks.items()):
        plain = [first_right(g, g.baseline) for g in groups if (g.set, g.scope) == (name, scope)]
        print(
            f"{name:16} {scope:13} n {len(plain):3d}  held out {recalls(own)}   sum of ranks {recalls(plain)}",
            flush=True,
        )


@dataclass(frozen=True)
class PartGroup:
    """The chunks of one question's best pages."""

    group: Group
    features: Float64Array
    right: NDArray[np.bool_]
    parts: list[Part]
    order: list[int]


def part_groups(groups: Sequence[Group], pages: Mapping[int, Float64Array]) -> list[PartGroup]:
    """The chunks of the best pages of every group by its held-out scores."""
    result = []
    for place, group in enumerate(groups):
        scores = pages[place]
        best = np.argsort(-scores, kind="stable")[: max(MIN_PAGE_CHUNKS, PAGES_WITH_CHUNKS * DEPTH)].tolist()
        parts = parts_of(group.found, best)
        relative = scores[best] - scores[best].max()
        features = features_of_parts(group.found, best, parts, relative, group.side)
        index = group.found.snap.index
        own = {row.no for row in group.found.snap.text.documents([index.catalogue.find(group.question.doc).id])}
        right = np.array([document_of(p.place.key) in own and _fits(group.question, p) for p in parts])
        order = [group.found.keys[row] for row in best]
        result.append(PartGroup(group, features.values, right, parts, order))
    return result


def _fits(question: Question, part: Part) -> bool:
    return shows(question, HitLocation(question.doc, part.chunk.page, part.chunk.bbox))


def region_recall(groups: Sequence[PartGroup], scores: Callable[[PartGroup], Float64Array]) -> str:
    """Of questions with boxes: a right chunk among the first hits, after pages are put in order."""
    asked = [group for group in groups if group.group.question.boxes]
    found: dict[int, list[float]] = {k: [] for k in REGION_AT}
    for group in asked:
        hits = arrange(group.parts, scores(group), group.order, DEPTH, {})
        names = {part.chunk.id for part, right in zip(group.parts, group.right, strict=True) if right}
        for k, values in found.items():
            values.append(float(any(hit.chunk.id in names for hit in hits[:k])))
    ceiling = np.mean([group.right.any() for group in asked])
    return "  ".join(f"region@{k} {np.mean(values):.3f}" for k, values in found.items()) + f"  ceiling {ceiling:.3f}"


def cross_validate_parts(groups: Sequence[PartGroup], count: int, ridge: float = CHUNK_RIDGE) -> None:
    """Print region recall with chunk weights fitted on other documents, all scopes together."""
    held_scores: dict[int, Float64Array] = {}
    for held in folds((g.group.document for g in groups), count, 0):
        training = [g for g in groups if g.group.document not in held]
        weights = fit_parts(training, ridge)
        held_scores.update({id(g): g.features @ weights for g in groups if g.group.document in held})
    for name, scope in sorted({(g.group.set, g.group.scope) for g in groups}):
        own = [g for g in groups if (g.group.set, g.group.scope) == (name, scope)]
        if any(g.group.question.boxes for g in own):
            print(f"{name:16} {scope:13} held out: {region_recall(own, lambda g: held_scores[id(g)])}", flush=True)


def fit_parts(groups: Sequence[PartGroup], ridge: float) -> Float64Array:
    """Weights of chunks: signed, for a kind of chunk may be the wrong one."""
    examples = [Example(g.features, g.right) for g in groups if g.group.question.boxes]
    count = len(CHUNK_FEATURES)
    return fit(examples, np.zeros(count), np.full(count, ridge), np.ones(count, dtype=bool))


class Options(argparse.Namespace):
    """The command line."""

    set: list[list[str]]
    pictures: list[str] | None
    folds: int
    turns: int
    ablate: bool
    write: bool


def options() -> Options:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    files = ("QUESTIONS", "INDEX")
    parser.add_argument("--set", nargs=2, action="append", required=True, metavar=files, help="repeat for each set")
    parser.add_argument("--pictures", nargs=2, metavar=files, help="a set of screenshots, for the weights of pictures")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--turns", type=int, default=2, help="cross-validations, each with other folds")
    parser.add_argument("--ablate", action="store_true", help="also without each channel and each group of features")
    parser.add_argument("--write", action="store_true", help="write rag/retrieval/ranker_weights.json")
    return parser.parse_args(namespace=Options())


@dataclass(frozen=True)
class QuestionSet:
    """A question file with the open index that is asked."""

    name: str
    questions: list[Question]
    index: Index


def main() -> None:
    args = options()
    quiet()
    record = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    with ExitStack() as stack:
        sets = [_opened(stack, Path(questions), Path(index)) for questions, index in args.set]
        fit_words(sets, args, record)
        if args.pictures:
            fit_pictures(_opened(stack, *map(Path, args.pictures)), args, record)
    if args.write:
        WEIGHTS.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        print("wrote", WEIGHTS)


def _opened(stack: ExitStack, questions: Path, folder: Path) -> QuestionSet:
    index = stack.enter_context(Index.open(Settings.from_environment(index=folder)))
    stack.enter_context(index.snapshot())
    return QuestionSet(questions.parent.name, [q for q in read_questions(questions) if q.pages], index)


def fit_words(sets: Sequence[QuestionSet], args: Options, record: dict[str, Any]) -> None:
    """Weights of pages and chunks for questions in words, from all sets."""
    groups = _words_of(sets)
    ranks, held = cross_validate(groups, args)
    report_pages(groups, ranks)
    said, meant = fit_pages(groups)
    record["weights"] |= {"said": named(SAID, said), "meant": named(MEANT, meant)}
    boxed = [place for place, group in enumerate(groups) if group.question.boxes]
    parts = part_groups([groups[place] for place in boxed], {i: held[place] for i, place in enumerate(boxed)})
    if parts:
        cross_validate_parts(parts, args.folds)
        record["weights"]["chunks"] = named(CHUNK_FEATURES, fit_parts(parts, CHUNK_RIDGE))
    record["fitted_on"] |= {
        "questions": len({(group.document, group.question.line) for group in groups}),
        "documents": len({group.document for group in groups}),
        "sets": len(sets),
    }
    if args.ablate:
        ablate(sets, groups, args)


def _words_of(sets: Sequence[QuestionSet], without: frozenset[Channel] = frozenset()) -> list[Group]:
    return [
        group
        for each in sets
        for group in page_groups(each.name, each.index, [q for q in each.questions if not q.image], without)
    ]


def ablate(sets: Sequence[QuestionSet], groups: Sequence[Group], args: Options) -> None:
    """Held-out recall without each channel (searched and fitted anew), then without each group of features."""
    channels: tuple[Channel, ...] = ("full text", "words", "text to image")
    for channel in channels:
        print(f"without the channel {channel}:")
        less = _words_of(sets, frozenset([channel]))
        report_pages(less, cross_validate(less, args)[0])
    for name, members in FEATURE_GROUPS.items():
        print(f"without the features {name}:")
        dropped = _columns(members)
        less = [replace(g, features=replace(g.features, values=_without(g.features.values, dropped))) for g in groups]
        report_pages(groups, cross_validate(less, args)[0])


def _without(values: Float64Array, columns: Sequence[int]) -> Float64Array:
    kept = values.copy()
    kept[:, columns] = 0.0
    return kept


def fit_pictures(screenshots: QuestionSet, args: Options, record: dict[str, Any]) -> None:
    """Weights for the picture side, over the whole library, from a set of screenshots: for those that are not found."""
    questions = [q for q in screenshots.questions if q.image]
    without = frozenset({SAME_PICTURE})
    found = (_group(screenshots.name, "library", screenshots.index, q, None, without) for q in questions)
    groups = [group for group in found if group]
    every = np.ones(len(PAGE_FEATURES), dtype=bool)

    def fitted(training: Sequence[Group]) -> Float64Array:
        examples = [Example(g.features.values, g.right) for g in training]
        return fit(examples, np.zeros(len(every)), np.full(len(every), PICTURE_RIDGE), every)

    held: dict[int, Float64Array] = {}
    for out in folds((group.document for group in groups), args.folds, 0):
        weights = fitted([group for group in groups if group.document not in out])
        held |= {i: log_probabilities(g.features.values, weights) for i, g in enumerate(groups) if g.document in out}
    print(f"pictures, held out: {recalls([first_right(group, held[i]) for i, group in enumerate(groups)])}")
    record["weights"]["picture"] = named(PAGE_FEATURES, fitted(groups))
    parts = part_groups(groups, held)
    cross_validate_parts(parts, args.folds, PICTURE_RIDGE)
    record["weights"]["picture_chunks"] = named(CHUNK_FEATURES, fit_parts(parts, PICTURE_RIDGE))
    record["fitted_on"]["pictures"] = len(groups)


def named(names: Sequence[str], weights: Float64Array) -> dict[str, float]:
    return {name: round(float(weight), 3) for name, weight in zip(names, weights, strict=True)}


if __name__ == "__main__":
    main()
