"""Counts of what the API did, in the text format that Prometheus reads (version 0.0.4)."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from rag.monitoring import totals
from rag.monitoring.stages import Event
from rag.monitoring.totals import BOUNDS as STAGE_BOUNDS
from rag.monitoring.totals import Times
from rag.service.measures import Counted

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BOUNDS = (0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0)  # seconds, of the histogram's buckets


class Gauge(NamedTuple):
    """A number as it is now."""

    name: str
    help: str
    value: float


class Metrics:
    """Of one program since it was started. May be used from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: dict[tuple[str, str, int], int] = {}
        self._buckets = dict.fromkeys([*BOUNDS, float("inf")], 0)
        self._seconds = 0.0
        self.started = time.time()

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered. ``route`` is the pattern of its address, not the address: there are few of them."""
        with self._lock:
            key = (method, route, status)
            self._requests[key] = self._requests.get(key, 0) + 1
            self._seconds += seconds
            for bound in self._buckets:
                self._buckets[bound] += seconds <= bound

    def text(self, gauges: Iterable[Gauge]) -> str:
        """All of them."""
        with self._lock:
            requests, buckets, seconds = dict(self._requests), dict(self._buckets), self._seconds
        lines = ["# HELP pagesight_requests_total Requests answered.", "# TYPE pagesight_requests_total counter"]
        for (method, route, status), number in sorted(requests.items()):
            labels = _labels({"method": method, "route": route, "status": str(status)})
            lines.append(f"pagesight_requests_total{labels} {number}")
        name = "pagesight_request_seconds"
        lines += [f"# HELP {name} Time until a request was answered.", f"# TYPE {name} histogram"]
        lines += [f"{name}_bucket{_labels({'le': _bound(bound)})} {n}" for bound, n in buckets.items()]
        lines += [f"{name}_sum {seconds:.6f}", f"{name}_count {buckets[float('inf')]}"]
        for gauge in (*gauges, Gauge("pagesight_start_time_seconds", "Start of the program, Unix time.", self.started)):
            lines += [
                f"# HELP {gauge.name} {gauge.help}",
                f"# TYPE {gauge.name} gauge",
                f"{gauge.name} {gauge.value!r}",
            ]
        return "\n".join(lines) + "\n"


def text_of(counted: Counted) -> str:
    """How questions went: of the page, the API and agents together."""
    name = "pagesight_question_seconds"
    lines = [f"# HELP {name} Search, time to the first word, time of the whole answer.", f"# TYPE {name} histogram"]
    for stage, times in counted.times.items():
        lines += _histogram(name, stage, times, STAGE_BOUNDS)
    ends = {_labels({"end": end, "by": by}): n for (end, by), n in sorted(counted.ends.items())}
    votes = {_labels({"vote": vote}): n for vote, n in sorted(counted.votes.items())}
    for name, told, rows in (
        ("pagesight_answers_total", "Answers by how they ended and who answered.", ends),
        ("pagesight_searches_total", "Searches.", {"": counted.searches}),
        ("pagesight_searches_empty_total", "Searches that found nothing.", {"": counted.empty}),
        ("pagesight_votes_total", "Thumbs under answers.", votes),
    ):
        lines += _counter(name, told, rows)
    return "\n".join(lines) + "\n"


EVENTS: dict[Event, tuple[str, str]] = {
    "uploads": ("pagesight_uploads_total", "Files that people and programs sent, by what became of them."),
    "pages_read": ("pagesight_pages_read_total", "Pages of documents read."),
    "citation_clicks": ("pagesight_citation_clicks_total", "Citations that people opened."),
    "compared": ("pagesight_compared_total", "Questions also asked of another generation, by what came of it."),
}


def text_of_program(counted: totals.Counted) -> str:
    """What else the program did: reading, embedding, asking models; uploads, clicks."""
    name = "pagesight_stage_seconds"
    lines = [f"# HELP {name} A model's first piece and whole reply; reading and embedding a document."]
    lines.append(f"# TYPE {name} histogram")
    for stage, times in counted.times.items():
        lines += _histogram(name, stage, times, totals.LONG_BOUNDS)
    failed = {_labels({"stage": stage}): n for stage, n in counted.failed.items()}
    lines += _counter("pagesight_stage_failures_total", "Stages that an error ended.", failed)
    for event, (name, told) in EVENTS.items():
        rows = {_labels(dict(labels)) if labels else "": n for (e, labels), n in counted.events.items() if e == event}
        lines += _counter(name, told, rows)
    return "\n".join(lines) + "\n"


def _histogram(name: str, stage: str, times: Times, bounds: tuple[float, ...]) -> list[str]:
    buckets = [*((bound, times.buckets[bound]) for bound in bounds), (float("inf"), times.count)]
    label = _labels({"stage": stage})
    return [
        *(f"{name}_bucket{_labels({'stage': stage, 'le': _bound(bound)})} {n}" for bound, n in buckets),
        f"{name}_sum{label} {times.seconds:.6f}",
        f"{name}_count{label} {times.count}",
    ]


def _counter(name: str, told: str, rows: Mapping[str, int]) -> list[str]:
    return [f"# HELP {name} {told}", f"# TYPE {name} counter", *(f"{name}{at} {n}" for at, n in sorted(rows.items()))]


def _bound(bound: float) -> str:
    return "+Inf" if bound == float("inf") else f"{bound:g}"


def _labels(values: Mapping[str, str]) -> str:
    escaped = {k: v.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n") for k, v in values.items()}
    return "{" + ",".join(f'{k}="{v}"' for k, v in escaped.items()) + "}"
