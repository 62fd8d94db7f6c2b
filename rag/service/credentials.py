"""Who is let in: users and tokens, each with a name, a role and a hash, in a file of the index folder or in tables.

In a file of a library in one folder, which only who runs the program can read; in the tables where the catalogue is in
PostgreSQL, so that all machines know the same (:mod:`rag.storage.records.credentials`). A list that cannot be
understood, or reached, lets nobody in.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import NamedTuple, Protocol

from rag.config import Settings
from rag.disk import locked
from rag.errors import StoreError
from rag.service.roles import ROLES, Role, is_role
from rag.storage.records import credentials as tables
from rag.storage.records.catalogue import Catalogue
from rag.storage.records.credentials import FILES, Credential, write_file
from rag.storage.tables.library import MARK, no_index, store_of

Stamp = tuple[int, int, int]
"""Another one whenever a file was written: its time, size and inode."""


class Entry(NamedTuple):
    """``hash`` is empty for a user without a password; ``created`` is UTC (ISO 8601)."""

    name: str
    role: Role
    hash: str
    created: str

    def __repr__(self) -> str:
        return f"Entry({self.name!r}, {self.role!r})"


class Credentials(Protocol):
    """One kind of them. Both methods raise :class:`StoreError` where the list cannot be understood or reached."""

    def listed(self) -> tuple[Entry, ...]:
        """As it is now, in the order in which they were made."""
        ...

    def changing(self) -> AbstractContextManager[list[Entry]]:
        """The list, to be changed inside the block by nobody else; kept where that ends without an error."""
        ...


class InFile:
    """In a file, which is read again whenever it has changed."""

    def __init__(self, path: Path, kind: str) -> None:
        self._path, self._kind = path, kind
        self._mutex = threading.Lock()
        self._seen: Stamp | None = None
        self._known: tuple[Entry, ...] = ()

    def listed(self) -> tuple[Entry, ...]:
        """See :class:`Credentials`; none where there is no file."""
        with self._mutex:
            now = _stamp(self._path)
            if now != self._seen:
                self._known = self._read()
                self._seen = now
            return self._known

    @contextmanager
    def changing(self) -> Iterator[list[Entry]]:
        """See :class:`Credentials`."""
        with locked(self._path.with_suffix(".lock")):
            entries = list(self._read())
            yield entries
            write_file(self._path, self._kind, (Credential(*entry) for entry in entries))

    def _read(self) -> tuple[Entry, ...]:
        return _checked(tables.read_file(self._path, self._kind), str(self._path))


class InTables:
    """In the tables of a library that several machines share, asked each time."""

    def __init__(self, catalogue: Catalogue, kind: str) -> None:
        self._catalogue, self._kind = catalogue, kind

    def listed(self) -> tuple[Entry, ...]:
        """See :class:`Credentials`."""
        return _checked(tables.listed(self._catalogue, self._kind), self._catalogue.store.shown)

    @contextmanager
    def changing(self) -> Iterator[list[Entry]]:
        """See :class:`Credentials`."""
        with tables.changing(self._catalogue, self._kind) as rows:
            entries = list(_checked(rows, self._catalogue.store.shown))
            yield entries
            rows[:] = [Credential(*entry) for entry in entries]


def of_library(root: Path, catalogue: Catalogue | None, kind: str) -> Credentials:
    """Those of a library in the folder ``root``; ``catalogue`` may be left out where its tables lie there, too.

    What lies in a file of ``root`` though the tables are shared is taken over. Raises :class:`StoreError`.
    """
    if catalogue is None or not catalogue.shared:
        return InFile(root / FILES[kind], kind)
    tables.take_over(catalogue, root)
    return InTables(catalogue, kind)


@contextmanager
def opened(settings: Settings) -> Iterator[Catalogue | None]:
    """The tables that have the users and tokens, made where there are none; None where files of the folder have them.

    Raises :class:`~rag.errors.NoIndex` where they are in PostgreSQL, and its address is not given.
    """
    if not settings.store_url:
        if (settings.index / MARK).is_file():
            raise no_index(settings.index, store_of(settings.index, ""))
        yield None
        return
    catalogue = Catalogue(settings.index, True, settings.store_url, bool(settings.files))
    try:
        yield catalogue
    finally:
        catalogue.close()


def _checked(rows: Iterable[Credential], where: str) -> tuple[Entry, ...]:
    found = list[Entry]()
    for row in rows:
        if not is_role(row.role):
            raise StoreError(f"{where}: the role of {row.name!r} is none of {', '.join(ROLES)}; mend it")
        found.append(Entry(row.name, row.role, row.hash, row.created))
    return tuple(found)


def _stamp(path: Path) -> Stamp | None:
    """None where there is no file."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
