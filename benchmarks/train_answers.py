#!/usr/bin/env python3
"""Fit how passages are scored: train_answers.py --set QUESTIONS.jsonl INDEX [--set …] [--judge …] [--write].

A softmax over the passages of a question's evidence pages, of which those are right that hold the right answer
(:mod:`rag.evaluation.gold`); and a logistic regression that tells whether the page quoted first is right. Whole
documents are left out in turn, and all sets are fitted at once, a large one counting little more than a small one. Sets
given by ``--judge`` are measured and never fitted. ``--write`` fits on everything and writes the weights, which hold no
texts.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.listwise import Example, fit
from rag.answering.answer import CANDIDATES
from rag.answering.evidence.gathering import gather
from rag.answering.extraction.answerer import chosen_of
from rag.answering.extraction.meaning import closeness_by
from rag.answering.extraction.passage_scores import (
    FEATURES,
    WEIGHTS_FILE,
    Closeness,
    Weights,
    Words,
    across_languages,
    passage_features,
)
from rag.answering.extraction.sureness import DIRECT, LIKELY, SIGNALS, SIGNALS_ACROSS, signals, signals_across
from rag.answering.passages.quotations import Passage, passages_of
from rag.answering.questions.kinds import kinds_of
from rag.answering.questions.sought import sought
from rag.config import Settings, quiet
from rag.evaluation.gold import holds, parts_of
from rag.evaluation.questionset import Question, read_questions
from rag.index import Index
from rag.retrieval.followup import interpret
from rag.retrieval.search import search
from rag.types import Evidence, Float64Array, Query

FOLDS = 5
RIDGE = 0.006  # on weights for questions in the passages' words
MEANT_RIDGE = 0.02  # on how far those for others are from them: they have fewer examples
MEANT_PRIOR = 2.0  # of the encoder's cosine
SIGNED = frozenset({"row", "figure", "says_nothing", "asks", "heading", "contents", "length"})
"""Features that may speak against a passage; all others are evidence, and never do."""
SHOWN = (1, 2, 3)
NEWTON_STEPS = 50


SURE_RIDGE = 0.5  # on the weights that tell how sure an answer is


class Asked(NamedTuple):
    """A question with the passages of its evidence pages, (passages, features), what its words tell of them, and which
    hold the answer; none where that cannot be told. ``sure``: what tells how sure its answer is, in the document and in
    the library, and whether that answer begins with a right page; ``sure_across``: the same of answers in another
    language than their question."""

    name: str
    doc: str
    features: Float64Array
    words: Words
    right: NDArray[np.bool_]
    sure: tuple[Told, ...]
    sure_across: tuple[Told, ...] = ()


Told = tuple[tuple[float, ...], bool]


class Fitted(NamedTuple):
    """Weights over FEATURES, over SIGNALS and over SIGNALS_ACROSS."""

    passages: Weights
    sure: Float64Array
    sure_across: Float64Array


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", nargs=2, action="append", required=True, metavar=("QUESTIONS", "INDEX"))
    parser.add_argument("--judge", nargs=2, action="append", default=[], metavar=("QUESTIONS", "INDEX"))
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    quiet()
    asked = [one for path, index in given.set for one in read(Path(path), Path(index))]
    judged = [one for path, index in given.judge for one in read(Path(path), Path(index))]
    print(f"{len(asked)} questions of {len({a.doc for a in asked})} documents are fitted, {len(judged)} judged")
    held_out: list[tuple[Asked, Fitted]] = []
    for number in range(FOLDS):
        out = {doc for i, doc in enumerate(sorted({a.doc for a in asked})) if i % FOLDS == number}
        fitted = weights_of([a for a in asked if a.doc not in out])
        held_out += [(a, fitted) for a in asked if a.doc in out]
    report(held_out)
    fitted = weights_of(asked)
    report([(a, fitted) for a in judged])
    if given.write:
        write(fitted, len(asked), len({a.doc for a in asked}))


def read(path: Path, folder: Path) -> Iterable[Asked]:
    """The answerable questions of a file about documents of an index."""
    with Index.open(Settings.from_environment(index=folder)) as index:
        ids = {row.name: row.id for row in index.catalogue.documents()}
        closeness = closeness_by(index)
        for question in read_questions(path):
            if question.answerable and not question.image and question.doc in ids and question.pages:
                yield read_one(index, question, ids[question.doc], closeness, path.parent.name + "/" + path.stem)


def read_one(index: Index, question: Question, doc: str, closeness: Closeness | None, name: str) -> Asked:
    searched = interpret(question.history, question.text)
    evidence = {scope: found_by(index, searched, scope) for scope in (frozenset([doc]), None)}
    own = evidence[frozenset([doc])]
    passages = [p for piece in own if piece.chunk.page in question.pages for p in passages_of(piece)]
    parts = parts_of(question.answer, question.answer_format, question.quote)
    right = np.array([bool(parts) and holds([words_of(p)], parts) for p in passages], dtype=bool)
    features, words = passage_features(sought(searched, passages), kinds_of(searched), passages, closeness)
    told = list(told_of(question, searched, closeness, *evidence.values()))
    sure = [tuple((values, page) for one, values, page in told if one == across) for across in (False, True)]
    return Asked(name, question.doc, features, words, right, *sure)


def found_by(index: Index, searched: str, docs: frozenset[str] | None) -> tuple[Evidence, ...]:
    return gather(index, search(index, Query(searched, docs=docs), CANDIDATES).hits, index.settings)


def told_of(
    question: Question, searched: str, closeness: Closeness | None, *found: Sequence[Evidence]
) -> Iterable[tuple[bool, tuple[float, ...], bool]]:
    """Of each answer whether it is across languages, what tells how sure it is, and whether its first page is right."""
    language = kinds_of(searched).language
    for evidence in found:
        chosen = chosen_of(searched, evidence, closeness)
        if chosen.quotes:
            first = chosen.quotes[0].evidence
            right = first.doc_name == question.doc and first.chunk.page in question.pages
            if across_languages(chosen.found, language, chosen.quotes):
                yield True, signals_across(chosen.found, chosen.quotes, evidence, closeness), right
            else:
                yield False, signals(chosen.found, chosen.quotes, evidence), right


def words_of(passage: Passage) -> str:
    """What a quotation of it says."""
    return f"{passage.text} {passage.evidence.chunk.text}" if passage.kind == "figure" else passage.text


def weights_of(asked: Sequence[Asked]) -> Fitted:
    """Weights fitted on some questions."""
    sizes = Counter(a.name for a in asked)
    signed = np.array([name in SIGNED for name in FEATURES])

    def examples(words: Words) -> list[Example]:
        some = [a for a in asked if a.words == words and a.right.any()]
        return [Example(a.features, a.right, 1 / math.sqrt(sizes[a.name])) for a in some]

    zeros = np.zeros(len(FEATURES))
    said = fit(examples("said"), zeros, np.full(len(FEATURES), RIDGE), signed)
    prior = said.copy()
    prior[FEATURES.index("meant")] = MEANT_PRIOR
    others = examples("meant")
    meant = fit(others, prior, np.full(len(FEATURES), MEANT_RIDGE), signed) if others else prior
    sure = logistic([one for a in asked for one in a.sure], len(SIGNALS))
    return Fitted(
        Weights(said, meant), sure, logistic([one for a in asked for one in a.sure_across], len(SIGNALS_ACROSS))
    )


def logistic(told: Sequence[Told], count: int) -> Float64Array:
    """``count`` weights of a logistic regression with a ridge, by Newton's method."""
    values = np.array([v for v, _ in told]).reshape(len(told), count)
    right = np.array([r for _, r in told], dtype=np.float64)
    weights = np.zeros(values.shape[1])
    for _ in range(NEWTON_STEPS):
        p = 1 / (1 + np.exp(-values @ weights))
        slope = values.T @ (right - p) - SURE_RIDGE * weights
        bend = (values * (p * (1 - p))[:, None]).T @ values + SURE_RIDGE * np.eye(len(weights))
        weights = weights + np.linalg.solve(bend, slope)
    return np.asarray(weights, dtype=np.float64)


def report(judged: Sequence[tuple[Asked, Fitted]]) -> None:
    """Of how many questions one of the best passages holds the answer, and what each step of sureness means."""
    for name in dict.fromkeys(a.name for a, _ in judged):
        own = [(a, fitted) for a, fitted in judged if a.name == name]
        for words in get_args(Words):
            some = [(a, f) for a, f in own if a.words == words and a.right.any() and not a.right.all()]
            orders = [a.right[np.argsort(-(a.features @ f.passages.of(words)))] for a, f in some]
            shares = "  ".join(f"in {n}: {np.mean([o[:n].any() for o in orders]):.3f}" for n in SHOWN) if some else ""
            print(f"{name:40} {words:8} {len(some):4} questions  {shares}")
        told = [(_probability(f.sure, v), r) for a, f in own for v, r in a.sure]
        told += [(_probability(f.sure_across, v), r) for a, f in own for v, r in a.sure_across]
        steps = {"direct": (DIRECT, 1.1), "likely": (LIKELY, DIRECT), "closest": (0.0, LIKELY)}
        for step, (least, most) in steps.items():
            right = [r for p, r in told if least <= p < most]
            print(f"{name:40} {step:8} {len(right):4} answers, first page right {np.mean(right) if right else 0.0:.3f}")


def _probability(weights: Float64Array, values: Sequence[float]) -> float:
    return 1 / (1 + math.exp(-float(np.dot(weights, values))))


def write(fitted: Fitted, questions: int, documents: int) -> None:
    held = {
        "fitted_on": {"questions": questions, "documents": documents},
        "said": _named(FEATURES, fitted.passages.said),
        "meant": _named(FEATURES, fitted.passages.meant),
        "sure": _named(SIGNALS, fitted.sure),
        "sure_across": _named(SIGNALS_ACROSS, fitted.sure_across),
    }
    WEIGHTS_FILE.write_text(json.dumps(held, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {WEIGHTS_FILE.name}")


def _named(names: Sequence[str], weights: Float64Array) -> dict[str, float]:
    return {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}


if __name__ == "__main__":
    main()
