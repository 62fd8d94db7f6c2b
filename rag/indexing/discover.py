"""Which files there are to add: those named, and the documents in the folders named."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ingestion.formats.detect import DOCUMENTS


def files_in(paths: Sequence[Path]) -> list[tuple[Path, str]]:
    """Files to add, each once, folders searched for documents; a path with nothing to add comes with the reason."""
    found: dict[Path, str] = {}
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in DOCUMENTS and p.is_file())
            found.update((p, "") for p in inside)
            if not inside:
                found[path] = (
                    f"{path} has no PDF or other document in it or in its folders; pictures, text and web pages "
                    "are added when they are named one by one"
                )
        elif not path.exists():
            found[path] = f"{path} does not exist; check the spelling"
        else:
            found[path] = ""
    return list(found.items())
