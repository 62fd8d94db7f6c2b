"""The wire to a hosted encoder: JSON over HTTP with a key, patience and a pace.

Enters: a path and a JSON body. Leaves: the JSON answer. Must not know: texts, pictures, what the answer means.
The key leaves it in one header alone: errors and logs are cleaned of it, redirections are not followed.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2 as httpx

from rag.errors import EncoderFailed

TIMEOUT = httpx.Timeout(60.0, connect=5.0)  # seconds
TRIES = 6
FIRST_PAUSE = 1.0  # seconds before the second try, doubled each time, with up to half as much again at random
LONGEST_PAUSE = 60.0  # seconds; a service that asks for a longer one is out of its quota, not busy
BUSY = (408, 409, 425, 429, 500, 502, 503, 504, 529)
TOLD = 300  # characters of a service's own words in an error

log = logging.getLogger(__name__)


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
        self._client = httpx.Client(timeout=TIMEOUT, follow_redirects=False)

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to one request, tried up to TRIES times while the service is busy or out of reach.

        Raises :class:`EncoderFailed`.
        """
        trouble = ""
        for attempt in range(TRIES):
            if attempt:
                log.info("%s: %s; trying again", self.name, trouble)
            self._wait_turn()
            asked = FIRST_PAUSE * 2**attempt * random.uniform(1.0, 1.5)
            try:
                response = self._client.post(self._url + path, json=body, headers=self._headers)
            except (httpx.TransportError, httpx.InvalidURL) as exc:
                trouble = f"{self._url} cannot be reached ({self._clean(str(exc) or type(exc).__name__)})"
            else:
                if response.status_code == httpx.codes.OK:
                    return self._json(response)
                trouble = f"it answers {response.status_code}: {self._told(response)}"
                if response.status_code not in BUSY:
                    raise self._failed(trouble, "check the model's name and the key")
                asked = max(_retry_after(response), 0.0) if "retry-after" in response.headers else asked
                if asked > LONGEST_PAUSE:
                    raise self._failed(f"{trouble} It asks to wait {asked:.0f} s", "come back later")
            if attempt + 1 < TRIES:
                self._pause(min(asked, LONGEST_PAUSE))
        raise self._failed(f"{trouble} (tried {TRIES} times)", "try again later, or lower PAGESIGHT_API_RATE")

    def failed(self, why: str) -> EncoderFailed:
        """The error for an answer that cannot be used."""
        return self._failed(why, "name another model, or report it to the service")

    def _wait_turn(self) -> None:
        with self._mutex:
            now = time.monotonic()
            turn = max(now, self._next)
            self._next = turn + self._gap
        if turn > now:
            self._pause(turn - now)

    def _json(self, response: httpx.Response) -> dict[str, Any]:
        try:
            found = response.json()
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise self.failed(f"its answer is no JSON object: {self._told(response)}")
        return found

    def _told(self, response: httpx.Response) -> str:
        """The service's own words: ``message``, ``detail`` or ``error.message``, else the start of its answer."""
        try:
            found = response.json()
        except ValueError:
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
