"""What documents a folder holds now. Links to folders are followed, each folder once, so that circles end."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from ingestion.formats.detect import DOCUMENTS

BEGINNINGS = (".", "~$", "$RECYCLE.BIN", "System Volume Information", "@eaDir", "lost+found")
"""Of names that are hidden, or an Office program's mark of an open file, or a system's own."""
ENDINGS = (".part", ".partial", ".crdownload", ".download", ".opdownload", ".tmp", ".temp", ".filepart", "~")
"""Of files that a program is still writing; the others of their kind have no document's ending anyway."""


class Stamp(NamedTuple):
    """``size`` in bytes, ``changed`` in nanoseconds since 1970, ``device`` the file system's number."""

    size: int
    changed: int
    device: int


@dataclass
class Seen:
    """``files`` by path; ``problems``: what could not be looked into, and why; ``empty`` folders with their devices."""

    files: dict[Path, Stamp] = field(default_factory=dict)
    problems: dict[Path, str] = field(default_factory=dict)
    empty: dict[Path, int] = field(default_factory=dict)


def skipped(name: str) -> bool:
    """Whether a file or folder of this name is left alone."""
    return name.startswith(BEGINNINGS) or name.lower().endswith(ENDINGS)


def wanted(name: str) -> bool:
    """Whether a file of this name is a document; pictures, text and web pages are not taken from folders."""
    return not skipped(name) and name.lower().endswith(DOCUMENTS)


def scan(folder: Path, without: Path) -> Seen:
    """All documents below ``folder``, but nothing below ``without``, the index itself. Raises nothing."""
    seen, been, waiting = Seen(), set[tuple[int, int]](), [folder]
    while waiting:
        place = waiting.pop()
        try:
            here = place.stat()
            if (here.st_dev, here.st_ino) in been or place.resolve() == without:
                continue
            been.add((here.st_dev, here.st_ino))
            with os.scandir(place) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except FileNotFoundError:
            seen.problems[place] = f"{place} is not there; is its disk or network share connected?"
            continue
        except OSError as exc:
            seen.problems[place] = f"{place} cannot be looked into ({exc.strerror}); check its permissions."
            continue
        if not found:
            seen.empty[place] = here.st_dev
        folders = [Path(entry.path) for entry in found if _look_at(entry, seen)]
        waiting += reversed(folders)
    return seen


def _look_at(entry: os.DirEntry[str], seen: Seen) -> bool:
    """Note a document; whether the entry is a folder to go into."""
    if skipped(entry.name):
        return False
    path = Path(entry.path)
    try:
        if entry.is_dir():
            return True
        if not wanted(entry.name):
            return False
        entry.path.encode()
        file = path.stat()
        if entry.is_file():
            seen.files[path] = Stamp(file.st_size, file.st_mtime_ns, file.st_dev)
    except UnicodeEncodeError:
        seen.problems[path] = f"{entry.name!a} has a name that is no text; rename it"
    except FileNotFoundError:  # gone meanwhile, or a link to nothing
        return False
    except OSError as exc:
        seen.problems[path] = f"{path} cannot be looked at ({exc.strerror})"
    return False
