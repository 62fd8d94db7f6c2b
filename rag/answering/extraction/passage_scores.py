"""How well each passage of a page answers a question: a linear model over what words and meaning have in common.

The weights are data (``passage_weights.json``), fitted by ``benchmarks/train_answers.py``: a softmax over the passages
of the right page, cross-validated by document. Meaning is told by static word vectors, which cost microseconds; where
next to none of a question's words stands in any passage, the index's own sentence encoder is asked too, and other
weights hold. Of a question in another language than the passages words tell nothing: the encoder alone is heard, which
compares the question's tokens with those of every passage and then, as a whole, with the passages nearest by them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Literal, Protocol

import numpy as np

from rag.answering.facts.fact_check import numbers
from rag.answering.passages.quotations import Passage
from rag.answering.questions.kinds import QuestionKinds
from rag.answering.questions.language import HAN, KANA
from rag.answering.questions.sought import Sought, same_quantities
from rag.encoders.static import StaticWords
from rag.errors import EncoderUnavailable
from rag.text.function_words import language_of, told_language
from rag.types import Float64Array


class Closeness(Protocol):
    """How near passages come to a question in meaning, by a sentence encoder that reads both."""

    def by_texts(self, question: str, texts: Sequence[str]) -> Float64Array:
        """(texts,) cosines; some ten milliseconds of the processor each."""
        ...

    def by_tokens(self, question: str, passages: Sequence[Passage]) -> Float64Array | None:
        """(passages,) how like the question's tokens those of each are, between -1 and 1, not a number for a passage
        without; None where the index keeps no tokens of them. Some tenths of a millisecond each."""
        ...


Words = Literal["said", "meant", "foreign"]
"""What a question's words tell of passages: much, little, or nothing since they are in another language."""

FEATURES = (
    "covered", "around", "piece", "pairs", "code", "quantities", "value", "alike", "covered_here", "alike_here",
    "row", "figure", "says_nothing", "asks", "heading", "contents", "length", "table_wanted", "figure_wanted", "meant",
    "tokens",
)  # fmt: skip
"""``…_here``: against the other passages of its page, in deviations; ``meant``: the encoder's cosine, ``tokens``: how
like the question's tokens its own are, likewise."""

OF_WORDS = frozenset({"covered", "around", "piece", "pairs", "alike", "covered_here", "alike_here"})
"""Features that tell nothing across languages."""

FOREIGN_MEANT, FOREIGN_TOKENS = 4.0, 2.0
"""Weights of ``meant`` and ``tokens`` there; docs/log has what others brought."""

LITTLE_SAID = 0.15
"""Share of a question's weight in its best passage below which the encoder is asked."""

MOST_EMBEDDED, MOST_FOREIGN = 12, 8
"""Passages that are embedded for it: those of a page that words, or across languages tokens, score best."""

SHARED_WORDS = 0.4
"""Share of a question's weight in its best passage from which they are of one language, whatever their letters look
like: of 420 pages in another language than the question 99 of 100 have less."""

LONG = 40.0  # terms of a passage, on a logarithmic scale, that are not told from more
FEW = 3  # terms of a passage below which one that adds nothing to the question says nothing

_SPELT = re.compile(r"[^\W\d_\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]{2,}")
LETTERS_PER_WORD = 4
"""Chinese or Japanese letters for each spelt word from which a text is in them: two say about as much as a word."""

_TABLE_WORDS = re.compile(r"\btab(?:le|elle|leau|la|ela|el)s?\b", re.I)
_PICTURE_WORDS = re.compile(
    r"\b(?:figure|picture|image|photo|diagram|drawing|chart|graph|plot|map|logo|illustration|abbildung|bild|zeichnung|"
    r"schéma|dessin|figura|imagen|dibujo|immagine|disegno|afbeelding|tekening)s?\b",
    re.I,
)
_CONTENTS = re.compile(r"(?:\.{4,}|\s\.\s\.\s|…{2,})\s*\d{0,3}\s*$")
_LED = re.compile(r"(?:\.{4,}|(?:\s\.){3,}|…{1,})[\s.…]*\d{1,3}(?!\d)")
_PAGE = re.compile(r"\s\d{1,3}(?=\s|$)")
_ENTRY = re.compile(r"([^\d.!?]{4,60}?)\s(\d{1,3})(?=\s[^\W\d_]|\s*$)")
LEAST_ENTRIES = 2  # titles led by dots that make a table of contents
WORDS_OF_ENTRY = 15  # that there may be for each of them
LEAST_UNLED = 5  # titles without dots, one after another
RISING = 0.8  # share of the pages that do not go back
LEAST_PAGES = 3  # that they are on: a list of devices in a window has an icon before each, read as a digit
LEAST_SAME_PAGE = 2  # of them on a page that another is on: numbers of parts are told once
WEIGHTS_FILE = Path(__file__).with_name("passage_weights.json")


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights over :data:`FEATURES`, by what words tell."""

    said: Float64Array
    meant: Float64Array

    def of(self, words: Words) -> Float64Array:
        """Those to be used; across languages ``meant`` without :data:`OF_WORDS`."""
        return self._across if words == "foreign" else self.meant if words == "meant" else self.said

    @property
    def _across(self) -> Float64Array:
        weights = np.where([name in OF_WORDS for name in FEATURES], 0.0, self.meant)
        weights[[FEATURES.index("meant"), FEATURES.index("tokens")]] = FOREIGN_MEANT, FOREIGN_TOKENS
        return weights


def score_passages(
    found: Sought, kinds: QuestionKinds, passages: Sequence[Passage], closeness: Closeness | None = None
) -> Float64Array:
    """(passages,): a difference of 1 makes one e times as likely to answer. ``passages`` are those of one page."""
    features, words = passage_features(found, kinds, passages, closeness)
    return np.asarray(features @ learned_weights().of(words), dtype=np.float64)


def passage_features(
    found: Sought, kinds: QuestionKinds, passages: Sequence[Passage], closeness: Closeness | None = None
) -> tuple[Float64Array, Words]:
    """(passages, features), and what the question's words tell of them."""
    covered = np.array([found.covered(p) for p in passages])
    near = alike(found.question, passages)
    pieces = {p.evidence.number: [q for q in passages if q.evidence is p.evidence] for p in passages}
    together = {number: found.together(held) for number, held in pieces.items()}
    table_wanted = bool(_TABLE_WORDS.search(found.question)) or kinds.wants("list")
    figure_wanted = asks_for_picture(found.question)
    value_wanted = kinds.wants("value", "count")
    words = _told_by_words(found, kinds.language, passages) if closeness is not None and len(passages) else "said"
    meant = tokens = np.zeros(len(passages))
    if closeness is not None and words != "said":
        like = closeness.by_tokens(found.question, passages) if words == "foreign" else None
        first = covered + near if like is None else np.nan_to_num(like, nan=-1.0)
        most = MOST_EMBEDDED if like is None else MOST_FOREIGN
        meant = _meant(found.question, passages, np.argsort(-first, kind="stable").tolist()[:most], closeness)
        tokens = tokens if like is None else _deviations(like)
    wanted = list(found.weights)
    pairs = list(pairwise(wanted))
    rows = np.zeros((len(passages), len(FEATURES)))
    for i, passage in enumerate(passages):
        told = found.codes_of(passage)
        rows[i] = (
            covered[i],
            found.around(passage),
            together[passage.evidence.number],
            sum(pair in passage.pairs for pair in pairs) / max(1, len(pairs)),
            len(told & passage.own) / max(1, len(told)),
            same_quantities(found.question, passage.text),
            value_wanted and bool(numbers(passage.text)),
            near[i],
            0.0,
            0.0,
            passage.kind == "row",
            passage.kind == "figure",
            _says_nothing(passage, found),
            passage.text.rstrip().endswith(("?", "？")),
            _is_heading(passage),
            bool(_CONTENTS.search(passage.text)),
            min(1.0, float(np.log1p(len(passage.own)) / np.log1p(LONG))),
            table_wanted and passage.kind == "row",
            figure_wanted and passage.kind == "figure",
            meant[i],
            tokens[i],
        )
    rows[:, FEATURES.index("covered_here")] = _deviations(covered)
    rows[:, FEATURES.index("alike_here")] = _deviations(near)
    return rows, words


def _told_by_words(found: Sought, language: str, passages: Sequence[Passage]) -> Words:
    if across_languages(found, language, passages):
        return "foreign"
    shared = max(map(found.covered, passages))
    little = shared < LITTLE_SAID or (shared < SHARED_WORDS and foreign(language, passages))
    return "meant" if little else "said"


@lru_cache(maxsize=1024)
def is_contents(text: str) -> bool:
    """Whether a passage is of a table of contents: several titles led to their pages by dots, or one after another."""
    led = len(_LED.findall(text))
    if led >= LEAST_ENTRIES and led * WORDS_OF_ENTRY >= len(text.split()):
        return True
    if len(_PAGE.findall(text)) < LEAST_UNLED:
        return False
    pages = [int(m[2]) for m in _ENTRY.finditer(text)]
    rising = sum(a <= b for a, b in pairwise(pages)) >= RISING * (len(pages) - 1)
    different = len(set(pages))
    enough = len(pages) >= LEAST_UNLED and different >= LEAST_PAGES and len(pages) - different >= LEAST_SAME_PAGE
    return enough and rising


def asks_for_picture(question: str) -> bool:
    """Whether a question names a figure, a photo, a chart."""
    return bool(_PICTURE_WORDS.search(question))


def foreign(language: str, passages: Sequence[Passage]) -> bool:
    """Whether passages are in another language than a question's: what words they share are names."""
    text = " ".join(p.text for p in passages)
    return language != (_by_letters(text) or language_of(text))


def across_languages(found: Sought, language: str, passages: Sequence[Passage]) -> bool:
    """Whether passages are in another language than a question's, and share no more than names with it; of passages
    with too few words to tell their language, whether they share next to nothing with it."""
    text = " ".join(p.text for p in passages)
    shared = max(map(found.covered, passages), default=0.0)
    asked_in = {language, language_of(found.question)} if language == "en" else {language}  # "en": perhaps a third one
    there = _by_letters(text) or told_language(text)
    if there:
        return there not in asked_in and shared < SHARED_WORDS
    return language_of(text) not in asked_in and shared < LITTLE_SAID


def _by_letters(text: str) -> str:
    """Chinese or Japanese, where nearly all that is said is written in their letters; else nothing, as where a page
    says it in English too."""
    kana, han = len(KANA.findall(text)), len(HAN.findall(text))
    if kana + han <= LETTERS_PER_WORD * len(_SPELT.findall(text)):
        return ""
    return "ja" if kana else "zh"


def _says_nothing(passage: Passage, found: Sought) -> bool:
    """Whether a passage only repeats the question, or only names its document."""
    repeats = len(passage.own) < FEW and not passage.own - set(found.weights)
    return repeats or not found.tells(passage)


@lru_cache(maxsize=1)
def learned_weights() -> Weights:
    """The weights of passages, in the order of :data:`FEATURES`."""
    held = held_weights()
    return Weights(*(np.array([held[name].get(f, 0.0) for f in FEATURES]) for name in ("said", "meant")))


@lru_cache(maxsize=1)
def held_weights() -> dict[str, dict[str, float]]:
    """All that was fitted, by its name: ``said``, ``meant``, ``sure``, ``sure_across``; read once."""
    held: dict[str, dict[str, float]] = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    return held


def alike(question: str, passages: Sequence[Passage]) -> Float64Array:
    """(passages,): cosines with a question by static word vectors; zeros where they are not installed."""
    encoder = _static()
    if encoder is None or not passages:
        return np.zeros(len(passages))
    vectors = encoder.embed_texts([question, *(p.text for p in passages)])
    return np.asarray(vectors[1:] @ vectors[0], dtype=np.float64)


def _meant(question: str, passages: Sequence[Passage], asked: Sequence[int], closeness: Closeness) -> Float64Array:
    """Deviations of the cosines of the passages ``asked``; 0, the mean, for the others."""
    known = np.zeros(len(passages))
    known[asked] = _deviations(closeness.by_texts(question, [passages[i].text for i in asked]))
    return known


def _deviations(values: Float64Array) -> Float64Array:
    """Thirds of standard deviations from the mean; 0 for what is not a number, and where all are the same."""
    known = values[np.isfinite(values)]
    spread = float(known.std()) if len(known) else 0.0
    if spread <= 1e-9:
        return np.zeros(len(values))
    return np.asarray(np.nan_to_num((values - known.mean()) / (3 * spread)))


def _is_heading(passage: Passage) -> bool:
    last = passage.evidence.chunk.heading.split(" > ")[-1]
    return bool(last) and " ".join(passage.text.split()) == " ".join(last.split())


@lru_cache(maxsize=1)
def _static() -> StaticWords | None:
    try:
        return StaticWords()
    except EncoderUnavailable:  # an optional package: words alone decide then
        return None
