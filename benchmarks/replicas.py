"""Replicas of the app over one library, nginx before them, and an embedded index of the same documents to hold them to.

Part of ``workers.py``, which starts them beside its workers.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import httpx
from nginx import nginx_before

from benchmarks.app_under_load import PATIENCE, App
from benchmarks.copies import files
from rag.config import Settings
from rag.index import Index
from rag.retrieval.search import search
from rag.service.tokens import Tokens
from rag.storage.files.elsewhere import open_objects
from rag.types import Query

ROOT = Path(__file__).resolve().parent.parent
PLACES = ("PAGESIGHT_STORE_URL", "PAGESIGHT_FILES")  # variables that say where a library is
PROGRAMS = 8  # with a token each, by which nginx spreads them
K = 10  # hits of a question
Found = list[list[tuple[str, int, str]]]
"""Document, page and chunk of each hit of each question."""


def environment(settings: Settings) -> dict[str, str]:
    """Of processes that use the library of the settings."""
    there = dict(zip(PLACES, (settings.store_url, settings.files), strict=True))
    return {**os.environ, **{name: value for name, value in there.items() if value}}


class Replicas:
    """Processes of the app that serve the library, each with a folder of its own; two of them behind nginx."""

    def __init__(self, settings: Settings, folder: Path, count: int) -> None:
        os.environ.update(environment(settings))
        self._apps = [App(ROOT, folder / f"replica-{n}", folder / f"replica-{n}.txt") for n in range(count)]
        self._settings, self._tokens, self._stack = settings, list[str](), ExitStack()
        for app in self._apps:
            app.started()
        program = shutil.which("nginx")
        self.proxy = ""
        if count == 2 and program:
            (folder / "nginx").mkdir()
            urls = [app.url for app in self._apps]
            self.proxy = self._stack.enter_context(nginx_before(program, urls, folder / "nginx"))

    def wrong(self, names: Sequence[str]) -> Iterator[str]:
        """Documents that one of them does not know, or does not find by its name."""
        for number, app in enumerate(self._apps):
            with httpx.Client(base_url=f"{app.url}api/v1/", trust_env=False, timeout=PATIENCE) as client:
                rows = client.get("documents").raise_for_status().json()["documents"]
                if Counter(row["name"] for row in rows) != Counter(names):
                    yield f"replica {number} has {len(rows)} documents"
                for row in rows:
                    found = client.get("search", params={"q": row["name"].partition(".")[0], "doc": row["id"]})
                    if not found.is_success or not found.json()["hits"]:
                        yield f"replica {number} finds nothing in {row['name']} ({found.status_code})"

    def hits(self, questions: Sequence[str]) -> tuple[Found, int]:
        """What programs find through nginx, each question by the next of them, and how many replicas answered."""
        with Index.open(self._settings) as index:
            tokens = Tokens(index.root, index.catalogue)
            shown = [tokens.add(f"program {number}", "reader") for number in range(PROGRAMS)]
        found: Found = []
        with ExitStack() as stack:
            clients = [stack.enter_context(self._client(token)) for token in shown]
            answered = {client.get("gradio_api/app_id").json()["app_id"] for client in clients}
            for text, client in zip(questions, cycle(clients), strict=False):
                reply = client.post("api/v1/search", json={"question": text, "k": K}).raise_for_status().json()
                found.append([(hit["document"], hit["page"], hit["chunk"]) for hit in reply["hits"]])
        return found, len(answered)

    def _client(self, token: str) -> httpx.Client:
        headers = {"authorization": f"Bearer {token}"}
        return httpx.Client(base_url=self.proxy, headers=headers, trust_env=False, timeout=PATIENCE)

    def close(self) -> None:
        self._stack.close()
        for app in self._apps:
            app.stop()


def embedded(folder: Path, documents: Sequence[Path]) -> Settings:
    """An index of its own in a folder, made by ``python -m rag add``."""
    settings = replace(Settings.from_environment(), index=folder, store_url="", files="")
    _rag(["add", *map(str, documents), "--index", str(folder)], {})
    return settings


def copied(settings: Settings, folder: Path) -> Settings:
    """The library of the settings, copied into a folder by ``python -m rag copy``: an embedded index."""
    _rag(["copy", "--index", str(settings.index), "--to", str(folder)], environment(settings))
    return replace(Settings.from_environment(), index=folder, store_url="", files="")


def other_hits(settings: Settings, served: Replicas, alone: Settings, questions: Sequence[str]) -> Iterator[str]:
    """Questions that find something else in the library of the settings, or through its replicas, than in the index."""
    right = _found(alone, questions)
    other = _differing(questions, _found(settings, questions), right)
    print(f"{len(questions)} questions, {sum(map(len, right))} hits: {len(other)} differ", flush=True)
    if other:
        yield f"{len(other)} questions find something else than in the embedded index: {other[:3]}"
    if served.proxy:
        found, count = served.hits(questions)
        other = _differing(questions, found, right)
        print(f"{len(questions)} questions through nginx, answered by {count} replicas: {len(other)} differ")
        if other:
            yield f"through nginx {len(other)} questions find something else: {other[:3]}"


def _differing(questions: Sequence[str], found: Found, right: Found) -> list[str]:
    return [text for text, one, all_right in zip(questions, found, right, strict=True) if one != all_right]


def other_files(alone: Settings, copy: Settings) -> Iterator[str]:
    """Files that are not the same in both folders."""
    here, there = files(alone.index), files(copy.index)
    differ = sorted(name for name in here.keys() | there.keys() if here.get(name) != there.get(name))
    print(f"{len(here)} files of the embedded index: {len(differ)} differ")
    if differ:
        yield f"{len(differ)} files differ: {differ[:8]}"


def strangers(settings: Settings, copy: Settings) -> Iterator[str]:
    """Files of the copy that are no object at the library's address, by the SHA-256 of all its objects."""
    objects, sums = open_objects(settings.files), set[str]()
    with tempfile.TemporaryDirectory() as folder:
        for name in objects.sizes(""):
            objects.save(name, Path(folder) / "object")
            sums.add(hashlib.sha256((Path(folder) / "object").read_bytes()).hexdigest())
    there = files(copy.index)
    strange = sorted(name for name, one in there.items() if one not in sums)
    print(f"{len(there)} files of the copy, {len(sums)} different objects: {len(strange)} differ", flush=True)
    if strange:
        yield f"{len(strange)} files of the copy are no object: {strange[:8]}"


def _found(settings: Settings, questions: Sequence[str]) -> Found:
    with Index.open(settings) as index:
        hits = [search(index, Query(text), K).hits for text in questions]
    return [[(hit.chunk.doc, hit.chunk.page, hit.chunk.id) for hit in one] for one in hits]


def _rag(words: Sequence[str], where: dict[str, str]) -> None:
    plain = {name: value for name, value in os.environ.items() if name not in PLACES}
    command = [sys.executable, "-m", "rag", *words]
    subprocess.run(command, cwd=ROOT, env={**plain, **where}, check=True, stdout=subprocess.DEVNULL)
