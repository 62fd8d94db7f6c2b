"""A tab of many questions holds the evidence of the latest alone; that of others is read again when it is needed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from restricted_library import MakePdf

from rag.config import Settings
from rag.index import Index
from rag.service.callers import Caller, asking
from rag.service.rights import WITHHELD
from rag.storage.records import collections
from rag.storage.records import conversations as store
from rag.storage.records.feedback import votes
from ui.events.conversation_handlers import mark_gone
from ui.events.handlers import Handlers
from ui.shown import messages, payload
from ui.state.backend import Library
from ui.state.session import WHOLE, Session

OWNER = "browser:somebody"
CHOICE = ""


@pytest.fixture
def served(settings: Settings, make_pdf: MakePdf, tmp_path: Path) -> Iterator[Library]:
    path = make_pdf(tmp_path / "pump.pdf", "The pump runs at 4 bar. Its filter is cleaned every week.")
    with Index.open(settings, create=True) as index:
        assert [added.error for added in index.add([path])] == [""]
        yield Library(index, None, settings)


@pytest.fixture
def session(served: Library) -> Session:
    """A question about the pump, and as many greetings after it as let it rest."""
    session, handlers = Session(), Handlers(served)
    session.belongs_to(OWNER)
    for question in ("At what pressure does the pump run?", *["Hello!"] * (WHOLE + 1)):
        list(handlers.asked(question, None, CHOICE, session, {}))
    assert session.exchanges[0].resting is not None
    assert (session.exchanges[0].evidence, session.exchanges[0].answer) == ((), None)
    assert [one.resting for one in session.exchanges[-WHOLE:]] == [None] * WHOLE
    return session


def words(session: Session) -> str:
    return json.dumps(messages.conversation(session.exchanges))


def test_what_rests_is_shown_as_before(served: Library, session: Session) -> None:
    first = session.exchanges[0]
    shown = words(session)
    assert "4 bar" in shown and f"#cite-{first.number}-1" in shown
    again = Session()
    again.belongs_to(OWNER)
    served.conversations.open(again, session.conversation)
    assert [len(messages.conversation([one])) for one in again.exchanges] == [
        len(messages.conversation([one])) for one in session.exchanges
    ]


def test_its_evidence_is_read_again_for_the_panel(served: Library, session: Session) -> None:
    """Greetings have none: the last evidence of the conversation is that of the question that rests."""
    shown = json.loads(payload.opened(session, served))
    assert shown["turn"] == 1 and shown["first"] == 1
    assert "4 bar" in shown["cards"][0]["text"]
    assert shown["kept"] == {"1": session.exchanges[0].id}


def test_a_vote_for_it_is_kept_with_what_it_cites(served: Library, session: Session) -> None:
    chat: list[Any] = messages.conversation(session.exchanges[:1])
    Handlers(served).voted(session, gr.LikeData(None, {"index": len(chat) - 1, "value": "", "liked": True}))
    (vote,) = votes(served.index.catalogue)
    assert (vote.id, vote.cited[0].page) == (session.exchanges[0].id, 1)


def test_that_its_document_was_removed_is_said_and_then_it_rests_again(served: Library, session: Session) -> None:
    served.remove(served.ids()[0])
    assert mark_gone(session, served)
    assert "has been removed from the library" in words(session)
    assert not mark_gone(session, served)
    session.rest()
    assert session.exchanges[0].resting is not None
    assert "has been removed from the library" in words(session)


def test_one_that_was_deleted_for_good_meanwhile_keeps_its_words(served: Library, session: Session) -> None:
    before = words(session)
    store.discard(served.index.catalogue, OWNER, session.conversation, 1.0)
    store.forget(served.index.catalogue, OWNER, session.conversation)
    served.remove(served.ids()[0])
    mark_gone(session, served)
    assert words(session) == before
    assert json.loads(payload.opened(session, served))["cards"] == []


def test_who_loses_the_right_to_its_document_loses_the_answer(served: Library, session: Session) -> None:
    catalogue = served.index.catalogue
    made = collections.create(catalogue, "Pumps")
    collections.put(catalogue, made.id, served.ids())
    collections.restrict(catalogue, made.id, ())
    with asking(Caller("ann", "reader", OWNER)):
        served.conversations.withhold(session)
        shown = words(session)
    assert "4 bar" not in shown
    assert session.exchanges[0].text == WITHHELD


def test_nothing_rests_that_is_not_kept(served: Library) -> None:
    """A browser without cookies: its conversation is nowhere but in its tab."""
    session, handlers = Session(), Handlers(served)
    for _ in range(WHOLE + 2):
        list(handlers.asked("At what pressure does the pump run?", None, CHOICE, session, {}))
    assert all(one.resting is None and one.evidence for one in session.exchanges)
