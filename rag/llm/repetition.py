"""Told while it streams: a reply that repeats itself without an end.

    "E6 E6 E6 E6 …", the same paragraph again and again, two sentences in turn

The end of the text is looked at: if it is one and the same piece, letter by letter, several times in a row and long
enough, the model has lost its way. Rows of a table, a list's equal remedies and a line of dots are shorter or differ
somewhere.
"""

from __future__ import annotations

import re

TAIL = 6000  # characters looked at: a repeated paragraph may have a third of them
LEAST_TIMES = 3  # that a piece stands in a row
LEAST_LENGTH = 800  # characters that the repetition takes: longer than equal rows of a table usually are together
LEAST_RULED = 2000  # of a piece without letters or digits: rules of tables and lines of dots are long
LOOK_EVERY = 120  # characters between two looks


_TO_END = re.compile(r"[^.!?\n]*[.!?\n]")


class Repetition:
    """Takes a text piece by piece. ``found`` says that its end does nothing but repeat itself."""

    def __init__(self) -> None:
        self.found = False
        self._tail = ""
        self._unseen = 0

    def feed(self, piece: str) -> bool:
        """Take the next piece; returns :attr:`found`."""
        self._tail = (self._tail + piece)[-TAIL:]
        self._unseen += len(piece)
        if not self.found and self._unseen >= LOOK_EVERY and len(self._tail) >= LEAST_LENGTH:
            self._unseen = 0
            self.found = repeats(self._tail)
        return self.found


def repeats(text: str) -> bool:
    """Whether a text ends in one piece repeated."""
    return _period(text) > 0


def without_repetition(text: str) -> str:
    """A text that ends in one piece repeated with that piece once; any other as it is."""
    period = _period(text[-TAIL:])
    if not period:
        return text
    start = len(text) - period
    while start and text[start - 1] == text[start - 1 + period]:
        start -= 1
    once, again = text[: start + period], text[start + period : start + 2 * period]
    rest = _TO_END.match(again)  # the piece may have been found from the middle of a sentence on
    return once + (rest[0] if rest else "")


def _period(text: str) -> int:
    """The length of the piece that the end of a text repeats; 0 where it repeats none.

    The shortest period of every ending comes from the failure function of Knuth, Morris and Pratt (1977), run from the
    end of the text to its start.
    """
    back = text[::-1]
    failure = [0] * len(back)
    for end in range(1, len(back)):
        matched = failure[end - 1]
        while matched and back[end] != back[matched]:
            matched = failure[matched - 1]
        failure[end] = matched + (back[end] == back[matched])
        length = end + 1
        period = length - failure[end]
        if length >= LEAST_LENGTH and period * LEAST_TIMES <= length and _counts(back[:period], length):
            return period
    return 0


def _counts(piece: str, length: int) -> bool:
    return length >= LEAST_RULED or any(character.isalnum() for character in piece)
