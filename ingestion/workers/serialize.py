"""Values of this package as bytes, and back: whatever the bytes ask for, nothing else is ever built.

A pickle can name any function and have it called. What parses foreign files may have been taken over by one, so what it
answers is built by :class:`_Builder`, which knows only dataclasses, tuples and errors of this package and ``OSError``.
"""

from __future__ import annotations

import builtins
import dataclasses
import importlib
import io
import pickle
import struct
from typing import IO, Any

from ingestion.errors import IngestionError

PACKAGE = "ingestion."
LARGEST = 256 * 2**20  # bytes of one value: a page crowded with 100,000 words takes 20 MB
_LENGTH = struct.Struct(">Q")  # goes before each value on a pipe


def packed(value: object) -> bytes:
    """The bytes of a value."""
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


def unpacked(data: bytes) -> Any:
    """The value of the bytes. Raises :class:`pickle.UnpicklingError` for bytes that are no value of this package."""
    if len(data) > LARGEST:
        raise pickle.UnpicklingError(f"{len(data):,} bytes, more than the {LARGEST:,} of the largest value")
    try:
        return _Builder(io.BytesIO(data)).load()
    except pickle.UnpicklingError:
        raise
    except Exception as exc:  # torn or forged bytes raise anything
        raise pickle.UnpicklingError(f"no value of this package ({type(exc).__name__}: {exc})") from exc


def send(value: object, pipe: IO[bytes]) -> None:
    """Write a value with its length before it."""
    data = packed(value)
    pipe.write(_LENGTH.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def receive(pipe: IO[bytes]) -> Any:
    """The next value. Raises :class:`EOFError` where the pipe has ended, :class:`pickle.UnpicklingError` as above."""
    length = int(_LENGTH.unpack(_exactly(pipe, _LENGTH.size))[0])
    if length > LARGEST:
        raise pickle.UnpicklingError(f"{length:,} bytes are announced, more than the {LARGEST:,} of the largest value")
    return unpacked(_exactly(pipe, length))


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    data = pipe.read(length)
    if len(data) < length:
        raise EOFError
    return data


class _Builder(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        found: Any = None
        if module == "builtins":
            found = getattr(builtins, name, None)
            allowed = isinstance(found, type) and issubclass(found, OSError)
        else:
            found = getattr(importlib.import_module(module), name, None) if module.startswith(PACKAGE) else None
            allowed = isinstance(found, type) and found.__module__ == module and _is_value(found)
        if not allowed:
            raise pickle.UnpicklingError(f"{module}.{name} is no value of this package")
        return found


def _is_value(kind: type) -> bool:
    return dataclasses.is_dataclass(kind) or issubclass(kind, tuple | IngestionError)
