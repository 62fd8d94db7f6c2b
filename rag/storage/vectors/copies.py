"""The copy of a generation's vectors in a vector database elsewhere: what is in it, bringing it up to date, asking it.

The arrays (:mod:`rag.storage.vectors.files`) stay the truth; the copy can be made anew from them at any time. The table
``vector_copies`` of the catalogue says which documents are in it: each time a document is written it gets a batch, a
number that is never used twice, and rows of any other batch are never seen. So a process may be killed at any moment:

1. the batch is noted as begun, 2. the engine's stamp is raised to it, 3. its rows are written, 4. it is noted as there;
a document that goes, or is read again, leaves its batch noted as gone, until the stamp was raised and its rows deleted.

The stamp tells whether catalogue and engine belong together. One below the last batch that is there: the engine was
emptied, or is of an earlier day, and all is copied again. One above the last batch that was begun: the catalogue is of
an earlier day, or a copied folder whose original goes on; then the library takes a name of its own.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ingestion.elements import ChunkKind
from rag.errors import IndexDamaged
from rag.storage.records.catalogue import Catalogue
from rag.storage.tables.database import raise_revision
from rag.storage.vectors.engines.address import engine_at, parse
from rag.storage.vectors.engines.base import EngineFailed, Field, Match, Part
from rag.storage.vectors.files import MODALITIES, Rows, VectorFiles
from rag.types import Float32Array, Modality

LOCK = "engine.lock"
LIBRARIES = "vector engines"  # manifest key: the name of this library at each engine
FIELDS = "copied fields"  # key of a generation's record
GROUP = 2_000  # rows written at once, with one note before and one after
PAUSE = 30.0  # seconds for which an engine that failed is not asked
TRUSTED = 30.0  # seconds until the stamp is looked at again
TAIL = 400  # documents that are not in the copy up to which they are searched beside it; of more it is not asked
MOST_ASKED = 16_384  # rows asked for where batches that are gone crowd the first ones out; Milvus returns no more
BEGUN, THERE, GONE = 0, 1, 2  # states of a batch

log = logging.getLogger(__name__)
Count = Callable[[int, int], None]
Scores = dict[tuple[str, Modality], float]
"""The best score of each chunk in each modality."""


class Held(NamedTuple):
    """What is in the copy at a revision of the catalogue: documents by batch and back, and those that are not."""

    revision: int
    name: str  # empty where nothing was ever copied
    fields: tuple[Field, ...]
    docs: dict[int, str]
    batches: dict[str, int]
    tail: tuple[str, ...]


class VectorCopy:
    """Of the generation ``generation`` of an index folder ``root``, at the engine that ``url`` names. Threads may share
    it. Raises :class:`~rag.errors.BadSettings` where the engine's client is not installed; it connects when asked."""

    def __init__(self, root: Path, catalogue: Catalogue, generation: int, url: str) -> None:
        self.shown = parse(url).shown
        self.engine = engine_at(url)
        self._root, self._catalogue, self._generation = root, catalogue, generation
        self._mutex = threading.Lock()
        self._held: Held | None = None
        self._down_until, self._trusted_until = 0.0, 0.0

    # -- reading -------------------------------------------------------------------------------------------------

    def held(self, revision: int) -> Held:
        """What is in the copy now; read again when the catalogue's revision has changed."""
        with self._mutex:
            if self._held is None or self._held.revision != revision:
                self._held = self._read(revision)
            return self._held

    def nearest(
        self,
        held: Held,
        query: Float32Array,
        count: int,
        modality: Modality | None,
        docs: frozenset[str] | None,
        kinds: frozenset[ChunkKind] | None,
    ) -> Scores | None:
        """Of the best ``count`` rows by inner product with ``query`` (dim,) per modality; None where the copy cannot
        tell: it fails, is of other columns, or is far from up to date. That is logged, and not asked for a while."""
        if not held.name or len(held.tail) > TAIL or time.monotonic() < self._down_until:
            return None
        batches = None if docs is None else [held.batches[doc] for doc in docs if doc in held.batches]
        best: Scores = {}
        try:
            if not self._is_trusted(held):
                return None
            for one in MODALITIES if modality is None else (modality,):
                field = _asked_field(held.fields, one, query)
                if field is None:
                    return None
                asked = query[field.start : field.stop]
                found = self._ask(held, field, asked, count, batches, kinds) if batches or batches is None else []
                if found is None:
                    return None
                for match in found:
                    best[match.chunk, one] = max(best.get((match.chunk, one), -np.inf), match.score)
        except EngineFailed as exc:
            self._distrust(f"{exc}. The vectors are searched here meanwhile")
            return None
        return best

    def _ask(
        self,
        held: Held,
        field: Field,
        asked: Float32Array,
        count: int,
        batches: Collection[int] | None,
        kinds: frozenset[ChunkKind] | None,
    ) -> list[Match] | None:
        """Rows that count; more are asked for where too many of the first do not. None where they cannot be had."""
        while True:
            rows = self.engine.query(held.name, field, asked, count, batches, kinds)
            good = [match for match in rows if match.batch in held.docs]
            if len(good) == len(rows) or len(rows) < count:
                return good
            if count >= MOST_ASKED:
                return None
            count = min(4 * count, MOST_ASKED)

    def _is_trusted(self, held: Held) -> bool:
        """Whether catalogue and engine belong together, as their stamps say."""
        if time.monotonic() < self._trusted_until:
            return True
        if not self._matches(held, self.engine.stamp(held.name)):
            self._distrust(
                f"{self.shown} does not hold what the index says: it was emptied, or one of the two is of an earlier "
                "day. `python -m rag vectors update` brings it up to date; the vectors are searched here meanwhile"
            )
            return False
        self._trusted_until = time.monotonic() + TRUSTED
        return True

    def _matches(self, held: Held, stamp: int | None) -> bool:
        return stamp is not None and max(held.docs, default=0) <= stamp <= self._last_begun()

    def _distrust(self, why: str) -> None:
        log.warning("%s", why)
        self._down_until, self._trusted_until = time.monotonic() + PAUSE, 0.0

    def _read(self, revision: int) -> Held:
        where = self.shown, self._generation
        there = "FROM vector_copies WHERE engine = ? AND generation = ? AND state = 1"
        missing = f"SELECT id FROM documents WHERE id NOT IN (SELECT doc {there}) ORDER BY rowid"
        with self._catalogue.latest() as db:
            docs: dict[int, str] = dict(db.execute(f"SELECT batch, doc {there}", where).fetchall())
            tail = tuple(row[0] for row in db.execute(missing, where))
            library = self._catalogue.manifest.get(LIBRARIES, {}).get(self.shown, "")
            noted = self._catalogue.record(self._generation).get(FIELDS, [])
        fields = tuple(Field(*one) for one in noted)
        name = f"{library}_{self._generation}" if library and fields else ""
        return Held(revision, name, fields, docs, {doc: batch for batch, doc in docs.items()}, tail)

    def _last_begun(self) -> int:
        with self._catalogue.latest() as db:
            return self._catalogue.store.last_number(db, "vector_copies")

    # -- bringing it up to date ----------------------------------------------------------------------------------

    def settle(
        self, arrays: VectorFiles, fields: Sequence[Field], progress: Count | None, wait: float, anew: bool = False
    ) -> None:
        """Have the copy hold every committed document and nothing else; ``anew``: all is dropped and copied again.

        Raises :class:`EngineFailed`, and :class:`~rag.errors.IndexBusy` where another process is at it for longer than
        ``wait`` seconds. What was copied until then stays.
        """
        with self._catalogue.lock(LOCK, wait):
            held = self._begun(fields, anew)
            gone = self._drop_gone(held.name)
            copied = self._copy_missing(held, arrays, progress)
            self._drop_generations(held.name)
            if gone or copied:
                self.engine.finish(held.name, held.fields)
            self._down_until = 0.0

    def _begun(self, fields: Sequence[Field], anew: bool) -> Held:
        """Collections that hold what the catalogue says, made where there are none, or none to be trusted."""
        held = self._read(-1)
        stamp = self.engine.stamp(held.name) if held.name else None
        if held.name and not anew and self._matches(held, stamp):
            return held
        if held.name and stamp is not None and stamp > self._last_begun():
            log.warning(
                "%s: what is kept under the name %s belongs to a later day of this index, or to a copy of it, and "
                "stays as it is; this index takes another name",
                self.shown,
                held.name,
            )
            self._name_library(f"pagesight_{secrets.token_hex(6)}")
        elif not held.name:
            known = self._catalogue.manifest.get(LIBRARIES, {}).get(self.shown)
            self._name_library(known or f"pagesight_{secrets.token_hex(6)}")
        with self._catalogue.writing() as db:
            where = "DELETE FROM vector_copies WHERE engine = ? AND generation = ?"
            db.execute(where, (self.shown, self._generation))
            raise_revision(db)
        self._catalogue.add_to_record(self._generation, **{FIELDS: [list(field) for field in fields]})
        held = self._read(-1)
        self.engine.make(held.name, held.fields)
        return held

    def _name_library(self, name: str) -> None:
        known = self._catalogue.manifest.get(LIBRARIES, {})
        if known.get(self.shown) != name:
            self._catalogue.note(LIBRARIES, {**known, self.shown: name})

    def _drop_gone(self, name: str) -> int:
        """Delete rows of batches that are gone, and of those that a killed process has left half written."""
        sql = "SELECT batch FROM vector_copies WHERE engine = ? AND generation = ? AND state <> 1"
        with self._catalogue.reading() as db:
            batches = [row[0] for row in db.execute(sql, (self.shown, self._generation))]
        if batches:
            with self._catalogue.writing() as db:  # a number that a copied folder does not know of
                store = self._catalogue.store
                store.set_last_number(db, "vector_copies", store.last_number(db, "vector_copies") + 1)
            self.engine.begin(name, self._last_begun())
        for start in range(0, len(batches), GROUP):
            some = batches[start : start + GROUP]
            self.engine.remove(name, some)
            with self._catalogue.writing() as db:
                db.executemany("DELETE FROM vector_copies WHERE batch = ?", [(batch,) for batch in some])
        return len(batches)

    def _copy_missing(self, held: Held, arrays: VectorFiles, progress: Count | None) -> int:
        done = 0
        for group in _groups(held.tail, arrays):
            self._copy(held, group, arrays)
            done += len(group)
            if progress:
                progress(done, len(held.tail))
        return done

    def _copy(self, held: Held, group: Sequence[_Loaded], arrays: VectorFiles) -> None:
        begun: dict[str, int] = {}
        with self._catalogue.writing() as db:
            for one in group:
                if db.execute("SELECT 1 FROM documents WHERE id = ?", (one.doc,)).fetchone():
                    sizes = [sum(len(rows) for rows in one.parts if rows.modality == m) for m in MODALITIES]
                    values = self.shown, self._generation, one.doc, *sizes
                    sql = "INSERT INTO vector_copies(engine, generation, doc, texts, images, state)"
                    row = db.execute(f"{sql} VALUES (?,?,?,?,?,0) RETURNING batch", values).fetchone()
                    begun[one.doc] = int(row[0])
        if not begun:
            return
        self.engine.begin(held.name, max(begun.values()))
        parts = [p for one in group if one.doc in begun for p in _parts(one, begun[one.doc], held.fields)]
        self.engine.add(held.name, [part for part in parts if part.chunks])
        with self._catalogue.writing() as db:
            for one in group:
                if one.doc in begun:
                    state = THERE if arrays.stamp(one.doc) == one.stamp else GONE
                    sql = "UPDATE vector_copies SET state = ? WHERE batch = ? AND state = 0"
                    db.execute(sql, (state, begun[one.doc]))
            raise_revision(db)

    def _drop_generations(self, name: str) -> None:
        """Collections of this library's generations that the catalogue no longer knows."""
        library = name.rpartition("_")[0]
        known = {f"{library}_{generation.id}" for generation in self._catalogue.generations()}
        for stale in self.engine.names():
            if stale.rpartition("_")[0] == library and stale not in known:
                self.engine.drop(stale)
        with self._catalogue.writing() as db:
            db.execute("DELETE FROM vector_copies WHERE generation NOT IN (SELECT id FROM generations)")

    # -- looking at it -------------------------------------------------------------------------------------------

    def violations(self) -> Iterator[str]:
        """In words: where the engine holds other rows than the catalogue says. Raises :class:`EngineFailed`."""
        again = "`python -m rag vectors rebuild` copies all again"
        held = self._read(-1)
        if not held.name:
            yield f"{self.shown}: nothing was copied yet; `python -m rag vectors update` does it"
            return
        if not self._matches(held, self.engine.stamp(held.name)):
            yield f"{self.shown} does not hold what the index says; {again}"
            return
        for place, modality in enumerate(MODALITIES):
            if any(field.modality == modality for field in held.fields):
                wanted, found = self._sizes()[place], self.engine.count(held.name, modality)
                if wanted != found:
                    yield f"{self.shown}: {found:,} {modality} vectors instead of {wanted:,}; {again}"

    def _sizes(self) -> tuple[int, int]:
        sums = "SELECT COALESCE(SUM(texts), 0), COALESCE(SUM(images), 0)"
        sql = f"{sums} FROM vector_copies WHERE engine = ? AND generation = ?"
        with self._catalogue.latest() as db:
            texts, images = db.execute(sql, (self.shown, self._generation)).fetchone()
        return int(texts), int(images)


class _Loaded(NamedTuple):
    """A document's rows as they are to be copied."""

    doc: str
    stamp: tuple[int, int]
    parts: tuple[Rows, ...]


def _groups(docs: Sequence[str], arrays: VectorFiles) -> Iterator[list[_Loaded]]:
    """Documents whose arrays can be read, some at a time; the others are reported by the index's own check."""
    group: list[_Loaded] = []
    for doc in docs:
        stamp = arrays.stamp(doc)
        try:
            group.append(_Loaded(doc, stamp, arrays.load(doc)))
        except IndexDamaged as exc:
            log.warning("%s", exc)
        if sum(len(rows) for one in group for rows in one.parts) >= GROUP:
            yield group
            group = []
    if group:
        yield group


def _parts(one: _Loaded, batch: int, fields: Sequence[Field]) -> Iterator[Part]:
    first = 0
    for rows in one.parts:
        owners = [rows.places[chunk] for chunk, _ in rows.chunks_by_row()]
        vectors = [(f, rows.floats(columns=slice(f.start, f.stop))) for f in fields if f.modality == rows.modality]
        if vectors:
            yield Part(
                rows.modality,
                batch,
                one.doc,
                first,
                [place.chunk_id for place in owners],
                [place.kind for place in owners],
                [place.page for place in owners],
                vectors,
            )
        first += len(rows)


def _asked_field(fields: Sequence[Field], modality: Modality, query: Float32Array) -> Field | None:
    """The one whose columns hold all of the question's numbers that are not zero."""
    used = np.flatnonzero(query)
    fitting = (f for f in fields if f.modality == modality and f.start <= used[0] and used[-1] < f.stop)
    return next(fitting, None)
