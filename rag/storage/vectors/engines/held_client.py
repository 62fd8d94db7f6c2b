"""What the adapters share whose engine is spoken to by one client: it is opened at its first use, and held."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, TypeVar

from rag.storage.vectors.engines.base import EngineFailed

T = TypeVar("T")


class HeldClient(ABC):
    """``shown`` is the address without secrets; ``alone``: one thread at a time uses the client."""

    def __init__(self, shown: str, alone: bool) -> None:
        self._shown = shown
        self._opening = threading.Lock()
        self._using = threading.RLock() if alone else nullcontext()
        self._client: Any = None

    @abstractmethod
    def _connect(self) -> Any:
        """Another client. May raise anything."""

    def close(self) -> None:
        """Let go of the connection, or of the file; the next use opens it again."""
        with self._opening, self._using:
            if self._client is not None:
                self._client.close()
            self._client = None

    def _run(self, asked: Callable[[Any], T]) -> T:
        """What ``asked`` makes of the client. Raises :class:`EngineFailed` for whatever it and the client raise."""
        try:
            with self._using:
                return asked(self._connected())
        except EngineFailed:
            raise
        except Exception as exc:  # the clients let errors of their transports, of pydantic and their own out
            raise EngineFailed(f"{self._shown} fails ({' '.join(str(exc).split())[:300]})") from exc

    def _connected(self) -> Any:
        with self._opening:
            if self._client is None:
                self._client = self._connect()
            return self._client
