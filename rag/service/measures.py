"""How questions went since the program was started: times of their stages, how they ended, votes. Never their words.

A line per question goes to the log ``pagesight.questions`` as JSON, with an id of its own, for those who collect lines:

    {"request": "9a…", "question": "5f…", "searched": 0.03, "first": 0.9, "whole": 4.2, "evidence": 6,
     "end": "answered", "by": "model"}

Where the settings want words in the log (``PAGESIGHT_LOG_CONTENT=on``), those of question and answer follow.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Literal, NamedTuple
from uuid import uuid4

from rag.monitoring.log_lines import content_wanted
from rag.monitoring.stages import count, say, stage
from rag.monitoring.totals import BOUNDS as BOUNDS
from rag.monitoring.totals import Times

if TYPE_CHECKING:
    from rag.answering.answer import Event
    from rag.types import Answer, SearchResult

Stage = Literal["search", "first_word", "answer"]
End = Literal["answered", "refused", "failed", "stopped"]
log = logging.getLogger("pagesight.questions")


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
            times = {name: times.copy() for name, times in self._times.items()}
            return Counted(times, dict(self._ends), self._searches, self._empty, dict(self._votes))

    def voted(self, liked: bool) -> None:
        """A thumb up or down."""
        vote = "up" if liked else "down"
        with self._lock:
            self._votes[vote] += 1
        count("votes", vote=vote)

    def searched(self, find: Callable[[], SearchResult]) -> SearchResult:
        """Search, and count it."""
        begun = time.monotonic()
        found = find()
        self._searched(time.monotonic() - begun, len(found.hits))
        return found

    def followed(self, events: Iterator[Event], by: str, asked: str = "") -> Generator[Event]:
        """The events of an answer as they are; how it went is counted when it ends. ``by``: "model" or "quotes";
        ``asked``: the question's words, which are written down only where the settings want that."""
        from rag.answering.answer import Delta, Done, Found

        begun = time.monotonic()
        end: End | None = None
        said: dict[str, object] = {"question": uuid4().hex}
        words = {"asked": asked} if content_wanted() else {}
        with stage("answer", by=by) as running:
            try:
                with closing(events):  # type: ignore[type-var]
                    for event in events:
                        if isinstance(event, Found):
                            said |= {"searched": round(event.seconds, 3), "evidence": len(event.evidence)}
                            self._searched(event.seconds, len(event.evidence))
                        elif isinstance(event, Delta) and "first" not in said:
                            running.something_came()
                            said["first"] = self._took("first_word", begun)
                        elif isinstance(event, Done):
                            end = _end(event.answer)
                            if end != "failed":
                                said["whole"] = self._took("answer", begun)
                            words |= {"answered": event.answer.text} if words else {}
                        yield event
            except GeneratorExit:
                end = end or "stopped"
                raise
            finally:
                end = end or "failed"
                running.facts["end"] = end
                with self._lock:
                    self._ends[end, by] += 1
                count("answers", end=end, by=by)
                say(log, {**said, "end": end, "by": by, **words}, running.number)

    def _searched(self, seconds: float, found: int) -> None:
        with self._lock:
            self._searches += 1
            self._empty += not found
            self._times["search"].note(seconds)
        count("searches", found="no" if not found else "yes")

    def _took(self, name: Stage, begun: float) -> float:
        seconds = time.monotonic() - begun
        with self._lock:
            self._times[name].note(seconds)
        return round(seconds, 3)


def _end(answer: Answer) -> End:
    """How a question ended that has its answer: one that quotes the documents since the model failed has failed."""
    return "failed" if answer.failed else "refused" if answer.refused else "answered"
