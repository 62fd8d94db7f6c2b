"""The files of documents: one folder per document, named by its id, which is the hash of the original's bytes.

A folder is filled elsewhere on the same file system and moved into place in one rename, so it is there whole or not.

    <index>/files/<document id>/original.pdf (or .docx, .png, …)  document.json  pages/0001.webp  crops/…
    <index>/staging/<random>/                 folders being filled; nothing in it outlives the writer
    <index>/reading/<document id>/            the same of a document being read; kept for KEPT_DAYS if that is stopped

Everybody else asks :class:`DocumentFiles` for a file before opening it: they may lie elsewhere
(:mod:`rag.storage.files.stored_files`).
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ingestion.elements import BBox, Cell, Chunk, Document, Element, Page, PageProblem, Region, lines_file
from ingestion.formats.detect import DOCUMENTS, OTHERS
from rag.disk import disk_errors, write_whole
from rag.errors import IndexDamaged, StoreError

FORMAT = 1  # of document.json
ORIGINAL = "original"  # and the extension of its name, for people; what it is stands in its bytes
PARSED = "document.json"
PARSER = "parser.json"  # with what it was parsed
KEPT_DAYS = 7  # what a stopped run has read


class DocumentFiles:
    """The folders below one index folder."""

    def __init__(self, root: Path, reading: str = "reading") -> None:
        self.root = root / "files"
        self.staging = root / "staging"
        self.reading = root / reading

    def document(self, doc_id: str) -> Path:
        """Folder of a document (which may not exist)."""
        return self.root / doc_id

    def exists(self, doc_id: str) -> bool:
        """Whether a document has files, whole or not."""
        return self.document(doc_id).is_dir()

    def file(self, doc_id: str, name: str) -> Path:
        """Where a file of a document lies, by its path in the folder; it may not be there."""
        return self.document(doc_id) / name

    def path(self, doc_id: str, relative: str) -> Path:
        """Absolute path of an image named in a document. Raises :class:`StoreError` if it leads out of the folder."""
        folder = self.document(doc_id).resolve()
        path = (folder / relative).resolve()
        if not path.is_relative_to(folder) or path == folder:
            raise StoreError(f"{relative!r} is not inside the folder of document {doc_id}; reindex the document")
        return self.file(doc_id, relative).resolve()

    @contextmanager
    def pictures(self, document: Document) -> Iterator[Path]:
        """The folder of a document with all pictures that it names, as far as they are there."""
        yield self.document(document.id)

    def amend(self, doc_id: str, new: Mapping[str, Path]) -> None:
        """With the right to write: put files of the disk into a document's folder, in place of those of that name."""
        for name, path in new.items():
            place = self.document(doc_id) / name
            with disk_errors(place):
                place.parent.mkdir(parents=True, exist_ok=True)
                path.replace(place)

    def set_original_aside(self, doc_id: str) -> None:
        """With the right to write: what is not the file that was added would keep the right one out."""
        original = self.original(doc_id)
        if original.is_file():
            with disk_errors(original):
                original.replace(original.with_name(f"damaged-{original.name}"))

    def original(self, doc_id: str) -> Path:
        """The file as it was added."""
        folder = self.document(doc_id)
        return next(folder.glob(f"{ORIGINAL}.*"), folder / f"{ORIGINAL}.pdf")

    def mark(self, doc_id: str) -> str:
        """Changes when the document is read again, which replaces its pictures; empty where it is not there."""
        try:
            stat = self.file(doc_id, PARSED).stat()
        except OSError:
            return ""
        return f"{stat.st_mtime_ns:x}-{stat.st_ino:x}"

    def lines(self, doc_id: str, page: int) -> list[tuple[str, BBox]]:
        """The lines of a page with their boxes; none where the page was not read in full."""
        return lines_at(self.file(doc_id, lines_file(page)))

    def ids(self) -> set[str]:
        """Documents that have a folder."""
        return {entry.name for entry in self.root.iterdir() if entry.is_dir()} if self.root.is_dir() else set()

    def stage(self) -> Path:
        """A new empty folder on the same file system, to be filled and adopted."""
        with disk_errors(self.staging):
            self.staging.mkdir(parents=True, exist_ok=True)
            return Path(tempfile.mkdtemp(dir=self.staging))

    def unfinished(self, doc_id: str) -> Path:
        """The folder, to be filled and adopted, of a document that is being read; a stopped run may have left pages."""
        folder = self.reading / doc_id
        with disk_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
        return folder

    def forget_unfinished(self, committed: Iterable[str]) -> None:
        """Delete what stopped runs left of documents that are there by now, or that nobody came back for."""
        known, oldest = set(committed), time.time() - KEPT_DAYS * 86_400
        for folder in self.reading.iterdir() if self.reading.is_dir() else ():
            if folder.name in known or folder.stat().st_mtime < oldest:
                self.discard(folder)

    def adopt(self, document: Document, folder: Path) -> None:
        """Write ``document.json`` into ``folder`` and move it into place in one rename, replacing what is there."""
        write_whole(folder / PARSED, to_json(document))
        self.adopt_whole(document.id, folder)

    def adopt_whole(self, doc_id: str, folder: Path) -> None:
        """As :meth:`adopt`, of a folder that has its ``document.json``."""
        replaced = self.stage()
        with disk_errors(self.root):
            self.root.mkdir(parents=True, exist_ok=True)
            if self.document(doc_id).exists():
                self.document(doc_id).replace(replaced / doc_id)
            folder.replace(self.document(doc_id))
        self.discard(replaced)

    def parser(self, doc_id: str) -> dict[str, Any]:
        """With what a document was parsed; empty where that was not noted."""
        return parser_of(self.file(doc_id, PARSER))

    def load_document(self, doc_id: str) -> Document:
        """Raises :class:`IndexDamaged` when the stored document is missing or cannot be read."""
        path = self.file(doc_id, PARSED)
        try:
            return from_json(path.read_bytes())
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as exc:
            raise IndexDamaged(
                f"{path} cannot be read ({exc}); run `python -m rag remove {doc_id[:12]}` and add the file again"
            ) from exc

    def remove(self, doc_id: str) -> None:
        """Take the folder away in one rename, then delete it."""
        folder = self.document(doc_id)
        if folder.exists():
            removed = self.stage()
            with disk_errors(folder):
                folder.replace(removed / doc_id)
            self.discard(removed)

    def move(self, folder: Path, place: Path) -> None:
        """Move a folder in one rename; what is at ``place`` is deleted first."""
        self.discard(place)
        with disk_errors(place):
            place.parent.mkdir(parents=True, exist_ok=True)
            folder.replace(place)

    def discard(self, folder: Path) -> None:
        """Delete a staged folder."""
        with disk_errors(folder):
            if folder.exists():
                shutil.rmtree(folder)

    def clear_staging(self) -> None:
        """Delete what unfinished writing has left."""
        if self.staging.exists():
            self.discard(self.staging)


def pictures_of(document: Document) -> list[str]:
    """Every picture that is named in a document: of pages, elements and chunks."""
    images = {p.image for p in document.pages} | {e.image for e in document.elements}
    images |= {c.image for c in document.chunks}
    return sorted(filter(None, images))


def lines_at(path: Path) -> list[tuple[str, BBox]]:
    """The lines of a page with their boxes, from the file of a page's lines; none where there is no such file.

    Raises :class:`IndexDamaged` where it cannot be read.
    """
    try:
        raw = json.loads(path.read_bytes())
        return [(str(text), BBox(*(float(v) for v in box))) for text, *box in raw]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError, RecursionError) as exc:
        raise IndexDamaged(f"{path} cannot be read ({exc}); remove the document and add it again") from exc


def copy_original(source: Path, folder: Path) -> None:
    """Copy a document's file into its staged folder."""
    extension = source.suffix.lower()
    copy = folder / f"{ORIGINAL}{extension if extension in (*DOCUMENTS, *OTHERS) else '.pdf'}"
    with disk_errors(folder):
        shutil.copyfile(source, copy)
        os.chmod(copy, 0o644)  # noqa: PTH101


def to_json(document: Document) -> bytes:
    """A document as the bytes of ``document.json``, UTF-8."""
    return json.dumps({"format": FORMAT, **asdict(document)}, ensure_ascii=False, separators=(",", ":")).encode()


def from_json(data: bytes) -> Document:
    """Inverse of :func:`to_json`. Raises ``ValueError`` or ``KeyError`` on anything else."""
    raw = json.loads(data)
    if raw["format"] != FORMAT:
        raise ValueError(f"format {raw['format']!r}, this version reads {FORMAT}")
    return Document(
        id=raw["id"],
        name=raw["name"],
        title=raw["title"],
        pages=tuple(Page(**page) for page in raw["pages"]),
        elements=tuple(element_from(element) for element in raw["elements"]),
        chunks=tuple(Chunk(**{**c, "regions": tuple(map(region_from, c["regions"]))}) for c in raw["chunks"]),
        problems=tuple(PageProblem(**problem) for problem in raw["problems"]),
    )


def element_from(raw: dict[str, Any]) -> Element:
    """An element's fields as JSON gives them back to an element."""
    cells = tuple(map(cell_from, raw.get("cells", ())))
    body = BBox(*raw["body"]) if raw.get("body") else None
    return Element(**{**raw, "region": region_from(raw["region"]), "cells": cells, "body": body})


def cell_from(raw: Sequence[Any]) -> Cell:
    """A cell's values in the order of its fields; earlier versions wrote fewer."""
    said = dict(zip(Cell._fields, raw, strict=False))
    box = said.get("bbox")
    return Cell(**{**said, "bbox": BBox(*box) if box else None})


def region_from(raw: Any) -> Region:
    """``[page, [x0, y0, x1, y1]]`` back to a region."""
    page, box = raw
    return Region(int(page), BBox(*box))


def parser_of(path: Path) -> dict[str, Any]:
    """What the file at ``path`` says of how a document was parsed; empty without that file. Raises
    :class:`IndexDamaged`."""
    try:
        note: dict[str, Any] = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as exc:
        raise IndexDamaged(f"{path} cannot be read ({exc}); delete that file") from exc
    return note
