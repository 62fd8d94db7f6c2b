"""Why a piece of evidence was found, in words: by which ways of searching, and which words of the question it has.

"Which fuse protects the pump?"  →   "It has the words fuse, pump.", "Its meaning is near the question's."
"""

from __future__ import annotations

import re

from rag.text.passages import content_terms
from rag.types import Evidence

NEAR = 8
"""Rank in a way of searching up to which a piece is said to have been found by it: most have some rank in each."""

MOST_WORDS = 8  # of a question that are named

_WORD = re.compile(r"[^\W_]+(?:[-.'’/][^\W_]+)*")
_MEANING = "Its meaning is near the question's."
_WAYS = {
    "words": _MEANING,
    "text to image": "Its picture looks like what is asked for.",
    "image to image": "Its picture resembles yours.",
    "picture's text": "It has words that stand in your picture.",
    "picture's full text": "It has words that stand in your picture.",
    "picture's words": "Its meaning is near that of the words in your picture.",
}


def reasons(evidence: Evidence, question: str) -> list[str]:
    """Short sentences, the surest first; never empty. ``question`` is what was searched for."""
    said: list[str] = []
    if evidence.pictured:
        said.append("It is what your picture shows.")
    words = shared_words(question, evidence)
    if words:
        said.append(f"It has the word{'s' if len(words) > 1 else ''} {', '.join(words)}.")
    ranks = dict(evidence.found_by)
    said += [sentence for way, sentence in _WAYS.items() if ranks.get(way, NEAR + 1) <= NEAR]
    if not said and ranks:
        said.append("Several ways of searching found it, each among others.")
    return list(dict.fromkeys(said)) or ["What was found points to it, or it was asked for by its place."]


def shared_words(question: str, evidence: Evidence) -> list[str]:
    """Words of the question, as they were typed, that the piece has in this or another form."""
    chunk = evidence.chunk
    has = frozenset(content_terms(f"{chunk.heading}\n{chunk.caption}\n{chunk.text}\n{evidence.text}"))
    named = {word.casefold(): word for word in reversed(_WORD.findall(question)) if _is_in(word, has)}
    return list(reversed(named.values()))[:MOST_WORDS]


def _is_in(word: str, has: frozenset[str]) -> bool:
    own = content_terms(word)
    return bool(own) and has.issuperset(own)
