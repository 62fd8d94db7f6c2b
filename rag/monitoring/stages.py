"""Stages of the work, and counts of what happened: told to whoever observes them, and written to the log.

A line of the log ``pagesight.stages`` says what a stage took and a few facts in numbers and fixed words. Words of
questions, answers and documents are no facts; see :mod:`rag.monitoring.log_lines` for those who want them.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Literal, Protocol

from rag.monitoring import requests

Name = Literal["request", "search", "answer", "model", "parse", "embed"]
Event = Literal["answers", "searches", "votes", "citation_clicks", "uploads", "pages_read", "compared"]
Fact = str | int | float | bool
ROOTS: tuple[Name, ...] = ("request", "answer")  # of a request there is one at a time; documents are read several
log = logging.getLogger("pagesight.stages")


class Stage:
    """A piece of work under way. ``facts`` may be added to until it ends; ``error`` is the class of what broke it.

    ``began`` is Unix time in nanoseconds; ``first`` seconds until something came of it, 0 where that says nothing;
    ``span`` is for the observer that needs to remember something of its own.
    """

    def __init__(self, name: Name, **facts: Fact) -> None:
        self.name: Name = name
        self.facts: dict[str, Fact] = dict(facts)
        self.request = requests.current()
        self.number = self.request.number if self.request else ""
        above = self.request.root if self.request else None
        self.parent = above if isinstance(above, Stage) else None
        if self.request is not None and above is None and name in ROOTS:
            self.request.root = self
        self.began = time.time_ns()
        self.seconds = self.first = 0.0
        self.error = ""
        self.span: object = None
        self._started = time.monotonic()

    def something_came(self) -> None:
        """Note the moment, once."""
        self.first = self.first or time.monotonic() - self._started

    def end(self, error: str = "") -> None:
        """It is over; ``error`` is the class of what broke it."""
        self.seconds, self.error = time.monotonic() - self._started, error
        if self.request is not None and self.request.root is self:
            self.request.root = None


class Observer(Protocol):
    """Who is told. Called from any thread; must be quick and raise nothing."""

    def began(self, stage: Stage) -> None:
        """A stage begins."""
        ...

    def ended(self, stage: Stage) -> None:
        """It is over."""
        ...

    def counted(self, event: Event, labels: dict[str, str], times: int) -> None:
        """Something happened so many times. Labels are of few, fixed words."""
        ...


_observers: tuple[Observer, ...] = ()


def observe(observer: Observer) -> Callable[[], None]:
    """Have it told from now on; what to call so that it is not any more."""
    global _observers
    _observers = (*_observers, observer)

    def leave() -> None:
        global _observers
        _observers = tuple(one for one in _observers if one is not observer)

    return leave


@contextmanager
def stage(name: Name, **facts: Fact) -> Iterator[Stage]:
    """A stage that lasts as long as what is inside. Sets nothing in the context, so generators may hold it open."""
    running = Stage(name, **facts)
    for observer in _observers:
        observer.began(running)
    try:
        yield running
    except BaseException as exc:
        running.end("stopped" if isinstance(exc, GeneratorExit) else type(exc).__name__)
        raise
    else:
        running.end()
    finally:
        for observer in _observers:
            observer.ended(running)
        if log.isEnabledFor(logging.INFO):
            said = {"stage": name, "seconds": round(running.seconds, 4), **running.facts}
            said |= {"first": round(running.first, 4)} if running.first else {}
            say(log, said | ({"error": running.error} if running.error else {}), running.number)


def count(event: Event, times: int = 1, **labels: str) -> None:
    """Something happened. The words of labels are fixed in the code: each makes a series of its own for good."""
    for observer in _observers:
        observer.counted(event, labels, times)


def say(to: logging.Logger, facts: Mapping[str, object], number: str = "") -> None:
    """A line of JSON, with the number of its request."""
    number = number or requests.number()
    said = {**({"request": number} if number else {}), **facts}
    to.info("%s", json.dumps(said, ensure_ascii=False), extra={"facts": said})
