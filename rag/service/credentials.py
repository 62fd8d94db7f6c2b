"""Who is let in, as a file of the index folder lists them: users and tokens, each with a name, a role and a hash.

Only who runs the program can read the file (:data:`PRIVATE`). A list that cannot be understood lets nobody in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from rag.disk import write_whole
from rag.errors import StoreError
from rag.service.roles import ROLES, Role, is_role

PRIVATE = 0o600

Stamp = tuple[int, int, int]
"""Another one whenever a file was written: its time, size and inode."""

Entry = TypeVar("Entry")


def stamp(path: Path) -> Stamp | None:
    """The stamp of a file; None where there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def read_list(path: Path, kind: str, make: Callable[[str, Role, str, str], Entry]) -> list[Entry]:
    """The ``kind`` ("users") of a file, made of name, role, hash and UTC of its making; none without a file.

    Raises :class:`StoreError` where the file cannot be understood.
    """
    try:
        listed = []
        for entry in json.loads(path.read_bytes())[kind]:
            name, role = str(entry["name"]), entry["role"]
            if not is_role(role):
                raise ValueError(f"the role of {name!r} is none of {', '.join(ROLES)}")
            listed.append(make(name, role, str(entry["hash"]), str(entry["created"])))
        return listed
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError, KeyError) as exc:
        raise StoreError(
            f"{path} cannot be read as a list of {kind} ({exc}); mend it, or delete it and make the {kind} again"
        ) from exc


def write_list(path: Path, kind: str, fields: Iterable[dict[str, str]]) -> None:
    """Write the whole list, of each entry its fields."""
    record = {kind: list(fields)}
    write_whole(path, json.dumps(record, ensure_ascii=False, indent=1).encode(), PRIVATE)
