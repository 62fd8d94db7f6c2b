"""The processes that read PDFs, kept from one test to the next: loading the PDF library and its models takes 1.5 s.

They are the real ones and are given back in the real way; only where a pool ends, one that could read on waits here for
the next pool that starts a process in the same environment. Tests of the processes themselves bring readers of their
own, and start and end each.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from ingestion.workers import pool
from ingestion.workers.child import PAGE_READER
from ingestion.workers.pool import Child

MOST_IDLE = 2  # as many as any everyday test uses at once; each takes up to 1 GB


class _WarmChild(Child):
    """Waits in ``idle`` where the pool that it belongs to would end it."""

    idle: list[_WarmChild] = []  # noqa: RUF012  of this process, on purpose

    def __init__(self, reader: str, threads: int, folders: tuple[str, ...] | None) -> None:
        super().__init__(reader, threads, folders)
        self.environment = _environment(threads)

    def close(self) -> None:
        if self.usable and not self.is_open and not self.asking and len(self.idle) < MOST_IDLE:
            self.idle.append(self)
        else:
            super().close()

    def end(self) -> None:
        super().close()


@contextmanager
def kept_warm() -> Iterator[None]:
    """While this lasts, pools are given the processes that pools before them have left."""

    def start(reader: str, threads: int, folders: tuple[str, ...] | None) -> Child:
        if reader != PAGE_READER:
            return Child(reader, threads, folders)
        folders = ()  # all tests write below the temporary folder, which each may write to
        environment = _environment(threads)
        for child in [child for child in _WarmChild.idle if child.environment == environment]:
            _WarmChild.idle.remove(child)
            if child.usable:
                return child
            child.end()
        # Linux ends a process with the thread that started it: one that outlives the pool
        return starter.submit(_WarmChild, reader, threads, folders).result()

    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(1) as starter:
        patch.setattr(pool, "Child", start)
        yield
        while _WarmChild.idle:
            _WarmChild.idle.pop().end()


def _environment(threads: int) -> dict[str, str]:
    """What a process would be given, without what pytest changes before each test."""
    seen = pool._environment(threads)
    return {name: value for name, value in seen.items() if name != "PYTEST_CURRENT_TEST"}
