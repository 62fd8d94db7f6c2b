"""What a vector database elsewhere must be able to do: :class:`VectorEngine`, and what goes in and comes out.

Vectors of a generation are kept under one name, per modality in a collection of their own. A vector has several fields:
the columns that a search channel asks for (of the words part one per sentence encoder, the picture part), so that each
is compared by itself. Scores are inner products; a row whose field is zero is a row like any other.

Rows come in batches: one number per document and time of writing, never used twice. Who searches knows which batches
are in force, so a batch that is half written, or left behind, is never seen.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple, Protocol

from ingestion.elements import ChunkKind
from rag.errors import StoreError
from rag.types import Float32Array, Modality

ROWS_OF_A_BATCH = 1 << 24  # that have an id of their own: a document of 1,000 pages has some 10,000
SECONDS = 10.0  # after which an engine that does not answer is taken to be down
GRAPH_LINKS, GRAPH_BUILD = 16, 100  # of the graphs (HNSW: M, ef_construction): those of rag/storage/vectors/chroma.py


class EngineFailed(StoreError):
    """A vector database elsewhere is not reached, refuses, or is not fit for use."""


class Field(NamedTuple):
    """Columns [start, stop) of the vectors of a modality."""

    modality: Modality
    start: int
    stop: int

    @property
    def name(self) -> str:
        """As engines know it: a name that SQL takes unquoted."""
        return f"v_{self.start}_{self.stop}"

    @property
    def size(self) -> int:
        """How many numbers it has."""
        return self.stop - self.start


class Part(NamedTuple):
    """Rows of one document in one modality. ``vectors`` has (rows, size) for each field of the modality."""

    modality: Modality
    batch: int
    doc: str
    first: int  # number of the first row among those of the batch
    chunks: Sequence[str]
    kinds: Sequence[ChunkKind]
    pages: Sequence[int]
    vectors: Sequence[tuple[Field, Float32Array]]

    def ids(self) -> list[int]:
        """Of every row, in one library's name used once."""
        start = self.batch * ROWS_OF_A_BATCH + self.first
        return list(range(start, start + len(self.chunks)))


class Match(NamedTuple):
    """A row that was found; ``score`` is the inner product of its field with what was asked."""

    batch: int
    chunk: str
    score: float


class VectorEngine(Protocol):
    """A vector database. Threads may share it; every method raises :class:`EngineFailed`."""

    def about(self) -> str:
        """Product and version, for people; connects."""
        ...

    def stamp(self, name: str) -> int | None:
        """The batch that was begun last; None where there is nothing of this name, or not all of it."""
        ...

    def make(self, name: str, fields: Sequence[Field]) -> None:
        """Empty collections of this name, its stamp 0; what there was is dropped."""
        ...

    def begin(self, name: str, batch: int) -> None:
        """Raise the stamp, before rows of the batch are added."""
        ...

    def add(self, name: str, parts: Sequence[Part]) -> None:
        """Write rows; those with the same ids are replaced."""
        ...

    def remove(self, name: str, batches: Collection[int]) -> None:
        """Delete all rows of these batches."""
        ...

    def finish(self, name: str, fields: Sequence[Field]) -> None:
        """After a run of changes: what makes searching fast, where the engine does not see to it itself."""
        ...

    def query(
        self,
        name: str,
        field: Field,
        vector: Float32Array,
        count: int,
        batches: Collection[int] | None = None,
        kinds: Collection[ChunkKind] | None = None,
    ) -> list[Match]:
        """The ``count`` rows with the highest inner product with ``vector`` (size,), best first; None: all."""
        ...

    def count(self, name: str, modality: Modality) -> int:
        """Rows."""
        ...

    def names(self) -> set[str]:
        """Names of which there is anything, of all libraries that share the engine."""
        ...

    def drop(self, name: str) -> None:
        """Delete everything of this name, if there is any."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
