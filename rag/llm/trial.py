"""Trying a model before it is used: it is shown a picture with a number that nobody can guess, and asked for it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from typing import NamedTuple

from rag.errors import ModelCutShort, ModelError
from rag.llm import sight
from rag.llm.base import Message
from rag.llm.openai_compatible import OpenAICompatible

SHOWN = 200  # characters of a reply
PLAIN = Message("user", ("Reply with the word ready and nothing else.",))


class Trial(NamedTuple):
    """What came of it. ``problem`` is empty where the model answered; ``sees`` whether it is shown pictures, ``read``
    whether it read the number in one, None where it was not asked; ``said`` its own words; ``window`` tokens."""

    problem: str
    sees: bool = False
    read: bool | None = None
    said: str = ""
    window: int | None = None
    server: str = ""
    how_to_widen: str = ""
    seconds: float = 0.0


def try_out(llm: OpenAICompatible) -> Trial:
    """Ask its server for the model, and the model for the number in a picture, or for a word where it is blind.

    Never raises for what a server does. May take as long as the server takes to load the model.
    """
    started = time.monotonic()
    about = llm.describe()
    if about.problem:
        return Trial(about.problem, seconds=time.monotonic() - started)
    proof, sees = sight.proof(), bool(about.sees_pictures)
    try:
        said = _reply(llm, [proof.with_picture if sees else PLAIN])
    except ModelError as exc:
        return Trial(str(exc), sees, seconds=time.monotonic() - started)
    return Trial(
        "" if said.strip() else f"{llm.name} answered nothing",
        sees,
        proof.read_in(said) if sees else None,
        " ".join(said.split())[:SHOWN],
        about.window,
        about.server,
        about.how_to_widen,
        time.monotonic() - started,
    )


def _reply(llm: OpenAICompatible, messages: Sequence[Message]) -> str:
    """What it writes, read no further than needed; one that was cut short has still answered."""
    said = ""
    try:
        with closing(llm.reply(messages)) as pieces:
            for piece in pieces:
                said += piece if isinstance(piece, str) else ""
                if len(said) > sight.LONGEST_REPLY:
                    break
    except ModelCutShort:
        if not said.strip():
            raise
    return said
