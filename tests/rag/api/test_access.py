"""Who is let in, and what hostile requests come to."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import chat_server
import httpx
import pytest
from serving_api import Served, events, served

from rag import disk
from rag.api.limits import MOST_FILE, MOST_JSON, RATES
from rag.config import Settings
from rag.disk import locked
from rag.llm.open import open_llm
from rag.storage.records.credentials import FILES
from rag.storage.tables.connections import WRITE_LOCK

QUESTION = {"question": "What is the remedy for code E18?"}


@pytest.fixture(scope="module")
def here(copy_of: Callable[[], Settings]) -> Iterator[Served]:
    """A program on one's own machine, where nobody signs in."""
    with served(copy_of(), open_here=True) as running:
        yield running


def problem(reply: httpx.Response) -> tuple[int, str]:
    assert reply.headers["content-type"] == "application/problem+json", reply.text
    return reply.status_code, reply.json()["type"].rpartition(":")[2]


# -- tokens and roles ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer x", "Bearer pagesight_", "Basic eDp5", "Bearer " + "x" * 5000, "pagesight_x"]
)
def test_without_a_right_token_nothing_is_told(header: str, api: Served) -> None:
    with api.client("", **({"authorization": header} if header else {})) as http:
        for address in ("documents", "status", "conversations", "metrics", "jobs", "no/such/address"):
            status, kind = problem(reply := http.get(address))
            assert (status, kind) in ((401, "no-token"), (401, "wrong-token"), (429, "too-often"))
            assert status == 429 or reply.headers["www-authenticate"].startswith("Bearer")
            assert "lagoon" not in reply.text


def test_a_token_is_not_taken_from_an_address(api: Served) -> None:
    with api.client("") as http:
        assert http.get("documents", params={"token": api.secrets["admin"]}).status_code == 401


def test_a_removed_token_ends_at_once(api: Served) -> None:
    secret = api.tokens.add("leaving", "admin")
    with api.client("", authorization=f"bearer {secret}") as http:
        assert http.get("documents").status_code == 200
        api.tokens.remove("leaving")
        assert problem(http.get("documents"))[0] in (401, 429)


def test_a_reader_changes_no_documents(api: Served, manual: str) -> None:
    with api.client("reader") as http:
        assert http.get("status").json()["role"] == "reader"
        sent = {"file": ("x.txt", b"words")}
        assert problem(http.post("documents", files=sent)) == (403, "role")
        assert problem(http.post("documents/", files=sent)) == (403, "role")
        assert problem(http.delete(f"documents/{manual}")) == (403, "role")
        assert problem(http.delete("jobs/x")) == (403, "role")
    assert api.documents.ids() == (manual,)


def test_where_the_list_of_tokens_is_broken_nobody_is_let_in(copy_of: Callable[[], Settings]) -> None:
    with served(copy_of()) as running, running.client() as http:
        assert http.get("documents").status_code == 200
        (running.documents.index.root / FILES["tokens"]).write_text("{")
        assert problem(http.get("documents")) == (500, "index")


def test_wrong_tokens_are_answered_less_and_less_often(here: Served) -> None:
    with here.client("", authorization="Bearer pagesight_guess") as http:
        kinds = [problem(http.get("status")) for _ in range(int(RATES["wrong token"].burst) + 3)]
    assert kinds[0] == (401, "wrong-token") and kinds[-1] == (429, "too-often")


# -- one's own machine, and the websites that one visits --------------------------------------------------------------


def test_on_ones_own_machine_no_token_is_needed(here: Served) -> None:
    with here.client("") as http:
        assert http.get("status").json()["role"] == "editor"
        own = urlsplit(here.url).netloc
        assert (
            http.get("status", headers={"origin": f"http://{own}", "sec-fetch-site": "same-origin"}).status_code == 200
        )


@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "x-real-ip"])
def test_what_a_proxy_passes_on_needs_a_token(header: str, here: Served) -> None:
    with here.client("", **{header: "203.0.113.9"}) as http:
        assert problem(http.get("documents")) == (401, "no-token")
    with here.client("reader", **{header: "203.0.113.9"}) as http:
        assert http.get("documents").status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "[::1", "::1", ""]
)
def test_a_name_that_was_pointed_at_this_machine_is_refused(host: str, here: Served) -> None:
    with here.client("", host=host) as http:
        reply = http.get("documents")
    assert reply.status_code in (400, 421) and "lagoon" not in reply.text


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_page_of_another_address_is_refused_with_a_token_and_without(
    headers: dict[str, str], here: Served, api: Served
) -> None:
    for role, running in (("", here), ("admin", api)):
        with running.client(role, **headers) as http:
            for reply in (http.get("documents"), http.post("ask", json=QUESTION), http.delete("documents/x")):
                assert problem(reply) == (403, "other-origin")
                assert "access-control-allow-origin" not in reply.headers


# -- what belongs to somebody else ------------------------------------------------------------------------------------


def test_conversations_answers_and_jobs_of_others_are_not_there(api: Served) -> None:
    with api.client("reader") as mine, api.client("admin") as other:
        answer = mine.post("ask", json=QUESTION).json()
        talk, number = answer["conversation"], answer["answer"]
        assert other.get("conversations").json()["conversations"] == []
        for reply in (
            other.get(f"conversations/{talk}"),
            other.get(f"conversations/{talk}/export"),
            other.delete(f"conversations/{talk}"),
            other.delete(f"conversations/{talk}?for_good=true"),
            other.post("ask", json={**QUESTION, "conversation": talk}),
            other.post("ask", json={**QUESTION, "conversation": talk, "stream": True}),
            other.put(f"answers/{number}/feedback", json={"liked": False}),
        ):
            assert problem(reply) == (404, "unknown-conversation")
            assert "E18" not in reply.text
        assert len(mine.get(f"conversations/{talk}").json()["turns"]) == 1
        with api.client("editor") as editor:
            job = editor.post("documents", files={"file": ("x.pdf", b"%PDF-1.7 nothing")}).json()
        assert problem(other.get(f"jobs/{job['id']}")) == (404, "unknown-job")
        assert problem(other.delete(f"jobs/{job['id']}")) == (404, "unknown-job")
        assert job["id"] not in other.get("jobs").text


@pytest.mark.parametrize(
    "address",
    [
        "documents/..%2f..%2ftokens.json",
        "documents/%2e%2e/pages/1/picture",
        "documents/{doc}/pages/0/picture",
        "documents/{doc}/pages/99999/picture",
        "documents/{doc}/pages/-1",
        "documents/{doc}/pages/1e3",
        "documents/{doc}/cutouts/..%2f..%2f..%2ftokens.json",
        "documents/{doc}/cutouts/' OR 1=1 --",
        "documents/{doc}/cutouts/%00",
        "documents/" + "0" * 64,
        "documents/" + "a" * 5000,
        "conversations/' OR '1'='1",
        "jobs/../../x",
    ],
)
def test_forged_addresses_give_nothing(address: str, http: httpx.Client, manual: str) -> None:
    reply = http.get(address.format(doc=manual))
    assert reply.status_code in (404, 422)
    assert problem(reply) and "hash" not in reply.text


# -- bodies ------------------------------------------------------------------------------------------------------------


def raw(api: Served, head: str, body: bytes = b"", close: bool = False) -> bytes:
    """What a server answers to bytes that no client library would send."""
    parts = urlsplit(api.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as wire:
        wire.sendall(head.replace("\n", "\r\n").encode() + body)
        if close:
            return b""
        answer = b""
        while piece := wire.recv(65536):
            answer += piece
        return answer


def head(api: Served, length: str, kind: str) -> str:
    return (
        f"POST /api/v1/documents HTTP/1.1\nHost: {urlsplit(api.url).netloc}\nContent-Type: {kind}\n{length}\n"
        f"Authorization: Bearer {api.secrets['editor']}\nConnection: close\n\n"
    )


def test_a_body_that_is_too_large_is_refused_before_it_is_read_and_while_it_comes(
    api: Served, http: httpx.Client
) -> None:
    said = raw(api, head(api, f"Content-Length: {MOST_FILE + 1}", "multipart/form-data; boundary=x"))
    assert said.startswith(b"HTTP/1.1 413") and b"too-large" in said
    assert problem(http.post("ask", json={"question": "x" * MOST_JSON})) == (413, "too-large")

    def pieces() -> Iterator[bytes]:
        for _ in range(MOST_JSON // 100_000 + 1):
            yield b" " * 100_000

    reply = http.post("ask", content=pieces(), headers={"content-type": "application/json"})
    assert problem(reply) == (413, "too-large")


def test_an_upload_that_is_cut_off_leaves_nothing(api: Served, http: httpx.Client, manual: str) -> None:
    begun = b'--x\r\nContent-Disposition: form-data; name="file"; filename="half.pdf"\r\n\r\n%PDF-1.7 half'
    before = http.get("jobs", headers={"authorization": f"Bearer {api.secrets['editor']}"}).json()
    raw(api, head(api, "Content-Length: 100000", "multipart/form-data; boundary=x"), begun, close=True)
    after = http.get("jobs", headers={"authorization": f"Bearer {api.secrets['editor']}"}).json()
    assert before == after
    assert [row["id"] for row in http.get("documents").json()["documents"]] == [manual]


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b"{", b"[" * 100_000, b'{"question": 5}', b'{"question": "\\ud800"}', b"\xff\xfe"]
)
def test_what_is_no_request_is_a_problem(body: bytes, http: httpx.Client) -> None:
    reply = http.post("ask", content=body, headers={"content-type": "application/json"})
    assert problem(reply)[0] in (400, 422)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("..\\..\\evil.txt", "evil.txt"),
        ("/etc/passwd.txt", "passwd.txt"),
        ("a\u202etxt.exe.txt", "atxt.exe.txt"),
        ("<img src=x onerror=alert(1)>.txt", "<img src=x onerror=alert(1)>.txt"),
        ("ü" * 300 + ".txt", "ü" * 98 + ".txt"),
        (".hidden.txt", "hidden.txt"),
    ],
)
def test_a_hostile_name_of_a_file_stays_a_name(name: str, kept: str, api: Served) -> None:
    with api.client("editor") as editor:
        job = editor.post("documents", files={"file": (name, b"%PDF-1.7 nothing")}).json()
    assert job["name"] == kept
    assert not (api.documents.index.root.parent / kept).exists()


# -- limits, and what fails meanwhile ----------------------------------------------------------------------------------


def test_questions_have_a_rate(here: Served) -> None:
    with here.client() as http:
        replies = [http.get("search", params={"q": "E18"}) for _ in range(int(RATES["question"].burst) + 8)]
        assert http.get("documents").status_code == 200  # other requests go on
    assert replies[0].status_code == 200
    assert problem(replies[-1]) == (429, "too-often") and int(replies[-1].headers["retry-after"]) >= 1


def test_an_index_that_another_process_writes_is_said(
    api: Served, http: httpx.Client, manual: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "LOCK_SECONDS", 0.1)
    with locked(api.documents.index.root / WRITE_LOCK):
        reply = http.delete(f"documents/{manual}")
    assert problem(reply) == (503, "index-busy") and reply.headers["retry-after"]
    assert api.documents.ids() == (manual,)


@pytest.fixture(scope="module")
def models() -> Iterator[chat_server.ChatServer]:
    with chat_server.serving() as server:
        yield server


@pytest.fixture
def with_model(
    copy_of: Callable[[], Settings], models: chat_server.ChatServer
) -> Iterator[Callable[[str], httpx.Client]]:
    """The API with a model that behaves as its name says."""
    opened: list[Any] = []

    def start(model: str) -> httpx.Client:
        settings = copy_of()
        settings = Settings(**{**vars_of(settings), "llm_model": model, "llm_base_url": models.url})
        running = served(settings, llm=open_llm(settings))
        api = running.__enter__()
        http = api.client()
        opened.extend((http, running))
        return http

    yield start
    for one in reversed(opened):
        one.__exit__(None, None, None)


def vars_of(settings: Settings) -> dict[str, Any]:
    return {name: getattr(settings, name) for name in settings.__dataclass_fields__}


def test_a_model_server_that_dies_while_answering(with_model: Callable[[str], httpx.Client]) -> None:
    http = with_model("broken")
    whole = http.post("ask", json=QUESTION).json()
    assert "CUDA out of memory" in whole["failed"] and whole["failed"] in whole["notice"]
    assert "impeller" in whole["text"] and "Half" not in whole["text"] and whole["citations"]
    with http.stream("POST", "ask", json={**QUESTION, "stream": True}) as response:
        came = events(response)
    assert came[-1][0] == "done" and came[-1][1]["failed"] == whole["failed"] and came[-1][1]["text"] == whole["text"]


def test_where_a_model_refuses_the_documents_are_quoted(with_model: Callable[[str], httpx.Client]) -> None:
    http = with_model("no_such_model")
    whole = http.post("ask", json=QUESTION).json()
    assert "no_such_model" in whole["failed"] and "impeller" in whole["text"] and whole["model"] == "quotes"
    with http.stream("POST", "ask", json={**QUESTION, "stream": True}) as response:
        came = events(response)
    assert [name for name, _ in came] == ["begun", "evidence", "text", "citations", "done"]
    assert came[2][1]["text"] == came[-1][1]["text"] == whole["text"] and came[3][1]["citations"]
    rows = http.get("conversations").json()["conversations"]
    turns = [http.get(f"conversations/{row['id']}").json()["turns"][0] for row in rows]
    assert [(turn["status"], turn["answer"]["failed"]) for turn in turns] == [("done", whole["failed"])] * 2


def test_who_goes_away_stops_the_model_and_what_came_is_kept(
    with_model: Callable[[str], httpx.Client], models: chat_server.ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(models.native, "/props", {"modalities": {"vision": False}})  # else it would be asked
    http = with_model("endless")
    models.client_gone.clear()
    with http.stream("POST", "ask", json={**QUESTION, "stream": True}) as response:
        for line in response.iter_lines():
            if line.startswith("event: text"):
                break
    assert models.client_gone.wait(20)
    deadline = threading.Event()
    for _ in range(100):
        (row,) = http.get("conversations").json()["conversations"]
        turn = http.get(f"conversations/{row['id']}").json()["turns"][0]
        if turn["status"] != "open":
            break
        deadline.wait(0.1)
    assert turn["status"] == "stopped" and turn["text"].startswith("word")


@pytest.mark.parametrize("change", ["removed", "made anew"])
def test_an_answer_ends_where_its_token_is_removed_while_it_comes(
    change: str, copy_of: Callable[[], Settings], models: chat_server.ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.api.streams.CHECKED", 0.0)
    settings = Settings(**{**vars_of(copy_of()), "llm_model": "endless", "llm_base_url": models.url})
    with served(settings, llm=open_llm(settings)) as api:
        secret = api.tokens.add("leaving", "reader")
        models.client_gone.clear()
        monkeypatch.setitem(models.native, "/props", {"modalities": {"vision": False}})  # else it would be asked
        with (
            api.client("", authorization=f"Bearer {secret}") as http,
            http.stream("POST", "ask", json={**QUESTION, "stream": True}) as response,
        ):
            lines = response.iter_lines()
            next(line for line in lines if line == "event: text")
            api.tokens.remove("leaving")
            if change == "made anew":  # of the same name
                api.tokens.add("leaving", "reader")
            left = list(lines)
        assert "event: done" not in left
        told = json.loads(left[left.index("event: error") + 1].removeprefix("data: "))
        assert told["status"] == 401 and "was removed" in told["detail"]
        assert models.client_gone.wait(20)


def test_a_library_without_documents_says_so(tmp_path: Path) -> None:
    settings = Settings(index=tmp_path / "index", encoder="builtin", words="static", workers=1)
    with served(settings) as running, running.client() as http:
        assert http.get("documents").json() == {"documents": []}
        assert http.get("search", params={"q": "E18"}).json()["hits"] == []
        answer = http.post("ask", json=QUESTION).json()
        assert answer["refused"] and answer["evidence"] == [] and "add PDFs" in answer["notice"]
