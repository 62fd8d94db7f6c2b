"""An answer that is being written, as other tabs than the one that asked come to show it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import gradio as gr
import pytest
from held_library import Held, Told

from rag.service import signs_of_life
from ui.events import handlers as events
from ui.events.conversation_handlers import ConversationHandlers
from ui.events.handlers import Handlers
from ui.shown import messages
from ui.state.backend import Library
from ui.state.session import Session

OWNER = "browser:somebody"


@pytest.fixture
def told() -> Iterator[Told]:
    told = Told()
    told.text = "Drain pump blocked [1].\n\n"
    yield told
    told.go.set()


@pytest.fixture
def held(library: Library, told: Told) -> Held:
    return Held(library, told)


def test_an_answer_that_ends_before_a_tab_begins_to_watch_it_is_shown_there_to_its_end(held: Held, told: Told) -> None:
    handlers, asked, other = Handlers(held), Session(), Session()
    asked.belongs_to(OWNER)
    other.belongs_to(OWNER)
    first = threading.Event()
    whole: list[Any] = []

    def ask() -> None:
        for step in handlers.asked("What does E18 mean?", None, "", asked, {}):
            if "Drain pump" in asked.exchanges[0].text:
                first.set()
            whole.append(step)

    asking = threading.Thread(target=ask)
    asking.start()
    assert first.wait(60)
    chat, box, *_ = ConversationHandlers(held)._open(other, asked.conversation)
    assert "Drain pump" in str(chat["value"]) and "Over." not in str(chat["value"]) and box["stop_btn"] is True
    told.go.set()
    asking.join(60)  # the browser hears what was drawn, and asks to watch, only now
    chat, box, viewer, _ = list(handlers.watch("", other))[-1]
    assert "Over." in str(chat) and box["stop_btn"] is False and viewer
    assert chat == messages.conversation(asked.exchanges)
    chat, box, viewer, _ = list(handlers.watch("", other))[-1]  # once
    assert all(isinstance(update, dict) and set(update) == {"__type__"} for update in (chat, box, viewer))


def test_a_tab_watches_an_answer_once(held: Held, told: Told) -> None:
    handlers, asked, other = Handlers(held), Session(), Session()
    asked.belongs_to(OWNER)
    other.belongs_to(OWNER)
    steps = handlers.asked("What does E18 mean?", None, "", asked, {})
    while "Drain pump" not in asked.exchanges[-1].text if asked.exchanges else True:
        next(steps)
    ConversationHandlers(held)._open(other, asked.conversation)
    watching = handlers.watch("", other)
    next(watching)
    ConversationHandlers(held)._open(other, asked.conversation)
    assert [gr.skip()] * 4 == list(next(handlers.watch("", other)))
    told.go.set()
    assert "Over." in str(list(watching)[-1][0])
    assert "Over." in str(list(steps)[-1][0])


@pytest.fixture
def replica(held: Held, monkeypatch: pytest.MonkeyPatch) -> Library:
    """Another program over the same library, which hears twenty times a second of what the first one writes."""
    monkeypatch.setattr(signs_of_life, "SIGN", 0.05)
    monkeypatch.setattr(events, "LOOK_EVERY", 0.02)
    return Library(held.index, None, held.settings)


def test_an_answer_that_another_program_writes_is_waited_for(held: Held, told: Told, replica: Library) -> None:
    asked, other = Session(), Session()
    asked.belongs_to(OWNER)
    other.belongs_to(OWNER)
    steps = Handlers(held).asked("What does E18 mean?", None, "", asked, {})
    while "Drain pump" not in asked.exchanges[-1].text if asked.exchanges else True:
        next(steps)
    chat, box, *_ = ConversationHandlers(replica)._open(other, asked.conversation)
    assert "another window" in str(chat["value"]) and "Stopped" not in str(chat["value"])
    assert "#act-again" not in str(chat["value"]) and box["stop_btn"] is False
    assert [turn.question for turn in other.history()] == []

    watching = Handlers(replica).watch("", other)
    while "Drain pump" not in str(chat):  # it may have been kept before the conversation was opened
        chat, *_ = next(watching)
    assert "another window" in str(chat)
    told.go.set()
    *_, (chat, box, viewer, _) = list(watching)
    assert "Over." in str(chat) and "another window" not in str(chat) and "#act-again" in str(chat)
    assert box["stop_btn"] is False and viewer
    assert "Over." in str(list(steps)[-1][0])


def test_an_answer_of_a_program_that_is_not_heard_of_any_more_has_stopped(
    held: Held, told: Told, replica: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, other = Session(), Session()
    asked.belongs_to(OWNER)
    other.belongs_to(OWNER)
    steps = Handlers(held).asked("What does E18 mean?", None, "", asked, {})
    while "Drain pump" not in asked.exchanges[-1].text if asked.exchanges else True:
        next(steps)
    ConversationHandlers(replica)._open(other, asked.conversation)
    watching = Handlers(replica).watch("", other)
    monkeypatch.setattr(signs_of_life, "SILENT", 0.0)
    *_, (chat, *_) = list(watching)
    assert "Stopped." in str(chat) and "another window" not in str(chat)
    told.go.set()
    list(steps)
