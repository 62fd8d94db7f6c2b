"""A model chosen while the program runs: tried, used at once, kept; the environment and keys."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from chat_server import ChatServer, Handler, serving
from home_server import Home, HomeServer, serving_home
from running import running

from rag.config import Settings
from rag.errors import BadSettings, StoreError
from rag.index import Index
from rag.llm import chosen
from rag.llm.chosen import Choice
from rag.llm.finder import models_at
from rag.llm.openai_compatible import OpenAICompatible
from rag.llm.trial import try_out
from rag.service.library import Documents
from rag.service.model_choice import ModelChoice

KEY = "sk-very-secret-12345"


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with serving() as running:
        yield running


@pytest.fixture
def library(settings: Settings) -> Iterator[Documents]:
    with Index.open(settings, create=True) as index:
        yield Documents(index, None, settings)


def choice_of(library: Documents, environ: dict[str, str] | None = None, **fields: Any) -> ModelChoice:
    base = replace(library.settings, llm_model="", llm_base_url=Settings().llm_base_url, llm_api_key="")
    made = ModelChoice(library, replace(base, **fields), environ or {})
    made.restore()
    return made


def test_a_chosen_model_answers_at_once_and_after_a_restart(library: Documents, server: ChatServer) -> None:
    server.key = KEY
    models = choice_of(library)
    assert (models.now().model, models.now().key, library.answerer()) == ("", "", "")
    now = models.use("good", server.url, KEY, keep_key=True)
    assert (now.model, now.url, now.key, library.answerer()) == ("good", server.url, "kept", "good")
    assert library.index.settings.llm_model == "good"
    assert "".join(library.llm.stream([])) if library.llm else ""
    again = choice_of(library)
    assert (again.now().model, again.now().key) == ("good", "kept")
    kept = library.settings.index / chosen.FILE
    assert kept.stat().st_mode & 0o777 == 0o600
    assert KEY not in repr(again.now()) and KEY not in repr(library.settings)
    assert again.quote().model == "" and not kept.exists() and library.llm is None


def test_a_key_that_is_not_to_be_kept_is_not_written_down(library: Documents, server: ChatServer) -> None:
    models = choice_of(library)
    assert models.use("good", server.url, KEY, keep_key=False).key == "until the program ends"
    assert KEY not in (library.settings.index / chosen.FILE).read_text()
    assert library.settings.llm_api_key == KEY
    assert choice_of(library, llm_api_key="").now().key == ""


def test_a_key_goes_to_no_other_server(library: Documents, server: ChatServer) -> None:
    models = choice_of(library)
    models.use("good", server.url, KEY, keep_key=True)
    with serving() as other:
        models.models(other.url, None)
        models.try_out("good", other.url, None)
        models.use("good", other.url, None, keep_key=True)
        assert other.requests and not any(KEY in str(headers) for headers in other.headers_seen)
    assert KEY not in (library.settings.index / chosen.FILE).read_text()


def test_the_key_of_the_environment_goes_to_its_own_server_only(library: Documents, server: ChatServer) -> None:
    models = choice_of(library, {"OPENAI_API_KEY": KEY}, llm_api_key=KEY)  # of api.openai.com
    models.models(server.url, None)
    now = models.use("good", server.url, None, keep_key=True)
    assert (now.key, now.fixed) == ("", ("OPENAI_API_KEY",))
    assert server.requests and not any(KEY in str(headers) for headers in server.headers_seen)


def test_what_the_environment_names_wins(library: Documents, server: ChatServer) -> None:
    choice_of(library).use("good", server.url, None, keep_key=True)
    fixed = {"PAGESIGHT_LLM_MODEL": "theirs", "PAGESIGHT_LLM_BASE_URL": "http://127.0.0.1:9/v1"}
    models = choice_of(library, fixed, llm_model="theirs", llm_base_url="http://127.0.0.1:9/v1")
    assert (models.now().model, models.now().editable) == ("theirs", False)
    for attempt in (
        lambda: models.use("good", server.url, None, keep_key=True),
        lambda: models.try_out("good", server.url, None),
        lambda: models.models(server.url, None),
        models.quote,
    ):
        with pytest.raises(BadSettings, match="PAGESIGHT_LLM_MODEL"):
            attempt()
    named = choice_of(
        library, {"PAGESIGHT_LLM_BASE_URL": "http://127.0.0.1:9/v1"}, llm_model="", llm_base_url="http://127.0.0.1:9/v1"
    )
    assert named.now().model == ""  # what was chosen is on another server
    with pytest.raises(BadSettings, match="PAGESIGHT_LLM_BASE_URL"):
        named.use("good", server.url, None, keep_key=True)


@pytest.mark.parametrize("written", ["{", "[]", '{"model": 3, "base_url": "x"}', '{"model": ""}', "\udcff"])
def test_a_choice_that_cannot_be_read_is_said_and_nothing_answers(library: Documents, written: str) -> None:
    (library.settings.index / chosen.FILE).write_bytes(written.encode(errors="surrogateescape"))
    models = choice_of(library)
    assert "model.json" in models.now().problem and library.llm is None
    with pytest.raises(StoreError, match=r"model\.json"):
        chosen.chosen(library.settings)


@pytest.mark.parametrize(
    ("model", "key"), [("", None), ("local:/tmp/x", None), ("x" * 999, None), ("good", "a\nb"), ("good", "ü")]
)
def test_what_can_be_no_model_or_key_is_refused(library: Documents, server: ChatServer, model: str, key: str) -> None:
    with pytest.raises(BadSettings):
        choice_of(library).use(model, server.url, key, keep_key=True)
    assert not server.requests


def test_commands_use_the_choice(settings: Settings) -> None:
    chosen.save(settings.index, Choice("qwen", "http://127.0.0.1:11434/v1", KEY))
    found = chosen.chosen(settings)
    assert (found.llm_model, found.llm_api_key) == ("qwen", KEY)
    assert chosen.chosen(replace(settings, llm_model="other")).llm_model == "other"
    assert KEY not in repr(Choice("qwen", "http://127.0.0.1:11434/v1", KEY))
    assert json.loads((settings.index / chosen.FILE).read_text())["model"] == "qwen"


# -- trying a model ------------------------------------------------------------------------------------------------


def read_number(picture: Any) -> str:
    return "It is 12345."


@pytest.mark.parametrize(
    ("home", "sees", "read"),
    [
        (Home(sight="reads", read=read_number), True, True),
        (Home(sight="counts"), True, False),
        (Home(sight="drops"), False, None),
        (Home(sight="refuses"), False, None),
        (Home(sight="reads", read=read_number, thinks="reasoning_content"), True, True),
    ],
    ids=["reads", "sees but does not read", "drops", "refuses", "thinks"],
)
def test_a_model_is_shown_a_picture(home: Home, sees: bool, read: bool | None, monkeypatch: Any) -> None:
    monkeypatch.setattr("rag.llm.sight.secrets.randbelow", lambda most: 2345)
    with serving_home(home) as server:
        came = try_out(OpenAICompatible(of(server)))
    assert (came.problem, came.sees, came.read) == ("", sees, read)


def test_a_trial_says_what_a_server_does_wrong(settings: Settings, server: ChatServer) -> None:
    assert "has no model 'nothing'" in try_out(OpenAICompatible(of(server, "nothing"))).problem
    server.key = "other"
    assert "refused the API key" in try_out(OpenAICompatible(of(server, "good"))).problem
    gone = replace(of(server, "good"), llm_base_url="http://127.0.0.1:9/v1")
    assert "Cannot reach" in try_out(OpenAICompatible(gone)).problem


class Elsewhere(Handler):
    """Sends every request on to another name of this machine, as a server would to reach what only it can."""

    def do_GET(self) -> None:
        self.send_response(307)
        self.send_header("location", self.server.native["to"])
        self.send_header("content-length", "0")
        self.end_headers()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.do_GET()


def test_a_server_that_sends_requests_on_is_not_followed(server: ChatServer) -> None:
    with running(ChatServer(Elsewhere)) as sly:
        sly.native["to"] = server.url.replace("127.0.0.1", "localhost") + "/models"
        assert "sends requests on to localhost" in try_out(OpenAICompatible(of(sly, "good"))).problem
        assert "status 307" in models_at(sly.url).problem
    assert server.requests == []


def of(server: ChatServer | HomeServer, model: str = "home") -> Settings:
    if isinstance(server, HomeServer):
        server.native["/v1/models"] = {"data": [{"id": "home"}]}
    return Settings(index=Path("unused"), llm_model=model, llm_base_url=server.url, llm_timeout=20.0)
