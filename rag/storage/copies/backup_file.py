"""The file that :mod:`rag.storage.copies.backup` writes: what it says of itself, and a folder made of it again.

A backup is read with care, since nobody knows where it has been: only names that a backup has are taken, sizes are
known before anything is written, and nothing becomes an index before the sum of every file was checked.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

from rag.disk import LOCK_SECONDS, disk_errors, locked, size_in_words
from rag.errors import DiskFull, IndexBusy, IndexDamaged, StoreError
from rag.storage.files.elsewhere import LIBRARY as ELSEWHERE
from rag.storage.files.elsewhere import NOTE, Elsewhere, mark_of, open_objects
from rag.storage.records import credentials, stored_parts
from rag.storage.records.catalogue import Catalogue
from rag.storage.tables import library, schema
from rag.storage.tables.connections import WRITE_LOCK, Connection, Connections, Store
from rag.storage.tables.database import put_entry, utc_now
from rag.storage.tables.library import ALIGNMENTS, CATALOGUE
from rag.storage.tables.moving import LIBRARY, out_of_file
from rag.storage.tables.schema import SCHEMA_VERSION
from rag.storage.tables.sqlite_file import is_in_use
from rag.types import Progress

FORMAT = 1  # of the archive
KIND = "PageSight backup"
MANIFEST = "manifest.json"
FOLDERS = ("files", "vectors", "trash", ALIGNMENTS)
PRIVATE_FILES = ("users.json", "tokens.json", "model.json")
MOST_MANIFEST = 1 << 30  # bytes: some 150 for each file of the index
BLOCK = 1 << 20  # bytes read at once
SPARE = 64 << 20  # bytes that stay free on a disk that is restored to
_NO_ARCHIVE = (zipfile.BadZipFile, EOFError, struct.error, zlib.error)  # what zipfile raises on broken ones, besides
_NO_PLACE = (errno.EINVAL, errno.EOVERFLOW)  # OSErrors of these numbers: a broken one names a place before its start
_PART = re.compile(r"[^/\\\0]{1,255}")
_SUM = re.compile(r"[0-9a-f]{64}")

Report = Callable[[Progress], None]


class Entry(NamedTuple):
    """A file of the index: its path in it, its bytes, the SHA-256 of them in hex."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup says of itself. ``created`` is UTC (ISO 8601), ``revision`` the index's at that moment."""

    created: str
    schema: int
    revision: int
    documents: int
    pages: int
    conversations: int
    files: tuple[Entry, ...] = ()

    @property
    def size(self) -> int:
        """Bytes of all files, unpacked."""
        return sum(entry.size for entry in self.files)

    def to_json(self) -> bytes:
        """As the manifest."""
        return json.dumps({"kind": KIND, "format": FORMAT, **asdict(self)}, ensure_ascii=False).encode()


class Restored(NamedTuple):
    """A folder made of a backup; ``aside`` is where lies what was there before."""

    contents: Contents
    folder: Path
    aside: Path | None


def is_backup(path: Path) -> bool:
    """Whether a file is a backup, whole or not."""
    try:
        with opened(path) as archive:
            contents_of(archive, path)
    except (StoreError, OSError):
        return False
    return True


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The archive. Raises :class:`StoreError` where it is none, or was cut short."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (*_NO_ARCHIVE, RuntimeError) as exc:  # RuntimeError: with a password, or by a method nobody uses
        raise StoreError(f"{path} is no backup, or was cut short ({exc}); take another one") from exc
    except OSError as exc:
        if exc.errno in _NO_PLACE:
            raise StoreError(f"{path} is no backup that can be read ({exc.strerror}); take another one") from exc
        raise StoreError(f"{exc.filename or path} cannot be read ({exc.strerror or exc}); check the disk") from exc


def contents_of(archive: zipfile.ZipFile, path: Path) -> Contents:
    """Raises :class:`StoreError` where it is none, is damaged, or was made by a newer PageSight."""
    try:
        info = archive.getinfo(MANIFEST)
        if info.file_size > MOST_MANIFEST:
            raise ValueError(f"its list of files has {info.file_size:,} bytes")
        raw = json.loads(archive.read(info))
    except (zipfile.BadZipFile, KeyError, ValueError, RecursionError, EOFError) as exc:
        raise StoreError(f"{path} is no backup that can be read ({exc}); take another one") from exc
    return checked_contents(raw, str(path))


def checked_contents(raw: dict[str, Any], where: str) -> Contents:
    """What a manifest says. Raises :class:`StoreError` where it is none, or a newer PageSight wrote it."""
    try:
        if raw.pop("kind") != KIND:
            raise ValueError("it is something else")
        made = raw.pop("format")
        if isinstance(made, int) and made > FORMAT:
            raise StoreError(f"{where} is a backup of a newer PageSight (format {made}); restore it with that")
        raw["files"] = tuple(_entry(*one) for one in raw["files"])
        contents = Contents(**raw)
        newer = contents.schema > SCHEMA_VERSION
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError) as exc:
        raise StoreError(f"{where} is no backup that can be read ({exc}); take another one") from exc
    if newer:
        told = f"{where} has schema {contents.schema}, this version reads up to {SCHEMA_VERSION}"
        raise StoreError(f"{told}; restore it with a newer PageSight")
    if CATALOGUE not in {entry.name for entry in contents.files}:
        raise StoreError(f"{where} has no catalogue; take another backup")
    return contents


def restore(path: Path, folder: Path, replace: bool, report: Report, url: str = "", files: str = "") -> Restored:
    """Make an index folder of a backup; an older schema is brought up to date.

    A folder with anything in it is refused unless ``replace`` says otherwise; then what is there is put aside, into a
    folder of its own in it. Raises :class:`StoreError`; the folder is then as it was, but for ``.restoring-…``.
    ``url``: the catalogue goes into PostgreSQL there, into a schema that holds no library yet; ``files``: documents'
    files and vectors go to that address, which has none yet.
    """
    if not path.is_file():
        raise StoreError(f"{path} is not there, or is no file; check the path")
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        there = [entry for entry in folder.iterdir() if not entry.name.startswith(".restoring-")]
    if there and not replace:
        raise StoreError(
            f"{folder} is not empty; name an empty folder with --to, or put what is there aside with --replace"
        )
    if there and library.name_of(folder):
        raise StoreError(f"{folder} holds the files of a library in PostgreSQL; name an empty folder with --to")
    with disk_errors(folder):
        part = Path(tempfile.mkdtemp(prefix=".restoring-", dir=folder))
    try:
        contents = _unpack(path, part, report)
        aside = become_index(part, folder, path, url, files, aside=bool(there))
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return Restored(contents, folder, aside)


# -- unpacking -------------------------------------------------------------------------------------------------------


def _entry(name: object, size: object, sha256: object) -> Entry:
    """Checked: a path below one of the folders of an index, or one of its files. Raises ``ValueError``."""
    if not isinstance(name, str) or not isinstance(size, int) or size < 0:
        raise ValueError(f"{str(name)[:100]!r} is no name of a file, or {str(size)[:20]!r} no size")
    parts = name.split("/")
    known = name in (CATALOGUE, *PRIVATE_FILES) or (parts[0] in FOLDERS and len(parts) > 1)
    if not known or any(not _PART.fullmatch(part) or part in (".", "..") or ":" in part for part in parts):
        raise ValueError(f"{name[:100]!r} is no file of an index")
    if not isinstance(sha256, str) or not _SUM.fullmatch(sha256):
        raise ValueError(f"the sum of {name[:100]!r} is none")
    return Entry(name, size, sha256)


def _unpack(path: Path, part: Path, report: Report) -> Contents:
    with opened(path) as archive:
        contents = contents_of(archive, path)
        room = shutil.disk_usage(part).free
        if contents.size + SPARE > room:
            wanted = f"{size_in_words(contents.size + SPARE)}, and {size_in_words(room)} are free"
            raise DiskFull(f"{path} needs {wanted} at {part.parent}; free some space, or name another folder")
        for done, entry in enumerate(contents.files, 1):
            _unpack_one(archive, entry, part / entry.name, path)
            report(Progress(path.name, "restoring", done, len(contents.files)))
    if hasattr(os, "sync"):
        os.sync()  # once for all files: one by one they take four times as long
    return contents


def _unpack_one(archive: zipfile.ZipFile, entry: Entry, place: Path, path: Path) -> None:
    """Raises :class:`StoreError` where its bytes are others than the manifest says."""
    damaged = f"{path} is damaged: {entry.name} is not as it was packed. Nothing was restored; take another backup"
    digest, left = hashlib.sha256(), entry.size
    try:
        info = archive.getinfo(entry.name)
    except KeyError as exc:
        raise StoreError(damaged) from exc
    with disk_errors(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        mode = 0o600 if entry.name in PRIVATE_FILES else 0o666
        with open(place, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as out:
            try:
                with archive.open(info) as packed:
                    while block := packed.read(BLOCK):
                        left -= len(block)
                        if left < 0:
                            break
                        digest.update(block)
                        out.write(block)
            except (*_NO_ARCHIVE, ValueError) as exc:
                raise StoreError(damaged) from exc
    if left or digest.hexdigest() != entry.sha256:
        raise StoreError(damaged)


def become_index(part: Path, folder: Path, source: Path, url: str, files: str, aside: bool = False) -> Path | None:
    """Make an index in ``folder`` of what lies in ``part``; with ``aside`` what is there is put aside: where it lies.

    ``url`` and ``files`` as of :func:`restore`. Raises :class:`StoreError`.
    """
    _prove(part, folder, source)
    name = _send(part, files) if files else ""
    if url:
        place = _into_database(part, folder, url, aside)
    else:
        place = _put_aside(folder) if aside else None
        _move_in(part, folder)
    if files:
        open_objects(files).put(NOTE, mark_of(name))
    return place


def _send(part: Path, files: str) -> str:
    catalogue = Catalogue(part)
    try:
        return Elsewhere(files, part, catalogue, 0).take_library(part)
    finally:
        catalogue.close()


def _prove(part: Path, folder: Path, path: Path) -> None:
    """Bring the catalogue up to date, and have SQLite check it, before it becomes an index.

    All files lie here, wherever those of the library that was backed up do.
    """
    catalogue = Catalogue(part)
    try:
        with catalogue.writing() as db:
            stored_parts.forget_all(db)
            db.execute("DELETE FROM manifest WHERE key = ?", (ELSEWHERE,))
        wrong = catalogue.violations()
        catalogue.move_alignments(folder.resolve() / ALIGNMENTS)
    finally:
        catalogue.close()
    if wrong:
        raise IndexDamaged(f"The catalogue in {path} is damaged ({'; '.join(wrong[:3])}); take another backup")


# -- into place ------------------------------------------------------------------------------------------------------


def _put_aside(folder: Path) -> Path:
    """Move all that is in a folder into one of its own, the catalogue first: from there on it is no index."""
    aside = folder / f"before-restore-{re.sub('[^0-9TZ]', '', utc_now())}"
    with _unused(folder), disk_errors(folder):
        aside.mkdir()
        catalogue = [folder / f"{CATALOGUE}{end}" for end in ("", "-wal", "-shm")]
        others = [entry for entry in folder.iterdir() if entry != aside and not entry.name.startswith(".restoring-")]
        for entry in [*(one for one in catalogue if one.exists()), *(one for one in others if one not in catalogue)]:
            if not entry.name.startswith("before-restore-"):
                entry.replace(aside / entry.name)
    return aside


@contextmanager
def _unused(folder: Path) -> Iterator[None]:
    """Raises :class:`IndexBusy` where any program has the index in the folder open."""
    if not (folder / CATALOGUE).exists():
        yield
        return
    with locked(folder / WRITE_LOCK, wait=LOCK_SECONDS):
        if is_in_use(folder / CATALOGUE):
            raise IndexBusy(f"A program has the index {folder} open; end it (the app, a watch, an add), then restore")
        yield


def check_is_new(folder: Path, url: str) -> None:
    """Raises :class:`StoreError` where a library is at ``url`` already."""
    store = library.store_of(folder, url)
    connections = Connections(store)
    try:
        with connections.reading() as db:
            _check_is_new(store, db)
    finally:
        connections.close()


def _check_is_new(store: Store, db: Connection) -> None:
    if schema.version(db, store):
        raise StoreError(f"{store.shown} holds a library already; name another schema with ?schema=NAME")


def _into_database(part: Path, folder: Path, url: str, aside: bool) -> Path | None:
    """Rows to ``url`` and files into the folder; the rows are committed last: with them there is an index."""
    store = library.store_of(folder, url)
    connections = Connections(store)
    try:
        with connections.lock(WRITE_LOCK), connections.reading() as db:
            _check_is_new(store, db)
            place = _put_aside(folder) if aside else None
            store.prepare(db)
            name = library.name_folder(folder, store)
            with connections.writing() as made:
                schema.bring_up_to_date(made, store)
                out_of_file(part / CATALOGUE, store, made)
                credentials.move_in(made, part)
                put_entry(made, LIBRARY, name)
                (part / CATALOGUE).unlink()
                _move_in(part, folder)
    finally:
        connections.close()
    return place


def _move_in(part: Path, folder: Path) -> None:
    """The catalogue last: with it there is an index."""
    with disk_errors(folder):
        for entry in sorted(part.iterdir(), key=lambda one: one.name.startswith(CATALOGUE)):
            if entry.name == CATALOGUE or not entry.name.startswith(CATALOGUE):
                entry.replace(folder / entry.name)
