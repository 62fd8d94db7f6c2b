"""Users and tokens in the tables of a library that several machines share; all of them see a change at once.

A library in one folder has them in files instead (:data:`FILES`), which only who runs the program can read: its
catalogue may be read by others. A backup and a copy have such files, too, wherever the library has them. Files that are
found in the folder of a library that has them in tables are taken over and set aside.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from rag.disk import disk_errors, write_whole
from rag.errors import StoreError
from rag.storage.tables.connections import Connection
from rag.storage.tables.database import Database

FILES: Mapping[str, str] = {"users": "users.json", "tokens": "tokens.json"}
"""By kind, the file of an index folder."""

PRIVATE = 0o600
TAKEN = ".taken"  # what a file is called once it was taken over, behind its name

log = logging.getLogger(__name__)


class Credential(NamedTuple):
    """``hash`` is empty for a user without a password; ``created`` is UTC (ISO 8601)."""

    name: str
    role: str
    hash: str
    created: str


def read_file(path: Path, kind: str) -> list[Credential]:
    """None where there is no file. Raises :class:`StoreError` where it cannot be understood."""
    try:
        found = [Credential(**entry) for entry in json.loads(path.read_bytes())[kind]]
        if not all(isinstance(value, str) for row in found for value in row):
            raise TypeError("something in it is no text")
        return found
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError, KeyError) as exc:
        raise StoreError(
            f"{path} cannot be read as a list of {kind} ({exc}); mend it, or delete it and make the {kind} again"
        ) from exc


def write_file(path: Path, kind: str, rows: Iterable[Credential]) -> None:
    """The whole list."""
    record = {kind: [row._asdict() for row in rows]}
    write_whole(path, json.dumps(record, ensure_ascii=False, indent=1).encode(), PRIVATE)


def listed(catalogue: Database, kind: str) -> list[Credential]:
    """In the order in which they were made. Raises :class:`StoreError` where the tables are not reached."""
    if not catalogue.has_table("credentials"):
        return []
    with catalogue.latest() as db:
        return _rows(db, kind)


@contextmanager
def changing(catalogue: Database, kind: str) -> Iterator[list[Credential]]:
    """The list, to be changed inside the block, in which nobody else changes anything."""
    with catalogue.writing() as db:
        rows = _rows(db, kind)
        yield rows
        _put(db, kind, rows)


def take_over(catalogue: Database, root: Path) -> None:
    """Into the tables what files of an index folder list, but for names that are there already; they are set aside."""
    for kind, name in FILES.items():
        path = root / name
        if not path.is_file():
            continue
        found = read_file(path, kind)
        with changing(catalogue, kind) as rows:
            known = {row.name.casefold() for row in rows}
            for row in found:
                if row.name.casefold() in known:
                    log.warning("%s: %r is left out, the library has one of that name", path, row.name)
                else:
                    rows.append(row)
        with disk_errors(path), suppress(FileNotFoundError):  # another process was faster
            path.replace(path.with_name(name + TAKEN))


def move_in(db: Connection, root: Path) -> None:
    """Into tables that have none what files of a folder list, which are deleted."""
    for kind, name in FILES.items():
        _put(db, kind, read_file(root / name, kind))
        (root / name).unlink(missing_ok=True)


def write_files(catalogue: Database, root: Path) -> None:
    """Into files of a folder what tables list."""
    for kind, name in FILES.items():
        if rows := listed(catalogue, kind):
            write_file(root / name, kind, rows)


def _rows(db: Connection, kind: str) -> list[Credential]:
    sql = "SELECT name, role, hash, created FROM credentials WHERE kind = ? ORDER BY position"
    return [Credential(*row) for row in db.execute(sql, (kind,))]


def _put(db: Connection, kind: str, rows: Iterable[Credential]) -> None:
    db.execute("DELETE FROM credentials WHERE kind = ?", (kind,))
    db.executemany(
        "INSERT INTO credentials(kind, name, role, hash, created, position) VALUES (?,?,?,?,?,?)",
        [(kind, *row, position) for position, row in enumerate(rows)],
    )
