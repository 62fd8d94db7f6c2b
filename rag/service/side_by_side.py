"""Two generations side by side on live questions: a share of them is asked of another one too, behind the answer.

The other generation is one that is kept beside the live one: refused by a gate, or live before. What both found is
written into a file of the index folder, as documents' ids and pages: words of questions only where the settings want
them in the log. Whoever asks waits for none of it.
"""

from __future__ import annotations

import json
import logging
import queue
import random
import statistics
import threading
import time
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from rag.config import Settings
from rag.disk import disk_errors
from rag.errors import RagError
from rag.monitoring import requests
from rag.monitoring.stages import count
from rag.retrieval.retrieve import retrieve
from rag.service.priority import give_way
from rag.storage.reader import IndexReader
from rag.storage.tables.database import Generation, utc_now
from rag.types import Query, SearchResult

if TYPE_CHECKING:
    from rag.answering.answer import Event

FILE, EARLIER = "compared.jsonl", "compared.1.jsonl"
LARGEST = 5_000_000
"""Bytes of the file, some 5,000 questions; then it becomes the earlier one, whose place it takes."""

HITS = 10  # compared: what a person looks at
WAITING = 8  # questions that wait their turn; of more none is asked twice
KEPT = ("refused", "previous")  # states of generations that can be asked

log = logging.getLogger(__name__)
Place = tuple[str, int]


class Compared(NamedTuple):
    """A question that both were asked. ``live`` and ``other`` are numbers of generations; places are ids of documents
    and pages, best first, without documents that the other generation lacks; ``seconds`` of both searches."""

    at: str
    request: str
    live: int
    other: int
    found: tuple[Place, ...]
    also: tuple[Place, ...]
    seconds: tuple[float, float]
    asked: str = ""

    @property
    def shared(self) -> float:
        """The share of the pages of either that both have, from 0 to 1."""
        one, two = set(self.found), set(self.also)
        return len(one & two) / len(one | two) if one | two else 1.0

    @property
    def same_first(self) -> bool:
        """Whether the first page is the same, or neither has any."""
        return self.found[:1] == self.also[:1]


class Summary(NamedTuple):
    """Of all questions that two generations were asked: shares from 0 to 1, medians of seconds; ``apart`` are the
    numbers of those that share least."""

    live: int
    other: int
    questions: int
    same_first: float
    shared: float
    empty: tuple[int, int]
    seconds: tuple[float, float]
    apart: tuple[Compared, ...]


class SideBySide:
    """Asks the other generation, on a thread of its own that begins with the first question."""

    def __init__(self, index: IndexReader, settings: Settings) -> None:
        self._index, self._share, self._words = index, settings.compare, settings.log_content == "on"
        self._waiting: queue.Queue[tuple[Query, str] | None] = queue.Queue(WAITING)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._ended = False
        self._draw = random.Random()
        self._other: IndexReader | None = None

    def offer(self, query: Query) -> None:
        """A question was asked; perhaps it is asked of the other generation too. Returns at once."""
        if not self._share or self._draw.random() >= self._share:
            return
        try:
            self._waiting.put_nowait((query, requests.number()))
        except queue.Full:
            count("compared", outcome="too many")
            return
        with self._lock:
            if self._thread is None and not self._ended:
                self._thread = threading.Thread(target=self._work, name="side-by-side", daemon=True)
                self._thread.start()

    def heard(self, query: Query, events: Iterator[Event]) -> Generator[Event]:
        """The events of an answer as they are; what was searched for, where something was, is offered."""
        from rag.answering.answer import Found

        with closing(events):  # type: ignore[type-var]
            for event in events:
                yield event
                if isinstance(event, Found) and event.evidence:
                    self.offer(replace(query, text=event.understood or query.text))

    def stop(self, seconds: float) -> None:
        """At the end of the program: what waits is not asked any more."""
        with self._lock:
            self._ended, thread = True, self._thread
        with suppress(queue.Empty):  # the thread takes from it, too
            while True:
                self._waiting.get_nowait()
        self._waiting.put(None)
        if thread is not None:
            thread.join(seconds)
        self._let_go()

    def _work(self) -> None:
        give_way()
        while (waiting := self._waiting.get()) is not None:
            query, number = waiting
            with requests.serving(number):
                try:
                    outcome = self._asked(query, number)
                except (RagError, OSError) as exc:
                    outcome = "failed"
                    log.warning("a question was not asked of another generation: %s", exc)
                except Exception:
                    outcome = "failed"
                    log.exception("a question was not asked of another generation")
            count("compared", outcome=outcome)

    def _asked(self, query: Query, number: str) -> str:
        live = self._index.generation
        kept = candidates(self._index)
        if not kept:
            log.warning("PAGESIGHT_COMPARE is set, and no other generation is kept: `python -m rag reindex` makes one")
            return "no other"
        other = self._opened(kept[0])
        found, took = _timed(self._index, query)
        also, needed = _timed(other, query)
        has = other.vectors.arrays.whole()
        one, two = _places(found, has), _places(also, has)
        asked = query.text if self._words else ""
        line = Compared(utc_now(), number, live.id, kept[0].id, one, two, (took, needed), asked)
        write(self._index.root, line)
        return "same" if one == two else "differs"

    def _opened(self, generation: Generation) -> IndexReader:
        if self._other is None or self._other.generation.id != generation.id:
            self._let_go()
            plain = replace(self._index.settings, encoder="auto", words="auto", rerank="off", graph="off", vectors="")
            self._other = self._index.at(generation, plain)
        return self._other

    def _let_go(self) -> None:
        if self._other is not None:
            self._other.vectors.close()
            self._other = None


def candidates(index: IndexReader) -> list[Generation]:
    """The generations that can be asked beside the live one, the latest first."""
    kept = [one for one in index.catalogue.generations() if one.state in KEPT]
    return sorted(kept, key=lambda one: one.id, reverse=True)


def write(root: Path, line: Compared) -> None:
    """Add a question to the file. Lines are short, so that two processes do not write into each other's."""
    path = root / FILE
    with disk_errors(path):
        if path.exists() and path.stat().st_size > LARGEST:
            path.replace(root / EARLIER)
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line._asdict(), ensure_ascii=False) + "\n")


def read(root: Path) -> list[Compared]:
    """All that are kept, the oldest first; a line that was cut off by a full disk is left out."""
    found = []
    for path in (root / EARLIER, root / FILE):
        if path.exists():
            with disk_errors(path):
                found += list(_lines(path.read_text(encoding="utf-8")))
    return found


def summaries(lines: Sequence[Compared], most: int = 10) -> list[Summary]:
    """One of each two generations, the latest last; ``most`` questions of each that share least."""
    pairs = Counter((one.live, one.other) for one in lines)
    return [_summary([one for one in lines if (one.live, one.other) == pair], most) for pair in sorted(pairs)]


def _summary(lines: Sequence[Compared], most: int) -> Summary:
    apart = sorted((one for one in lines if one.shared < 1), key=lambda one: (one.shared, one.at))
    return Summary(
        live=lines[0].live,
        other=lines[0].other,
        questions=len(lines),
        same_first=statistics.fmean(one.same_first for one in lines),
        shared=statistics.fmean(one.shared for one in lines),
        empty=(sum(not one.found for one in lines), sum(not one.also for one in lines)),
        seconds=(
            statistics.median(one.seconds[0] for one in lines),
            statistics.median(one.seconds[1] for one in lines),
        ),
        apart=tuple(apart[:most]),
    )


def _lines(text: str) -> Iterator[Compared]:
    for line in text.splitlines():
        try:
            raw: dict[str, Any] = json.loads(line)
            places = {name: tuple((str(doc), int(page)) for doc, page in raw[name]) for name in ("found", "also")}
            seconds = (float(raw["seconds"][0]), float(raw["seconds"][1]))
            yield Compared(**{**raw, **places, "seconds": seconds})
        except (ValueError, KeyError, TypeError):
            log.warning("a line of %s cannot be read and is left out", FILE)


def _timed(index: IndexReader, query: Query) -> tuple[SearchResult, float]:
    """The search itself, without a reranker: it is not what differs."""
    begun = time.monotonic()
    with index.snapshot():
        found = retrieve(index, query, HITS)
    return found, round(time.monotonic() - begun, 4)


def _places(found: SearchResult, has: frozenset[str] | set[str]) -> tuple[Place, ...]:
    places = [(hit.chunk.doc, hit.chunk.page) for hit in found.hits if hit.chunk.doc in has]
    return tuple(dict.fromkeys(places))
