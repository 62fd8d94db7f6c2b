"""Documents of a restricted collection are not there for others, whichever address they ask.

A new address has to be named here, with what of it was tried, or why it tells of no document.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import httpx
import pytest
from restricted_library import NAME, OTHERS, QUESTION, RIGHTFUL, Running, traces

from rag.service.rights import WITHHELD
from ui.addresses import settings_routes

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

ROOT = Path(__file__).resolve().parents[3]
ALLOWED = [
    "programs.py: self._jobs, self._tokens = Jobs(queues, library.add), "
    "Tokens(library.index.root, library.index.catalogue)",
    "reader_routes.py: shown = gallery(library.index.catalogue, docs, words, kinds, start, AT_ONCE)",
    "settings_routes.py: rows, index = self.library.collections(), self.library.index",
    "settings_routes.py: why = self.library.index.encoder.reason.splitlines()",
    "settings_routes.py: index, rows = self.library.index, self.library.documents()",
    "settings_routes.py: found = examine(panel.library.settings, panel.library.index)",
    "settings_routes.py: catalogue = panel.library.index.catalogue",
    'settings_routes.py: catalogue, name = panel.library.index.catalogue, _word(sent, "name")',
    "tools.py: self._asking = Asking(documents, KeptConversations(documents.index.catalogue))",
]
"""Lines that read an index itself: of documents that were looked up before, of tokens, or for admins."""


def test_no_address_is_left_out(running: Running, http: dict[str, httpx.Client]) -> None:
    own = {route.path.strip("/") for route in running.page.app.routes if "pagesight" in getattr(route, "path", "")}
    assert own | {"mcp", "api"} == set(OWN), "say in OWN what a new address tells of documents, and try it"
    described = http["ann"].get("api/openapi.json").json()["paths"]
    assert {f"{method.upper()} {path}" for path, by in described.items() for method in by} == set(API)
    assert "rights" in settings_routes.ACTIONS


def test_those_who_answer_requests_do_not_read_past_the_rights() -> None:
    """What is in an index is read through :class:`rag.service.library.Documents`, which leaves out what is hidden."""
    read = [
        f"{path.name}: {line.strip()}"
        for folder in ("ui", "rag/api", "rag/agents")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"(library|documents)\.index\b(?!\.root)", line)
    ]
    assert read == ALLOWED


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
