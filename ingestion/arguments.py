"""What the command lines have in common: numbers and ranges as arguments, and how a command ends.

    parser.add_argument("--pages", type=page_range)     # "3" is (3, 3), "10-20" is (10, 20)
    sys.exit(exit_code(run))                            # what run returns, or 130 interrupted

What is no number or range of pages is refused by :mod:`argparse` with exit code 2.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable

MOST_DIGITS = 15  # of a number: Python itself refuses thousands, and whoever types more has mistaken something
INTERRUPTED = 130  # what a shell says of a program that Ctrl-C has ended: 128 + SIGINT


def natural(text: str) -> int:
    """A whole number above 0. Raises :class:`argparse.ArgumentTypeError`."""
    if not text.isdecimal() or int(text[:MOST_DIGITS]) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    if len(text) > MOST_DIGITS:
        raise argparse.ArgumentTypeError(f"{text[:MOST_DIGITS]}… has {len(text)} digits; {MOST_DIGITS} at most")
    return int(text)


def page_range(text: str) -> tuple[int, int]:
    """First and last page, from 1. Raises :class:`argparse.ArgumentTypeError`."""
    first, dash, last = text.partition("-")
    start, stop = natural(first), natural(last if dash else first)
    if start > stop:
        raise argparse.ArgumentTypeError(f"{text!r} ends before it begins; write it like 10-20")
    return start, stop


def exit_code(run: Callable[[], int], interrupted: str = "interrupted") -> int:
    """The exit code of ``run``, which flushes what it prints.

    130 where the user stopped it, who is told what ``interrupted`` says; 1 where the reader of our output has gone
    (``| head``).
    """
    try:
        return run()
    except KeyboardInterrupt:
        print(interrupted, file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # keep the interpreter from complaining when it flushes what nobody reads
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
