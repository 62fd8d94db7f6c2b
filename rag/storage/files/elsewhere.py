"""A library's files in a folder elsewhere or an object store (``PAGESIGHT_FILES``), with a cache of them in the index.

    <address>/library.json             whose files these are
    <address>/parts/<version>/<name>   a file of a version of a part of a document; never changed

The catalogue says which version is the present one (:mod:`rag.storage.records.stored_parts`). A part is written in this
order: its version noted as coming, its files, the catalogue's commit; it goes in this order: the commit, its files, its
row. So what the catalogue names is there, whatever is killed when, and every machine reads the same. A file that is
missing all the same is a file that is not there: whoever opens it says so, and ``rag doctor`` names it.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import secrets
import shutil
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from rag.disk import disk_errors
from rag.errors import IndexBusy, StoreError
from rag.lru import Recent
from rag.storage.files.document_files import PARSED
from rag.storage.files.objects import ObjectLost, Objects, is_address
from rag.storage.files.parts_cache import PartsCache
from rag.storage.records import stored_parts
from rag.storage.records.catalogue import Catalogue
from rag.storage.records.stored_parts import Files, StoredPart
from rag.storage.tables.database import raise_revision, utc_now

LIBRARY = "files"  # manifest key: the name of the library whose files are at the address
NOTE = "library.json"
PARTS = "parts"
UNFINISHED = "unfinished"  # state in it while a library is being moved there
MOST_NOTE = 10_000  # bytes
AT_ONCE = 8  # requests: each waits for its answer most of the time
KNOWN = 256  # lists of files that are remembered: some 100 bytes a file
WAITED = 7 * 86_400  # seconds after which a version that came to nothing is given up
SWEEP_LOCK = "backup.lock"  # whoever takes a moment of the library has it: nothing is deleted meanwhile

log = logging.getLogger(__name__)


class LostFile(NamedTuple):
    """A file that the catalogue names and the store does not have, or not with its bytes."""

    doc: str
    part: str
    name: str


class Elsewhere:
    """The files of the library that ``catalogue`` describes. ``limit``: bytes of the cache in ``root``.

    Every method that reads or writes raises :class:`StoreError` where the store cannot be used.
    """

    def __init__(self, address: str, root: Path, catalogue: Catalogue, limit: float) -> None:
        self.objects = open_objects(address)
        self.cache = PartsCache(root, limit)
        self._catalogue = catalogue
        self._files: Recent[str, Files] = Recent(KNOWN)

    # -- reading -------------------------------------------------------------------------------------------------

    def version(self, doc: str, part: str, latest: bool = False) -> str | None:
        """Of a document's part; None where it has none. ``latest``: also inside a snapshot of an earlier moment."""
        with self._catalogue.latest() if latest else self._catalogue.reading() as db:
            return stored_parts.current(db, doc, part)

    def files(self, version: str) -> Files:
        """Of a version."""
        known = self._files.get(version)
        if known is None:
            with self._catalogue.latest() as db:
                known = stored_parts.files(db, version)
            if known:
                self._files.put(version, known)
        return known

    def folder(self, version: str) -> Path:
        """Where files of a version lie once they were asked for."""
        return self.cache.place(version)

    def file(self, version: str, name: str) -> Path:
        """Where a file lies here, brought now where it is not; of one that the store has lost nothing lies there."""
        place = self.cache.place(version) / name
        if not place.is_file() and name in self.files(version):
            try:
                self._bring(version, name, place)
            except ObjectLost:
                log.warning(
                    "%s/%s is not there, or not as it was written; run `python -m rag doctor --repair`",
                    self.objects.address,
                    _object(version, name),
                )
        return place

    def whole(self, version: str, names: Iterable[str] | None = None) -> Path:
        """The folder with all files, or those of these names that the version has."""
        listed = self.files(version)
        wanted = listed if names is None else [name for name in dict.fromkeys(names) if name in listed]
        folder = self.cache.place(version)
        missing = [name for name in wanted if not (folder / name).is_file()]
        with ThreadPoolExecutor(AT_ONCE, "fetch") as pool:
            for _ in pool.map(lambda name: self.file(version, name), missing):
                pass
        return folder

    @contextmanager
    def held(self, version: str, names: Iterable[str] | None = None) -> Iterator[Path]:
        """As :meth:`whole`; nothing of it leaves the cache inside the block."""
        with self.cache.held(version):
            yield self.whole(version, names)

    def _bring(self, version: str, name: str, place: Path) -> None:
        with self.cache.draft(place) as part:
            self.objects.fetch(_object(version, name), self.files(version)[name][1], part)

    # -- writing -------------------------------------------------------------------------------------------------

    def send(self, doc: str, part: str, folder: Path) -> str:
        """Write all files below a folder as a version that is coming; its name. The folder stays."""
        files = _listed(folder)
        with self._catalogue.writing() as db:
            version = stored_parts.begin(db, doc, part, files, utc_now())
        try:
            self._put_all(version, folder, files)
        except BaseException:
            with suppress(StoreError):
                self.give_up(version)
            raise
        return version

    def _put_all(self, version: str, folder: Path, files: Files) -> None:
        def put(name: str) -> None:
            self.objects.put(_object(version, name), folder / name)

        with ThreadPoolExecutor(AT_ONCE, "send") as pool:
            for _ in pool.map(put, files):
                pass
        self.objects.flush()

    def put(self, doc: str, part: str, folder: Path) -> None:
        """Write a part, in place of what it was; the folder is moved into the cache."""
        version = self.send(doc, part, folder)
        with self._catalogue.writing() as db:
            stored_parts.adopt(db, doc, {part: version})
            raise_revision(db)
        self.cache.take(version, folder)

    def amend(self, doc: str, part: str, new: Mapping[str, Path], without: Collection[str] = ()) -> None:
        """Write a part with some files others than they were; what the store has lost of it is left out."""
        version = self.version(doc, part, latest=True)
        with self.cache.workplace() as draft:
            if version is not None:
                with self.held(version) as folder:
                    for name in self.files(version):
                        if name not in without and name not in new and (folder / name).is_file():
                            _copy(folder / name, draft / name)
            for name, path in new.items():
                _copy(path, draft / name)
            self.put(doc, part, draft)

    def give_up(self, version: str) -> None:
        """A version that was sent is not to be the document's."""
        with self._catalogue.writing() as db:
            stored_parts.give_up(db, version)

    def drop(self, doc: str, part: str) -> None:
        """Take a part away; its files are deleted by :meth:`sweep`."""
        with self._catalogue.writing() as db:
            if stored_parts.drop(db, doc, part):
                raise_revision(db)

    def rename(self, doc: str, part: str, to: str) -> None:
        """A part becomes another one; nothing happens where the document has none of that name."""
        with self._catalogue.writing() as db:
            if stored_parts.rename(db, doc, part, to):
                raise_revision(db)

    def sweep(self) -> None:
        """Delete what has gone, unless somebody takes a moment of the library just now; what fails waits."""
        before = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - WAITED))
        with self._catalogue.reading() as db:
            gone = stored_parts.in_state(db, stored_parts.GONE)
            old = db.execute(
                "SELECT 1 FROM stored_parts WHERE state = ? AND at < ?", (stored_parts.COMING, before)
            ).fetchone()
        if not gone and old is None:
            return
        try:
            with self._catalogue.lock(SWEEP_LOCK, wait=0.0):
                with self._catalogue.writing() as db:
                    stored_parts.give_up_old(db, before)
                    gone = stored_parts.in_state(db, stored_parts.GONE)
                for part in gone:
                    self.objects.delete([_object(part.version, name) for name in self.files(part.version)])
                    self.cache.drop(part.version)
                with self._catalogue.writing() as db:
                    stored_parts.forget(db, (part.version for part in gone))
        except IndexBusy as exc:
            log.info("what has gone is deleted another time: %s", exc)
        except StoreError as exc:
            log.warning("what has gone is deleted another time: %s", exc)

    def documents(self, part: str) -> set[str]:
        """Which have a part."""
        with self._catalogue.latest() as db:
            return stored_parts.documents(db, part)

    def labels(self) -> set[str]:
        """The names of all parts that are there."""
        with self._catalogue.latest() as db:
            return stored_parts.labels(db)

    def bytes_of(self, part: str, doc: str = "") -> int:
        """Of all versions of a part, or of one document's."""
        with self._catalogue.latest() as db:
            docs = [doc] if doc else sorted(stored_parts.documents(db, part))
            versions = [version for doc in docs if (version := stored_parts.current(db, doc, part)) is not None]
        return sum(size for version in versions for size, _ in self.files(version).values())

    # -- the library as a whole ----------------------------------------------------------------------------------

    def check_belongs(self) -> None:
        """Raises :class:`StoreError` where the address has the files of another library, or none any more.

        A library that has no documents yet takes an address that nobody has.
        """
        self.cache.clear_drafts()
        address, noted = self.objects.address, self._catalogue.manifest.get(LIBRARY, "")
        mark = self._mark()
        there = str(mark.get("library", ""))
        if noted and there == noted:
            if mark.get("state") == UNFINISHED:  # cut short when all was there
                self.claim(noted)
            return
        with self._catalogue.reading() as db:
            empty = not db.execute("SELECT 1 FROM stored_parts").fetchone()
            documents = db.execute("SELECT 1 FROM documents").fetchone() is not None
        if there:
            raise StoreError(f"{address} has the files of another library; check PAGESIGHT_FILES and the index")
        if noted and not empty:
            raise StoreError(f"{address} has no library any more; check PAGESIGHT_FILES, or restore a backup")
        if documents and not noted:
            raise StoreError(
                f"This library has its files in its folder, not in {address}. To move it: `python -m rag backup FILE` "
                "without PAGESIGHT_FILES, then with it `python -m rag restore FILE --to ANOTHER_FOLDER`"
            )
        name = noted or secrets.token_hex(16)
        self._catalogue.note(LIBRARY, name)
        self.claim(name)

    def claim(self, name: str) -> None:
        """The address is that of the library of this name."""
        self.objects.put(NOTE, mark_of(name))

    def _mark(self) -> dict[str, str]:
        data = self.objects.read(NOTE, MOST_NOTE)
        try:
            return {} if data is None else {"library": str(json.loads(data)["library"]), **json.loads(data)}
        except (ValueError, KeyError, TypeError) as exc:
            raise StoreError(f"{self.objects.address}/{NOTE} is none of ours; check PAGESIGHT_FILES") from exc

    def parts(self) -> list[StoredPart]:
        """All that is there, of documents and of the trash."""
        with self._catalogue.reading() as db:
            return stored_parts.in_state(db, stored_parts.THERE)

    def lost(self) -> list[LostFile]:
        """What the catalogue names and the store lacks; the store is asked for its names and sizes once."""
        sizes = self.objects.sizes(PARTS)
        return [
            LostFile(part.doc, part.part, name)
            for part in self.parts()
            if part.part != stored_parts.NOTE
            for name, (size, _) in self.files(part.version).items()
            if sizes.get(_object(part.version, name)) != size
        ]

    def unknown(self) -> list[str]:
        """Objects of versions that the catalogue does not know; those of another machine are known before they come."""
        there = self.objects.sizes(PARTS)
        with self._catalogue.latest() as db:
            known = {str(row[0]) for row in db.execute("SELECT version FROM stored_parts")}
        return [name for name in there if name.split("/")[1] not in known]

    def put_back(self) -> None:
        """What the store has lost and the cache still has."""
        for doc, part, name in self.lost():
            version = self.version(doc, part, latest=True)
            place = self.cache.place(version or "") / name
            if version is not None and place.is_file() and _sum(place) == self.files(version)[name][1]:
                self.objects.put(_object(version, name), place)

    def clear_unknown(self, into: Path) -> list[Path]:
        """Delete what :meth:`unknown` tells; what was a document's folder is saved first, each in a folder ``into``."""
        saved, unknown = list[Path](), self.unknown()
        for version in sorted({name.split("/")[1] for name in unknown}):
            names = [name for name in unknown if name.split("/")[1] == version]
            if _object(version, PARSED) in names:
                for name in names:
                    self.objects.save(name, into / version / name.removeprefix(_object(version, "")))
                saved.append(into / version)
            self.objects.delete(names)
        return saved

    def note(self, part: StoredPart) -> str:
        """The note of a removed document, as ``trash.json`` on the disk has it."""
        with self._catalogue.latest() as db:
            return stored_parts.note(db, part.version)

    def take_library(self, root: Path) -> str:
        """Write the files of the index in ``root``, whose catalogue this is, to an address that nobody has; the name.

        They are deleted there. The address is to be claimed by that name once there is an index. What a call that was
        cut short has written is deleted first. Raises :class:`StoreError` where the address has a library.
        """
        mark = self._mark()
        if mark and mark.get("state") != UNFINISHED:
            raise StoreError(f"{self.objects.address} has a library already; name another address in PAGESIGHT_FILES")
        name = secrets.token_hex(16)
        self.objects.put(NOTE, json.dumps({"library": name, "state": UNFINISHED}).encode())
        self.objects.delete(list(self.objects.sizes(PARTS)))
        for doc, part, folder in _parts_in(root):
            if part == stored_parts.NOTE:
                with self._catalogue.writing() as db:
                    stored_parts.write_note(db, doc, (folder / "trash.json").read_text(encoding="utf-8"), utc_now())
                continue
            version = self.send(doc, part, folder)
            with self._catalogue.writing() as db:
                stored_parts.adopt(db, doc, {part: version})
        for top in ("files", "vectors", "trash"):
            shutil.rmtree(root / top, ignore_errors=True)
        self._catalogue.note(LIBRARY, name)
        return name


def _parts_in(root: Path) -> Iterator[tuple[str, str, Path]]:
    """Document, part and folder of all that an index on the disk has; the arrays of a document get a folder."""
    for folder in _folders(root / "files"):
        yield folder.name, stored_parts.DOCUMENT, folder
    for shelf in _folders(root / "vectors"):
        for doc in sorted({path.name.split(".")[0] for path in shelf.iterdir() if path.is_file()}):
            with disk_errors(shelf):
                (shelf / f"{doc}.part").mkdir()
                for path in [path for path in shelf.glob(f"{doc}.*") if path.is_file()]:
                    path.replace(shelf / f"{doc}.part" / path.name)
            yield doc, shelf.name, shelf / f"{doc}.part"
    for folder in _folders(root / "trash"):
        yield folder.name, stored_parts.NOTE, folder
        for inner in _folders(folder):
            yield folder.name, f"{stored_parts.TRASH}{inner.name}", inner


def _folders(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []


def folder_of(part: StoredPart) -> str:
    """Where an index on the disk has a part, below its folder."""
    inside = part.part.removeprefix(stored_parts.TRASH)
    if inside != part.part:
        return f"trash/{part.doc}" if part.part == stored_parts.NOTE else f"trash/{part.doc}/{inside}"
    return f"files/{part.doc}" if part.part == stored_parts.DOCUMENT else f"vectors/{part.part}"


def mark_of(name: str) -> bytes:
    """What an address says that has the files of the library of this name."""
    return json.dumps({"library": name}).encode()


def open_objects(address: str) -> Objects:
    """The store at an address; a folder may be named by its path. Raises :class:`~rag.errors.BadSettings`."""
    return Objects(address if is_address(address) else Path(address).expanduser().resolve().as_uri())


def _object(version: str, name: str) -> str:
    return f"{PARTS}/{version}/{name}"


def _listed(folder: Path) -> Files:
    found = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".part")
    return {path.relative_to(folder).as_posix(): (path.stat().st_size, _sum(path)) for path in found}


def _sum(path: Path) -> str:
    with disk_errors(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy(source: Path, target: Path) -> None:
    """A second name for a file that is never changed; a copy where the disk has no links."""
    with disk_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source, target)
        except OSError:
            shutil.copyfile(source, target)
