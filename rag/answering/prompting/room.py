"""How much evidence fits beside a question into what a model reads at once.

    window = reply + rules, question, conversation + evidence text + pictures

Text comes first: what is left beyond it goes to pictures, at least :data:`SHARE_OF_PICTURES` where the model sees any.
A picture that would become too small to be read is not sent; fewer larger ones are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from rag.answering.evidence.gathering import LARGEST_SHARE
from rag.answering.evidence.shortening import shortened
from rag.answering.prompting.prompts import SYSTEM, history_words
from rag.config import Settings
from rag.llm.base import PictureLimits
from rag.llm.images import LONGEST_SIDE
from rag.llm.window import PIXELS_PER_TOKEN, reply_tokens, words_tokens
from rag.text.passages import content_terms, tokens
from rag.types import Evidence, Turn

SHARE_OF_PICTURES = 0.4
"""Of the room for evidence in a small window."""

LEAST_READABLE = 600
"""Tokens of a picture, 670 pixels squared, below which a cut-out's print is hardly read."""

PER_PIECE = 60
"""Tokens of the tags around a piece of evidence: document, page, kind, heading."""

LEAST_PIECE = 60
"""Tokens of a piece below which it is not sent."""

SHARE_OF_CONVERSATION = 0.15
"""Of the window, that earlier exchanges may take."""

SMALLER_SIDE = 1024
"""Pixels; what servers take that choke on more."""


class Room(NamedTuple):
    """Tokens of evidence text, pictures, and the longest side of each in pixels."""

    words: int
    pictures: int
    side: int


def room_for(window: int | None, fixed: int, wanted: int, limits: PictureLimits) -> Room:
    """What of ``wanted`` tokens of text, and of pictures within ``limits``, a window holds beside ``fixed`` tokens."""
    side, pictures = limits
    if window is None:
        return Room(wanted, pictures, side)
    left = max(LEAST_PIECE + PER_PIECE, window - reply_tokens(window) - fixed)
    shared = max(left - wanted, int(left * SHARE_OF_PICTURES))
    pictures = min(pictures, shared // LEAST_READABLE)
    if not pictures:
        return Room(min(wanted, left), 0, side)
    return Room(min(wanted, left - shared), pictures, min(side, math.isqrt(shared // pictures * PIXELS_PER_TOKEN)))


def text_tokens(evidence: Sequence[Evidence]) -> int:
    """Tokens of all the text, with the tags around it."""
    return sum(words_tokens(piece.text) + PER_PIECE for piece in evidence)


def picture_limits(settings: Settings, sees: bool, taken: PictureLimits | None) -> PictureLimits:
    """What the settings allow of pictures, where the model sees any; ``taken``: what its server was seen to take."""
    side, count = taken or PictureLimits(LONGEST_SIDE, settings.llm_pictures)
    return PictureLimits(side, min(count, settings.llm_pictures) if sees else 0)


def fixed_tokens(question: str, history: Sequence[Turn], picture_words: str) -> int:
    """Tokens of everything in a prompt that is no evidence."""
    return sum(map(words_tokens, (SYSTEM, question, history_words(history), picture_words))) + PER_PIECE


def last_turns(history: Sequence[Turn], window: int | None) -> Sequence[Turn]:
    """The last exchanges that leave room for evidence."""
    turns = list(history)
    while window is not None and turns and words_tokens(history_words(turns)) > window * SHARE_OF_CONVERSATION:
        del turns[0]
    return turns


def within(evidence: Sequence[Evidence], words: int, question: str = "") -> tuple[Evidence, ...]:
    """What fits into so many tokens: the first pieces whole, later ones shortened to what the question's words are in,
    the last ones not at all."""
    if text_tokens(evidence) <= words:
        return tuple(evidence)
    wanted = frozenset(content_terms(question))
    kept: list[Evidence] = []
    left = words
    for place, piece in enumerate(evidence, 1):
        takes = words_tokens(piece.text)
        room = left - PER_PIECE
        if room < min(takes, LEAST_PIECE) and kept:
            break
        share = LARGEST_SHARE if place < len(evidence) else 1.0
        most = max(LEAST_PIECE, int(room * share))
        text = piece.text
        if takes > most:
            text = shortened(text, max(1, most * tokens(text) // takes), wanted)
        kept.append(piece if text == piece.text else replace(piece, text=text))
        left -= words_tokens(text) + PER_PIECE
    return tuple(kept)
