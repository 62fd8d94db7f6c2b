"""Whoever asks goes first: work in the background takes the processor when no question wants it."""

from __future__ import annotations

import os
import sys
import threading

BEHIND = 10  # niceness: against a question's thread it gets about a tenth of a busy core (Linux's scheduler)


def give_way() -> None:
    """Put this thread behind, for good, and the threads and processes that it starts from now on.

    Elsewhere than on Linux, where only whole processes have a priority, nothing is changed.
    """
    if sys.platform == "linux":
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, max(BEHIND, os.getpriority(os.PRIO_PROCESS, thread)))
