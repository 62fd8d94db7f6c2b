"""Answers that are being written, each in a thread of its own: one goes on when the page that asked for it is loaded
anew or closed, and every tab that shows its conversation can watch it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextvars import copy_context

from ui.state.session import Exchange

AT_ONCE = 8  # answers; further ones wait, shown as searching
log = logging.getLogger(__name__)
Tell = Callable[[], None]


class Answering:
    """An answer on its way into ``exchange``. ``problem`` is what the person should know when it is ``over``."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.problem = ""
        self.over = False
        self._version = 0
        self._changed = threading.Condition()

    def tell(self) -> None:
        """Something has come."""
        with self._changed:
            self._version += 1
            self._changed.notify_all()

    def wait(self, seen: int, seconds: float) -> int:
        """Wait until there is more than ``seen``, or it is over, or so many seconds; what to give next time."""
        with self._changed:
            self._changed.wait_for(lambda: self._version > seen or self.over, seconds)
            return self._version

    def end(self) -> None:
        """No more will come."""
        with self._changed:
            self.over = True
            self._changed.notify_all()


class Answers:
    """All that are being written by this program. All methods may be called from any thread."""

    def __init__(self) -> None:
        self._live: dict[str, Answering] = {}  # by the id of the exchange
        self._threads: dict[str, threading.Thread] = {}
        self._lock = threading.Lock()
        self._room = threading.Semaphore(AT_ONCE)

    def start(self, exchange: Exchange, write: Callable[[Tell], str]) -> Answering:
        """Have an answer written: ``write`` is given what to call when something has come, and returns what the person
        should know."""
        answering = Answering(exchange)
        for_whom = copy_context()  # what they may see goes along
        thread = threading.Thread(target=for_whom.run, args=(self._run, answering, write), name="answer", daemon=True)
        with self._lock:
            self._live[exchange.id], self._threads[exchange.id] = answering, thread
        thread.start()
        return answering

    def of(self, exchange_id: str) -> Answering | None:
        """The one of an exchange; None where it is not being written here."""
        with self._lock:
            return self._live.get(exchange_id)

    def stop(self, seconds: float) -> None:
        """At the end of the program: every answer stops with what has come so far."""
        with self._lock:
            live, threads = list(self._live.values()), list(self._threads.values())
        for answering in live:
            answering.exchange.stop()
        for thread in threads:
            thread.join(seconds)

    def _run(self, answering: Answering, write: Callable[[Tell], str]) -> None:
        exchange = answering.exchange
        try:
            with self._room:
                answering.problem = write(answering.tell)
        except Exception:
            log.exception("an answer broke off")
            answering.problem = "An internal error; details are on the console."
        finally:
            exchange.stop()
            with self._lock:
                self._live.pop(exchange.id, None)
                self._threads.pop(exchange.id, None)
            answering.end()
