"""Collections on the page: asked within on the server, whatever the browser sends."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from rag.answering.extracts import extract_of
from rag.index import Index
from rag.storage import collections
from ui import payload
from ui.backend import Library
from ui.collection_handlers import CollectionHandlers
from ui.handlers import Handlers
from ui.session import Session

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
