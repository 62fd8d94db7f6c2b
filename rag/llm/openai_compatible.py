"""A vision model behind an OpenAI-compatible server: OpenAI, Ollama, vLLM, llama.cpp, LM Studio, OpenRouter and others.

The SDK's and the network's errors become :class:`rag.errors.ModelError` here. The key leaves this module in the
request's header only.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any, NamedTuple, cast

import httpx2 as httpx
import openai
from PIL import Image

from rag.config import Settings
from rag.errors import BadSettings, ModelCutShort, ModelError, ModelRefused, ModelTimeout, ModelUnreachable
from rag.llm.base import Message
from rag.llm.capabilities import says_vision
from rag.llm.chat_format import field, wire, words_of
from rag.llm.thoughts import without_thoughts
from rag.llm.waiting import asked_wait
from rag.proxies import in_the_way, is_here

CONNECT_SECONDS = 3.0
RETRIES = 1  # of a server that cannot be reached or fails
PAUSE = 0.5  # seconds before
MOST_WAITS = 5  # for a server that says when to ask again, together no longer than the limit of time
LONGEST_REPLY = 24_000  # characters, some 6,000 tokens or ten pages: what goes on repeats itself
MOST_LIMITS = 15  # times the limit of silence that a whole reply may take
TEMPERATURE = 0.1
"""Low, for answers that stay with the evidence. Left out where the model allows no other than its own."""

_FOREIGN = (openai.OpenAIError, httpx.HTTPError, json.JSONDecodeError, RecursionError)
_BUSY = (408, 409, 429)
_PROXY_STATUS = (403, 407, 502, 503, 504)
_NO_PICTURES = (400, 415, 422)
_NAMES_PICTURES = re.compile(r"image|vision|multimodal|mmproj|modalit", re.IGNORECASE)
_NAMES_MODEL = re.compile(r"model\b.{0,80}\b(?:not|unknown|invalid|exist)|(?:unknown|invalid|no such) model", re.I)
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
        timeout = httpx.Timeout(settings.llm_timeout, connect=CONNECT_SECONDS)
        self._client = openai.OpenAI(
            base_url=settings.llm_base_url,
            api_key=settings.llm_api_key or "not-needed",
            timeout=timeout,
            max_retries=0,  # ours keep to the limit of time; the SDK's sleep as long as a server asks, up to 120 s
            http_client=self._http_client(timeout),
        )

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """Pieces of the reply. Raises :class:`ModelError`; closing the iterator ends the HTTP stream."""
        body = [wire(message) for message in messages]
        with self._translated():
            reply = self._open(body)
        shown = False
        with closing(reply), self._translated():
            for piece in self._bounded(without_thoughts(self._pieces(reply, body))):
                shown = shown or bool(piece.strip())
                yield piece
        if not shown:
            raise ModelCutShort(
                f"{self.name} at {self.url} wrote no answer, only its thoughts or blanks; ask again, or turn thinking "
                "off in the server"
            )

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

    def _http_client(self, timeout: httpx.Timeout) -> httpx.Client:
        """One that goes to this machine's own addresses directly. Raises :class:`BadSettings` for a broken proxy."""
        try:
            return openai.DefaultHttpxClient(timeout=timeout, trust_env=not is_here(self._base_url))
        except (ImportError, ValueError) as exc:  # a kind of proxy that is not supported, or no address
            proxy = in_the_way(self._base_url)
            raise BadSettings(f"No connection to {self.url} can be made ({exc}): {proxy or 'see https_proxy'}") from exc

    def _open(self, body: list[dict[str, Any]]) -> openai.Stream[Any]:
        """The reply's stream. A server that is busy is asked again within the limit of time."""
        ends, tries = time.monotonic() + self._seconds, 0
        while True:
            try:
                return self._create(body)
            except (openai.APIConnectionError, openai.APIStatusError) as exc:
                tries += 1
                wait = _pause_before_next(exc, tries, ends - time.monotonic())
                if wait is None:
                    raise
            time.sleep(wait)

    def _create(self, body: list[dict[str, Any]]) -> openai.Stream[Any]:
        """Options that the server rejects are left out from then on."""
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

    def _pieces(self, reply: openai.Stream[Any], body: list[dict[str, Any]]) -> Iterator[str]:
        finish, came, begun = None, False, False
        if "json" in reply.response.headers.get("content-type", ""):  # a server that does not stream
            yield from self._whole(json.loads(reply.response.read()))
            return
        ends = time.monotonic() + MOST_LIMITS * self._seconds
        for chunk in reply:
            if time.monotonic() > ends:
                raise ModelCutShort(
                    f"The reply of {self.name} took more than {MOST_LIMITS * self._seconds:g} s; ask for less at once, "
                    f"or raise PAGESIGHT_LLM_TIMEOUT (a reply may take {MOST_LIMITS} times as long)"
                )
            for choice in chunk.choices or ():
                begun = True
                finish = choice.finish_reason or finish
                said = choice.delta or getattr(choice, "message", None)
                piece = words_of(field(said, "content"))
                if piece:
                    came = True
                    yield piece
        if finish is None and not begun:
            yield from self._without_streaming(body)
        else:
            self._check_end(finish, came)

    def _without_streaming(self, body: list[dict[str, Any]]) -> Iterator[str]:
        """Asked once more in one piece: some servers give the reason for an empty stream only then."""
        completions = self._client.chat.completions.with_raw_response
        answer = completions.create(model=self.name, messages=cast(Any, body), stream=False, **self._options)
        try:
            whole = json.loads(answer.text)
        except ValueError:
            whole = None
        yield from self._whole(whole)

    def _whole(self, answer: Any) -> Iterator[str]:
        """A reply that came in one piece."""
        error = field(answer, "error")
        if error:
            words = self._clean(str(field(error, "message") or error))
            raise ModelRefused(f"{self.name} at {self.url} refused the request ({words})")
        choices = field(answer, "choices")
        first = choices[0] if isinstance(choices, list) and choices else None
        piece = words_of(field(field(first, "message"), "content"))
        if piece:
            yield piece
        self._check_end(field(first, "finish_reason") or ("stop" if first else None), bool(piece))

    def _bounded(self, pieces: Iterator[str]) -> Iterator[str]:
        """The pieces until it is plain that they come to no end."""
        written = 0
        for piece in pieces:
            yield piece[: LONGEST_REPLY - written]
            written += len(piece)
            if written > LONGEST_REPLY:
                raise ModelCutShort(
                    f"{self.name} wrote {LONGEST_REPLY:,} characters without coming to an end; ask for less at "
                    "once, or choose another model"
                )

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
            with closing(self._open([wire(message)])) as reply:
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
        if isinstance(exc, json.JSONDecodeError | RecursionError):
            return ModelCutShort(f"{self.url} sent no valid chat completion; check PAGESIGHT_LLM_BASE_URL")
        return ModelCutShort(f"{self.name} at {self.url} broke off: {self._clean(str(exc))}")

    def _unreachable(self, why: str) -> ModelUnreachable:
        proxy = in_the_way(self._base_url)
        return ModelUnreachable(
            f"Cannot reach the model server at {self.url} ({why}); start it, or check PAGESIGHT_LLM_BASE_URL"
            f"{f'; {proxy}' if proxy else ''}"
        )

    def _refusal(self, exc: openai.APIStatusError) -> ModelError:
        words, status = self._clean(_said(exc)), exc.status_code
        proxy = in_the_way(self._base_url) if status in _PROXY_STATUS else ""
        words += f"; {proxy}" if proxy else ""
        if status in (401, 403):
            return ModelRefused(f"{self.url} refused the API key ({status}: {words}); set PAGESIGHT_LLM_API_KEY")
        if status == 404 or (status == 400 and _NAMES_MODEL.search(words)):
            return ModelRefused(self._not_found(words))
        if status == 429:
            wait = asked_wait(exc.response.headers)
            when = "wait" if wait is None else f"it asks to wait {math.ceil(wait)} s: ask again then"
            return ModelRefused(f"{self.url} allows no more requests now ({words}); {when}, or check your quota there")
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


def _said(exc: openai.APIStatusError) -> str:
    body = exc.body
    if isinstance(body, dict):
        message = body.get("message") or body.get("error") or body.get("detail")
        if message:
            return str(message)
    return exc.message


def _without_secrets(url: str) -> str:
    return re.sub(r"//[^/@]*@", "//", url)
