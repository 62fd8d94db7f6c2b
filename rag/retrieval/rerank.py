"""A model's second look at the best hits, within a time budget: a cross-encoder, or the model that writes the
answers."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextvars import copy_context
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from PIL import Image

from rag.config import Settings
from rag.errors import BadSettings, RagError
from rag.images import open_picture
from rag.text.chunk_text import searchable_text
from rag.types import ChannelScore, Hit, PageId, Query

if TYPE_CHECKING:
    from rag.encoders.local.cross_encoder import CrossEncoder
    from rag.llm.base import VisionLLM
    from rag.storage.reader import IndexReader

OFF, BY_LLM = "off", "llm"  # other values of the setting name a cross-encoder
DEPTH = 20  # hits a cross-encoder reads
CHANNEL = "reranker"

Stopped = Callable[[], bool]


class Reranked(NamedTuple):
    """``notice`` says why the order is the search's own; empty where it is the reranker's."""

    hits: list[Hit]
    notice: str = ""


class Reranker(Protocol):
    """What looks a second time at the best hits; ``name`` is shown to people."""

    name: str

    def score(self, index: IndexReader, query: Query, hits: Sequence[Hit], stopped: Stopped) -> Mapping[int, float]:
        """Scores by place in ``hits``, higher is better; what is left out comes after, in its own order.

        Raises :class:`RagError`. Should end soon once ``stopped()``.
        """
        ...


class _ByText:
    """A cross-encoder reads the words of each hit."""

    def __init__(self, model: CrossEncoder) -> None:
        self.name, self._model = model.name, model

    def score(self, index: IndexReader, query: Query, hits: Sequence[Hit], stopped: Stopped) -> Mapping[int, float]:
        if not query.text.strip():
            return {}
        found = self._model.score(query.text, [searchable_text(hit.chunk) for hit in hits[:DEPTH]], stopped)
        return dict(enumerate(found))


class _ByPages:
    """A vision model looks at the pages of the best hits."""

    def __init__(self, llm: VisionLLM, most: int) -> None:
        self.name, self._llm, self._most = llm.name, llm, most

    def score(self, index: IndexReader, query: Query, hits: Sequence[Hit], stopped: Stopped) -> Mapping[int, float]:
        from rag.llm.page_ordering import order_pages

        if not self._llm.sees_pictures():
            raise BadSettings(f"{self.name} does not see pictures; set PAGESIGHT_RERANK to a cross-encoder, or to off")
        places = list(dict.fromkeys(hit.page for hit in hits))
        paths = {place: path for place in places if (path := _page_picture(index, place))}
        opened = _opened_pictures({place: paths[place] for place in list(paths)[: self._most]})
        shown, pictures = list(opened), list(opened.values())
        order = order_pages(self._llm, query.text, query.image, pictures, stopped)
        ranks = {shown[number]: -float(rank) for rank, number in enumerate(order)}
        keys = [hit.page for hit in hits]
        return {place: ranks[key] for place, key in enumerate(keys) if key in ranks}


class Budgeted:
    """A reranker with a time budget; one question at a time, the wait for another one counts."""

    def __init__(self, reranker: Reranker, seconds: float) -> None:
        self._reranker, self._seconds = reranker, seconds
        self._turn = threading.Lock()

    def rerank(self, index: IndexReader, query: Query, hits: list[Hit]) -> Reranked:
        """The hits in the reranker's order, or as they were where it fails or is too slow."""
        deadline = time.monotonic() + self._seconds
        late = Reranked(hits, f"Not reranked: {self._reranker.name} took longer than {self._seconds:g} s.")
        if not hits or not self._turn.acquire(timeout=self._seconds):
            return late if hits else Reranked(hits)
        outcome: queue.SimpleQueue[Mapping[int, float] | Exception] = queue.SimpleQueue()
        over = threading.Event()

        def work() -> None:
            try:
                outcome.put(self._reranker.score(index, query, hits, over.is_set))
            except Exception as exc:  # handed to the thread that asked, which raises what it cannot explain
                outcome.put(exc)
            finally:
                self._turn.release()

        here = copy_context()  # the number of the request goes along
        threading.Thread(target=lambda: here.run(work), name="rerank", daemon=True).start()
        try:
            scores = outcome.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            over.set()
            return late
        if isinstance(scores, RagError):
            return Reranked(hits, f"Not reranked: {scores}")
        if isinstance(scores, Exception):
            raise scores
        return Reranked(in_order(hits, scores))


def in_order(hits: Sequence[Hit], scores: Mapping[int, float]) -> list[Hit]:
    """Scored hits first, the best first; the scores of the list still fall, and a hit says how the reranker saw it."""
    order = sorted(range(len(hits)), key=lambda place: (place not in scores, -scores.get(place, 0.0)))
    falling = sorted((hit.score for hit in hits), reverse=True)
    moved = []
    for rank, (place, score) in enumerate(zip(order, falling, strict=True), 1):
        hit = hits[place]
        seen = {CHANNEL: ChannelScore(rank, scores[place])} if place in scores else {}
        moved.append(replace(hit, score=score, channels={**hit.channels, **seen}))
    return moved


def open_reranker(settings: Settings) -> Budgeted | None:
    """The reranker that ``settings.rerank`` names, kept for the next question; None where it is off.

    Raises :class:`EncoderUnavailable`, :class:`BadSettings`.
    """
    if settings.rerank == OFF:
        return None
    return _opened(replace(settings, index=Path(), encoder="auto", words="auto"))


@lru_cache(maxsize=2)
def _opened(settings: Settings) -> Budgeted:
    if settings.rerank != BY_LLM:
        from rag.encoders.open import open_cross_encoder

        return Budgeted(_ByText(open_cross_encoder(settings.rerank, settings)), settings.rerank_seconds)
    from rag.llm.open import open_llm

    llm = open_llm(settings)
    if llm is None:
        raise BadSettings(
            "PAGESIGHT_RERANK is llm, but no model is configured; set PAGESIGHT_LLM_MODEL, or set it to off"
        )
    return Budgeted(_ByPages(llm, max(1, settings.llm_pictures)), settings.rerank_seconds)


def _opened_pictures(paths: Mapping[PageId, Path]) -> dict[PageId, Image.Image]:
    """Without those that are not there any more: their document was removed meanwhile."""
    return {place: open_picture(path) for place, path in paths.items() if path.is_file()}


def _page_picture(index: IndexReader, page: PageId) -> Path | None:
    image = index.catalogue.page(*page).image
    return index.files.path(page.doc, image) if image else None
