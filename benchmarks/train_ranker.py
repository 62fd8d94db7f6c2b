#!/usr/bin/env python3
"""Fit the linear ranker's weights on a question set: train_ranker.py QUESTIONS.jsonl --index DIR [--write].

Listwise softmax with a ridge penalty, over all candidates that searching itself proposes; cross-validated with whole
documents left out. The scopes' weights are drawn to common ones, and few features may speak against a page. Libraries
of some sizes are drawn from the documents, so that weights hold in small ones. ``--write`` fits on everything and
writes the weights file, which then says how many questions and documents it was fitted on, and no texts.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.listwise import fit
from rag.config import Settings, quiet
from rag.evaluation.metrics import REGION_AT, HitLocation, shows
from rag.evaluation.questionset import Question, read_questions
from rag.images import open_picture
from rag.index import Index
from rag.retrieval.chunk_features import CHUNK_FEATURES
from rag.retrieval.page_features import PAGE_FEATURES
from rag.retrieval.ranker import WEIGHTS, log_probabilities
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
from rag.storage.term_vectors import document_of, page_of
from rag.types import SAME_PICTURE, Channel, Float64Array, Query

# Penalties, chosen by cross-validation:
RIDGE = 0.001  # on the weights of pages that all scopes share
TO_SHARED = 0.005  # on how far a scope's weights are from those
CHUNK_RIDGE = 0.003  # on the weights of chunks
PICTURE_RIDGE = 0.01  # on those of pictures, which have fewer examples
DEPTH = 30
SCOPES = {"doc": 1, "library": None, "5 documents": 5, "10 documents": 10}  # how many documents are searched
FEATURE_GROUPS = {
    "context": ("top", "caption", "heading"),
    "document": ("title", "document", "document_coverage", "page_document"),
    "neighbours": ("around", "dense_around", "page_around"),
    "coverage": ("coverage", "chunk_coverage", "closeness", "page_coverage"),
    "numbers of pages": ("asked", "asked_near", "labelled"),
    "numbered things": ("reference", "reference_caption", "numbers", "quoted"),
    "kinds wanted": (
        "digits_counted", "tables_wanted", "figures_wanted", "charts_wanted", "cover_wanted", "contents_wanted",
        "slides_wanted",
    ),
    "terms of a field": ("related",),
    "length and place": ("length", "first"),
    "ranks and products": (
        "page_squared", "page_dense", "page_coverage", "page_around", "page_document", "chunk_dense", "page_local",
        "page_rank", "chunk_rank", "dense_rank",
    ),
}  # fmt: skip
AGAINST = frozenset((
    "length", "document", "page", "around", "page_squared", "page_dense", "page_coverage", "page_around",
    "page_document", "chunk_dense",
))  # fmt: skip
"""Features that may weigh less than nothing: sizes, and products with their parts, which take from each other."""
ONLY_FOR = np.array([float(name not in AGAINST) for name in PAGE_FEATURES])


@dataclass(frozen=True)
class Group:
    """The candidates of one question: features and which are right; ``found`` to look further."""

    question: Question
    features: Float64Array
    right: NDArray[np.bool_]
    found: Proposal
    side: Side
    query: Query


def page_groups(
    index: Index, questions: Sequence[Question], scope: str, without: frozenset[Channel] = frozenset()
) -> list[Group]:
    """Candidate pages of every question that has evidence, found ``without`` some channels."""
    groups, size = [], SCOPES[scope]
    ids = {q.doc: index.catalogue.find(q.doc).id for q in questions}
    for question in questions:
        docs = _drawn(ids, question, size) if size else None
        query = Query(question.text, open_picture(question.image) if question.image else None, docs, without=without)
        found = propose(Snapshot(index, query))
        if not found.keys:
            continue
        side = found.sides[-1]
        values = features_of_pages(found, side).values
        own = {row.no for row in found.snap.text.documents([ids[question.doc]])}
        keys = found.keys
        right = np.array([document_of(key) in own and page_of(key) in question.pages for key in keys])
        groups.append(Group(question, values, right, found, side, query))
    return groups


def _drawn(ids: Mapping[str, str], question: Question, size: int) -> frozenset[str]:
    """The question's document and others by chance, the same at every run."""
    others = sorted(set(ids) - {question.doc})
    chosen = np.random.default_rng(question.line).permutation(len(others))[: size - 1].tolist()
    return frozenset([ids[question.doc], *(ids[others[i]] for i in chosen)])


def fit_scopes(groups: Mapping[str, Sequence[Group]]) -> dict[str, Float64Array]:
    """Weights of every scope, drawn to those that suit all together, for there are few questions; libraries share."""
    examples = {scope: [(g.features, g.right) for g in own] for scope, own in groups.items()}
    every = [example for own in examples.values() for example in own]
    shared = fit(every, np.zeros(len(PAGE_FEATURES)), RIDGE, ONLY_FOR)
    doc = fit(examples["doc"], shared, TO_SHARED, ONLY_FOR)
    libraries = [example for scope, own in examples.items() if scope != "doc" for example in own]
    library = fit(libraries, shared, TO_SHARED, ONLY_FOR)
    return {scope: doc if scope == "doc" else library for scope in groups}


def folds(documents: Iterable[str], count: int, turn: int) -> list[set[str]]:
    """Documents held out together: in alphabetical turn first, shuffled in later turns."""
    names = sorted(set(documents))
    if turn:
        np.random.default_rng(turn).shuffle(names)
    return [set(names[fold::count]) for fold in range(count)]


def cross_validate(
    groups: Mapping[str, Sequence[Group]],
    fitted: Callable[[dict[str, list[Group]]], dict[str, Float64Array]],
    args: Options,
) -> tuple[dict[str, Float64Array], dict[str, dict[int, Float64Array]]]:
    """Ranks of the first right page (turns, questions) and, of the first turn, page scores by line, all held out."""
    ranks = {scope: np.zeros((args.turns, len(own))) for scope, own in groups.items()}
    scores: dict[str, dict[int, Float64Array]] = {scope: {} for scope in groups}
    for turn in range(args.turns):
        for held in folds((g.question.doc for own in groups.values() for g in own), args.folds, turn):
            weights = fitted({scope: [g for g in own if g.question.doc not in held] for scope, own in groups.items()})
            for scope, own in groups.items():
                for row, group in enumerate(own):
                    if group.question.doc in held:
                        found = log_probabilities(group.features, weights[scope])
                        ranks[scope][turn, row] = first_right(group, found)
                        if turn == 0:
                            scores[scope][group.question.line] = found
    return ranks, scores


def first_right(group: Group, scores: Float64Array) -> float:
    """Rank from 1 of the first right candidate; infinite where there is none."""
    right = np.flatnonzero(group.right[np.argsort(-scores, kind="stable")])
    return float(right[0]) + 1 if len(right) else np.inf


def recalls(ranks: Float64Array) -> str:
    """Mean recall over turns and questions."""
    return "  ".join(f"R@{k} {np.mean(ranks <= k):.3f}" for k in (1, 3, 5, 10))


def report_pages(groups: Mapping[str, Sequence[Group]], ranks: Mapping[str, Float64Array]) -> None:
    for scope, own in groups.items():
        print(f"{scope:12} held out, n {len(own):3d}:  {recalls(ranks[scope])}", flush=True)
        kinds = sorted({kind for group in own for kind in group.question.kinds})
        rows = {kind: [i for i, group in enumerate(own) if kind in group.question.kinds] for kind in kinds}
        print("  R@5 by kind: " + "  ".join(f"{k} {np.mean(ranks[scope][:, r] <= 5):.3f}" for k, r in rows.items()))


@dataclass(frozen=True)
class PartGroup:
    """The chunks of one question's best pages."""

    group: Group
    features: Float64Array
    right: NDArray[np.bool_]
    parts: list[Part]
    order: list[int]


def part_groups(index: Index, groups: Sequence[Group], pages: dict[int, Float64Array]) -> list[PartGroup]:
    result = []
    for group in groups:
        scores = pages[group.question.line]
        best = np.argsort(-scores, kind="stable")[: max(MIN_PAGE_CHUNKS, PAGES_WITH_CHUNKS * DEPTH)].tolist()
        parts = parts_of(group.found, best)
        relative = scores[best] - scores[best].max()
        features = features_of_parts(group.found, best, parts, relative, group.side)
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


def cross_validate_parts(groups: Mapping[str, Sequence[PartGroup]], count: int, ridge: float = CHUNK_RIDGE) -> None:
    """Print region recall with chunk weights fitted on other documents, in both scopes together."""
    every = [group for own in groups.values() for group in own]
    held_scores: dict[int, Float64Array] = {}
    for held in folds((g.group.question.doc for g in every), count, 0):
        training = [g for g in every if g.group.question.boxes and g.group.question.doc not in held]
        weights = fit([(g.features, g.right) for g in training], np.zeros(len(CHUNK_FEATURES)), ridge)
        held_scores.update({id(g): g.features @ weights for g in every if g.group.question.doc in held})
    for scope, own in groups.items():
        print(f"{scope:8} held out: {region_recall(own, lambda g: held_scores[id(g)])}", flush=True)


class Options(argparse.Namespace):
    """The command line."""

    questions: Path
    index: Path
    pictures: Path | None
    folds: int
    turns: int
    ablate: bool
    write: bool


def options() -> Options:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--pictures", type=Path, help="a question file of screenshots, for the weights of pictures")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--turns", type=int, default=4, help="cross-validations, each with other folds")
    parser.add_argument("--ablate", action="store_true", help="also without each channel and each group of features")
    parser.add_argument("--write", action="store_true", help="write rag/retrieval/ranker_weights.json")
    return parser.parse_args(namespace=Options())


def main() -> None:
    args = options()
    quiet()
    questions = [q for q in read_questions(args.questions) if q.pages and q.text]
    record = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    with Index.open(Settings.from_environment(index=args.index)) as index, index.snapshot():
        groups = {scope: page_groups(index, questions, scope) for scope in SCOPES}
        ranks, held = cross_validate(groups, fit_scopes, args)
        report_pages(groups, ranks)
        weights = fit_scopes(groups)
        record["weights"] |= {scope: named(PAGE_FEATURES, weights[scope]) for scope in ("doc", "library")}
        parts = {scope: part_groups(index, groups[scope], held[scope]) for scope in ("doc", "library")}
        cross_validate_parts(parts, args.folds)
        boxed = [(p.features, p.right) for own in parts.values() for p in own if p.group.question.boxes]
        record["weights"]["chunks"] = named(CHUNK_FEATURES, fit(boxed, np.zeros(len(CHUNK_FEATURES)), CHUNK_RIDGE))
        record["fitted_on"] |= {"questions": len(questions), "documents": len({q.doc for q in questions})}
        if args.ablate:
            ablate(index, questions, groups, args)
        if args.pictures:
            fit_pictures(index, args, record)
    if args.write:
        WEIGHTS.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        print("wrote", WEIGHTS)


def ablate(index: Index, questions: Sequence[Question], groups: Mapping[str, Sequence[Group]], args: Options) -> None:
    """Held-out recall without each channel (searched and fitted anew), then without each group of features."""
    for channel in ("full text", "words", "text to image"):
        less = {scope: page_groups(index, questions, scope, frozenset([channel])) for scope in groups}
        _say_ablated(f"channel {channel}", less, args)
    for name, members in FEATURE_GROUPS.items():
        dropped = [PAGE_FEATURES.index(member) for member in members]
        less = {
            scope: [replace(g, features=_without(g.features, dropped)) for g in own] for scope, own in groups.items()
        }
        _say_ablated(f"features {name}", less, args)


def _say_ablated(name: str, groups: Mapping[str, Sequence[Group]], args: Options) -> None:
    ranks, _ = cross_validate(groups, fit_scopes, args)
    print(f"without {name:28}" + "   ".join(f"{scope} {recalls(found)}" for scope, found in ranks.items()), flush=True)


def _without(features: Float64Array, columns: Sequence[int]) -> Float64Array:
    kept = features.copy()
    kept[:, columns] = 0.0
    return kept


def fit_pictures(index: Index, args: Options, record: dict[str, dict[str, object]]) -> None:
    """Weights for the picture side, over the whole library, from a set of screenshots: for those that are not found."""
    assert args.pictures is not None
    questions = [q for q in read_questions(args.pictures) if q.pages]
    groups = page_groups(index, questions, "library", frozenset({SAME_PICTURE}))

    def fitted(training: Mapping[str, Sequence[Group]]) -> dict[str, Float64Array]:
        examples = [(g.features, g.right) for g in training["picture"]]
        return {"picture": fit(examples, np.zeros(len(PAGE_FEATURES)), PICTURE_RIDGE)}

    ranks, held = cross_validate({"picture": groups}, fitted, args)
    report_pages({"picture": groups}, ranks)
    record["weights"]["picture"] = named(PAGE_FEATURES, fitted({"picture": groups})["picture"])
    parts = part_groups(index, groups, held["picture"])
    cross_validate_parts({"picture": parts}, args.folds, PICTURE_RIDGE)
    chunks = fit([(p.features, p.right) for p in parts], np.zeros(len(CHUNK_FEATURES)), PICTURE_RIDGE)
    record["weights"]["picture_chunks"] = named(CHUNK_FEATURES, chunks)
    record["fitted_on"]["pictures"] = len(groups)


def named(names: Sequence[str], weights: Float64Array) -> dict[str, float]:
    return {name: round(float(weight), 3) for name, weight in zip(names, weights, strict=True)}


if __name__ == "__main__":
    main()
