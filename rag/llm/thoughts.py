"""A model's thoughts, which some servers pass through at the start of a reply, told from the answer while it streams.

    "<think>Page 3 says …</think> The pump runs at 2.5 bar."  →  Thought("Page 3 says …"), "The pump runs at 2.5 bar."

Each family of models has its own marks for them. No more of the thoughts is held than half a mark.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from rag.llm.base import Piece, Remark, Thought

_MARKS = (  # opening and closing marks, as the models write them where no parser of the server takes them out
    ("<think>", "</think>"),  # Qwen, DeepSeek, MiniCPM, GLM
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("[THINK]", "[/THINK]"),  # Magistral
    ("<seed:think>", "</seed:think>"),
    ("<|channel>thought", "<channel|>"),  # Gemma 4
    ("<|channel|>analysis<|message|>", "<|channel|>final<|message|>"),  # gpt-oss
)
_CLOSING = dict(_MARKS)


def apart(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces of a reply, a block of thoughts at its start as :class:`Thought`, blanks before the answer gone."""
    ahead = iter(pieces)
    held = ""
    for piece in ahead:
        if not isinstance(piece, str):
            yield piece
            continue
        held = (held + piece).lstrip()
        opening = next((mark for mark in _CLOSING if held.startswith(mark)), None)
        if opening is not None:
            yield from _after_thoughts(held.removeprefix(opening), _CLOSING[opening], ahead)
            return
        if not any(mark.startswith(held) for mark in _CLOSING):
            break
    if held:
        yield held
    yield from ahead


def without_thoughts(pieces: Iterable[Piece]) -> Iterator[str]:
    """The words of the answer alone."""
    return (piece for piece in apart(pieces) if isinstance(piece, str))


def _after_thoughts(held: str, closing: str, ahead: Iterator[Piece]) -> Iterator[Piece]:
    """The thoughts, and what follows their closing mark."""
    while closing not in held:
        ready, held = held[: 1 - len(closing)], held[1 - len(closing) :]
        if ready:
            yield Thought(ready)
        piece = next(ahead, None)
        if piece is None:
            return
        if isinstance(piece, str):
            held += piece
        else:
            yield piece
    thought, _, answer = held.partition(closing)
    if thought:
        yield Thought(thought)
    begun = False
    for piece in chain([answer], ahead):
        if isinstance(piece, Thought | Remark):
            yield piece
            continue
        ready = piece if begun else piece.lstrip()
        if ready:
            begun = True
            yield ready
