"""A library copied to another place: a folder, or an object store, and back; checked, and taken up where it was cut.

What is copied is one moment of it, as in a backup (:mod:`rag.storage.copies.backup`), while it is used on. In a folder
it becomes an index once all of it is there; until then it lies in ``.copying``. In an object store it looks like this:

    <address>/library.json           what it is, and of each file its name, size and SHA-256; written last
    <address>/blobs/<SHA-256>        the files, named by what is in them

A copy of the same library in an object store is brought up to date: what is there already is not sent again.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from rag.disk import LOCK_SECONDS, claimed, disk_errors, size_in_words, write_whole
from rag.errors import DiskFull, IndexBusy, IndexDamaged, StoreError
from rag.storage.copies.backup import PART, moment
from rag.storage.copies.backup_file import (
    MOST_MANIFEST,
    PRIVATE_FILES,
    SPARE,
    Contents,
    Entry,
    become_index,
    check_is_new,
    checked_contents,
)
from rag.storage.files.objects import BLOCK, Objects
from rag.storage.tables.library import CATALOGUE
from rag.storage.tables.sqlite_file import fault_of
from rag.storage.writer import IndexWriter
from rag.types import Progress

COPIES = "copies"  # manifest key: the name of a library that its copies share
LIBRARY = "library"  # of the list in an object store: the same
COPYING = ".copying"
COPYING_LOCK = ".copying.lock"
COPYING_NOTE = ".copying.json"  # the name of the library that is copied here; goes last
NOTE = "library.json"
BLOBS = "blobs"

Report = Callable[[Progress], None]


class Copied(NamedTuple):
    """What was copied; of its files ``sent`` were not at the target yet."""

    contents: Contents
    sent: int


class Target(NamedTuple):
    """Where the copy in a folder has its catalogue, an address in PostgreSQL, and its files; empty: in the folder."""

    url: str = ""
    files: str = ""


def copy_to_folder(index: IndexWriter, folder: Path, report: Report, target: Target = Target()) -> Copied:  # noqa: B008
    """Raises :class:`StoreError` for a folder with anything else in it than an unfinished copy of this library."""
    if folder.resolve().is_relative_to(index.root.resolve()):
        raise StoreError(f"{folder} lies in the index itself; name a folder elsewhere")
    library = _named(index)
    with _unfinished(folder, library, target) as part, moment(index) as (place, contents):
        paths = _files(place)
        _room(part, sum(path.stat().st_size for path in paths))
        entries, sent = list[Entry](), 0
        for done, path in enumerate(paths, 1):
            name = path.relative_to(place).as_posix()
            entry, is_new = _copied(path, part / name, name)
            entries.append(entry)
            sent += is_new
            report(Progress(folder.name, "copying", done, len(paths)))
        contents = replace(contents, files=tuple(entries))
        _become_index(part, folder, contents.files, str(index.root), target)
    return Copied(contents, sent)


def copy_to_objects(index: IndexWriter, objects: Objects, report: Report) -> Copied:
    """Raises :class:`StoreError` where another library is at that address."""
    library = _named(index)
    before = _known(objects)
    if before is not None and before[0] != library:
        raise StoreError(f"{objects.address} has another library; give an address of its own, such as another prefix")
    with moment(index) as (place, contents):
        paths, there, entries, sent = _files(place), objects.sizes(BLOBS), list[Entry](), 0
        for done, path in enumerate(paths, 1):
            entry = Entry(path.relative_to(place).as_posix(), path.stat().st_size, _sum(path))
            entries.append(entry)
            if there.get(_blob(entry)) != entry.size:
                objects.put(_blob(entry), path)
                sent += 1
            report(Progress(objects.address, "copying", done, len(paths)))
        contents = replace(contents, files=tuple(entries))
    there, kept = objects.sizes(BLOBS), {_blob(entry) for entry in entries}
    if lost := [entry.name for entry in entries if there.get(_blob(entry)) != entry.size]:
        raise StoreError(f"{objects.address} does not keep what was written ({lost[0]}); run it again")
    objects.put(NOTE, json.dumps({LIBRARY: library, **json.loads(contents.to_json())}, ensure_ascii=False).encode())
    objects.delete([name for name in there if name not in kept])
    return Copied(contents, sent)


def copy_from_objects(objects: Objects, folder: Path, report: Report, target: Target = Target()) -> Copied:  # noqa: B008
    """An index made of a copy in an object store. Raises :class:`StoreError` as :func:`copy_to_folder`."""
    known = _known(objects)
    if known is None:
        raise StoreError(f"{objects.address} has no library; check the address, or copy one there first")
    library, contents = known
    with _unfinished(folder, library, target) as part:
        _room(part, contents.size)
        sent = 0
        for done, entry in enumerate(contents.files, 1):
            place = part / entry.name
            if not _is_there(place, entry):
                objects.fetch(_blob(entry), entry.sha256, place, _mode(entry.name))
                sent += 1
            report(Progress(folder.name, "copying", done, len(contents.files)))
        _become_index(part, folder, contents.files, objects.address, target)
    return Copied(contents, sent)


# -- a library's name ------------------------------------------------------------------------------------------------


def _named(index: IndexWriter) -> str:
    """The library's name, given at its first copy and kept in the catalogue, so that copies have it, too."""
    known = index.catalogue.manifest.get(COPIES)
    if not isinstance(known, str):
        known = secrets.token_hex(16)
        with index.session():
            index.catalogue.note(COPIES, known)
    return known


def _known(objects: Objects) -> tuple[str, Contents] | None:
    """The library at an address; None where there is none. Raises :class:`StoreError` where that cannot be read."""
    data = objects.read(NOTE, MOST_MANIFEST)
    if data is None:
        return None
    where = f"{objects.address}/{NOTE}"
    try:
        raw = json.loads(data)
        library = raw.pop(LIBRARY)
        return str(library), checked_contents(raw, where)
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError) as exc:
        raise StoreError(f"{where} is no copy that can be read ({exc}); check the address") from exc


# -- into a folder ---------------------------------------------------------------------------------------------------


@contextmanager
def _unfinished(folder: Path, library: str, target: Target) -> Iterator[Path]:
    """Where the copy lies until it is whole: what an earlier run has left of the same library, or a new folder."""
    if target.url:
        check_is_new(folder, target.url)
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    try:
        with claimed(folder / COPYING_LOCK, wait=LOCK_SECONDS):
            part, note = folder / COPYING, folder / COPYING_NOTE
            for draft in folder.glob(f"{COPYING_NOTE}.*.part"):  # whoever wrote it was killed: the claim is ours
                draft.unlink()
            said = note.read_text(encoding="utf-8") if note.is_file() else ""
            there = [entry for entry in folder.iterdir() if entry.name not in (COPYING, COPYING_LOCK, COPYING_NOTE)]
            if there and (not said or (folder / CATALOGUE).exists()):
                raise StoreError(f"{folder} is not empty; name an empty folder, or one that is not there yet")
            if said not in ("", library):
                raise StoreError(f"{folder} holds an unfinished copy of another library; name another folder")
            write_whole(note, library.encode())
            with disk_errors(folder):
                part.mkdir(exist_ok=True)
                for entry in there:  # cut short while it was moved into place
                    entry.replace(part / entry.name)
            yield part
    except IndexBusy as exc:
        raise IndexBusy(f"Another process copies a library to {folder}; wait until it is done") from exc


def _copied(source: Path, place: Path, name: str) -> tuple[Entry, bool]:
    """The file, with its bytes at ``place``, and whether they had to be written."""
    entry = Entry(name, source.stat().st_size, _sum(source))
    if _is_there(place, entry):
        return entry, False
    part = place.with_name(place.name + PART)
    with disk_errors(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        with (
            source.open("rb") as file,
            open(part, "xb", opener=lambda path, flags: os.open(path, flags, _mode(name))) as out,
        ):
            shutil.copyfileobj(file, out, BLOCK)
        if not _is_there(part, entry):
            raise StoreError(f"{part} is not as it was written; check that disk, then run it again")
        part.replace(place)
    return entry, True


def _become_index(part: Path, folder: Path, entries: Iterable[Entry], source: str, target: Target) -> None:
    """Moved into place, the catalogue last, once it holds exactly these files and the catalogue is sound."""
    known = {part / entry.name for entry in entries}
    with disk_errors(part):
        for path in part.rglob("*"):
            if path.is_file() and path not in known:
                path.unlink()  # of a document that has gone since an earlier run, or half written by it
        for path in sorted((p for p in part.rglob("*") if p.is_dir()), reverse=True):
            if not any(path.iterdir()):
                path.rmdir()
    if hasattr(os, "sync"):
        os.sync()
    become_index(part, folder, Path(source), *target)
    with disk_errors(folder):
        shutil.rmtree(part)
        (folder / COPYING_NOTE).unlink()


def _files(place: Path) -> list[Path]:
    """All files of the moment. Raises :class:`IndexDamaged` where its catalogue is broken."""
    if fault := fault_of(place / CATALOGUE):
        raise IndexDamaged(f"The catalogue is damaged ({fault}); nothing was copied. Run `python -m rag doctor`")
    return sorted(path for path in place.rglob("*") if path.is_file() and not path.name.startswith(f"{CATALOGUE}-"))


def _room(part: Path, wanted: int) -> None:
    there = sum(path.stat().st_size for path in part.rglob("*") if path.is_file())
    free = shutil.disk_usage(part).free
    if wanted - there + SPARE > free:
        needed = f"{size_in_words(wanted - there + SPARE)} more, and {size_in_words(free)} are free"
        raise DiskFull(f"The copy needs {needed} at {part.parent}; free some space, or name another folder")


def _is_there(path: Path, entry: Entry) -> bool:
    return path.is_file() and path.stat().st_size == entry.size and _sum(path) == entry.sha256


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _blob(entry: Entry) -> str:
    return f"{BLOBS}/{entry.sha256}"


def _mode(name: str) -> int:
    return 0o600 if name in PRIVATE_FILES else 0o666
