"""Who may sign in, and what is offered to try."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import gradio as gr
import httpx
import pytest

from rag.errors import BadSettings
from ui.people.accounts import ADDRESS, MOST_ADDRESSES, MOST_WRONG, WINDOW, Accounts, Failures, network
from ui.state import samples


def test_accounts_check_pairs(tmp_path: Path) -> None:
    path = tmp_path / "users"
    path.write_text("# people\nana:s3:cret\n\nbo:x\n")
    accounts = Accounts.read(path)
    accounts._pause = 0.0
    assert right(accounts, "ana", "s3:cret")
    assert not right(accounts, "ana", "s3")
    assert not right(accounts, "bo", "")
    assert not right(accounts, "nobody", "")


class Gate:
    """A sleep that lasts until the test opens the gate."""

    def __init__(self) -> None:
        self.asleep = 0
        self.open = threading.Event()

    async def sleep(self, seconds: float) -> None:
        self.asleep += 1
        while not self.open.is_set():
            await asyncio.sleep(0.001)


def test_the_loop_works_on_while_wrong_logins_wait() -> None:
    async def scene() -> tuple[int, list[bool]]:
        gate, turns = Gate(), 0
        accounts = Accounts({"ana": "s3cret"}, sleep=gate.sleep)
        attempts = [asyncio.create_task(accounts.check("ana", f"guess {n}")) for n in range(20)]
        while gate.asleep < 20:
            await asyncio.sleep(0)
            turns += 1
        assert not any(attempt.done() for attempt in attempts)
        ADDRESS.set("203.0.113.9")
        assert await accounts.check("ana", "s3cret") is True  # another address signs in while they wait
        gate.open.set()
        return turns, list(await asyncio.gather(*attempts))

    turns, answers = asyncio.run(scene())
    assert turns >= 1
    assert answers == [False] * 20


def test_a_server_answers_others_while_20_wrong_logins_wait(launch: Callable[..., gr.Blocks]) -> None:
    gate = Gate()
    page = launch(auth=Accounts({"ana": "s3cret"}, sleep=gate.sleep).check)
    options: Any = {"base_url": page.local_url, "trust_env": False, "timeout": 60}
    with httpx.Client(**options) as http, ThreadPoolExecutor(20) as strangers:
        pairs = [{"username": "ana", "password": f"guess {number}"} for number in range(20)]
        guesses = [strangers.submit(http.post, "login", data=pair) for pair in pairs]
        try:
            while gate.asleep < 20:
                assert http.get("pagesight/news").status_code == 401  # an answer, however many wait
            assert not any(guess.done() for guess in guesses)
        finally:
            gate.open.set()
        assert {guess.result().status_code for guess in guesses} == {400}
    page.close(verbose=False)


def test_an_address_that_guesses_is_refused_until_its_window_is_over() -> None:
    accounts, now = Accounts({"ana": "s3cret"}, pause=0.0), [1000.0]
    accounts._failures = Failures(lambda: now[0])
    for _ in range(MOST_WRONG):
        assert not right(accounts, "ana", "wrong", "198.51.100.7")
    assert not right(accounts, "ana", "s3cret", "198.51.100.7")
    assert right(accounts, "ana", "s3cret", "198.51.100.8")
    now[0] += WINDOW
    assert right(accounts, "ana", "s3cret", "198.51.100.7")


def test_addresses_are_remembered_in_bounded_memory_and_forgotten() -> None:
    now = [0.0]
    failures = Failures(lambda: now[0])
    for number in range(MOST_ADDRESSES + 100):
        failures.count(f"address {number}")
    assert len(failures) == MOST_ADDRESSES
    now[0] += WINDOW
    failures.count("one more")
    assert len(failures) == 1


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_what_counts_as_one_address(address: str, counted: str) -> None:
    assert network(address) == counted


def right(accounts: Accounts, user: str, password: str, address: str = "192.0.2.1") -> bool:
    async def check() -> bool:
        ADDRESS.set(address)
        return await accounts.check(user, password)

    return asyncio.run(check())


@pytest.mark.parametrize(
    ("text", "said"),
    [("ana", "line 1"), ("ana:\n", "line 1"), ("a:b\n:pw", "line 2"), ("a:b\na:c", "twice"), ("# none\n", "no user")],
)
def test_a_malformed_auth_file_names_the_line_and_no_password(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "users"
    path.write_text(text)
    with pytest.raises(BadSettings, match=said) as caught:
        Accounts.read(path)
    assert "pw" not in str(caught.value)


def test_sample_questions_are_offered_for_the_samples_that_are_there() -> None:
    names = {path.name for path in samples.pdfs()}
    offered = samples.offered(names, samples.questions())
    assert [sample.sort for sample in offered[:3]] == ["table", "figure", "scan"]
    assert offered[-1].picture is not None
    assert samples.offered({"other.pdf"}, samples.questions()) == ()
