"""Collections on the page: asked within on the server, whatever the browser sends."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from rag.answering.overviews.extracts import extract_of
from rag.errors import ModelUnreachable
from rag.index import Index
from rag.llm.base import Message
from rag.storage.records import collections
from ui.events.collection_handlers import CollectionHandlers
from ui.events.handlers import Handlers
from ui.shown import payload
from ui.state.backend import Library
from ui.state.session import Session

REQUEST = gr.Request(username="anna")


@pytest.fixture
def own(library: Library, tmp_path: Path) -> Iterator[Library]:
    shutil.copytree(library.settings.index, tmp_path / "index")
    settings = replace(library.settings, index=tmp_path / "index")
    with Index.open(settings) as index:
        yield Library(index, None, settings)


@pytest.fixture
def change(own: Library) -> Callable[..., dict[str, Any]]:
    handlers = CollectionHandlers(Handlers(own))

    def changed(choice: object = "", **sent: object) -> dict[str, Any]:
        value, _ = handlers.change(choice, Session(), gr.EventData(None, sent))
        return dict(json.loads(value))

    return changed


def test_a_collection_is_made_asked_within_and_deleted(own: Library, change: Callable[..., dict[str, Any]]) -> None:
    manual, evil = own.ids()
    made = change(do="create", name="Manuals <b>", docs=[manual, 7, "unknown"])
    (one,) = made["collections"]
    assert (one["name"], one["docs"], made["within"]) == ("Manuals <b>", [0], one["id"])
    choice = json.dumps({"off": [], "within": one["id"]})
    session = Session()
    for _ in Handlers(own).ask({"text": "What does E18 mean?", "files": []}, choice, session, REQUEST):
        pass
    exchange = session.exchanges[-1]
    assert exchange.docs == (manual,) and {e.chunk.doc for e in exchange.evidence} == {manual}
    assert [c["docs"] for c in change(choice, do="put", id=one["id"], docs=[evil])["collections"]] == [[0, 1]]
    assert [c["docs"] for c in change(choice, do="take", id=one["id"], docs=[manual, evil])["collections"]] == [[]]
    assert Handlers(own).ticked(choice) == frozenset()  # an empty one is not the whole library
    assert "has no documents; put some into it" in Handlers(own).not_askable("What?", None, choice)
    change(choice, do="put", id=one["id"], docs=[manual])
    unticked = json.dumps({"off": [manual], "within": one["id"]})
    assert "is ticked; tick some" in Handlers(own).not_askable("What?", None, unticked)
    assert change(choice, do="rename", id=one["id"], name="Other")["collections"][0]["name"] == "Other"
    gone = change(choice, do="delete", id=one["id"])
    assert (gone["collections"], gone["within"]) == ([], "") and len(own.ids()) == 2


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"do": "create", "name": ""},
        {"do": "create", "name": "x" * 500},
        {"do": "delete", "id": "unknown"},
        {"do": "put", "id": ["x"], "docs": {"a": 1}},
        {"do": "drop tables"},
    ],
)
def test_what_cannot_be_done_changes_nothing(change: Callable[..., dict[str, Any]], sent: dict[str, object]) -> None:
    assert change(**sent)["collections"] == []


def test_the_list_is_drawn_anew_when_a_collection_changes(own: Library) -> None:
    def shown() -> str:
        return payload.revision(own.documents(), own.collections())

    before = shown()
    one = collections.create(own.index.catalogue, "Manuals")
    made = shown()
    collections.put(own.index.catalogue, one.id, own.ids()[:1])
    assert len({before, made, shown()}) == 3
    for value in (None, "[]", "{", '{"within": 3}', "x" * (payload.MOST_CHOICE + 1)):
        assert payload.within(value) == ""


def test_a_document_says_what_it_is_about_and_what_can_be_asked(own: Library, manual: str) -> None:
    row = own.document(manual)
    assert row is not None
    extract = extract_of(own.index, row)
    assert extract.opening.startswith("The lint filter sits behind") and extract.page == 1
    assert ("Fault finding", 2) in extract.headings
    assert "What does E04 mean?" in extract.questions
    assert any("Drain pump, exploded view" in question for question in extract.questions)


SAID = """- A **manual** of a machine at home.

There are 977 pages in all of it.

It tells how to clean the lint filter."""


class Writer:
    """A model that waits until it is let go, then says what it is given, or fails."""

    name = "writer"

    def __init__(self, reply: str | None) -> None:
        self.reply, self.go, self.asked = reply, threading.Event(), 0

    def sees_pictures(self) -> bool:
        return False

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        self.asked += 1
        assert "Fault finding" in str(messages[-1].parts[0])
        assert self.go.wait(60)
        if self.reply is None:
            raise ModelUnreachable("nobody is there")
        yield self.reply


@pytest.mark.parametrize(
    ("reply", "shown"),
    [
        (
            SAID,
            True,
        ),
        ("There are 977 pages in all of it.", False),  # nowhere in what the model was shown
        (None, False),
    ],
)
def test_a_model_writes_what_a_document_is_about_beside_those_who_wait_for_nothing(
    own: Library, manual: str, reply: str | None, shown: bool
) -> None:
    row, writer = own.document(manual), Writer(reply)
    assert row is not None
    own.use_model(writer, own.settings)
    extracts = own.extracts()
    before = [extracts.of(row), extracts.of(row)]
    assert all(said.coming and not said.written and said.extract == extract_of(own.index, row) for said in before)
    writer.go.set()
    for _ in range(6000):
        after = extracts.of(row)
        if not after.coming:
            break
        time.sleep(0.01)
    wanted = "A manual of a machine at home. It tells how to clean the lint filter." if shown else ""
    assert (after.written, after.by, after.coming) == (wanted, "writer" if shown else "", False)
    assert after.extract.opening and writer.asked == 1, "not asked again, also after a failure"
    own.use_model(None, own.settings)
    assert not extracts.of(row).written
