"""What the page says of the program itself: that it is still getting ready, and how it searches.

The page is up before the encoder is open and before the samples are read. A question that comes earlier waits for the
encoder by itself; the page says why.
"""

from __future__ import annotations

from collections.abc import Callable

from ui.words.language import told

OPENING = "Getting ready: search is being opened. A question asked now waits for it."


class Readiness:
    """Read and changed by any thread; each attribute is one word or line, put in place whole."""

    def __init__(self) -> None:
        self.words = ""  # what is still going on, for people; empty when all is ready
        self.watched: Callable[[], dict[str, object]] = dict  # of folders that are followed

    def coming(self) -> str:
        """Why there are no documents although there will be; empty where none are on the way."""
        return "" if self.words == OPENING else told(self.words)

    def news(self) -> dict[str, object]:
        """For every open page."""
        return {"words": told(self.words), "watched": self.watched()}
