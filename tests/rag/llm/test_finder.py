"""Model servers found on this machine, over real HTTP."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest
from chat_server import ChatServer, serving

from rag.errors import BadSettings
from rag.llm.addresses import checked, server_of
from rag.llm.finder import ModelServer, Offered, find_servers, models_at


@pytest.fixture
def servers() -> Iterator[list[ChatServer]]:
    with ExitStack() as stack:
        yield [stack.enter_context(serving()) for _ in range(5)]


def listing(*names: str, **more: Any) -> dict[str, Any]:
    return {"object": "list", "data": [{"id": name, "object": "model", **more} for name in names]}


def test_each_kind_of_server_is_found_with_its_models(servers: list[ChatServer]) -> None:
    ollama, studio, llama, vllm, web = servers
    ollama.native = {
        "/v1/models": listing("qwen"),
        "/api/show": {"capabilities": ["completion", "vision"]},
        "/api/ps": {"models": [{"name": "qwen", "context_length": 16384}]},
    }
    known = [
        {"key": "gemma", "capabilities": {"vision": True}, "loaded_instances": [{"config": {"context_length": 8192}}]},
        {"key": "nomic", "type": "embedding"},
    ]
    studio.native = {"/v1/models": listing("gemma", "nomic"), "/api/v1/models": {"models": known}}
    llama.native = {
        "/v1/models": listing("local"),
        "/props": {"modalities": {"vision": False}, "default_generation_settings": {"n_ctx": 4096}},
    }
    vllm.native = {"/v1/models": listing("big", owned_by="vllm", max_model_len=32768)}
    web.native = {"/v1/models": {"hello": "world"}}
    with closing(socket.socket()) as shut:
        shut.bind(("127.0.0.1", 0))
        ports = {port_of(ollama): "Ollama", port_of(studio): "LM Studio", port_of(llama): "llama.cpp"}
        ports |= {port_of(vllm): "vLLM", port_of(web): "?", shut.getsockname()[1]: "?"}
        found = find_servers(ports, seconds=30.0)
    assert found == [
        ModelServer("Ollama", ollama.url, (Offered("qwen", True, 16384),)),
        ModelServer("LM Studio", studio.url, (Offered("gemma", True, 8192),)),
        ModelServer("llama.cpp", llama.url, (Offered("local", False, 4096),)),
        ModelServer("vLLM", vllm.url, (Offered("big", None, 32768),)),
    ]


def test_one_that_never_answers_is_left_out() -> None:
    with closing(socket.socket()) as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        assert find_servers({mute.getsockname()[1]: "?"}, seconds=0.3) == []


def test_a_server_that_wants_a_key_says_so_and_takes_it(servers: list[ChatServer]) -> None:
    server = servers[0]
    server.key, server.native = "k-1", {"/v1/models": listing("good")}
    assert "wants a key" in find_servers({port_of(server): "vLLM"}, seconds=30.0)[0].problem
    assert "refused the key" in models_at(server.url, "wrong").problem
    assert [model.name for model in models_at(server.url, "k-1").models] == ["good"]


def test_what_is_no_model_server_is_said(servers: list[ChatServer]) -> None:
    server = servers[0]
    server.native = {"/v1/models": {"hello": "world"}}
    assert "not as a model server" in models_at(server.url).problem
    server.native = {"/v1/models": listing()}
    assert "no model that writes" in models_at(server.url).problem
    assert "lists no models (status 404)" in models_at(server.url.removesuffix("/v1")).problem
    with closing(socket.socket()) as shut:
        shut.bind(("127.0.0.1", 0))
        assert "Nothing answers" in models_at(f"http://127.0.0.1:{shut.getsockname()[1]}/v1").problem


@pytest.mark.parametrize("name", [7, "", None, "x" * 1000, {"a": 1}])
def test_a_hostile_list_of_models_gives_only_names(servers: list[ChatServer], name: Any) -> None:
    servers[0].native = {"/v1/models": {"data": [{"id": name}, 3, {"id": "<img src=x>"}]}}
    assert [model.name for model in models_at(servers[0].url).models] == ["<img src=x>"]


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("127.0.0.1:11434", "http://127.0.0.1:11434/v1"),
        ("http://localhost:1234/", "http://localhost:1234/v1"),
        (" http://127.0.0.1:8000/v1/ ", "http://127.0.0.1:8000/v1"),
        ("http://127.0.0.1/openai/v1", "http://127.0.0.1/openai/v1"),
        ("http://[::1]:8080", "http://[::1]:8080/v1"),
    ],
)
def test_a_typed_address_is_made_whole(typed: str, url: str) -> None:
    assert checked(typed) == url


@pytest.mark.parametrize(
    "typed",
    [
        "", "http://", "file:///etc/passwd", "ftp://127.0.0.1/v1", "gopher://127.0.0.1", "javascript:alert(1)",
        "http://user:pass@127.0.0.1/v1", "http://127.0.0.1:99999", "http://127.0.0.1/v1?x=1", "http://127.0.0.1/v1#x",
        "http://169.254.169.254/latest", "http://[fe80::1]/v1", "http://[::ffff:169.254.169.254]/", "http://0.0.0.0:80",
        "http://224.0.0.1/v1", "http://2852039166/", "http://0xa9fea9fe/", "http://127.0.0.1\n.example/v1",
        "http://no-such-host.invalid/v1", "http://" + "a" * 600,
    ],
)  # fmt: skip
def test_an_address_that_can_be_no_model_server_is_refused(typed: str) -> None:
    with pytest.raises(BadSettings):
        checked(typed)


def test_a_server_is_scheme_host_and_port() -> None:
    assert server_of("https://Example.com/v1") == server_of("https://example.com:443/other")
    assert server_of("http://127.0.0.1:1/v1") != server_of("http://127.0.0.1:2/v1")
    assert server_of("http://example.com/v1") != server_of("https://example.com/v1")


def port_of(server: ChatServer) -> int:
    return int(server.server_address[1])
