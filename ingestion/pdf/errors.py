"""What the PDF library raises on broken files and pages, and what it says of them."""

from __future__ import annotations

import pymupdf

LIBRARY_ERRORS = (RuntimeError, ValueError, pymupdf.mupdf.FzErrorBase)  # the last is neither of the others


def first_line(exc: BaseException) -> str:
    """The first line of what a library says went wrong; without one, the name of the error."""
    return (str(exc).strip().splitlines() or [type(exc).__name__])[0]
