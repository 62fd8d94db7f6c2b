"""Several words parts side by side in one: each has its share of the vector, and can be asked alone.

Two encoders that were trained on other texts err on other questions, and the sum of their ranks is better than either
(docs/decisions has the figures). Side by side they stay one vector to the index, and two channels to the search.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rag.encoders.parts import Span, TextWindow, TokenStates, digest
from rag.types import Float32Array

if TYPE_CHECKING:
    from rag.encoders.packaged.sentence import PackagedWords


class WordsTogether:
    """``parts`` in their order, each at equal weight: a row has length 1, a part's share of it 1/√parts."""

    def __init__(self, parts: Sequence[PackagedWords]) -> None:
        self._parts = tuple(parts)
        self.spec = "+".join(part.spec for part in parts)
        self.dim = sum(part.dim for part in parts)
        self.window: TextWindow | None = _narrowest([part.window for part in parts if part.window])
        self.identity = digest("together-1", *(part.identity for part in parts))
        ends = np.cumsum([part.dim for part in parts]).tolist()
        self.spans = tuple(
            Span(part.spec, end - part.dim, end, part.languages) for part, end in zip(parts, ends, strict=True)
        )

    @property
    def spent(self) -> str:
        """What the parts were sent so far, for people."""
        return "\n".join(part.spent for part in self._parts if part.spent)

    def embed_texts(self, texts: Sequence[str], query: bool = False) -> Float32Array:
        """(n, dim) float32 unit rows; a text that a part knows no token of has zeros there."""
        share = np.float32(1 / np.sqrt(len(self._parts)))
        if not query or len(texts) > 1:  # each part embeds several texts at once
            return np.hstack([part.embed_texts(texts, query) for part in self._parts]) * share
        with ThreadPoolExecutor(len(self._parts), "parts") as pool:
            return np.hstack(list(pool.map(lambda part: part.embed_texts(texts, query), self._parts))) * share

    def embed_with_tokens(
        self, texts: Sequence[str], names: Sequence[Sequence[str]], query: bool = False
    ) -> tuple[Float32Array, list[dict[str, TokenStates]]]:
        """The rows of :meth:`embed_texts`, and of each text the tokens as the parts that ``names`` names read it."""
        share = np.float32(1 / np.sqrt(len(self._parts)))
        rows = np.empty((len(texts), self.dim), dtype=np.float32)
        tokens: list[dict[str, TokenStates]] = [{} for _ in texts]
        for part, span in zip(self._parts, self.spans, strict=True):
            own = [place for place, wanted in enumerate(names) if span.name in wanted]
            others = [place for place, wanted in enumerate(names) if span.name not in wanted]
            found, states = part.embed_with_tokens([texts[place] for place in own], query)
            rows[own, span.start : span.stop] = found * share
            rows[others, span.start : span.stop] = part.embed_texts([texts[place] for place in others], query) * share
            for place, found_tokens in zip(own, states, strict=True):
                tokens[place][span.name] = found_tokens
        return rows, tokens

    def tokens_of(self, question: str, name: str) -> TokenStates:
        """Of a question, by one part."""
        return self._part(name).embed_with_tokens([question], query=True)[1][0]

    def numbers_of(self, text: str, name: str) -> NDArray[np.uint32]:
        """(n,) of a text's tokens, by one part."""
        return self._part(name).token_numbers(text)

    def _part(self, name: str) -> PackagedWords:
        return next(part for part in self._parts if part.spec == name)

    def embed_by(self, name: str, texts: Sequence[str]) -> Float32Array:
        """(n, dim) float32 rows of passages: the share of the part ``name``, zeros in those of the others."""
        rows = np.zeros((len(texts), self.dim), dtype=np.float32)
        for part, span in zip(self._parts, self.spans, strict=True):
            if span.name == name:
                rows[:, span.start : span.stop] = part.embed_texts(texts) / np.sqrt(len(self._parts))
        return rows


def _narrowest(windows: Sequence[TextWindow]) -> TextWindow | None:
    """One window that no text leaves which leaves any of ``windows``: counted in shares of the narrowest."""
    if not windows:
        return None
    limit = min(window.limit for window in windows)
    return TextWindow(lambda text: max(-(-w.count(text) * limit // w.limit) for w in windows), limit)
