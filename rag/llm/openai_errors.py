"""The errors of the OpenAI SDK and of the network as :class:`rag.errors.ModelError`: what happened, and the remedy."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import httpx2 as httpx
import openai

from rag.config import Settings
from rag.errors import ModelCutShort, ModelError, ModelRefused, ModelTimeout, ModelUnreachable, TooMuch
from rag.llm.addresses import CHECK_ADDRESS
from rag.llm.refusals import Refusal, read_refusal
from rag.llm.waiting import asked_wait
from rag.proxies import in_the_way

CONNECT_SECONDS = 3.0
FOREIGN = (openai.OpenAIError, httpx.HTTPError, json.JSONDecodeError, RecursionError)
_PROXY_STATUS = (403, 407, 502, 503, 504)
_LISTED = 12  # model names in a message
_BROKEN_OFF = "without sending complete message body"  # httpx 0.28 of a reply that had begun


class Errors:
    """Of one model on one server. ``models`` asks it for its models' names, and raises the SDK's errors;
    ``how_to_widen`` says what to do where the model's window is too small. ``seen_window``: the tokens of that window,
    where a refusal has told them.
    """

    def __init__(
        self, settings: Settings, models: Callable[[], tuple[str, ...]], how_to_widen: Callable[[], str]
    ) -> None:
        self.name, self.url = settings.llm_model, without_secrets(settings.llm_base_url)
        self.seen_window: int | None = None
        self._base_url, self._key, self._seconds = settings.llm_base_url, settings.llm_api_key, settings.llm_timeout
        self._models, self._how_to_widen = models, how_to_widen

    @contextmanager
    def translated(self, pictures: bool = False, answering: bool = False) -> Iterator[None]:
        """Errors of the SDK and of the network as ours. ``pictures``: whether the request has some; ``answering``: the
        server has begun to reply."""
        try:
            yield
        except FOREIGN as exc:
            raise self._error(exc, pictures, answering) from exc

    def _error(self, exc: Exception, pictures: bool, answering: bool) -> ModelError:
        if isinstance(exc, openai.APITimeoutError | httpx.TimeoutException):
            if isinstance(exc.__cause__ or exc, httpx.ConnectTimeout):
                return self._unreachable(f"no connection within {CONNECT_SECONDS:g} s")
            return ModelTimeout(
                f"{self.name} at {self.url} sent nothing for {self._seconds:g} s; try again, a smaller model, "
                "or a larger PAGESIGHT_LLM_TIMEOUT"
            )
        if isinstance(exc, openai.APIStatusError):
            return self._refusal(exc, pictures)
        if isinstance(exc, openai.APIConnectionError | httpx.TransportError):
            why = self.clean(str(exc.__cause__ or exc))
            if _BROKEN_OFF in why:
                answering, why = True, "its reply ended early"
            if not answering:
                return self._unreachable(why)
            return ModelCutShort(
                f"The connection to {self.name} at {self.url} broke while it answered ({why}); see whether the server "
                "still runs, and ask again"
            )
        if isinstance(exc, json.JSONDecodeError | RecursionError):
            return ModelCutShort(f"{self.url} sent no valid chat completion; {CHECK_ADDRESS}")
        words = self.clean(str(exc))
        refusal = self.read(exc, pictures) if isinstance(exc, openai.APIError) else Refusal("other")
        if refusal.too_much:
            return self._too_much(refusal.too_much, words)
        return ModelCutShort(f"{self.name} at {self.url} broke off: {words}")

    def read(self, exc: openai.APIError, pictures: bool) -> Refusal:
        """What a refusal is about."""
        status = exc.status_code if isinstance(exc, openai.APIStatusError) else None
        return read_refusal(status, _said(exc), exc.body, self.name, pictures)

    def _unreachable(self, why: str) -> ModelUnreachable:
        proxy = in_the_way(self._base_url)
        return ModelUnreachable(
            f"Cannot reach the model server at {self.url} ({why}); start it, or {CHECK_ADDRESS}"
            f"{f'; {proxy}' if proxy else ''}"
        )

    def _refusal(self, exc: openai.APIStatusError, pictures: bool) -> ModelError:
        words, status, refusal = self.clean(_said(exc)), exc.status_code, self.read(exc, pictures)
        proxy = in_the_way(self._base_url) if status in _PROXY_STATUS else ""
        words += f"; {proxy}" if proxy else ""
        if refusal.subject == "key":
            return ModelRefused(f"{self.url} refused the API key ({status}: {words}); set PAGESIGHT_LLM_API_KEY")
        if refusal.subject == "model":
            return ModelRefused(self._not_found(words))
        if refusal.subject == "busy":
            wait = asked_wait(exc.response.headers)
            when = "wait" if wait is None else f"it asks to wait {math.ceil(wait)} s: ask again then"
            return ModelRefused(f"{self.url} allows no more requests now ({words}); {when}, or check your quota there")
        if refusal.too_much:
            return self._too_much(refusal.too_much, words)
        if refusal.subject == "failed":
            return ModelUnreachable(f"The server at {self.url} failed ({status}: {words}); see its log and try again")
        return ModelRefused(f"{self.name} at {self.url} refused the request ({status}: {words})")

    def _too_much(self, too_much: TooMuch, words: str) -> ModelRefused:
        if too_much.of == "pictures":
            return ModelRefused(
                f"{self.name} at {self.url} did not take the pictures ({words}); lower PAGESIGHT_LLM_PICTURES, or set "
                "it to 0",
                too_much,
            )
        self.seen_window = too_much.most or self.seen_window
        return ModelRefused(
            f"The question with its evidence is too long for {self.name} ({words}); lower PAGESIGHT_LLM_TOKENS "
            f"or PAGESIGHT_LLM_PICTURES, or {self._how_to_widen()}",
            too_much,
        )

    def _not_found(self, words: str) -> str:
        try:
            models = self._models()
        except FOREIGN:
            models = ()
        if models:
            return self.unknown_model(models)
        return (
            f"{self.url} knows no model {self.name!r} or no chat completions ({words}); check both in Settings, or "
            "PAGESIGHT_LLM_MODEL and PAGESIGHT_LLM_BASE_URL (most end in /v1)"
        )

    def unknown_model(self, models: Sequence[str]) -> str:
        """What to say where the server has other models."""
        more = f" and {len(models) - _LISTED} more" if len(models) > _LISTED else ""
        listed = ", ".join(models[:_LISTED]) + more
        choose = "choose one of its models in Settings, or by PAGESIGHT_LLM_MODEL"
        return f"{self.url} has no model {self.name!r}; {choose}: {listed}"

    def clean(self, words: str) -> str:
        """A server's own words on one line, without the key that some of them echo."""
        if self._key:
            words = words.replace(self._key, "…")
        return re.sub(r"\bsk-[\w*-]+", "…", " ".join(words.split()))[:300] or "no reason given"


def _said(exc: openai.APIError) -> str:
    body = exc.body
    if isinstance(body, dict):
        message = body.get("message") or body.get("error") or body.get("detail")
        if message:
            return str(message)
    return exc.message


def without_secrets(url: str) -> str:
    """An address without the name and password in it."""
    return re.sub(r"//[^/@]*@", "//", url)
