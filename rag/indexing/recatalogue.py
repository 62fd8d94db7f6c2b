"""A library whose catalogue was lost, made anew of its documents' own files: each has what was read of it beside its
original.

    files/        is called files.lost from then on, so that a new catalogue takes nothing in it for a leftover
    files.lost/   from here one document after another is embedded and committed, and its folder deleted

What else the catalogue held (conversations, collections, votes, rights) is gone; there are backups for that.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from ingestion.elements import Document, file_id
from rag.disk import disk_errors
from rag.errors import RagError
from rag.indexing.commit import store
from rag.storage.files.document_files import ORIGINAL, PARSED, from_json
from rag.storage.incoming import claim
from rag.storage.tables.library import CATALOGUE, lost_documents
from rag.storage.writer import IndexWriter
from rag.types import Progress

LOST = "files.lost"
DERIVED = ("vectors", "chroma")  # of generations that nobody knows any more

log = logging.getLogger(__name__)
Report = Callable[[Progress], None]


class TakenBack(NamedTuple):
    """A document, and why it could not be committed; empty where it was."""

    name: str
    error: str = ""


def set_aside(root: Path) -> bool:
    """Where documents lie without a catalogue: give their folder the name that :func:`take_back` looks for.

    True where the catalogue is to be made.
    """
    if not lost_documents(root):
        return (root / LOST).is_dir() and not (root / CATALOGUE).is_file()
    with disk_errors(root):
        if (root / LOST).is_dir():
            for folder in (root / "files").iterdir():
                folder.replace(root / LOST / folder.name)
        else:
            (root / "files").replace(root / LOST)
        for name in DERIVED:
            if (root / name).is_dir():
                shutil.rmtree(root / name)
    return True


def waiting(root: Path) -> list[Path]:
    """Folders of documents that are still to be taken back."""
    return sorted(entry for entry in (root / LOST).iterdir() if entry.is_dir()) if (root / LOST).is_dir() else []


def take_back(index: IndexWriter, report: Report) -> list[TakenBack]:
    """Commit every document that waits; what is no whole document stays where it is. May be killed and run again."""
    done = [_taken_back(index, folder, report) for folder in waiting(index.root)]
    if (index.root / LOST).is_dir() and not waiting(index.root):
        shutil.rmtree(index.root / LOST)
    return done


def _taken_back(index: IndexWriter, folder: Path, report: Report) -> TakenBack:
    try:
        document = _document_in(folder)
        if not index.catalogue.has(document.id):
            copy = index.files.stage()
            with disk_errors(copy):
                shutil.copytree(folder, copy, dirs_exist_ok=True)
            with claim(index.root, document.id, None):
                store(index, document, copy, report)
        shutil.rmtree(folder)
    except (RagError, OSError, ValueError, KeyError, TypeError, RecursionError) as exc:
        log.info("%s was not taken back: %s", folder, exc)
        return TakenBack(folder.name[:12], str(exc))
    return TakenBack(document.name)


def _document_in(folder: Path) -> Document:
    """Raises ``ValueError`` and what reading it raises where it is not whole."""
    document = from_json((folder / PARSED).read_bytes())
    original = next(folder.glob(f"{ORIGINAL}.*"), None)
    if original is None or document.id != folder.name or file_id(original) != folder.name:
        raise ValueError("its original is missing, or is another file")
    return document
