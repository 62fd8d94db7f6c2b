"""What is said around a question: greetings, thanks, whose the thing is, how long it is needed already.

"Hello, I bought this second hand and lost the booklet. How do I drain it? Thanks!" asks one thing, and each other
sentence brings pages of its own. :func:`without_small_talk` leaves out the sentences that are nearer in meaning to a
short list of small talk than to one of faults and questions, by more than those of the second list are themselves: the
measure comes from the encoder, so it holds for each. docs/log has what it brings by set.
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

NEAREST = 4
"""Sentences of each list by which one is judged."""
ASKS = ("?", "？")
"""Where any sentence ends so, one that is left has to: "What happens when I start it anew? (TX-210)" asks the first."""
MOST_SENTENCES = 24
"""Of a question; a longer text is no talk."""

SMALL_TALK = Path(__file__).with_name("small_talk.json")
"""Sentences of both kinds by language; questions in others are judged by the English ones."""


class _Measure(NamedTuple):
    """An encoder's unit rows of both lists, (sentences, dim); how much nearer to the first one small talk is at the
    least (more than all that is asked), and by how much it exceeds the sentence of a question that is least like it."""

    talk: Float32Array
    asked: Float32Array
    least: float
    margin: float

    def of(self, rows: Float32Array) -> Float64Array:
        """(sentences,): how much nearer each is to small talk than to what is asked, in cosine."""
        return _of_the_nearest(rows @ self.talk.T) - _of_the_nearest(rows @ self.asked.T)


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
    likeness = np.where([bool(codes(one)) for one in said], -1.0, measure.of(_rows(said, span, encoder)))
    talk = (likeness >= measure.least) & (likeness - likeness.min() >= measure.margin)
    kept = [one for one, is_talk in zip(said, talk, strict=True) if not is_talk]
    asks = any(one.endswith(ASKS) for one in kept) or not any(one.endswith(ASKS) for one in said)
    question = " ".join(kept)
    return question if talk.any() and asks and content_terms(question) else text


@lru_cache(maxsize=1)
def _lists() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = json.loads(SMALL_TALK.read_text(encoding="utf-8"))
    return found


def _measure(language: str, span: Span, encoder: Encoder) -> _Measure:
    key = (encoder.fingerprint, span.name, language)
    measure = _measures.get(key)
    if measure is None:
        talk, asked = (_rows(_lists()[language][kind], span, encoder) for kind in ("talk", "asked"))
        of_talk = _of_the_others(talk) - _of_the_nearest(talk @ asked.T)
        of_asked = _of_the_nearest(asked @ talk.T) - _of_the_others(asked)
        margin = (np.median(of_talk) - np.median(of_asked)) / 2.0
        measure = _Measure(talk, asked, float(of_asked.max()), float(margin))
        _measures.put(key, measure)
    return measure


def _rows(texts: list[str], span: Span, encoder: Encoder) -> Float32Array:
    """(texts, dim) unit rows by one sentence encoder; a text without words is 0."""
    windows = [next(iter(encoder.windows(text)), "") for text in texts]
    return unit(encoder.embed_words(windows, span)[:, span.start : span.stop])


def _of_the_others(rows: Float32Array) -> Float64Array:
    """How near each row of a list is to those of the rest that are nearest."""
    cosines = rows @ rows.T
    np.fill_diagonal(cosines, -1.0)
    return _of_the_nearest(cosines)


def _of_the_nearest(cosines: Float32Array) -> Float64Array:
    return np.asarray(np.sort(cosines, axis=1)[:, -NEAREST:].mean(axis=1), dtype=np.float64)
