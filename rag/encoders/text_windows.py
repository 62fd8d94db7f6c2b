"""Cut a text, at sentences where possible, into pieces that every text reader of an encoder takes whole.

The pieces hold every word of the text, in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from rag.encoders.parts import TextWindow

SCALE = 10_000
"""Several towers are cut by one measure: the largest filled share of a window, in 1/SCALE."""

FREE_WORDS = 120
"""Words a piece where no tower sets a window: about the 128 tokens at which passages are found best."""

UNSPACED = re.compile(r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
UNSPACED_A_WORD = 2
"""Letters of scripts without spaces (Thai, Lao, Khmer, Japanese, Chinese) that count as one word."""
LONG_WORD = 8
"""Of other text, so many characters count as a word at least: part numbers, codes, addresses."""


def word_window(limit: int = FREE_WORDS) -> TextWindow:
    """The window of encoders whose tokenizer is not here, or that read any length: long texts still blur."""

    def count(text: str) -> int:
        return max(len(text.split()), len(text) // LONG_WORD, len(UNSPACED.findall(text)) // UNSPACED_A_WORD)

    return TextWindow(count, limit)


class TextSplitter:
    """Cuts by the tightest of the towers. The sentence splitter is loaded with the first text that needs it (1.5 s)."""

    def __init__(self, windows: Sequence[TextWindow | None]) -> None:
        self._windows = tuple(window for window in windows if window) or (word_window(),)
        self._shortest = min(window.limit for window in self._windows)
        self._splitter: Any = None

    def split(self, text: str) -> list[str]:
        """Pieces in order; their words joined are the text's words. A blank text gives none."""
        text = text.strip()
        if not text:
            return []
        if self.fits(text):
            return [text]
        return [piece for run in self._runs(text) for piece in self._cut_run(run)]

    def fits(self, text: str) -> bool:
        """Whether every tower reads the text whole."""
        return self._share(text) <= SCALE

    def _share(self, text: str) -> int:
        return max(-(-window.count(text) * SCALE // window.limit) for window in self._windows)

    def _runs(self, text: str) -> Iterator[str]:
        """The text in runs, words longer than a window alone: the splitter would measure them letter by letter."""
        start = 0
        for word in re.finditer(r"\S+", text):
            if word.end() - word.start() > self._shortest // 4 and not self.fits(word.group()):
                yield text[start : word.start()]
                yield word.group()
                start = word.end()
        yield text[start:]

    def _cut_run(self, run: str) -> Iterator[str]:
        run = run.strip()
        if not run:
            return
        if self.fits(run):
            yield run
        elif len(run.split()) == 1:
            yield from self._cut_hard(run)
        else:
            for piece in self._sentences(run):
                yield from [piece] if self.fits(piece) else self._cut_hard(piece)

    def _sentences(self, run: str) -> list[str]:
        if self._splitter is None:
            from llama_index.core.node_parser import SentenceSplitter
            from nltk.tokenize import PunktSentenceTokenizer

            punkt = PunktSentenceTokenizer()

            def sentences(text: str) -> list[str]:
                starts = [start for start, _ in punkt.span_tokenize(text)]
                return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]

            # Token counts are passed as a range: the splitter only takes its length. Its own way to this tokenizer
            # reads a list of words beside it, which NLTK refuses where uv has installed it as a hard link.
            self._splitter = SentenceSplitter(
                chunk_size=SCALE,
                chunk_overlap=0,
                tokenizer=lambda text: range(self._share(text)),
                chunking_tokenizer_fn=sentences,
            )
        pieces: list[str] = self._splitter.split_text(run)
        return pieces

    def _cut_hard(self, text: str) -> Iterator[str]:
        """The longest prefix that fits, again and again, at a space if one is near its end."""
        while text and not self.fits(text):
            low, high = 1, min(len(text), 16 * self._shortest)
            while low < high:
                middle = (low + high + 1) // 2
                low, high = (middle, high) if self.fits(text[:middle]) else (low, middle - 1)
            space = text.rfind(" ", low // 2, low + 1)
            end = space if space > 0 else low
            yield text[:end].strip()
            text = text[end:].strip()
        if text:
            yield text
