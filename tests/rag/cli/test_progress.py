"""Progress on the command line."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import struct
import termios
from contextlib import suppress

import pytest

from rag.cli.progress import Bars
from rag.types import Progress


def test_progress_is_plain_lines_where_nobody_watches() -> None:
    stream = io.StringIO()
    with Bars(stream) as bars:
        for done in range(4):
            bars(Progress("a.pdf", "reading", done, 3))
        bars(Progress("a.pdf", "saving", 1, 2))
    assert stream.getvalue() == "a.pdf: reading: 3/3\n"


def _all_of(leader: int) -> str:
    """What was written to the terminal whose other side is closed: it arrives in parts, and ends with an error."""
    shown = b""
    with suppress(OSError):
        while part := os.read(leader, 10_000):
            shown += part
    return shown.decode()


@pytest.mark.parametrize(("columns", "shape"), [(80, "67%|"), (0, "a.pdf: reading: 3/3\r\n")])
def test_progress_on_a_terminal_is_a_bar_a_document_unless_it_has_no_width(columns: int, shape: str) -> None:
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with os.fdopen(follower, "w") as terminal, Bars(terminal) as bars:
        for done in range(4):
            bars(Progress("a.pdf", "reading", done, 3))
            bars(Progress("b.pdf", "reading", done, 3))
    shown = _all_of(leader)
    os.close(leader)
    assert shape in shown
    assert "a.pdf: reading" in shown
    assert "b.pdf: reading" in shown
    assert "3/3" in shown
