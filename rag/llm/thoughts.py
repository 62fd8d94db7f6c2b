"""A model's thoughts, which some servers pass through at the start of a reply, told from the answer while it streams.

    "<think>Page 3 says …</think> The pump runs at 2.5 bar."  →  Thought("Page 3 says …"), "The pump runs at 2.5 bar."

Each family of models has its own marks for them. No more of the thoughts is held than half a mark.

Templates of models that always think put the opening mark into the prompt, so that a reply begins with thoughts and
only the closing mark tells: of the first such reply the thoughts have been shown as they came, and are taken out of the
answer at its end (:func:`after_thoughts`); from then on it is known.
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
UNOPENED = "</think>"
"""The closing mark of the models whose templates open the thoughts in the prompt."""


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


def closes_unopened(text: str) -> bool:
    """Whether a text has the closing mark of thoughts, and no opening one before."""
    at = text.find(UNOPENED)
    return at >= 0 and "<think>" not in text[:at]


def after_thoughts(text: str) -> str:
    """The answer of a reply whose thoughts were not told from it; a text without such thoughts as it is."""
    answer = text.partition(UNOPENED)[2].lstrip() if closes_unopened(text) else ""
    return answer or text


def opened_before(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces of a reply that begins with thoughts, their opening mark in the prompt; where no closing mark comes,
    they were none."""
    said: list[str] = []

    def noted() -> Iterator[Piece]:
        for piece in pieces:
            if isinstance(piece, str):
                said.append(piece)
            yield piece

    answered = False
    for piece in _after_thoughts("", UNOPENED, noted()):
        answered = answered or isinstance(piece, str)
        yield piece
    if not answered and UNOPENED not in "".join(said):
        yield "".join(said)


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
