#!/usr/bin/env python3
"""Vector search at several sizes, with and without a database: vector_engines.py FOLDER --engine NAME|URL … --rows N ….

Vectors are made up with the statistics of multilingual-e5-small over real passages (``benchmarks/made_library.py``):
384 numbers, :data:`ROWS` a page, questions beside passages. Each engine is filled in a process of its own, and asked in
another, which opens what is there. Of this package alone: ``arrays`` (all rows, exactly), ``codes`` (in memory, then
exact products) and ``graph`` (the Chroma collection of an index). ``postgres`` and ``chroma`` start a server of their
own, ``qdrant`` and ``milvus`` run in the process that asks; an address names a server that runs. These are filled and
asked by the code of the app (:class:`rag.storage.vectors.engines.base.VectorEngine`), each question for
:data:`AS_ASKED` rows.

Recall is the share of the exact best ten rows, and of the best 300, that are found. Times are wall and processor
milliseconds, of the process that asks and of the server. Memory is what the process that asks has grown by since it
holds the questions (``anon``: its own, the client's library with it; ``file``: pages of mapped files, which the system
takes back when it must), and the server's share of its pages. What is not in after ``--minutes`` of the processor, here
and in the server, or after three times as many by the clock, is left out.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import json
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "helpers")]

from benchmarks.made_library import ASKED, MOST_PAGES, PAGES, SHARES, SPACES, SUBJECTS, Library  # noqa: E402
from ingestion.elements import BBox, Chunk, Region  # noqa: E402
from rag.config import quiet  # noqa: E402
from rag.disk import bytes_below  # noqa: E402
from rag.storage.vectors import quantized  # noqa: E402
from rag.storage.vectors.chroma import Graph  # noqa: E402
from rag.storage.vectors.engines.address import close_all, engine_at  # noqa: E402
from rag.storage.vectors.engines.base import Field, Part  # noqa: E402
from rag.storage.vectors.files import VectorFiles  # noqa: E402
from rag.storage.vectors.index import VectorIndex  # noqa: E402
from rag.storage.vectors.loaded_documents import LoadedDocuments  # noqa: E402
from rag.types import Float32Array, Node  # noqa: E402

ROWS = 8.5  # text vectors of one encoder per page, as in benchmarks/made_library.py
SIZE = 384
FIELD = Field("text", 0, SIZE)
NAME = "pagesight_benchmark_1"
GROUP = 2_000  # rows written at once, as in rag/storage/vectors/copies.py
QUESTIONS, WARM = 60, 10
AS_ASKED = 600  # rows that a question asks for: 300 chunks, twice
BEST = (10, 300)
WITHIN = 0.01  # share of the documents that a filter leaves, at least 65: fewer are searched in the arrays
LEAST_WITHIN = 65
OWN = ("postgres", "chroma", "qdrant", "milvus")  # that are started here
HERE = ("arrays", "codes", "graph")
LABEL = "generation-0001"

Search = Callable[[Float32Array, list[int] | None], list[int]]
"""Rows that are found, best first, of these batches or of all."""


class Made(NamedTuple):
    """``starts`` are the first rows of each document, and the end."""

    rows: Float32Array
    starts: list[int]
    questions: Float32Array


def made(count: int, seed: int = 1) -> Made:
    """So many rows of documents, the last of which is cut, and questions for some of them."""
    library, space = Library(seed), SPACES[0]
    turn, share = library.turns[0], {name: np.float32(np.sqrt(value)) for name, value in SHARES.items()}
    mean = np.random.default_rng([seed, 13, 0]).standard_normal(SIZE).astype(np.float32)
    mean *= space.mean / np.linalg.norm(mean)
    about = np.random.default_rng([seed, 11]).standard_normal((SUBJECTS, SIZE), dtype=np.float32)
    found, starts, asked, number = list[Float32Array](), [0], list[Float32Array](), 0
    while starts[-1] < count:
        rng = np.random.default_rng([seed, 3, number])
        pages = int(np.clip(rng.lognormal(np.log(PAGES[0]), PAGES[1]), 1, MOST_PAGES))
        page_of = np.repeat(np.arange(pages), rng.poisson(ROWS, pages))
        own = about[rng.integers(SUBJECTS)] * share["subject"] + normal(rng, 1) * share["document"]
        latent = own + normal(rng, pages)[page_of] * share["page"] + normal(rng, len(page_of)) * share["passage"]
        found.append(units(latent @ turn + mean)[: count - starts[-1]])
        starts.append(starts[-1] + len(found[-1]))
        if len(latent) and len(asked) < 4 * QUESTIONS:
            wanted = latent[:1] * ASKED + normal(rng, 1) * np.float32(np.sqrt(1 - ASKED**2))
            asked.append(units(wanted @ turn + mean))
        number += 1
    return Made(np.concatenate(found), starts, np.concatenate(asked)[: QUESTIONS + WARM])


def normal(rng: np.random.Generator, rows: int) -> Float32Array:
    return rng.standard_normal((rows, SIZE), dtype=np.float32)


def units(rows: Float32Array) -> Float32Array:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def parts(library: Made) -> Iterator[Part]:
    """One per document; batches count from 1."""
    for number, (first, end) in enumerate(zip(library.starts, library.starts[1:], strict=False), 1):
        count = end - first
        chunks = [str(row) for row in range(first, end)]
        vectors = [(FIELD, library.rows[first:end])]
        yield Part("text", number, f"document {number}", 0, chunks, ["text"] * count, [1] * count, vectors)


def documents(library: Made) -> Iterator[tuple[str, list[Node], list[Chunk]]]:
    """The same as an index keeps them."""
    where = (Region(1, BBox(0, 0, 1, 1)),)
    for part in parts(library):
        chunks = [Chunk(name, part.doc, "text", "", where) for name in part.chunks]
        yield part.doc, [Node(one.id, "text", row) for one, row in zip(chunks, part.vectors[0][1], strict=True)], chunks


# -- filling, and opening what is there -----------------------------------------------------------------------------


def fill(folder: Path, engine: str, library: Made, minutes: float) -> dict[str, Any]:
    """Write all that there is time for; ``rows`` are in."""
    started = time.perf_counter()
    if engine in HERE:
        files = VectorFiles(folder / "vectors" / LABEL, SIZE)
        for doc, nodes, chunks in documents(library):
            files.save(doc, nodes, chunks)
        found = {"rows": len(library.rows), "write s": time.perf_counter() - started}
        if engine == "graph":
            started = time.perf_counter()
            index = _index(folder, 0)
            if not index.settle():
                raise SystemExit("the graph could not be built; see the warning above")
            index.close()
            found["graph s"] = time.perf_counter() - started
        return found
    with _connected(folder, engine) as db:
        db.make(NAME, [FIELD])
        rows, group = 0, list[Part]()
        for part in parts(library):
            group.append(part)
            if sum(len(one.chunks) for one in group) >= GROUP or part.batch == len(library.starts) - 1:
                db.begin(NAME, part.batch)
                db.add(NAME, group)
                rows, group = rows + sum(len(one.chunks) for one in group), []
                spent = time.process_time() + spent_by_server(folder)
                if spent > 60 * minutes or time.perf_counter() - started > 3 * 60 * minutes:
                    break
        written = time.perf_counter()
        db.finish(NAME, [FIELD])
        ended = time.perf_counter()
        found = {"engine": db.about(), "rows": rows, "write s": written - started, "graph s": ended - written}
        return found | {"server s": spent_by_server(folder)}


@contextlib.contextmanager
def _connected(folder: Path, engine: str) -> Iterator[Any]:
    """The engine, with its server where it has one of its own."""
    from vector_engines import start

    running = start(engine, folder) if engine in OWN else None
    try:
        yield engine_at(running.url if running else engine)
    finally:
        close_all()
        if running:
            running.stop()


def _index(folder: Path, exact_limit: int) -> VectorIndex:
    files = VectorFiles(folder / "vectors" / LABEL, SIZE)
    ids = sorted(files.ids())
    loaded = LoadedDocuments(files, lambda: 1, lambda: ids)
    return VectorIndex(loaded, Graph(folder, LABEL, SIZE), exact_limit=exact_limit)


@contextlib.contextmanager
def opened(folder: Path, engine: str, library: Made) -> Iterator[Search]:
    if engine == "codes":
        yield _by_codes(library)
    elif engine in HERE:
        index = _index(folder, 0 if engine == "graph" else sys.maxsize)
        yield lambda question, within: [int(one) for one in index.nearest(question, AS_ASKED // 2, "text").chunks]
        index.close()
    else:
        with _connected(folder, engine) as db:
            yield lambda question, within: [int(m.chunk) for m in db.query(NAME, FIELD, question, AS_ASKED, within)]


def _by_codes(library: Made) -> Search:
    """Codes of all rows in memory, the best 300 by them reckoned exactly, as rag/storage/vectors/index.py does."""
    mean = library.rows[:20_000].mean(axis=0)
    signs, steps = quantized.signs_of(library.rows, mean), quantized.steps_of(library.rows, mean)

    def search(question: Float32Array, within: list[int] | None) -> list[int]:
        asked = quantized.Asked(question, mean)
        scores = asked.scores(signs, len(library.rows))
        rows = quantized.likely(scores, quantized.reach(len(scores), AS_ASKED))
        nearer = asked.nearer(steps, signs.factors["bias"][rows], rows, scores[rows])
        order = rows[quantized.best(nearer, AS_ASKED)]
        weighed = library.rows[order[:300]] @ question
        return [*order[:300][np.argsort(-weighed)].tolist(), *order[300:].tolist()]

    return search


# -- asking ---------------------------------------------------------------------------------------------------------


def ask(folder: Path, engine: str, library: Made) -> dict[str, Any]:
    batches, rows = some(library)
    turns = [("library", list[int](), truth(library, slice(None)))]
    if engine not in HERE:
        turns.append(("filtered", batches, truth(library, rows)))
    before, started, result = memory(), time.perf_counter(), dict[str, Any]()
    with opened(folder, engine, library) as search:
        search(library.questions[0], None)
        result["opened and first s"] = time.perf_counter() - started
        for name, within, best in turns:
            spent = spent_by_server(folder)
            result[name] = asked(library, lambda question, within=within: search(question, within or None), best)  # type: ignore[misc]
            result[name]["server ms"] = 1000 * (spent_by_server(folder) - spent) / len(library.questions)
        result["MB"] = {name: (value - before[name]) / 1e6 for name, value in memory().items()}
        result["MB"]["server"] = sum(one.memory_full_info().pss for one in servers(folder)) / 1e6
    return result


def truth(library: Made, rows: slice | np.ndarray[Any, Any]) -> list[list[int]]:
    """Of each question the best rows, exactly."""
    names = np.arange(len(library.rows))[rows]
    chosen, best = library.rows[rows], []
    for question in library.questions[WARM:]:
        scores = chosen @ question
        top = np.argpartition(-scores, min(max(BEST), len(scores) - 1))[: max(BEST)]
        best.append(names[top[np.argsort(-scores[top])]].tolist())
    return best


def asked(library: Made, search: Callable[[Float32Array], list[int]], best: list[list[int]]) -> dict[str, float]:
    for question in library.questions[:WARM]:
        search(question)
    wall, processor, recall = list[float](), list[float](), {count: list[float]() for count in BEST}
    for question, right in zip(library.questions[WARM:], best, strict=True):
        begun, spent = time.perf_counter(), time.process_time()
        found = search(question)
        wall.append(1000 * (time.perf_counter() - begun))
        processor.append(1000 * (time.process_time() - spent))
        for count in BEST:
            recall[count].append(len(set(found) & set(right[:count])) / len(right[:count]))
    return {
        "p50 ms": float(np.median(wall)),
        "p95 ms": float(np.quantile(wall, 0.95)),
        "best ms": min(wall),
        "here ms": float(np.median(processor)),
        **{f"recall@{count}": float(np.mean(values)) for count, values in recall.items()},
    }


def some(library: Made) -> tuple[list[int], np.ndarray[Any, Any]]:
    """Batches of documents that a filter leaves, and their rows."""
    count = len(library.starts) - 1
    chosen = np.random.default_rng(2).permutation(count)[: max(LEAST_WITHIN, int(WITHIN * count))]
    rows = np.concatenate([np.arange(library.starts[one], library.starts[one + 1]) for one in chosen])
    return [int(one) + 1 for one in chosen], np.sort(rows)


# -- measuring ------------------------------------------------------------------------------------------------------


def servers(folder: Path) -> Iterator[psutil.Process]:
    """Processes that keep their files in ``folder``."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.pid != os.getpid() and str(folder) in " ".join((process.cwd(), *process.cmdline())):
                yield process


def spent_by_server(folder: Path) -> float:
    """Processor seconds, those of their children that have ended with them."""
    seconds = 0.0
    for process in servers(folder):
        with contextlib.suppress(psutil.Error):
            seconds += sum(process.cpu_times()[:4])
    return seconds


def memory() -> dict[str, int]:
    """Bytes of this process by Linux's account, without what was freed and would be used again first."""
    ctypes.CDLL(None).malloc_trim(0)
    lines = Path("/proc/self/status").read_text().splitlines()
    return {
        name: int(line.split()[1]) * 1024 for name, start in (("anon", "RssAnon"), ("file", "RssFile"))
        for line in lines if line.startswith(start)
    }  # fmt: skip


def measured(step: Callable[..., dict[str, Any]], rows: int, *args: Any) -> dict[str, Any]:
    """A step, in a process of its own, and how much of the processor it used."""
    library = made(rows)
    spent = time.process_time()
    result = step(*args[:2], library, *args[2:])
    return result | {"processor s": time.process_time() - spent}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="for indexes and the files of servers of its own")
    parser.add_argument("--engine", nargs="+", default=[*HERE, *OWN])
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000])
    parser.add_argument("--minutes", type=float, default=8.0, help="of the processor, after which no more is written")
    options = parser.parse_args()
    quiet()
    for rows in options.rows:
        for engine in options.engine:
            folder = options.folder.resolve() / f"{engine.partition(':')[0]}-{rows}"
            folder.mkdir(parents=True)
            result = _alone(fill, rows, folder, engine, options.minutes)
            told = {"engine": engine, "asked": rows, "load": round(os.getloadavg()[0], 1)}
            asked_of = _alone(ask, result["rows"], folder, engine)
            print(json.dumps({**told, "filled": result, **asked_of, "disk MB": bytes_below(folder) / 1e6}), flush=True)


def _alone(step: Callable[..., dict[str, Any]], rows: int, *args: Any) -> dict[str, Any]:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(measured, step, rows, *args).result()


if __name__ == "__main__":
    main()
