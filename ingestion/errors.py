"""Errors of ingestion.

    IngestionError
    ├── NotAPdf            neither a PDF nor anything else that is read
    ├── EmptyFile          nothing in the file
    ├── CorruptPdf         damaged beyond repair
    ├── NoPages            opens, but has no pages
    ├── EncryptedPdf       needs a password, or another one
    ├── UnreadableFile     missing, a folder, or no permission
    ├── UnreadableImage    a picture that cannot be decoded
    ├── LimitExceeded      pages, pixels, seconds or memory over the limit
    ├── WorkerDied         the parsing process ended without an answer
    └── Cancelled          stopped on request

Every message names the thing, what is wrong and what to do about it.
"""

from __future__ import annotations


class IngestionError(Exception):
    """Base of all: a file could not be turned into a document."""


class NotAPdf(IngestionError):
    """Neither a PDF nor anything else that is read."""


class EmptyFile(IngestionError):
    """There is nothing in the file."""


class CorruptPdf(IngestionError):
    """The file, or a page of it, is damaged beyond repair."""


class NoPages(IngestionError):
    """The file opens, but has no pages, or none of those asked for."""


class EncryptedPdf(IngestionError):
    """The file needs a password, or another one."""


class UnreadableFile(IngestionError):
    """The file is missing, a folder, or not permitted."""


class UnreadableImage(IngestionError):
    """A picture that cannot be decoded."""


class LimitExceeded(IngestionError):
    """More pages, pixels, seconds or memory than the limit."""


class WorkerDied(IngestionError):
    """The parsing process ended without an answer."""


class Cancelled(IngestionError):
    """Stopped on request."""
