from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from made_documents import make_document

from ingestion.elements import Document
from rag.errors import IndexDamaged
from rag.storage.chroma import Differences, compare, open_client, open_collection
from rag.storage.vector_files import MODALITIES, Kept, means
from rag.storage.vector_index import Committed, VectorIndex
from rag.types import Node

DIM = 24


class Shelf:
    """A generation's vectors over a committed set that the test moves by hand."""

    def __init__(self, root: Path) -> None:
        self.revision, self.clean, self.docs, self.distrusted = 1, True, list[str](), 0
        self.nodes: dict[str, list[Node]] = {}
        self.made: dict[str, Document] = {}
        self.root = root
        self.vectors = self.open()

    def open(self) -> VectorIndex:
        return VectorIndex(
            self.root,
            "generation-0001",
            DIM,
            lambda: Committed(self.revision, self.clean),
            lambda: self.docs,
            self._distrust,
        )

    def differences(self, docs: list[str]) -> Differences:
        """What the probe would find, without its child process."""
        self.vectors.close()
        client = open_client(self.vectors.folder)
        found = compare(open_collection(client, self.vectors.label), self.vectors.kept, docs)
        client.close()
        return found

    def chunks(self) -> set[str]:
        return {node.chunk_id for doc in self.docs for node in self.nodes[doc]}

    def _distrust(self) -> None:
        self.distrusted += 1

    def put(self, number: int) -> str:
        document = make_document(self.root / "made" / str(number), number)
        self.made[document.id], self.nodes[document.id] = document, _nodes(document, number)
        self.vectors.begin()
        self.vectors.upsert(self.nodes[document.id], document.id, document.chunks)
        self.docs.append(document.id)
        self.revision += 1
        self.vectors.settled()
        return document.id


def _nodes(document: Document, seed: int) -> list[Node]:
    random = np.random.default_rng(seed)
    nodes = []
    for chunk in document.chunks:
        for modality in ("text", "image") if chunk.kind in ("figure", "table") else ("text",):
            for ordinal in range(1 + len(nodes) % 3 if modality == "text" else 1):
                vector = random.normal(size=DIM).astype(np.float32)
                nodes.append(Node(chunk.id, modality, vector / np.linalg.norm(vector), ordinal))  # type: ignore[arg-type]
    return nodes


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path)
    for number in range(3):
        shelf.put(number)
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
    hits = shelf.vectors.query(question, 1000, modality)  # type: ignore[arg-type]
    expected = _by_hand(shelf, question, set(shelf.docs), modality)
    assert {(h.chunk_id, h.modality): pytest.approx(h.score, abs=1e-5) for h in hits} == expected
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    assert shelf.vectors.query(question, 5, modality) == hits[:5]  # type: ignore[arg-type]


def test_filters(shelf: Shelf) -> None:
    doc = shelf.docs[1]
    question = _question()
    hits = shelf.vectors.query(question, 1000, docs=frozenset({doc}))
    assert {(h.chunk_id, h.modality) for h in hits} == set(_by_hand(shelf, question, {doc}, None))
    tables = {c.id for d in shelf.made.values() for c in d.chunks if c.kind == "table"}
    assert {h.chunk_id for h in shelf.vectors.query(question, 1000, kinds=frozenset({"table"}))} == tables
    assert shelf.vectors.query(question, 5, docs=frozenset({"nobody"})) == []


def test_the_graph_gives_the_same_best_hits(shelf: Shelf) -> None:
    question = _question()
    exact = shelf.vectors.query(question, 8, "text")
    shelf.vectors.exact_limit = 0
    found = shelf.vectors._approximate(question, 8, "text", shelf.chunks())
    assert found is not None
    assert [h.chunk_id for h in found] == [h.chunk_id for h in exact]
    assert [h.score for h in found] == pytest.approx([h.score for h in exact], abs=1e-4)
    assert shelf.vectors.query(question, 8, "text") == found


def test_scores_of_a_masked_question_are_cosines_of_the_part(shelf: Shelf) -> None:
    question = _question()
    question[: DIM // 2] = 0.0
    best = shelf.vectors.query(question, 1)[0]
    assert best.score == pytest.approx(max(_by_hand(shelf, question, set(shelf.docs), None).values()), abs=1e-5)


def test_nobody_opens_the_graph_while_somebody_writes(shelf: Shelf) -> None:
    shelf.vectors.exact_limit = 0
    shelf.clean = False
    shutil.rmtree(shelf.root / "chroma")
    assert len(shelf.vectors.query(_question(), 3)) == 3
    assert not (shelf.root / "chroma").exists()


def test_what_is_not_committed_is_not_found(shelf: Shelf) -> None:
    gone = shelf.docs.pop()
    shelf.revision += 1
    found = {h.chunk_id for h in shelf.vectors.query(_question(), 1000)}
    shelf.vectors.exact_limit = 0
    found |= {h.chunk_id for h in shelf.vectors.query(_question(), 4)}
    assert not found & {c.id for c in shelf.made[gone].chunks}


def test_a_reader_sees_what_a_writer_committed(shelf: Shelf) -> None:
    reader = shelf.open()
    before = reader.count()
    doc = shelf.put(9)
    assert reader.count() == before + len(shelf.nodes[doc])
    reader.exact_limit = 0
    node = next(n for n in shelf.nodes[doc] if n.modality == "text")
    assert reader.query(node.vector, 1, "text")[0].chunk_id == node.chunk_id
    reader.close()


def test_a_document_without_nodes(shelf: Shelf) -> None:
    shelf.vectors.upsert([], "e" * 64, [])
    shelf.docs.append("e" * 64)
    shelf.revision += 1
    assert len(shelf.vectors.query(_question(), 3)) == 3
    assert shelf.differences(shelf.docs) == Differences((), ())


def test_deleted_documents_leave_collection_and_arrays(shelf: Shelf) -> None:
    gone = shelf.docs.pop(0)
    shelf.vectors.delete(gone)
    shelf.revision += 1
    assert shelf.vectors.kept.ids() == set(shelf.docs)
    assert shelf.differences(shelf.docs) == Differences((), ())


def test_probe_sees_missing_and_ownerless_records(shelf: Shelf) -> None:
    kept_only, extra = shelf.docs[0], shelf.docs[2]
    shelf.vectors._open(1).delete(where={"doc": kept_only})
    found = shelf.vectors.probe(shelf.docs[:2])
    assert found is not None
    assert found.missing == (kept_only,)
    assert len(found.extra) == len(shelf.nodes[extra])
    assert shelf.vectors.repair(shelf.docs[:2]) is False
    assert shelf.differences(shelf.docs[:2]) == Differences((), ())


def test_probe_sees_a_changed_vector(shelf: Shelf) -> None:
    collection = shelf.vectors._open(1)
    name = collection.get(limit=1, where={"doc": shelf.docs[0]})["ids"][0]
    collection.update(ids=[name], embeddings=[np.zeros(DIM, dtype=np.float32)])
    assert shelf.differences(shelf.docs).missing == tuple(shelf.docs[:1])


@pytest.mark.parametrize("torn", ["header.bin", "data_level0.bin", "chroma.sqlite3"])
def test_a_torn_collection_is_rebuilt_from_the_arrays(shelf: Shelf, torn: str) -> None:
    shelf.vectors.close()
    for path in shelf.vectors.folder.rglob(torn):
        path.write_bytes(path.read_bytes()[:7])
    steps: list[tuple[int, int]] = []
    rebuilt = shelf.vectors.repair(shelf.docs, lambda done, total: steps.append((done, total)))
    assert shelf.differences(shelf.docs) == Differences((), ())
    if torn == "chroma.sqlite3":
        assert rebuilt
        assert steps[-1] == (3, 3)


def test_a_lost_collection_is_filled_from_the_arrays(shelf: Shelf) -> None:
    shelf.vectors.close()
    shutil.rmtree(shelf.vectors.folder)
    shelf.vectors.repair(shelf.docs)
    assert shelf.differences(shelf.docs) == Differences((), ())


def test_a_collection_that_fails_does_not_stop_the_search(shelf: Shelf) -> None:
    shelf.vectors.close()
    (shelf.vectors.folder / "chroma.sqlite3").write_bytes(b"torn")
    shelf.vectors.exact_limit = 0
    assert len(shelf.vectors.query(_question(), 3)) == 3
    assert shelf.distrusted == 1
    shelf.vectors.repair(shelf.docs)
    assert shelf.differences(shelf.docs) == Differences((), ())
    found = shelf.vectors._approximate(_question(), 3, "text", shelf.chunks())
    assert found == shelf.vectors.query(_question(), 3, "text")


def test_cut_arrays_are_named(shelf: Shelf) -> None:
    path = shelf.vectors.kept.folder / f"{shelf.docs[0]}.npy"
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(IndexDamaged, match="rag reindex"):
        shelf.vectors.kept.load(shelf.docs[0])
    assert set(shelf.open().rows()) == set(shelf.docs[1:])


def test_rows_of_one_chunk_are_neighbours_whatever_the_order_of_nodes(tmp_path: Path) -> None:
    document = make_document(tmp_path / "made", 1)
    nodes = _nodes(document, 5)
    kept = Kept(tmp_path / "kept", DIM)
    kept.save(document.id, nodes[::-1], document.chunks)
    for rows in kept.load(document.id):
        names = dict(zip(rows.node_ids(), rows.floats(), strict=True))
        for node in (n for n in nodes if n.modality == rows.modality):
            assert np.array_equal(names[f"{node.chunk_id}:{node.modality}:{node.ordinal}"], node.vector)
        assert [p.chunk_id for p in rows.places_by_row()] == [name.split(":")[0] for name in rows.node_ids()]
    stored = json.loads((kept.folder / f"{document.id}.json").read_text())
    assert stored["text"] == sum(n.modality == "text" for n in nodes)


def test_means_leave_out_nodes_without_the_part(tmp_path: Path) -> None:
    document = make_document(tmp_path / "made", 1)
    a, b, c = (chunk.id for chunk in document.chunks[:3])
    vectors = np.eye(DIM, dtype=np.float32)
    nodes = [Node(a, "text", vectors[0]), Node(b, "text", vectors[0] + vectors[20]), Node(c, "image", vectors[21])]
    kept = Kept(tmp_path / "kept", DIM)
    kept.save(document.id, nodes, document.chunks)
    found = means(kept.load(document.id), {"words": (0, 16), "picture": (16, DIM)})
    assert set(found) == {("text", "words"), ("text", "picture"), ("image", "picture")}
    assert found["text", "words"][0] == 1.0
    assert found["text", "picture"].tolist() == [0, 0, 0, 0, 1.0, 0, 0, 0]


@pytest.mark.parametrize(("store", "off"), [("float16", 1e-3), ("int8", 0.02)])
def test_reduced_arrays_are_searched_as_they_were_written(tmp_path: Path, store: str, off: float) -> None:
    document = make_document(tmp_path / "made", 1)
    nodes = _nodes(document, 5)
    kept = Kept(tmp_path / "kept", DIM, store)
    kept.save(document.id, nodes, document.chunks)
    assert np.load(kept.folder / f"{document.id}.npy").dtype == store
    query = _question()
    for rows in Kept(tmp_path / "kept", DIM).load(document.id):  # a reader need not know
        names = dict(zip(rows.node_ids(), rows.floats(), strict=True))
        for node in (n for n in nodes if n.modality == rows.modality):
            stored = names[f"{node.chunk_id}:{node.modality}:{node.ordinal}"]
            assert 0 < np.abs(stored - node.vector).max() < off
        expected = np.maximum.reduceat(rows.floats() @ query, rows.starts)
        np.testing.assert_allclose(rows.best(query, slice(0, DIM)), expected, atol=1e-5)
        part = np.maximum.reduceat(rows.floats()[:, 4:9] @ query[4:9], rows.starts)
        np.testing.assert_allclose(rows.best(query, slice(4, 9)), part, atol=1e-5)


def test_int8_keeps_zero_parts_and_the_largest_number(tmp_path: Path) -> None:
    document = make_document(tmp_path / "made", 1)
    vector = np.zeros(DIM, dtype=np.float32)
    vector[[3, 7]] = 0.8, -0.2
    kept = Kept(tmp_path / "kept", DIM, "int8")
    kept.save(document.id, [Node(document.chunks[0].id, "text", vector)], document.chunks)
    (rows,) = kept.load(document.id)
    found = rows.floats()[0]
    assert found[3] == np.float32(0.8) and abs(found[7] + 0.2) < 0.8 / 254 and np.count_nonzero(found) == 2
    meta = json.loads((kept.folder / f"{document.id}.json").read_text())
    (kept.folder / f"{document.id}.json").write_text(json.dumps({**meta, "scales": []}))
    with pytest.raises(IndexDamaged, match="0 scales, expected 1"):
        kept.load(document.id)


def test_the_collection_holds_what_reduced_arrays_say(shelf: Shelf) -> None:
    shelf.vectors.kept.store = "int8"
    added = shelf.put(7)
    assert shelf.vectors.kept.load(added)[0].stored.dtype == np.int8
    assert shelf.vectors.kept.load(shelf.docs[0])[0].stored.dtype == np.float32
    assert shelf.differences(shelf.docs) == Differences((), ())
    exact = shelf.vectors.query(_question(), 8, "text")
    shelf.vectors.exact_limit = 0
    assert [hit.chunk_id for hit in shelf.vectors._approximate(_question(), 8, "text", shelf.chunks())] == [
        hit.chunk_id for hit in exact
    ]
