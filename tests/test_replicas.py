"""Two processes of the app over one index, and nginx before them with the lines that docs/scaling.md shows."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from chat_server import serving
from make_pdfs import text_pages
from nginx import nginx_before
from running import free_port

from rag.config import Settings
from rag.service.tokens import Tokens
from rag.service.users import Users

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 180.0  # seconds for what is waited for
PASSWORD = "a long enough password"
ANSWERS = re.compile(r"PageSight answers at (http://\S+)")


class Replica(NamedTuple):
    url: str
    process: subprocess.Popen[str]


@pytest.fixture(scope="module")
def replicas(copy_of: Callable[[], Settings]) -> Iterator[tuple[Settings, list[Replica]]]:
    settings = copy_of()
    Users(settings.index).add("ada", "admin", PASSWORD)
    with ExitStack() as stack:
        started = [stack.enter_context(_app(settings, free_port())) for _ in range(2)]
        for replica in started:  # both load at once
            wait_for(lambda replica=replica: _answers(replica.url))  # type: ignore[misc]
        yield settings, started


@contextmanager
def _app(settings: Settings, port: int, **variables: str) -> Iterator[Replica]:
    command = [
        sys.executable,
        str(ROOT / "app.py"),
        "--no-samples",
        "--index",
        str(settings.index),
        "--port",
        str(port),
    ]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet, text=True, env={**os.environ, **variables}) as process:
        try:
            yield Replica(f"http://127.0.0.1:{port}", process)
        finally:
            process.kill()


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/api/v1/health", trust_env=False, timeout=60).status_code == 200
    except httpx.HTTPError:
        return False


def wait_for(what: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def api(replica: Replica, token: str) -> httpx.Client:
    headers = {"authorization": f"Bearer {token}"}
    return httpx.Client(base_url=f"{replica.url}/api/v1/", headers=headers, trust_env=False, timeout=120)


def test_what_changes_in_one_is_there_in_the_other(replicas: tuple[Settings, list[Replica]], tmp_path: Path) -> None:
    settings, (first, second) = replicas
    token = Tokens(settings.index).add("program", "editor")
    with api(first, token) as one, api(second, token) as two:
        question = {"q": "circulation pump flow meter boiler chapter 2"}
        searched = two.get("search", params=question).json()["hits"]
        assert searched and "pages.pdf" not in {hit["name"] for hit in searched}

        sent = one.post(
            "documents", files={"file": ("pages.pdf", text_pages(tmp_path).read_bytes(), "application/pdf")}
        )
        job = sent.json()["id"]
        wait_for(lambda: one.get(f"jobs/{job}").json()["finished"])
        doc = one.get(f"jobs/{job}").json()["document"]
        assert doc in {row["id"] for row in two.get("documents").json()["documents"]}
        hits = two.get("search", params=question).json()["hits"]
        assert hits[0]["document"] == doc
        picture = two.get(f"documents/{doc}/pages/1/picture")
        assert picture.status_code == 200 and picture.content

        asked = one.post("ask", json={"question": "What does error E18 mean?"}).json()
        kept = two.get("conversations").json()["conversations"]
        assert asked["conversation"] in {conversation["id"] for conversation in kept}

        assert two.delete(f"documents/{doc}").status_code == 204
        assert one.get(f"documents/{doc}").status_code == 404
        found = one.get("search", params=question).json()["hits"]
        assert doc not in {hit["document"] for hit in found}

        Tokens(settings.index).remove("program")
        assert [http.get("documents").status_code for http in (one, two)] == [401, 401]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_an_answer_under_way_when_its_replica_ends_is_kept_as_far_as_it_came(
    replicas: tuple[Settings, list[Replica]], how: signal.Signals
) -> None:
    """The other replica says that it stopped, with what was written, and answers the same question."""
    settings, (_, other) = replicas
    token = Tokens(settings.index).add(f"asks until {how.name}", "reader")
    with (
        serving() as model,
        _app(settings, free_port(), PAGESIGHT_LLM_MODEL="endless", PAGESIGHT_LLM_BASE_URL=model.url) as ending,
        api(ending, token) as one,
        api(other, token) as two,
    ):
        model.native["/props"] = {"modalities": {"vision": False}}  # else it would be asked, and never end
        wait_for(lambda: _answers(ending.url))
        with one.stream("POST", "ask", json={"question": "What does error E18 mean?", "stream": True}) as answer:
            said = (line for line in answer.iter_lines() if line.startswith("data:"))
            conversation = json.loads(next(said)[len("data:") :])["conversation"]
            turn: dict[str, str] = {}

            def seen() -> dict[str, str]:
                turn.update(two.get(f"conversations/{conversation}").json()["turns"][-1])
                return turn

            wait_for(lambda: seen()["text"])
            assert turn["status"] == "open"
            ending.process.send_signal(how)
            ending.process.wait(60)
        wait_for(lambda: seen()["status"] != "open")
        assert turn["status"] == "stopped" and turn["text"].startswith("word")
        again = two.post("ask", json={"question": turn["question"], "conversation": conversation})
        assert again.status_code == 200 and again.json()["text"]


@pytest.fixture
def nginx(replicas: tuple[Settings, list[Replica]], tmp_path: Path) -> Iterator[str]:
    program = shutil.which("nginx")
    if program is None:
        pytest.skip("nginx is not installed")
    with nginx_before(program, [replica.url for replica in replicas[1]], tmp_path) as url:
        wait_for(lambda: _answers(url))
        yield url


def test_a_browser_stays_with_its_replica_for_as_long_as_that_answers(
    replicas: tuple[Settings, list[Replica]], nginx: str
) -> None:
    """Which one that is, Gradio says: each process has a number of its own."""
    settings, started = replicas
    token = Tokens(settings.index).add("behind nginx", "reader")
    numbers = {_replica_of(httpx.Client(base_url=replica.url, trust_env=False, timeout=60)) for replica in started}
    assert len(numbers) == 2
    browsers = [httpx.Client(base_url=nginx, trust_env=False, timeout=60) for _ in range(12)]
    stay = [{_replica_of(browser) for _ in range(4)} for browser in browsers]
    assert all(len(one) == 1 for one in stay) and set.union(*stay) == numbers

    programs = {"authorization": f"Bearer {token}"}
    with httpx.Client(base_url=nginx, headers=programs, trust_env=False, timeout=60) as program:
        listed = program.get("/api/v1/documents")
        assert listed.status_code == 200 and "replica" not in listed.headers.get("set-cookie", "")
        body = {"question": "What does error E18 mean?", "stream": True}
        with program.stream("POST", "/api/v1/ask", json=body) as answer:
            events = [line for line in answer.iter_lines() if line.startswith("event:")]
        assert events[0] == "event: begun" and events[-1] == "event: done"

    started[0].process.kill()
    started[0].process.wait()
    (left,) = {_replica_of(httpx.Client(base_url=started[1].url, trust_env=False, timeout=60))}
    assert {_replica_of(browser) for browser in browsers} == {left}


def _replica_of(browser: httpx.Client) -> int:
    number: int = browser.get("/gradio_api/app_id").json()["app_id"]
    return number
