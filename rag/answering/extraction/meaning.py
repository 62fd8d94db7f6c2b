"""How near passages come to a question in meaning, by the encoder of the index."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from rag.answering.passages.quotations import Passage
from rag.encoders.base import ReadsTokens
from rag.encoders.parts import Span, TokenStates
from rag.retrieval.token_interaction import similarities
from rag.text.function_words import language_of, reading_language
from rag.types import Float32Array, Float64Array

if TYPE_CHECKING:
    from rag.encoders.base import Encoder
    from rag.storage.reader import IndexReader

LONGEST = 300
"""Characters of a passage that are read: its beginning says what it is about."""


class EncoderCloseness:
    """:class:`~rag.answering.extraction.passage_scores.Closeness` by the sentence encoders of an index that read both
    languages; by all where none does."""

    def __init__(self, index: IndexReader) -> None:
        self._index, self._encoder = index, index.encoder

    def by_texts(self, question: str, texts: Sequence[str]) -> Float64Array:
        """(texts,) cosines, the mean of several encoders', each of its own columns; 0 for a text without words."""
        spans = _readers(self._encoder.word_spans, question, texts)
        asked = self._encoder.embed_texts([question], query=True)[0]
        windows = [next(iter(self._encoder.windows(text[:LONGEST].strip())), "") for text in texts]
        said = [place for place, window in enumerate(windows) if window]
        found = np.zeros((len(spans), len(texts)))
        for row, span in enumerate(spans):
            read = self._encoder.embed_words([windows[place] for place in said], span)[:, span.start : span.stop]
            found[row, said] = read @ asked[span.start : span.stop] / _lengths(read, asked[span.start : span.stop])
        return np.asarray(found.mean(axis=0), dtype=np.float64)

    def by_tokens(self, question: str, passages: Sequence[Passage]) -> Float64Array | None:
        """(passages,) by the tokens that the index keeps of the chunks they stand in; of a figure all of its own."""
        encoder = self._encoder
        if not isinstance(encoder, ReadsTokens) or not encoder.token_spans:
            return None
        reader = _readers(encoder.token_spans, question, [p.text for p in passages])[0]
        chunks = self._chunks(passages, reader)
        if not chunks:
            return None
        own = [_own_tokens(passage, chunks, encoder, reader) for passage in passages]
        return similarities(encoder.question_tokens(question, reader), own) if any(own) else None

    def _chunks(self, passages: Sequence[Passage], reader: Span) -> dict[str, TokenStates]:
        """The tokens of all chunks that passages stand in, as far as they are kept."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for passage in passages:
            wanted[passage.evidence.chunk.doc].add(passage.evidence.chunk.id)
        found: dict[str, TokenStates] = {}
        for doc, chunks in wanted.items():
            for chunk, read in (self._index.vectors.tokens(doc, sorted(chunks), reader.name) or {}).items():
                found[chunk] = TokenStates(
                    np.concatenate([tokens.numbers for tokens in read]),
                    np.concatenate([tokens.states for tokens in read]),
                )
        return found


def _lengths(read: Float32Array, asked: Float32Array) -> Float64Array:
    """(texts,) products of the lengths of each row and the question's; 1 where either is 0."""
    found = np.linalg.norm(read, axis=1) * float(np.linalg.norm(asked))
    return np.asarray(np.where(found > 0, found, 1.0), dtype=np.float64)


def closeness_by(index: IndexReader) -> EncoderCloseness | None:
    """None without a sentence encoder, or where each text costs money."""
    encoder: Encoder = index.encoder
    return None if not encoder.word_spans or encoder.spent else EncoderCloseness(index)


def _readers(spans: Sequence[Span], question: str, texts: Iterable[str]) -> Sequence[Span]:
    """Those that read the question's language and the texts'; all where none does."""
    languages = {reading_language(question), language_of(" ".join(texts))}
    return [s for s in spans if all(s.reads(each) for each in languages)] or spans


def _own_tokens(
    passage: Passage, chunks: dict[str, TokenStates], encoder: ReadsTokens, reader: Span
) -> list[TokenStates]:
    """Those of a passage among its chunk's: each that stands beside a neighbour which it has in the passage, too."""
    tokens = chunks.get(passage.evidence.chunk.id)
    if tokens is None:
        return []
    if passage.kind == "figure":
        return [tokens]
    numbers = encoder.token_numbers(passage.text, reader)
    pairs = np.isin(_neighbours(tokens.numbers), _neighbours(numbers))
    own = np.append(pairs, False) | np.append(False, pairs)
    return [TokenStates(tokens.numbers[own], tokens.states[own])] if own.any() else []


def _neighbours(numbers: np.ndarray[tuple[int], np.dtype[np.uint32]]) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    """(n - 1,) each two neighbouring numbers as one."""
    wide = numbers.astype(np.uint64)
    return wide[:-1] << np.uint64(32) | wide[1:]
