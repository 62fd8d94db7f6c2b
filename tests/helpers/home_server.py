"""A strict model server as people run it at home: a window, limits of pictures, options it knows, thoughts.

What it does is set by a :class:`Home`; requests are kept for the test to look at. Its words are those of real servers.
"""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from chat_server import ChatServer, Handler, counted
from PIL import Image
from running import running

NAME = "home"
ANSWER = "The pump is blocked [1]."
KNOWN = frozenset({"model", "messages", "stream"})
OPTIONS = frozenset({"temperature", "max_tokens", "stream_options", "reasoning_effort", "chat_template_kwargs"})
LLAMA_CPP = "request ({sent} tokens) exceeds the available context size ({window} tokens), try increasing it"
VLLM = "This model's maximum context length is {window} tokens. However, you requested {sent} tokens in the messages."
LM_STUDIO = "Trying to keep the first {sent} tokens. The model is loaded with context length of only {window} tokens."
MUTE = "the prompt is too long"


@dataclass
class Home:
    """How the server behaves. ``sight``: "counts" pictures as tokens, "reads" them with ``read``, "drops" them, "loses"
    a message that has one, "refuses", takes their characters for "words"; ``thinks``: where thoughts come
    ("reasoning_content", "reasoning", "inline", "unopened", "alone"), unless an option of ``obeys`` is sent."""

    window: int = 1_000_000
    too_long: str = LLAMA_CPP
    cuts: bool = False
    sight: str = "counts"
    read: Callable[[Image.Image], str] = lambda picture: ""
    most_pictures: int = 100
    longest_side: int = 10_000
    failure: tuple[int, str] = (400, "At most {most} image(s) may be provided in one request.")
    options: frozenset[str] = OPTIONS
    names_options: bool = True
    thinks: str = ""
    obeys: frozenset[str] = frozenset()
    answer: str = ANSWER
    counts_in_streams: bool = True


class HomeServer(ChatServer):
    """``home`` may be changed between requests."""

    def __init__(self, home: Home) -> None:
        super().__init__(_Handler)
        self.home = home

    def pictures(self) -> list[list[Image.Image]]:
        """Of each request, those that were sent."""
        return [pictures_of(body) for body in self.chats()]


def serving_home(home: Home) -> AbstractContextManager[HomeServer]:
    return running(HomeServer(home))


def pictures_of(body: dict[str, Any]) -> list[Image.Image]:
    parts = [
        part for message in body["messages"] if isinstance(message["content"], list) for part in message["content"]
    ]
    urls = [part["image_url"]["url"] for part in parts if part["type"] == "image_url"]
    return [Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))) for url in urls]


class _Handler(Handler):
    server: HomeServer

    def _home(self, body: dict[str, Any]) -> None:
        home, pictures = self.server.home, pictures_of(body)
        unknown = sorted(set(body) - KNOWN - home.options)
        if unknown:
            named = f"Unsupported parameter: '{unknown[0]}'" if home.names_options else "Extra inputs are not permitted"
            self._error(400, named)
        elif home.sight == "refuses" and pictures:
            self._error(500, "image input is not supported - hint: you may need to provide the mmproj")
        elif len(pictures) > home.most_pictures or any(max(p.size) > home.longest_side for p in pictures):
            self._error(home.failure[0], home.failure[1].format(most=home.most_pictures))
        elif self._sent(body) > home.window and not home.cuts:
            words = home.too_long.format(sent=self._sent(body), window=home.window)
            self._error(400, words)
        else:
            self._replied(body, pictures)

    def _sent(self, body: dict[str, Any]) -> int:
        """Tokens as this server counts them: what it drops, it does not count."""
        home = self.server.home
        if home.sight == "loses":
            kept = [message for message in body["messages"] if isinstance(message["content"], str)]
            return counted({"messages": kept}) + 8
        per_picture = {"counts": 300, "reads": 300, "words": 6000}.get(home.sight, 0)
        return counted(body, per_picture)

    def _replied(self, body: dict[str, Any], pictures: list[Image.Image]) -> None:
        home = self.server.home
        words = home.read(pictures[0]) if home.sight == "reads" and pictures else home.answer
        off = body.get("chat_template_kwargs") == {"enable_thinking": False}, body.get("reasoning_effort") == "none"
        told = {name for name, said in zip(("chat_template_kwargs", "reasoning_effort"), off, strict=True) if said}
        deltas: list[dict[str, Any]] = []
        if home.thinks and not told & home.obeys:
            deltas = _thoughts(home.thinks)
        if home.thinks != "alone" or told & home.obeys:
            deltas += [{"content": words[:7]}, {"content": words[7:]}]
        self._say(body, deltas, min(self._sent(body), home.window))

    def _say(self, body: dict[str, Any], deltas: list[dict[str, Any]], tokens: int) -> None:
        usage = {"prompt_tokens": tokens, "completion_tokens": 9, "total_tokens": tokens + 9}
        if not body.get("stream"):
            message = {"role": "assistant", "content": "".join(d.get("content", "") for d in deltas)}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            self._json(200, {"object": "chat.completion", "choices": [choice], "usage": usage})
            return
        chunks: list[dict[str, Any]] = [{"choices": [{"index": 0, "delta": d, "finish_reason": None}]} for d in deltas]
        chunks.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        if self.server.home.counts_in_streams and body.get("stream_options", {}).get("include_usage"):
            chunks.append({"choices": [], "usage": usage})
        events = [f"data: {json.dumps({'object': 'chat.completion.chunk', **chunk})}\n\n" for chunk in chunks]
        self._answer(200, "text/event-stream", "".join([*events, "data: [DONE]\n\n"]).encode())


def _thoughts(where: str) -> list[dict[str, Any]]:
    thoughts = ["The user asks ", "for the pump. [9]"]
    if where == "unopened":
        return [{"content": thoughts[0]}, {"content": f"{thoughts[1]}</thi"}, {"content": "nk>\n\n"}]
    if where == "inline":
        return [{"content": f"<think>{thoughts[0]}"}, {"content": f"{thoughts[1]}</think>\n\n"}]
    name = "reasoning" if where == "reasoning" else "reasoning_content"
    return [{name: thought} for thought in thoughts]
