#!/usr/bin/env python3
"""Fit the linear ranker's weights on a question set: train_ranker.py QUESTIONS.jsonl --index DIR [--write].

Listwise softmax with a ridge penalty, over all candidates that searching itself proposes; cross-validated with whole
documents left out. Prints recall of each fold and the mean; ``--write`` fits on everything and writes the weights file,
which then says how many questions and documents it was fitted on, and no texts.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from rag.config import Settings, quiet
from rag.features import CHUNK_FEATURES, PAGE_FEATURES
from rag.fulltext import document_of, page_of
from rag.index import Index
from rag.metrics import REGION_AT, Place, shows
from rag.pictures import open_picture
from rag.questionset import Question, read_questions
from rag.rank import WEIGHTS, log_probabilities
from rag.retrieve import (
    MIN_PAGE_CHUNKS,
    PAGES_WITH_CHUNKS,
    Part,
    Proposal,
    Side,
    arrange,
    features_of_pages,
    features_of_parts,
    parts_of,
    propose,
)
from rag.types import Query

Array = NDArray[np.float64]
RIDGE, PICTURE_RIDGE = 0.001, 0.01  # chosen by cross-validation; pictures have fewer examples
STEPS, RATE = 400, 0.1
DEPTH = 30


@dataclass(frozen=True)
class Group:
    """The candidates of one question: features and which are right; ``found`` to look further."""

    question: Question
    features: Array
    right: NDArray[np.bool_]
    found: Proposal
    side: Side
    query: Query


def page_groups(index: Index, questions: Sequence[Question], scope: str) -> list[Group]:
    """Candidate pages of every question that has evidence."""
    groups = []
    ids = {q.doc: index.catalogue.find(q.doc).id for q in questions}
    for question in questions:
        docs = frozenset([ids[question.doc]]) if scope == "doc" else None
        query = Query(question.text, open_picture(question.image) if question.image else None, docs=docs)
        found = propose(index, query)
        if found is None:
            continue
        side = found.sides[-1]
        values = features_of_pages(index, found, side).values
        own = {row.no for row in found.text.documents([ids[question.doc]])}
        keys = found.candidates.pages.keys.tolist()
        right = np.array([document_of(key) in own and page_of(key) in question.pages for key in keys])
        groups.append(Group(question, values, right, found, side, query))
    return groups


def fit(groups: Sequence[tuple[Array, NDArray[np.bool_]]], start: Array, ridge: float = RIDGE) -> Array:
    """Weights that make right candidates likely: Adam on the mean of -log(sum of their probabilities) plus ridge."""
    usable = [(features, right) for features, right in groups if right.any() and not right.all()]
    rows = np.concatenate([features for features, _ in usable])
    right = np.concatenate([r for _, r in usable])
    sizes = np.array([len(features) for features, _ in usable])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    owner = np.repeat(np.arange(len(usable)), sizes)
    weights, first, second = start.copy(), np.zeros_like(start), np.zeros_like(start)
    for step in range(1, STEPS + 1):
        scores = rows @ weights
        scores -= np.maximum.reduceat(scores, starts)[owner]
        likely = np.exp(scores)
        every = likely / np.add.reduceat(likely, starts)[owner]
        good = np.where(right, likely, 0.0)
        good /= np.maximum(np.add.reduceat(good, starts)[owner], 1e-300)
        gradient = rows.T @ (every - good) / len(usable) + ridge * (weights - start)
        first = 0.9 * first + 0.1 * gradient
        second = 0.999 * second + 0.001 * gradient**2
        weights = weights - RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return weights


def folds(groups: Sequence[Group], count: int) -> Iterator[tuple[list[Group], list[Group]]]:
    """(training, held out) with whole documents held out, in alphabetical turn."""
    documents = sorted({group.question.doc for group in groups})
    for fold in range(count):
        held = set(documents[fold::count])
        yield [g for g in groups if g.question.doc not in held], [g for g in groups if g.question.doc in held]


def recall(groups: Sequence[Group], scores: Callable[[Group], Array], k: int) -> float:
    hits = []
    for group in groups:
        best = np.argsort(-scores(group), kind="stable")[:k]
        hits.append(float(group.right[best].any()))
    return float(np.mean(hits)) if hits else 0.0


def cross_validate(
    name: str, groups: Sequence[Group], count: int, start: Array, ridge: float = RIDGE
) -> dict[int, Array]:
    """Print folds; the held-out page scores of every question, by its line."""
    held_scores: dict[int, Array] = {}
    for number, (training, held) in enumerate(folds(groups, count), 1):
        weights = fit([(g.features, g.right) for g in training], start, ridge)
        held_scores.update({g.question.line: log_probabilities(g.features, weights) for g in held})
        line = "  ".join(f"R@{k} {recall(held, lambda g: held_scores[g.question.line], k):.3f}" for k in (1, 3, 5, 10))
        print(f"{name} fold {number}: n {len(held):3d}  {line}", flush=True)
    line = "  ".join(f"R@{k} {recall(groups, lambda g: held_scores[g.question.line], k):.3f}" for k in (1, 3, 5, 10))
    print(f"{name} all folds: n {len(groups):3d}  {line}", flush=True)
    return held_scores


@dataclass(frozen=True)
class PartGroup:
    """The chunks of one question's best pages."""

    group: Group
    features: Array
    right: NDArray[np.bool_]
    parts: list[Part]
    order: list[int]


def part_groups(index: Index, groups: Sequence[Group], pages: dict[int, Array]) -> list[PartGroup]:
    result = []
    for group in groups:
        scores = pages[group.question.line]
        best = np.argsort(-scores, kind="stable")[: max(MIN_PAGE_CHUNKS, PAGES_WITH_CHUNKS * DEPTH)].tolist()
        parts = parts_of(index, group.found, best, group.query)
        relative = scores[best] - scores[best].max()
        features = features_of_parts(group.found, best, parts, relative, group.side)
        own = {row.no for row in group.found.text.documents([index.catalogue.find(group.question.doc).id])}
        right = np.array([document_of(p.place.key) in own and _fits(group.question, p) for p in parts])
        order = [int(group.found.candidates.pages.keys[row]) for row in best]
        result.append(PartGroup(group, features.values, right, parts, order))
    return result


def _fits(question: Question, part: Part) -> bool:
    return shows(question, Place(question.doc, part.chunk.page, part.chunk.bbox))


def region_recall(groups: Sequence[PartGroup], scores: Callable[[PartGroup], Array]) -> str:
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


def cross_validate_parts(
    name: str, groups: Sequence[PartGroup], count: int, start: Array, ridge: float = RIDGE
) -> None:
    held_scores: dict[int, Array] = {}
    by_line = {group.group.question.line: group for group in groups}
    for training, held in folds([group.group for group in groups], count):
        chosen = [by_line[g.question.line] for g in training if g.question.boxes]
        weights = fit([(g.features, g.right) for g in chosen], start, ridge)
        held_scores.update({g.question.line: by_line[g.question.line].features @ weights for g in held})
    print(
        f"{name} chunks, all folds: {region_recall(groups, lambda g: held_scores[g.group.question.line])}", flush=True
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--pictures", type=Path, help="a question file of screenshots, for the weights of pictures")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="write rag/rank_weights.json")
    args = parser.parse_args()
    quiet()
    questions = [q for q in read_questions(args.questions) if q.pages and q.text]
    record = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    with Index.open(Settings.from_environment(index=args.index)) as index:
        all_parts: list[PartGroup] = []
        for scope in ("doc", "library"):
            groups = page_groups(index, questions, scope)
            start = np.zeros(len(PAGE_FEATURES))
            held = cross_validate(scope, groups, args.folds, start)
            weights = fit([(g.features, g.right) for g in groups], start)
            record["weights"][scope] = named(PAGE_FEATURES, weights)
            parts = part_groups(index, groups, held)
            cross_validate_parts(scope, parts, args.folds, np.zeros(len(CHUNK_FEATURES)))
            all_parts += [p for p in parts if p.group.question.boxes]
        chunks = fit([(p.features, p.right) for p in all_parts], np.zeros(len(CHUNK_FEATURES)))
        record["weights"]["chunks"] = named(CHUNK_FEATURES, chunks)
        record["fitted_on"] = {"questions": len(questions), "documents": len({q.doc for q in questions})}
        if args.pictures:
            fit_pictures(index, args.pictures, args.folds, record)
    if args.write:
        WEIGHTS.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        print("wrote", WEIGHTS)


def fit_pictures(index: Index, path: Path, count: int, record: dict[str, dict[str, object]]) -> None:
    """Weights for the picture side, over the whole library, from a set of screenshots."""
    groups = page_groups(index, [q for q in read_questions(path) if q.pages], "library")
    start, part_start = np.zeros(len(PAGE_FEATURES)), np.zeros(len(CHUNK_FEATURES))
    held = cross_validate("picture", groups, count, start, PICTURE_RIDGE)
    pages = fit([(g.features, g.right) for g in groups], start, PICTURE_RIDGE)
    record["weights"]["picture"] = named(PAGE_FEATURES, pages)
    parts = part_groups(index, groups, held)
    cross_validate_parts("picture", parts, count, part_start, PICTURE_RIDGE)
    chunks = fit([(p.features, p.right) for p in parts], part_start, PICTURE_RIDGE)
    record["weights"]["picture_chunks"] = named(CHUNK_FEATURES, chunks)
    record["fitted_on"]["pictures"] = len(groups)


def named(names: Sequence[str], weights: Array) -> dict[str, float]:
    return {name: round(float(weight), 3) for name, weight in zip(names, weights, strict=True)}


if __name__ == "__main__":
    main()
