"""Documents of a restricted collection are not there for others: by every address, event, tool and message.

A new address, event or tool has to be named here, with what of it was tried, or why it tells of no document.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, NamedTuple

import gradio as gr
import httpx
import httpx2
import pytest
from gradio_wire import call
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from stores import STORES, fresh

from rag.cli.arguments import parser
from rag.cli.commands import run
from rag.config import Settings
from rag.errors import BadSettings, CollectionRestricted, NoIndex, UnknownCollection, UnknownDocument
from rag.index import Index
from rag.service.asking import Asking, Begun, Question
from rag.service.callers import Caller, asking
from rag.service.rights import WITHHELD, Rights, rights_of
from rag.service.tokens import Tokens
from rag.service.users import Users
from rag.storage import collections
from rag.types import Query
from ui import layout, rights, settings_routes
from ui.access import Access
from ui.accounts import Accounts
from ui.backend import Library
from ui.handlers import Handlers
from ui.programs import Programs

MakePdf = Callable[..., Path]
PASSWORD = "correct horse"
NAME = "payroll-zanzibar.pdf"
SECRET = "The quantum flange of Zanzibar is torqued to 91 newton metres by Ms Okonkwo."
QUESTION = "How is the quantum flange of Zanzibar torqued?"
TRACES = ("zanzibar", "okonkwo", "91 newton", "personnel")
"""Of the hidden document and its collection: nowhere in what others are sent, in any case of letters. What was asked is
repeated, so :data:`QUESTION` is told apart by :func:`traces`."""
RIGHTFUL, OTHERS = ("ann", "rita"), ("ed", "rea")


class Running(NamedTuple):
    """The app with a library of two documents, one of them in a restricted collection."""

    page: gr.Blocks
    library: Library
    users: Users
    tokens: dict[str, str]
    open_doc: str
    doc: str
    chunk: str
    collection: str
    file: Path

    def url(self, path: str = "") -> str:
        return f"{self.page.local_url}{path}"


@pytest.fixture(scope="module", params=STORES)
def running(
    request: pytest.FixtureRequest,
    make_pdf: MakePdf,
    tmp_path_factory: pytest.TempPathFactory,
    port: Callable[[], int],
) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("rights")
    url = fresh(request.getfixturevalue("postgres")) if request.param == "postgres" else ""
    settings = Settings(index=folder / "index", encoder="builtin", words="static", workers=1, store_url=url)
    plain = make_pdf(folder / "pumps.pdf", "The pump is primed with water. Its valve opens at 4 bar.")
    secret = make_pdf(folder / NAME, SECRET)
    with Index.open(settings, create=True) as index:
        open_doc, doc = (added.doc_id for added in index.add([plain, secret]))
        made = collections.create(index.catalogue, "Personnel")
        collections.put(index.catalogue, made.id, [doc])
        collections.restrict(index.catalogue, made.id, rights_of(users=["rita"], tokens=["allowed"]))
        users, tokens = Users(index.root, index.catalogue), Tokens(index.root, index.catalogue)
        users.add("ann", "admin", PASSWORD)
        known = users.find("ann")
        assert known is not None
        for name, role in (("ed", "editor"), ("rea", "reader"), ("rita", "reader")):
            users.add(name, role, None)  # type: ignore[arg-type]
            users._replace(name, hash=known.hash)  # the same password; a hash takes its time
        secrets = {name: tokens.add(name, "editor") for name in ("allowed", "other")}
        library = Library(index, None, settings)
        access = Access(Accounts({}, pause=0.0, users=users), alone=False)
        handlers = Handlers(library, (), access)
        page = layout.build(library, handlers)
        programs = Programs(library, handlers.uploads.queues, open_here=False)
        assert access.accounts is not None
        options = layout.launch_options(library, handlers, programs)
        page.launch(server_name="127.0.0.1", server_port=port(), auth=access.accounts.check, **options)
        chunk = next(c.id for c in index.catalogue.chunks_of(doc) if c.kind == "text")
        yield Running(page, library, users, secrets, open_doc, doc, chunk, made.id, secret)
        page.close(verbose=False)
        programs.stop()
        handlers.uploads.stop(10)
        library.conversations.stop()


@pytest.fixture
def commands_find_it(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands are told where the catalogue is, as the app was."""
    monkeypatch.setenv("PAGESIGHT_STORE_URL", running.library.settings.store_url)


@pytest.fixture(scope="module")
def http(running: Running) -> Iterator[dict[str, httpx.Client]]:
    """By user; and by token, with the word before it."""
    clients = {}
    for name in (*RIGHTFUL, *OTHERS):
        clients[name] = httpx.Client(base_url=running.url(), trust_env=False, timeout=60)
        assert clients[name].get("").status_code == 200  # gives the cookie
        assert clients[name].post("login", data={"username": name, "password": PASSWORD}).status_code == 200
    for name, token in running.tokens.items():
        shown = {"authorization": f"Bearer {token}"}
        clients[f"token {name}"] = httpx.Client(base_url=running.url(), trust_env=False, timeout=60, headers=shown)
    yield clients
    for client in clients.values():
        client.close()


def traces(text: str) -> list[str]:
    """What of the hidden document stands in a reply; a question that is repeated is no trace."""
    said = text.replace(json.dumps(QUESTION)[1:-1], "").replace(QUESTION, "").lower()
    return [word for word in TRACES if word in said]


OWN = {
    "pagesight/export/{conversation}/{ending}": "export/{talk}/html",
    "pagesight/answer/{turn}/{ending}": "answer/{turn}/html",
    "pagesight/news": "news",
    "pagesight/clicked": "clicked",
    "pagesight/page/{doc}/{number:int}": "page/{doc}/1",
    "pagesight/cutout/{doc}/{chunk}": "cutout/{doc}/{chunk}",
    "pagesight/kept/{turn}/{name}": "kept/{turn}/1",
    "pagesight/evidence/{turn}/{number:int}": "evidence/{turn}/1",
    "pagesight/read/{doc}": "read/{doc}",
    "pagesight/read/{doc}/about": "read/{doc}/about",
    "pagesight/read/{doc}/find": "read/{doc}/find?words=flange",
    "pagesight/read/{doc}/{number:int}": "read/{doc}/1",
    "pagesight/gallery": "gallery?doc={doc}",
    "pagesight/me": "me",
    "pagesight/settings": "settings",
    "pagesight/settings/work": "settings/work",
    "pagesight/settings/{action}": "settings/rights",
    "pagesight/queue": "queue",
    "pagesight/queue/{number:int}/{what}": "queue/1/retry",
    "mcp": "by its tools, below",
    "api": "by its addresses, below",
}
"""The page's own addresses, each with one that is asked for, below pagesight/."""

API = {
    "GET /v1/documents": "",
    "POST /v1/documents": "tried with the hidden file, below",
    "GET /v1/documents/{doc}": "",
    "DELETE /v1/documents/{doc}": "",
    "GET /v1/collections": "",
    "GET /v1/jobs": "",
    "GET /v1/jobs/{job}": "a caller's own",
    "DELETE /v1/jobs/{job}": "a caller's own",
    "GET /v1/documents/{doc}/pages/{page}": "",
    "GET /v1/documents/{doc}/pages/{page}/picture": "",
    "GET /v1/documents/{doc}/pages/{page}/cutout": "?box=0,0,300,300",
    "GET /v1/documents/{doc}/cutouts/{chunk}": "",
    "GET /v1/search": "?q=quantum%20flange&k=50",
    "POST /v1/search": '{"question": "quantum flange"}',
    "POST /v1/search/picture": "the same search",
    "POST /v1/ask": '{"question": "Which documents do you have?"}',
    "POST /v1/ask/picture": "the same answer",
    "PUT /v1/answers/{answer}/feedback": "a caller's own",
    "GET /v1/conversations": "?find=okonkwo",
    "GET /v1/conversations/{conversation}": "",
    "GET /v1/conversations/{conversation}/export": "",
    "DELETE /v1/conversations/{conversation}": "a caller's own",
    "GET /v1/queue": "",
    "GET /v1/queue/{number}": "",
    "DELETE /v1/queue/{number}": "for admins",
    "POST /v1/queue/{number}/retry": "for admins",
    "GET /v1/health": "",
    "GET /v1/status": "",
    "GET /v1/metrics": "",
}
"""The API's addresses, each with what is added to one that is asked for, or why none is."""

TOOLS: dict[str, dict[str, Any]] = {
    "list_documents": {},
    "search": {"question": "quantum flange", "k": 30},
    "read_page": {"document": "{doc}", "page": 1},
    "cut_out": {"document": NAME, "page": 1},
    "ask": {"question": "Which documents do you have?"},
}

ROOT = Path(__file__).resolve().parents[2]
ALLOWED = [
    "programs.py: self._jobs, self._tokens = Jobs(queues, library.add), "
    "Tokens(library.index.root, library.index.catalogue)",
    "reader_routes.py: shown = gallery(library.index.catalogue, docs, words, kinds, start, AT_ONCE)",
    "settings_routes.py: rows, index = self.library.collections(), self.library.index",
    "settings_routes.py: why = self.library.index.encoder.reason.splitlines()",
    "settings_routes.py: index, rows = self.library.index, self.library.documents()",
    "settings_routes.py: found = examine(panel.library.settings, panel.library.index)",
    "tools.py: self._asking = Asking(documents, KeptConversations(documents.index.catalogue))",
]
"""Lines that read an index itself: of documents that were looked up before, of tokens, or for admins."""

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


def test_no_address_event_or_tool_is_left_out(running: Running, http: dict[str, httpx.Client]) -> None:
    own = {route.path.strip("/") for route in running.page.app.routes if "pagesight" in getattr(route, "path", "")}
    assert own | {"mcp", "api"} == set(OWN), "say in OWN what a new address tells of documents, and try it"
    described = http["ann"].get("api/openapi.json").json()["paths"]
    assert {f"{method.upper()} {path}" for path, by in described.items() for method in by} == set(API)
    assert set(rights.NEEDED) == set(EVENTS), "say in EVENTS what a new event tells of documents, and try it"
    assert "rights" in settings_routes.ACTIONS


def test_those_who_answer_requests_do_not_read_past_the_rights() -> None:
    """What is in an index is read through :class:`rag.service.library.Documents`, which leaves out what is hidden."""
    read = [
        f"{path.name}: {line.strip()}"
        for folder in ("ui", "rag/api", "rag/agents")
        for path in sorted((ROOT / folder).glob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"(library|documents)\.index\b(?!\.root)", line)
    ]
    assert read == ALLOWED


@pytest.fixture(scope="module")
def talks(running: Running) -> dict[str, tuple[str, str]]:
    """By user: a conversation and its answer about the hidden document, asked when everybody might see it."""
    asker, found = Asking(running.library, running.library.conversations), dict[str, tuple[str, str]]()
    owners = {name: f"user:{name}" for name in (*RIGHTFUL, *OTHERS)}
    index = running.library.index
    owners |= {f"token {t.name}": f"token:{t.hash[:32]}" for t in Tokens(index.root, index.catalogue).listed()}
    for name, owner in owners.items():
        with asking(Caller("admin", "admin", owner)):
            begun, *_ = asker.ask(owner, Question(QUESTION))
        assert isinstance(begun, Begun)
        found[name] = begun
    return found


@pytest.mark.parametrize("name", OTHERS)
def test_by_the_pages_own_addresses_others_hear_nothing(
    running: Running, http: dict[str, httpx.Client], talks: dict[str, tuple[str, str]], name: str
) -> None:
    for path in [path for key, path in OWN.items() if key not in ("mcp", "api")]:
        talk, turn = talks[name]
        asked = path.format(doc=running.doc, chunk=running.chunk, talk=talk, turn=turn)
        reply = http[name].get(f"pagesight/{asked}")
        assert not traces(reply.text), (asked, traces(reply.text))
        if "doc}" in path and "gallery" not in path:
            assert reply.status_code == 404, asked
    assert http[name].get(f"pagesight/kept/{talks[name][1]}/1").status_code == 404
    assert http[name].get(f"pagesight/export/{talks[name][0]}/zip").status_code == 200
    assert WITHHELD in http[name].get(f"pagesight/export/{talks[name][0]}/html").text
    sent = {"id": running.collection, "restricted": False}
    assert http[name].post("pagesight/settings/rights", json=sent).status_code == 403


def test_by_the_pages_own_addresses_the_rightful_see_it(
    running: Running, http: dict[str, httpx.Client], talks: dict[str, tuple[str, str]]
) -> None:
    for name in RIGHTFUL:
        talk, turn = talks[name]
        for path in [p for p in OWN.values() if "{" in p]:
            asked = path.format(doc=running.doc, chunk=running.chunk, talk=talk, turn=turn)
            assert http[name].get(f"pagesight/{asked}").status_code == 200, asked
        assert traces(http[name].get(f"pagesight/export/{talk}/html").text)


@pytest.mark.parametrize("name", [*OTHERS, "token other"])
def test_by_the_api_others_hear_nothing(
    running: Running, http: dict[str, httpx.Client], talks: dict[str, tuple[str, str]], name: str
) -> None:
    for key, more in API.items():
        method, path = key.split()
        if (method == "GET" and "{job}" not in path) or more.startswith("{"):
            talk = talks[name][0]
            parts = {"doc": running.doc, "page": 1, "chunk": running.chunk, "conversation": talk, "number": 1}
            address = path.format(**parts)
            query = more if method == "GET" else ""
            reply = http[name].request(
                method, f"api{address}{query}", json=json.loads(more) if more.startswith("{") else None
            )
            assert not traces(reply.text), (key, traces(reply.text))
            if "{doc}" in path:
                assert reply.status_code == 404, key
    assert http[name].get("api/v1/status").json()["documents"] == 1
    cited = http[name].post("api/v1/ask", json={"question": QUESTION}).json()["citations"]
    assert {one["document"] for one in cited} <= {running.open_doc}
    for named in ([NAME], [running.doc], [running.doc[:12]], ["payrol-zanzibar"]):
        reply = http[name].post("api/v1/search", json={"question": "flange", "docs": named})
        assert reply.status_code == 404 and not traces(reply.text.replace(named[0], ""))
        assert "(1 documents)" in reply.text
    within = http[name].post("api/v1/ask", json={"question": "flange", "collections": ["personel"]})
    assert within.status_code == 404 and "Personnel" not in within.text
    if name != "rea":
        assert http[name].delete(f"api/v1/documents/{running.doc}").status_code == 404


def test_by_the_api_the_rightful_see_it(running: Running, http: dict[str, httpx.Client]) -> None:
    for name in (*RIGHTFUL, "token allowed"):
        assert http[name].get("api/v1/status").json()["documents"] == 2
        answered = http[name].post("api/v1/ask", json={"question": QUESTION, "keep": False}).json()
        assert "91 newton" in answered["text"] and answered["citations"][0]["document"] == running.doc
        streamed = http[name].post("api/v1/ask", json={"question": QUESTION, "stream": True, "keep": False})
        assert "91 newton" in streamed.text
        assert [row["name"] for row in http[name].get("api/v1/collections").json()["collections"]] == ["Personnel"]


def by_mcp(running: Running, headers: dict[str, str]) -> dict[str, str]:
    """What each tool, and the resource, says."""

    async def session() -> dict[str, str]:
        async with AsyncExitStack() as stack:
            made = httpx2.AsyncClient(headers=headers, trust_env=False, timeout=60)
            client = await stack.enter_async_context(
                Client(streamable_http_client(running.url("mcp"), http_client=await stack.enter_async_context(made)))
            )
            assert {tool.name for tool in (await client.list_tools()).tools} == set(TOOLS)
            said = {}
            for tool, arguments in TOOLS.items():
                sent = {k: running.doc if v == "{doc}" else v for k, v in arguments.items()}
                said[tool] = (await client.call_tool(tool, sent)).model_dump_json(exclude={"content": {1}})
            try:
                read = await client.read_resource(f"pagesight://documents/{running.doc}/pages/1")
                said["resource"] = read.model_dump_json()
            except Exception as exc:
                said["resource"] = str(exc)
            return said

    with ThreadPoolExecutor(1) as pool:  # the browser of other tests keeps a loop in this thread
        return pool.submit(asyncio.run, session()).result()


def test_by_mcp_others_hear_nothing_and_the_rightful_see_it(running: Running) -> None:
    said = by_mcp(running, {"authorization": f"Bearer {running.tokens['other']}"})
    assert not {tool: found for tool, text in said.items() if (found := traces(text.replace(NAME, "", 1)))}, said
    seen = by_mcp(running, {"authorization": f"Bearer {running.tokens['allowed']}"})
    assert all(traces(text) for text in seen.values()), seen


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


def test_a_file_that_is_there_for_others_is_not_told_to_be_there(
    running: Running, http: dict[str, httpx.Client]
) -> None:
    for name, message in (
        ("ed", "cannot be added by you"),
        ("token other", "cannot be added by you"),
        ("ann", "there"),
    ):
        with running.file.open("rb") as file:
            job = http[name].post("api/v1/documents", files={"file": ("mine.pdf", file)}).json()
        while not job["finished"]:
            time.sleep(0.05)
            job = http[name].get(f"api/v1/jobs/{job['id']}").json()
        assert message in job["message"], job


EDITOR, NOBODY = Caller("ed", "editor", "user:ed"), None
ADMIN, RITA = Caller("ann", "admin", "user:ann"), Caller("rita", "editor", "user:rita")


@pytest.mark.parametrize("caller", [EDITOR, NOBODY, Caller("browser", "editor", "browser:x", signed_in=False)])
def test_what_is_hidden_cannot_be_removed_restored_or_put_elsewhere(running: Running, caller: Caller | None) -> None:
    """Also for nobody that is known: nothing that is restricted is there unless somebody says who asks."""
    library = running.library
    with asking(caller):
        assert library.ids() == (running.open_doc,)
        assert [one.name for one in library.collections()] == []
        for refused in (
            lambda: library.remove(running.doc),
            lambda: library.restore(running.doc),
            lambda: library.page(running.doc, 1),
            lambda: library.passage(running.doc, running.chunk),
            lambda: library.search(Query("flange", docs=frozenset([running.doc])), 5),
        ):
            with pytest.raises(UnknownDocument) as said:
                refused()
            assert not traces(str(said.value))
        for change in (library.delete_collection, lambda n: library.put_into_collection(n, [running.open_doc])):
            with pytest.raises(UnknownCollection):
                change(running.collection)
        made = library.create_collection("mine", [running.doc, running.open_doc])
        assert made.id != running.collection
    with asking(ADMIN):
        assert next(one for one in library.collections() if one.id == made.id).docs == {running.open_doc}
        library.delete_collection(made.id)


def test_a_removed_document_stays_hidden(running: Running) -> None:
    library = running.library
    with asking(ADMIN):
        library.remove(running.doc)
        assert [row.id for row in library.removed()] == [running.doc]
    with asking(EDITOR):
        assert library.removed() == [] and library.empty_trash() == [] and library.empty_trash([running.doc]) == []
        with pytest.raises(UnknownDocument):
            library.restore(running.doc)
    with asking(ADMIN), pytest.raises(CollectionRestricted, match="1 documents"):
        library.delete_collection(running.collection)
    with asking(ADMIN):
        library.restore(running.doc)
    with asking(EDITOR):
        assert running.doc not in library.ids()


def test_only_admins_let_more_people_see_a_document(running: Running) -> None:
    """An editor who may see a restricted collection takes nothing out of it, and puts nothing of it into another."""
    library, catalogue = running.library, running.library.index.catalogue
    other = collections.create(catalogue, "Board")
    collections.restrict(catalogue, other.id, rights_of(users=["rita"]))
    try:
        with asking(RITA):
            with pytest.raises(CollectionRestricted):
                library.take_out_of_collection(running.collection, [running.doc])
            with pytest.raises(CollectionRestricted):
                library.put_into_collection(other.id, [running.doc])
            with pytest.raises(CollectionRestricted):
                library.delete_collection(running.collection)
            library.put_into_collection(other.id, [running.open_doc])  # fewer see it now
        with asking(EDITOR):
            assert library.ids() == ()
        with asking(ADMIN):
            library.take_out_of_collection(other.id, [running.open_doc])
    finally:
        collections.delete(catalogue, other.id)


def test_words_of_hidden_documents_do_not_mend_a_question(running: Running) -> None:
    """A misspelt word is not told by what only the hidden document says."""
    from rag.retrieval.knowledge import respelt
    from rag.retrieval.query import parse_question
    from rag.storage.fulltext import FullText

    with running.library.index.snapshot():
        text = FullText(running.library.index.catalogue.connection)
        asked = parse_question("quantum flangge of zanzibarr")
        seen = frozenset(row.no for row in text.documents([running.open_doc]))
        assert set(respelt(text, asked, seen).terms) == set(asked.terms)
        assert set(respelt(text, asked).terms) != set(asked.terms)


@pytest.mark.usefixtures("commands_find_it")
def test_the_command_says_who_may_see_a_collection(
    running: Running, capsys: pytest.CaptureFixture[str], tmp_path: Path, make_pdf: MakePdf
) -> None:
    index = running.library.index

    def command(*words: str) -> str:
        assert run(parser().parse_args([*words, "--index", str(index.root)])) == 0
        said = capsys.readouterr()
        return said.out + said.err

    assert "Personnel: 1 document, seen by admins, token allowed, user rita only" in command("collections")
    command("collections", "create", "Plans")
    assert "seen by admins, role editor only" in command("collections", "restrict", "plans", "--role", "editor")
    assert "role editor, user nora only" in command("collections", "allow", "Plans", "--user", "nora")
    assert "role editor only" in command("collections", "deny", "Plans", "--user", "nora")
    path = make_pdf(tmp_path / "plan.pdf", "A plan for the spring.")
    with asking(Caller("rea", "reader", "user:rea")):
        before = Rights(index.catalogue)
        command("add", str(path), "--collection", "Plans")
        assert [row.name for row in before.visible(index.catalogue.listed())] == ["pumps.pdf"]
    with pytest.raises(CollectionRestricted, match="Plans"):
        command("collections", "delete", "Plans")
    command("collections", "unrestrict", "Plans")
    command("remove", "plan.pdf")
    command("collections", "delete", "Plans")


def test_no_user_or_token_is_removed_whose_rights_would_stay(running: Running) -> None:
    """The catalogue is in PostgreSQL, and the command was not told where."""
    if not running.library.settings.store_url:
        pytest.skip("its catalogue is found without an address")
    index = running.library.index
    users, tokens = Users(index.root, index.catalogue), Tokens(index.root, index.catalogue)
    for words in (("user", "remove", "rita"), ("token", "remove", "allowed")):
        with pytest.raises(NoIndex, match="PAGESIGHT_STORE_URL"):
            run(parser().parse_args([*words, "--index", str(running.library.index.root)]))
    assert users.find("rita") is not None and "allowed" in [one.name for one in tokens.listed()]


@pytest.mark.usefixtures("commands_find_it")
def test_a_group_is_made_and_given_rights_by_commands(running: Running, capsys: pytest.CaptureFixture[str]) -> None:
    """What the page, the API and MCP show goes by :class:`Rights` alone, of whatever kind a right is."""
    index, library = running.library.index, running.library

    def command(*words: str) -> str:
        assert run(parser().parse_args([*words, "--index", str(index.root)])) == 0
        said = capsys.readouterr()
        return said.out + said.err

    def names(token: str) -> str:
        headers = {"authorization": f"Bearer {running.tokens[token]}"}
        told = httpx.get(running.url("api/v1/documents"), headers=headers, timeout=60)
        assert told.status_code == 200 and "pumps.pdf" in told.text
        return told.text

    assert "There are no groups" in command("group", "list")
    assert "Payroll: token other, user rea" in command("group", "add", "Payroll", "--user", "rea", "--token", "other")
    assert NAME not in names("other")
    said = command("collections", "allow", "Personnel", "--group", "payroll")
    assert "seen by admins, group Payroll, token allowed, user rita only" in said
    rea = Caller("rea", "reader", "user:rea")
    with asking(rea):
        assert running.doc in library.ids()
    assert NAME in names("other") and NAME in names("allowed")
    assert "Payroll: token other" in command("group", "take", "payroll", "--user", "rea")
    with asking(rea):
        assert running.doc not in library.ids()
    for words, why in (
        (("group", "take", "Payroll", "--user", "rea"), "user rea is not in 'Payroll'; in it: token other"),
        (("group", "take", "Payroll"), "Name somebody"),
        (("group", "add", "Payroll", "--token", "nobody"), "no token 'nobody'"),
        (("group", "remove", "Pay"), "There is no group 'Pay'; there are: Payroll"),
        (("collections", "allow", "Personnel", "--group", "Pay"), "There is no group 'Pay'"),
    ):
        with pytest.raises(BadSettings, match=why):
            command(*words)
    assert "1 restricted collection named it, and no more" in command("group", "remove", "Payroll")
    assert NAME not in names("other")
    assert "seen by admins, token allowed, user rita only" in command("collections")


@pytest.mark.usefixtures("commands_find_it")
def test_who_gets_the_name_of_a_removed_user_or_token_later_has_no_right(
    running: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    index, library = running.library.index, running.library
    users, tokens = Users(index.root, index.catalogue), Tokens(index.root, index.catalogue)
    users.add("nils", "reader", None)
    tokens.add("desk", "reader")
    made = collections.create(index.catalogue, "Desk")
    collections.put(index.catalogue, made.id, [running.open_doc])
    collections.restrict(index.catalogue, made.id, rights_of(users=["nils"], tokens=["desk"]))
    nils = Caller("nils", "reader", "user:nils")
    with asking(nils):
        assert running.open_doc in library.ids()
    for words in (("user", "remove", "nils"), ("token", "remove", "desk")):
        assert run(parser().parse_args([*words, "--index", str(index.root)])) == 0
    assert "named user nils, and no more" in capsys.readouterr().err
    with asking(nils):
        assert running.open_doc not in library.ids()
    assert next(one for one in collections.listed(index.catalogue) if one.id == made.id).rights == {collections.ADMINS}
    collections.unrestrict(index.catalogue, made.id)
    collections.delete(index.catalogue, made.id)


def test_without_restrictions_nothing_is_looked_up_but_one_number(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert library.listed() is library.index.catalogue.listed()
    monkeypatch.setattr(collections, "restricted", lambda catalogue: pytest.fail("read again"))
    assert library.rights.hidden() == frozenset() and not library.rights.restricts()


@pytest.mark.browser
def test_an_admin_restricts_a_collection_on_the_page_and_an_open_tab_loses_its_documents(
    running: Running, browser: Any
) -> None:
    """By the settings; the other tab hears of it without being loaded anew."""
    expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect
    catalogue = running.library.index.catalogue
    made = collections.create(catalogue, "Pumps")
    collections.put(catalogue, made.id, [running.open_doc])
    tabs = {}
    try:
        for name in ("ann", "rea"):
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            tabs[name] = tab = context.new_page()
            tab.goto(running.url())
            tab.locator("input").first.fill(name)
            tab.locator("input[type=password]").fill(PASSWORD)
            tab.get_by_role("button", name="Login").click()
            expect(tab.locator("#ps-documents .ps-document")).to_have_count(2 if name == "ann" else 1, timeout=60_000)
        ann, rea = tabs["ann"], tabs["rea"]
        rea.locator("#ps-box textarea").fill("At how many bar does the valve open?")
        rea.locator("#ps-box textarea").press("Enter")
        expect(rea.locator("#ps-chat")).to_contain_text("4 bar", timeout=60_000)
        ann.locator("#ps-settings").click()
        row = ann.locator(".ps-panel details", has_text="Pumps")
        row.locator("summary").click()
        row.get_by_label("Only admins and those named here may see it").check()
        row.get_by_label("Save who may see Pumps").click()
        expect(row.get_by_role("status")).to_contain_text("Saved", timeout=60_000)
        expect(row.locator("summary")).to_have_text("Pumps – admins only")
        expect(rea.locator("#ps-documents .ps-document")).to_have_count(0, timeout=60_000)
        expect(rea.locator("#ps-chat")).not_to_contain_text("4 bar", timeout=60_000)
        expect(rea.locator("#ps-chat")).to_contain_text(WITHHELD)
        row.get_by_label("rea", exact=True).check()
        row.get_by_label("Save who may see Pumps").click()
        expect(rea.locator("#ps-documents .ps-document")).to_have_count(1, timeout=60_000)
        row.get_by_label("rea", exact=True).uncheck()
        row.get_by_label("Save who may see Pumps").click()
        expect(rea.locator("#ps-documents .ps-document")).to_have_count(0, timeout=60_000)
        ann.get_by_label("A new group").fill("Fitters <img src=x onerror=window.pwned=1>")
        ann.get_by_label("A new group").press("Enter")
        row.get_by_label("the group “Fitters <img").check()
        row.get_by_label("Save who may see Pumps").click()
        expect(row.locator("summary")).to_have_text("Pumps – admins + 1", timeout=60_000)
        fitters = ann.locator(".ps-set-groups details")
        fitters.locator("summary").click()
        fitters.get_by_label("rea", exact=True).check()
        fitters.get_by_label("Save who is in Fitters").click()
        expect(fitters.locator("summary")).to_contain_text("– 1 in it", timeout=60_000)
        expect(rea.locator("#ps-documents .ps-document")).to_have_count(1, timeout=60_000)
        fitters.get_by_role("button", name="Remove the group").click()
        expect(fitters).to_have_count(0, timeout=60_000)
        expect(row.locator("summary")).to_have_text("Pumps – admins only")
        expect(rea.locator("#ps-documents .ps-document")).to_have_count(0, timeout=60_000)
        assert ann.evaluate("window.pwned") is None
    finally:
        for tab in tabs.values():
            tab.context.close()
        collections.unrestrict(catalogue, made.id)
        collections.delete(catalogue, made.id)
