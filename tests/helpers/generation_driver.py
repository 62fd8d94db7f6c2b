"""A process that reindexes, or searches without a pause, for tests of index generations.

python generation_driver.py reindex INDEX WORDS STAGE DONE      stops at that step of progress until it is killed
python generation_driver.py refuse INDEX WORDS STAGE DONE       the same with a gate that refuses; also at "gate" (it is
                                                                asked) and "refused" (that is committed)
python generation_driver.py reparse INDEX adopt_whole|add  stops there, with the right to write, until it is killed
python generation_driver.py search INDEX                        until standard input ends; prints what it saw as JSON
"""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path

from rag.config import Settings, quiet
from rag.index import Index
from rag.retrieval.search import search as search_hits
from rag.storage.reader import IndexReader
from rag.types import Progress, Query


def wait() -> None:
    print("there", flush=True)
    threading.Event().wait()


def reindex(root: Path, words: str, stage: str, done: int, refusing: bool) -> None:
    def stop(step: Progress) -> None:
        if (f"{step.name} {step.stage}", step.done) == (stage, done):
            wait()

    def gate(live: IndexReader, candidate: IndexReader) -> bool:
        if stage == "gate":
            wait()
        return False

    with Index.open(Settings(index=root, encoder="builtin", words="static")) as index:
        refuse = index.catalogue.refuse

        def refused(generation: int) -> None:
            refuse(generation)
            if stage == "refused":
                wait()

        index.catalogue.refuse = refused  # type: ignore[method-assign]
        index.reindex(words=words, progress=stop, gate=gate if refusing else None)


def reparse(root: Path, step: str) -> None:
    def stop(*arguments: object) -> None:
        wait()

    with Index.open(Settings(index=root, workers=1)) as index:
        owner = index.files if step == "adopt_whole" else index.catalogue
        setattr(owner, step, stop)
        list(index.reparse())


def search(root: Path) -> None:
    ended = threading.Event()

    def listen() -> None:
        sys.stdin.read()
        ended.set()

    with Index.open(Settings(index=root, encoder="builtin", words="static")) as index:
        threading.Thread(target=listen, daemon=True).start()
        seen, count, failures = set[int](), 0, list[str]()
        while not ended.is_set():
            try:
                found = search_hits(index, Query("How is the drain pump cleaned?"), 5, fresh=True).hits
                failures += [] if found else ["nothing was found"]
            except Exception as exc:  # a failed search is what the test counts
                failures.append(repr(exc))
            count += 1
            seen.add(index.generation.id)
            if count == 1:
                print("searching", flush=True)
    print(json.dumps({"count": count, "failures": failures, "generations": sorted(seen)}), flush=True)


if __name__ == "__main__":
    quiet()
    if sys.argv[1] == "search":
        search(Path(sys.argv[2]))
    elif sys.argv[1] == "reparse":
        reparse(Path(sys.argv[2]), sys.argv[3])
    else:
        reindex(Path(sys.argv[2]), sys.argv[3], sys.argv[4], int(sys.argv[5]), sys.argv[1] == "refuse")
