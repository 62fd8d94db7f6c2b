"""What those are told of an error who do not sit at the machine that PageSight runs on: what failed and what to do,
without places on its disks. The whole of it goes to the log, and the command line says it as it is."""

from __future__ import annotations

import errno
import logging
import re

from rag.errors import (
    CollectionExists,
    CollectionRestricted,
    DiskFull,
    EmptyCollection,
    IndexBusy,
    IndexDamaged,
    StoreError,
    UnknownCollection,
)

FULL = (
    "The disk of the machine that PageSight runs on is full; have some space freed there, then try again. "
    "What was in the library before is intact."
)
LOCKED = (
    "Nothing can be written where the library is kept; have that allowed on the machine that PageSight runs on. "
    "What is there can still be asked."
)
BUSY = "Another program is writing to the library just now; try again when it has finished."
DAMAGED = "A file of the library is damaged; have “python -m rag doctor” run on the machine that PageSight runs on."
FAILED = (
    "The library's files could not be used just now; try again. The reason is on the console of the machine that "
    "PageSight runs on."
)
ELSEWHERE = {
    "`python -m rag list` shows what is there": "the list of documents shows what is there",
    "`python -m rag collections` lists those that are there": "the list of collections shows those that are there",
}
"""Remedies of the command line, and what to do without one."""
_ABOUT_A_NAME = (UnknownCollection, CollectionExists, CollectionRestricted, EmptyCollection)
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NOT_ALLOWED = (errno.EACCES, errno.EPERM, errno.EROFS)
_PLACE = re.compile(r"(?<![\w.:/])(?:/|[A-Za-z]:\\)[^\s/\\]+[/\\]\S")  # two steps of an absolute path
log = logging.getLogger(__name__)


def said(exc: BaseException) -> str:
    """In one line."""
    whole = " ".join(str(exc).split())
    for typed, done in ELSEWHERE.items():
        whole = whole.replace(typed, done)
    if not (isinstance(exc, OSError) or (isinstance(exc, StoreError) and _of_this_machine(exc, whole))):
        return whole
    log.warning("%s", whole)
    return _sentence(exc)


def said_of(words: str, cause: BaseException | None) -> str:
    """Words that hold those of an error, as they are of ``rag.index.Added``."""
    if cause is None:
        return words
    end = ". "
    return words.replace(str(cause).rstrip(end), said(cause).rstrip(end))


def _of_this_machine(exc: StoreError, whole: str) -> bool:
    """Whether it tells what the system, a database or a file said, and not what somebody has asked for."""
    if isinstance(exc, _ABOUT_A_NAME):
        return False
    return isinstance(exc, DiskFull) or exc.__cause__ is not None or _PLACE.search(whole) is not None


def _sentence(exc: BaseException) -> str:
    number = next((one.errno for one in (exc, exc.__cause__) if isinstance(one, OSError)), None)
    for kind, numbers, sentence in (
        (DiskFull, _NO_SPACE, FULL),
        (IndexBusy, (), BUSY),
        (IndexDamaged, (), DAMAGED),
    ):
        if isinstance(exc, kind) or number in numbers:
            return sentence
    return LOCKED if number in _NOT_ALLOWED or _is_read_only(exc) else FAILED


def _is_read_only(exc: BaseException) -> bool:
    """As SQLite says it."""
    return "readonly" in str(exc.__cause__).replace("-", "").replace(" ", "").lower()
