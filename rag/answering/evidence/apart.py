"""The evidence of several questions that were asked at once, each searched by itself, under one count of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import NamedTuple

from rag.types import Evidence, Hit


class Part(NamedTuple):
    """One of several questions and what was found for it, the best first."""

    question: str
    hits: tuple[Hit, ...]


class Apart(NamedTuple):
    """One of several questions and its evidence, numbered as that of all of them."""

    question: str
    evidence: tuple[Evidence, ...]


def in_turn(parts: Iterable[Part]) -> tuple[Hit, ...]:
    """The best hit of each question, then the second ones, none twice."""
    found: dict[str, Hit] = {}
    for row in zip_longest(*(part.hits for part in parts)):
        for hit in filter(None, row):
            found.setdefault(hit.chunk.id, hit)
    return tuple(found.values())


def shared_out(parts: Iterable[Part], evidence: Sequence[Evidence]) -> tuple[Apart, ...]:
    """The pieces of evidence that each question found, with the scores of its own search, and what they refer to."""
    return tuple(Apart(part.question, tuple(_found_by(part, evidence))) for part in parts)


def _found_by(part: Part, evidence: Sequence[Evidence]) -> list[Evidence]:
    scores = {hit.chunk.id: hit.score for hit in reversed(part.hits)}
    own: dict[int, Evidence] = {}
    for piece in evidence:
        held = [scores[chunk.id] for chunk in (piece.chunk, *piece.beside) if chunk.id in scores]
        if held:
            own[piece.number] = replace(piece, score=max(held))
    led_to = {pointer.number for piece in own.values() for pointer in piece.points}
    rest = [piece for piece in evidence if piece.number in led_to and piece.number not in own]
    return sorted([*own.values(), *rest], key=lambda piece: piece.number)
