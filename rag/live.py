"""The generation in use: its vectors, its encoder and its means, following a swap made by another process.

Enters: settings, an open catalogue. Leaves: what searching needs. Must not know: how documents get in.
"""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np

from rag.catalogue import Catalogue
from rag.config import Settings
from rag.database import Generation
from rag.encoders import open_encoder
from rag.encoders.base import Encoder
from rag.errors import EncoderMismatch, NoIndex
from rag.types import Modality
from rag.types import Vectors as Array
from rag.vectors import Committed, Vectors

NOBODY = 0  # process number of the unclean mark when a reader found the vector database broken


class Live:
    """What is common to every open index; ``fixed`` pins one generation, else the live one is followed."""

    def __init__(self, settings: Settings, catalogue: Catalogue, fixed: Generation | None = None) -> None:
        self.settings, self.root, self.catalogue = settings, settings.index, catalogue
        self._fixed = fixed
        self._mutex = threading.RLock()
        self._vectors: Vectors | None = None
        self._encoder: Encoder | None = None
        self._generation: Generation | None = None
        self._means: tuple[int, dict[tuple[Modality, str], Array]] | None = None

    def close(self) -> None:
        if self._vectors is not None:
            self._vectors.close()
        self.catalogue.close()

    @property
    def generation(self) -> Generation:
        """The generation in use; follows a swap made by another process."""
        live = self._fixed or self.catalogue.generation()
        if live is None:
            raise NoIndex(f"There is no index in {self.root}; make one with `python -m rag add FILE.pdf`")
        with self._mutex:
            if self._generation is None or live.id != self._generation.id:
                self._generation, self._vectors, self._encoder, self._means = live, None, None, None
            return live

    @property
    def vectors(self) -> Vectors:
        live = self.generation
        with self._mutex:
            if self._vectors is None:
                self._vectors = self._open_vectors(live)
            return self._vectors

    @property
    def encoder(self) -> Encoder:
        """The encoder the index was built with. Raises :class:`EncoderMismatch` if settings ask for another."""
        live = self.generation
        with self._mutex:
            if self._encoder is None:
                self._encoder = self._open_encoder(live, self.settings)
            return self._encoder

    @property
    def means(self) -> dict[tuple[Modality, str], Array]:
        """Mean of every part (its columns only) over the nodes of a modality: ``means["image", "picture"]``."""
        live, revision = self.generation, self.catalogue.state().revision
        with self._mutex:
            if self._means is None or self._means[0] != revision:
                stored = self.catalogue.means(live.id)
                self._means = revision, {_key(name): np.array(v, dtype=np.float32) for name, v in stored.items()}
            return self._means[1]

    def _open_vectors(self, generation: Generation) -> Vectors:
        def state() -> Committed:
            revision, writing = self.catalogue.state()
            return Committed(revision, writing is None)

        def distrust() -> None:
            self.catalogue.mark_writing(NOBODY)

        return Vectors(self.root, generation.label, generation.dim, state, self.catalogue.ids, distrust)

    def _open_encoder(self, generation: Generation, settings: Settings) -> Encoder:
        picture = generation.encoder if settings.encoder == "auto" else settings.encoder
        words = generation.words if settings.words == "auto" else settings.words
        encoder = open_encoder(replace(settings, encoder=picture, words=words))
        if encoder.fingerprint != generation.fingerprint:
            change = "whose weights or preprocessing have changed" if encoder.name == generation.name else encoder.name
            raise EncoderMismatch(
                f"The index {self.root} was built with the encoder {generation.name}, not {change}; "
                "run `python -m rag reindex` to change to it, or unset PAGESIGHT_ENCODER and PAGESIGHT_WORDS to keep it"
            )
        return encoder

    def use(self, encoder: Encoder) -> None:
        """Take an encoder that is already open for this generation."""
        if encoder.fingerprint == self.generation.fingerprint:
            self._encoder = encoder

    def update_means(self) -> None:
        spans = {part.name: (part.start, part.stop) for part in self.encoder.parts}
        means = {f"{m}/{part}": vector.tolist() for (m, part), vector in self.vectors.means(spans).items()}
        self.catalogue.save_means(self.generation.id, means)


def _key(name: str) -> tuple[Modality, str]:
    modality, part = name.split("/", 1)
    return ("text" if modality == "text" else "image"), part
