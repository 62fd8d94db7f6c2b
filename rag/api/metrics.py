"""Counts of what the API did, in the text format that Prometheus reads (version 0.0.4)."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping
from typing import NamedTuple

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


def _bound(bound: float) -> str:
    return "+Inf" if bound == float("inf") else f"{bound:g}"


def _labels(values: Mapping[str, str]) -> str:
    escaped = {k: v.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n") for k, v in values.items()}
    return "{" + ",".join(f'{k}="{v}"' for k, v in escaped.items()) + "}"
