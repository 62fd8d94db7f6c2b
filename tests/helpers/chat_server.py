"""A real HTTP server that speaks the Chat Completions wire of OpenAI-compatible servers, misbehaving on demand.

The model named in a request says how the server behaves. Requests are kept for the test to look at.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from types import MappingProxyType
from typing import Any

from running import running

KEY = "secret-key-123"
MODELS = ("blind", "good", "sighted")
REPLY = ("The filter is ", "cleaned every 40 hours [", "1", "]. Unknown [7].")


class ChatServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, handler: type[Handler] | None = None, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), handler or Handler)
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self.headers_seen: list[dict[str, str]] = []
        self.native: dict[str, Any] = {}  # path to JSON, or what makes it, of endpoints outside the OpenAI interface
        self.key = ""  # required where set
        self.client_gone = threading.Event()
        self.reply: tuple[str, ...] = REPLY
        self.wait = "0"  # of a busy server, its Retry-After

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def chats(self) -> list[dict[str, Any]]:
        return [body for path, body in self.requests if path == "/v1/chat/completions"]


def serving() -> AbstractContextManager[ChatServer]:
    return running(ChatServer())


class Handler(BaseHTTPRequestHandler):
    server: ChatServer

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        self._note({})
        if self._refused():
            return
        if self.path == "/v1/models" and self.path not in self.server.native:
            self._json(200, {"object": "list", "data": [{"id": m, "object": "model"} for m in MODELS]})
        else:
            self._native()

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self._note(body)
        if self._refused():
            return
        if self.path != "/v1/chat/completions":
            self._native()
            return
        model = body["model"]
        if not hasattr(self, f"_{model}"):
            self._error(404, f"The model {model} does not exist")
        else:
            getattr(self, f"_{model}")(body)

    def _note(self, body: dict[str, Any]) -> None:
        self.server.requests.append((self.path, body))
        self.server.headers_seen.append({k.lower(): v for k, v in self.headers.items()})

    def _refused(self) -> bool:
        wrong = bool(self.server.key) and self.headers.get("authorization") != f"Bearer {self.server.key}"
        if wrong:
            self._error(401, f"Incorrect API key provided: {self.headers.get('authorization')}")
        return wrong

    def _native(self) -> None:
        if self.path in self.server.native:
            found = self.server.native[self.path]
            self._json(200, found() if callable(found) else found)
        else:
            self._error(404, "Not Found")

    def _good(self, body: dict[str, Any]) -> None:
        self._stream(self.server.reply, "stop")

    def _sighted(self, body: dict[str, Any]) -> None:
        """Counts the prompt: four characters a token, 300 tokens a picture."""
        self._stream(self.server.reply, "stop", prompt_tokens=counted(body))

    def _blind(self, body: dict[str, Any]) -> None:
        if _has_picture(body):
            self._error(400, "image input is not supported")
        else:
            self._good(body)

    def _picky(self, body: dict[str, Any]) -> None:
        if "temperature" in body:
            self._error(400, "Unsupported value: 'temperature' does not support 0.1 with this model.")
        else:
            self._good(body)

    def _picture500(self, body: dict[str, Any]) -> None:
        self._error(500, "image input is not supported - hint: you may need to provide the mmproj")

    def _slow(self, body: dict[str, Any]) -> None:
        """Silent after its first word, for as long as somebody waits."""
        self._stream(("Wait",), None, end=False)
        self.rfile.read(1)

    def _early(self, body: dict[str, Any]) -> None:
        self._stream(self.server.reply[:1], None, end=False)

    def _dropped(self, body: dict[str, Any]) -> None:
        """Killed in the middle of a chunk: the connection breaks without its last one."""
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for piece in self.server.reply:
            event = _event(piece, None)
            self._write(f"{len(event):x}\r\n".encode() + event + b"\r\n")
        self._write(b"ffff\r\ndata: {")
        self.close_connection = True

    def _broken(self, body: dict[str, Any]) -> None:
        self._stream(("Half",), None, end=False)
        self._write(b'data: {"error": {"message": "CUDA out of memory", "code": 500}}\n\n')

    def _html(self, body: dict[str, Any]) -> None:
        self._answer(200, "text/html", b"<html>Open WebUI</html>")

    def _empty(self, body: dict[str, Any]) -> None:
        self._stream((), "stop")

    def _long(self, body: dict[str, Any]) -> None:
        self._stream(("It begins [1]",), "length")

    def _think(self, body: dict[str, Any]) -> None:
        self._stream(("<th", "ink>E41? no, [9]", "</thi", "nk>\n\nThe ", "answer [1]."), "stop")

    def _overloaded(self, body: dict[str, Any]) -> None:
        self._error(429, "You exceeded your current quota")

    def _crash(self, body: dict[str, Any]) -> None:
        self._error(503, "loading model")

    def _waits(self, body: dict[str, Any]) -> None:
        """Busy the first time; says when to ask again."""
        if len(self.server.chats()) == 1:
            self._json(429, {"error": {"message": "slow down"}}, {"retry-after": self.server.wait})
        else:
            self._good(body)

    def _parts(self, body: dict[str, Any]) -> None:
        thought = {"type": "thinking", "thinking": [{"type": "text", "text": "E41? no"}]}
        said = [[thought], [{"type": "text", "text": "The answer "}], [{"type": "text", "text": "[1]"}]]
        self._stream((*said, "."), "stop")

    def _onepiece(self, body: dict[str, Any]) -> None:
        message = {"role": "assistant", "content": "".join(self.server.reply)}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        self._json(200, {"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]})

    def _unsaid(self, body: dict[str, Any]) -> None:
        """An empty stream; without streaming the reason."""
        if body["stream"]:
            self._answer(200, "text/event-stream", b"data: [DONE]\n\n")
        else:
            self._error(400, "This model's maximum context length is 2048 tokens")

    def _hangs_up(self, body: dict[str, Any]) -> None:
        """A connection that breaks; without streaming the reason."""
        if body["stream"]:
            self.close_connection = True
        else:
            self._error(400, "This model's maximum context length is 2048 tokens")

    def _torn(self, body: dict[str, Any]) -> None:
        """Killed as it begins to reply, streaming or not."""
        self.send_response(200)
        self.send_header("content-type", "text/event-stream" if body["stream"] else "application/json")
        self.send_header("content-length", "1000")
        self.end_headers()
        self._write(b": begins\n\n" if body["stream"] else b'{"choices": [')
        self.close_connection = True

    def _mute(self, body: dict[str, Any]) -> None:
        if body["stream"]:
            self._answer(200, "text/event-stream", b"data: [DONE]\n\n")
        else:
            self._onepiece(body)

    def _refusing200(self, body: dict[str, Any]) -> None:
        self._json(200, {"error": {"message": "no such adapter"}})

    def _blanks(self, body: dict[str, Any]) -> None:
        self._stream((" ", "\n", "  "), "stop")

    def _pondering(self, body: dict[str, Any]) -> None:
        self._stream(("<think>What", " is E41?", " I do not"), "stop")

    def _nested(self, body: dict[str, Any]) -> None:
        self._answer(200, "application/json", b"[" * 200_000)

    def _loop(self, body: dict[str, Any]) -> None:
        self._flood("E6 E6 E6 " for _ in range(100_000))

    def _rambling(self, body: dict[str, Any]) -> None:
        self._flood(f"and error E{number} is another one, " for number in range(100_000))

    def _torrent(self, body: dict[str, Any]) -> None:
        """A reply in one piece that never ends."""
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.end_headers()
        with suppress(ConnectionError):
            while True:
                self._write(b" " * 65_536)

    def _flood(self, pieces: Iterable[str]) -> None:
        """A reply that nobody will read to its end."""
        with suppress(ConnectionError):
            self._stream(tuple(pieces), "stop")
        self.server.client_gone.set()

    def _endless(self, body: dict[str, Any]) -> None:
        self._stream((), None, end=False)
        try:
            for number in count():
                self._write(_event(f"word {number or ''} ".replace("  ", " "), None))
                time.sleep(0.01)
        except OSError:
            self.server.client_gone.set()

    def _stream(self, pieces: tuple[Any, ...], finish: str | None, end: bool = True, prompt_tokens: int = 0) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        for piece in pieces:
            self._write(_event(piece, None))
        if end:
            usage = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": []}
            if prompt_tokens:
                usage["usage"] = {
                    "prompt_tokens": prompt_tokens,
                    "completion_tokens": 9,
                    "total_tokens": prompt_tokens + 9,
                }
            self._write(_event("", finish) + f"data: {json.dumps(usage)}\n\ndata: [DONE]\n\n".encode())
        self.close_connection = True

    def _write(self, data: bytes) -> None:
        self.wfile.write(data)
        self.wfile.flush()

    def _error(self, status: int, message: str) -> None:
        self._json(status, {"error": {"message": message, "type": "invalid_request_error", "code": None}})

    def _json(self, status: int, body: dict[str, Any], headers: Mapping[str, str] = MappingProxyType({})) -> None:
        self._answer(status, "application/json", json.dumps(body).encode(), headers)

    def _answer(self, status: int, kind: str, data: bytes, headers: Mapping[str, str] = MappingProxyType({})) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


def _event(text: Any, finish: str | None) -> bytes:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
    chunk = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return f"data: {json.dumps(chunk)}\n\n".encode()


def counted(body: dict[str, Any], per_picture: int = 300) -> int:
    """Tokens of a request's prompt: four characters a token, and as many as given for each picture."""
    parts = [part for message in body["messages"] for part in _parts(message["content"])]
    pictures = [part["type"] for part in parts].count("image_url")
    words = sum(len(str(part.get("text", ""))) for part in parts)
    return words // 4 + pictures * per_picture


def _parts(content: Any) -> list[dict[str, Any]]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def _has_picture(body: dict[str, Any]) -> bool:
    return "image_url" in json.dumps(body["messages"])
