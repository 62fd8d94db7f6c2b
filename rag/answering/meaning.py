"""How near passages come to a question in meaning, by the encoder of the index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from rag.answering.passage_scores import Closeness
from rag.text.function_words import language_of
from rag.types import Float64Array

if TYPE_CHECKING:
    from rag.encoders.base import Encoder

LONGEST = 300
"""Characters of a passage that are read: its beginning says what it is about."""


def closeness_by(encoder: Encoder) -> Closeness | None:
    """Cosines by the sentence encoders that read both languages; None without one, or where each text costs money."""
    if not encoder.word_spans or encoder.spent:
        return None

    def closeness(question: str, passages: Sequence[str]) -> Float64Array:
        languages = {language_of(question), language_of(" ".join(passages))}
        spans = [s for s in encoder.word_spans if all(s.reads(each) for each in languages)] or encoder.word_spans
        asked = encoder.embed_texts([question], query=True)[0]
        found = encoder.embed_texts([passage[:LONGEST] for passage in passages])
        cosines = [found[:, s.start : s.stop] @ asked[s.start : s.stop] for s in spans]
        return np.asarray(np.mean(cosines, axis=0), dtype=np.float64)

    return closeness
