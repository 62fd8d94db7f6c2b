"""Errors of retrieval, storage and answering.

    RagError
    ├── BadSettings          an environment variable or option with an impossible value
    ├── EmptyQuestion        neither words nor a picture
    ├── QuestionTooLong
    ├── UnknownDocument      no document of that name in the index
    ├── AmbiguousDocument    more than one
    ├── StoreError
    │   ├── NoIndex          nothing there yet
    │   ├── IndexBusy        another process is writing
    │   ├── IndexDamaged     cannot be opened, rebuilt or read
    │   ├── EncoderMismatch  built with another encoder than the one asked for
    │   └── DiskFull
    ├── EncoderError
    │   ├── EncoderUnavailable   weights neither on disk nor to be had
    │   └── EncoderFailed        a hosted one refused, failed or was not reached
    └── ModelError
        ├── ModelUnreachable     no connection
        ├── ModelRefused         wrong key, unknown model, bad request
        ├── ModelTimeout
        └── ModelCutShort        the stream ended early

Every message names the thing, its value and the remedy.
"""

from __future__ import annotations


class RagError(Exception):
    """Base of all."""


class BadSettings(RagError):
    pass


class EmptyQuestion(RagError):
    pass


class QuestionTooLong(RagError):
    pass


class UnknownDocument(RagError):
    pass


class AmbiguousDocument(RagError):
    pass


class StoreError(RagError):
    """Base of all errors of the index on disk."""


class NoIndex(StoreError):
    pass


class IndexBusy(StoreError):
    pass


class IndexDamaged(StoreError):
    pass


class EncoderMismatch(StoreError):
    pass


class DiskFull(StoreError):
    pass


class EncoderError(RagError):
    pass


class EncoderUnavailable(EncoderError):
    pass


class EncoderFailed(EncoderError):
    pass


class ModelError(RagError):
    """Base of all errors of the model that answers."""


class ModelUnreachable(ModelError):
    pass


class ModelRefused(ModelError):
    pass


class ModelTimeout(ModelError):
    pass


class ModelCutShort(ModelError):
    pass
