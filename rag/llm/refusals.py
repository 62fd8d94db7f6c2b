"""What a server's words of refusal are about: the key, the model's name, the prompt's length, the pictures.

Every server has words of its own, and few have codes that can be relied on:

    "request (4476 tokens) exceeds the available context size (4096 tokens), try increasing it"     llama.cpp
    "This model's maximum context length is 4096 tokens. However, you requested 9310 tokens"        vLLM, OpenAI
    "… the model is loaded with context length of only 4096 tokens, which is not enough"            LM Studio
    "At most 1 image(s) may be provided in one request"                                             vLLM
    "image input is not supported - hint: … you may need to provide the mmproj"                     llama.cpp
"""

from __future__ import annotations

import re
from typing import Any, Literal, NamedTuple

from rag.errors import TooMuch
from rag.llm.chat_format import field

Subject = Literal["key", "model", "busy", "too much", "failed", "other"]

_NO_MODEL = re.compile(r"model\b.{0,80}\b(?:not|unknown|invalid|exist)|(?:unknown|invalid|no such) model", re.I)
_PICTURES = re.compile(r"image|picture|pixel|vision|multi-?modal|mmproj|modalit", re.IGNORECASE)
_BLIND = re.compile(
    r"mmproj|(?:not|n't) (?:support|accept|allow|handle|take|have)\w* .{0,40}(?:image|vision|multi-?modal|modalit)|"
    r"(?:image|vision|multi-?modal|modalit)[\w ]{0,30}(?:not (?:supported|enabled|available|allowed)|unsupported)|"
    r"only (?:supports? |accepts? )?text|text[- ]only",
    re.IGNORECASE,
)
_LENGTH = re.compile(
    r"context|n_ctx|(?:prompt|input|request)\b.{0,30}\btoo (?:long|large)|too many (?:\w+ )?tokens|max_model_len|"
    r"(?:exceed|longer than).{0,60}tokens|token limit",
    re.IGNORECASE,
)
_WINDOW = re.compile(r"(?:context[ _](?:length|size|window)|n_ctx|max_model_len)\D{0,30}?(\d[\d,]{2,9})", re.IGNORECASE)
_MOST_PICTURES = re.compile(
    r"(?:at most|up to|maximum (?:of )?|limit(?:ed)? (?:of|to|is) )\s*(\d{1,3})\s*(?:image|picture)", re.IGNORECASE
)
_LEAST_WINDOW = 256  # tokens; a smaller number is no window
_BY_STATUS: dict[int | None, Subject] = {401: "key", 403: "key", 404: "model", 429: "busy"}
_NOT_TAKEN = (400, 413, 415, 422)  # a request of that kind will never be taken


class Refusal(NamedTuple):
    """What a refusal is about. ``named``: its words name pictures."""

    subject: Subject
    too_much: TooMuch | None = None
    named: bool = False


def read_refusal(status: int | None, words: str, body: Any, model: str, pictures: bool) -> Refusal:
    """``status``: of HTTP, None for an error inside a stream; ``words``: the server's; ``body``: its JSON, if any;
    ``pictures``: whether the request had some."""
    plain = words.replace(model, "")  # a model may be called "…-vision"
    if status in _BY_STATUS:
        return Refusal(_BY_STATUS[status])
    if (status in (*_NOT_TAKEN, 500, None) and _LENGTH.search(plain)) or (status == 413 and not pictures):
        return Refusal("too much", TooMuch("tokens", _window(plain, body)))
    named = bool(_PICTURES.search(plain))
    no_model = status == 400 and bool(_NO_MODEL.search(words))
    if pictures and (named or (status in (*_NOT_TAKEN, 500) and not no_model)):
        most = _MOST_PICTURES.search(plain)
        certain, blind = named or status in _NOT_TAKEN, bool(_BLIND.search(plain))
        return Refusal("too much", TooMuch("pictures", int(most[1]) if most else None, certain, blind), named)
    if no_model:
        return Refusal("model")
    return Refusal("failed" if status is not None and status >= 500 else "other")


def _window(words: str, body: Any) -> int | None:
    given, said = field(body, "n_ctx"), _WINDOW.search(words)
    window = given if isinstance(given, int) else int(said[1].replace(",", "")) if said else 0
    return window if window >= _LEAST_WINDOW else None
