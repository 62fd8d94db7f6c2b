"""Documents of a restricted collection are not there for others, whichever event of the page they send.

A new event has to be named here, with what is sent with it, or why it tells of no document.
"""

from __future__ import annotations

import json
import time
from typing import Any

import gradio as gr
import httpx
import pytest
from gradio_wire import call
from restricted_library import NAME, OTHERS, QUESTION, Running, traces

from rag.service.rights import rights_of
from rag.storage.records import collections
from ui.events import rights

EVENTS = {
    "Public.give_documents": [],
    "Public.give_hits": ["quantum flange", None, 10],
    "Public.give_answer": ["Which documents do you have?", None],
    "Handlers.opened": "reads the library's list",
    "Handlers.refreshed": [""],
    "Handlers.remove": "removes by Documents.remove, tried below",
    "Handlers.ask": [{"text": "quantum flange", "files": []}, "", None],
    "Handlers.ask_sample": "asks as ask does",
    "Handlers.ask_as_typed": "asks as ask does",
    "Handlers.put_back": "the tab's own question",
    "Handlers.stopped": "the tab's own conversation",
    "Handlers.watch": "the tab's own conversation",
    "Handlers.cleared": [""],
    "Handlers.voted": "the tab's own answer",
    "UploadHandlers.add": "adds by Documents.add, tried below",
    "UploadHandlers.unlock": "a browser's own files",
    "UploadHandlers.skip_locked": "a browser's own files",
    "UploadHandlers.cancel": "a browser's own files",
    "UploadHandlers.close": "a browser's own files",
    "UploadHandlers.retry": "a browser's own files",
    "UploadHandlers.settled": "a browser's own files",
    "TrashHandlers.current": "reads Documents.removed, tried below",
    "TrashHandlers.opened": "reads Documents.removed, tried below",
    "TrashHandlers.restore": "restores by Documents.restore, tried below",
    "TrashHandlers.empty": "by Documents.empty_trash, tried below",
    "PointHandlers.point": "reads Documents.page, tried below",
    "CollectionHandlers.change": "changes by Documents, tried below",
    "TurnHandlers.ask_anew": "asks as ask does",
    "TurnHandlers.edit": "the tab's own question",
    "ConversationHandlers.opened": ["{talk_opened}"],
    "ConversationHandlers.new": "begins an empty one",
    "ConversationHandlers.open": "opens as opened does",
    "ConversationHandlers.refreshed": "draws what the guard has left",
    "ConversationHandlers.find": "lists, tried by the API",
    "ConversationHandlers.rename": "a caller's own title",
    "ConversationHandlers.discard": "lists titles",
    "ConversationHandlers.restore": "opens as opened does",
    "ConversationHandlers.unscope": "closes a chip",
}
"""Events of the page, each with what is sent with it, or why that tells of no document."""


def test_no_event_is_left_out() -> None:
    assert set(rights.NEEDED) == set(EVENTS), "say in EVENTS what a new event tells of documents, and try it"


@pytest.mark.parametrize("name", OTHERS)
def test_by_events_others_hear_nothing(
    running: Running, http: dict[str, httpx.Client], talks: dict[str, tuple[str, str]], name: str
) -> None:
    opened = json.dumps({"open": talks[name][0]})
    for event, sent in EVENTS.items():
        if isinstance(sent, list):
            data = [opened if one == "{talk_opened}" else one for one in sent]
            number = next(n for n, fn in running.page.fns.items() if fn.fn and fn.fn.__qualname__ == event)
            data += [None] * (len(running.page.fns[number].inputs) - len(data))
            heard = json.dumps(sent_event(http[name], running.page, number, data))
            assert not traces(heard.replace(NAME, "")), (event, traces(heard.replace(NAME, "")))


def test_by_events_the_rightful_see_it(
    running: Running, http: dict[str, httpx.Client], talks: dict[str, tuple[str, str]]
) -> None:
    opened = json.dumps({"open": talks["rita"][0]})
    numbers = {fn.fn.__qualname__: n for n, fn in running.page.fns.items() if fn.fn}
    for event, data in (
        ("Handlers.refreshed", ["", None]),
        ("Public.give_hits", ["quantum flange", None, 10]),
        ("Handlers.ask", [{"text": "quantum flange", "files": []}, "", None]),
        ("ConversationHandlers.opened", [opened, None]),
    ):
        assert traces(json.dumps(sent_event(http["rita"], running.page, numbers[event], data))), event


def sent_event(client: httpx.Client, page: gr.Blocks, number: int, data: list[Any]) -> Any:
    tab = f"tab{time.monotonic_ns()}"
    sent = {"data": data, "fn_index": number, "session_hash": tab}
    client.post("gradio_api/queue/join", json=sent).raise_for_status()
    heard = []
    with client.stream("GET", "gradio_api/queue/data", params={"session_hash": tab}) as stream:
        for line in stream.iter_lines():
            if line.startswith("data:"):
                heard.append(json.loads(line[5:]))
                if heard[-1]["msg"] == "process_completed":
                    break
    assert heard[-1]["success"] is True, heard[-1]
    return heard


def test_a_tab_that_shows_an_answer_loses_it_with_the_right(running: Running, http: dict[str, httpx.Client]) -> None:
    """Rita's tab, in which she has asked; then she may no more, and then again."""
    page, client = running.page, http["rita"]
    assert traces(json.dumps(call(client, page, "ask", [{"text": QUESTION, "files": []}, "", None])))
    catalogue, number = running.library.index.catalogue, running.collection
    talk = client.get("api/v1/conversations").json()["conversations"][0]["id"]
    assert traces(client.get(f"api/v1/conversations/{talk}").text)
    try:
        collections.restrict(catalogue, number, [])
        assert not traces(client.get(f"api/v1/conversations/{talk}").text)
        assert client.get(f"pagesight/page/{running.doc}/1").status_code == 404
        assert not traces(client.get("api/v1/documents").text)
    finally:
        collections.restrict(catalogue, number, rights_of(users=["rita"], tokens=["allowed"]))
    assert traces(client.get(f"api/v1/conversations/{talk}").text)
