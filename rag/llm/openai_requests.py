"""Requests to a chat completions endpoint by the OpenAI SDK: options that a server rejects are left out from then on,
one that is busy is asked again, and no server sends a question on to another one."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any, cast

import httpx2 as httpx
import openai

from rag.config import Settings
from rag.errors import BadSettings, ModelCutShort
from rag.llm.capabilities import is_hosted
from rag.llm.chat_format import has_pictures
from rag.llm.openai_errors import CONNECT_SECONDS, Errors
from rag.llm.waiting import asked_wait
from rag.monitoring import requests
from rag.proxies import in_the_way, is_here

RETRIES = 1  # of a server that cannot be reached or fails
PAUSE = 0.5  # seconds before
MOST_WAITS = 5  # for a server that says when to ask again, together no longer than the limit of time
LARGEST_BODY = 1_000_000  # bytes of a reply in one piece, thoughts included
MOST_LIMITS = 15  # times the limit of silence that a whole reply may take
TEMPERATURE = 0.1
"""Low, for answers that stay with the evidence. Left out where the model allows no other than its own."""

THINKING_OFF: dict[str, Any] = {
    "reasoning_effort": "none",  # Ollama, LM Studio
    "chat_template_kwargs": {"enable_thinking": False},  # llama.cpp, vLLM, SGLang
}
"""How models that may think are told not to: small ones answer from evidence better and sooner without. A server that
rejects one of them is asked without it from then on."""

HUNG_UP = (httpx.ReadError, httpx.RemoteProtocolError)
_BUSY = (408, 409, 429)
_NAMES_OF = {
    "chat_template_kwargs": ("chat_template_kwargs", "enable_thinking"),
    "stream_options": ("stream_options", "include_usage"),
}


class Requests:
    """To one model on one server. Making it asks nothing of the network; a broken proxy raises :class:`BadSettings`."""

    def __init__(self, settings: Settings, errors: Errors) -> None:
        self.name, self.url = errors.name, errors.url
        self._base_url, self._seconds, self._errors = settings.llm_base_url, settings.llm_timeout, errors
        self._thinks_not = settings.llm_thinking == "off" and not is_hosted(settings.llm_base_url)
        self._wanted: dict[str, Any] = {"temperature": TEMPERATURE, **(THINKING_OFF if self._thinks_not else {})}
        self._rejected = frozenset[str]()
        self._taken = False  # whether a request with these options has been answered
        timeout = httpx.Timeout(settings.llm_timeout, connect=CONNECT_SECONDS)
        self._client = openai.OpenAI(
            base_url=settings.llm_base_url,
            api_key=settings.llm_api_key or "not-needed",
            timeout=timeout,
            max_retries=0,  # ours keep to the limit of time; the SDK's sleep as long as a server asks, up to 120 s
            http_client=self._http_client(timeout),
        )

    def models(self) -> tuple[str, ...]:
        """The names of the server's models, sorted. Raises the SDK's errors."""
        return tuple(sorted(m.id for m in self._client.with_options(max_retries=0, timeout=8.0).models.list()))

    def read_whole(self, parts: Iterator[bytes]) -> bytes:
        """A reply in one piece; a server that streams although it was told not to may never come to its end."""
        ends, whole = time.monotonic() + MOST_LIMITS * self._seconds, bytearray()
        for part in parts:
            whole += part
            if len(whole) > LARGEST_BODY or time.monotonic() > ends:
                raise ModelCutShort(f"The reply of {self.name} at {self.url} came to no end; choose another model")
        return bytes(whole)

    def open(self, body: list[dict[str, Any]], most: int) -> openai.Stream[Any]:
        """The reply's stream. A server that is busy is asked again within the limit of time."""
        ends, tries = time.monotonic() + self._seconds, 0
        while True:
            try:
                return self._create(body, most)
            except (openai.APIConnectionError, openai.APIStatusError) as exc:
                tries += 1
                wait = _pause_before_next(exc, tries, ends - time.monotonic())
                if wait is None:
                    raise
            time.sleep(wait)

    def _create(self, body: list[dict[str, Any]], most: int) -> openai.Stream[Any]:
        """Options that the server rejects are left out from then on; where it does not say which, all of them."""
        while True:
            options = self._options(most)
            try:
                stream = self._send(body, options)
                self._taken = True
                return stream
            except (openai.BadRequestError, openai.UnprocessableEntityError) as exc:
                rejected = self._rejected_options(exc, options, has_pictures(body))
                if not rejected and not (options and self._about_something_else(exc, has_pictures(body))):
                    raise
                if not rejected:
                    return self._bare(body, exc, frozenset(options))
                self._rejected |= rejected

    def _send(self, body: list[dict[str, Any]], options: dict[str, Any]) -> openai.Stream[Any]:
        return cast(
            "openai.Stream[Any]",
            self._client.chat.completions.create(
                model=self.name, messages=cast(Any, body), stream=True, extra_body=options
            ),
        )

    def _bare(
        self, body: list[dict[str, Any]], first: openai.APIStatusError, options: frozenset[str]
    ) -> openai.Stream[Any]:
        """Without any option; what the server said first counts where that does not help either."""
        try:
            stream = self._send(body, {})
        except openai.APIStatusError:
            raise first from None
        self._rejected |= options
        self._taken = True
        return stream

    def _options(self, most: int, streaming: bool = True) -> dict[str, Any]:
        wanted = dict(self._wanted)
        if self._thinks_not:  # else thoughts count, too, and nobody knows how many
            wanted["max_tokens"] = most
        if streaming:
            wanted["stream_options"] = {"include_usage": True}
        return {name: value for name, value in wanted.items() if name not in self._rejected}

    def _rejected_options(self, exc: openai.APIStatusError, options: dict[str, Any], pictures: bool) -> frozenset[str]:
        too_much = self._errors.read(exc, pictures).too_much
        if too_much and too_much.of == "tokens":
            return frozenset()  # it may speak of max_tokens, too: the prompt is what is too long
        words = str(exc)
        return frozenset(name for name in options if any(said in words for said in _NAMES_OF.get(name, (name,))))

    def _about_something_else(self, exc: openai.APIStatusError, pictures: bool) -> bool:
        """Whether a refusal may be about options although it names none: only of the first request."""
        refusal = self._errors.read(exc, pictures)
        about_pictures = refusal.too_much is not None and refusal.too_much.of == "pictures" and not refusal.named
        return not self._taken and (refusal.subject == "other" or about_pictures)

    def without_streaming(self, body: list[dict[str, Any]], most: int) -> Any:
        """Asked once more in one piece: some servers give the reason for an empty stream only then."""
        try:
            return self._in_one_piece(body, most)
        except openai.APIConnectionError as exc:
            if not isinstance(exc.__cause__, HUNG_UP):
                raise
        return self._in_one_piece(body, most)  # the first went over the connection that the failed stream had broken

    def _in_one_piece(self, body: list[dict[str, Any]], most: int) -> Any:
        completions = self._client.chat.completions.with_streaming_response
        options = self._options(most, streaming=False)
        with completions.create(model=self.name, messages=cast(Any, body), stream=False, extra_body=options) as answer:
            try:
                return json.loads(self.read_whole(answer.iter_bytes()))
            except ValueError:
                return None

    def _http_client(self, timeout: httpx.Timeout) -> httpx.Client:
        """One that goes to this machine's own addresses directly. Raises :class:`BadSettings` for a broken proxy."""
        try:
            return openai.DefaultHttpxClient(
                timeout=timeout,
                trust_env=not is_here(self._base_url),
                event_hooks={"request": [_numbered], "response": [_stay]},
            )
        except (ImportError, ValueError) as exc:  # a kind of proxy that is not supported, or no address
            proxy = in_the_way(self._base_url)
            raise BadSettings(f"No connection to {self.url} can be made ({exc}): {proxy or 'see https_proxy'}") from exc


def _numbered(request: httpx.Request) -> None:
    """The server's log can name the request that this one is part of."""
    if number := requests.number():
        request.headers[requests.HEADER] = number


def _stay(response: httpx.Response) -> None:
    """Follow no server to another one, which nobody has chosen and which may be one that only this machine reaches."""
    if response.has_redirect_location:
        there = response.request.url.join(response.headers["location"])
        if there.host != response.request.url.host:
            raise httpx.ProtocolError(f"it sends requests on to {there.host}; give that address if it is meant")


def _pause_before_next(exc: openai.APIError, tries: int, left: float) -> float | None:
    """Seconds to wait before a request is made again; None: not again."""
    again = PAUSE if tries <= RETRIES else None
    if isinstance(exc, openai.APITimeoutError):
        return again if isinstance(exc.__cause__, httpx.ConnectTimeout) else None
    if not isinstance(exc, openai.APIStatusError):
        return again
    headers = exc.response.headers
    if headers.get("x-should-retry") == "false" or not (exc.status_code in _BUSY or exc.status_code >= 500):
        return None
    asked = asked_wait(headers)
    if asked is None:
        return again
    return asked if asked < left and tries <= MOST_WAITS else None
