#!/usr/bin/env python3
"""Ways to put the first pages in order by tokens: token_interaction.py --set QUESTIONS.jsonl INDEX --set … [--pages 8].

Late interaction (Khattab and Zaharia 2020, "ColBERT") with the sentence encoders that are there anyway: each token of a
question takes the most like token of a page, by the cosine of their last states, and counts as it is rare. MiniLM reads
where question and all of the first pages are in its languages, E5 else. The first pages of the search are put in order
by their log probabilities plus a weight times this sum in standard scores; the weight of a set is that which is best
for the others.

Passages are run through an encoder here, 12 to 30 ms of the processor each, so that what is kept of their tokens can
be chosen: all of them less what they have in common, or means of four neighbours. The search reads them from the index
(rag/retrieval/token_interaction.py), and "the search" here is without that step. Prints R@1, R@5 and MRR within the
document and over the library.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from rag.config import Settings, quiet
from rag.encoders.packaged.models import E5, MINILM, PackagedModel
from rag.encoders.packaged.sentence import PackagedWords
from rag.encoders.parts import Runtime, unit
from rag.evaluation.asking import documents_of, query_of
from rag.evaluation.questionset import Question, read_questions
from rag.index import Index
from rag.retrieval import callouts
from rag.retrieval.retrieve import Proposal, propose, rank_pages
from rag.retrieval.snapshot import Snapshot
from rag.storage.full_text.term_vectors import document_of, page_of
from rag.text.chunk_text import embedded_text
from rag.text.function_words import languages_of
from rag.types import Float32Array, Float64Array

SCOPES = ("doc", "library")
WEIGHTS = (0.0, 0.1, 0.2, 0.3, 0.5, 0.8, 1.2)
SAMPLE = 150  # passages that the mean token is taken from
NEIGHBOURS = 4


class Ranked(NamedTuple):
    """A question's first pages, best first: (pages,) log probabilities, which are right, and the passages of each.

    ``rank`` is that of the first right page among all candidates, from 1; 0 where there is none.
    """

    set: str
    scope: str
    text: str
    model: PackagedModel
    scores: Float64Array
    right: list[bool]
    passages: list[list[str]]
    rank: int


@dataclass(frozen=True)
class Tokens:
    """A text's tokens without prefix and special ones, and their last states as unit rows, (tokens, width)."""

    numbers: list[int]
    states: Float32Array


Kept = Callable[[Float32Array, Float32Array], Float32Array]
"""States, (tokens, width), and the mean of many to what is compared, in rows of length 1."""


def _whole(states: Float32Array, mean: Float32Array) -> Float32Array:
    return states


def _centred(states: Float32Array, mean: Float32Array) -> Float32Array:
    return unit(states - mean)


def _means(states: Float32Array, mean: Float32Array) -> Float32Array:
    return unit(np.add.reduceat(states, np.arange(0, len(states), NEIGHBOURS), axis=0))


KEPT: dict[str, tuple[Kept, Kept]] = {"less the mean": (_centred, _centred), "means of four": (_means, _whole)}
"""What is made of a passage and of a question."""


def ranked(index: Index, name: str, question: Question, scope: str, count: int) -> Ranked | None:
    """What the search itself finds first; None where it finds nothing."""
    with index.snapshot():
        found = propose(Snapshot(index, query_of(question, documents_of(index, question, scope))))
        if not found.keys:
            return None
        side = found.sides[0]
        scores = rank_pages(found, side)
        scores = scores + callouts.bonus(found.keys, callouts.pages_of(found.snap, found.labels))
        order: list[int] = np.argsort(-scores, kind="stable").tolist()
        own = {row.no for row in found.snap.text.documents([index.catalogue.find(question.doc).id])}
        keys = [found.keys[row] for row in order]
        right = [document_of(key) in own and page_of(key) in question.pages for key in keys]
        passages = passages_of(found, keys[:count])
        model = reader_of(found, side.question.language, keys[:count])
    rank = right.index(True) + 1 if True in right else 0
    return Ranked(name, scope, found.snap.query.text, model, scores[order[:count]], right[:count], passages, rank)


def passages_of(found: Proposal, keys: Sequence[int]) -> list[list[str]]:
    """The texts of each page that encoders read."""
    units = found.snap.text.units(keys)
    chunks = found.snap.index.catalogue.chunks(unit.chunk for key in keys for unit in units[key])
    texts = [
        [embedded_text(chunks[u.chunk]) for u in units[key] if u.kind != "page" and u.chunk in chunks] for key in keys
    ]
    return [list(dict.fromkeys(text for text in page if text.strip())) for page in texts]


def reader_of(found: Proposal, language: str, keys: Sequence[int]) -> PackagedModel:
    """The encoder that reads a question in ``language`` and these pages."""
    units = found.snap.text.units(keys)
    whole = [unit.chunk for key in keys for unit in units[key] if unit.kind == "page"]
    texts = [chunk.text for chunk in found.snap.index.catalogue.chunks(whole).values()]
    return MINILM if {language, *languages_of(texts)} <= MINILM.languages else E5


class Reader:
    """An encoder's token states. Passages longer than its window are read as far as it goes."""

    def __init__(self, model: PackagedModel) -> None:
        self._words, self._model = PackagedWords(model, Runtime()), model

    def read(self, text: str, query: bool = False) -> Tokens:
        """Of one text."""
        words, prefix = self._words, self._model.query if query else self._model.passage
        numbers = words._tokens(prefix + text)
        states = words._session.run(None, {"embedded": words._weights.embedded(numbers)[None]})[0][0]
        own = slice(1 + len(words.token_numbers(prefix)), -1)
        return Tokens(numbers[own], unit(states[own]))


def similarities(model: PackagedModel, groups: Sequence[Ranked]) -> dict[str, list[Float64Array]]:
    """By what is kept of tokens, for each group (pages,) weighted sums of the best cosines of the question's tokens."""
    reader = Reader(model)
    passages = list(dict.fromkeys(text for group in groups for page in group.passages for text in page))
    read = {text: reader.read(text) for text in passages}
    sample = [read[text].states for text in passages[:SAMPLE] if read[text].numbers]
    mean = np.concatenate(sample).mean(axis=0)
    known = Counter(number for tokens in read.values() for number in set(tokens.numbers))
    questions = {text: reader.read(text, query=True) for text in dict.fromkeys(group.text for group in groups)}
    found: dict[str, list[Float64Array]] = {}
    for name, (of_passage, of_question) in KEPT.items():
        kept = {text: of_passage(tokens.states, mean) for text, tokens in read.items() if tokens.numbers}
        asked = {text: Tokens(own.numbers, of_question(own.states, mean)) for text, own in questions.items()}
        found[name] = [_of_pages(asked[group.text], group.passages, kept, known, len(passages)) for group in groups]
    return found


def _of_pages(
    question: Tokens, pages: Iterable[list[str]], kept: Mapping[str, Float32Array], known: Counter[int], total: int
) -> Float64Array:
    weights = np.array([np.log1p(total / (1 + known[number])) for number in question.numbers])
    weights /= max(float(weights.sum()), 1e-9)
    sums = []
    for page in pages:
        states = [kept[text] for text in page if text in kept]
        best = (question.states @ np.concatenate(states).T).max(axis=1) if states and len(weights) else None
        sums.append(np.nan if best is None else float(best @ weights))
    found = np.array(sums)
    return np.where(np.isnan(found), np.nanmin(found), found) if np.isfinite(found).any() else np.zeros(len(found))


def rank_with(group: Ranked, sums: Float64Array, weight: float) -> float:
    """The rank of the first right page; infinite where there is none."""
    if not 0 < group.rank <= len(group.scores):
        return float(group.rank or np.inf)
    spread = float(sums.std())
    scores = group.scores + (weight * (sums - sums.mean()) / spread if spread else 0.0)
    return float(np.flatnonzero(np.array(group.right)[np.argsort(-scores, kind="stable")])[0]) + 1


def measures(groups: Sequence[Ranked], sums: Sequence[Float64Array], weight: float) -> tuple[float, float, float]:
    """R@1, R@5, MRR."""
    ranks = np.array([rank_with(group, own, weight) for group, own in zip(groups, sums, strict=True)])
    return float((ranks <= 1).mean()), float((ranks <= 5).mean()), float((1 / ranks).mean())


def report(groups: Sequence[Ranked], by_storage: Mapping[str, Sequence[Float64Array]]) -> None:
    """Print every set and scope with the weight that is best for the other sets."""
    cells: dict[tuple[str, str], list[int]] = {}
    for row, group in enumerate(groups):
        cells.setdefault((group.set, group.scope), []).append(row)
    for name, sums in by_storage.items():
        table = {
            (cell, weight): measures([groups[i] for i in rows], [sums[i] for i in rows], weight)
            for cell, rows in cells.items()
            for weight in WEIGHTS
        }
        print(f"\n{name}: R@1, R@5, MRR of the search; reranked")
        for cell, rows in cells.items():
            others = [other for other in cells if other[0] != cell[0]] or list(cells)
            weight = max(WEIGHTS, key=lambda w: sum(table[other, w][2] for other in others))
            before, after = (" ".join(f"{v:.3f}" for v in table[cell, w]) for w in (0.0, weight))
            print(f"{cell[0]:24} {cell[1]:8} n {len(rows):3d}  {before}   {after}  weight {weight}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", nargs=2, action="append", required=True, metavar=("QUESTIONS", "INDEX"))
    parser.add_argument("--pages", type=int, default=8, help="how many of the first pages are put in order")
    args = parser.parse_args()
    quiet()
    groups: list[Ranked] = []
    for file, folder in args.set:
        with Index.open(Settings(index=Path(folder))) as index:
            questions = [q for q in read_questions(Path(file)) if q.pages and not q.image]
            name = f"{Path(file).parent.name}/{Path(file).stem}"
            found = [ranked(index, name, q, scope, args.pages) for scope in SCOPES for q in questions]
            groups += [group for group in found if group is not None]
    by_storage: dict[str, list[Float64Array]] = {name: [np.zeros(0)] * len(groups) for name in KEPT}
    for model in (MINILM, E5):
        rows = [i for i, group in enumerate(groups) if group.model == model]
        if rows:
            for name, sums in similarities(model, [groups[i] for i in rows]).items():
                for row, own in zip(rows, sums, strict=True):
                    by_storage[name][row] = own
    report(groups, by_storage)


if __name__ == "__main__":
    main()
