#!/usr/bin/env python3
"""Vector databases elsewhere at several sizes: vector_engines.py FOLDER --engine URL|postgres|chroma|here --pages N ….

Vectors are made up with the statistics of multilingual-e5-small over real passages (``benchmarks/made_library.py``):
per page :data:`ROWS` of 384 numbers, questions beside passages. They are copied to the engine by the code of the app,
and asked through it (:class:`rag.storage.engines.base.VectorEngine`). Recall is the share of the exact best ten rows,
and of the best 300, that are found. ``postgres`` and ``chroma`` start a server of their own; ``here`` is what PageSight
does without any: codes in memory, then exact products. Times are wall and processor milliseconds, of this
process and of the server's.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "helpers")]

from benchmarks.made_library import ASKED, MOST_PAGES, PAGES, SHARES, SPACES, SUBJECTS, Library  # noqa: E402
from rag.disk import bytes_below  # noqa: E402
from rag.storage import quantized  # noqa: E402
from rag.storage.engines.address import close_all, engine_at  # noqa: E402
from rag.storage.engines.base import Field, Part, VectorEngine  # noqa: E402
from rag.types import Float32Array  # noqa: E402

ROWS = 8.5  # text vectors of one encoder per page, as in benchmarks/made_library.py
SIZE = 384
FIELD = Field("text", 0, SIZE)
NAME = "pagesight_benchmark_1"
GROUP = 2_000  # rows written at once, as in rag/storage/vector_copies.py
QUESTIONS, WARM = 60, 10
AS_ASKED = 600  # rows that a question asks for: 300 chunks, twice
BEST = (10, 300)
WITHIN = 0.01  # share of the documents that a filter leaves, at least 65: fewer are searched in the arrays
LEAST_WITHIN = 65


class Made(NamedTuple):
    """``starts`` are the first rows of each document, and the end."""

    rows: Float32Array
    starts: list[int]
    questions: Float32Array


def made(pages: int, seed: int = 1) -> Made:
    """As the passages of so many pages, and questions for some of them."""
    library, space = Library(seed), SPACES[0]
    turn, share = library.turns[0], {name: np.float32(np.sqrt(value)) for name, value in SHARES.items()}
    mean = np.random.default_rng([seed, 13, 0]).standard_normal(SIZE).astype(np.float32)
    mean *= space.mean / np.linalg.norm(mean)
    about = np.random.default_rng([seed, 11]).standard_normal((SUBJECTS, SIZE), dtype=np.float32)
    found, starts, asked, done, number = list[Float32Array](), [0], list[Float32Array](), 0, 0
    while done < pages:
        rng = np.random.default_rng([seed, 3, number])
        count = int(np.clip(rng.lognormal(np.log(PAGES[0]), PAGES[1]), 1, MOST_PAGES))
        page_of = np.repeat(np.arange(count), rng.poisson(ROWS, count))
        own = about[rng.integers(SUBJECTS)] * share["subject"] + normal(rng, 1) * share["document"]
        latent = own + normal(rng, count)[page_of] * share["page"] + normal(rng, len(page_of)) * share["passage"]
        found.append(units(latent @ turn + mean))
        starts.append(starts[-1] + len(page_of))
        if len(latent) and len(asked) < 4 * QUESTIONS:
            wanted = latent[:1] * ASKED + normal(rng, 1) * np.float32(np.sqrt(1 - ASKED**2))
            asked.append(units(wanted @ turn + mean))
        done, number = done + count, number + 1
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


def fill(engine: VectorEngine, library: Made) -> dict[str, float]:
    engine.make(NAME, [FIELD])
    group, started = list[Part](), time.perf_counter()
    for part in parts(library):
        group.append(part)
        if sum(len(one.chunks) for one in group) >= GROUP:
            engine.begin(NAME, group[-1].batch)
            engine.add(NAME, group)
            group = []
    engine.add(NAME, group)
    written = time.perf_counter()
    engine.finish(NAME, [FIELD])
    return {"write s": written - started, "graph s": time.perf_counter() - written}


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


def spent_by_server(folder: Path) -> float:
    """Processor seconds of the processes that keep their files in ``folder``."""
    seconds = 0.0
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.pid != os.getpid() and str(folder) in " ".join((process.cwd(), *process.cmdline())):
                seconds += sum(process.cpu_times()[:2])
    return seconds


def elsewhere(engine: VectorEngine, library: Made, folder: Path) -> dict[str, Any]:
    result: dict[str, Any] = {"engine": engine.about(), **fill(engine, library)}
    batches, rows = some(library)

    def search(question: Float32Array, within: list[int] | None = None) -> list[int]:
        return [int(match.chunk) for match in engine.query(NAME, FIELD, question, AS_ASKED, within)]

    result["server graph s"] = spent_by_server(folder)
    for name, within, right in (("library", None, slice(None)), ("filtered", batches, rows)):
        best, before = truth(library, right), spent_by_server(folder)
        result[name] = asked(library, lambda question, within=within: search(question, within), best)  # type: ignore[misc]
        result[name]["server ms"] = 1000 * (spent_by_server(folder) - before) / len(library.questions)
    result["rows"] = engine.count(NAME, "text")
    return result


def here(library: Made) -> dict[str, Any]:
    """Codes of all rows in memory, the best 300 by them reckoned exactly, as rag/storage/vector_index.py does."""
    started = time.perf_counter()
    mean = library.rows[:20_000].mean(axis=0)
    signs, steps = quantized.signs_of(library.rows, mean), quantized.steps_of(library.rows, mean)
    spent = time.perf_counter() - started

    def search(question: Float32Array) -> list[int]:
        asked = quantized.Asked(question, mean)
        scores = asked.scores(signs, len(library.rows))
        rows = quantized.likely(scores, quantized.reach(len(scores), AS_ASKED))
        nearer = asked.nearer(steps, signs.factors["bias"][rows], rows, scores[rows])
        order = rows[quantized.best(nearer, AS_ASKED)]
        weighed = library.rows[order[:300]] @ question
        return [*order[:300][np.argsort(-weighed)].tolist(), *order[300:].tolist()]

    found = asked(library, search, truth(library, slice(None)))
    return {"engine": "here: codes in memory", "write s": spent, "library": found, "rows": len(library.rows)}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where servers of its own keep their files")
    parser.add_argument("--engine", required=True)
    parser.add_argument("--pages", type=int, nargs="+", default=[10_000])
    options = parser.parse_args()
    for pages in options.pages:
        library, folder = made(pages), options.folder / f"{options.engine.partition(':')[0]}-{pages}"
        folder.mkdir(parents=True, exist_ok=True)
        if options.engine == "here":
            result = here(library)
        else:
            from vector_engines import start

            own = options.engine in ("postgres", "chroma", "qdrant", "milvus")
            running = start(options.engine, folder) if own else None
            engine = engine_at(running.url if running else options.engine)
            try:
                result = elsewhere(engine, library, folder)
                if not own:
                    engine.drop(NAME)
            finally:
                close_all()
                if running:
                    running.stop()
            result["MB"] = bytes_below(folder) / 1e6 if own else None
        print(json.dumps({"pages": pages, **result}), flush=True)


if __name__ == "__main__":
    main()
