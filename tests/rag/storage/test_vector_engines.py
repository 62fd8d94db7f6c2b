"""Every vector database elsewhere finds what the arrays find, keeps up with the library, and may fail at any time."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest
from vector_engines import ENGINES, Running, milvus_asked_at_once, server_folder, start
from vector_hits import VectorHit, document, one_by_one

from ingestion.elements import ChunkKind, Document
from rag.errors import BadSettings
from rag.storage.records.catalogue import Catalogue
from rag.storage.vectors import copies as vector_copies
from rag.storage.vectors import index as vector_index
from rag.storage.vectors.chroma import Graph
from rag.storage.vectors.code_making import Spans
from rag.storage.vectors.copies import VectorCopy
from rag.storage.vectors.engines.address import close_all, engine_at, parse
from rag.storage.vectors.engines.base import EngineFailed, Field, Part
from rag.storage.vectors.files import VectorFiles
from rag.storage.vectors.index import VectorIndex
from rag.storage.vectors.loaded_documents import LoadedDocuments
from rag.types import Float32Array, Node

DIM = 72
SPANS: Spans = {"text": [(0, 32), (32, 48)], "image": [(48, 72)]}
CHUNKS = 12
TABLES: frozenset[ChunkKind] = frozenset({"table"})
OTHERS: frozenset[ChunkKind] = frozenset({"figure", "text"})
CLOSE = 1e-3  # scores of engines that keep or compare 16-bit numbers


def nodes_of(document: Document, seed: int = 0) -> list[Node]:
    random = np.random.default_rng([seed, int(document.id[:8], 16)])
    nodes = list[Node]()
    for i, chunk in enumerate(document.chunks):
        for ordinal in range(1 + i % 2):
            vector = np.zeros(DIM, dtype=np.float32)
            vector[:48] = random.normal(size=48)
            if i == 7:
                vector[32:48] = 0.0  # an encoder that says nothing of a passage
            nodes.append(Node(chunk.id, "text", vector / np.linalg.norm(vector), ordinal))
        if chunk.kind == "figure":
            vector = np.zeros(DIM, dtype=np.float32)
            vector[48:] = random.normal(size=24)
            nodes.append(Node(chunk.id, "image", vector / np.linalg.norm(vector)))
    return nodes


class Library:
    def __init__(self, root: Path, url: str) -> None:
        self.root, self.url = root, url
        new = not root.exists()
        self.catalogue = Catalogue(root, create=True)
        if new:
            self.catalogue.make_live(self.catalogue.new_generation("", "", "made", "f", DIM).id)
        self.vectors = self.opened()

    def opened(self, generation: int = 1, elsewhere: bool = True) -> VectorIndex:
        def revision() -> int:
            return self.catalogue.state(latest=True).revision

        copy = VectorCopy(self.root, self.catalogue, generation, self.url) if elsewhere else None
        label = f"generation-{generation:04d}"
        documents = LoadedDocuments(VectorFiles(self.root / "vectors" / label, DIM), revision, self.catalogue.ids)
        return VectorIndex(documents, Graph(self.root, label, DIM), kept="off", copy=copy)

    def put(self, number: int, seed: int = 0) -> str:
        made = document(number, CHUNKS)
        self.vectors.save(made.id, nodes_of(made, seed), made.chunks)
        self.catalogue.add(made)
        return made.id

    def take(self, number: int) -> str:
        doc = document(number, CHUNKS).id
        self.catalogue.remove(doc)
        self.vectors.delete(doc)
        return doc

    def settle(self) -> None:
        assert self.vectors.settle(spans=lambda: SPANS)

    def copied(self) -> vector_copies.Held:
        assert self.vectors.copy is not None
        return self.vectors.copy.held(self.catalogue.state().revision)

    def rows(self) -> tuple[int, int]:
        copy, held = self.vectors.copy, self.copied()
        assert copy is not None
        return copy.engine.count(held.name, "text"), copy.engine.count(held.name, "image")


@pytest.fixture(scope="module")
def postgres() -> Iterator[Running]:
    with server_folder() as folder:
        running = start("postgres", folder)
        yield running
        close_all()
        running.stop()


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    if request.param == "postgres":
        yield request.getfixturevalue("postgres")
        return
    running = start(request.param, tmp_path_factory.mktemp(request.param))
    with milvus_asked_at_once() if request.param == "milvus" else nullcontext():
        yield running
        close_all()
        running.stop()


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if few documents were many: those that are asked within are looked for elsewhere, too."""
    monkeypatch.setattr(vector_index, "OPENED", 1)


@pytest.fixture
def library(engine: Running, tmp_path: Path, few: None) -> Library:
    made = Library(tmp_path / "index", engine.url)
    for number in range(6):
        made.put(number)
    made.settle()
    return made


def question(span: tuple[int, int], seed: int = 1) -> Float32Array:
    vector = np.zeros(DIM, dtype=np.float32)
    vector[slice(*span)] = np.random.default_rng(seed).normal(size=span[1] - span[0])
    return vector


def refuses(*_args: object, **_more: object) -> list[VectorHit] | None:
    raise AssertionError("the arrays were searched")


def same(found: list[VectorHit], wanted: list[VectorHit]) -> None:
    """The same chunks in the same order; those whose scores are equal may change places."""
    assert [hit.modality for hit in found] == [hit.modality for hit in wanted]
    np.testing.assert_allclose([hit.score for hit in found], [hit.score for hit in wanted], atol=CLOSE)
    by_score = {(hit.chunk_id, hit.modality): hit.score for hit in wanted}
    for hit in found[:-1] if len(found) > 1 else found:
        assert hit.score == pytest.approx(by_score.get((hit.chunk_id, hit.modality), wanted[-1].score), abs=CLOSE)


def asks_all(library: Library, vectors: VectorIndex) -> list[list[VectorHit]]:
    """Questions of every field, of all documents and of some, of all kinds and of some."""
    ids = sorted(library.catalogue.ids())
    docs = frozenset(ids[: max(2, len(ids) // 2)])
    found = []
    for modality, spans in SPANS.items():
        for number, span in enumerate(spans):
            asked = question(span, number)
            found += [one_by_one(vectors.nearest(asked, k, modality)) for k in (1, 10, 500)]
            found += [one_by_one(vectors.nearest(asked, 10, modality, docs, kinds)) for kinds in (None, TABLES, OTHERS)]
    return found


def agrees(
    library: Library, monkeypatch: pytest.MonkeyPatch, vectors: VectorIndex | None = None, arrays: bool = False
) -> None:
    """What is found elsewhere is what the arrays say; ``arrays``: they may have answered themselves."""
    wanted = asks_all(library, library.opened(elsewhere=False))
    with monkeypatch.context() as watched:
        if not arrays:
            watched.setattr(LoadedDocuments, "all", refuses)
        answers = asks_all(library, vectors or library.vectors)
    assert len(answers) == 18
    for one, right in zip(answers, wanted, strict=True):
        same(one, right)


def test_the_same_questions_give_the_same_hits(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    agrees(library, monkeypatch)
    assert library.rows() == (6 * 18, 6 * 3)
    assert library.vectors.copy is not None
    assert list(library.vectors.copy.violations()) == []


def test_what_comes_changes_and_goes_is_seen_at_once_and_copied_later(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.put(7)
    library.put(2, seed=5)  # read again
    gone = library.take(4)
    agrees(library, monkeypatch)  # beside the copy, which is of before
    assert len(library.copied().tail) == 2
    library.settle()
    agrees(library, monkeypatch)
    held = library.copied()
    assert not held.tail
    assert gone not in held.batches
    assert library.rows() == (6 * 18, 6 * 3)  # what is gone takes no room
    library.settle()
    assert library.copied().batches == held.batches  # nothing is copied twice


def test_vectors_that_were_made_again_are_copied_again(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    made = document(3, CHUNKS)
    library.vectors.save(made.id, nodes_of(made, seed=8), made.chunks)
    library.catalogue.forget_copies(made.id)
    agrees(library, monkeypatch)
    assert library.copied().tail == (made.id,)
    library.settle()
    assert library.copied().tail == ()
    agrees(library, monkeypatch)


def test_rows_that_are_gone_crowd_nothing_out(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        library.take(number)
    found = one_by_one(library.vectors.nearest(question((0, 32)), 2, "text"))
    same(found, one_by_one(library.opened(elsewhere=False).nearest(question((0, 32)), 2, "text")))
    assert len(found) == 2


def test_generations_are_kept_apart_and_dropped(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    number = library.catalogue.new_generation("", "", "other", "g", DIM).id
    building = library.opened(number)
    for doc in range(6):
        made = document(doc, CHUNKS)
        building.save(made.id, nodes_of(made, seed=9), made.chunks)
    assert building.settle(spans=lambda: SPANS)
    exact = library.opened(number, elsewhere=False)
    asked = question((0, 32))
    same(one_by_one(building.nearest(asked, 10, "text")), one_by_one(exact.nearest(asked, 10, "text")))
    agrees(library, monkeypatch)
    names = engine_at(library.url).names()
    library.catalogue.drop_generation(number)
    library.settle()
    assert {f"{library.copied().name.rpartition('_')[0]}_{number}"} == names - engine_at(library.url).names()


def test_a_document_of_many_vectors_is_copied_in_parts(
    engine: Running, tmp_path: Path, few: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rag.storage.vectors.engines import chroma_server, milvus, qdrant

    for module, name, size in (
        (qdrant, "BATCH_NUMBERS", 200),
        (milvus, "BATCH_NUMBERS", 200),
        (chroma_server, "BATCH", 5),
    ):
        monkeypatch.setattr(module, name, size)
    monkeypatch.setattr(vector_copies, "GROUP", 20)
    library = Library(tmp_path / "index", engine.url)
    for number in range(3):
        library.put(number)
    told = list[tuple[int, int]]()
    assert library.vectors.settle(lambda done, total: told.append((done, total)), spans=lambda: SPANS)
    assert told == [(1, 3), (2, 3), (3, 3)]
    agrees(library, monkeypatch)


def test_readers_see_whole_answers_while_documents_are_written(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two readers and a writer: what was there all the time is always found, with its own score."""
    asked, exact = question((0, 32)), library.opened(elsewhere=False)
    stay = {document(number, CHUNKS).id for number in range(3)}
    wanted = {hit.chunk_id: hit.score for hit in one_by_one(exact.nearest(asked, 500, "text", frozenset(stay)))}
    wrong, asked_times, stop = list[str](), [0, 0], threading.Event()

    def reads(place: int) -> None:
        vectors = library.opened()
        while not stop.is_set() or asked_times[place] < 3:
            found = {hit.chunk_id: hit.score for hit in one_by_one(vectors.nearest(asked, 500, "text"))}
            wrong.extend(c for c in wanted if abs(found.get(c, np.inf) - wanted[c]) > CLOSE)
            asked_times[place] += 1

    readers = [threading.Thread(target=reads, args=(place,)) for place in range(2)]
    for reader in readers:
        reader.start()
    try:
        for round_ in range(2):
            library.put(3, seed=round_)
            library.put(10 + round_)
            library.settle()
            library.take(10 + round_)
            library.settle()
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert wrong == []
    agrees(library, monkeypatch)


def test_an_engine_that_was_started_again_goes_on(
    engine: Running, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.stop()
    engine.start()
    agrees(library, monkeypatch, library.opened())
    library.put(8)
    library.settle()
    agrees(library, monkeypatch, library.opened())


def test_a_cut_connection_is_made_anew(engine: Running, library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    one_by_one(library.vectors.nearest(question((0, 32)), 10, "text"))
    engine.cut()
    monkeypatch.setattr(LoadedDocuments, "all", refuses)
    assert len(one_by_one(library.vectors.nearest(question((0, 32)), 10, "text"))) == 10


def test_while_an_engine_is_down_the_arrays_answer(
    engine: Running, library: Library, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    if not engine.server:
        pytest.skip("it runs in this process")
    reader = library.opened()
    engine.stop()
    caplog.clear()  # a server that has to be killed says so
    try:
        assert asks_all(library, reader) == asks_all(library, library.opened(elsewhere=False))
        library.put(9)
        assert not library.vectors.settle(spans=lambda: SPANS)
        told = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
        assert len(told) == 2  # once while searching, once while copying
        assert "searched here" in told[0]
        assert "vectors update" in told[1]
    finally:
        engine.start()
    library.settle()
    agrees(library, monkeypatch)


def test_a_killed_writer_leaves_nothing_that_is_found(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever step of copying was the last."""
    copy = library.vectors.copy
    assert copy is not None
    for step in ("begin", "add"):
        with monkeypatch.context() as broken:
            real: Callable[..., object] = getattr(copy.engine, step)

            def killed(*args: object, real: Callable[..., object] = real) -> None:
                real(*args)
                raise KeyboardInterrupt

            broken.setattr(copy.engine, step, killed)
            library.put(2, seed=20)
            with pytest.raises(KeyboardInterrupt):
                library.settle()
        agrees(library, monkeypatch, library.opened())
        library.settle()
        agrees(library, monkeypatch, library.opened())
    assert library.rows() == (6 * 18, 6 * 3)


def test_an_engine_that_was_emptied_is_filled_again(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    engine_at(library.url).drop(library.copied().name)
    reader = library.opened()
    agrees(library, monkeypatch, reader, arrays=True)
    assert reader.copy is not None
    assert len(list(reader.copy.violations())) == 1
    library.settle()
    assert library.rows() == (6 * 18, 6 * 3)
    agrees(library, monkeypatch, library.opened())


def test_a_copied_folder_takes_a_name_of_its_own(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.catalogue.close()
    shutil.copytree(library.root, tmp_path / "other")
    library.take(0)
    library.settle()
    other = Library(tmp_path / "other", library.url)
    agrees(other, monkeypatch, arrays=True)
    other.put(11)
    other.settle()
    assert other.copied().name != library.copied().name
    agrees(other, monkeypatch)
    agrees(library, monkeypatch, library.opened())


def test_all_is_copied_again_when_asked(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    before = library.copied().batches
    library.vectors.copy_elsewhere(lambda: SPANS, None, anew=True)
    assert set(before.values()) & set(library.copied().batches.values()) == set()
    assert library.rows() == (6 * 18, 6 * 3)
    agrees(library, monkeypatch)


# -- what is particular to one engine, and what needs none -------------------------------------------------------------


def part_of(field: Field, batch: int, vectors: Float32Array) -> Part:
    count = len(vectors)
    chunks = [f"c{i}" for i in range(count)]
    return Part(field.modality, batch, "d", 0, chunks, ["text"] * count, [1] * count, [(field, vectors)])


def test_vectors_of_many_numbers_are_kept_with_16_bits(postgres: Running) -> None:
    fields = [Field("text", 0, 2_400), Field("text", 2_400, 2_408)]
    engine, random = engine_at(postgres.url), np.random.default_rng(0)
    matrix = random.normal(size=(40, 2_408)).astype(np.float32)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    engine.make("pagesight_half_1", fields)
    part = part_of(fields[0], 1, matrix[:, :2_400])
    engine.add("pagesight_half_1", [part._replace(vectors=[*part.vectors, (fields[1], matrix[:, 2_400:])])])
    for field in fields:
        columns = matrix[:, field.start : field.stop]
        found = engine.query("pagesight_half_1", field, columns[3], 5)
        wanted = np.sort(columns @ columns[3])[::-1][:5]
        np.testing.assert_allclose([match.score for match in found], wanted, atol=CLOSE)
    engine.drop("pagesight_half_1")


def test_a_graph_is_made_of_a_large_table_and_is_used_with_filters(
    postgres: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    from rag.storage.vectors.engines import postgres as module

    monkeypatch.setattr(module, "EXACT_ROWS", 500)
    field, random = Field("text", 0, 16), np.random.default_rng(0)
    engine, matrix = engine_at(postgres.url), random.normal(size=(3_000, 16)).astype(np.float32)
    engine.make("pagesight_graph_1", [field])
    for batch in range(1, 31):
        engine.add("pagesight_graph_1", [part_of(field, batch, matrix[(batch - 1) * 100 : batch * 100])])
    engine.finish("pagesight_graph_1", [field])
    with psycopg.connect(postgres.url) as db:
        indexes = [row[0] for row in db.execute("SELECT indexdef FROM pg_indexes WHERE indexdef LIKE '%hnsw%'")]
    assert [("pagesight_graph_1_text" in one, "vector_ip_ops" in one) for one in indexes] == [(True, True)]
    asked = random.normal(size=16).astype(np.float32)
    found = engine.query("pagesight_graph_1", field, asked, 20)
    best = np.sort(matrix @ asked)[::-1]
    assert found[0].score == pytest.approx(best[0], abs=CLOSE)
    assert len(found) == 20
    some = engine.query("pagesight_graph_1", field, asked, 20, batches=[7])
    wanted = np.sort(matrix[600:700] @ asked)[::-1][:20]
    np.testing.assert_allclose([match.score for match in some], wanted, atol=CLOSE)
    engine.drop("pagesight_graph_1")


def test_a_pgvector_whose_graphs_break_is_refused(postgres: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    from rag.storage.vectors.engines import postgres as module

    monkeypatch.setattr(module, "LEAST", (99, 0, 0))
    fresh = module.Postgres(postgres.url, "postgresql://host/db")
    with pytest.raises(EngineFailed, match=r"pgvector \d+\.\d+\.\d+, whose graphs break; 99\.0\.0 or newer"):
        fresh.about()


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    pytest.importorskip("psycopg")
    pytest.importorskip("pgvector")
    engine = engine_at("postgresql://me:secret@127.0.0.1:1/db?password=secret&sslmode=disable")
    with pytest.raises(
        EngineFailed, match=r"postgresql://me@127\.0\.0\.1:1/db\?sslmode=disable is not reached"
    ) as told:
        engine.about()
    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    ("url", "product", "shown"),
    [
        ("postgres://me:pw@db/x", "postgresql", "postgres://me@db/x"),
        ("postgresql:///x?host=/run", "postgresql", "postgresql:///x?host=/run"),
        ("qdrant://:key@box", "qdrant", "qdrant://box"),
        ("qdrant+https://:key@box:443", "qdrant", "qdrant+https://box:443"),
        ("qdrant+path:/some/where", "qdrant", "qdrant+path:/some/where"),
        ("qdrant+path:near/here", "qdrant", "qdrant+path:near/here"),
        ("milvus+path:/x/y.db", "milvus", "milvus+path:/x/y.db"),
        ("chroma://[::1]:8000", "chroma", "chroma://[::1]:8000"),
    ],
)
def test_addresses(url: str, product: str, shown: str) -> None:
    assert (parse(url).product, parse(url).shown) == (product, shown)
    assert "pw" not in parse(url).shown


@pytest.mark.parametrize(
    "url", ["redis://x", "postgresql", "qdrant://", "qdrant+path:", "milvus+path:/", "chroma://x:y"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(BadSettings, match=r"PAGESIGHT_VECTORS .*it can be empty, postgresql://"):
        parse(url)


def test_a_client_that_is_not_installed_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    from rag.storage.vectors.engines import address

    monkeypatch.setattr(address, "find_spec", lambda name: None)
    with pytest.raises(BadSettings, match=r"PostgreSQL, whose client.*psycopg, pgvector.*'pagesight\[postgres\]'"):
        address.check("postgresql://db/x")
