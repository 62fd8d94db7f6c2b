"""An index of any size made of invented documents, and questions to it measured; see :mod:`benchmarks.made_library`.

    python -m benchmarks.library_size make DIR --pages 100000 [--store int8] [--seed 1]
    python -m benchmarks.library_size ask DIR [--questions 40] [--rounds 3]
    python -m benchmarks.library_size add DIR [--documents 30]

``make`` goes on where it was stopped. It writes through the index's own storage, without files of documents: questions
are answered, pictures and pages are not shown. ``ask`` prints milliseconds, p50 and p95, of questions over the library
and within one document, by stage and of the processor, with the vectors of questions made beforehand in place of the
sentence encoders; memory is that of the process. ``add`` stores further documents and takes them out again. On a busy
machine OMP_NUM_THREADS=1 keeps threads of the linear algebra from waiting for each other.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(1, str(ROOT))

from benchmarks.made_library import DIM, Library, MadeQuestion  # noqa: E402
from rag.config import Settings, quiet  # noqa: E402
from rag.disk import bytes_below  # noqa: E402
from rag.encoders.base import Part  # noqa: E402
from rag.encoders.parts import Span  # noqa: E402
from rag.index import Index  # noqa: E402
from rag.retrieval.search import search  # noqa: E402
from rag.storage.full_text import index as fulltext  # noqa: E402
from rag.storage.records.picture_families import KnownPictures  # noqa: E402
from rag.text.function_words import languages_of  # noqa: E402
from rag.types import Float32Array, Query  # noqa: E402

ASKED, VECTORS = "questions.jsonl", "questions.npy"
KEPT = 400  # questions of a library, spread over its documents


class MadeEncoder:
    """Stands for the packaged encoders: ``vector`` is that of the question which is asked now, whatever is left of its
    words."""

    name, dim, fingerprint, reason, spent = "made", DIM, "made-1", "invented vectors", ""
    parts: tuple[Part, ...] = (Part("words", 0, 768), Part("picture", 768, DIM))
    word_spans: tuple[Span, ...] = (Span("e5", 0, 384), Span("minilm", 384, 768))
    text_window: int | None = None
    words_spec, picture_spec = "e5+minilm", "builtin"
    facts: Mapping[str, str] = MappingProxyType({})

    def __init__(self) -> None:
        self.vector = np.zeros(DIM, dtype=np.float32)

    def embed_texts(self, texts: Sequence[str], query: bool = False) -> Float32Array:
        """The vector of the question for each."""
        return np.stack([self.vector for _ in texts])

    def embed_words(self, texts: Sequence[str], span: Span) -> Float32Array:
        """Is not asked."""
        raise NotImplementedError("no window of a page is embedded here")

    def embed_images(self, images: Sequence[Image.Image], words: Sequence[str], query: bool = False) -> Float32Array:
        """Is not asked."""
        raise NotImplementedError("no picture is embedded here")

    def windows(self, text: str) -> list[str]:
        """One."""
        return [text]


def open_index(folder: Path, store: str = "float32", create: bool = False) -> Index:
    """With the encoder above."""
    from rag.indexing.generations import new_generation
    from rag.storage.reader import PAGES_RECORD
    from rag.storage.records.catalogue import Catalogue

    settings = Settings(index=folder, store=store, store_url=os.environ.get("PAGESIGHT_STORE_URL", ""))
    if create and not (folder / "catalogue.sqlite3").exists():
        catalogue = Catalogue(folder, create=True)
        index = Index(settings, catalogue)
        index.use(MadeEncoder())
        catalogue.renew_full_text(lambda done, total: None)
        made = new_generation(index, MadeEncoder(), store)
        catalogue.add_to_record(made.id, **{PAGES_RECORD: False})  # invented pages have no words in any order
        catalogue.make_live(made.id)
        index.close()
    index = Index.open(settings)
    index.use(MadeEncoder())
    return index


def own_stems(text: str, language: str = "en") -> list[str]:
    """The terms of a made text, whose words are their own stems: what :func:`rag.text.analysis.terms` finds, sooner."""
    return [word.rstrip(".") for word in text.split()]


def make(folder: Path, pages: int, store: str, seed: int) -> None:
    """Documents until there are so many pages; one that is there is left as it is."""
    language = "en"
    setattr(fulltext, "terms", own_stems)  # noqa: B010
    setattr(fulltext, "languages_of", lambda texts: [language] * len(texts))  # noqa: B010
    index, begun = open_index(folder, store, create=True), time.perf_counter()
    committed = set(index.catalogue.ids())
    questions: list[MadeQuestion] = []
    done = 0
    for made in Library(seed).documents(pages):
        document, chunks = made.document, made.document.chunks
        questions += made.questions
        if document.id not in committed:
            (language,) = languages_of([chunks[0].text])
            index.vectors.arrays.save(document.id, made.nodes, chunks)
            index.catalogue.add(document)
        before, done = done, done + len(document.pages)
        if before // 5000 != done // 5000:
            print(f"{done:,} pages, {time.perf_counter() - begun:,.0f} s", flush=True)
    chosen = questions[:: max(1, len(questions) // KEPT)][:KEPT]
    with (folder / ASKED).open("w") as file:
        file.writelines(json.dumps({"question": q.text, "doc": q.doc, "page": q.page}) + "\n" for q in chosen)
    np.save(folder / VECTORS, np.stack([q.vector for q in chosen]))
    with index.session():
        pass  # means are noted at the end of a session
    begun = time.perf_counter()
    if hasattr(index.vectors, "codes"):
        index.settle()
        print(f"settled in {time.perf_counter() - begun:.1f} s")
    index.close()


def questions_of(folder: Path, count: int) -> list[MadeQuestion]:
    """Spread evenly over those that were kept."""
    lines = [json.loads(line) for line in (folder / ASKED).read_text().splitlines()]
    vectors = np.load(folder / VECTORS)
    rows = zip(lines, vectors, strict=True)
    every = [MadeQuestion(line["question"], line["doc"], line["page"], vector) for line, vector in rows]
    return every[:: max(1, len(every) // count)][:count]


class Stages:
    """Seconds by name of a function, for each question."""

    def __init__(self) -> None:
        self.now: dict[str, float] = defaultdict(float)
        self.rows: list[dict[str, float]] = []

    def watch(self, owner: Any, name: str, label: str) -> None:
        """Have calls of ``owner.name`` counted."""
        inner: Callable[..., Any] = getattr(owner, name)

        def timed(*args: Any, **kwargs: Any) -> Any:
            begun = time.perf_counter()
            try:
                return inner(*args, **kwargs)
            finally:
                self.now[label] += time.perf_counter() - begun

        setattr(owner, name, timed)

    @contextmanager
    def question(self) -> Iterator[None]:
        """All calls inside are of one question."""
        self.now = defaultdict(float)
        begun, cpu = time.perf_counter(), time.process_time()
        yield
        self.now["question"] = time.perf_counter() - begun
        self.now["question, processor"] = time.process_time() - cpu
        self.rows.append(dict(self.now))

    def table(self) -> Iterator[str]:
        """A line per stage."""
        for name in sorted(
            {name for row in self.rows for name in row}, key=lambda name: not name.startswith("question")
        ):
            values = sorted(row.get(name, 0.0) * 1000 for row in self.rows)
            yield f"  {name:24} p50 {_at(values, 0.5):8.1f}  p95 {_at(values, 0.95):8.1f} ms"


def _at(values: Sequence[float], share: float) -> float:
    return values[min(len(values) - 1, int(share * len(values)))]


def ask(folder: Path, count: int, rounds: int, scopes: Sequence[str], hits: Path | None) -> None:
    """Questions over the library and within the document that holds the answer."""
    from rag.retrieval import retrieve, side

    begun = time.perf_counter()
    index = open_index(folder)
    asked = questions_of(folder, count)
    encoder = MadeEncoder()
    index.use(encoder)
    encoder.vector = asked[0].vector
    print(f"opened {time.perf_counter() - begun:.2f} s, {memory():,.0f} MiB")
    begun, cpu = time.perf_counter(), time.process_time()
    search(index, Query(asked[0].text), fresh=True)
    took, cpu = time.perf_counter() - begun, time.process_time() - cpu
    print(f"first question {took:.2f} s, of the processor {cpu:.2f} s, {memory():,.0f} MiB")
    stages = Stages()
    for owner, name, label in (
        (side, "look_up", "look up"), (side, "respelt", "respell"), (side, "by_words", "full text"),
        (side, "by_meaning", "vectors"), (retrieve, "page_features", "page features"),
        (retrieve, "signals", "signals"), (retrieve, "candidates", "candidates"),
        (retrieve, "parts_of", "chunks"), (retrieve, "features_of_parts", "chunk features"),
    ):  # fmt: skip
        stages.watch(owner, name, label)
    found: dict[str, list[list[str]]] = {}
    for scope in scopes:
        stages.rows, right = [], 0
        for number in range(rounds):
            for question in asked:
                docs = frozenset([question.doc]) if scope == "document" else None
                encoder.vector = question.vector
                with stages.question():
                    result = search(index, Query(question.text, docs=docs), fresh=True)
                if not number:
                    found.setdefault(scope, []).append([hit.chunk.id for hit in result.hits])
                    right += any((h.chunk.doc, h.chunk.page) == (question.doc, question.page) for h in result.hits[:5])
        share = right / len(asked)
        print(f"{scope}: {len(asked)} questions × {rounds}, {memory():,.0f} MiB; page among five {share:.2f}")
        print("\n".join(stages.table()), flush=True)
    if hits:
        hits.write_text(json.dumps(found))
    index.close()


def add(folder: Path, count: int) -> None:
    """Store documents that are not there, each step by itself, and take them out again."""
    index, total = open_index(folder), 0
    steps: dict[str, list[float]] = defaultdict(list)

    def step(name: str, work: Callable[[], Any]) -> None:
        begun, cpu = time.perf_counter(), time.process_time()
        work()
        steps[name].append(time.perf_counter() - begun)
        steps[f"{name}, CPU"].append(time.process_time() - cpu)

    library = Library(seed=99)
    made = [library.document(number) for number in range(count)]
    for document, nodes, _ in ((one.document, one.nodes, one.questions) for one in made):
        total += len(document.pages)
        step("vectors", partial(index.vectors.arrays.save, document.id, nodes, document.chunks))
        step("catalogue and words", partial(index.catalogue.add, document))
        step("means", index.update_means)
        step("graph or codes", index.settle)
        step("hashes of pictures", partial(KnownPictures.of, index.catalogue))
    print(f"{len(made)} documents, {total} pages; {memory():,.0f} MiB")
    for name, values in steps.items():
        a_page, median = 1000 * sum(values) / total, 1000 * statistics.median(values)
        print(f"  {name:28} {a_page:8.2f} ms a page, median {median:8.1f} ms a document")
    for one in made:
        index.catalogue.remove(one.document.id)
        index.vectors.arrays.remove(one.document.id)
    index.update_means()
    index.close()


def memory() -> float:
    """Largest resident memory of this process so far, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """The command line."""
    quiet()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["make", "ask", "add"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--store", default="float32")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--questions", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--documents", type=int, default=30)
    parser.add_argument("--scopes", default="library,document")
    parser.add_argument("--hits", type=Path)
    args = parser.parse_args()
    if args.what == "make":
        make(args.folder, args.pages, args.store, args.seed)
    elif args.what == "ask":
        ask(args.folder, args.questions, args.rounds, args.scopes.split(","), args.hits)
    else:
        add(args.folder, args.documents)
    size = bytes_below(args.folder / "vectors") / 1e6
    file = args.folder / "catalogue.sqlite3"
    database = f"{file.stat().st_size / 1e6:,.0f} MB" if file.exists() else "in PostgreSQL"
    print(f"database {database}, vectors {size:,.0f} MB")


if __name__ == "__main__":
    main()
