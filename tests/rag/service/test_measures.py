"""How questions went: times by stage, how they ended, votes; and nothing of what was asked or answered."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
from made_documents import make_document

from rag.answering.answer import Done, Found
from rag.api.metrics import text_of
from rag.config import Settings
from rag.index import Index
from rag.service.library import Documents
from rag.service.measures import Measures
from rag.types import Answer, Query


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Documents]:
    settings = Settings(index=tmp_path_factory.mktemp("made") / "index", encoder="builtin", words="static")
    with Index.open(settings, create=True) as index:
        folder = index.files.stage()
        index.store(make_document(folder, 1), folder)
        yield Documents(index, None, settings)


def test_an_answer_a_refusal_a_stop_and_a_failure_are_told_apart(
    documents: Documents, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents.measures = Measures()
    with caplog.at_level(logging.INFO, logger="pagesight.questions"):
        list(documents.ask(Query("How do I clean the door seal?"), []))
        refusal = Answer("I could not find this.", (), (), True, 0, "quotes", 0.1)
        list(documents.measures.followed((event for event in (Found((), 0.1), Done(refusal))), "quotes"))
        stopped = documents.ask(Query("How do I clean the door seal?"), [])
        next(stopped)
        stopped.close()  # type: ignore[attr-defined]
        documents.search(Query("xqzv"), 3)
        monkeypatch.setattr("rag.answering.answer.answer", _failing)
        with pytest.raises(RuntimeError):
            list(documents.ask(Query("What now?"), []))
    counted = documents.measures.now()
    assert counted.ends == {(end, "quotes"): 1 for end in ("answered", "refused", "stopped", "failed")}
    assert (
        counted.searches >= 3
        and counted.empty >= 1
        and counted.times["answer"].count == 2
        and counted.times["first_word"].count >= 1
    )
    lines = [json.loads(record.getMessage()) for record in caplog.records]
    assert [line["end"] for line in lines] == ["answered", "refused", "stopped", "failed"]
    assert len({line["question"] for line in lines}) == 4 and "seal" not in caplog.text
    text = text_of(counted)
    assert 'pagesight_answers_total{end="answered",by="quotes"} 1\n' in text
    assert 'pagesight_question_seconds_count{stage="answer"} 2\n' in text


def test_quotations_in_place_of_a_model_that_failed_are_a_failure() -> None:
    measures = Measures()
    quoted = Answer("The model failed …", (), (), False, 0, "quotes", 0.1, failed="no server")
    events = measures.followed((event for event in (Found((), 0.1), Done(quoted))), "model")
    assert isinstance(next(events), Found) and isinstance(next(events), Done)
    events.close()  # as who has what it wanted does
    counted = measures.now()
    assert counted.ends == {("failed", "model"): 1} and counted.times["answer"].count == 0


def _failing(*args: object, **named: object) -> Iterator[object]:
    raise RuntimeError("the model fell over")
    yield


def test_votes_are_counted_by_what_they_say() -> None:
    measures = Measures()
    for liked in (True, True, False):
        measures.voted(liked)
    assert measures.now().votes == {"up": 2, "down": 1}
    assert 'pagesight_votes_total{vote="up"} 2\n' in text_of(measures.now())
