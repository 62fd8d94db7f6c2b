"""Who may do what: forged events and addresses, sessions that end, a proxy's header, a demo. Real app, real HTTP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import gradio as gr
import httpx
import pytest
from chat_server import serving
from gradio_wire import call

import app
from rag.errors import BadSettings
from rag.service.passwords import hashed
from rag.service.users import Users
from rag.storage.records import conversations as store
from ui import layout
from ui.addresses.programs import Programs
from ui.events import rights
from ui.events.handlers import Handlers
from ui.people.access import Access, Questions
from ui.people.accounts import ADDRESS, MOST_WRONG, MOST_WRONG_NAME, Accounts, Failures
from ui.people.proxy_sign_in import Proxy
from ui.state.backend import Library

PASSWORD = "correct horse"
EVERYWHERE = "0.0.0.0"  # noqa: S104
ASKED = [{"text": "What does E18 mean?", "files": []}, "", None]
SETTINGS = ["find", "models", "try", "use", "quote", "examine", "reindex", "rollback", "parse", "cancel", "unheard-of"]
Launch = Callable[[Access], gr.Blocks]


@pytest.fixture(scope="module")
def launch_with(library: Library, port: Callable[[], int]) -> Iterator[Launch]:
    pages: list[gr.Blocks] = []
    programs: list[Programs] = []

    def start(access: Access) -> gr.Blocks:
        handlers = Handlers(library, (), access)
        pages.append(layout.build(library, handlers))
        programs.append(Programs(library, handlers.uploads.queues, open_here=False))
        options = layout.launch_options(library, handlers, programs[-1])
        check = access.accounts.check if access.accounts else None
        pages[-1].launch(server_name="127.0.0.1", server_port=port(), auth=check, **options)
        return pages[-1]

    yield start
    for page, api in zip(pages, programs, strict=True):
        page.close(verbose=False)
        api.stop()


@pytest.fixture(scope="module")
def users(tmp_path_factory: pytest.TempPathFactory) -> Users:
    """A reader, an editor and an admin, of one password."""
    made = Users(tmp_path_factory.mktemp("users"))
    made.add("ann", "admin", PASSWORD)
    for name, role in (("ed", "editor"), ("rea", "reader")):
        made.add(name, role, None)  # type: ignore[arg-type]
    known = made.find("ann")
    assert known is not None
    for name in ("ed", "rea"):
        made._replace(name, hash=known.hash)  # the same password; a hash takes its time
    return made


@pytest.fixture(scope="module")
def page(launch_with: Launch, users: Users) -> gr.Blocks:
    """People sign in; a proxy on this machine may name them, too."""
    accounts = Accounts({"old": "file-password"}, pause=0.0, users=users, by_proxy="reader")
    return launch_with(Access(accounts, alone=False, proxy=Proxy("X-Forwarded-User")))


@pytest.fixture(scope="module")
def signed_in(page: gr.Blocks) -> Iterator[Callable[[str], httpx.Client]]:
    clients: dict[str, httpx.Client] = {}

    def of(name: str) -> httpx.Client:
        if name not in clients:
            clients[name] = client = client_of(page)
            word = "file-password" if name == "old" else PASSWORD
            assert client.post("login", data={"username": name, "password": word}).status_code == 200
        return clients[name]

    yield of
    for client in clients.values():
        client.close()


def client_of(page: gr.Blocks, **more: Any) -> httpx.Client:
    return httpx.Client(base_url=page.local_url, trust_env=False, timeout=60, **more)


def test_everybody_is_told_their_role_and_nobody_without_one(page: gr.Blocks, signed_in: Any) -> None:
    said = {name: signed_in(name).get("pagesight/me").json()["role"] for name in ("ann", "ed", "rea", "old")}
    assert said == {"ann": "admin", "ed": "editor", "rea": "reader", "old": "editor"}
    with client_of(page) as stranger:
        assert stranger.get("pagesight/me").json()["role"] is None
        assert stranger.get("pagesight/settings").status_code == 401
        assert call_status(stranger, page, "ask", ASKED) == 401


@pytest.mark.parametrize("name", ["add", "unlock", "skip_locked", "cancel", "retry", "close", "remove"])
def test_a_reader_who_forges_the_event_of_an_editor_is_refused(
    page: gr.Blocks, signed_in: Any, library: Library, manual: str, name: str
) -> None:
    before = library.ids()
    number = next(n for n, fn in page.fns.items() if fn.name == name)
    data = [None] * len(page.fns[number].inputs)
    event = {"doc": manual}
    heard = call(signed_in("rea"), page, name, data)
    assert heard[-1]["success"] is False and "may not" in json.dumps(heard[-1])
    for path in (f"gradio_api/run/{name}", "gradio_api/run/predict"):  # the way around the queue
        sent = {"data": data, "fn_index": number, "event_data": event, "session_hash": "x"}
        assert signed_in("rea").post(path, json=sent).status_code >= 400
    assert library.ids() == before


def test_a_reader_asks_and_an_editor_is_not_refused(page: gr.Blocks, signed_in: Any) -> None:
    heard = call(signed_in("rea"), page, "ask", ASKED)
    assert heard[-1]["success"] is True and "Drain pump blocked" in json.dumps(heard)
    assert call(signed_in("ed"), page, "cancel", [None])[-1]["success"] is True
    assert call(signed_in("old"), page, "close", [None])[-1]["success"] is True


def test_every_event_of_the_page_is_guarded(page: gr.Blocks) -> None:
    events = [fn.fn for fn in page.fns.values() if fn.fn is not None]
    assert events
    for fn in events:
        assert fn.__qualname__ in rights.NEEDED, f"say in ui/events/rights.py who may send {fn.__qualname__}"
        assert fn.__wrapped__.__qualname__ == fn.__qualname__


@pytest.mark.parametrize("name", ["rea", "ed", "old"])
@pytest.mark.parametrize("action", SETTINGS)
def test_settings_are_for_admins(signed_in: Any, library: Library, name: str, action: str) -> None:
    sent = {"model": "good", "url": "http://127.0.0.1:9/v1", "key": "k"}
    reply = signed_in(name).post(f"pagesight/settings/{action}", json=sent)
    assert (reply.status_code, library.llm) == (403, None)
    assert "administrators" in reply.json()["error"]
    assert signed_in(name).get("pagesight/settings").status_code == 403
    assert signed_in(name).get("pagesight/settings/work").status_code == 403


def test_an_admin_chooses_a_model_and_its_key_never_comes_back(signed_in: Any, library: Library) -> None:
    http, key = signed_in("ann"), "sk-very-secret-98765"
    with serving() as server:
        server.key = key
        sent = {"model": "good", "url": server.url, "key": key, "keep": False}
        replies = [http.post(f"pagesight/settings/{action}", json=sent) for action in ("models", "try", "use")]
        replies += [http.get("pagesight/settings"), http.get("pagesight/me"), http.get("")]
        try:
            assert [reply.status_code for reply in replies] == [200] * 6
            assert replies[3].json()["model"]["key"] == "until the program ends"
            assert library.answerer() == "good"
            assert not any(key in reply.text for reply in replies)
            wrong = http.post("pagesight/settings/models", json=sent | {"key": "other"}).text
            assert "refused the key" in wrong and "other" not in wrong
            german = http.post("pagesight/settings/models", json=sent | {"key": "x"}, headers={"accept-language": "de"})
            assert "Er hat den Schlüssel abgelehnt" in german.json()["servers"][0]["problem"]
        finally:
            assert http.post("pagesight/settings/quote", json={}).status_code == 200
    assert library.answerer() == ""


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"content-type": "text/plain"}, b"{}"),
        ({"content-type": "application/x-www-form-urlencoded"}, b"a=b"),
        ({"content-type": "application/json", "origin": "http://evil.example"}, b"{}"),
        ({"content-type": "application/json", "origin": "null"}, b"{}"),
    ],
)
def test_another_sites_page_changes_nothing(signed_in: Any, headers: dict[str, str], body: bytes) -> None:
    assert signed_in("ann").post("pagesight/settings/find", headers=headers, content=body).status_code == 403


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b"3", b"[" * 9_000, b"\xff", b" " * 30_000], ids=lambda body: str(body[:9])
)
def test_what_is_no_request_is_refused(signed_in: Any, body: bytes) -> None:
    headers = {"content-type": "application/json"}
    reply = signed_in("ann").post("pagesight/settings/use", headers=headers, content=body)
    assert (reply.status_code, list(reply.json())) == (400, ["error"])


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://169.254.169.254/", "http://u:p@127.0.0.1/", "", 7, None])
def test_an_address_that_is_no_model_server_is_refused(signed_in: Any, url: Any) -> None:
    for action in ("models", "try", "use"):
        reply = signed_in("ann").post(f"pagesight/settings/{action}", json={"model": "m", "url": url})
        assert reply.status_code == 400, reply.text


def test_conversations_are_their_owners(page: gr.Blocks, signed_in: Any, library: Library) -> None:
    call(signed_in("ed"), page, "ask", ASKED)
    theirs = next(row for row in library.conversations.listed("user:ed") if row.title)
    turn = library.conversations.turns("user:ed", theirs.id)[1][0]
    for address in (f"pagesight/export/{theirs.id}/html", f"pagesight/evidence/{turn.id}/1"):
        assert signed_in("ed").get(address).status_code == 200
        for name in ("rea", "ann"):  # nor an admin
            assert signed_in(name).get(address).status_code == 404


def test_the_api_gives_a_person_no_more_than_the_page_does(signed_in: Any, page: gr.Blocks, library: Library) -> None:
    for name in ("rea", "ed"):
        signed_in(name).get("")  # the page gives the browser its cookie
    doc, own = library.ids()[0], {"origin": str(page.local_url).rstrip("/")}
    assert signed_in("rea").get("api/v1/documents").status_code == 200
    refused = signed_in("rea").delete(f"api/v1/documents/{doc}", headers=own)
    assert refused.status_code == 403 and doc in library.ids()
    assert signed_in("ed").delete("api/v1/documents/unknown", headers=own).status_code == 404
    with client_of(page) as stranger:
        assert stranger.get("api/v1/documents").status_code == 401
        assert stranger.get("api/v1/documents", headers={"X-Forwarded-User": "a b"}).status_code == 401


# -- sessions and proxies ------------------------------------------------------------------------------------------


def test_a_session_ends_when_its_user_is_changed_or_removed(page: gr.Blocks, users: Users) -> None:
    known = users.find("ann")
    assert known is not None
    users.add("tom", "editor", None)
    users._replace("tom", hash=known.hash)
    with client_of(page) as http:
        changes: list[Callable[[], object]] = [lambda: users.set_role("tom", "reader"), lambda: users.remove("tom")]
        for change in changes:
            assert http.post("login", data={"username": "tom", "password": PASSWORD}).status_code == 200
            assert http.get("pagesight/me").json()["user"] == "tom"
            change()
            assert http.get("pagesight/me").json()["role"] is None
            assert http.get("pagesight/news").status_code == 401
            assert call_status(http, page, "ask", ASKED) == 401
        assert http.post("login", data={"username": "tom", "password": PASSWORD}).status_code == 400


def test_a_proxy_names_people_and_a_header_sent_otherwise_means_nothing(page: gr.Blocks) -> None:
    with client_of(page, headers={"X-Forwarded-User": "ed"}) as proxy:
        assert proxy.get("pagesight/me").json()["role"] == "editor"
        assert call(proxy, page, "cancel", [None])[-1]["success"] is True
    with client_of(page, headers={"X-Forwarded-User": "somebody"}) as proxy:
        me = proxy.get("pagesight/me").json()
        assert (me["user"], me["role"], me["leave"]) == ("somebody", "reader", False)
    for two in (
        [("X-Forwarded-User", "rea"), ("X-Forwarded-User", "ann")],
        [("X-Forwarded-User", "a b")],
        [("X-Forwarded-User", "")],
    ):
        with client_of(page) as http:
            assert http.get("pagesight/me", headers=two).json()["role"] is None


def test_a_session_of_somebody_else_does_not_count_beside_the_header(page: gr.Blocks, signed_in: Any) -> None:
    cookies = dict(signed_in("ann").cookies)
    with client_of(page, headers={"X-Forwarded-User": "rea"}, cookies=cookies) as proxy:
        assert proxy.get("pagesight/me").json()["role"] == "reader"
        assert proxy.get("pagesight/settings").status_code == 403


def test_a_header_from_another_address_means_nothing(launch_with: Launch, users: Users) -> None:
    """The same request, while the proxy is said to be at another address."""
    accounts = Accounts({}, users=users, by_proxy="reader")
    page = launch_with(Access(accounts, alone=False, proxy=Proxy("X-Forwarded-User", ("10.1.2.3", "10.9.0.0/16"))))
    spoofed = {"X-Forwarded-User": "ann"}
    for more in ({}, {"X-Forwarded-For": "10.1.2.3"}, {"Forwarded": "for=10.1.2.3"}, {"X-Real-IP": "10.1.2.3"}):
        with client_of(page, headers=spoofed | more) as http:
            assert http.get("pagesight/me").json()["role"] is None, more
            assert http.get("pagesight/settings").status_code == 401
    page.close(verbose=False)


@pytest.mark.parametrize(
    ("client", "forwarded", "trusted"),
    [
        (("10.1.2.3", 4711), None, True),
        (("::ffff:10.1.2.3", 4711), None, True),
        (("10.9.7.7", 4711), None, True),
        (("10.1.2.4", 4711), None, False),
        (("127.0.0.1", 4711), None, False),
        (("10.1.2.3", 0), None, False),  # what a proxy on this machine said in X-Forwarded-For
        (("203.0.113.9", 0), "10.1.2.3", True),
        (("203.0.113.9", 0), "10.1.2.3, 10.9.0.0/24", True),
        (("203.0.113.9", 0), "10.1.2.3,192.0.2.1", False),
        (("203.0.113.9", 0), "*", False),
        (None, None, False),
    ],
)
def test_only_the_connection_itself_says_that_it_is_the_proxys(
    client: tuple[str, int] | None, forwarded: str | None, trusted: bool, monkeypatch: Any
) -> None:
    monkeypatch.delenv("FORWARDED_ALLOW_IPS", raising=False)
    if forwarded:
        monkeypatch.setenv("FORWARDED_ALLOW_IPS", forwarded)
    proxy = Proxy("X-User", ("10.1.2.3", "10.9.0.0/16"))
    assert proxy._is_proxy({"client": client}) is trusted


@pytest.mark.parametrize(
    ("header", "address"), [("X User", "10.0.0.1"), ("", "10.0.0.1"), ("X-User", "no"), ("X-User", "10.0.0.1/8")]
)
def test_a_wrong_header_or_address_is_said_at_the_start(header: str, address: str) -> None:
    with pytest.raises(BadSettings, match="--auth-"):
        Proxy(header, (address,))


def test_a_name_is_refused_after_many_guesses_but_not_where_it_was_at_home(users: Users) -> None:
    accounts = Accounts({"ana": "s3cret"}, pause=0.0)
    accounts._failures_of_names = Failures(lambda: 0.0, MOST_WRONG_NAME)

    def attempt(password: str, address: str) -> bool:
        async def check() -> bool:
            ADDRESS.set(address)
            return await accounts.check("ana", password)

        return asyncio.run(check())

    assert attempt("s3cret", "192.0.2.1")
    for number in range(MOST_WRONG_NAME):
        assert not attempt("wrong", f"198.51.100.{number // (MOST_WRONG - 1)}")
    assert not attempt("s3cret", "203.0.113.1")
    assert attempt("s3cret", "192.0.2.1")


def test_who_is_not_there_takes_as_long_as_who_is(users: Users, monkeypatch: Any) -> None:
    """Not timed: the same work is done."""
    checked: list[str] = []

    def wrong(password: str, hash_: str) -> bool:
        checked.append(hash_)
        return False

    monkeypatch.setattr("ui.people.accounts.is_right", wrong)
    accounts = Accounts({"old": "x" * 9}, pause=0.0, users=users)
    for name in ("ann", "nobody", "old"):
        assert asyncio.run(accounts.check(name, "wrong")) is False
    assert len(checked) == 3 and checked[0].startswith("$argon2id$") and checked[1:] == ["", ""]


# -- nobody signs in -----------------------------------------------------------------------------------------------


def test_settings_without_users_are_for_the_person_at_the_machine(launch_with: Launch) -> None:
    with alone(launch_with, Access()) as (_, http):
        assert http.get("pagesight/settings").status_code == 200
        for headers in (
            {"host": "evil.example"},  # a page of another site under a name that leads here
            {"host": "127.0.0.1.evil.example:80"},
            {"x-forwarded-for": "203.0.113.9"},
            {"x-forwarded-host": "papers.example"},
            {"forwarded": "for=203.0.113.9"},
        ):
            assert http.get("pagesight/me", headers=headers).json()["role"] == "editor", headers
            reply = http.get("pagesight/settings", headers=headers)
            assert reply.status_code == 403 and "127.0.0.1" in reply.json()["error"]


def test_a_demo_is_read_and_asked_nothing_is_kept_and_questions_are_counted(
    launch_with: Launch, library: Library
) -> None:
    def kept() -> list[str]:
        return [row.id for row in store.listed(library.index.catalogue, None)]

    with alone(launch_with, Access(alone=False, demo=Questions(2))) as (page, http):
        before = kept()
        home = http.get("")
        assert "pagesight-browser" not in home.cookies
        http.cookies.set("pagesight-browser", "x" * 32)  # one that a browser brings along counts for nothing
        assert http.get("pagesight/me").json() == {
            "role": "reader",
            "user": "",
            "leave": False,
            "demo": True,
            "answers": "",
        }
        assert http.get("pagesight/settings").status_code == 403
        assert call(http, page, "add", [None, None])[-1]["success"] is False
        heard = [json.dumps(call(http, page, "ask", ASKED)) for _ in range(3)]
        assert ["Drain pump blocked" in one for one in heard] == [True, True, False]
        assert "enough questions" in heard[2]
        assert http.get("pagesight/news").json()["uploads"] is None
        assert kept() == before


def test_questions_of_a_demo_are_forgotten_after_a_while() -> None:
    now = [0.0]
    questions = Questions(1, lambda: now[0])
    assert questions.one_more("a") == 0 and questions.one_more("b") == 0
    assert questions.one_more("a") > 0
    now[0] += 601
    assert questions.one_more("a") == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--host", EVERYWHERE], "--open"),
        (["--host", "::"], "--open"),
        (["--share"], "--open"),
        (["--demo", "--auth-header", "X-User"], "--demo"),
        (["--auth-header", "X-User", "--auth-proxy", "x"], "--auth-proxy"),
    ],
)
def test_an_address_that_others_reach_is_not_opened_by_oversight(tmp_path: Path, options: list[str], said: str) -> None:
    with pytest.raises(BadSettings, match=said):
        app.access_of(app.parser("app").parse_args(options), Users(tmp_path))


def test_what_is_meant_is_opened(tmp_path: Path) -> None:
    def opened(*options: str) -> Access:
        return app.access_of(app.parser("app").parse_args(options), Users(tmp_path))

    assert opened("--host", EVERYWHERE, "--open").accounts is None
    assert opened("--share", "--open").alone is False
    assert opened("--host", EVERYWHERE, "--demo").demo is not None
    proxied = opened("--host", EVERYWHERE, "--auth-header", "X-User", "--auth-header-role", "editor")
    assert proxied.accounts is not None and proxied.accounts.role("anybody") == "editor"
    Users(tmp_path).add("ann", "admin", None)
    made = opened("--host", EVERYWHERE)
    assert made.accounts is not None and (made.accounts.role("ann"), made.accounts.role("x")) == ("admin", None)
    file = tmp_path / "auth"
    file.write_text("ann:secret\n")
    with pytest.raises(BadSettings, match="user of the index, too"):
        opened("--auth", str(file))


@contextmanager
def alone(launch_with: Launch, access: Access) -> Iterator[tuple[gr.Blocks, httpx.Client]]:
    page = launch_with(access)
    with client_of(page) as http:
        yield page, http
    page.close(verbose=False)


def call_status(http: httpx.Client, page: gr.Blocks, name: str, data: list[Any]) -> int:
    number = next(n for n, fn in page.fns.items() if fn.name == name)
    sent = {"data": data, "fn_index": number, "session_hash": "forged"}
    return http.post("gradio_api/queue/join", json=sent).status_code


def test_hashes_differ_by_their_salt() -> None:
    assert hashed(PASSWORD) != hashed(PASSWORD)
