"""What each event leads to, on a real index without a browser."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from PIL import Image

from rag.config import Settings
from rag.feedback import votes
from rag.llm import open_llm
from ui.backend import Library
from ui.handlers import Handlers
from ui.session import Session


def last(steps: Iterator[Any]) -> Any:
    return list(steps)[-1]


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
    left, top, width, height = card["boxes"][0]["at"]
    assert 0 < left < left + width < 100
    assert 0 < top < top + height < 100
    assert len(json.loads(documents)["documents"]) == 2
    assert box["stop_btn"] is False
    assert [turn.question for turn in session.history()] == ["What does E18 mean?"]


def test_only_ticked_documents_are_searched(library: Library, manual: str) -> None:
    off = json.dumps({"off": [manual]})
    _, _, viewer, documents = last(Handlers(library).ask({"text": "E18 drain pump pressure"}, off, Session()))
    assert {card["doc"] for card in json.loads(viewer)["cards"]} == {r.id for r in library.documents()} - {manual}
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
    assert "99,999" in words(chat)
    assert len(words(chat)) < 10_000
    assert box["value"]["text"].startswith("why why")  # kept, to be shortened


def test_an_unreadable_picture_is_a_message(library: Library, tmp_path: Path) -> None:
    broken = tmp_path / "shot.png"
    broken.write_bytes(b"not a picture")
    chat, *_ = last(Handlers(library).ask({"text": "What is this?", "files": [str(broken)]}, "", Session()))
    assert "shot.png cannot be read" in words(chat)


def test_a_picture_of_a_page_finds_it(library: Library, tmp_path: Path, manual: str) -> None:
    shot = tmp_path / "shot.png"
    with Image.open(library.page_picture(manual, 2)) as picture:
        picture.convert("RGB").crop((80, 80, 1100, 600)).save(shot)
    session = Session()
    chat, _, viewer, _ = last(Handlers(library).ask({"text": "", "files": [str(shot)]}, "", session))
    assert {"path": str(shot)} in chat[0]["content"]
    assert (2, manual) in {(card["page"], card["doc"]) for card in json.loads(viewer)["cards"]}


def test_an_unreachable_model_is_a_message_and_the_evidence_stays(library: Library, port: Callable[[], int]) -> None:
    address = f"http://127.0.0.1:{port()}/v1"
    settings = Settings(index=library.settings.index, llm_model="m", llm_base_url=address, llm_timeout=5)
    mute = Library(library.index, open_llm(settings), settings)
    session = Session()
    chat, box, viewer, _ = last(Handlers(mute).ask({"text": "What does E18 mean?"}, "", session))
    assert session.exchanges[0].status == "failed"
    assert address.removeprefix("http://").removesuffix("/v1") in words(chat)
    assert json.loads(viewer)["cards"]
    assert box["value"]["text"] == "What does E18 mean?"


def test_stop_ends_the_answer_and_the_next_question_works(library: Library) -> None:
    handlers, session = Handlers(library), Session()
    steps = handlers.ask({"text": "What does E18 mean?"}, "", session)
    next(steps)
    chat, box, *_ = handlers.stopped("", session)
    steps.close()
    assert session.exchanges[0].status == "stopped"
    assert "Stopped." in words(chat)
    assert box["submit_btn"] is True
    assert "Door not closed" in words(last(handlers.ask({"text": "What does E04 mean?"}, "", session))[0])


def test_clear_forgets_the_conversation(library: Library) -> None:
    handlers, session = Handlers(library), Session()
    last(handlers.ask({"text": "What does E18 mean?"}, "", session))
    chat, _, viewer, _ = handlers.cleared("", session)
    assert chat == []
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
    assert second.uploads.items() == ()


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
