"""Where a library's tables are, and whether they and the folder of its files belong together.

Tables in PostgreSQL and their folder know each other by a name: an entry of the manifest, and a file in the folder. So
a wrong address, a wrong folder or an emptied database is noticed before anything is taken for a leftover.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rag.disk import write_whole
from rag.errors import LostCatalogue, NoIndex, StoreError
from rag.storage.tables.connections import Store
from rag.storage.tables.moving import LIBRARY
from rag.storage.tables.postgres_address import check
from rag.storage.tables.postgres_schema import PostgresSchema
from rag.storage.tables.sqlite_file import SqliteFile

CATALOGUE = "catalogue.sqlite3"
MARK = "library.json"
ALIGNMENTS = "alignments"  # folder of trained projections


def store_of(root: Path, url: str) -> Store:
    """The one at ``url``, or the file in the folder. Raises :class:`~rag.errors.BadSettings`."""
    return PostgresSchema(check(url), root / MARK) if url else SqliteFile(root / CATALOGUE)


def no_index(root: Path, store: Store) -> NoIndex | LostCatalogue:
    """What is to be said where there are no tables."""
    if isinstance(store, SqliteFile):
        if (root / MARK).is_file():
            return NoIndex(
                f"The catalogue of {root} is in PostgreSQL; set PAGESIGHT_STORE_URL to its address (docs/scaling.md)"
            )
        if count := lost_documents(root):
            return LostCatalogue(
                f"The catalogue of {root} is missing, and files of {count} document(s) lie there: restore a backup "
                "(`python -m rag restore FILE --replace`), or have `python -m rag doctor --repair` make a new "
                "catalogue of these files"
            )
        return NoIndex(f"There is no index in {root}; make one with `python -m rag add FILE.pdf --index {root}`")
    return NoIndex(f"There is no index in {store.shown}; make one with `python -m rag add FILE.pdf --index {root}`")


def lost_documents(root: Path) -> int:
    """How many documents have files in the folder whose catalogue, a file of its own, is missing or empty."""
    path, files = root / CATALOGUE, root / "files"
    if (path.is_file() and path.stat().st_size) or (root / MARK).is_file() or not files.is_dir():
        return 0
    return sum(entry.is_dir() for entry in files.iterdir())


def name_of(root: Path) -> str:
    """By which the folder knows its tables; empty where it knows none."""
    try:
        return str(json.loads((root / MARK).read_bytes())["library"])
    except FileNotFoundError:
        return ""
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise StoreError(f"{root / MARK} cannot be read ({exc}); bring it back from a backup of the folder") from exc


def name_folder(root: Path, store: Store) -> str:
    """The folder's name, given to it now where it has none, for tables that are about to be made at ``store``.

    Raises :class:`StoreError` where it holds documents: whoever has their tables, ``store`` has not.
    """
    if (root / CATALOGUE).exists():
        raise StoreError(
            f"{root} has its catalogue in a file of its own, {store.shown} has none yet. To move it: "
            "`python -m rag backup FILE` without PAGESIGHT_STORE_URL, then with it `python -m rag restore FILE --to "
            "ANOTHER_FOLDER`"
        )
    if _holds_documents(root):
        raise StoreError(
            f"{root} holds documents, and {store.shown} has no library: check PAGESIGHT_STORE_URL and its schema, or "
            "restore the database"
        )
    name = name_of(root) or secrets.token_hex(16)
    write_whole(root / MARK, json.dumps({"library": name, "store": store.shown}).encode())
    return name


def lend_name(root: Path, store: Store, manifest: Mapping[str, Any]) -> None:
    """A folder that holds nothing of a library may work for the one in ``store``, whose files lie elsewhere."""
    if not _holds_documents(root) and not (root / CATALOGUE).exists():
        write_whole(root / MARK, json.dumps({"library": manifest.get(LIBRARY, ""), "store": store.shown}).encode())


def _holds_documents(root: Path) -> bool:
    files = root / "files"
    return files.is_dir() and any(files.iterdir())


def check_belongs(root: Path, store: Store, manifest: Mapping[str, Any]) -> None:
    """Raises :class:`StoreError` where the tables are those of another folder."""
    if isinstance(store, SqliteFile):
        return
    name, known = name_of(root), manifest.get(LIBRARY, "")
    if not name:
        raise StoreError(
            f"The library in {store.shown} has its files in another folder than {root}: set PAGESIGHT_INDEX to that "
            "(all machines share it), or name another schema for a new library with ?schema=NAME"
        )
    if name != known:
        raise StoreError(
            f"{root} and {store.shown} belong to different libraries; check PAGESIGHT_INDEX and PAGESIGHT_STORE_URL"
        )
