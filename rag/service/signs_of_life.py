"""Signs that an answer is still being written, for other programs over the same library.

Whoever writes one keeps it every :data:`SIGN` seconds, as far as it has come, with the time. An answer that is open and
was silent for :data:`SILENT` seconds has nobody who writes it: its program was killed, or its machine is gone.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context

from rag.storage.records.conversation_values import KeptTurn

SILENT = 30.0  # seconds without a sign, after which an answer counts as ended
SIGN = SILENT / 3


@contextmanager
def signs_of_life(keep: Callable[[], object]) -> Iterator[None]:
    """Within it ``keep`` is called every :data:`SIGN` seconds, in a thread of its own; not any more once it is left."""
    over = threading.Event()

    def sign() -> None:
        while not over.wait(SIGN):
            keep()

    thread = threading.Thread(target=copy_context().run, args=(sign,), name="signs of life", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def is_given_up(turn: KeptTurn) -> bool:
    """Whether the answer was never finished and nobody writes it (the machines' clocks agree to some seconds)."""
    return turn.status == "open" and abs(time.time() - turn.alive) >= SILENT
