"""A share of live questions asked of two generations: behind the answer, without words, read back and summed up."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tiny_models import save_tiny_sentence

from rag.__main__ import main
from rag.config import Settings
from rag.index import Index
from rag.monitoring.totals import TOTALS
from rag.service import side_by_side
from rag.service.library import Documents
from rag.service.side_by_side import Compared, SideBySide, read, summaries, write
from rag.types import Query

ASKED = "How do I clean the door seal?"


@pytest.fixture(scope="module")
def settings(copy_of: Callable[[], Settings], tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A library whose generation before, of other words, is kept."""
    made = copy_of()
    other = save_tiny_sentence(tmp_path_factory.mktemp("words") / "random")
    with Index.open(made) as index:
        assert index.reindex(words=str(other))
        assert index.reindex(words="static")
    return replace(made, compare=1.0)


@pytest.fixture
def documents(settings: Settings) -> Iterator[Documents]:
    (settings.index / side_by_side.FILE).unlink(missing_ok=True)
    with Index.open(settings) as index:
        documents = Documents(index, None, settings)
        yield documents
        documents.beside.stop(30)


def compared(documents: Documents, so_many: int) -> list[Compared]:
    """What is in the file, as soon as so many questions are."""
    for _ in range(600):
        if len(found := read(documents.index.root)) >= so_many:
            return found
        threading.Event().wait(0.05)
    raise AssertionError("the other generation was not asked")


def test_live_questions_are_asked_of_both_and_their_words_are_not_kept(
    documents: Documents, capsys: pytest.CaptureFixture[str]
) -> None:
    before = TOTALS.now()
    answered = list(documents.ask(Query(ASKED), []))
    documents.search(Query("descaling"), 3)
    lines = compared(documents, 2)
    assert len(answered) > 1 and {(one.live, one.other) for one in lines} == {(3, 2)}
    for one in lines:
        assert one.found and one.also and 0 <= one.shared <= 1 and min(one.seconds) > 0
        assert {doc for doc, _ in one.found} <= set(documents.ids())
    kept = (documents.index.root / side_by_side.FILE).read_text()
    assert "seal" not in kept and "descaling" not in kept and '"asked": ""' in kept
    assert TOTALS.now().times["model"].count == before.times["model"].count  # no model is asked twice
    assert main(["compared", "--index", str(documents.index.root)]) == 0
    told = capsys.readouterr().out
    assert "Generation 3 (" in told and "live, beside 2 (" in told and "2 questions" in told
    assert main(["compared", "--index", str(documents.index.root), "--json", "--most", "1"]) == 0
    (pair,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert pair["questions"] == 2 and len(pair["apart"]) <= 1


def test_words_are_kept_where_the_log_may_have_them(settings: Settings) -> None:
    wanting = replace(settings, log_content="on")
    with Index.open(wanting) as index:
        documents = Documents(index, None, wanting)
        documents.search(Query("where is the filter?"), 3)
        for _ in range(600):
            if any(one.asked == "where is the filter?" for one in read(index.root)):
                break
            threading.Event().wait(0.05)
        else:
            raise AssertionError("the question was not kept")
        documents.beside.stop(30)


def test_none_are_asked_where_nobody_wants_it_or_no_other_is_kept(
    copy_of: Callable[[], Settings], caplog: pytest.LogCaptureFixture
) -> None:
    alone = copy_of()
    with Index.open(alone) as index:
        quiet = SideBySide(index, alone)
        quiet.offer(Query(ASKED))
        assert quiet._thread is None
        asking = SideBySide(index, replace(alone, compare=1.0))
        asking.offer(Query(ASKED))
        while not asking._waiting.empty():
            threading.Event().wait(0.01)
        asking.stop(30)
        assert "no other generation is kept" in caplog.text and not read(index.root)


def test_more_than_can_wait_are_left_out(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    held = threading.Event()
    monkeypatch.setattr(SideBySide, "_asked", lambda self, query, number: held.wait(60) and "same")
    with Index.open(settings) as index:
        beside = SideBySide(index, settings)
        for _ in range(side_by_side.WAITING + 5):
            beside.offer(Query(ASKED))
        assert beside._waiting.qsize() <= side_by_side.WAITING
        monkeypatch.setattr(beside._waiting, "empty", lambda: False)  # the thread may take the last one right after
        held.set()
        beside.stop(30)


def test_a_summary_and_a_line_that_was_cut_off(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    one = Compared("2026-11-29T10:00:00Z", "a", 2, 1, (("d", 1), ("d", 2)), (("d", 1), ("e", 3)), (0.1, 0.3))
    write(tmp_path, one)
    write(tmp_path, one._replace(request="b", found=(), also=(("d", 1),)))
    write(tmp_path, one._replace(request="c", also=one.found))
    with (tmp_path / side_by_side.FILE).open("a") as file:
        file.write('{"at": "2026')
    found = read(tmp_path)
    assert found[0] == one and len(found) == 3 and "cannot be read" in caplog.text
    (summary,) = summaries(found)
    assert (summary.questions, summary.empty) == (3, (1, 0)) and summary.same_first == pytest.approx(2 / 3)
    assert summary.shared == pytest.approx((1 / 3 + 0 + 1) / 3)
    assert [line.request for line in summary.apart] == ["b", "a"]


def test_the_file_does_not_grow_for_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(side_by_side, "LARGEST", 500)
    one = Compared("2026-11-29T10:00:00Z", "a", 2, 1, (("d", 1),), (("d", 2),), (0.1, 0.3))
    for number in range(20):
        write(tmp_path, one._replace(request=str(number)))
    assert read(tmp_path)[-1].request == "19" and len(read(tmp_path)) < 20
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 2_000
