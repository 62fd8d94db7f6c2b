"""A backup: one moment of an index in one file, taken while others search, ask, add and remove.

For that moment nobody may commit: the catalogue is copied, and every file gets a second name (a hard link, which takes
no room), so that what is removed or read again afterwards is still there. Then the links are packed at leisure:

    FILE                       a ZIP archive that any program opens
      manifest.json            what it is, of when, and of each file its size and SHA-256
      catalogue.sqlite3        documents, full text, conversations, votes, collections
      files/…  vectors/…  trash/…  alignments/…          as in the index
      users.json  tokens.json  model.json                who may sign in, and the model that was chosen

The vector database and the codes of vectors are made anew from the arrays, so they are left out, and so is what is on
its way in. :mod:`rag.storage.copies.backup_file` reads it back.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, NamedTuple

from rag.disk import disk_errors, write_whole
from rag.errors import IndexBusy, IndexDamaged, StoreError
from rag.storage import trash
from rag.storage.copies.backup_file import BLOCK, FOLDERS, MANIFEST, PRIVATE_FILES, Contents, Entry, is_backup
from rag.storage.files.document_files import ORIGINAL
from rag.storage.files.elsewhere import Elsewhere, folder_of
from rag.storage.records import credentials, stored_parts
from rag.storage.records.conversations import count as count_conversations
from rag.storage.records.stored_parts import StoredPart
from rag.storage.tables.database import utc_now
from rag.storage.tables.library import CATALOGUE
from rag.storage.tables.sqlite_file import fault_of
from rag.storage.writer import IndexWriter
from rag.types import Progress

BACKUP = "backup"  # folder of the links while they are packed
LOCK = "backup.lock"
PART = ".part"
PRIVATE = 0o600  # the file holds what everybody asked, and keys
PACKED = (".json", ".sqlite3")  # what gets smaller: pictures and numbers do not

log = logging.getLogger(__name__)
Report = Callable[[Progress], None]


class BackedUp(NamedTuple):
    """What was written: ``problems`` are files of the index that are not what they should be, packed as they are."""

    contents: Contents
    size: int
    problems: tuple[str, ...]


def back_up(index: IndexWriter, target: Path, report: Report) -> BackedUp:
    """Write a backup to ``target``; one that is there is replaced when the new one is whole.

    Raises :class:`StoreError` for a target that is another file or lies in the index, :class:`IndexBusy` where another
    process is making one, :class:`DiskFull`.
    """
    target = target.absolute()
    if target.resolve().is_relative_to(index.root.resolve()):
        raise StoreError(f"{target} lies in the index itself; name a file elsewhere, best on another disk")
    if target.exists() and not is_backup(target):
        raise StoreError(f"{target} is there and is no backup; name another file")
    part = target.with_name(target.name + PART)
    with moment(index) as (place, contents):
        try:
            problems = _pack(place, part, contents, report)
            with disk_errors(target):
                part.replace(target)
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)
    return BackedUp(contents, target.stat().st_size, tuple(problems))


def clear_leftovers(index: IndexWriter) -> None:
    """Delete the links that a backup which was killed has left; one that runs keeps its own."""
    if (index.root / BACKUP).is_dir():
        try:
            with _only_one(index):
                pass
        except StoreError as exc:
            log.info("what lies in %s stays: %s", index.root / BACKUP, exc)


# -- the moment ------------------------------------------------------------------------------------------------------


@contextmanager
def moment(index: IndexWriter) -> Iterator[tuple[Path, Contents]]:
    """All files of one moment, linked into a folder that goes with the block, and what they are, but for their sums.

    Raises :class:`IndexBusy` where another process is making a backup or a copy.
    """
    with _only_one(index) as place:
        contents, parts = _take(index, place)
        if index.elsewhere is not None:
            _bring(index.elsewhere, parts, place)
        yield place, contents


@contextmanager
def _only_one(index: IndexWriter) -> Iterator[Path]:
    place = index.root / BACKUP
    with ExitStack() as held:
        try:
            held.enter_context(index.catalogue.lock(LOCK, wait=0.0))
        except IndexBusy as exc:
            raise IndexBusy(f"Another backup or copy of {index.root} is being made; wait until it is done") from exc
        index.files.discard(place)
        held.callback(index.files.discard, place)
        with disk_errors(place):
            place.mkdir()
        yield place


def _take(index: IndexWriter, place: Path) -> tuple[Contents, list[StoredPart]]:
    """Copy the catalogue and link the files, all of one moment; what of them lies elsewhere is said."""
    with index.still(), index.catalogue.snapshot():  # the latter for what needs no right to write: conversations, votes
        conversations = count_conversations(index.catalogue)  # the first that is read sets the moment, a copy does not
        index.catalogue.copy_to(place / CATALOGUE)
        known = {generation.label for generation in index.catalogue.generations()}
        for name in FOLDERS:
            folders = [index.root / name]
            if name == "vectors":
                folders = [index.root / name / label for label in sorted(known)]
            for folder in folders:
                _link_tree(folder, place / folder.relative_to(index.root))
        for name in PRIVATE_FILES:
            if (index.root / name).is_file():
                _link(index.root / name, place / name)
        if index.catalogue.shared:
            credentials.write_files(index.catalogue, place)
        rows = index.catalogue.documents()
        contents = Contents(
            created=utc_now(),
            schema=index.catalogue.schema,
            revision=index.catalogue.state().revision,
            documents=len(rows),
            pages=sum(row.pages for row in rows),
            conversations=conversations,
        )
        return contents, index.elsewhere.parts() if index.elsewhere is not None else []


def _bring(elsewhere: Elsewhere, parts: list[StoredPart], place: Path) -> None:
    """The files of these parts where an index on the disk has them; nothing is deleted there while we hold the lock."""
    for part in parts:
        folder = place / folder_of(part)
        if part.part == stored_parts.NOTE:
            write_whole(folder / trash.NOTE, elsewhere.note(part).encode())
            continue
        with elsewhere.held(part.version) as there:
            for name in elsewhere.files(part.version):
                if (there / name).is_file():
                    with disk_errors(folder):
                        (folder / name).parent.mkdir(parents=True, exist_ok=True)
                    _link(there / name, folder / name)


def _link_tree(source: Path, target: Path) -> None:
    """All files below a folder, but for those that are still being written."""
    for folder, _, names in os.walk(source):
        there = target / Path(folder).relative_to(source)
        with disk_errors(there):
            there.mkdir(parents=True, exist_ok=True)
        for name in sorted(names):  # the note of an array, which says that it is whole, before the array
            if not name.endswith(PART):
                _link(Path(folder) / name, there / name)


def _link(source: Path, target: Path) -> None:
    """A second name for a file, whose bytes are never changed, only replaced; a copy where the disk has no links."""
    with disk_errors(target):
        try:
            os.link(source, target, follow_symlinks=False)
        except FileNotFoundError:  # of a generation that is being built: a document has gone
            return
        except OSError:
            shutil.copy2(source, target)


# -- packing ---------------------------------------------------------------------------------------------------------


def _pack(place: Path, part: Path, contents: Contents, report: Report) -> list[str]:
    fault = fault_of(place / CATALOGUE)
    if fault:
        raise IndexDamaged(f"The catalogue is damaged ({fault}); nothing was backed up. Run `python -m rag doctor`")
    paths = sorted(path for path in place.rglob("*") if path.is_file() and not path.name.startswith(f"{CATALOGUE}-"))
    entries, problems = [], list[str]()
    with disk_errors(part), _new(part) as file:
        with zipfile.ZipFile(file, "w") as archive:
            for done, path in enumerate(paths, 1):
                entry, crc = _pack_one(archive, path, path.relative_to(place).as_posix())
                entries.append(entry)
                problems += _doubts(path, entry, crc)
                report(Progress(part.name.removesuffix(PART), "packing", done, len(paths)))
            manifest = replace(contents, files=tuple(entries)).to_json()
            archive.writestr(zipfile.ZipInfo(MANIFEST), manifest, zipfile.ZIP_DEFLATED)
        file.flush()
        os.fsync(file.fileno())
    return problems


@contextmanager
def _new(part: Path) -> Iterator[BinaryIO]:
    """A file that only its owner may read; what a killed backup has left is overwritten."""
    with open(part, "wb", opener=lambda name, flags: os.open(name, flags, PRIVATE)) as file:
        os.chmod(part, PRIVATE)  # noqa: PTH101
        yield file


def _pack_one(archive: zipfile.ZipFile, path: Path, name: str) -> tuple[Entry, int]:
    info = zipfile.ZipInfo.from_file(path, name, strict_timestamps=False)
    info.compress_type = zipfile.ZIP_DEFLATED if path.suffix in PACKED else zipfile.ZIP_STORED
    digest, crc, size = hashlib.sha256(), 0, 0
    with path.open("rb") as source, archive.open(info, "w", force_zip64=info.file_size > 1 << 30) as packed:
        while block := source.read(BLOCK):
            digest.update(block)
            crc, size = zlib.crc32(block, crc), size + len(block)
            packed.write(block)
    return Entry(name, size, digest.hexdigest()), crc


def _doubts(path: Path, entry: Entry, crc: int) -> Iterator[str]:
    """Originals are named by their sum, and arrays have theirs noted: neither may have changed on the disk."""
    top = entry.name.partition("/")[0]
    if top == "files" and path.name.startswith(f"{ORIGINAL}.") and path.parent.name != entry.sha256:
        yield f"{entry.name} is not the file that was added"
    if top == "vectors" and path.suffix == ".npy":
        with suppress(OSError, ValueError, AttributeError):
            noted = json.loads(path.with_suffix(".json").read_bytes()).get("checksum")
            if noted and noted != f"{crc:08x}":
                yield f"{entry.name} has other numbers than were written"
