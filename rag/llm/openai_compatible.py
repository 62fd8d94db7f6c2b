"""A vision model behind an OpenAI-compatible server: OpenAI, Ollama, vLLM, llama.cpp, LM Studio, OpenRouter and others.

What differs between them is handled in the modules beside this one; what is done about each server stands in
``docs/servers.md``. The SDK's and the network's errors become :class:`rag.errors.ModelError`. The key leaves these
modules in the request's header only.
"""

from __future__ import annotations

import json
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from typing import Any, NamedTuple

import openai

from rag.config import Settings
from rag.errors import ModelCutShort, ModelError, ModelRefused, ModelTooLong
from rag.llm import sight
from rag.llm.base import Message, PictureLimits, Piece, Remark, Thought
from rag.llm.capabilities import ServerSays, ask_server
from rag.llm.chat_format import field, has_pictures, wire, words_in
from rag.llm.images import data_url
from rag.llm.openai_errors import Errors
from rag.llm.openai_requests import HUNG_UP, MOST_LIMITS, Requests
from rag.llm.reply import Reply
from rag.llm.reply_limits import bounded, check_end
from rag.llm.thoughts import apart, closes_unopened, opened_before
from rag.llm.timing import timed
from rag.llm.window import reply_tokens
from rag.monitoring import requests
from rag.text.passages import tokens

SHARE_READ = 0.5
"""Of the words sent, in tokens, that a server must count: one that counts fewer has cut the prompt. Our estimate is a
third too high at most, for English in the largest vocabularies."""

LEAST_COMPARED = 400
"""Tokens of a prompt below which it is not compared with what the server counts."""

ONE_MODEL = "llama.cpp"
"""The server that answers for its one model whatever name a request has; its router of several models tells of itself
only for the names it has."""

_NO_LIST = (404, 405, 500, 501)


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
        self._errors = Errors(settings, lambda: self._requests.models(), lambda: self._server().how_to_widen)
        self._requests = Requests(settings, self._errors)
        self.name, self.url = self._errors.name, self._errors.url
        self.picture_limits: PictureLimits | None = None
        self._base_url, self._key, self._seconds = settings.llm_base_url, settings.llm_api_key, settings.llm_timeout
        self._given_window = settings.llm_window
        self._said: ServerSays | None = None
        self._sees: bool | None = None
        self._opens_thoughts = False  # whether its template opens thoughts in the prompt

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
            for piece in bounded(told, self.name):
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
            with self._errors.translated():
                models = self._listed_models()
        except ModelRefused as exc:
            return Description(self.url, self.name, True, None, None, (), str(exc))
        except ModelError as exc:
            return Description(self.url, self.name, False, None, None, (), str(exc))
        known = self.name in models or f"{self.name}:latest" in models if models else None
        if known is False and self._server().server == ONE_MODEL:
            known = None  # it has one model, and takes every name for it
        if known is False:
            return Description(self.url, self.name, True, False, None, models, self._errors.unknown_model(models))
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
        with self._errors.translated(has_pictures(body)):
            try:
                stream = self._requests.open(body, most)
            except openai.APIConnectionError as exc:
                if not isinstance(exc.__cause__, HUNG_UP):
                    raise
                # llama_cpp.server 0.3 hangs up where the prompt is too long: it says so only without streaming
                yield from self._whole(reply, self._requests.without_streaming(body, most))
                check_end(reply, self.name, self.url)
                return
        with closing(stream), self._errors.translated(has_pictures(body), answering=True):
            if "json" in stream.response.headers.get("content-type", ""):  # a server that does not stream
                yield from self._whole(reply, json.loads(self._requests.read_whole(stream.response.iter_bytes())))
            else:
                yield from self._streamed(reply, stream)
                if reply.finish is None and not reply.begun:
                    yield from self._whole(reply, self._requests.without_streaming(body, most))
            check_end(reply, self.name, self.url)

    def _streamed(self, reply: Reply, stream: openai.Stream[Any]) -> Iterator[Piece]:
        ends = time.monotonic() + MOST_LIMITS * self._seconds
        for chunk in stream:
            if time.monotonic() > ends:
                raise ModelTooLong(
                    f"The reply of {self.name} took more than {MOST_LIMITS * self._seconds:g} s; ask for less at once, "
                    f"or raise PAGESIGHT_LLM_TIMEOUT (a reply may take {MOST_LIMITS} times as long)"
                )
            yield from reply.chunk(chunk)

    def _whole(self, reply: Reply, answer: Any) -> Iterator[Piece]:
        """A reply that came in one piece."""
        error = field(answer, "error")
        if error:
            words = self._errors.clean(str(field(error, "message") or error))
            raise ModelRefused(f"{self.name} at {self.url} refused the request ({words})")
        yield from reply.whole(answer)

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
        return self._given_window or min((w for w in (said, self._errors.seen_window) if w), default=None)

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
            with self._errors.translated(has_pictures(body)):
                answer = self._requests.without_streaming(body, sight.MOST_TOKENS)
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
            return self._requests.models()
        except openai.APIStatusError as exc:
            if exc.status_code in _NO_LIST:
                return ()
            raise

    def _headers(self) -> dict[str, str]:
        number = requests.number()
        numbered = {requests.HEADER: number} if number else {}
        return numbered | ({"Authorization": f"Bearer {self._key}"} if self._key else {})
