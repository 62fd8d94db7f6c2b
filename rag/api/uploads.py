"""A file that a request brings: its name made harmless, its bytes on disk."""

from __future__ import annotations

import shutil
import unicodedata
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from rag.api.problems import Refused
from rag.disk import disk_errors

LONGEST = 200  # bytes of a name: file systems take 255, and something may be put before or after it
PIECE = 1 << 20  # bytes copied at once


def plain_name(name: str) -> str:
    """The last part of a name that came from outside, without signs that cannot be seen. Raises :class:`Refused`."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    seen = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip().lstrip(".").strip()
    if not seen:
        raise Refused(422, "file-name", f"The file's name, {name[:80]!r}, cannot be used; give one such as manual.pdf.")
    stem, dot, ending = seen.rpartition(".")
    if not dot or len(ending.encode()) > LONGEST // 4:
        stem, ending = seen, ""
    room = LONGEST - len(ending.encode()) - 1
    return f"{stem.encode()[:room].decode(errors='ignore').strip()}{dot and ending and '.'}{ending}"


def stored(source: BinaryIO, name: str, folder: Path) -> Path:
    """Write what is read from ``source`` below ``folder``, under its plain name. Raises :class:`Refused` and
    :class:`~rag.errors.DiskFull`; then nothing is left."""
    place = folder / uuid4().hex
    path = place / "file" / plain_name(name)
    try:
        with disk_errors(path):
            path.parent.mkdir(parents=True)
            with path.open("wb") as file:
                shutil.copyfileobj(source, file, PIECE)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    return path
