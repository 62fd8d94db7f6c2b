"""A model's thoughts, which some servers pass through at the start of a reply, left out while it streams.

    "<think>Page 3 says …</think> The pump runs at 2.5 bar."  →  "The pump runs at 2.5 bar."

No more of the thoughts is held than half a tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

_THINKING = ("<think>", "<thinking>")
_THOUGHT = re.compile(r"</think(?:ing)?>")
_HALF_A_TAG = len("</thinking")


def without_thoughts(pieces: Iterator[str]) -> Iterator[str]:
    """The pieces of a reply without a block of thoughts at its start."""
    held = ""
    for piece in pieces:
        held = (held + piece).lstrip()
        if held.startswith(_THINKING):
            yield from _after_thoughts(held, pieces)
            return
        if not any(tag.startswith(held) for tag in _THINKING):
            break
    if held:
        yield held
    yield from pieces


def _after_thoughts(held: str, pieces: Iterator[str]) -> Iterator[str]:
    """What follows the closing tag, without blanks before it. No more of the thoughts is held than half a tag."""
    while not (end := _THOUGHT.search(held)):
        piece = next(pieces, None)
        if piece is None:
            return
        held = held[-_HALF_A_TAG:] + piece
    begun = False
    for piece in chain([held[end.end() :]], pieces):
        ready = piece if begun else piece.lstrip()
        if ready:
            begun = True
            yield ready
