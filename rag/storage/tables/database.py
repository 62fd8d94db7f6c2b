"""The tables of one library: the manifest and the generations of vectors.

They stand in ``schema.sql``; an index of an earlier version is brought up to date by the first that may write.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from rag.encoders.spec import parse
from rag.errors import IndexDamaged, StoreError
from rag.storage.tables import library, schema
from rag.storage.tables.connections import WRITE_LOCK, Connection, Connections
from rag.storage.tables.moving import LIBRARY
from rag.storage.tables.sqlite_file import SqliteFile

log = logging.getLogger(__name__)
LABEL = "generation-"  # what the name of each begins with
_HISTORY = "history"  # manifest key: numbers of generations that were live, the latest last


@dataclass(frozen=True, slots=True)
class Generation:
    """Vectors of one encoder, opened by the specs ``encoder`` and ``words``.

    ``state`` is live, previous (it was live), refused (by a gate; it was never live) or building.
    """

    id: int
    state: str
    encoder: str
    words: str
    name: str
    fingerprint: str
    dim: int
    created: str

    @property
    def label(self) -> str:
        """Name of its vector collection and folder."""
        return f"{LABEL}{self.id:04d}"


class State(NamedTuple):
    """``revision`` grows with every change a reader may see; ``writing`` is the writer's process number, or None."""

    revision: int
    writing: int | None


class Database(Connections):
    """The tables of the library whose files lie in ``root``: in a file there, or in PostgreSQL at ``url``.

    Raises :class:`NoIndex` when there are none and ``create`` is False, :class:`~rag.errors.BadSettings` for a ``url``
    that cannot be used.
    """

    def __init__(self, root: Path, create: bool = False, url: str = "", elsewhere: bool = False) -> None:
        """``elsewhere``: the files of its documents do not lie in ``root``, which may be any folder then."""
        super().__init__(library.store_of(root, url))
        self._up_to_date = False
        if not url and (library.lost_documents(root) or not (create or self.path.is_file())):
            raise library.no_index(root, self.store)
        self._prepare(root, create, url, elsewhere)

    def _prepare(self, root: Path, create: bool, url: str, elsewhere: bool) -> None:
        if create or not url:
            try:
                root.mkdir(parents=True, exist_ok=True)
            except OSError as exc:
                why = f"The index folder {root} cannot be made ({exc.strerror}); set PAGESIGHT_INDEX"
                raise StoreError(why) from exc
        with self.reading() as db:
            found = schema.version(db, self.store)
            self._up_to_date = found == schema.SCHEMA_VERSION
            if not found and url and not create:
                raise library.no_index(root, self.store)
            if not found and not url:
                self.store.prepare(db)
        if not found and url:
            self._make(root)
        elif not self._up_to_date:
            self._bring_up_to_date(new=not found)
        if url and elsewhere and not library.name_of(root):
            library.lend_name(root, self.store, self.manifest)
        library.check_belongs(root, self.store, self.manifest if url else {})

    def _make(self, root: Path) -> None:
        """In PostgreSQL; whoever comes first does."""
        with self.lock(WRITE_LOCK), self.reading() as db:
            if not schema.version(db, self.store):
                self.store.prepare(db)
                name = library.name_folder(root, self.store)
                with self.writing() as made:
                    put_entry(made, LIBRARY, name)

    def _bring_up_to_date(self, new: bool) -> None:
        """Tables of an earlier version that cannot be changed now, because another process writes, are still read."""
        try:
            with self.writing():
                pass
        except IndexDamaged:
            raise
        except StoreError as exc:
            if new:
                raise
            log.warning("the catalogue stays that of an earlier version, and is read as it is: %s", exc)

    @contextmanager
    def writing(self, wait: float | None = None) -> Iterator[Connection]:
        """One transaction, as in :class:`Connections`. Tables of an earlier version are brought up to date in it."""
        with super().writing(wait) as db:
            if not self._up_to_date:
                schema.bring_up_to_date(db, self.store)
            yield db
        self._up_to_date = True

    def has_table(self, name: str) -> bool:
        """Only an index of an earlier version that cannot be written to may lack one."""
        if self._up_to_date:
            return True
        with self.reading() as db:
            return self.store.has_table(db, name)

    @property
    def shared(self) -> bool:
        """Whether machines may have these tables that do not have the folder."""
        return not isinstance(self.store, SqliteFile)

    @property
    def schema(self) -> int:
        """Version of the tables; an earlier one where they cannot be written to."""
        with self.reading() as db:
            return schema.version(db, self.store)

    # -- manifest and generations --------------------------------------------------------------------------------

    @property
    def manifest(self) -> dict[str, Any]:
        """Everything recorded about how the index was made, by key."""
        with self.reading() as db:
            return {key: json.loads(value) for key, value in db.execute("SELECT key, value FROM manifest ORDER BY key")}

    def note(self, key: str, value: Any) -> None:
        """Record one manifest entry (anything JSON can hold)."""
        with self.writing() as db:
            put_entry(db, key, value)

    def state(self, latest: bool = False) -> State:
        """What readers look at to see that something changed. ``latest``: also inside a snapshot of earlier."""
        with self.latest() if latest else self.reading() as db:
            rows = dict(db.execute("SELECT key, value FROM manifest WHERE key IN ('revision', 'writing')").fetchall())
        return State(int(rows["revision"]), json.loads(rows["writing"]))

    def mark_writing(self, process: int | None) -> None:
        """Set (before anything is written) or clear (when all is whole) the mark that says the index may be unclean."""
        with self.writing() as db:
            db.execute("UPDATE manifest SET value = ? WHERE key = 'writing'", (json.dumps(process),))
            raise_revision(db)

    def generations(self) -> list[Generation]:
        """All that are known, in the order in which they were begun."""
        columns = "id, state, encoder, words, name, fingerprint, dim, created"
        with self.reading() as db:
            return [Generation(*row) for row in db.execute(f"SELECT {columns} FROM generations ORDER BY id")]

    def generation(self, state: str = "live") -> Generation | None:
        """The first in a state."""
        return next((g for g in self.generations() if g.state == state), None)

    def previous(self) -> list[Generation]:
        """Generations that were live before and are kept, the latest first."""
        order = self.manifest.get(_HISTORY, [])
        places = {number: place for place, number in enumerate(order)}
        earlier = [g for g in self.generations() if g.state == "previous"]
        return sorted(earlier, key=lambda g: (places.get(g.id, -1), g.id), reverse=True)

    def new_generation(self, encoder: str, words: str, name: str, fingerprint: str, dim: int) -> Generation:
        """A generation being built; :meth:`make_live` shows it to readers."""
        with self.writing() as db:
            values = ("building", encoder, words, name, fingerprint, dim, utc_now())
            sql = "INSERT INTO generations(state, encoder, words, name, fingerprint, dim, created)"
            (number,) = db.execute(f"{sql} VALUES (?,?,?,?,?,?,?) RETURNING id", values).fetchone()
        return next(g for g in self.generations() if g.id == number)

    def make_live(self, generation: int, keep: int | None = 1) -> None:
        """Swap in one transaction: the live generation becomes a previous one, of which the latest ``keep`` stay."""
        with self.writing() as db:
            history = [number for number in _value(db, _HISTORY, []) if number != generation]
            history += [row[0] for row in db.execute("SELECT id FROM generations WHERE state = 'live'")]
            db.execute("UPDATE generations SET state = 'previous' WHERE state = 'live'")
            db.execute("UPDATE generations SET state = 'live' WHERE id = ?", (generation,))
            put_entry(db, _HISTORY, history)
            earlier = {row[0] for row in db.execute("SELECT id FROM generations WHERE state = 'previous'")}
            stay = [number for number in reversed(history) if number in earlier][:keep]
            for number in earlier - set(stay) if keep is not None else ():
                _drop(db, number)
            raise_revision(db)

    def move_alignments(self, folder: Path) -> None:
        """The index lies elsewhere now: encoders that name a projection of its own find it in ``folder``."""
        for generation in self.generations():
            moved = [_moved(spec, folder) for spec in (generation.encoder, generation.words)]
            if moved != [generation.encoder, generation.words]:
                with self.writing() as db:
                    db.execute("UPDATE generations SET encoder = ?, words = ? WHERE id = ?", (*moved, generation.id))

    def refuse(self, generation: int) -> None:
        """Keep a generation that was built without showing it to readers."""
        with self.writing() as db:
            db.execute("UPDATE generations SET state = 'refused' WHERE id = ? AND state = 'building'", (generation,))

    def drop_generation(self, generation: int) -> None:
        """Forget a generation; the live one is never dropped."""
        with self.writing() as db:
            _drop(db, generation)

    def record(self, generation: int) -> dict[str, Any]:
        """What the manifest says of a generation: with what it was made, its counts, how it was judged."""
        record: dict[str, Any] = self.manifest.get(_record_key(generation), {})
        return record

    def add_to_record(self, generation: int, **entries: Any) -> None:
        """Set entries (anything JSON can hold) of a generation's record."""
        with self.writing() as db:
            record = {**_value(db, _record_key(generation), {}), **entries}
            put_entry(db, _record_key(generation), record)

    def tell_readers(self, generation: int, **entries: Any) -> None:
        """:meth:`add_to_record` of what searching uses: readers look again."""
        self.add_to_record(generation, **entries)
        with self.writing() as db:
            raise_revision(db)

    def add_evaluation(self, generation: int, questions: str, measures: dict[str, float]) -> None:
        """Note in a generation's record what it scored on a question set; the last result of each set stays."""
        done = self.record(generation).get("evaluations", {})
        self.add_to_record(generation, evaluations={**done, questions: {"at": utc_now(), "measures": measures}})

    def means(self, generation: int) -> dict[str, list[float]]:
        """Mean vectors by name, such as "image/picture"; none of a generation that is not there."""
        with self.reading() as db:
            row = db.execute("SELECT means FROM generations WHERE id = ?", (generation,)).fetchone()
        return json.loads(row[0]) if row else {}

    def save_means(self, generation: int, means: dict[str, list[float]]) -> None:
        """In place of all that are there."""
        with self.writing() as db:
            db.execute("UPDATE generations SET means = ? WHERE id = ?", (json.dumps(means), generation))


def _moved(text: str, folder: Path) -> str:
    spec = parse(text, "the encoder of a generation")
    own = Path(spec.options.align)
    if not spec.options.align or own.parent.name != folder.name:
        return text
    return str(replace(spec, options=replace(spec.options, align=str(folder / own.name))))


def _record_key(generation: int) -> str:
    return f"generation {generation}"


def put_entry(db: Connection, key: str, value: Any) -> None:
    """In the manifest, in place of what it says under ``key``; anything JSON can hold."""
    sql = "INSERT INTO manifest VALUES (?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value"
    db.execute(sql, (key, json.dumps(value)))


def _value(db: Connection, key: str, default: Any) -> Any:
    row = db.execute("SELECT value FROM manifest WHERE key = ?", (key,)).fetchone()
    return json.loads(row[0]) if row else default


def _drop(db: Connection, generation: int) -> None:
    if db.execute("DELETE FROM generations WHERE id = ? AND state <> 'live'", (generation,)).rowcount:
        db.execute("DELETE FROM manifest WHERE key = ?", (_record_key(generation),))


def utc_now() -> str:
    """UTC, ISO 8601."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def raise_revision(db: Connection) -> None:
    """By one, which tells readers that something changed."""
    db.execute("UPDATE manifest SET value = CAST(CAST(value AS BIGINT) + 1 AS TEXT) WHERE key = 'revision'")
