"""How a program lets itself be watched, as its settings say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rag.monitoring import otlp
from rag.monitoring.log_lines import write_lines


@contextmanager
def watched(log: str, content: bool) -> Iterator[None]:
    """Inside, the log is written as ``log`` says ("plain" or "json"), and spans and metrics go where the environment
    names a collector. Raises :class:`rag.errors.BadSettings` where that cannot be."""
    if log == "json":
        write_lines(content=content)
    stop = otlp.start()
    try:
        yield
    finally:
        stop()
