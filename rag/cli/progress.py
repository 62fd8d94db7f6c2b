"""Progress on the terminal: bars with counts, or plain lines where stderr is a file or a pipe."""

from __future__ import annotations

import os
import sys
import time
from typing import TextIO

from tqdm import tqdm

from ingestion.text.cleaning import printable
from rag.types import Progress

LINE_SECONDS = 10.0  # between two plain lines of one document's step
MOST_BARS = 4  # shown at once: documents are read side by side


class Bars:
    """Call it with every :class:`~rag.types.Progress`; it shows the steps at hand. A context manager that tidies up."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = sys.stderr if stream is None else stream
        self._live = _has_width(self.stream)
        self._bars: dict[str, tqdm[None]] = {}
        self._said: dict[str, float] = {}

    def __call__(self, progress: Progress) -> None:
        """Show one step: in its bar on a terminal, else as a line."""
        if self._live:
            self._draw(progress)
        else:
            self._say(progress)

    def line(self, text: str) -> None:
        """A line of its own, above the bars."""
        text = printable(text)
        if self._live:
            tqdm.write(text, file=self.stream)
        else:
            print(text, file=self.stream, flush=True)

    def close(self) -> None:
        """Take the bars off the terminal."""
        for label in list(self._bars):
            self._bars.pop(label).close()

    def __enter__(self) -> Bars:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _draw(self, progress: Progress) -> None:
        label = _label(progress)
        if label not in self._bars:
            while len(self._bars) >= MOST_BARS:
                self._bars.pop(next(iter(self._bars))).close()
            self._bars[label] = tqdm(desc=label, file=self.stream, leave=False, dynamic_ncols=True)
        bar = self._bars[label]
        bar.total, bar.n = progress.total or None, progress.done
        bar.refresh()
        if _finished(progress):
            self._bars.pop(label).close()

    def _say(self, progress: Progress) -> None:
        label, moment = _label(progress), time.monotonic()
        since = moment - self._said.setdefault(label, moment)
        if _finished(progress) or since >= LINE_SECONDS:
            self._said[label] = moment
            self.line(f"{label}: {progress.done:,}/{progress.total:,}")


def _has_width(stream: TextIO) -> bool:
    """Whether somebody watches: tqdm draws nothing on a terminal that says it has no columns."""
    return stream.isatty() and os.get_terminal_size(stream.fileno()).columns > 0


def _finished(progress: Progress) -> bool:
    return progress.total > 0 and progress.done >= progress.total


def _label(progress: Progress) -> str:
    return printable(f"{progress.name}: {progress.stage}" if progress.name else progress.stage)
