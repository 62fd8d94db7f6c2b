#!/usr/bin/env python3
"""Vector search at several sizes: exact over the kept arrays, and Chroma's graph: vectors.py FOLDER [--sizes N …].

Vectors are made up: unit vectors in clusters, 256 numbers for words and 841 for pictures as in an index that downloads
nothing (``--numbers`` takes those of another encoder), nine text nodes to one picture, 355 nodes per document as on
average of 40 published PDFs. Questions are noisy members of the clusters. Everything runs through
``rag.storage.vector_index.VectorIndex`` as in the app; every step is a process of its own. Recall is the share of the
exact best 10 chunks that the graph returns. FOLDER is deleted at the end.

Memory: ``anon`` is the process's own, ``file`` pages of the mapped arrays, which the system takes back when it must.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ingestion.elements import BBox, Chunk, Region
from rag.config import quiet
from rag.disk import bytes_below
from rag.storage.chroma import Graph
from rag.storage.loaded_documents import LoadedDocuments
from rag.storage.vector_files import STORES, Nearest, VectorFiles
from rag.storage.vector_index import VectorIndex
from rag.types import Modality, Node

PER_DOCUMENT = 355  # nodes of a document
TEXTS = 320  # of them those of text
TOPICS = 2000  # clusters
SPREAD = 0.9  # length of the noise beside a centre of length 1
QUESTIONS = 50  # that are timed
WARM = 5  # of them asked once before
ALL_WORDS = 10  # chunks wanted for the recall that is told
AS_ASKED = 300  # chunks wanted as a question wants them
LABEL = "bench"

Array = NDArray[np.float32]
Result = dict[str, Any]


class Widths(NamedTuple):
    """Numbers of the words part and of the picture part."""

    words: int = 256
    picture: int = 841


def unit(rows: Array) -> Array:
    made: Array = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return made


def centres(width: int) -> Array:
    """Directions of the clusters; the variance falls off as in real text, so that some 130 of 256 numbers count."""
    falling = 1 / np.sqrt(np.arange(1, width + 1) + 20)
    return unit((np.random.default_rng(width).standard_normal((TOPICS, width)) * falling).astype(np.float32))


def near(random: np.random.Generator, around: Array) -> Array:
    noise = random.standard_normal(around.shape).astype(np.float32) / np.sqrt(around.shape[1])
    return unit(around + SPREAD * noise)


def documents(size: int, widths: Widths) -> Iterator[tuple[str, list[Node], list[Chunk]]]:
    """Documents of a few topics each, with ``size`` nodes in all."""
    words, pictures = centres(widths.words), centres(widths.picture)
    for number in range(0, size, PER_DOCUMENT):
        count = min(PER_DOCUMENT, size - number)
        random = np.random.default_rng(number)
        topics = random.choice(random.choice(TOPICS, 5), count)
        vectors = np.zeros((count, sum(widths)), dtype=np.float32)
        vectors[:, : widths.words] = near(random, words[topics])
        vectors[TEXTS:, widths.words :] = near(random, pictures[topics[TEXTS:]])
        doc = hashlib.sha256(str(number).encode()).hexdigest()
        where = (Region(1, BBox(0, 0, 1, 1)),)
        names = [f"{doc[:12]}-{row}" for row in range(count)]
        kinds: list[Modality] = ["text" if row < TEXTS else "image" for row in range(count)]
        pairs = zip(names, kinds, strict=True)
        chunks = [Chunk(name, doc, "text" if m == "text" else "figure", "", where) for name, m in pairs]
        yield doc, [Node(name, m, vector) for name, m, vector in zip(names, kinds, vectors, strict=True)], chunks


def questions(part: str, widths: Widths) -> Array:
    """(questions, numbers), zero outside the part that is asked."""
    start, width = (0, widths.words) if part == "words" else widths
    random, asked = np.random.default_rng(7), np.zeros((QUESTIONS, sum(widths)), dtype=np.float32)
    asked[:, start : start + width] = near(random, centres(width)[random.choice(TOPICS, QUESTIONS)])
    return asked


# -- steps, each in a process of its own ---------------------------------------------------------------------------


def make(folder: Path, widths: Widths, size: int, store: str) -> Result:
    """Write the kept arrays."""
    kept, started = VectorFiles(folder / "vectors" / LABEL, sum(widths), store), time.perf_counter()
    for doc, nodes, chunks in documents(size, widths):
        kept.save(doc, nodes, chunks)
    return {"seconds": time.perf_counter() - started, "bytes": bytes_below(folder / "vectors")}


def exact(folder: Path, widths: Widths) -> Result:
    vectors, before = opened(folder, widths, sys.maxsize), memory()
    result: Result = {"open": timed(vectors.rows)[0]}
    one = frozenset(list(vectors.rows())[:1])
    wanted = questions("words", widths)
    found = [vectors.nearest(asked, ALL_WORDS, "text") for asked in wanted]
    (folder / "exact.json").write_text(json.dumps([hits.chunks for hits in found]))
    result["words"] = latencies(lambda asked: vectors.nearest(asked, AS_ASKED, "text"), wanted)
    result["pictures"] = latencies(
        lambda asked: vectors.nearest(asked, AS_ASKED, "image"), questions("picture", widths)
    )
    result["one document"] = latencies(lambda asked: vectors.nearest(asked, AS_ASKED, "text", docs=one), wanted)
    return result | grown(before)


def fill(folder: Path, widths: Widths) -> Result:
    """Build Chroma's graph."""
    vectors, started = opened(folder, widths, 0), time.perf_counter()
    if not vectors.settle():
        raise SystemExit("the graph could not be built; see the warning above")
    vectors.close()
    return {"seconds": time.perf_counter() - started, "bytes": bytes_below(folder / "chroma")}


def graph(folder: Path, widths: Widths) -> Result:
    before, vectors = memory(), opened(folder, widths, 0)
    wanted = questions("words", widths)
    result: Result = {"first": timed(lambda: vectors.nearest(wanted[0], ALL_WORDS, "text"))[0]}
    result["ten"] = latencies(lambda asked: vectors.nearest(asked, ALL_WORDS, "text"), wanted)
    result["words"] = latencies(lambda asked: vectors.nearest(asked, AS_ASKED, "text"), wanted)
    truth = json.loads((folder / "exact.json").read_text())
    for name, k in (("recall of ten", ALL_WORDS), ("recall", AS_ASKED)):
        found = [vectors.nearest(asked, k, "text") for asked in wanted]
        result[name] = float(np.mean([shared(one, best) for one, best in zip(found, truth, strict=True)]))
    return result | grown(before)


# -- measuring -----------------------------------------------------------------------------------------------------


def opened(folder: Path, widths: Widths, exact_limit: int) -> VectorIndex:
    ids = sorted(path.stem for path in (folder / "vectors" / LABEL).glob("*.npy"))
    documents = LoadedDocuments(VectorFiles(folder / "vectors" / LABEL, sum(widths)), lambda: 1, lambda: ids)
    return VectorIndex(documents, Graph(folder, LABEL, sum(widths)), exact_limit=exact_limit)


def shared(found: Nearest, best: list[str]) -> float:
    return len({*found.chunks[:ALL_WORDS]} & set(best)) / len(best)


def timed(action: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    value = action()
    return time.perf_counter() - started, value


def latencies(search: Callable[[Array], Any], asked: Array) -> dict[str, float]:
    """Milliseconds at the median and the 95th percentile."""
    for question in asked[:WARM]:
        search(question)
    seconds = sorted(timed(partial(search, question))[0] for question in asked)
    return {"p50": 1000 * seconds[len(seconds) // 2], "p95": 1000 * seconds[int(len(seconds) * 0.95)]}


def memory() -> dict[str, int]:
    """Bytes of this process by Linux's account."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return {
        name: int(line.split()[1]) * 1024 for name, start in (("anon", "RssAnon"), ("file", "RssFile"))
        for line in lines if line.startswith(start)
    }  # fmt: skip


def grown(before: dict[str, int]) -> Result:
    return {name: value - before[name] for name, value in memory().items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--graph-up-to", type=int, default=100_000, metavar="N", help="no graph for more vectors")
    parser.add_argument("--numbers", type=int, nargs=2, default=Widths(), metavar="N", help="of words, of pictures")
    parser.add_argument("--store", choices=STORES, default="float32", help="how numbers are kept")
    args = parser.parse_args()
    quiet()
    for size in args.sizes:
        steps: dict[str, Callable[[Path, Widths], Result]] = {
            "make": partial(make, size=size, store=args.store),
            "exact": exact,
        }
        if size <= args.graph_up_to:
            steps |= {"fill": fill, "graph": graph}
        args.folder.mkdir(parents=True)
        try:
            for name, step in steps.items():
                with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
                    result = pool.submit(step, args.folder, Widths(*args.numbers)).result()
                facts = {"vectors": size, "step": name, "load": round(os.getloadavg()[0], 1)}
                print(json.dumps(facts | result), flush=True)
        finally:
            shutil.rmtree(args.folder)


if __name__ == "__main__":
    main()
