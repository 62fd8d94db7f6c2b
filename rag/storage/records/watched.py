"""Files of watched folders in the catalogue: which document came from which file, so that a start after a pause knows.

Nothing here touches the index or its revision.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple

from rag.storage.records.catalogue import Catalogue

FileState = Literal["coming", "there", "failed"]


class WatchedFile(NamedTuple):
    """A file with the document of its content. ``size`` in bytes, ``changed`` in nanoseconds since 1970 and ``device``
    are the file's as it was read; ``owned``: the document came into the library through this file; ``problem`` says
    why it is not there."""

    path: str
    doc: str
    folder: str
    size: int
    changed: int
    device: int
    owned: bool
    state: FileState
    problem: str = ""


_COLUMNS = "path, doc, folder, size, changed, device, owned, state, problem"
_PUT = f"""INSERT INTO watched({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT(path, doc) DO UPDATE SET
    folder = excluded.folder, size = excluded.size, changed = excluded.changed, device = excluded.device,
    owned = excluded.owned, state = excluded.state, problem = excluded.problem"""


def listed(catalogue: Catalogue) -> list[WatchedFile]:
    """All, by path."""
    if not catalogue.has_table("watched"):
        return []
    with catalogue.reading() as db:
        return [_file(row) for row in db.execute(f"SELECT {_COLUMNS} FROM watched ORDER BY path, doc")]


def of_document(catalogue: Catalogue, doc: str) -> list[WatchedFile]:
    """The files that hold a document, by path."""
    if not catalogue.has_table("watched"):
        return []
    with catalogue.reading() as db:
        return [_file(row) for row in db.execute(f"SELECT {_COLUMNS} FROM watched WHERE doc = ? ORDER BY path", (doc,))]


def change(catalogue: Catalogue, put: Iterable[WatchedFile] = (), drop: Iterable[WatchedFile] = ()) -> None:
    """In one transaction: forget rows, then write others; a row is one path with one content."""
    with catalogue.writing() as db:
        db.executemany("DELETE FROM watched WHERE path = ? AND doc = ?", [(row.path, row.doc) for row in drop])
        rows = [(*row[:6], int(row.owned), *row[7:]) for row in put]
        db.executemany(_PUT, rows)


def _file(row: Sequence[Any]) -> WatchedFile:
    return WatchedFile._make((*row[:6], bool(row[6]), *row[7:]))
