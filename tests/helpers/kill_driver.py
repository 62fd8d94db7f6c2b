"""Stores made documents one after another until it is killed; prints each document's id once it is committed.

python kill_driver.py INDEX FIRST COUNT
"""

from __future__ import annotations

import sys
from pathlib import Path

from made_documents import make_document

from rag.config import Settings, quiet
from rag.index import Index


def main(root: Path, first: int, count: int) -> None:
    quiet()
    with Index.open(Settings(index=root, encoder="builtin", words="static"), create=True) as index:
        print("open", flush=True)
        for number in range(first, first + count):
            folder = root.with_name("made") / str(number)
            document = index.store(make_document(folder, number, pages=6, paragraphs=12), folder)
            print(document.id, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
