"""The wire to a hosted encoder: JSON over HTTP with a key, patience and a pace.

Somebody waits for a question to be embedded: it gets seconds, a library's batches get minutes. The key leaves it in
one header alone: errors and logs are cleaned of it, redirections are not followed.
"""

from __future__ import annotations

import logging
import math
import random
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

import httpx2 as httpx

from rag.errors import EncoderFailed
from rag.proxies import in_the_way, is_here

CONNECT = 5.0  # seconds until a connection stands
FIRST_PAUSE = 1.0  # seconds before the second try, doubled each time, with up to half as much again at random
LONGEST_PAUSE = 60.0  # seconds; a service that asks for a longer one is out of its quota, not busy
BUSY = (408, 409, 425, 429, 500, 502, 503, 504, 529)
OF_TRANSFER = ("content-encoding", "content-length", "transfer-encoding")  # headers that do not fit a whole answer
TOLD = 300  # characters of a service's own words in an error


class Patience(NamedTuple):
    """``tries`` of at most ``silence`` seconds without a byte each, and ``seconds`` for all of them together."""

    tries: int
    silence: float
    seconds: float


TRIES = 6
BATCH = Patience(TRIES, 60.0, math.inf)
QUERY = Patience(2, 10.0, 10.0)

log = logging.getLogger(__name__)


class _TooSlow(Exception):
    pass


class Wire:
    """One address and key. ``rate`` is the most requests a minute, 0: no limit of ours."""

    def __init__(
        self, name: str, url: str, key: str, rate: float = 0.0, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self.name, self._url, self._key, self._pause = name, url.rstrip("/"), key, pause
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._gap = 60.0 / rate if rate > 0 else 0.0
        self._next = 0.0
        self._mutex = threading.Lock()
        try:
            self._client = httpx.Client(follow_redirects=False, trust_env=not is_here(self._url))
        except (ImportError, ValueError) as exc:  # a kind of proxy that is not supported, or no address
            proxy = in_the_way(self._url) or "see https_proxy"
            raise self._failed(f"no connection can be made ({exc})", proxy) from exc

    def post(self, path: str, body: Mapping[str, Any], patience: Patience = BATCH) -> dict[str, Any]:
        """The answer to one request, tried again while the service is busy or out of reach and ``patience`` lasts.

        Raises :class:`EncoderFailed`.
        """
        trouble, deadline = "", time.monotonic() + patience.seconds
        for attempt in range(patience.tries):
            if attempt:
                log.info("%s: %s; trying again", self.name, trouble)
            self._wait_turn(deadline)
            asked = FIRST_PAUSE * 2**attempt * random.uniform(1.0, 1.5)
            try:
                response = self._sent(path, body, min(patience.silence, deadline - time.monotonic()), deadline)
            except _TooSlow:
                raise self._failed(f"it did not answer within {patience.seconds:g} s", "try again later") from None
            except (httpx.TransportError, httpx.InvalidURL) as exc:
                trouble = f"{self._url} cannot be reached ({self._clean(str(exc) or type(exc).__name__)})"
                trouble += f": {proxy}" if (proxy := in_the_way(self._url)) else ""
            else:
                if response.status_code == httpx.codes.OK:
                    return self._json(response)
                trouble = f"it answers {response.status_code}: {self._told(response)}"
                if response.status_code not in BUSY:
                    raise self._failed(trouble, "check the model's name and the key")
                asked = max(_retry_after(response), 0.0) if "retry-after" in response.headers else asked
                if asked > LONGEST_PAUSE:
                    raise self._failed(f"{trouble} It asks to wait {asked:.0f} s", "come back later")
            if time.monotonic() + asked >= deadline:
                raise self._failed(f"{trouble} (no more than {patience.seconds:g} s are waited)", "try again later")
            if attempt + 1 < patience.tries:
                self._pause(min(asked, LONGEST_PAUSE))
        raise self._failed(f"{trouble} (tried {patience.tries} times)", "try again later, or lower PAGESIGHT_API_RATE")

    def _sent(self, path: str, body: Mapping[str, Any], silence: float, deadline: float) -> httpx.Response:
        """The whole response; one that drips is given up at the deadline. Raises :class:`_TooSlow`."""
        if silence <= 0:
            raise _TooSlow
        timeout = httpx.Timeout(silence, connect=min(silence, CONNECT))
        request = self._client.build_request(
            "POST", self._url + path, json=body, headers=self._headers, timeout=timeout
        )
        response, parts = self._client.send(request, stream=True), list[bytes]()
        with closing(response):
            for part in response.iter_bytes():
                parts.append(part)
                if time.monotonic() > deadline:
                    raise _TooSlow
        headers = {name: value for name, value in response.headers.items() if name.lower() not in OF_TRANSFER}
        return httpx.Response(response.status_code, headers=headers, content=b"".join(parts))

    def failed(self, why: str) -> EncoderFailed:
        """The error for an answer that cannot be used."""
        return self._failed(why, "name another model, or report it to the service")

    def _wait_turn(self, deadline: float) -> None:
        with self._mutex:
            now = time.monotonic()
            turn = max(now, self._next)
            if turn >= deadline:
                raise self._failed(f"it is not its turn for another {turn - now:.0f} s", "raise PAGESIGHT_API_RATE")
            self._next = turn + self._gap
        if turn > now:
            self._pause(turn - now)

    def _json(self, response: httpx.Response) -> dict[str, Any]:
        try:
            found = response.json()
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise self.failed(f"its answer is no JSON object: {self._told(response)}")
        return found

    def _told(self, response: httpx.Response) -> str:
        """The service's own words: ``message``, ``detail`` or ``error.message``, else the start of its answer."""
        try:
            found = response.json()
        except (ValueError, RecursionError):
            found = None
        said: Any = found if isinstance(found, dict) else {}
        inner = said.get("error")
        words = inner.get("message") if isinstance(inner, dict) else inner
        return self._clean(str(words or said.get("message") or said.get("detail") or response.text))[:TOLD]

    def _failed(self, why: str, remedy: str) -> EncoderFailed:
        return EncoderFailed(f"The hosted encoder {self.name} failed: {why.rstrip('. ')}; {remedy}")

    def _clean(self, text: str) -> str:
        return " ".join(text.replace(self._key, "…").split()) if self._key else text


def _retry_after(response: httpx.Response) -> float:
    """Seconds, given as such or as a date."""
    said = response.headers["retry-after"].strip()
    try:
        return float(said)
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(said).timestamp() - time.time()
    except ValueError:
        return 0.0
