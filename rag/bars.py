"""Progress on the terminal: bars with counts, or plain lines where stderr is a file or a pipe.

Enters: steps of a long task. Leaves: text on stderr. Must not know: what the steps do.
"""

from __future__ import annotations

import sys
import time
from typing import TextIO

from tqdm import tqdm

from rag.types import Progress

LINE_SECONDS = 10.0  # between two plain lines of one step


class Bars:
    """Call it with every :class:`~rag.types.Progress`; it shows the step at hand. A context manager that tidies up."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = sys.stderr if stream is None else stream
        self._live = self.stream.isatty()
        self._bar: tqdm[None] | None = None
        self._step = ("", "")
        self._said = 0.0

    def __call__(self, progress: Progress) -> None:
        if self._live:
            self._draw(progress)
        else:
            self._say(progress)

    def line(self, text: str) -> None:
        """A line of its own, above the bar."""
        if self._bar is not None:
            self._bar.clear()
        print(text, file=self.stream, flush=True)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def __enter__(self) -> Bars:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _draw(self, progress: Progress) -> None:
        step = (progress.name, progress.stage)
        if self._bar is None or step != self._step:
            self.close()
            self._step = step
            self._bar = tqdm(
                total=progress.total or None, desc=_label(progress), file=self.stream, leave=False, dynamic_ncols=True
            )
        self._bar.total = progress.total or None
        self._bar.n = progress.done
        self._bar.refresh()

    def _say(self, progress: Progress) -> None:
        step, moment = (progress.name, progress.stage), time.monotonic()
        if step != self._step:
            self._step, self._said = step, moment
        finished = progress.total > 0 and progress.done >= progress.total
        if finished or moment - self._said >= LINE_SECONDS:
            self._said = moment
            self.line(f"{_label(progress)}: {progress.done:,}/{progress.total:,}")


def _label(progress: Progress) -> str:
    return f"{progress.name}: {progress.stage}" if progress.name else progress.stage
