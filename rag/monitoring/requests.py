"""The number of the request that is being served: it goes from the page, the API or a tool to the search and to the
model server, and stands in every line of the log, so that what belongs together can be found.

It belongs to the context of a thread or task (:mod:`contextvars`). Who hands work of a request to a thread runs it in
:func:`contextvars.copy_context`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import uuid4

HEADER = "X-Request-ID"
SHOWN = 12
"""Letters of a number that are shown to people: enough to find its lines among billions."""

_ACCEPTED = re.compile(r"[A-Za-z0-9._-]{1,64}")


class Request:
    """One request; ``root`` is the stage under way that the others belong to (:mod:`rag.monitoring.stages`)."""

    def __init__(self, number: str) -> None:
        self.number = number
        self.root: object = None


_CURRENT: ContextVar[Request | None] = ContextVar("pagesight_request", default=None)


def current() -> Request | None:
    """The request that is served here; None where nothing is asked, as while documents are read."""
    return _CURRENT.get()


def number() -> str:
    """Its number; empty where there is none."""
    request = _CURRENT.get()
    return request.number if request else ""


def accepted(given: str) -> str:
    """The number that a caller gave if it is one (up to 64 letters, digits, ``.``, ``_``, ``-``), else a new one."""
    return given if _ACCEPTED.fullmatch(given) else uuid4().hex


@contextmanager
def serving(given: str = "") -> Iterator[Request]:
    """Serve a request inside: with this number, else as part of the one that is served already, else with a new one."""
    before = _CURRENT.get()
    request = before if before is not None and not given else Request(given or uuid4().hex)
    token = _CURRENT.set(request)
    try:
        yield request
    finally:
        _CURRENT.reset(token)
