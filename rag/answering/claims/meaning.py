"""Whether evidence means what a sentence says, where words cannot tell: in wholly other words, or another language.

The sentence encoder of the index compares the sentence with the passages of the evidence. It tells what a text is
about, but not what it states of it: with a wrong number, name or negation it is as near as the true one. So it is asked
only where words found little, and a passage that negates otherwise says nothing for a sentence.

    "Flush the tank two times with clean water."  ~  "Rinse the tank twice with fresh water."    cosine .93

The cosines from which it counts are data (``claim_meaning.json``), fitted by ``python -m benchmarks.claim_meaning`` for
the encoders that are named there; with any other words alone decide.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rag.answering.claims.sources import Source
from rag.answering.claims.wording import negations, opposed
from rag.answering.claims.words import akin, fits
from rag.answering.facts.amounts import amounts
from rag.text.passages import sentences, tables, without_tables
from rag.types import Float64Array

if TYPE_CHECKING:
    from rag.encoders.base import Encoder

MOST = 24
"""Passages that a sentence is compared with, those with most of its words and numbers first: some 6 ms each."""

LONGEST = 400
"""Characters of a passage that are read."""

LIMITS_FILE = Path(__file__).with_name("meaning.json")


class Limits(NamedTuple):
    """Cosines of the nearest passage. Of a sentence in its language: from ``says`` on it says it in other words, from
    ``near`` on it may, below ``far`` it says nothing of it. Of one in another language: below ``abroad`` it is weak,
    below ``far_abroad`` unsupported."""

    says: float
    near: float
    far: float
    abroad: float
    far_abroad: float


class Meaning(NamedTuple):
    """``cosines`` compares a sentence with passages, (passages,); ``limits`` say what they mean."""

    cosines: Callable[[str, Sequence[str]], Float64Array]
    limits: Limits


class Nearest(NamedTuple):
    """The passage of the evidence that is nearest in meaning, and its cosine."""

    passage: str
    cosine: float


def meaning_by(encoder: Encoder) -> Meaning | None:
    """By the sentence encoder of an index; None where none of its encoders has limits, or each text costs money."""
    known = limits()
    spans = encoder.word_spans
    named = {span.name if len(spans) > 1 else encoder.words_spec: span for span in spans}
    found = next((name for name in known if name in named), None)
    if found is None or encoder.spent:
        return None
    span = named[found]

    @lru_cache(maxsize=1024)
    def embedded(text: str) -> Float64Array:
        row = encoder.embed_words([text[:LONGEST]], span)[0, span.start : span.stop].astype(np.float64)
        return np.asarray(row / (np.linalg.norm(row) or 1.0))

    def cosines(sentence: str, passages: Sequence[str]) -> Float64Array:
        own = embedded(sentence)
        return np.array([embedded(passage) @ own for passage in passages])

    return Meaning(cosines, known[found])


@lru_cache(maxsize=1)
def limits() -> dict[str, Limits]:
    """The limits of each encoder that has some, by its name."""
    data = json.loads(LIMITS_FILE.read_text(encoding="utf-8"))
    return {name: Limits(**values) for name, values in data["encoders"].items()}


def nearest(claim: str, sources: Sequence[Source], language: str, meaning: Meaning) -> Nearest:
    """The nearest of the sentences and rows of the evidence; empty and -1 without any."""
    found = _closest_in_words(claim, [p for source in sources for p in passages(source)], language)
    if not found:
        return Nearest("", -1.0)
    cosines = meaning.cosines(claim, found)
    best = int(np.argmax(cosines))
    return Nearest(found[best], float(cosines[best]))


def passages(source: Source) -> tuple[str, ...]:
    """The sentences and readable table rows of a source."""
    rows = [table.readable(row) for table in tables(source.text) for row in table.rows]
    return tuple(dict.fromkeys(text for text in (*rows, *sentences(without_tables(source.text))) if text.strip()))


def negated_alike(claim: str, passage: str, language: str) -> bool:
    """Whether a passage negates as a sentence does; one negation more or less goes with an opposite word ("keep it
    shut" for "do not open it")."""
    turned = (len(negations(claim, language)) - len(negations(passage, language))) % 2 == 1
    return turned == opposed(claim, passage)


def _closest_in_words(claim: str, found: Sequence[str], language: str) -> list[str]:
    if len(found) <= MOST:
        return list(found)
    wanted, values = fits(claim, language), amounts(claim)

    def shared(passage: str) -> int:
        numbers = amounts(passage)
        same = sum(any(n.says(m) for m in numbers) for n in values)
        return len(akin(wanted, fits(passage, language))) + same

    return sorted(found, key=shared, reverse=True)[:MOST]
