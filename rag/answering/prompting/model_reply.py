"""A model's reply to a question: evidence cut to its window, asked again with less where its server takes less.

What was done about it is in the notices: a reader should know when a model has read less than is shown.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from typing import NamedTuple

from PIL import Image

from rag.answering.prompting.prompts import messages
from rag.answering.prompting.room import (
    SMALLER_SIDE,
    Room,
    fixed_tokens,
    last_turns,
    picture_limits,
    room_for,
    text_tokens,
    within,
)
from rag.config import Settings
from rag.errors import ModelRefused, TooMuch
from rag.llm.base import Message, OutspokenLLM, PictureLimits, Piece, Remark, Thought, VisionLLM, reply_of, window_of
from rag.types import Evidence, Query, Turn

MOST_TRIES = 6
"""Requests for one reply: as it is, smaller pictures, fewer, none, less text."""

LESS = 0.5
"""Share of the text that is sent where a prompt was too long and nobody says by how much."""

LEAST_WORDS = 200
"""Tokens of evidence text below which a prompt is not made shorter."""


class Asked(NamedTuple):
    """A question with what it is to be answered from; ``picture_words`` stand for its picture where it is not seen."""

    query: Query
    evidence: Sequence[Evidence]
    history: Sequence[Turn]
    sees: bool
    picture_words: str = ""


class ModelReply:
    """One reply. ``notices``: what the reader should know; they are complete when all pieces have come."""

    def __init__(self, llm: VisionLLM, asked: Asked, settings: Settings) -> None:
        self.notices: list[str] = []
        self._llm, self._asked, self._settings = llm, asked, settings
        self._window = window_of(llm)

    def pieces(self) -> Generator[str | Thought]:
        """Words of the answer and thoughts as they come. Raises :class:`rag.errors.ModelError`."""
        room, tries, refused = self._room(), 1, 0
        while True:
            prompt, begun = self._prompt(room), False
            sent = _pictures(prompt)
            try:
                with closing(_closable(reply_of(self._llm, prompt))) as pieces:
                    for piece in pieces:
                        if isinstance(piece, Remark):
                            self.notices.append(piece.text)
                            continue
                        if not begun:
                            begun = True
                            self._began(room, sent, refused)
                        yield piece
                return
            except ModelRefused as exc:
                less = None if begun or exc.too_much is None else self._less(room, exc.too_much, sent)
                if less is None or tries == MOST_TRIES:
                    raise
                refused = max(refused, sent) if exc.too_much and exc.too_much.of == "pictures" else refused
                room, tries = less, tries + 1

    def _room(self) -> Room:
        asked, llm = self._asked, self._llm
        fixed = fixed_tokens(asked.query.text, last_turns(asked.history, self._window), asked.picture_words)
        taken = llm.picture_limits if isinstance(llm, OutspokenLLM) else None
        limits = picture_limits(self._settings, asked.sees, taken)
        return room_for(self._window, fixed, text_tokens(asked.evidence), limits)

    def _prompt(self, room: Room) -> list[Message]:
        asked = self._asked
        return messages(
            asked.query.text,
            asked.query.image,
            within(asked.evidence, room.words, asked.query.text),
            last_turns(asked.history, self._window),
            asked.sees,
            room.pictures,
            asked.picture_words,
            picture_side=room.side,
        )

    def _less(self, room: Room, too_much: TooMuch, sent: int) -> Room | None:
        """The next smaller room to try; None where there is none. ``sent``: pictures of the request that failed."""
        if too_much.of == "pictures":
            return _fewer_pictures(room, too_much, sent)
        self._window = window_of(self._llm)
        known = self._room()
        if known.words < room.words:
            return known
        if room.words * LESS < LEAST_WORDS and not sent:
            return None
        words = max(min(room.words, LEAST_WORDS), int(room.words * LESS))
        return Room(words, sent // 2, min(room.side, SMALLER_SIDE))

    def _began(self, room: Room, sent: int, refused: int) -> None:
        """The server has taken the prompt: the reader is told what was left out. What it takes of pictures is kept,
        where it ``refused`` so many before."""
        name, pieces = self._llm.name, len(self._asked.evidence)
        given = len(within(self._asked.evidence, room.words, self._asked.query.text))
        if given < pieces:
            window = f" into the {self._window:,} tokens that it reads at once" if self._window else ""
            first = "first piece" if given == 1 else f"first {given} pieces"
            self.notices.append(f"{name} was given the {first} of {pieces}: no more fit{window}.")
        if refused and sent and isinstance(self._llm, OutspokenLLM):
            self._llm.picture_limits = PictureLimits(room.side, room.pictures)
        if sent < refused:
            taken = f"only {sent}" if sent else "none"
            self.notices.append(f"The server of {name} took {taken} of the {refused} pictures.")


def _fewer_pictures(room: Room, too_much: TooMuch, sent: int) -> Room | None:
    """Smaller pictures, then half as many, then none; fewer at once where the server says how many it takes."""
    if not sent:
        return None
    if too_much.blind:
        return room._replace(pictures=0)
    if too_much.most is not None and too_much.most < sent:
        return room._replace(pictures=too_much.most)
    if room.side > SMALLER_SIDE:
        return room._replace(side=SMALLER_SIDE)
    return room._replace(pictures=sent // 2)


def _pictures(prompt: Sequence[Message]) -> int:
    return sum(isinstance(part, Image.Image) for message in prompt for part in message.parts)


def _closable(pieces: Iterator[Piece]) -> Generator[Piece]:
    yield from pieces
