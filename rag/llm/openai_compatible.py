"""A vision model behind an OpenAI-compatible server: OpenAI, Ollama, vLLM, llama.cpp, LM Studio, OpenRouter and others.

What differs between them is handled in the modules beside this one; what is done about each server stands in
``docs/servers.md``. The SDK's and the network's errors become :class:`rag.errors.ModelError` here. The key leaves this
module in the request's header only.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any, NamedTuple, cast

import httpx2 as httpx
import openai

from rag.config import Settings
from rag.errors import BadSettings, ModelCutShort, ModelError, ModelRefused, ModelTimeout, ModelUnreachable, TooMuch
from rag.llm import sight
from rag.llm.base import Message, PictureLimits, Piece, Remark, Thought
from rag.llm.capabilities import ServerSays, ask_server, is_hosted
from rag.llm.chat_format import field, has_pictures, wire, words_in
from rag.llm.images import data_url
from rag.llm.refusals import Refusal, read_refusal
from rag.llm.repetition import Repetition
from rag.llm.reply import Reply
from rag.llm.thoughts import apart, closes_unopened, opened_before
from rag.llm.timing import timed
from rag.llm.waiting import asked_wait
from rag.llm.window import reply_tokens
from rag.monitoring import requests
from rag.proxies import in_the_way, is_here
from rag.text.passages import tokens

CONNECT_SECONDS = 3.0
RETRIES = 1  # of a server that cannot be reached or fails
PAUSE = 0.5  # seconds before
MOST_WAITS = 5  # for a server that says when to ask again, together no longer than the limit of time
LONGEST_REPLY = 24_000  # characters, some 6,000 tokens or ten pages: what goes on repeats itself
LARGEST_BODY = 1_000_000  # bytes of a reply in one piece, thoughts included
LONGEST_THOUGHTS = 80_000  # characters, some 20,000 tokens: what is thought longer finds no answer
MOST_LIMITS = 15  # times the limit of silence that a whole reply may take
TEMPERATURE = 0.1
"""Low, for answers that stay with the evidence. Left out where the model allows no other than its own."""

THINKING_OFF: dict[str, Any] = {
    "reasoning_effort": "none",  # Ollama, LM Studio
    "chat_template_kwargs": {"enable_thinking": False},  # llama.cpp, vLLM, SGLang
}
"""How models that may think are told not to: small ones answer from evidence better and sooner without. A server that
rejects one of them is asked without it from then on."""

SHARE_READ = 0.5
"""Of the words sent, in tokens, that a server must count: one that counts fewer has cut the prompt. Our estimate is a
third too high at most, for English in the largest vocabularies."""

LEAST_COMPARED = 400
"""Tokens of a prompt below which it is not compared with what the server counts."""

_FOREIGN = (openai.OpenAIError, httpx.HTTPError, json.JSONDecodeError, RecursionError)
_BUSY = (408, 409, 429)
_HUNG_UP = (httpx.ReadError, httpx.RemoteProtocolError)
_NO_LIST = (404, 405, 500, 501)
_PROXY_STATUS = (403, 407, 502, 503, 504)
_NAMES_OF = {
    "chat_template_kwargs": ("chat_template_kwargs", "enable_thinking"),
    "stream_options": ("stream_options", "include_usage"),
}
_LISTED = 12  # model names in a message


class Description(NamedTuple):
    """What ``doctor`` shows about the endpoint. ``problem`` is empty where all is well.

    ``window``: tokens that the model reads and writes at once, None where the server does not say; ``how_to_widen``:
    what to do where that is too little.
    """

    url: str
    model: str
    reachable: bool
    model_known: bool | None
    sees_pictures: bool | None
    models: tuple[str, ...]
    problem: str
    window: int | None = None
    server: str = ""
    how_to_widen: str = ""


class OpenAICompatible:
    """One model on one server. Opening it asks nothing of the network.

    ``picture_limits``: what of the pictures its server was seen to take; whoever finds out less sets it.
    """

    def __init__(self, settings: Settings) -> None:
        self.name = settings.llm_model
        self.url = _without_secrets(settings.llm_base_url)
        self.picture_limits: PictureLimits | None = None
        self._base_url = settings.llm_base_url
        self._key = settings.llm_api_key
        self._seconds = settings.llm_timeout
        self._given_window = settings.llm_window
        self._seen_window: int | None = None  # of a refusal
        self._said: ServerSays | None = None
        self._sees: bool | None = None
        self._thinks_not = settings.llm_thinking == "off" and not is_hosted(settings.llm_base_url)
        self._wanted: dict[str, Any] = {"temperature": TEMPERATURE, **(THINKING_OFF if self._thinks_not else {})}
        self._rejected = frozenset[str]()
        self._opens_thoughts = False  # whether its template opens thoughts in the prompt
        self._taken = False  # whether a request with these options has been answered
        timeout = httpx.Timeout(settings.llm_timeout, connect=CONNECT_SECONDS)
        self._client = openai.OpenAI(
            base_url=settings.llm_base_url,
            api_key=settings.llm_api_key or "not-needed",
            timeout=timeout,
            max_retries=0,  # ours keep to the limit of time; the SDK's sleep as long as a server asks, up to 120 s
            http_client=self._http_client(timeout),
        )

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """Pieces of the answer. Raises :class:`ModelError`; closing the iterator ends the HTTP stream."""
        with closing(self.reply(messages)) as pieces:
            yield from (piece for piece in pieces if isinstance(piece, str))

    def reply(self, messages: Sequence[Message]) -> Generator[Piece]:
        """As :meth:`stream`, with what the model thinks and what is to be remarked between."""
        return timed(self.name, messages, self._reply(messages))

    def _reply(self, messages: Sequence[Message]) -> Generator[Piece]:
        body, reply, shown, said = [wire(message) for message in messages], Reply(), False, ""
        with closing(self._asked(body, reply, reply_tokens(self._known_window()))) as pieces:
            told = opened_before(pieces) if self._opens_thoughts else apart(pieces)
            for piece in self._bounded(told):
                said += piece if isinstance(piece, str) else ""
                self._opens_thoughts = self._opens_thoughts or closes_unopened(said)
                reply.thought = reply.thought or isinstance(piece, Thought)
                shown = shown or (isinstance(piece, str) and bool(piece.strip()))
                yield piece
        if not shown:
            raise ModelCutShort(
                f"{self.name} at {self.url} wrote no answer, only its thoughts or blanks; ask again, or turn thinking "
                "off in the server"
            )
        cut = self._cut(body, reply)
        if cut:
            yield Remark(cut)

    def sees_pictures(self) -> bool:
        """What the server says, else as it is proved, once. Raises :class:`ModelError`."""
        if self._sees is None:
            said = self._server().vision
            self._sees = self._proved() if said is None else said
        return self._sees

    def window(self) -> int | None:
        """Tokens that the model reads and writes at once: as set, else as the server says or has shown by refusing."""
        if not self._given_window:
            self._server(load=True)
        return self._known_window()

    def describe(self) -> Description:
        """Look at the endpoint without raising: reachable, model known, sees pictures, its window."""
        try:
            with self._translated():
                models = self._listed_models()
        except ModelRefused as exc:
            return Description(self.url, self.name, True, None, None, (), str(exc))
        except ModelError as exc:
            return Description(self.url, self.name, False, None, None, (), str(exc))
        known = self.name in models or f"{self.name}:latest" in models if models else None
        if known is False:
            return Description(self.url, self.name, True, False, None, models, self._unknown_model(models))
        try:
            sees, problem = self.sees_pictures(), ""
        except ModelError as exc:
            sees, problem = None, str(exc)
        window, said = self.window(), self._server()
        return Description(
            self.url, self.name, True, known, sees, models, problem, window, said.server, said.how_to_widen
        )

    # -- asking ----------------------------------------------------------------------------------------------------

    def _asked(self, body: list[dict[str, Any]], reply: Reply, most: int) -> Generator[Piece]:
        """What comes, untouched; ``reply`` is filled meanwhile. At most ``most`` tokens are asked for."""
        with self._translated(has_pictures(body)):
            try:
                stream = self._open(body, most)
            except openai.APIConnectionError as exc:
                if not isinstance(exc.__cause__, _HUNG_UP):
                    raise
                # llama_cpp.server 0.3 hangs up where the prompt is too long: it says so only without streaming
                yield from self._whole(reply, self._without_streaming(body, most))
                self._check_end(reply)
                return
        with closing(stream), self._translated(has_pictures(body)):
            if "json" in stream.response.headers.get("content-type", ""):  # a server that does not stream
                yield from self._whole(reply, json.loads(self._read_whole(stream.response.iter_bytes())))
            else:
                yield from self._streamed(reply, stream)
                if reply.finish is None and not reply.begun:
                    yield from self._whole(reply, self._without_streaming(body, most))
            self._check_end(reply)

    def _streamed(self, reply: Reply, stream: openai.Stream[Any]) -> Iterator[Piece]:
        ends = time.monotonic() + MOST_LIMITS * self._seconds
        for chunk in stream:
            if time.monotonic() > ends:
                raise ModelCutShort(
                    f"The reply of {self.name} took more than {MOST_LIMITS * self._seconds:g} s; ask for less at once, "
                    f"or raise PAGESIGHT_LLM_TIMEOUT (a reply may take {MOST_LIMITS} times as long)"
                )
            yield from reply.chunk(chunk)

    def _without_streaming(self, body: list[dict[str, Any]], most: int) -> Any:
        """Asked once more in one piece: some servers give the reason for an empty stream only then."""
        try:
            return self._in_one_piece(body, most)
        except openai.APIConnectionError as exc:
            if not isinstance(exc.__cause__, _HUNG_UP):
                raise
        return self._in_one_piece(body, most)  # the first went over the connection that the failed stream had broken

    def _in_one_piece(self, body: list[dict[str, Any]], most: int) -> Any:
        completions = self._client.chat.completions.with_streaming_response
        options = self._options(most, streaming=False)
        with completions.create(model=self.name, messages=cast(Any, body), stream=False, extra_body=options) as answer:
            try:
                return json.loads(self._read_whole(answer.iter_bytes()))
            except ValueError:
                return None

    def _read_whole(self, parts: Iterator[bytes]) -> bytes:
        """A reply in one piece; a server that streams although it was told not to may never come to its end."""
        ends, whole = time.monotonic() + MOST_LIMITS * self._seconds, bytearray()
        for part in parts:
            whole += part
            if len(whole) > LARGEST_BODY or time.monotonic() > ends:
                raise ModelCutShort(f"The reply of {self.name} at {self.url} came to no end; choose another model")
        return bytes(whole)

    def _whole(self, reply: Reply, answer: Any) -> Iterator[Piece]:
        """A reply that came in one piece."""
        error = field(answer, "error")
        if error:
            words = self._clean(str(field(error, "message") or error))
            raise ModelRefused(f"{self.name} at {self.url} refused the request ({words})")
        yield from reply.whole(answer)

    def _open(self, body: list[dict[str, Any]], most: int) -> openai.Stream[Any]:
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
        too_much = self._read(exc, pictures).too_much
        if too_much and too_much.of == "tokens":
            return frozenset()  # it may speak of max_tokens, too: the prompt is what is too long
        words = str(exc)
        return frozenset(name for name in options if any(said in words for said in _NAMES_OF.get(name, (name,))))

    def _about_something_else(self, exc: openai.APIStatusError, pictures: bool) -> bool:
        """Whether a refusal may be about options although it names none: only of the first request."""
        refusal = self._read(exc, pictures)
        about_pictures = refusal.too_much is not None and refusal.too_much.of == "pictures" and not refusal.named
        return not self._taken and (refusal.subject == "other" or about_pictures)

    def _bounded(self, pieces: Iterator[Piece]) -> Iterator[Piece]:
        """The pieces until it is plain that they come to no end."""
        written, thought, repetition = 0, 0, Repetition()
        for piece in pieces:
            if isinstance(piece, Remark):
                yield piece
                continue
            if isinstance(piece, Thought):
                yield piece
                thought += len(piece.text)
                repeated = repetition.feed(piece.text)
            else:
                yield piece[: LONGEST_REPLY - written]
                written += len(piece)
                repeated = repetition.feed(piece)
            if repeated:
                what = "its answer" if written else "its thoughts"
                raise ModelCutShort(
                    f"{self.name} began to repeat itself in {what} and was stopped; ask in other words, or choose "
                    "another model"
                )
            if written > LONGEST_REPLY:
                raise ModelCutShort(
                    f"{self.name} wrote {LONGEST_REPLY:,} characters without coming to an end; ask for less at "
                    "once, or choose another model"
                )
            if thought > LONGEST_THOUGHTS:
                raise ModelCutShort(
                    f"{self.name} wrote {LONGEST_THOUGHTS:,} characters of thoughts without an answer; turn thinking "
                    "off in the server, or choose another model"
                )

    def _check_end(self, reply: Reply) -> None:
        finish, came = reply.finish, reply.came
        if finish is None and not came and not reply.thought:
            raise ModelRefused(
                f"{self.url} did not answer with a chat completion; check PAGESIGHT_LLM_BASE_URL (most end in /v1)"
            )
        if finish is None:
            raise ModelCutShort(f"The reply of {self.name} at {self.url} ended before it was complete; ask again")
        if finish == "length" and not came and reply.thought:
            raise ModelCutShort(
                f"{self.name} used up its length limit with thinking and wrote no answer; turn thinking off in the "
                "server, or raise its token limit"
            )
        if finish == "length":
            raise ModelCutShort(f"{self.name} reached its length limit; raise the server's token limit or ask for less")
        if finish == "content_filter":
            raise ModelCutShort(f"The content filter of {self.name} stopped the reply; ask in other words")
        if not came and not reply.thought:
            raise ModelCutShort(f"{self.name} at {self.url} answered nothing; ask again or choose another model")

    # -- what is known of the server ---------------------------------------------------------------------------------

    def _server(self, load: bool = False) -> ServerSays:
        """What the server says of the model; asked again as long as that may change, and it is to be ``load``-ed."""
        if self._said is None or (load and not self._said.lasting):
            said = ask_server(self._base_url, self.name, self._headers(), self._seconds if load else 0.0)
            if said is None:
                return ServerSays()
            self._said = said
        return self._said

    def _known_window(self) -> int | None:
        """Without asking."""
        said = self._said.window if self._said else None
        return self._given_window or min((w for w in (said, self._seen_window) if w), default=None)

    def _proved(self) -> bool:
        """A picture with a number is sent: the number comes back, or the prompt is longer by a picture."""
        proof = sight.proof()
        asked = [wire(proof.with_picture)]
        try:
            reply, tokens = self._probed(asked)
        except ModelRefused as exc:
            # so short a prompt is too long only where the picture's characters were taken for words
            if exc.too_much and exc.too_much.certain:
                return False
            raise
        if proof.read_in(reply):
            return True
        _, without = self._probed([wire(proof.without_picture)])
        return sight.seen_by_length(tokens, without, len(data_url(proof.picture)))

    def _probed(self, body: list[dict[str, Any]]) -> tuple[str, int | None]:
        """What a model says and thinks of a short question, and the tokens of that; counted without streaming where the
        server counts only then."""
        reply, said, whole = Reply(), "", True
        try:
            with closing(self._asked(body, reply, sight.MOST_TOKENS)) as pieces:
                for piece in pieces:
                    said += piece if isinstance(piece, str) else piece.text
                    if len(said) > sight.LONGEST_REPLY:
                        whole = False
                        break
        except ModelCutShort:
            pass  # how the reply ended is of no interest
        if whole and reply.prompt_tokens is None:
            with self._translated(has_pictures(body)):
                answer = self._without_streaming(body, sight.MOST_TOKENS)
            said += "".join(piece if isinstance(piece, str) else piece.text for piece in reply.whole(answer))
        return said, reply.prompt_tokens

    def _cut(self, body: list[dict[str, Any]], reply: Reply) -> str:
        """What to tell where the server has read less than was sent, without saying so."""
        sent = tokens(words_in(body))
        if reply.prompt_tokens is None or sent < LEAST_COMPARED or reply.prompt_tokens >= SHARE_READ * sent:
            return ""
        return (
            f"{self.name} read only {reply.prompt_tokens:,} of about {sent:,} tokens: its server cut the evidence off "
            f"without saying so. Set PAGESIGHT_LLM_WINDOW to the model's window, or {self._server().how_to_widen}."
        )

    def _listed_models(self) -> tuple[str, ...]:
        """Empty where the server has no list that works: it may answer all the same."""
        try:
            return self._models()
        except openai.APIStatusError as exc:
            if exc.status_code in _NO_LIST:
                return ()
            raise

    def _models(self) -> tuple[str, ...]:
        return tuple(sorted(m.id for m in self._client.with_options(max_retries=0, timeout=8.0).models.list()))

    def _headers(self) -> dict[str, str]:
        number = requests.number()
        numbered = {requests.HEADER: number} if number else {}
        return numbered | ({"Authorization": f"Bearer {self._key}"} if self._key else {})

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

    # -- errors ------------------------------------------------------------------------------------------------------

    @contextmanager
    def _translated(self, pictures: bool = False) -> Iterator[None]:
        """Errors of the SDK and of the network as ours, once, here. ``pictures``: whether the request has some."""
        try:
            yield
        except _FOREIGN as exc:
            raise self._error(exc, pictures) from exc

    def _error(self, exc: Exception, pictures: bool) -> ModelError:
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
            return self._unreachable(self._clean(str(exc.__cause__ or exc)))
        if isinstance(exc, json.JSONDecodeError | RecursionError):
            return ModelCutShort(f"{self.url} sent no valid chat completion; check PAGESIGHT_LLM_BASE_URL")
        words = self._clean(str(exc))
        refusal = self._read(exc, pictures) if isinstance(exc, openai.APIError) else Refusal("other")
        if refusal.too_much:
            return self._too_much(refusal.too_much, words)
        return ModelCutShort(f"{self.name} at {self.url} broke off: {words}")

    def _read(self, exc: openai.APIError, pictures: bool) -> Refusal:
        status = exc.status_code if isinstance(exc, openai.APIStatusError) else None
        return read_refusal(status, _said(exc), exc.body, self.name, pictures)

    def _unreachable(self, why: str) -> ModelUnreachable:
        proxy = in_the_way(self._base_url)
        return ModelUnreachable(
            f"Cannot reach the model server at {self.url} ({why}); start it, or check PAGESIGHT_LLM_BASE_URL"
            f"{f'; {proxy}' if proxy else ''}"
        )

    def _refusal(self, exc: openai.APIStatusError, pictures: bool) -> ModelError:
        words, status, refusal = self._clean(_said(exc)), exc.status_code, self._read(exc, pictures)
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
        self._seen_window = too_much.most or self._seen_window
        return ModelRefused(
            f"The question with its evidence is too long for {self.name} ({words}); lower PAGESIGHT_LLM_TOKENS "
            f"or PAGESIGHT_LLM_PICTURES, or {self._server().how_to_widen}",
            too_much,
        )

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


def _said(exc: openai.APIError) -> str:
    body = exc.body
    if isinstance(body, dict):
        message = body.get("message") or body.get("error") or body.get("detail")
        if message:
            return str(message)
    return exc.message


def _without_secrets(url: str) -> str:
    return re.sub(r"//[^/@]*@", "//", url)
