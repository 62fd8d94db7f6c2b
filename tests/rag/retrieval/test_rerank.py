"""A second look at the best hits, within its time."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from chat_server import ChatServer, serving
from made_documents import make_document
from PIL import Image
from tiny_models import save_tiny_cross_encoder, save_tiny_sentence

from rag.answering.answer import Done, answer
from rag.config import Settings
from rag.encoders.open import open_cross_encoder
from rag.errors import BadSettings, EncoderUnavailable, ModelRefused, ModelUnreachable
from rag.index import Index
from rag.llm.open import open_llm
from rag.llm.page_ordering import read_order
from rag.retrieval.rerank import CHANNEL, DEPTH, Budgeted, Stopped, _opened_pictures, in_order, open_reranker
from rag.retrieval.retrieve import retrieve
from rag.retrieval.search import search
from rag.storage.reader import IndexReader
from rag.text.chunk_text import searchable_text
from rag.types import Hit, PageId, Query

QUESTION = Query("How is the drain pump of model 1 cleaned?")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    settings = Settings(tmp_path_factory.mktemp("rerank") / "index", "builtin", "static")
    with Index.open(settings, create=True) as index:
        for number in range(2):
            folder = index.files.stage()
            index.store(make_document(folder, number, pages=3), folder)
        yield index


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with serving() as server:
        yield server


def _with(index: Index, **settings: object) -> Index:
    """The same index under other settings."""
    return index.at(index.generation, replace(index.settings, **settings))  # type: ignore[arg-type]


def _ids(hits: Sequence[Hit]) -> list[str]:
    return [hit.chunk.id for hit in hits]


class _Reversing:
    """A reranker that finds the last hit best, when it is let."""

    name = "reversing"

    def __init__(self) -> None:
        self.go = threading.Event()
        self.stopped = threading.Event()

    def score(self, index: IndexReader, query: Query, hits: Sequence[Hit], stopped: Stopped) -> Mapping[int, float]:
        while not self.go.wait(0.01):
            if stopped():
                self.stopped.set()
                return {}
        return {place: float(place) for place in range(len(hits))}


# -- order and budget ------------------------------------------------------------------------------------------------


def test_off_by_default_and_then_the_order_of_the_search(index: Index) -> None:
    assert Settings().rerank == "off"
    assert open_reranker(index.settings) is None
    assert search(index, QUESTION, 7) == retrieve(index, QUESTION, 7)


def test_scored_hits_come_first_and_scores_still_fall(index: Index) -> None:
    hits = list(retrieve(index, QUESTION, 4).hits)
    moved = in_order(hits, {2: 0.1, 1: 7.5})
    assert _ids(moved) == _ids([hits[1], hits[2], hits[0], hits[3]])
    assert [hit.score for hit in moved] == sorted((hit.score for hit in hits), reverse=True)
    assert [hit.channels[CHANNEL].rank for hit in moved[:2]] == [1, 2]
    assert CHANNEL not in moved[2].channels


def test_a_slow_model_leaves_the_order_of_the_search_and_is_told_to_stop(index: Index) -> None:
    hits, slow = list(retrieve(index, QUESTION, 5).hits), _Reversing()
    late = Budgeted(slow, 0.05).rerank(index, QUESTION, hits)
    assert late.hits == hits
    assert late.notice == "Not reranked: reversing took longer than 0.05 s."
    assert slow.stopped.wait(30)
    slow.go.set()
    assert _ids(Budgeted(slow, 30).rerank(index, QUESTION, hits).hits) == _ids(hits)[::-1]


def test_while_one_question_is_reranked_another_does_not_wait_longer_than_its_budget(index: Index) -> None:
    class Busy(_Reversing):
        def score(self, *arguments: object) -> Mapping[int, float]:
            self.go.wait(30)
            return {}

    hits, busy = list(retrieve(index, QUESTION, 5).hits), Busy()
    budgeted = Budgeted(busy, 0.05)
    assert all(budgeted.rerank(index, QUESTION, hits).notice for _ in range(2))
    busy.go.set()
    while (again := budgeted.rerank(index, QUESTION, hits)).notice:
        pass
    assert again.hits == hits


def test_what_cannot_be_explained_is_raised(index: Index) -> None:
    class Broken(_Reversing):
        def score(self, *arguments: object) -> Mapping[int, float]:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Budgeted(Broken(), 30).rerank(index, QUESTION, list(retrieve(index, QUESTION, 3).hits))


# -- a cross-encoder -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outputs", [1, 2])
def test_a_cross_encoder_orders_by_its_own_scores(index: Index, tmp_path: Path, outputs: int) -> None:
    folder = save_tiny_cross_encoder(tmp_path / "cross", outputs=outputs)
    again = _with(index, rerank=str(folder), rerank_seconds=120.0, batch=3)
    result = search(again, QUESTION, 5)
    before = list(retrieve(index, QUESTION, DEPTH).hits)
    assert result.notice == "" and len(result.hits) == 5
    assert _ids(result.hits) != _ids(before[:5])
    model = open_cross_encoder(str(folder), again.settings)
    scores = model.score(QUESTION.text, [searchable_text(hit.chunk) for hit in before], lambda: False)
    best = sorted(range(len(before)), key=lambda place: -scores[place])[:5]
    assert _ids(result.hits) == [before[place].chunk.id for place in best]
    assert tuple(result.hits[0].channels[CHANNEL]) == pytest.approx((1, max(scores)))
    alone = [model.score(QUESTION.text, [searchable_text(hit.chunk)], lambda: False)[0] for hit in before]
    assert scores == pytest.approx(alone, abs=1e-5), "batches change nothing"
    assert model.score(QUESTION.text, ["a"] * 9, lambda: True) == []


def test_a_model_that_is_no_cross_encoder_is_refused_by_name(index: Index, tmp_path: Path) -> None:
    plain = save_tiny_sentence(tmp_path / "sentence")
    with pytest.raises(EncoderUnavailable, match=r"sentence.*classifier.*PAGESIGHT_RERANK"):
        search(_with(index, rerank=str(plain)), QUESTION)
    many = save_tiny_cross_encoder(tmp_path / "many", outputs=5)
    with pytest.raises(BadSettings, match="5 outputs"):
        search(_with(index, rerank=str(many)), QUESTION)
    with pytest.raises(EncoderUnavailable, match="no folder"):
        search(_with(index, rerank=str(tmp_path / "absent")), QUESTION)


def test_two_outputs_are_no_and_yes(index: Index, tmp_path: Path) -> None:
    folder = save_tiny_cross_encoder(tmp_path / "cross", outputs=2)
    model = open_cross_encoder(str(folder), index.settings)
    with torch.no_grad():
        model._point.model.classifier.bias += torch.tensor([0.0, 5.0])
    moved = open_cross_encoder(str(folder), index.settings)
    assert model.score("a", ["b"], lambda: False)[0] == pytest.approx(moved.score("a", ["b"], lambda: False)[0] + 5.0)


# -- the vision model ------------------------------------------------------------------------------------------------


def _by_llm(index: Index, server: ChatServer, model: str = "good") -> Index:
    return _with(index, rerank="llm", rerank_seconds=60.0, llm_model=model, llm_base_url=server.url, llm_pictures=3)


def test_a_vision_model_orders_the_pages_it_is_shown(index: Index, server: ChatServer) -> None:
    server.native["/api/show"] = {"capabilities": ["vision"]}
    server.reply = ("3, ", "1")
    before = list(retrieve(index, QUESTION, DEPTH).hits)
    pages = list(dict.fromkeys((hit.chunk.doc, hit.chunk.page) for hit in before))
    result = search(_by_llm(index, server), QUESTION, DEPTH)
    assert result.notice == ""
    order = list(dict.fromkeys((hit.chunk.doc, hit.chunk.page) for hit in result.hits))
    assert order == [pages[2], pages[0], pages[1], *pages[3:]]
    sent = str(server.chats()[-1]["messages"])
    assert sent.count("'image_url':") == 3 and "Page 3:" in sent and "Page 4:" not in sent


@pytest.mark.parametrize("reply", ["Page 2 is best", "1, 1, 2", "4", "", "0", "1, 2 – ignore the rest"])
def test_a_reply_that_is_no_list_of_the_pages_is_refused(reply: str) -> None:
    with pytest.raises(ModelRefused, match="in order and replied"):
        read_order(reply, 3, "tiny")


@pytest.mark.parametrize(
    ("reply", "order"), [("2,1,3", [1, 0, 2]), (" [3; 1] ", [2, 0]), ("2 > 1.", [1, 0]), ("2\n", [1])]
)
def test_lists_are_read_however_they_are_written(reply: str, order: list[int]) -> None:
    assert read_order(reply, 3, "tiny") == order


def test_what_fails_is_a_notice_and_the_search_stands(index: Index, server: ChatServer) -> None:
    server.native["/api/show"] = {"capabilities": ["vision"]}
    before = list(retrieve(index, QUESTION, 5).hits)
    for model, said in (("good", "replied 'The filter is"), ("nobody", "no model"), ("blind", "does not see pictures")):
        server.native["/api/show"] = {"capabilities": ["vision"] if model != "blind" else ["completion"]}
        result = search(_by_llm(index, server, model), QUESTION, 5)
        assert _ids(result.hits) == _ids(before)
        assert result.notice.startswith("Not reranked: ") and said in result.notice
    with pytest.raises(BadSettings, match="PAGESIGHT_LLM_MODEL"):
        search(_with(index, rerank="llm"), QUESTION)


def test_an_answer_says_that_its_evidence_was_not_reranked(index: Index, server: ChatServer) -> None:
    again = _by_llm(index, server, "nobody")
    (done,) = [event for event in answer(again, QUESTION) if isinstance(event, Done)]
    assert done.answer.notice.startswith("Not reranked: ")
    assert ModelUnreachable.__name__ not in done.answer.notice


def test_the_reranker_and_the_answers_share_one_local_model(tmp_path: Path) -> None:
    settings = Settings(rerank="llm", llm_model=f"local:{tmp_path}")
    answers, again = open_llm(settings), open_llm(replace(settings, index=tmp_path, rerank="off"))
    reranker = open_reranker(settings)
    assert reranker is not None and answers is again
    assert reranker._reranker._llm is answers  # type: ignore[attr-defined]
    assert open_llm(replace(settings, llm_model="local:other")) is not answers
    assert open_llm(replace(settings, device="cuda")) is not answers


def test_a_page_whose_document_was_removed_meanwhile_is_not_looked_at(tmp_path: Path) -> None:
    there, gone = tmp_path / "there.png", tmp_path / "gone.png"
    Image.new("RGB", (9, 9)).save(there)
    assert list(_opened_pictures({PageId("a", 1): there, PageId("b", 1): gone})) == [("a", 1)]
