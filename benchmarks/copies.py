#!/usr/bin/env python3
"""A library copied there and back: copies.py INDEX QUESTIONS [--postgres] [--store ADDRESS]: the same hits and files?

INDEX is copied by ``python -m rag copy`` to an object store, where nothing may be yet, and from there to a folder; with
``--postgres``, from there to a catalogue in PostgreSQL, started here, with its files in the store (``--as-set``), and
back to a folder. Unless ``--store`` names it, the store is a folder by obstore. After each step every question of the
set is searched in the library and in each document, and hits with their scores to nine digits are compared, then of
folders every file below ``files``, ``vectors`` and ``trash``.
Exit 0 where nothing differs. INDEX itself is copied first, since opening it may write.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "helpers")]

from rag.config import Settings, quiet  # noqa: E402
from rag.evaluation.questionset import read_questions  # noqa: E402
from rag.index import Index  # noqa: E402
from rag.retrieval.search import search  # noqa: E402
from rag.types import Query  # noqa: E402

K = 20  # hits of a question
KEPT = ("files", "vectors", "trash")
DIGITS = 9  # of the scores
Found = list[list[tuple[str, float]]]


def copied(said: Mapping[str, str], *options: object) -> float:
    """Processor seconds of the command, with what it starts; ``said`` goes into its environment."""
    command = [sys.executable, "-m", "rag", "copy", *map(str, options)]
    before = os.times()
    subprocess.run(command, cwd=ROOT, env={**os.environ, **said}, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def hits(settings: Settings, questions: list[str]) -> Found:
    with Index.open(settings) as index:
        whole = [Query(text) for text in questions]
        each = [replace(one, docs=frozenset([doc])) for doc in sorted(index.catalogue.ids()) for one in whole]
        found = [search(index, one, K).hits for one in (*whole, *each)]
    return [[(hit.chunk.id, round(hit.score, DIGITS)) for hit in one] for one in found]


def files(folder: Path) -> dict[str, str]:
    """SHA-256 by name."""
    paths = [path for name in KEPT for path in (folder / name).rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


class Comparison:
    """What the library is, against which its copies are held."""

    def __init__(self, root: Path, questions: list[str]) -> None:
        self.questions, self.files = questions, files(root)
        self.hits, self.failed = hits(Settings(index=root), questions), False
        found = sum(map(len, self.hits))
        print(f"{len(self.files)} files; {found} hits of {len(self.hits)} searches", flush=True)

    def hold(self, name: str, spent: float, settings: Settings, whole: bool) -> None:
        """``whole``: the files are in the folder, too."""
        pairs = zip(self.hits, hits(settings, self.questions), strict=True)
        differ, there = sum(before != now for before, now in pairs), files(settings.index) if whole else self.files
        other = [one for one in self.files.keys() | there.keys() if self.files.get(one) != there.get(one)]
        of_files = f"{len(other)} of {len(there)} files differ" if whole else "files elsewhere"
        print(f"{name}: {spent:.1f} s of the processor; {differ} searches differ; {of_files}", flush=True)
        self.failed |= bool(differ or other)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("questions", type=Path, help="a question set, one JSON object a line")
    parser.add_argument("--postgres", action="store_true", help="by a catalogue in PostgreSQL, too")
    parser.add_argument("--store", default="", metavar="ADDRESS", help="like s3://bucket/prefix (default: a folder)")
    args = parser.parse_args()
    quiet()
    questions = [question.text for question in read_questions(args.questions) if question.text]
    with tempfile.TemporaryDirectory(prefix="copies-") as temporary:
        folder, started = Path(temporary), time.monotonic()
        shutil.copytree(args.index, folder / "index")
        held = Comparison(folder / "index", questions)
        store, back = args.store or f"file://{folder / 'store'}", folder / "back"
        copy = f"{store}/copy"
        spent = copied({}, "--from", folder / "index", "--to", copy) + copied({}, "--from", copy, "--to", back)
        held.hold("object store and back", spent, Settings(index=back), whole=True)
        if args.postgres:
            _by_postgres(folder, back, held, f"{store}/files")
        print(f"{time.monotonic() - started:.0f} s")
    return int(held.failed)


def _by_postgres(folder: Path, source: Path, held: Comparison, objects: str) -> None:
    from vector_engines import PostgresServer

    server = PostgresServer(folder / "postgres")
    try:
        url, there, again = f"{server.url}&schema=copied", folder / "elsewhere", folder / "again"
        said = {"PAGESIGHT_STORE_URL": url, "PAGESIGHT_FILES": objects}
        settings = Settings(index=there, store_url=url, files=said["PAGESIGHT_FILES"])
        spent = copied(said, "--from", source, "--to", there, "--as-set")
        held.hold("PostgreSQL, files elsewhere", spent, settings, whole=False)
        spent = copied(said, "--index", there, "--to", again)
        held.hold("back from there", spent, Settings(index=again), whole=True)
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main())
