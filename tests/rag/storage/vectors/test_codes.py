"""Codes of a large library's vectors lead to what exact search finds, and come and go with the documents."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from vector_hits import VectorHit, document, one_by_one

from ingestion.elements import Document, Page
from rag.cli import doctor_index
from rag.storage.records.catalogue import Catalogue
from rag.storage.vectors import code_making, loaded_documents
from rag.storage.vectors import files as vector_files
from rag.storage.vectors import index as vector_index
from rag.storage.vectors.chroma import Graph
from rag.storage.vectors.code_making import Spans
from rag.storage.vectors.codes import CodeIndex
from rag.storage.vectors.files import VectorFiles
from rag.storage.vectors.index import VectorIndex
from rag.storage.vectors.loaded_documents import LoadedDocuments
from rag.storage.vectors.quantized import Asked, best, likely, pairs_in, reach, signs_of, steps_of
from rag.types import Float32Array, Node

DIM = 144
SPANS: Spans = {"text": [(0, 70), (70, 100)], "image": [(100, 144)]}
CHUNKS = 40


def nodes_of(document: Document, seed: int = 0) -> list[Node]:
    random = np.random.default_rng([seed, int(document.id[:8], 16)])
    own, nodes = random.normal(size=DIM), list[Node]()
    for i, chunk in enumerate(document.chunks):
        for ordinal in range(1 + i % 2):
            vector = np.zeros(DIM, dtype=np.float32)
            vector[:100] = (2.0 + 0.5 * own + random.normal(size=DIM))[:100]
            nodes.append(Node(chunk.id, "text", vector / np.linalg.norm(vector), ordinal))
        if chunk.kind == "figure":
            vector = np.zeros(DIM, dtype=np.float32)
            vector[100:] = random.normal(size=44)
            nodes.append(Node(chunk.id, "image", vector / np.linalg.norm(vector)))
    return nodes


class Library:
    def __init__(self, root: Path, store: str, graph: str = "off", url: str = "") -> None:
        self.catalogue = Catalogue(root, create=True, url=url)
        self.generation = self.catalogue.new_generation("", "", "made", "f", DIM)
        self.root, self.store, self.graph = root, store, graph
        self.vectors = self.opened()

    def opened(self) -> VectorIndex:
        def revision() -> int:
            return self.catalogue.state().revision

        codes = CodeIndex(self.catalogue, self.generation.id)
        arrays = VectorFiles(self.root / "vectors" / "generation-1", DIM, self.store)
        documents = LoadedDocuments(arrays, revision, self.catalogue.ids)
        return VectorIndex(documents, Graph(self.root, "generation-1", DIM), codes, self.graph)

    def put(self, number: int, seed: int = 0) -> str:
        made = document(number, CHUNKS)
        self.vectors.save(made.id, nodes_of(made, seed), made.chunks)
        self.catalogue.add(made)
        return made.id

    def settle(self) -> None:
        assert self.vectors.settle(spans=lambda: SPANS)

    def coded(self) -> set[str]:
        with self.catalogue.reading() as db:
            return {row[0] for row in db.execute("SELECT doc FROM vector_codes")}

    def exact(self, query: Float32Array, k: int, modality: str, kinds: frozenset[str] | None = None) -> list[VectorHit]:
        rows = [part for doc in self.catalogue.ids() for part in self.vectors.arrays.load(doc)]
        return one_by_one(vector_files.search(rows, query, k, modality, kinds))  # type: ignore[arg-type]


@pytest.fixture(params=["float32", "int8", pytest.param("int8 postgres", marks=pytest.mark.slow)])
def library(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    monkeypatch.setattr(code_making, "MANY", 8)
    monkeypatch.setattr(vector_index, "WEIGHED", 1000)
    store, *elsewhere = request.param.split()
    url = request.getfixturevalue("postgres_url") if elsewhere else ""
    made = Library(tmp_path / "index", store, url=url)
    for number in range(8):
        made.put(number)
    made.settle()
    yield made
    made.vectors.close()


def question(start: int, stop: int, seed: int = 7) -> Float32Array:
    vector = np.zeros(DIM, dtype=np.float32)
    vector[start:stop] = 2.0 + np.random.default_rng(seed).normal(size=stop - start) * 1.2
    return vector


def same(found: list[VectorHit], wanted: list[VectorHit]) -> None:
    assert [hit.chunk_id for hit in found] == [hit.chunk_id for hit in wanted]
    assert [hit.score for hit in found] == pytest.approx([hit.score for hit in wanted], rel=1e-5)


def test_the_collection_of_a_library_that_grows_large_gives_way_to_codes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(code_making, "MANY", 3)
    for graph in ("auto", "chroma"):
        growing = Library(tmp_path / graph, "float32", graph)
        for number in range(2):
            growing.put(number)
        growing.settle()
        assert growing.vectors.collected and growing.vectors.differences() == ((), ()) and not growing.coded()
        growing.put(2)
        growing.settle()
        assert len(growing.coded()) == 3 and growing.vectors.collected == (graph == "chroma")
        assert bool(list((tmp_path / graph / "chroma").glob("generation-*"))) == (graph == "chroma")
        same(one_by_one(growing.vectors.nearest(question(0, 70), 9, "text")), growing.exact(question(0, 70), 9, "text"))
        growing.vectors.close()


def test_a_small_library_has_no_codes(tmp_path: Path) -> None:
    small = Library(tmp_path / "index", "float32")
    small.put(1)
    small.settle()
    assert small.coded() == set()
    same(one_by_one(small.vectors.nearest(question(0, 70), 9, "text")), small.exact(question(0, 70), 9, "text"))


@pytest.mark.parametrize(("start", "stop", "modality"), [(0, 70, "text"), (70, 100, "text"), (100, 144, "image")])
def test_codes_lead_to_what_exact_search_finds(library: Library, start: int, stop: int, modality: str) -> None:
    assert len(library.coded()) == 8
    asked = question(start, stop)
    for k in (5, 400):
        same(one_by_one(library.vectors.nearest(asked, k, modality)), library.exact(asked, k, modality))  # type: ignore[arg-type]
    tables = frozenset({"table"})
    found = one_by_one(library.vectors.nearest(asked, 20, modality, kinds=tables))  # type: ignore[arg-type]
    same(found, library.exact(asked, 20, modality, tables))
    assert library.vectors.count() == sum(len(nodes_of(document(number, CHUNKS))) for number in range(8))
    held = library.vectors.codes._scales.values()  # type: ignore[union-attr]
    assert all(scales.base is None for _, scales in held)  # else each keeps the bytes of its document's codes


def test_few_of_many_rows_hold_the_best(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    right = []
    monkeypatch.setattr(vector_index, "WEIGHED", 60)  # of 480
    for seed in range(20):
        asked = question(0, 70, seed)
        found = one_by_one(library.vectors.nearest(asked, 30, "text"))
        right.append(len({h.chunk_id for h in found[:5]} & {h.chunk_id for h in library.exact(asked, 5, "text")}))
    assert sum(right) >= 0.9 * 5 * len(right)


def test_documents_that_are_asked_alone_are_searched_exactly(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, docs = question(0, 70), frozenset(library.catalogue.ids()[2:4])
    wanted = [hit for hit in library.exact(asked, 999, "text") if hit.chunk_id[:8] in {doc[:8] for doc in docs}]
    same(one_by_one(library.vectors.nearest(asked, 10, "text", docs)), wanted[:10])
    monkeypatch.setattr(library.vectors, "exact_limit", 1)  # too many rows for that: by codes
    same(one_by_one(library.vectors.nearest(asked, 10, "text", docs)), wanted[:10])


def test_what_came_and_went_since_is_found_or_not(library: Library) -> None:
    reader, asked = library.opened(), question(0, 70)
    same(one_by_one(reader.nearest(asked, 30, "text")), library.exact(asked, 30, "text"))
    new, gone, again = library.put(20), library.catalogue.ids()[0], library.catalogue.ids()[1]
    library.catalogue.remove(gone)
    library.vectors.delete(gone)
    library.put(1, seed=5)  # read again: its vectors are others
    assert library.coded() == set(library.catalogue.ids()) - {new, again}
    for vectors in (reader, library.vectors):
        same(one_by_one(vectors.nearest(asked, 30, "text")), library.exact(asked, 30, "text"))
    library.settle()
    assert library.coded() == set(library.catalogue.ids())
    for vectors in (reader, library.vectors, library.opened()):
        same(one_by_one(vectors.nearest(asked, 30, "text")), library.exact(asked, 30, "text"))
        assert vectors.codes is not None and vectors.codes.tail == ()


def test_vectors_that_change_while_codes_are_made_get_none(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    new = library.put(20)
    monkeypatch.setattr(code_making, "_is_still", lambda arrays, doc, stamp: False)
    library.settle()
    assert new not in library.coded()
    monkeypatch.undo()
    library.settle()
    assert new in library.coded()


def test_arrays_that_are_gone_or_cut_are_ranked_by_their_codes(library: Library) -> None:
    asked, doc = question(0, 70), library.catalogue.ids()[3]
    wanted = {hit.chunk_id for hit in library.exact(asked, 40, "text")}
    path = library.vectors.arrays.array(doc)
    path.write_bytes(path.read_bytes()[:200])
    found = one_by_one(library.vectors.nearest(asked, 40, "text"))
    assert len({hit.chunk_id for hit in found} & wanted) >= 32
    path.unlink()
    assert one_by_one(library.vectors.nearest(asked, 40, "text")) == found


def test_a_document_without_vectors_is_noted_too(library: Library) -> None:
    empty = Document("e" * 64, "empty.pdf", "", (Page(1, 9, 9, 0),), (), ())
    library.vectors.save(empty.id, [], ())
    library.catalogue.add(empty)
    library.settle()
    assert empty.id in library.coded()
    assert len(one_by_one(library.vectors.nearest(question(0, 70), 400, "text"))) == 320


def test_means_of_a_large_library_are_those_of_a_sample(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    spans = {"words": (0, 100)}
    every = library.vectors.means(spans)["text", "words"]
    monkeypatch.setattr(loaded_documents, "SAMPLE", 4)
    some = library.vectors.means(spans)["text", "words"]
    assert not np.array_equal(every, some) and float(some @ every) > 0.95 * float(every @ every)


def alike(rows: int, numbers: int) -> Float32Array:
    """Of clusters, as passages of documents are, around a common direction."""
    random = np.random.default_rng(3)
    centres = random.normal(size=(rows // 40, numbers)).repeat(40, axis=0)
    found = 3.0 + centres + 0.8 * random.normal(size=(len(centres), numbers))
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), dtype=np.float32)


@pytest.mark.parametrize("numbers", [97, 200])
def test_steps_bring_the_best_300_where_signs_leave_a_third_out(numbers: int) -> None:
    rows = alike(12_000, numbers)
    mean = rows.mean(axis=0)
    signs, steps = signs_of(rows, mean), steps_of(rows, mean)
    by_signs, by_steps = list[float](), list[float]()
    for place in range(0, 12_000, 2_400):
        query = rows[place] + 0.05 * np.random.default_rng(place).normal(size=numbers).astype(np.float32)
        asked = Asked(query, mean)
        scores, wanted = asked.scores(signs, len(rows)), set(np.argsort(-(rows @ query))[:300].tolist())
        chosen = likely(scores, reach(len(rows), 600))
        nearer = asked.nearer(steps, signs.factors["bias"][chosen], chosen, scores[chosen])
        by_signs.append(len(wanted & set(best(scores, 300).tolist())) / 300)
        by_steps.append(len(wanted & set(chosen[best(nearer, 300)].tolist())) / 300)
        assert (
            np.abs(nearer - rows[chosen] @ query).mean() < 0.25 * np.abs(scores[chosen] - rows[chosen] @ query).mean()
        )
    assert np.mean(by_steps) > 0.85 > 0.75 > np.mean(by_signs)


@pytest.mark.parametrize("count", [1, 300, 5_000, 90_000])
def test_none_of_the_best_is_left_out(count: int) -> None:
    scores = np.random.default_rng(4).normal(size=80_000).astype(np.float32)
    scores[::3] = -np.inf
    wanted = np.argsort(-scores, kind="stable")[: min(count, int(np.isfinite(scores).sum()))]
    assert best(scores, count).tolist() == wanted.tolist()
    assert set(likely(scores, count).tolist()) >= set(wanted.tolist())
    assert best(np.full(80_000, -np.inf, dtype=np.float32), count).tolist() == []


def before_steps(library: Library) -> None:
    """Cut the steps off, as an earlier version has left the codes."""
    centres = library.opened().codes.centres()  # type: ignore[union-attr]
    with library.catalogue.writing() as db:
        for modality, found in centres.items():
            cut = sum(pairs_in(c.stop - c.start) + 4 for c in found)
            left = "substr(codes, 1, CAST(length(codes) - rows * ? AS INT))"
            db.execute(f"UPDATE vector_codes SET codes = {left} WHERE modality = ?", (cut, modality))


def test_codes_of_an_earlier_version_are_read_and_made_anew_a_few_at_a_time(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(code_making, "RENEWED", 3)
    asked = question(0, 70)
    assert library.vectors.codes is not None and library.vectors.codes.without_steps() == []
    before_steps(library)
    reader = library.opened()
    assert reader.codes is not None and len(reader.codes.without_steps()) == 8
    for left in (8, 5, 2, 0):
        said = [finding.detail for finding in doctor_index._codes(SimpleNamespace(vectors=reader))]  # type: ignore[arg-type]
        assert [int(detail.split()[0]) for detail in said] == [left] * bool(left)
        assert len(reader.codes.without_steps()) == left
        for vectors in (reader, library.opened()):
            same(one_by_one(vectors.nearest(asked, 30, "text")), library.exact(asked, 30, "text"))
            assert vectors.codes is not None and vectors.codes.tail == ()
        library.settle()
    before_steps(library)
    library.vectors.renew_codes()
    assert reader.codes.without_steps() == []


def test_rows_of_documents_that_have_gone_leave_memory(library: Library) -> None:
    reader, asked = library.opened(), question(0, 70)
    one_by_one(reader.nearest(asked, 5, "text"))
    assert reader.codes is not None
    most = 0
    for number in range(20, 29):
        library.put(number)
        gone = library.catalogue.ids()[0]
        library.catalogue.remove(gone)
        library.vectors.delete(gone)
        library.settle()
        same(one_by_one(reader.nearest(asked, 30, "text")), library.exact(asked, 30, "text"))
        most = max(most, reader.codes.count)
    assert most <= 2 * sum(len(nodes_of(document(number, CHUNKS))) for number in range(8))


def test_long_vectors_have_more_signs_than_a_byte_counts() -> None:
    random = np.random.default_rng(4)
    asked, mean = random.normal(size=1100).astype(np.float32), np.zeros(1100, dtype=np.float32)
    rows = np.stack([asked, -asked, *random.normal(size=(3, 1100)).astype(np.float32)])
    signs, question = signs_of(rows, mean), Asked(asked, mean)
    sizes = np.abs(asked)
    big = sizes > np.median(sizes)
    agreement = (np.sign(rows[:, big]) * np.sign(asked[big])).sum(axis=1)
    expected = signs.factors["gain"] * sizes[big].mean() * agreement
    assert np.allclose(question.scores(signs, len(rows)), expected, rtol=1e-4)
