"""A vision model behind an OpenAI-compatible server: OpenAI, Ollama, vLLM, llama.cpp, LM Studio, OpenRouter, …

Enters: Messages. Leaves: the reply in pieces; the SDK's and the network's errors as :class:`rag.errors.ModelError`.
Must not know: evidence, citations, the index. The only importer of ``openai`` (it brings ``httpx2``). The key leaves
this module in the request's header only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any, NamedTuple, cast

import httpx2 as httpx
import openai
from PIL import Image

from rag.config import Settings
from rag.errors import ModelCutShort, ModelError, ModelRefused, ModelTimeout, ModelUnreachable
from rag.llm.base import Message
from rag.llm.pictures import data_url
from rag.llm.server import says_vision

CONNECT_SECONDS = 3.0
RETRIES = 1
TEMPERATURE = 0.1
"""Low, for answers that stay with the evidence. Left out where the model allows no other than its own."""

_FOREIGN = (openai.OpenAIError, httpx.HTTPError, json.JSONDecodeError)
_NO_PICTURES = (400, 415, 422)
_NAMES_PICTURES = re.compile(r"image|vision|multimodal|mmproj|modalit", re.IGNORECASE)
_NAMES_MODEL = re.compile(r"model\b.{0,80}\b(?:not|unknown|invalid|exist)|(?:unknown|invalid|no such) model", re.I)
_THINKING = re.compile(r"\s*<think(?:ing)?>.*?</think(?:ing)?>\s*", re.DOTALL)
_LISTED = 12  # model names in a message


class Description(NamedTuple):
    """What ``doctor`` shows about the endpoint. ``problem`` is empty where all is well."""

    url: str
    model: str
    reachable: bool
    model_known: bool | None
    sees_pictures: bool | None
    models: tuple[str, ...]
    problem: str


class OpenAICompatible:
    """One model on one server. Opening it asks nothing of the network."""

    def __init__(self, settings: Settings) -> None:
        self.name = settings.llm_model
        self.url = _without_secrets(settings.llm_base_url)
        self._base_url = settings.llm_base_url
        self._key = settings.llm_api_key
        self._seconds = settings.llm_timeout
        self._options: dict[str, Any] = {"temperature": TEMPERATURE}
        self._sees: bool | None = None
        self._client = openai.OpenAI(
            base_url=settings.llm_base_url,
            api_key=settings.llm_api_key or "not-needed",
            timeout=httpx.Timeout(settings.llm_timeout, connect=CONNECT_SECONDS),
            max_retries=RETRIES,
        )

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """Pieces of the reply. Raises :class:`ModelError`; closing the iterator ends the HTTP stream."""
        body = [_wire(message) for message in messages]
        with self._translated():
            reply = self._open(body)
        with closing(reply), self._translated():
            yield from _without_thinking(self._pieces(reply))

    def sees_pictures(self) -> bool:
        """What the server says, else one tiny picture is sent, once. Raises :class:`ModelError`."""
        if self._sees is None:
            said = says_vision(self._base_url, self.name, self._headers())
            self._sees = self._probe() if said is None else said
        return self._sees

    def describe(self) -> Description:
        """Look at the endpoint without raising: reachable, model known, sees pictures."""
        try:
            with self._translated():
                models = self._models()
        except ModelRefused as exc:
            return Description(self.url, self.name, True, None, None, (), str(exc))
        except ModelError as exc:
            return Description(self.url, self.name, False, None, None, (), str(exc))
        known = self.name in models or f"{self.name}:latest" in models if models else None
        if known is False:
            return Description(self.url, self.name, True, False, None, models, self._unknown_model(models))
        try:
            return Description(self.url, self.name, True, known, self.sees_pictures(), models, "")
        except ModelError as exc:
            return Description(self.url, self.name, True, known, None, models, str(exc))

    def _open(self, body: list[dict[str, Any]]) -> openai.Stream[Any]:
        while True:
            try:
                return cast(
                    "openai.Stream[Any]",
                    self._client.chat.completions.create(
                        model=self.name, messages=cast(Any, body), stream=True, **self._options
                    ),
                )
            except openai.BadRequestError as exc:
                rejected = [name for name in self._options if name in str(exc)]
                if not rejected:
                    raise
                self._options = {k: v for k, v in self._options.items() if k not in rejected}

    def _pieces(self, reply: openai.Stream[Any]) -> Iterator[str]:
        finish, came = None, False
        for chunk in reply:
            for choice in chunk.choices or ():
                finish = choice.finish_reason or finish
                piece = choice.delta.content if choice.delta else None
                if piece:
                    came = True
                    yield piece
        self._check_end(finish, came)

    def _check_end(self, finish: str | None, came: bool) -> None:
        if finish is None and not came:
            raise ModelRefused(
                f"{self.url} did not answer with a chat completion; check PAGESIGHT_LLM_BASE_URL (most end in /v1)"
            )
        if finish is None:
            raise ModelCutShort(f"The reply of {self.name} at {self.url} ended before it was complete; ask again")
        if finish == "length":
            raise ModelCutShort(f"{self.name} reached its length limit; raise the server's token limit or ask for less")
        if finish == "content_filter":
            raise ModelCutShort(f"The content filter of {self.name} stopped the reply; ask in other words")
        if not came:
            raise ModelCutShort(f"{self.name} at {self.url} answered nothing; ask again or choose another model")

    def _probe(self) -> bool:
        message = Message("user", (Image.new("RGB", (64, 64), "white"), "Reply with: ok"))
        try:
            with closing(self._open([_wire(message)])) as reply:
                next(iter(reply), None)
            return True
        except openai.APIStatusError as exc:
            words = _said(exc)
            if exc.status_code in _NO_PICTURES and not _NAMES_MODEL.search(words):
                return False
            if exc.status_code >= 500 and _NAMES_PICTURES.search(words):
                return False
            raise self._error(exc) from exc
        except openai.OpenAIError as exc:
            if isinstance(exc, openai.APIError) and _NAMES_PICTURES.search(str(exc)):
                return False
            raise self._error(exc) from exc

    def _models(self) -> tuple[str, ...]:
        return tuple(sorted(m.id for m in self._client.with_options(max_retries=0, timeout=8.0).models.list()))

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._key}"} if self._key else {}

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Errors of the SDK and of the network as ours, once, here."""
        try:
            yield
        except _FOREIGN as exc:
            raise self._error(exc) from exc

    def _error(self, exc: Exception) -> ModelError:
        if isinstance(exc, openai.APITimeoutError | httpx.TimeoutException):
            if isinstance(exc.__cause__ or exc, httpx.ConnectTimeout):
                return self._unreachable(f"no connection within {CONNECT_SECONDS:g} s")
            return ModelTimeout(
                f"{self.name} at {self.url} sent nothing for {self._seconds:g} s; try again, a smaller model, "
                "or a larger PAGESIGHT_LLM_TIMEOUT"
            )
        if isinstance(exc, openai.APIStatusError):
            return self._refusal(exc)
        if isinstance(exc, openai.APIConnectionError | httpx.TransportError):
            return self._unreachable(self._clean(str(exc.__cause__ or exc)))
        if isinstance(exc, json.JSONDecodeError):
            return ModelCutShort(f"{self.url} sent no valid chat completion; check PAGESIGHT_LLM_BASE_URL")
        return ModelCutShort(f"{self.name} at {self.url} broke off: {self._clean(str(exc))}")

    def _unreachable(self, why: str) -> ModelUnreachable:
        return ModelUnreachable(
            f"Cannot reach the model server at {self.url} ({why}); start it, or check PAGESIGHT_LLM_BASE_URL"
        )

    def _refusal(self, exc: openai.APIStatusError) -> ModelError:
        words, status = self._clean(_said(exc)), exc.status_code
        if status in (401, 403):
            return ModelRefused(f"{self.url} refused the API key ({status}: {words}); set PAGESIGHT_LLM_API_KEY")
        if status == 404 or (status == 400 and _NAMES_MODEL.search(words)):
            return ModelRefused(self._not_found(words))
        if status == 429:
            return ModelRefused(f"{self.url} allows no more requests now ({words}); wait, or check your quota there")
        if status >= 500:
            return ModelUnreachable(f"The server at {self.url} failed ({status}: {words}); see its log and try again")
        if status == 413 or "context" in words.lower():
            return ModelRefused(
                f"The question with its evidence is too long for {self.name} ({words}); lower PAGESIGHT_LLM_TOKENS "
                "or PAGESIGHT_LLM_PICTURES"
            )
        return ModelRefused(f"{self.name} at {self.url} refused the request ({status}: {words})")

    def _not_found(self, words: str) -> str:
        try:
            models = self._models()
        except _FOREIGN:
            models = ()
        if models:
            return self._unknown_model(models)
        return (
            f"{self.url} knows no model {self.name!r} or no chat completions ({words}); check PAGESIGHT_LLM_MODEL and "
            "PAGESIGHT_LLM_BASE_URL (most end in /v1)"
        )

    def _unknown_model(self, models: Sequence[str]) -> str:
        more = f" and {len(models) - _LISTED} more" if len(models) > _LISTED else ""
        listed = ", ".join(models[:_LISTED]) + more
        return f"{self.url} has no model {self.name!r}; set PAGESIGHT_LLM_MODEL to one of its models: {listed}"

    def _clean(self, words: str) -> str:
        """A server's own words on one line, without the key that some of them echo."""
        if self._key:
            words = words.replace(self._key, "…")
        return re.sub(r"\bsk-[\w*-]+", "…", " ".join(words.split()))[:300] or "no reason given"


def _wire(message: Message) -> dict[str, Any]:
    if all(isinstance(part, str) for part in message.parts):
        return {"role": message.role, "content": "".join(cast("tuple[str, ...]", message.parts))}
    content = [
        {"type": "text", "text": part}
        if isinstance(part, str)
        else {"type": "image_url", "image_url": {"url": data_url(part)}}
        for part in message.parts
    ]
    return {"role": message.role, "content": content}


def _without_thinking(pieces: Iterator[str]) -> Iterator[str]:
    """Leave out a ``<think>…</think>`` block at the start, which some servers pass through."""
    held = ""
    for piece in pieces:
        held += piece
        start = held.lstrip()[:9]
        if "<thinking>".startswith(start) or (start.startswith("<think") and "</think" not in held):
            continue
        if start.startswith("<think") and not _THINKING.match(held):
            continue
        yield _THINKING.sub("", held, count=1) if start.startswith("<think") else held
        break
    else:
        if held and not held.lstrip().startswith("<think"):
            yield held
    yield from pieces


def _said(exc: openai.APIStatusError) -> str:
    body = exc.body
    if isinstance(body, dict):
        message = body.get("message") or body.get("error") or body.get("detail")
        if message:
            return str(message)
    return exc.message


def _without_secrets(url: str) -> str:
    return re.sub(r"//[^/@]*@", "//", url)
