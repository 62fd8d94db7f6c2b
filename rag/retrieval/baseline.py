"""The plain sum of reciprocal ranks of the search's own channels: what the ranker is measured against.

Nothing in it is fitted and nothing is known of it but ranks, so a ranker that falls below it anywhere has learned
something that does not hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rag.retrieval.fusion import reciprocal_rank
from rag.storage.full_text.term_vectors import page_of
from rag.types import SAME_PICTURE

if TYPE_CHECKING:
    from rag.retrieval.retrieve import Proposal
    from rag.retrieval.side import Side


def rank_pages_by_fusion(found: Proposal) -> list[int]:
    """Keys of all pages that a channel proposes, by reciprocal rank fusion of :func:`channel_pages`, best first."""
    return list(reciprocal_rank(channel_pages(found)))


def channel_pages(found: Proposal) -> dict[str, list[int]]:
    """By channel the keys of the pages that it proposes, best first and each once; channels without any are left out.

    A page stands where the best of its chunks does. Several sentence encoders are a channel each, ``words (e5)``, and
    so are the words of whole pages. Of a picture that stands on pages of the library these are a channel of their own.
    """
    places, pages = found.candidates.places, found.snap.where.pages
    lists: dict[str, list[int]] = {SAME_PICTURE: list(found.located)}
    for side in found.sides:
        lists[side.channel("full text")] = list(side.pages)
        for name, scores in _by_vector(found, side).items():
            best_first = sorted(scores, key=scores.__getitem__, reverse=True)
            lists[name] = [key for chunk in best_first for key in places.get(chunk, ())]
    wanted = {
        name: [key for key in dict.fromkeys(keys) if pages is None or pages[0] <= page_of(key) <= pages[1]]
        for name, keys in lists.items()
    }
    return {name: keys for name, keys in wanted.items() if keys}


def _by_vector(found: Proposal, side: Side) -> dict[str, Mapping[str, float]]:
    """Scores of chunk ids by the vector channels, each sentence encoder by itself."""
    if list(side.words) == ["words"]:  # one encoder without a name of its own
        return side.vector_channels
    rest = {name: scores for name, scores in side.vector_channels.items() if name != side.channel("words")}
    each = {side.channel(f"words ({name})"): scores for name, scores in side.words.items()}
    return {**each, side.channel("words of whole pages"): side.whole, **rest}
