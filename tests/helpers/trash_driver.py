"""Removes documents and takes them back until it is killed.

python trash_driver.py INDEX
"""

from __future__ import annotations

import sys
from pathlib import Path

from rag.config import Settings, quiet
from rag.index import Index
from rag.storage import trash


def main(root: Path) -> None:
    quiet()
    with Index.open(Settings(index=root, encoder="builtin", words="static")) as index:
        print("open", flush=True)
        while True:
            for doc_id in index.catalogue.ids()[:2]:
                index.remove(doc_id)
            for row in trash.listed(index):
                index.restore(row.id)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
