"""The memory of questions, and what a warm question reads."""

from __future__ import annotations

import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from made_documents import make_document
from PIL import Image
from tiny_models import save_tiny_sentence

from ingestion.elements import BBox
from ingestion.ocr.lines import Glance, OcrLine
from rag.config import Settings
from rag.evaluation.evaluate import run_questions
from rag.evaluation.questionset import Question
from rag.index import Index
from rag.lru import Recent
from rag.retrieval.cache import asked, pixels
from rag.retrieval.search import search as search_hits
from rag.storage.reader import RECENT
from rag.storage.records.catalogue import Catalogue
from rag.storage.vectors.token_files import SUFFIX
from rag.types import PictureText, Query

PUMP = Query("How do I clean the drain pump?")
SMALL = {"generations", "fulltext_totals", "sqlite_master"}  # a row each, or a handful


@pytest.fixture
def index(settings: Settings) -> Iterator[Index]:
    with Index.open(settings, create=True) as opened:
        for number in (1, 2, 3):
            store(opened, number)
        yield opened


def store(index: Index, number: int) -> str:
    folder = index.files.stage()
    return index.store(make_document(folder, number), folder).id


@contextmanager
def statements(index: Index) -> Iterator[list[str]]:
    """What this thread asks of SQLite; statements that FTS5 runs inside, and ends of transactions, are left out."""
    said: list[str] = []
    with index.catalogue.reading() as db:
        assert isinstance(db, sqlite3.Connection)
        db.set_trace_callback(lambda sql: said.append(sql) if sql.startswith("SELECT") else None)
        try:
            yield said
        finally:
            db.set_trace_callback(None)


def test_the_key_used_longest_ago_is_forgotten() -> None:
    recent: Recent[str, int] = Recent(2)
    recent.put("a", 1)
    recent.put("b", 2)
    assert recent.get("a") == 1
    recent.put("c", 3)
    assert (recent.get("a"), recent.get("b"), recent.get("c"), len(recent)) == (1, None, 3, 2)


def test_threads_share_a_memory_that_stays_within_its_size() -> None:
    recent: Recent[int, int] = Recent(8)
    wrong = []

    def work(start: int) -> None:
        for i in range(3000):
            key = (start + i) % 24
            recent.put(key, key * 2)
            if recent.get(key) not in (key * 2, None):
                wrong.append(key)

    threads = [threading.Thread(target=work, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert len(recent) == 8


def test_queries_that_ask_the_same() -> None:
    assert asked(Query("  what \n is it ")) == asked(Query("what is it"))
    assert asked(Query("Cafe\u0301")) == asked(Query("Café"))
    different = [
        Query("what is it"),
        Query("What is it"),
        Query("what is it", docs=frozenset(["a"])),
        Query("what is it", kinds=frozenset(["table"])),
        Query("what is it", pages=(1, 2)),
        Query("what is it", image=Image.new("RGB", (8, 4))),
        Query("what is it", image=Image.new("RGB", (4, 8))),
        Query("what is it", image=Image.new("RGB", (8, 4), "red")),
    ]
    assert len({asked(query) for query in different}) == len(different)


def test_a_picture_is_known_by_what_it_shows() -> None:
    grey = Image.new("L", (5, 5), 90)
    assert pixels(grey) == pixels(grey.convert("RGB"))
    coloured = [Image.new("P", (5, 5), 0) for _ in range(2)]
    for image, colour in zip(coloured, ((255, 0, 0), (0, 0, 255)), strict=True):
        image.putpalette([*colour, *(0,) * 765])
    assert pixels(coloured[0]) != pixels(coloured[1])


def test_the_same_question_again_is_not_searched_again(index: Index) -> None:
    first = search_hits(index, PUMP).hits
    with statements(index) as said:
        again = search_hits(index, replace(PUMP, text=f"  {PUMP.text} ")).hits
    assert again == first == search_hits(index, PUMP, fresh=True).hits
    assert not [sql for sql in said if "manifest" not in sql and "generations" not in sql]
    assert search_hits(index, PUMP).hits == first
    assert len(search_hits(index, PUMP, k=3).hits) == 3


def test_memory_is_bounded(index: Index) -> None:
    for number in range(RECENT + 5):
        search_hits(index, replace(PUMP, text=f"pump {number}"), k=1)
    assert len(index.recent) == RECENT


def test_nothing_is_stale_after_any_change(index: Index, tmp_path: Path) -> None:
    def documents() -> set[str]:
        found = {hit.chunk.doc for hit in search_hits(index, PUMP, k=100).hits}
        assert found == {hit.chunk.doc for hit in search_hits(index, PUMP, k=100, fresh=True).hits}
        return found

    before = documents()
    added = store(index, 4)
    assert documents() == {*before, added}
    index.remove(added)
    assert documents() == before
    with Index.open(index.settings) as other:
        elsewhere = store(other, 5)
    assert documents() == {*before, elsewhere}


def test_another_generation_does_not_answer_with_the_scores_of_the_last(index: Index, tmp_path: Path) -> None:
    def scores() -> list[float]:
        hits = search_hits(index, PUMP).hits
        assert hits == search_hits(index, PUMP, fresh=True).hits
        return [hit.channels["words"].score for hit in hits if "words" in hit.channels]

    before = scores()
    index.settings = replace(index.settings, words="auto")
    with Index.open(index.settings) as other:
        assert other.reindex(words=str(save_tiny_sentence(tmp_path / "other")))
        assert scores() != before
        other.rollback()
        assert scores() == before


def test_evaluation_does_not_measure_the_memory(index: Index) -> None:
    question = Question(0, PUMP.text, None, "manual-1.pdf", frozenset([1]), (), ())
    run_questions(index, [question], ["doc", "library"])
    assert len(index.recent) == 0


def test_evaluation_reads_a_picture_anew_though_it_was_read_before(index: Index, tmp_path: Path) -> None:
    image = Image.new("RGB", (40, 30), "navy")
    image.save(tmp_path / "shot.png")
    search_hits(index, Query(image=image))
    (before,) = index.readings._values.items()
    index.readings.put(before[0], Glance([OcrLine("pump", BBox(0, 0, 9, 9), 1.0)], 0))
    question = Question(0, "", tmp_path / "shot.png", "manual-1.pdf", frozenset([1]), (), ())
    run = run_questions(index, [question], ["library"])
    assert not any("picture's full text" in hit.channels for found in run["library"] for hit in found.hits)
    assert search_hits(index, Query(image=image), k=3).picture_text == PictureText("pump", False)


# -- a warm question -----------------------------------------------------------------------------------------------


def questions(index: Index) -> list[Query]:
    ids = index.catalogue.ids()
    figure = index.files.path(ids[0], "crops/0001-figure.webp")
    return [
        PUMP,
        Query("What does table 2 on page 2 say about a mispelt impelller?"),
        Query("xyzzyplugh"),
        Query("xyzzyplugh", pages=(2, 2)),
        Query("door seal", docs=frozenset(ids[:1])),
        Query("door seal", docs=frozenset(ids[:2]), pages=(1, 2)),
        Query("valve", kinds=frozenset({"figure", "table"})),
        Query("", image=Image.open(figure).convert("RGB")),
    ]


def test_a_warm_question_reads_no_whole_table(index: Index) -> None:
    for query in questions(index):
        search_hits(index, query, fresh=True)
        with statements(index) as said:
            search_hits(index, query, fresh=True)
        assert said
        for sql in set(said):
            with index.catalogue.reading() as db:
                plans = db.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()
            for *_, plan in plans:
                read_whole = (
                    plan.startswith("SCAN") and "VIRTUAL TABLE INDEX" not in plan and plan.split()[1] not in SMALL
                )
                assert not read_whole, f"{query.text}: {plan} in {sql}"
        assert not [sql for sql in said if "fulltext_postings" in sql and "term " not in sql]


_opened: list[str] | None = None


def _hear(event: str, details: tuple[object, ...]) -> None:
    if event == "open" and _opened is not None:
        _opened.append(str(details[0]))


sys.addaudithook(_hear)  # Python has no way to take it off again


def test_a_warm_question_loads_no_model_and_opens_no_file_but_tokens_and_the_pages_a_picture_is_compared_with(
    index: Index,
) -> None:
    global _opened
    for query in questions(index):
        search_hits(index, query, fresh=True)
        _opened = []
        search_hits(index, query, fresh=True)
        found, _opened = _opened, None
        other = [path for path in found if query.image is None or Path(path).parent.name != "pages"]
        assert [path for path in other if Path(path).suffix != SUFFIX] == [], query.text  # tokens of the first pages


def test_a_memory_of_one_index_is_not_that_of_another(index: Index) -> None:
    search_hits(index, PUMP)
    with Index(index.settings, Catalogue(index.settings.index), index.generation) as fixed:
        assert len(fixed.recent) == 0
