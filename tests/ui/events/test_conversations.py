"""The list of conversations of two tabs of one person, one of which deletes what the other shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
from restricted_library import MakePdf

from rag.config import Settings
from rag.index import Index
from ui.events.conversation_handlers import ConversationHandlers
from ui.events.handlers import Handlers
from ui.state.backend import Library
from ui.state.conversations import owner
from ui.state.session import Session

REQUEST: Any = SimpleNamespace(request=SimpleNamespace(cookies={}), username="anna")


@pytest.fixture
def served(settings: Settings, make_pdf: MakePdf, tmp_path: Path) -> Iterator[Library]:
    path = make_pdf(tmp_path / "pump.pdf", "The pump runs at 4 bar.")
    with Index.open(settings, create=True) as index:
        assert [added.error for added in index.add([path])] == [""]
        yield Library(index, None, settings)


def test_what_another_tab_has_deleted_is_offered_to_be_taken_back_until_it_is_there_again(served: Library) -> None:
    talks, asks = ConversationHandlers(served), Handlers(served)
    first, second = Session(), Session()
    first.belongs_to(owner(REQUEST))
    list(asks.asked("At what pressure does the pump run?", None, "", first, {}))
    sent: Any = gr.EventData(None, {"id": first.conversation})

    def listed(session: Session) -> dict[str, Any]:
        return dict(json.loads(talks.refreshed(session, REQUEST)[3]))

    talks.open(second, sent, REQUEST)
    assert listed(first)["gone"] is None
    assert json.loads(talks.discard(second, sent, REQUEST)[3])["gone"]["id"] == first.conversation
    told = listed(first)
    assert (told["gone"]["id"], told["rows"]) == (first.conversation, [])
    talks.restore(first, sent, REQUEST)
    assert [(one["gone"], len(one["rows"])) for one in (listed(first), listed(second))] == [(None, 1)] * 2

    talks.discard(second, sent, REQUEST)
    list(asks.asked("And its pressure?", None, "", first, {}))  # asked on, it is there again
    assert [(one["gone"], len(one["rows"])) for one in (listed(first), listed(second))] == [(None, 1)] * 2
