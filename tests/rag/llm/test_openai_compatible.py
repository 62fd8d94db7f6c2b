"""The OpenAI-compatible client against a real HTTP server."""

import base64
import io
import logging
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import pytest
from chat_server import KEY, REPLY, ChatServer, serving
from PIL import Image
from running import free_port

from rag.config import Settings
from rag.errors import ModelCutShort, ModelError, ModelRefused, ModelTimeout, ModelTooLong, ModelUnreachable
from rag.llm.base import Message
from rag.llm.images import LONGEST_SIDE
from rag.llm.open import open_llm
from rag.llm.openai_compatible import OpenAICompatible
from rag.llm.reply_limits import LONGEST_REPLY

QUESTION = [Message("system", ("Be short.",)), Message("user", ("How often?",))]


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with serving() as running:
        yield running


def model(server: ChatServer, name: str, **options: object) -> OpenAICompatible:
    settings = Settings(llm_model=name, llm_base_url=server.url)
    return OpenAICompatible(replace(settings, **options))  # type: ignore[arg-type]


def failure(llm: OpenAICompatible) -> tuple[list[str], ModelError]:
    came: list[str] = []
    with pytest.raises(ModelError) as caught:
        came.extend(llm.stream(QUESTION))
    return came, caught.value


def test_a_reply_comes_in_pieces(server: ChatServer) -> None:
    assert tuple(model(server, "good").stream(QUESTION)) == REPLY
    (sent,) = server.chats()
    assert sent["stream"] is True
    assert sent["messages"] == [
        {"role": "system", "content": "Be short."},
        {"role": "user", "content": "How often?"},
    ]


def test_pictures_go_inline_in_their_place_and_scaled_down(server: ChatServer) -> None:
    noise = Image.effect_noise((3000, 2000), 90).convert("RGB")
    drawing = Image.new("RGBA", (50, 10), (0, 0, 0, 0))
    list(model(server, "good").stream([Message("user", ("before", noise, "between", drawing, "after"))]))
    content = server.chats()[0]["messages"][0]["content"]
    assert [part["type"] for part in content] == ["text", "image_url", "text", "image_url", "text"]
    photo, line_art = (_decoded(content[i]["image_url"]["url"]) for i in (1, 3))
    assert (photo.format, max(photo.size)) == ("JPEG", LONGEST_SIDE)
    assert line_art.format == "PNG"
    assert line_art.convert("RGB").getpixel((2, 2)) == (255, 255, 255)


def test_an_option_that_the_model_refuses_is_left_out(server: ChatServer) -> None:
    llm = model(server, "picky")
    assert tuple(llm.stream(QUESTION)) == REPLY
    assert tuple(llm.stream(QUESTION)) == REPLY
    assert ["temperature" in chat for chat in server.chats()] == [True, False, False]


def test_thinking_is_left_out(server: ChatServer) -> None:
    assert "".join(model(server, "think").stream(QUESTION)) == "The answer [1]."


def test_a_wrong_key_is_refused_and_never_repeated(server: ChatServer, caplog: pytest.LogCaptureFixture) -> None:
    server.key = KEY
    wrong = "wrong-key-987654"
    with caplog.at_level(logging.DEBUG):
        came, error = failure(model(server, "good", llm_api_key=wrong))
    assert not came and isinstance(error, ModelRefused)
    assert "PAGESIGHT_LLM_API_KEY" in str(error)
    assert wrong not in str(error) and wrong not in caplog.text
    assert tuple(model(server, "good", llm_api_key=KEY).stream(QUESTION)) == REPLY


def test_an_unknown_model_is_answered_with_the_servers_models(server: ChatServer) -> None:
    _, error = failure(model(server, "nosuch"))
    assert isinstance(error, ModelRefused)
    assert "'nosuch'" in str(error) and "blind, good, sighted" in str(error)


def test_a_wrong_path_is_named(server: ChatServer) -> None:
    _, error = failure(model(server, "good", llm_base_url=server.url.removesuffix("/v1")))
    assert isinstance(error, ModelRefused)
    assert "PAGESIGHT_LLM_BASE_URL" in str(error) and "/v1" in str(error)


def test_no_server_is_unreachable() -> None:
    url = f"http://user:hidden@127.0.0.1:{free_port()}/v1"
    _, error = failure(OpenAICompatible(Settings(llm_model="good", llm_base_url=url)))
    assert isinstance(error, ModelUnreachable)
    assert "127.0.0.1" in str(error) and "hidden" not in str(error)


@pytest.mark.parametrize(
    ("name", "came", "kind", "words"),
    [
        ("early", [REPLY[0]], ModelCutShort, "ended before it was complete"),
        ("broken", ["Half"], ModelCutShort, "CUDA out of memory"),
        ("dropped", list(REPLY), ModelCutShort, "broke while it answered"),
        ("torn", [], ModelCutShort, "its reply ended early"),
        ("long", ["It begins [1]"], ModelTooLong, "length limit"),
        ("empty", [], ModelCutShort, "answered nothing"),
        ("html", [], ModelRefused, "most end in /v1"),
        ("overloaded", [], ModelRefused, "quota"),
        ("crash", [], ModelUnreachable, "loading model"),
        ("unsaid", [], ModelRefused, "maximum context length is 2048 tokens"),
        ("hangs_up", [], ModelRefused, "maximum context length is 2048 tokens"),
        ("refusing200", [], ModelRefused, "no such adapter"),
        ("nested", [], ModelCutShort, "no valid chat completion"),
        ("pondering", [], ModelCutShort, "only its thoughts"),
    ],
)
def test_failures_keep_what_came_and_say_what_to_do(
    server: ChatServer, name: str, came: list[str], kind: type[ModelError], words: str
) -> None:
    received, error = failure(model(server, name))
    assert received == came
    assert type(error) is kind
    assert words in str(error)
    assert "\n" not in str(error)


def test_a_server_that_falls_silent_is_not_waited_for(server: ChatServer) -> None:
    came, error = failure(model(server, "slow", llm_timeout=2.0))
    assert came == ["Wait"] and type(error) is ModelTimeout
    assert "sent nothing for 2 s" in str(error) and "PAGESIGHT_LLM_TIMEOUT" in str(error)


@pytest.mark.parametrize("name", ["onepiece", "mute"])
def test_a_reply_in_one_piece_is_a_reply(server: ChatServer, name: str) -> None:
    assert "".join(model(server, name).stream(QUESTION)) == "".join(REPLY)
    assert len(server.chats()) == (1 if name == "onepiece" else 2)


def test_content_in_parts_is_joined_without_its_thoughts(server: ChatServer) -> None:
    assert "".join(model(server, "parts").stream(QUESTION)) == "The answer [1]."


def test_a_reply_of_blanks_is_no_answer(server: ChatServer) -> None:
    came, error = failure(model(server, "blanks"))
    assert not "".join(came).strip() and "wrote no answer" in str(error)


def test_a_reply_that_goes_on_and_on_is_ended(server: ChatServer, monkeypatch: pytest.MonkeyPatch) -> None:
    came, error = failure(model(server, "rambling"))
    assert len("".join(came)) == LONGEST_REPLY and "without coming to an end" in str(error)
    monkeypatch.setattr("rag.llm.openai_compatible.MOST_LIMITS", 0.005)  # 0.3 s
    _, error = failure(model(server, "endless"))
    assert "PAGESIGHT_LLM_TIMEOUT" in str(error) and isinstance(error, ModelCutShort)
    assert server.client_gone.wait(60)


def test_a_reply_that_repeats_itself_is_ended(server: ChatServer) -> None:
    came, error = failure(model(server, "loop"))
    assert "repeat itself" in str(error) and "".join(came).startswith("E6 E6")
    assert len("".join(came)) < LONGEST_REPLY / 10
    assert server.client_gone.wait(60)


@pytest.mark.parametrize("wait", ["110", "Fri, 31 Dec 2100 23:59:59 GMT", "1e9"])
def test_a_wait_longer_than_the_limit_is_told_at_once(
    server: ChatServer, monkeypatch: pytest.MonkeyPatch, wait: str
) -> None:
    slept: list[float] = []
    clock = SimpleNamespace(monotonic=time.monotonic, sleep=slept.append)  # of the client alone
    monkeypatch.setattr("rag.llm.openai_requests.time", clock)
    server.wait = wait
    _, error = failure(model(server, "waits", llm_timeout=20.0))
    assert isinstance(error, ModelRefused) and "it asks to wait" in str(error) and "slow down" in str(error)
    assert wait != "110" or "110 s" in str(error)
    assert len(server.chats()) == 1 and not slept


@pytest.mark.parametrize("wait", ["0.1", "later"])
def test_a_short_wait_is_waited(server: ChatServer, wait: str) -> None:
    server.wait = wait
    assert tuple(model(server, "waits", llm_timeout=20.0).stream(QUESTION)) == REPLY
    assert len(server.chats()) == 2


PROXIES = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "no_proxy", "NO_PROXY")


@pytest.fixture
def proxied(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", "http://user:hidden@127.0.0.1:9")


@pytest.mark.usefixtures("proxied")
def test_a_server_on_this_machine_is_reached_past_a_proxy(server: ChatServer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert tuple(model(server, "good").stream(QUESTION)) == REPLY
    server.native["/props"] = {"modalities": {"vision": True}}
    assert model(server, "good").describe().sees_pictures is True
    monkeypatch.setenv("all_proxy", "socks5://127.0.0.1:9")
    local = server.url.replace("127.0.0.1", "localhost")
    assert tuple(model(server, "good", llm_base_url=local).stream(QUESTION)) == REPLY


def test_llama_cpp_takes_any_name_for_its_one_model(server: ChatServer) -> None:
    assert "PAGESIGHT_LLM_MODEL" in model(server, "any").describe().problem
    server.native["/props"] = {"modalities": {"vision": False}, "default_generation_settings": {"n_ctx": 2048}}
    told = model(server, "any").describe()
    assert (told.problem, told.model_known, told.window) == ("", None, 2048)


@pytest.mark.usefixtures("proxied")
def test_a_proxy_in_the_way_is_named(server: ChatServer, monkeypatch: pytest.MonkeyPatch) -> None:
    _, error = failure(model(server, "good", llm_base_url="http://models.invalid:1234/v1"))
    assert isinstance(error, ModelUnreachable)
    assert "proxy http://127.0.0.1:9 of http_proxy" in str(error) and "no_proxy=models.invalid" in str(error)
    assert "hidden" not in str(error)
    monkeypatch.setenv("no_proxy", "models.invalid")
    _, error = failure(model(server, "good", llm_base_url="http://models.invalid:1234/v1"))
    assert "proxy" not in str(error)


def test_closing_the_stream_stops_the_server(server: ChatServer) -> None:
    stream = model(server, "endless").stream(QUESTION)
    assert next(stream) == "word "
    stream.close()  # type: ignore[attr-defined]
    assert server.client_gone.wait(60)


@pytest.mark.parametrize("sees", [True, False])
@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/props", lambda sees: {"modalities": {"vision": sees}}),
        ("/api/v1/models", lambda sees: {"models": [{"key": "x"}, {"key": "good", "capabilities": {"vision": sees}}]}),
        ("/api/show", lambda sees: {"capabilities": ["completion", *(["vision"] if sees else [])]}),
    ],
)
def test_sight_as_the_server_says_it(server: ChatServer, path: str, answer: object, sees: bool) -> None:
    server.native[path] = answer(sees)  # type: ignore[operator]
    assert model(server, "good").sees_pictures() is sees
    assert not server.chats()


@pytest.mark.parametrize(("name", "sees"), [("sighted", True), ("blind", False), ("picture500", False)])
def test_sight_is_probed_once_where_the_server_does_not_say(server: ChatServer, name: str, sees: bool) -> None:
    llm = model(server, name)
    assert [llm.sees_pictures(), llm.sees_pictures()] == [sees, sees]
    probes = [chat for chat in server.chats() if "image_url" in str(chat)]
    assert len({str(p["messages"]) for p in probes}) == 1
    assert len(probes) == (1 if name != "picture500" else 2)  # a 500 is tried twice


def test_an_unknown_model_is_no_blind_one(server: ChatServer) -> None:
    with pytest.raises(ModelRefused, match="nosuch"):
        model(server, "nosuch").sees_pictures()


def test_a_description_for_the_doctor(server: ChatServer) -> None:
    found = model(server, "blind").describe()
    assert (found.reachable, found.model_known, found.sees_pictures, found.problem) == (True, True, False, "")
    found = model(server, "nosuch").describe()
    assert (found.reachable, found.model_known) == (True, False) and "good" in found.problem
    server.key = KEY
    found = model(server, "good", llm_api_key="wrong").describe()
    assert found.reachable and "PAGESIGHT_LLM_API_KEY" in found.problem


def test_a_description_of_a_server_that_is_not_there(server: ChatServer) -> None:
    llm = model(server, "good", llm_base_url="http://127.0.0.1:9/v1")
    found = llm.describe()
    assert not found.reachable
    assert found.problem.startswith("Cannot reach the model server at http://127.0.0.1:9/v1")


def test_the_settings_choose_the_model(server: ChatServer) -> None:
    assert open_llm(Settings()) is None
    llm = open_llm(Settings(llm_model="good", llm_base_url=server.url))
    assert llm is not None and llm.name == "good"
    assert not server.requests


def _decoded(url: str) -> Image.Image:
    match = re.fullmatch(r"data:image/(?:png|jpeg);base64,(.+)", url)
    assert match
    return Image.open(io.BytesIO(base64.b64decode(match[1])))
