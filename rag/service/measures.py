"""How questions went since the program was started: times of their stages, how they ended, votes. Never their words.

A line per question goes to the log ``pagesight.questions`` as JSON, with an id of its own, for those who collect lines:

    {"question": "5f…", "searched": 0.03, "first": 0.9, "whole": 4.2, "evidence": 6, "end": "answered", "by": "model"}
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple
from uuid import uuid4

if TYPE_CHECKING:
    from rag.answering.answer import Event
    from rag.types import SearchResult

BOUNDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)  # seconds, of the buckets
Stage = Literal["search", "first_word", "answer"]
End = Literal["answered", "refused", "failed", "stopped"]
_FAILED: End = "failed"
log = logging.getLogger("pagesight.questions")


@dataclass
class Times:
    """Of one stage: how many took at most each of :data:`BOUNDS`, their sum in seconds, and their number."""

    buckets: Counter[float] = field(default_factory=Counter)
    seconds: float = 0.0
    count: int = 0


class Counted(NamedTuple):
    """All counts of one moment. ``ends`` by how a question ended and whether a "model" or "quotes" answered; ``empty``
    are searches that found nothing, ``votes`` by "up" and "down"."""

    times: dict[Stage, Times]
    ends: dict[tuple[End, str], int]
    searches: int
    empty: int
    votes: dict[str, int]


class Measures:
    """Of one library. May be used from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._times: dict[Stage, Times] = {"search": Times(), "first_word": Times(), "answer": Times()}
        self._ends: Counter[tuple[End, str]] = Counter()
        self._votes: Counter[str] = Counter()
        self._searches = self._empty = 0

    def now(self) -> Counted:
        """A copy of all of them."""
        with self._lock:
            times = {stage: Times(Counter(t.buckets), t.seconds, t.count) for stage, t in self._times.items()}
            return Counted(times, dict(self._ends), self._searches, self._empty, dict(self._votes))

    def voted(self, liked: bool) -> None:
        """A thumb up or down."""
        with self._lock:
            self._votes["up" if liked else "down"] += 1

    def searched(self, find: Callable[[], SearchResult]) -> SearchResult:
        """Search, and count it."""
        begun = time.monotonic()
        found = find()
        self._searched(time.monotonic() - begun, len(found.hits))
        return found

    def followed(self, events: Iterator[Event], by: str) -> Generator[Event]:
        """The events of an answer as they are; how it went is counted when it ends. ``by``: "model" or "quotes"."""
        from rag.answering.answer import Delta, Done, Found

        begun, end = time.monotonic(), _FAILED
        said: dict[str, object] = {"question": uuid4().hex}
        try:
            with closing(events):  # type: ignore[type-var]
                for event in events:
                    if isinstance(event, Found):
                        said |= {"searched": round(event.seconds, 3), "evidence": len(event.evidence)}
                        self._searched(event.seconds, len(event.evidence))
                    elif isinstance(event, Delta) and "first" not in said:
                        said["first"] = self._took("first_word", begun)
                    elif isinstance(event, Done):
                        end = "refused" if event.answer.refused else "answered"
                        said["whole"] = self._took("answer", begun)
                    yield event
        except GeneratorExit:
            end = "stopped" if end == _FAILED else end
            raise
        finally:
            with self._lock:
                self._ends[end, by] += 1
            log.info("%s", json.dumps({**said, "end": end, "by": by}))

    def _searched(self, seconds: float, found: int) -> None:
        with self._lock:
            self._searches += 1
            self._empty += not found
            self._note("search", seconds)

    def _took(self, stage: Stage, begun: float) -> float:
        seconds = time.monotonic() - begun
        with self._lock:
            self._note(stage, seconds)
        return round(seconds, 3)

    def _note(self, stage: Stage, seconds: float) -> None:
        times = self._times[stage]
        times.seconds, times.count = times.seconds + seconds, times.count + 1
        for bound in BOUNDS:
            times.buckets[bound] += seconds <= bound
