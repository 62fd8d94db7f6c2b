"""Memory that tests have freed, given back to the system: the C library keeps it, for threads in pools of their own.

A process of the suite holds models of many kinds one after the other. What one leaves free another of other sizes
cannot use, so the process grows although nothing is held.
"""

from __future__ import annotations

import ctypes
import gc
import sys

import psutil

WORTH = 700 * 2**20  # bytes that a process has grown by since it last gave some back

_least = 0  # bytes after that


def give_back() -> None:
    """Where the process has grown (Linux with glibc; elsewhere nothing)."""
    global _least
    if sys.platform != "linux" or not hasattr(library := ctypes.CDLL(None), "malloc_trim"):
        return
    if psutil.Process().memory_info().rss - _least > WORTH:
        gc.collect()  # models of torch and their like are circles, which are looked for seldom
        library.malloc_trim(0)
        _least = psutil.Process().memory_info().rss
