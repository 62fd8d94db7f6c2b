"""Tables of the catalogue: made in a new file, brought up to date in one that an earlier version has made.

``schema.sql`` beside this module holds the tables as they are now. ``migrations/0002_….sql`` leads from version 1 to 2,
and so on. Both are written for SQLite; another store runs them its own way. The store itself says which version it has
(0 where it is new).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rag.errors import IndexDamaged
from rag.storage.tables.connections import Connection, Store
from rag.storage.tables.sqlite_file import SqliteFile

SCHEMA_VERSION = 12
_FOLDER = Path(__file__).parent
_FILE = SqliteFile(Path("catalogue.sqlite3"))


def version(db: Connection, store: Store = _FILE) -> int:
    """Of the store's tables; 0 where there are none. Raises :class:`IndexDamaged` where a newer PageSight made them."""
    found = store.version(db)
    if found > SCHEMA_VERSION:
        newer = f"{store.shown} has schema {found}, this version reads up to {SCHEMA_VERSION}"
        raise IndexDamaged(f"{newer}; open it with a newer PageSight, it is left as it is")
    return found


def create(db: Connection, store: Store = _FILE) -> None:
    """All tables, in a store that has none."""
    store.run(db, script())


def script() -> str:
    """The tables as they are now, as SQLite writes them."""
    return (_FOLDER / "schema.sql").read_text(encoding="utf-8")


def bring_up_to_date(db: Connection, store: Store = _FILE) -> None:
    """Inside a transaction that may write, so that it happens whole, or not at all, and once."""
    found = version(db, store)
    if not found:
        create(db, store)
    for number in range(found + 1, SCHEMA_VERSION + 1) if found else ():
        (path,) = (_FOLDER / "migrations").glob(f"{number:04}_*.sql")
        store.run(db, path.read_text(encoding="utf-8"))
        if number in _AFTER:
            _AFTER[number](db)
    if found != SCHEMA_VERSION:
        store.set_version(db, SCHEMA_VERSION)


def _drop_turns(db: Connection) -> None:
    """No released program wrote to this table of conversations; what somebody's own program wrote stays."""
    if not db.execute("SELECT 1 FROM turns").fetchone():
        db.execute("DROP TABLE turns")


_AFTER: dict[int, Callable[[Connection], None]] = {2: _drop_turns}
"""What a migration does beside its script, by its number."""
