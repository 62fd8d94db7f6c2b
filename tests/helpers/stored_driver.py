"""Adds, replaces and removes a document whose files lie elsewhere, and kills itself at the moment that is asked for.

INDEX FILES MOMENT: before the n-th object is written, or the n-th call of a commit, a delete or the cache.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from made_documents import make_document

from rag.config import Settings
from rag.index import Index
from rag.indexing.commit import store
from rag.storage.files.objects import Objects
from rag.storage.files.parts_cache import PartsCache
from rag.storage.incoming import claim
from rag.storage.records.catalogue import Catalogue

ROOT, FILES, MOMENT = sys.argv[1], sys.argv[2], int(sys.argv[3])
calls = 0


def counted(owner: type, name: str) -> None:
    done: Callable[..., Any] = getattr(owner, name)

    def call(*args: Any, **named: Any) -> Any:
        global calls
        calls += 1
        if calls == MOMENT:
            os.kill(os.getpid(), signal.SIGKILL)
        return done(*args, **named)

    setattr(owner, name, call)


with Index.open(Settings(index=Path(ROOT), encoder="builtin", words="static", files=FILES)) as index:
    for owner, name in (
        (Objects, "put"),
        (Objects, "delete"),
        (Catalogue, "add"),
        (Catalogue, "remove"),
        (PartsCache, "take"),
    ):
        counted(owner, name)
    for purpose in ("add", "replace"):
        folder = index.files.stage()
        document = make_document(folder, 5)
        with claim(index.root, document.id):
            store(index, document, folder, lambda step: None, purpose)
        index.settle()
        print("in", document.id, flush=True)
    index.remove(document.id)
    print("out", document.id, flush=True)
    index.restore(document.id)
    print("in", document.id, flush=True)
    index.remove(document.id, keep=False)
    print("gone", document.id, flush=True)
    print("calls", calls, flush=True)
