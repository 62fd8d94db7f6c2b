"""A job: one file on its way into the index, or a range of pages of a long one.

waiting → running → done
   ↑         │ └───→ failed      after some tries; with the reason, until somebody has it tried again
   └─────────┘       cancelled   by a person; it may be enqueued again
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple, get_args

JobState = Literal["waiting", "running", "done", "failed", "cancelled"]
STATES: tuple[JobState, ...] = get_args(JobState)
MOST_PRIORITY = 100  # either way

DELAYS = (10, 60, 300, 1800)  # seconds before each further try of what failed though nothing is wrong with the file
FILE_DELAYS = (10,)  # of a file that cannot be read: once more, since a busy machine may have been why
LOST_DELAYS = (0, 10, 60, 300)  # of a job whose worker ended: that may have been chance, or the file's doing


class Job(NamedTuple):
    """As the queue knows it. ``parts`` are the ranges that a long document is read in, 0: as a whole; of a range,
    ``parent`` is its document and ``first`` to ``last`` its pages. ``due``: when it is tried again, after ``reason``.
    """

    id: int
    doc: str
    name: str
    state: JobState
    stage: str
    done: int
    total: int
    priority: int
    tries: int
    reason: str
    due: datetime | None
    worker: str
    made: datetime
    changed: datetime
    collection: str = ""
    parent: int | None = None
    first: int = 0
    last: int = 0
    parts: int = 0

    @property
    def label(self) -> str:
        """The file's name, with the pages of a range."""
        return f"{self.name}, pages {self.first}–{self.last}" if self.parent else self.name

    @property
    def finished(self) -> bool:
        """Whether nothing more will be done unless somebody asks for it."""
        return self.state in ("done", "failed", "cancelled")
