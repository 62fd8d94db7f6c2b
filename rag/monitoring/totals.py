"""What this program did since it was started: times of its stages and counts, as Prometheus wants them."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from rag.monitoring.stages import Event, Stage, observe

BOUNDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Seconds, of the buckets."""

LONG_BOUNDS = (*BOUNDS, 300.0, 1800.0)
"""Of reading and embedding documents, which may take an hour."""

TIMED = ("model_first_token", "model", "parse", "embed")
"""Stages told by :class:`Totals`; searches and answers are counted by whoever asks (``rag/service/measures.py``)."""


@dataclass
class Times:
    """Of one stage: how many took at most each bound, their sum in seconds, and their number."""

    buckets: Counter[float] = field(default_factory=Counter)
    seconds: float = 0.0
    count: int = 0

    def note(self, seconds: float, bounds: tuple[float, ...] = BOUNDS) -> None:
        """One more."""
        self.seconds, self.count = self.seconds + seconds, self.count + 1
        for bound in bounds:
            self.buckets[bound] += seconds <= bound

    def copy(self) -> Times:
        """As it is now."""
        return Times(Counter(self.buckets), self.seconds, self.count)


class Counted(NamedTuple):
    """All of one moment: ``failed`` are stages that an error ended, ``events`` by their name and labels."""

    times: dict[str, Times]
    failed: dict[str, int]
    events: dict[tuple[Event, tuple[tuple[str, str], ...]], int]


class Totals:
    """An observer. May be asked from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._times = {name: Times() for name in TIMED}
        self._failed: Counter[str] = Counter(dict.fromkeys(TIMED[1:], 0))
        self._events: Counter[tuple[Event, tuple[tuple[str, str], ...]]] = Counter()

    def began(self, stage: Stage) -> None:
        """Counts nothing."""

    def ended(self, stage: Stage) -> None:
        """Note how long it took."""
        if stage.name not in self._times:
            return
        with self._lock:
            self._times[stage.name].note(stage.seconds, LONG_BOUNDS)
            if stage.name == "model" and stage.first:
                self._times["model_first_token"].note(stage.first, LONG_BOUNDS)
            self._failed[stage.name] += stage.error not in ("", "stopped")

    def counted(self, event: Event, labels: dict[str, str], times: int) -> None:
        """Note that it happened."""
        with self._lock:
            self._events[event, tuple(sorted(labels.items()))] += times

    def now(self) -> Counted:
        """A copy of all of them."""
        with self._lock:
            times = {name: one.copy() for name, one in self._times.items()}
            return Counted(times, dict(self._failed), dict(self._events))


TOTALS = Totals()
"""Of this program."""

observe(TOTALS)
