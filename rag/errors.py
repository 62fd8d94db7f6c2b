"""Errors of retrieval, storage and answering.

    RagError
    ├── BadSettings          an environment variable or option with an impossible value
    ├── EmptyQuestion        neither words nor a picture
    ├── QuestionTooLong
    ├── UnknownDocument      no document of that name in the index
    ├── AmbiguousDocument    more than one
    ├── UnknownConversation  no such conversation, or somebody else's
    ├── AmbiguousConversation
    ├── StoreError
    │   ├── NoIndex          nothing there yet
    │   ├── LostCatalogue    documents' files without a catalogue
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
            └── ModelTooLong     stopped at a limit

Every message names the thing, its value and the remedy.
"""

from __future__ import annotations

from typing import Literal, NamedTuple


class TooMuch(NamedTuple):
    """What a model's server did not take, and ``most`` that it takes where it says so: tokens of a prompt, or pictures.

    ``certain``: its words or its status say that it is about the pictures, it is not just that a request with pictures
    failed; ``blind``: it takes no picture at all.
    """

    of: Literal["tokens", "pictures"]
    most: int | None = None
    certain: bool = True
    blind: bool = False


class RagError(Exception):
    """Base of all errors of this package."""


class BadSettings(RagError):
    """An environment variable or option has an impossible value."""


class EmptyQuestion(RagError):
    """There are neither words nor a picture."""


class QuestionTooLong(RagError):
    """The question is longer than is searched."""


class UnknownDocument(RagError):
    """No document of that name is in the index."""


class AmbiguousDocument(RagError):
    """More than one document has that name."""


class UnknownConversation(RagError):
    """No such conversation is kept, or it is somebody else's."""


class AmbiguousConversation(RagError):
    """More than one conversation has that name."""


class StoreError(RagError):
    """Base of all errors of the index on disk."""


class NoIndex(StoreError):
    """Nothing is there yet."""


class LostCatalogue(StoreError):
    """Documents' files are there, and no catalogue that knows them."""


class IndexBusy(StoreError):
    """Another process is writing."""


class UnknownCollection(StoreError):
    """No collection has that name or id."""


class CollectionExists(StoreError):
    """Another collection has that name."""


class CollectionRestricted(StoreError):
    """Who is asking may not do that with a restricted collection, or it would show its documents to everybody."""


class EmptyCollection(StoreError):
    """The collection that is to be searched has no documents."""


class IndexDamaged(StoreError):
    """The index cannot be opened, rebuilt or read."""


class EncoderMismatch(StoreError):
    """The index was built with another encoder than the one asked for."""


class DiskFull(StoreError):
    """There is no space left to write."""


class QueueError(RagError):
    """The queue cannot be reached, or refuses what is asked of it."""


class EncoderError(RagError):
    """Base of all errors of an encoder."""


class EncoderUnavailable(EncoderError):
    """The weights are neither on disk nor to be had."""


class EncoderFailed(EncoderError):
    """A hosted encoder refused, failed or was not reached."""


class ModelError(RagError):
    """Base of all errors of the model that answers."""


class ModelUnreachable(ModelError):
    """No connection to the model's server."""


class ModelRefused(ModelError):
    """The server refused: wrong key, unknown model, bad request.

    ``too_much`` says what there was too much of, where less of it may be taken.
    """

    def __init__(self, message: str, too_much: TooMuch | None = None) -> None:
        super().__init__(message)
        self.too_much = too_much


class ModelTimeout(ModelError):
    """The model sent nothing for too long."""


class ModelCutShort(ModelError):
    """The reply ended before it was complete."""


class ModelTooLong(ModelCutShort):
    """The reply was stopped at a limit of length or time; what came until then is as good as any."""
