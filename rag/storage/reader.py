"""What searching sees of an index: :class:`IndexReader`, one consistent moment of documents, files, vectors, encoder.

A reader follows a swap of generations made by another process, except inside :meth:`IndexReader.snapshot`.
"""

from __future__ import annotations

import shlex
import threading
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from ingestion.ocr.lines import Glance
from rag.config import Settings
from rag.encoders.base import Encoder, Recorded
from rag.encoders.open import open_encoder
from rag.errors import EncoderMismatch, NoIndex, StoreError
from rag.lru import Recent
from rag.storage.files import elsewhere
from rag.storage.files.document_files import DocumentFiles
from rag.storage.files.elsewhere import Elsewhere
from rag.storage.files.stored_files import StoredArrays, StoredDocuments
from rag.storage.records.catalogue import Catalogue
from rag.storage.tables.database import Generation
from rag.storage.vectors import calibration
from rag.storage.vectors.calibration import Calibration
from rag.storage.vectors.chroma import Graph
from rag.storage.vectors.code_making import Spans
from rag.storage.vectors.codes import CodeIndex
from rag.storage.vectors.copies import VectorCopy
from rag.storage.vectors.engines import address
from rag.storage.vectors.files import VectorFiles
from rag.storage.vectors.index import VectorIndex
from rag.storage.vectors.loaded_documents import LoadedDocuments
from rag.types import Float32Array, Modality, SearchResult

PAGES_RECORD = "pages"  # of a generation's record: whether it has vectors of whole pages' words
TOKENS_RECORD = "tokens"  # the same: whether it has the tokens of passages
GIGABYTE = 1e9  # bytes
RECENT = 128  # questions whose hits are held while the index does not change; some 50 kB each
READINGS = 32  # pictures whose words are held: who asks with a picture often asks of it again


@dataclass
class _Opened:
    """A generation with what has been opened of it."""

    generation: Generation
    vectors: VectorIndex | None = None
    encoder: Encoder | None = None
    means: tuple[int, dict[tuple[Modality, str], Float32Array]] | None = None
    calibration: tuple[int, Calibration | None] | None = None
    extras: frozenset[str] | None = None

    def close(self) -> None:
        """Let go of the vector database: an open client would show another one of this process what is past."""
        if self.vectors is not None:
            self.vectors.close()


class IndexReader:
    """An open index to search; ``fixed`` pins one generation, else the live one is followed. Threads may share it.

    Raises :class:`~rag.errors.BadSettings` where ``settings.vectors`` names no vector database that can be asked.
    """

    def __init__(self, settings: Settings, catalogue: Catalogue, fixed: Generation | None = None) -> None:
        if settings.vectors:
            address.check(settings.vectors)
        self.settings, self.root, self.catalogue = settings, settings.index, catalogue
        self.named = False  # the settings named an encoder, until the index decided
        self.elsewhere = self._open_elsewhere()
        self.files = DocumentFiles(self.root) if self.elsewhere is None else StoredDocuments(self.root, self.elsewhere)
        self.recent: Recent[Hashable, SearchResult] = Recent(RECENT)
        self.readings: Recent[Hashable, Glance] = Recent(READINGS)
        self._fixed = fixed
        self._mutex = threading.RLock()
        self._pin = threading.local()
        self._current: _Opened | None = None
        self._offered: Encoder | None = None

    def close(self) -> None:
        """Let go of the catalogue and of the vector database."""
        if self._current is not None:
            self._current.close()
        self.catalogue.close()

    @property
    def generation(self) -> Generation:
        """The generation in use; follows a swap made by another process, but not inside :meth:`pinned`."""
        return self._opened().generation

    @contextmanager
    def pinned(self) -> Iterator[Generation]:
        """For this thread, one generation for all that is done inside, whatever is swapped in meanwhile."""
        before: _Opened | None = getattr(self._pin, "opened", None)
        opened = self._pin.opened = before or self._opened()
        try:
            yield opened.generation
        finally:
            self._pin.opened = before
            if before is None and opened is not self._current:
                opened.close()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """For this thread, one generation and one moment of the catalogue for all that is read inside.

        Vectors may be newer: of a document that has come or gone meanwhile the catalogue knows nothing, or no vectors.
        """
        with self.pinned(), self.catalogue.snapshot():
            yield

    @property
    def vectors(self) -> VectorIndex:
        """The vectors of the generation in use."""
        opened = self._opened()
        with self._mutex:
            if opened.vectors is None:
                opened.vectors = self._open_vectors(opened.generation)
            return opened.vectors

    @property
    def encoder(self) -> Encoder:
        """The encoder the index was built with. Raises :class:`EncoderMismatch` if settings ask for another."""
        opened = self._opened()
        with self._mutex:
            if opened.encoder is None:
                opened.encoder = self._open_encoder(opened.generation)
            return opened.encoder

    def check_encoder(self) -> None:
        """Open the encoder now, not after hours of work that it could not embed. Raises what :attr:`encoder` raises."""
        _ = self.encoder

    @property
    def means(self) -> dict[tuple[Modality, str], Float32Array]:
        """Mean of every part (its columns only) over the nodes of a modality: ``means["image", "picture"]``."""
        opened, revision = self._opened(), self.catalogue.state().revision
        with self._mutex:
            if opened.means is None or opened.means[0] != revision:
                stored = self.catalogue.means(opened.generation.id)
                opened.means = revision, {_key(name): np.array(v, dtype=np.float32) for name, v in stored.items()}
            return opened.means[1]

    @property
    def calibration(self) -> Calibration | None:
        """How well pictures are found by words in the generation in use; None where that was not measured."""
        opened, revision = self._opened(), self.catalogue.state().revision
        with self._mutex:
            if opened.calibration is None or opened.calibration[0] != revision:
                noted = self.catalogue.record(opened.generation.id).get(calibration.RECORD)
                opened.calibration = revision, calibration.from_json(noted)
            return opened.calibration[1]

    @property
    def has_pages(self) -> bool:
        """Whether the generation in use has vectors of whole pages' words: all of its documents have them, or none."""
        return PAGES_RECORD in self._extras()

    @property
    def has_tokens(self) -> bool:
        """Whether the generation in use has the tokens of passages: all of its documents have them, or none."""
        return TOKENS_RECORD in self._extras()

    def _extras(self) -> frozenset[str]:
        opened = self._opened()
        with self._mutex:
            if opened.extras is None:
                record = self.catalogue.record(opened.generation.id)
                opened.extras = frozenset(name for name in (PAGES_RECORD, TOKENS_RECORD) if record.get(name))
            return opened.extras

    def use(self, encoder: Encoder) -> None:
        """Take an encoder that is already open for the generation with its fingerprint, now or after a swap."""
        self._offered = encoder
        self._decides()

    def _spans(self) -> dict[str, tuple[int, int]]:
        """Columns of the parts of the vectors that are there, whatever encoder the settings ask for.

        An index of version 0.3.0 has no record of them: its means tell, or its own encoder.
        """
        opened = self._opened()
        recorded = self.catalogue.record(opened.generation.id).get("parts")
        if recorded is not None:
            return {name: (start, stop) for name, start, stop in recorded}
        dim, lengths = opened.generation.dim, {part: len(mean) for (_, part), mean in self.means.items()}
        if opened.generation.words == "off":
            return {"picture": (0, dim)}
        if opened.encoder is None and lengths:
            split = lengths["words"] if "words" in lengths else dim - lengths["picture"]
            return {"words": (0, split), "picture": (split, dim)}
        encoder = opened.encoder or open_encoder(self._as_built(), recorded=_recorded(opened.generation))
        return {part.name: (part.start, part.stop) for part in encoder.parts}

    def _channels(self) -> Spans:
        """The columns that search channels ask for (:data:`rag.retrieval.channels.VECTOR_CHANNELS`), by modality."""
        parts, spans = self.encoder.parts, self.encoder.word_spans
        picture = [(part.start, part.stop) for part in parts if part.name == "picture"]
        words = [(span.start, span.stop) for span in spans]
        words = words or [(part.start, part.stop) for part in parts if part.name == "words"]
        return {"text": [*words, *(picture if self.encoder.text_window is not None else [])], "image": picture}

    def at(self, generation: Generation, settings: Settings) -> Self:
        """The index as one generation shows it. Not to be closed: it shares what is open."""
        return type(self)(settings, self.catalogue, generation)

    def as_built(self) -> Self:
        """The live generation with the encoder it was built with, whichever the settings ask for. Not to be closed."""
        view = self.at(self.generation, self._as_built())
        if self._current is not None and self._current.encoder is not None:
            view.use(self._current.encoder)
        return view

    def _as_built(self) -> Settings:
        """The settings, but with the encoder of the index."""
        return replace(self.settings, encoder="auto", words="auto")

    def _opened(self) -> _Opened:
        pinned: _Opened | None = getattr(self._pin, "opened", None)
        if pinned is not None:
            return pinned
        live = self._fixed or self.catalogue.generation()
        if live is None:
            raise NoIndex(f"There is no index in {self.root}; make one with `python -m rag add FILE.pdf`")
        with self._mutex:
            if self._current is None or live.id != self._current.generation.id:
                if self._current is not None:
                    self._leave(self._current, live)
                self._current = _Opened(live)
            return self._current

    def _leave(self, opened: _Opened, live: Generation) -> None:
        """Somebody has swapped. The encoder that settings name was in use until now; from here the index decides."""
        opened.close()
        if opened.encoder is not None:
            self._decides()
            if opened.encoder.fingerprint == live.fingerprint:
                self._offered = opened.encoder

    def _decides(self) -> None:
        self.named |= self.settings != self._as_built()
        self.settings = self._as_built()

    def arrays(self, generation: Generation) -> VectorFiles:
        """The vectors of a generation, wherever they lie."""
        if self.elsewhere is None:
            return VectorFiles(self.root / "vectors" / generation.label, generation.dim, self.settings.store)
        return StoredArrays(self.root, self.elsewhere, generation.label, generation.dim, self.settings.store)

    def _open_elsewhere(self) -> Elsewhere | None:
        """Where the settings name a place for files: its cache is in the index folder."""
        if not self.settings.files:
            if self.catalogue.manifest.get(elsewhere.LIBRARY):
                raise StoreError(
                    f"The files of the library of {self.root} lie elsewhere; set PAGESIGHT_FILES to that address"
                )
            return None
        if not self.catalogue.has_table("stored_parts"):
            raise StoreError(f"The catalogue of {self.root} is of an earlier version and cannot be changed just now")
        return Elsewhere(self.settings.files, self.root, self.catalogue, self.settings.files_cache * GIGABYTE)

    def _open_vectors(self, generation: Generation) -> VectorIndex:
        def revision() -> int:
            return self.catalogue.state(latest=True).revision

        def documents() -> list[str]:
            return sorted(self.catalogue.ids(latest=True))  # so that ties and sums do not depend on the order of adding

        return VectorIndex(
            LoadedDocuments(self.arrays(generation), revision, documents),
            Graph(self.root, generation.label, generation.dim),
            codes=CodeIndex(self.catalogue, generation.id) if self.catalogue.has_table("vector_codes") else None,
            kept=self.settings.graph,
            copy=self._copy(generation),
        )

    def _copy(self, generation: Generation) -> VectorCopy | None:
        """Of its vectors, where the settings name a vector database elsewhere."""
        if not self.settings.vectors or not self.catalogue.has_table("vector_copies"):
            return None
        return VectorCopy(self.root, self.catalogue, generation.id, self.settings.vectors)

    def _open_encoder(self, generation: Generation) -> Encoder:
        if self._offered is not None and self._offered.fingerprint == generation.fingerprint:
            return self._offered
        encoder = open_encoder(self.settings, recorded=_recorded(generation))
        if encoder.fingerprint != generation.fingerprint:
            keep = "bring back the files it was built with"
            if self.settings != self._as_built():
                keep = "unset PAGESIGHT_ENCODER and PAGESIGHT_WORDS (`encoder` and `words` of the settings)"
            raise EncoderMismatch(
                f"The index {self.root} was built with the encoder {generation.name}, not "
                f"{self._change(generation, encoder)}; run `{self._reindex(encoder)}` to change to it, "
                f"or {keep} to keep the index as it is"
            )
        return encoder

    def _reindex(self, encoder: Encoder) -> str:
        """The command that changes to an encoder, whatever the environment of the shell where it is run."""
        specs = f"--encoder {shlex.quote(encoder.picture_spec)} --words {shlex.quote(encoder.words_spec)}"
        return f"python -m rag reindex --index {shlex.quote(str(self.root))} {specs}"

    def _change(self, generation: Generation, encoder: Encoder) -> str:
        """The other encoder's name, or what has changed in one of the same name."""
        if encoder.name != generation.name:
            return encoder.name
        before: dict[str, str] = self.catalogue.record(generation.id).get("facts", {})
        changed = [name for name, value in encoder.facts.items() if before.get(name, value) != value]
        return f"with the {' and the '.join(changed) or 'weights or preprocessing'} it has now"


def _recorded(generation: Generation) -> Recorded:
    return Recorded(generation.encoder, generation.words)


def _key(name: str) -> tuple[Modality, str]:
    modality, part = name.split("/", 1)
    return ("text" if modality == "text" else "image"), part
