"""Vectors of a generation: the best nodes, filters, what is removed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from made_documents import make_document
from vector_hits import VectorHit, one_by_one

from ingestion.elements import Document
from ingestion.errors import Cancelled
from rag.config import Settings
from rag.disk import locked
from rag.errors import IndexBusy, IndexDamaged
from rag.index import Index
from rag.storage.vectors import files as vector_files
from rag.storage.vectors.chroma import LOCK, Differences, Graph, Record
from rag.storage.vectors.files import MODALITIES, Rows, VectorFiles, means, part_sums
from rag.storage.vectors.index import VectorIndex, _Asked
from rag.storage.vectors.loaded_documents import LoadedDocuments
from rag.types import Modality, Node

DIM = 24


class Shelf:
    """A generation's vectors over a committed set that the test moves by hand."""

    def __init__(self, root: Path) -> None:
        self.revision, self.docs = 1, list[str]()
        self.nodes: dict[str, list[Node]] = {}
        self.made: dict[str, Document] = {}
        self.root = root
        self.vectors = self.open()

    def open(self) -> VectorIndex:
        arrays = VectorFiles(self.root / "vectors" / "generation-0001", DIM)
        documents = LoadedDocuments(arrays, lambda: self.revision, lambda: self.docs)
        return VectorIndex(documents, Graph(self.root, "generation-0001", DIM))

    @property
    def folder(self) -> Path:
        """Where Chroma's own files are."""
        note = json.loads((self.root / "chroma" / "generation-0001.json").read_text())
        return self.root / "chroma" / str(note["folder"])

    def put(self, number: int) -> str:
        document = make_document(self.root / "made" / str(number), number)
        self.made[document.id], self.nodes[document.id] = document, _nodes(document, number)
        self.vectors.save(document.id, self.nodes[document.id], document.chunks)
        self.docs.append(document.id)
        self.revision += 1
        return document.id

    def remove(self, doc_id: str) -> None:
        self.docs.remove(doc_id)
        self.vectors.delete(doc_id)
        self.revision += 1


def _nodes(document: Document, seed: int) -> list[Node]:
    random = np.random.default_rng(seed)
    nodes: list[Node] = []
    for chunk in document.chunks:
        modalities: tuple[Modality, ...] = ("text", "image") if chunk.kind in ("figure", "table") else ("text",)
        for modality in modalities:
            for ordinal in range(1 + len(nodes) % 3 if modality == "text" else 1):
                vector = random.normal(size=DIM).astype(np.float32)
                nodes.append(Node(chunk.id, modality, vector / np.linalg.norm(vector), ordinal))
    return nodes


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path)
    for number in range(3):
        shelf.put(number)
    assert shelf.vectors.settle()
    yield shelf
    shelf.vectors.close()


def _question(seed: int = 99) -> np.ndarray:
    vector = np.random.default_rng(seed).normal(size=DIM).astype(np.float32)
    return vector / np.linalg.norm(vector)


def _by_hand(shelf: Shelf, question: np.ndarray, docs: set[str], modality: str | None) -> dict[tuple[str, str], float]:
    best: dict[tuple[str, str], float] = {}
    for node in (n for doc in docs for n in shelf.nodes[doc] if modality in (None, n.modality)):
        key = (node.chunk_id, node.modality)
        best[key] = max(best.get(key, -9.0), float(node.vector @ question))
    return best


@pytest.mark.parametrize("modality", [None, *MODALITIES])
def test_exact_search_is_the_best_node_of_every_chunk(shelf: Shelf, modality: str | None) -> None:
    question = _question()
    hits = one_by_one(shelf.vectors.nearest(question, 1000, modality))  # type: ignore[arg-type]
    expected = _by_hand(shelf, question, set(shelf.docs), modality)
    assert {(h.chunk_id, h.modality): pytest.approx(h.score, abs=1e-5) for h in hits} == expected
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    assert one_by_one(shelf.vectors.nearest(question, 5, modality)) == hits[:5]  # type: ignore[arg-type]


def test_filters(shelf: Shelf) -> None:
    doc = shelf.docs[1]
    question = _question()
    hits = one_by_one(shelf.vectors.nearest(question, 1000, docs=frozenset({doc})))
    assert {(h.chunk_id, h.modality) for h in hits} == set(_by_hand(shelf, question, {doc}, None))
    tables = {c.id for d in shelf.made.values() for c in d.chunks if c.kind == "table"}
    assert {h.chunk_id for h in one_by_one(shelf.vectors.nearest(question, 1000, kinds=frozenset({"table"})))} == tables
    assert one_by_one(shelf.vectors.nearest(question, 5, docs=frozenset({"nobody"}))) == []


def _of_graph(shelf: Shelf, question: np.ndarray, k: int) -> list[VectorHit] | None:
    """What is found by way of the graph; None where it was not asked."""
    found = shelf.vectors._approximate(shelf.vectors.documents.all(), _Asked(question, k, "text", None, None))
    return None if found is None else one_by_one(found)


def _same(found: list[VectorHit] | None, exact: list[VectorHit]) -> bool:
    assert found is not None
    assert [hit.score for hit in found] == pytest.approx([hit.score for hit in exact], abs=1e-4)
    return [hit.chunk_id for hit in found] == [hit.chunk_id for hit in exact]


def test_the_graph_gives_the_same_best_hits(shelf: Shelf) -> None:
    question = _question()
    exact = one_by_one(shelf.vectors.nearest(question, 8, "text"))
    shelf.vectors.exact_limit = 10
    assert _same(_of_graph(shelf, question, 8), exact)
    assert one_by_one(shelf.vectors.nearest(question, 8, "text")) == _of_graph(shelf, question, 8)


def test_what_the_graph_lacks_is_searched_exactly_and_what_is_gone_is_not_found(shelf: Shelf) -> None:
    shelf.put(9)
    shelf.remove(shelf.docs[0])
    again = shelf.docs[0]  # read again: the same chunks, other vectors
    shelf.nodes[again] = _nodes(shelf.made[again], 77)
    shelf.vectors.save(again, shelf.nodes[again], shelf.made[again].chunks)
    shelf.revision += 1
    question = _question()
    exact = one_by_one(shelf.vectors.nearest(question, 8, "text"))
    shelf.vectors.exact_limit = sum(map(len, shelf.nodes.values())) // 2 + 20
    assert _same(_of_graph(shelf, question, 8), exact)
    assert len(shelf.vectors.lagging()) == 3
    shelf.vectors.exact_limit = 0
    assert _of_graph(shelf, question, 8) is None  # too much would have to be searched beside it


def test_scores_of_a_masked_question_are_cosines_of_the_part(shelf: Shelf) -> None:
    question = _question()
    question[: DIM // 2] = 0.0
    best = one_by_one(shelf.vectors.nearest(question, 1))[0]
    assert best.score == pytest.approx(max(_by_hand(shelf, question, set(shelf.docs), None).values()), abs=1e-5)


def test_nobody_opens_the_graph_while_it_is_written(shelf: Shelf) -> None:
    shelf.vectors.exact_limit = 0
    shelf.vectors.close()
    with locked(shelf.root / LOCK):
        assert _of_graph(shelf, _question(), 3) is None
        assert len(one_by_one(shelf.vectors.nearest(_question(), 3))) == 3
    assert _of_graph(shelf, _question(), 3) is not None


def test_a_collection_that_is_being_written_is_not_called_broken(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.disk.LOCK_SECONDS", 0.1)
    held = shelf.vectors.graph.held()
    with locked(shelf.root / LOCK), pytest.raises(IndexBusy):
        shelf.vectors.differences()
    assert shelf.vectors.graph.held() == held != {}


def test_what_was_written_in_part_is_never_opened(shelf: Shelf) -> None:
    shelf.put(9)

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        shelf.vectors.settle(stop)
    assert shelf.vectors.graph.held() == {} and _of_graph(shelf, _question(), 3) is None
    assert shelf.vectors.settle()
    assert shelf.vectors.differences() == Differences((), ())
    assert len(list((shelf.root / "chroma").glob("generation-*.*[0-9]"))) == 1


def test_a_reader_sees_what_a_writer_committed(shelf: Shelf) -> None:
    reader = shelf.open()
    before = reader.count()
    reader.graph.query(_question(), 3)
    doc = shelf.put(9)
    assert shelf.vectors.settle()
    assert reader.count() == before + len(shelf.nodes[doc])
    reader.exact_limit = 0
    node = next(n for n in shelf.nodes[doc] if n.modality == "text")
    assert one_by_one(reader.nearest(node.vector, 1, "text"))[0].chunk_id == node.chunk_id
    reader.close()


def test_a_document_without_nodes(shelf: Shelf) -> None:
    shelf.vectors.save("e" * 64, [], [])
    shelf.docs.append("e" * 64)
    shelf.revision += 1
    assert shelf.vectors.settle() and not shelf.vectors.lagging()
    assert len(one_by_one(shelf.vectors.nearest(_question(), 3))) == 3
    assert shelf.vectors.differences() == Differences((), ())


def test_deleted_documents_leave_collection_and_arrays(shelf: Shelf) -> None:
    shelf.remove(shelf.docs[0])
    assert shelf.vectors.arrays.ids() == set(shelf.docs)
    assert shelf.vectors.differences() != Differences((), ())
    assert shelf.vectors.settle()
    assert shelf.vectors.differences() == Differences((), ())
    for doc in list(shelf.docs):
        shelf.remove(doc)
    assert shelf.vectors.settle()
    assert list((shelf.root / "chroma").iterdir()) == []


def test_missing_ownerless_and_changed_records_are_seen(shelf: Shelf) -> None:
    graph = shelf.vectors.graph
    collection = graph._open(*graph._read_note())  # type: ignore[misc]
    first, second = shelf.docs[:2]
    collection.delete(where={"doc": first})
    changed = collection.get(limit=1, where={"doc": second})["ids"][0]
    collection.update(ids=[changed], embeddings=[np.zeros(DIM, dtype=np.float32)])
    stranger = Record("f" * 64, "text", 0, 0).name
    collection.upsert(ids=[stranger], embeddings=[_question()])
    assert shelf.vectors.differences() == Differences((first, second), (stranger,))


@pytest.mark.parametrize("torn", ["header.bin", "data_level0.bin", "chroma.sqlite3"])
def test_a_torn_collection_is_made_anew_from_the_arrays(shelf: Shelf, torn: str) -> None:
    shelf.vectors.close()
    for path in shelf.folder.rglob(torn):
        path.write_bytes(path.read_bytes()[:7])
    shelf.vectors.graph.distrust()
    steps: list[tuple[int, int]] = []
    assert shelf.vectors.settle(lambda done, total: steps.append((done, total)))
    assert shelf.vectors.differences() == Differences((), ())
    assert steps[-1] == (3, 3)


def test_who_is_stopped_meanwhile_has_committed_and_the_collection_is_not_called_broken(
    shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    shelf.put(9)

    def stop(done: int, total: int) -> None:
        raise Cancelled("a job was given to another worker")

    assert not shelf.vectors.settle(stop)
    assert caplog.text == ""
    assert shelf.vectors.settle()
    assert shelf.vectors.differences() == Differences((), ())


def test_a_lost_collection_is_filled_from_the_arrays(shelf: Shelf) -> None:
    shelf.vectors.close()
    shutil.rmtree(shelf.root / "chroma")
    assert shelf.vectors.settle()
    assert shelf.vectors.differences() == Differences((), ())


def test_a_collection_that_fails_does_not_stop_the_search(shelf: Shelf, caplog: pytest.LogCaptureFixture) -> None:
    shelf.vectors.close()
    (shelf.folder / "chroma.sqlite3").write_bytes(b"torn")
    shelf.vectors.exact_limit = 10
    exact = one_by_one(shelf.vectors.nearest(_question(), 3, "text"))
    assert len(exact) == 3
    assert "Chroma failed" in caplog.text
    assert shelf.vectors.graph.held() == {}
    assert shelf.vectors.settle()
    assert shelf.vectors.differences() == Differences((), ())
    assert _same(_of_graph(shelf, _question(), 3), exact)


def test_the_database_of_an_earlier_version_gives_way(shelf: Shelf) -> None:
    folder = shelf.root / "chroma"
    (folder / str(uuid4())).mkdir()
    (folder / "chroma.sqlite3").write_bytes(b"one for all generations")
    (folder / "notes").mkdir()
    shelf.put(9)
    assert shelf.vectors.settle()
    assert {path.name for path in folder.iterdir()} == {"generation-0001.1", "generation-0001.json", "notes"}


def test_arrays_without_a_checksum_have_one_all_the_same(shelf: Shelf) -> None:
    doc = shelf.docs[0]
    path = shelf.vectors.arrays.folder / f"{doc}.json"
    meta = json.loads(path.read_text())
    assert shelf.vectors.arrays.checksum(doc) == meta.pop("checksum")
    path.write_text(json.dumps(meta))
    assert shelf.vectors.arrays.checksum(doc).startswith("note-")


def test_cut_arrays_are_named(shelf: Shelf) -> None:
    path = shelf.vectors.arrays.folder / f"{shelf.docs[0]}.npy"
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(IndexDamaged, match="doctor --repair"):
        shelf.vectors.arrays.load(shelf.docs[0])
    assert set(shelf.open().rows()) == set(shelf.docs[1:])


def test_rows_of_one_chunk_are_neighbours_whatever_the_order_of_nodes(tmp_path: Path) -> None:
    document = make_document(tmp_path / "made", 1)
    nodes = _nodes(document, 5)
    kept = VectorFiles(tmp_path / "kept", DIM)
    kept.save(document.id, nodes[::-1], document.chunks)
    for rows in kept.load(document.id):
        places = rows.chunks_by_row()
        vectors = {
            (rows.places[chunk].chunk_id, at): row for (chunk, at), row in zip(places, rows.floats(), strict=True)
        }
        for node in (n for n in nodes if n.modality == rows.modality):
            assert np.array_equal(vectors[node.chunk_id, node.ordinal], node.vector)
        assert places == sorted(places)
    stored = json.loads((kept.folder / f"{document.id}.json").read_text())
    assert stored["text"] == sum(n.modality == "text" for n in nodes)


def test_means_leave_out_nodes_without_the_part(tmp_path: Path) -> None:
    document = make_document(tmp_path / "made", 1)
    a, b, c = (chunk.id for chunk in document.chunks[:3])
    vectors = np.eye(DIM, dtype=np.float32)
    nodes = [Node(a, "text", vectors[0]), Node(b, "text", vectors[0] + vectors[20]), Node(c, "image", vectors[21])]
    kept = VectorFiles(tmp_path / "kept", DIM)
    kept.save(document.id, nodes, document.chunks)
    found = means([part_sums(kept.load(document.id), {"words": (0, 16), "picture": (16, DIM)})])
    assert set(found) == {("text", "words"), ("text", "picture"), ("image", "picture")}
    assert found["text", "words"][0] == 1.0
    assert found["text", "picture"].tolist() == [0, 0, 0, 0, 1.0, 0, 0, 0]


@pytest.mark.parametrize("count", [1, 2, 5])
def test_documents_shared_by_two_threads_give_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    kept = VectorFiles(tmp_path / "kept", DIM)
    rows: list[Rows] = []
    for number in range(count):
        document = make_document(tmp_path / f"made {number}", 1 + number)
        kept.save(document.id, _nodes(document, number), document.chunks)
        rows += kept.load(document.id)
    alone = vector_files.search(rows, _question(), 1000, None, None)
    assert len(alone.chunks) == sum(len(part.places) for part in rows)
    monkeypatch.setattr(vector_files, "MANY", 1)
    assert vector_files.search(rows, _question(), 1000, None, None) == alone


@pytest.mark.parametrize(("store", "off"), [("float16", 1e-3), ("int8", 0.02)])
def test_reduced_arrays_are_searched_as_they_were_written(tmp_path: Path, store: str, off: float) -> None:
    document = make_document(tmp_path / "made", 1)
    nodes = _nodes(document, 5)
    kept = VectorFiles(tmp_path / "kept", DIM, store)
    kept.save(document.id, nodes, document.chunks)
    assert np.load(kept.folder / f"{document.id}.npy").dtype == store
    query = _question()
    for rows in VectorFiles(tmp_path / "kept", DIM).load(document.id):  # a reader need not know
        places = zip(rows.chunks_by_row(), rows.floats(), strict=True)
        vectors = {(rows.places[chunk].chunk_id, ordinal): row for (chunk, ordinal), row in places}
        for node in (n for n in nodes if n.modality == rows.modality):
            stored = vectors[node.chunk_id, node.ordinal]
            assert 0 < np.abs(stored - node.vector).max() < off
        expected = np.maximum.reduceat(rows.floats() @ query, rows.starts)
        np.testing.assert_allclose(rows.best(query, slice(0, DIM)), expected, atol=1e-5)
        part = np.maximum.reduceat(rows.floats()[:, 4:9] @ query[4:9], rows.starts)
        np.testing.assert_allclose(rows.best(query, slice(4, 9)), part, atol=1e-5)


def test_int8_keeps_zero_parts_and_the_largest_number(tmp_path: Path) -> None:
    document = make_document(tmp_path / "made", 1)
    vector = np.zeros(DIM, dtype=np.float32)
    vector[[3, 7]] = 0.8, -0.2
    kept = VectorFiles(tmp_path / "kept", DIM, "int8")
    kept.save(document.id, [Node(document.chunks[0].id, "text", vector)], document.chunks)
    (rows,) = kept.load(document.id)
    found = rows.floats()[0]
    assert found[3] == np.float32(0.8) and abs(found[7] + 0.2) < 0.8 / 254 and np.count_nonzero(found) == 2
    meta = json.loads((kept.folder / f"{document.id}.json").read_text())
    (kept.folder / f"{document.id}.json").write_text(json.dumps({**meta, "scales": []}))
    with pytest.raises(IndexDamaged, match="0 scales, expected 1"):
        kept.load(document.id)


def test_the_collection_holds_what_reduced_arrays_say(shelf: Shelf) -> None:
    shelf.vectors.arrays.store = "int8"
    added = shelf.put(7)
    assert shelf.vectors.arrays.load(added)[0].stored.dtype == np.int8
    assert shelf.vectors.arrays.load(shelf.docs[0])[0].stored.dtype == np.float32
    assert shelf.vectors.settle()
    assert shelf.vectors.differences() == Differences((), ())
    assert _same(_of_graph(shelf, _question(), 8), one_by_one(shelf.vectors.nearest(_question(), 8, "text")))


def test_means_after_a_change_are_those_of_all_vectors_but_the_words_of_whole_pages(shelf: Shelf) -> None:
    spans = {"words": (0, 16), "picture": (16, DIM)}
    shelf.vectors.means(spans)
    shelf.remove(shelf.docs[1])
    shelf.put(9)
    fresh = shelf.open()
    for key, mean in shelf.vectors.means(spans).items():
        assert np.array_equal(mean, fresh.means(spans)[key])
        rows = [
            r.floats()[~r.of_pages() | (r.modality == "image")][:, slice(*spans[key[1]])]
            for parts in fresh.rows().values()
            for r in parts
            if r.modality == key[0]
        ]
        assert np.allclose(mean, np.concatenate(rows).mean(axis=0), atol=1e-6)


def test_notes_that_a_kill_left_half_written_go(tmp_path: Path) -> None:
    settings = Settings(index=tmp_path / "index", encoder="builtin", words="static")
    with Index.open(settings, create=True) as index:
        folder = index.files.stage()
        index.store(make_document(folder, 1), folder)
    draft = settings.index / "chroma" / "generation-0001.json.4711.part"
    draft.parent.mkdir(exist_ok=True)
    draft.write_text('{"folder": "gener')
    with locked(settings.index / "chroma.lock"), Index.open(settings):
        assert draft.exists()  # it may be another process's
    with Index.open(settings):
        assert not draft.exists()
