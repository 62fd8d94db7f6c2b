"""A small memory of what was computed last, for answers that only depend on their key."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """The values of the ``size`` keys used last. Safe to share between threads."""

    def __init__(self, size: int) -> None:
        self._size, self._mutex = size, threading.Lock()
        self._values: OrderedDict[Key, Value] = OrderedDict()

    def get(self, key: Key) -> Value | None:
        """The value of a key; None where it is not remembered. It counts as used now."""
        with self._mutex:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: Key, value: Value) -> None:
        """Remember a value; where there is no more room the one used longest ago is forgotten."""
        with self._mutex:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > self._size:
                self._values.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        with self._mutex:
            self._values.clear()

    def __len__(self) -> int:
        with self._mutex:
            return len(self._values)
