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
    pass


class EmptyFile(IngestionError):
    pass


class CorruptPdf(IngestionError):
    pass


class NoPages(IngestionError):
    pass


class EncryptedPdf(IngestionError):
    pass


class UnreadableFile(IngestionError):
    pass


class UnreadableImage(IngestionError):
    pass


class LimitExceeded(IngestionError):
    pass


class WorkerDied(IngestionError):
    pass


class Cancelled(IngestionError):
    pass
