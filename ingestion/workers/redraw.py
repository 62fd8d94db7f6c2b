"""Pages drawn again in a child process, under the limits of :mod:`ingestion.workers.child`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ingestion.page_content import ParseOptions
from ingestion.workers.child import Job, Limits, PageAsked
from ingestion.workers.pool import Died, Expired, Workers

PICTURES = "ingestion.page_pictures:PagePictures"  # by name: the parent process never loads the PDF library


def picture_file(number: int) -> str:
    """Where the picture of a page lies below the folder that is drawn into."""
    return f"{number:04d}.png"


def draw_pages(path: Path, numbers: Iterable[int], out: Path, options: ParseOptions, limits: Limits) -> dict[int, str]:
    """Draw pages of a file into ``out`` (:func:`picture_file`); why some could not be drawn.

    Raises an :class:`~ingestion.errors.IngestionError` where the file cannot be opened, :class:`OSError` where the disk
    is full.
    """
    problems: dict[int, str] = {}
    job = Job(path, out, options, limits)
    with Workers(1, PICTURES, (out,) if limits.sandbox else None) as pool, pool.place(lambda: False):
        for number in numbers:
            child = pool.take()
            try:
                child.open(job)
                problem = child.read(PageAsked(number, "whole"), limits).problem
                child.release()
            except (Expired, Died, MemoryError) as exc:
                problem = f"page {number} cannot be drawn ({str(exc) or type(exc).__name__})"
            finally:
                pool.give_back(child)
            if problem:
                problems[number] = problem
    return problems
