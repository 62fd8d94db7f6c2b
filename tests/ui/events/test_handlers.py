"""What each event leads to, on a real index without a browser."""

from __future__ import annotations

import html
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from PIL import Image

from rag.answering.answer import Delta, Thinking
from rag.answering.questions.phrases import phrases
from rag.config import Settings
from rag.index import Index
from rag.llm.open import open_llm
from rag.storage.records import collections
from rag.storage.records.feedback import votes
from ui.events.handlers import EXAMPLES, Handlers, _take
from ui.shown import messages
from ui.state.backend import Library
from ui.state.readiness import OPENING
from ui.state.samples import Sample
from ui.state.session import Session

NO_MODEL = "Answers quote the documents: no model is set up."


def last(steps: Iterator[Any]) -> Any:
    return list(steps)[-1]


def is_update(value: Any) -> bool:
    """Whether this changes anything on the page."""
    return isinstance(value, dict) and bool(set(value) - {"__type__"})


def words(chat: list[dict[str, Any]]) -> str:
    return "\n".join(str(message["content"]) for message in chat)


def test_an_answer_cites_the_table_and_shows_its_box(library: Library, manual: str) -> None:
    session = Session()
    chat, box, viewer, documents = last(
        Handlers(library).ask({"text": "What does E18 mean?", "files": []}, "", session)
    )
    assert "Drain pump blocked" in words(chat)
    assert "#cite-1-" in words(chat)
    news = json.loads(viewer)
    card = next(c for c in news["cards"] if c["number"] == news["first"])
    assert (card["name"], card["page"], card["pages"], card["supported"]) == ("lagoon-manual.pdf", 2, 3, True)
    assert card["rows"] is True and card["shape"] == pytest.approx(842 / 595, abs=0.01)
    left, top, width, height = card["boxes"][0]["at"]
    assert 0 < left < left + width < 100
    assert 0 < top < top + height < 100
    assert len(json.loads(documents)["documents"]) == 2
    assert box["stop_btn"] is False
    assert "value" not in box  # what was typed meanwhile stays
    assert [turn.question for turn in session.history()] == ["What does E18 mean?"]


def test_only_ticked_documents_are_searched(library: Library, manual: str) -> None:
    off = json.dumps({"off": [manual]})
    _, _, viewer, documents = last(Handlers(library).ask({"text": "E18 drain pump pressure"}, off, Session()))
    assert {card["doc"] for card in json.loads(viewer)["cards"]} == {r.id for r in library.documents()} - {manual}
    assert json.loads(documents)["off"] == [manual]


def test_the_list_is_sent_only_where_the_browser_shows_another(library: Library, manual: str) -> None:
    shown = json.loads(Handlers(library).refreshed("", Session())[0]) | {"off": [manual]}
    *_, documents = last(Handlers(library).ask({"text": "valve", "files": []}, json.dumps(shown), Session()))
    assert not isinstance(documents, str)  # the boxes that are ticked meanwhile stay as they are
    for word in ("elsewhere", 7, None):
        *_, documents = last(Handlers(library).ask({"text": ""}, json.dumps(shown | {"library": word}), Session()))
        assert json.loads(documents)["off"] == [manual]


@pytest.mark.parametrize(
    ("message", "off", "said"),
    [
        ({"text": "  ", "files": []}, [], "Type a question"),
        (None, [], "Type a question"),
        ({"text": "E18?"}, "all", "tick at least one"),
    ],
)
def test_what_cannot_be_asked_is_said_and_not_asked(library: Library, message: object, off: Any, said: str) -> None:
    ids = [row.id for row in library.documents()] if off == "all" else off
    session = Session()
    with pytest.warns(UserWarning, match=said):
        last(Handlers(library).ask(message, json.dumps({"off": ids}), session))
    assert session.exchanges == []


def test_a_question_of_100_000_characters_is_a_message(library: Library) -> None:
    session = Session()
    chat, box, *_ = last(Handlers(library).ask({"text": "why " * 25_000}, "", session))
    assert session.exchanges[0].status == "failed"
    assert f"give the number {session.exchanges[0].id[:12]}." in str(messages.conversation(session.exchanges))
    assert "99,999" in words(chat)
    assert len(words(chat)) < 10_000
    assert "value" not in box
    back = Handlers(library).put_back({"text": "", "files": []}, session)
    assert back["value"]["text"].startswith("why why")  # kept, to be shortened
    assert not is_update(Handlers(library).put_back({"text": "another", "files": []}, session))


def test_an_unreadable_picture_is_a_message(library: Library, tmp_path: Path) -> None:
    broken = tmp_path / "shot.png"
    broken.write_bytes(b"not a picture")
    for text in ("What is this?", ""):
        chat, *_ = last(Handlers(library).ask({"text": text, "files": [str(broken)]}, "", Session()))
        assert "shot.png" in str(chat[0]["content"])  # the question's bubble is there, and names it
        assert "shot.png is not a picture that can be read" in words(chat)
        assert str(tmp_path) not in words(chat)
        assert {"path": str(broken)} not in chat[0]["content"]


def test_a_picture_of_a_page_finds_it(library: Library, tmp_path: Path, manual: str) -> None:
    shot = tmp_path / "shot.png"
    with Image.open(library.page_picture(manual, 2)) as picture:
        picture.convert("RGB").crop((80, 80, 1100, 600)).save(shot)
    session = Session()
    chat, _, viewer, _ = last(Handlers(library).ask({"text": "", "files": [str(shot)]}, "", session))
    assert {"path": str(shot)} in chat[0]["content"]
    assert (2, manual) in {(card["page"], card["doc"]) for card in json.loads(viewer)["cards"]}


def test_where_the_model_is_unreachable_its_failure_stands_above_a_quotation(
    library: Library, port: Callable[[], int]
) -> None:
    address = f"http://127.0.0.1:{port()}/v1"
    settings = Settings(index=library.settings.index, llm_model="m", llm_base_url=address, llm_timeout=5)
    mute = Library(library.index, open_llm(settings), settings)
    session = Session()
    chat, _, viewer, _ = last(Handlers(mute).ask({"text": "What does E18 mean?"}, "", session))
    assert session.exchanges[0].status == "done"
    said = html.unescape(words(chat))
    failure, quoted = said.index(f"Cannot reach the model server at {address}"), said.index("Drain pump blocked")
    assert failure < said.index(phrases("en").instead) < quoted
    assert said.count("Cannot reach the model server") == 1 and NO_MODEL not in said
    assert f"give the number {session.exchanges[0].id[:12]}." in said and "#cite-1-" in said
    assert json.loads(viewer)["cards"]


def test_stop_ends_the_answer_and_the_next_question_works(library: Library) -> None:
    handlers, session = Handlers(library), Session()
    steps: Any = handlers.ask({"text": "What does E18 mean?"}, "", session)
    next(steps)
    chat, box, *_ = handlers.stopped({"text": "", "files": []}, "", session)
    steps.close()
    assert session.exchanges[0].status == "stopped"
    assert "Stopped." in words(chat)
    assert box["submit_btn"] is True
    assert box["value"]["text"] == "What does E18 mean?"  # to be asked again
    assert "Door not closed" in words(last(handlers.ask({"text": "What does E04 mean?"}, "", session))[0])
    held = session.exchanges[-1]  # as long as the tab is open: lean, and once
    assert held.answer is not None and held.evidence is held.answer.evidence
    assert held.evidence and not any(piece.beside for piece in held.evidence)


def test_stop_gives_the_picture_back_and_leaves_what_was_typed(library: Library, tmp_path: Path) -> None:
    shot = tmp_path / "shot.png"
    Image.new("RGB", (300, 200), "navy").save(shot)
    for typed, wanted in (("", {"text": "What is this?", "files": [str(shot)]}), ("another", None)):
        handlers, session = Handlers(library), Session()
        steps: Any = handlers.ask({"text": "What is this?", "files": [str(shot)]}, "", session)
        next(steps)
        _, box, *_ = handlers.stopped({"text": typed, "files": []}, "", session)
        steps.close()
        assert box.get("value") == wanted


def test_enter_while_an_answer_runs_leaves_everything(library: Library) -> None:
    handlers, session = Handlers(library), Session()
    steps: Any = handlers.ask({"text": "What does E18 mean?"}, "", session)
    _, box, *_ = next(steps)
    assert box["value"] == {"text": "", "files": []}
    assert not any(map(is_update, last(handlers.ask({"text": "another question"}, "", session))))
    assert len(session.exchanges) == 1
    assert "Drain pump blocked" in words(last(steps)[0])


def test_of_two_questions_at_the_same_moment_one_is_asked() -> None:
    session, gate = Session(), threading.Barrier(8)

    def begin(number: int) -> bool:
        gate.wait(60)
        return session.begin(f"question {number}") is not None

    with ThreadPoolExecutor(8) as events:
        assert sum(events.map(begin, range(8))) == 1


def test_a_question_left_in_the_box_is_taken_out_when_it_is_answered(library: Library) -> None:
    handlers, session = Handlers(library), Session()
    last(handlers.ask({"text": "What does E18 mean?"}, "", session))
    left = handlers.put_back({"text": "What does E18 mean?", "files": []}, session)
    assert left["value"] == {"text": "", "files": []}
    assert not is_update(handlers.put_back({"text": "What does E18 mean, and E04?", "files": []}, session))


def test_an_answer_that_the_browser_left_does_not_block_the_next(library: Library) -> None:
    handlers, session = Handlers(library), Session()
    steps: Any = handlers.ask({"text": "What does E18 mean?"}, "", session)
    next(steps)
    steps.close()  # the tab lost its connection
    assert not session.busy
    assert "Door not closed" in words(last(handlers.ask({"text": "What does E04 mean?"}, "", session))[0])


def test_a_refusal_says_that_only_some_documents_were_searched(library: Library, manual: str) -> None:
    refused = "What is the capital of Mongolia in winter?"
    for off, said in (([manual], True), ([], False)):
        chat, *_ = last(Handlers(library).ask({"text": refused}, json.dumps({"off": off}), Session()))
        assert ("Only 1 of 2 documents was searched" in words(chat)) is said


def test_small_talk_finds_nothing_and_cites_nothing(library: Library, manual: str) -> None:
    session = Session()
    off = json.dumps({"off": [manual]})
    for question, sent, said in (
        ("Hallo!", "", phrases("de").hello),
        ("which documents do you have?", "", "2 documents"),
        ("which documents do you have?", off, "Chosen are 1 document"),
    ):
        chat, _, viewer, _ = last(Handlers(library).ask({"text": question, "files": []}, sent, session))
        answered = str(chat[-1]["content"])
        assert said in answered and "<img src=x" not in answered
        assert "cites no evidence" not in answered and NO_MODEL not in answered
        assert not is_update(viewer) and not any("Found" in str(message.get("metadata")) for message in chat)


def test_that_there_is_no_model_is_said_once(library: Library) -> None:
    handlers, session = Handlers(library), Session()
    last(handlers.ask({"text": "What does E18 mean?"}, "", session))
    chat, *_ = last(handlers.ask({"text": "What does E04 mean?"}, "", session))
    assert words(chat).count(NO_MODEL) == 1
    assert "PAGESIGHT_" not in words(chat)


def test_copied_words_are_the_answer_and_a_line_for_each_source(library: Library) -> None:
    chat, *_ = last(Handlers(library).ask({"text": "What does E18 mean?"}, "", Session()))
    copied = html.unescape(str(chat[-1]["content"]).partition('<div class="ps-copy">')[2].partition("</div>")[0])
    assert "Drain pump blocked" in copied
    assert "\n[1] lagoon-manual.pdf, page 2, table “Table 1" in copied
    assert NO_MODEL not in copied
    assert "<" not in copied


def test_examples_are_those_of_documents_that_are_there(library: Library) -> None:
    about = [Sample("lagoon-manual.pdf", "What does E18 mean?", "table"), Sample("gone.pdf", "And this?", "figure")]
    handlers, session = Handlers(library, about), Session()
    _, chat = handlers.refreshed("", session)
    assert [example["text"] for example in chat["examples"]] == ["What does E18 mean?"]
    assert not is_update(handlers.refreshed("", session)[1])  # unchanged: not sent again
    session.offered = (*session.offered, about[1])  # as if its document had been removed just now
    assert [example["text"] for example in handlers.refreshed("", session)[1]["examples"]] == ["What does E18 mean?"]
    clicked = gr.SelectData(None, {"index": 1, "value": ""})
    last(handlers.ask_sample("", session, clicked))
    assert session.exchanges == []


def test_an_example_is_asked_where_its_document_is_searched(
    library: Library, manual: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One about another document than the chosen ones could only be answered wrongly."""
    told: list[str] = []
    monkeypatch.setattr("ui.events.notices.tell", lambda words, title="": told.append(words))
    handlers, session = Handlers(library, [Sample("lagoon-manual.pdf", "What does E18 mean?", "table")]), Session()
    handlers.refreshed("", session)
    clicked = gr.SelectData(None, {"index": 0, "value": ""})
    last(handlers.ask_sample(json.dumps({"off": [manual]}), session, clicked))
    assert session.exchanges == [] and len(told) == 1 and "“lagoon-manual.pdf”, which is not chosen" in told[0]
    last(handlers.ask_sample("", session, clicked))
    assert [exchange.status for exchange in session.exchanges] == ["done"] and len(told) == 1


def test_without_samples_examples_are_made_from_the_documents_that_are_seen(library: Library, manual: str) -> None:
    handlers, session = Handlers(library), Session()
    handlers.refreshed("", session)
    asked = [sample.question for sample in session.offered]
    assert "What does E04 mean?" in asked and len(asked) <= EXAMPLES
    catalogue = library.index.catalogue
    made = collections.create(catalogue, "not for everybody")
    collections.put(catalogue, made.id, [manual])
    collections.restrict(catalogue, made.id, [])
    try:
        handlers.refreshed("", session)
        assert not any(sample.doc == "lagoon-manual.pdf" for sample in session.offered)
    finally:
        collections.unrestrict(catalogue, made.id)
        collections.delete(catalogue, made.id)


def test_a_follow_up_shows_how_it_was_understood_and_a_click_asks_it_as_typed(library: Library) -> None:
    handlers, session = Handlers(library), Session()
    last(handlers.ask({"text": "What does E18 mean?"}, "", session))
    chat, *_ = last(handlers.ask({"text": "and how do I fix it?"}, "", session))
    assert "Understood as: and how do I fix it? (E18)" in words(chat)
    (option,) = chat[-1]["options"]
    assert not any("options" in message for message in chat[:-1])

    def click(value: object) -> Any:
        return last(handlers.ask_as_typed("", session, gr.SelectData(None, {"index": [3, 0], "value": value})))

    for forged in ("as typed 1", "as typed 99", "as typed x", {"a": 1}, None, "as typed ٢"):
        click(forged)
        assert len(session.exchanges) == 2
    chat = click(option["value"])[0]
    assert [(e.question, e.as_typed, e.understood) for e in session.exchanges[1:]] == [
        ("and how do I fix it?", False, "and how do I fix it? (E18)"),
        ("and how do I fix it?", True, ""),
    ]
    assert "options" not in chat[-1]


def test_clear_forgets_the_conversation(library: Library) -> None:
    handlers, session = Handlers(library), Session()
    last(handlers.ask({"text": "What does E18 mean?"}, "", session))
    chat, _, viewer, _ = handlers.cleared("", session)
    assert chat["value"] == []
    assert json.loads(viewer)["do"] == "clear"
    assert session.history() == ()


def test_an_internal_error_is_a_message_without_its_details(library: Library, caplog: Any) -> None:
    class Broken(Library):
        def ask(self, *_: Any) -> Any:
            raise RuntimeError("secret detail")

    chat, *_ = last(Handlers(Broken(library.index, None, library.settings)).ask({"text": "E18?"}, "", Session()))
    assert "RuntimeError" in words(chat)
    assert "secret detail" not in words(chat)
    assert "secret detail" in caplog.text


def test_sessions_share_nothing(library: Library) -> None:
    first, second = Session(), Session()
    last(Handlers(library).ask({"text": "What does E18 mean?"}, "", first))
    assert second.exchanges == []
    assert second.id != first.id


def test_a_thumb_is_kept_with_what_the_answer_cites(library: Library, manual: str) -> None:
    session, handlers = Session(), Handlers(library)
    chat, *_ = last(handlers.ask({"text": "What does E18 mean?", "files": []}, "", session))
    for index, liked in ((len(chat) - 1, True), (len(chat), False), ("0", False)):
        handlers.voted(session, gr.LikeData(None, {"index": index, "value": "", "liked": liked}))
    kept = {vote.id: vote for vote in votes(library.index.catalogue)}[session.exchanges[0].id]
    assert (kept.liked, kept.question) == (True, "What does E18 mean?")
    assert (kept.cited[0].doc, kept.cited[0].page) == (manual, 2)
    handlers.voted(session, gr.LikeData(None, {"index": len(chat) - 1, "value": "", "liked": None}))
    assert session.exchanges[0].id not in {vote.id for vote in votes(library.index.catalogue)}


def test_while_a_model_thinks_the_page_says_so(library: Library) -> None:
    session = Session()
    exchange = session.begin("What does E18 mean?")
    assert exchange is not None
    exchange.status = "answering"
    _take(Thinking("The user asks for E18, "), exchange)
    thinking = messages.conversation(session.exchanges)[-1]
    assert thinking["metadata"] == {"title": "Thinking, 5 words so far", "status": "pending"}
    _take(Delta("The pump"), exchange)
    shown = messages.conversation(session.exchanges)
    assert "metadata" not in shown[-1] and "The pump" in words(shown)


def test_documents_on_their_way_are_told_to_who_asks_before_they_are_there(settings: Settings) -> None:
    with Index.open(settings, create=True) as index:
        library = Library(index, None, settings)
        handlers = Handlers(library)
        assert handlers.not_askable("What does E18 mean?", None, "").startswith("There are no documents yet")
        library.readiness.words = OPENING
        assert handlers.not_askable("What does E18 mean?", None, "").startswith("There are no documents yet")
        library.readiness.words = "3 sample documents are being read; each can be asked about as soon as it is listed."
        assert handlers.not_askable("What does E18 mean?", None, "") == library.readiness.words
