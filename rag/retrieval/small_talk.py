"""What is said around a question: greetings, thanks, whose the thing is, how long it is needed already.

"Hello, I bought this second hand and lost the booklet. How do I drain it? Thanks!" asks one thing, and each other
sentence brings pages of its own. :func:`without_small_talk` leaves out the sentences that are as near in meaning to
those of a short list as these are to each other: the measure comes from the encoder itself, so it holds for each.
docs/log has what it brings by set.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rag.encoders.parts import Span, readers_in, unit
from rag.encoders.static import SPEC as STATIC
from rag.lru import Recent
from rag.retrieval.codes import codes
from rag.text.function_words import reading_language
from rag.text.passages import content_terms, sentences
from rag.types import Float32Array, Float64Array

if TYPE_CHECKING:
    from rag.encoders.base import Encoder

NEAREST = 3
"""Sentences of the list by which one is judged."""
LEAST = 5
"""Percentile of how near these are to each other, from which a sentence is one of them."""
ASKS = ("?", "？")
"""Where any sentence ends so, one that is left has to: "What happens when I start it anew? (TX-210)" asks the first."""
MOST_SENTENCES = 24
"""Of a question; a longer text is no talk."""

SMALL_TALK = Path(__file__).with_name("small_talk.json")
"""Sentences by language; questions in others are judged by the English ones."""


class _Measure(NamedTuple):
    """An encoder's unit rows of the list, (sentences, dim); how near small talk is to it at the least, and how much
    nearer than the sentence of a question that is least like it."""

    rows: Float32Array
    least: float
    margin: float


_measures: Recent[tuple[str, str, str], _Measure] = Recent(16)


def without_small_talk(text: str, encoder: Encoder) -> str:
    """The question without the sentences that are small talk; as it is where that is all it says.

    Sentences with a code are kept, and so is everything where no sentence encoder is on this machine: the mean of a
    sentence's words, which is what ``static`` has, does not tell small talk from a short question.
    """
    said = sentences(text)
    by_meaning = encoder.word_spans and encoder.words_spec != STATIC and not encoder.spent
    if not by_meaning or not 1 < len(said) <= MOST_SENTENCES:
        return text
    language = reading_language(text)
    span = readers_in(encoder.word_spans, language)[-1]
    measure = _measure(language if language in _lists() else "en", span, encoder)
    near = _of_the_nearest(_rows(said, span, encoder) @ measure.rows.T)
    talk = (near >= measure.least) & (near - near.min() >= measure.margin)
    kept = [one for one, is_talk in zip(said, talk, strict=True) if not is_talk or codes(one)]
    asks = any(one.endswith(ASKS) for one in kept) or not any(one.endswith(ASKS) for one in said)
    return " ".join(kept) if talk.any() and asks and content_terms(" ".join(kept)) else text


@lru_cache(maxsize=1)
def _lists() -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads(SMALL_TALK.read_text(encoding="utf-8"))
    return found


def _measure(language: str, span: Span, encoder: Encoder) -> _Measure:
    key = (encoder.fingerprint, span.name, language)
    measure = _measures.get(key)
    if measure is None:
        rows = _rows(_lists()[language], span, encoder)
        each_other = rows @ rows.T
        np.fill_diagonal(each_other, -1.0)
        own = _of_the_nearest(each_other)
        least, middle = np.percentile(own, [LEAST, 50])
        measure = _Measure(rows, float(least), float(middle - least) / 2.0)
        _measures.put(key, measure)
    return measure


def _rows(texts: list[str], span: Span, encoder: Encoder) -> Float32Array:
    """(texts, dim) unit rows by one sentence encoder; a text without words is 0."""
    windows = [next(iter(encoder.windows(text)), "") for text in texts]
    return unit(encoder.embed_words(windows, span)[:, span.start : span.stop])


def _of_the_nearest(cosines: Float32Array) -> Float64Array:
    return np.asarray(np.sort(cosines, axis=1)[:, -NEAREST:].mean(axis=1), dtype=np.float64)
