"""The grammar of an encoder's name: a model, and options that shape its vectors."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import parse_qsl, quote

from rag.errors import BadSettings

API_PREFIX = "api:"
INT8 = "int8"
PRECISIONS = ("float32", "bfloat16", "float16", INT8)


@dataclass(frozen=True, slots=True)
class Options:
    """All beside the weights that shapes vectors. ``dim`` 0 keeps all; a prefix stands before every text embedded;
    ``align`` is a file that `python -m rag align` wrote."""

    precision: str = "float32"
    dim: int = 0
    query: str = ""
    passage: str = ""
    align: str = ""


PLAIN = Options()
NAMES = tuple(field.name for field in fields(Options))


@dataclass(frozen=True, slots=True)
class Spec:
    """``model`` is a hub name, a folder, or a word such as ``static``."""

    model: str
    options: Options = PLAIN

    def __str__(self) -> str:
        """Only what differs from :data:`PLAIN` is written, so that a model without options is its bare name."""
        said = {name: getattr(self.options, name) for name in NAMES}
        written = [f"{name}={quote(str(value), safe=' :/')}" for name, value in said.items() if value != _plain(name)]
        return f"{self.model}?{'&'.join(written)}" if written else self.model


def parse(text: str, variable: str, defaults: Options = PLAIN) -> Spec:
    """``text`` as a spec; options it does not name come from ``defaults``. Raises :class:`BadSettings`."""
    model, mark, tail = text.rpartition("?")
    if not mark or "=" not in tail:
        return Spec(text, defaults)
    said: dict[str, Any] = {}
    for name, value in parse_qsl(tail.replace("+", "%2B"), keep_blank_values=True):
        if name not in NAMES:
            raise BadSettings(f"{variable} is {text!r}: {name!r} is no option; there are {', '.join(NAMES)}")
        said[name] = _number(text, variable, name, value) if name == "dim" else value
    options = replace(defaults, **said)
    if options.precision not in PRECISIONS:
        raise BadSettings(f"{variable} is {text!r}: precision can be {', '.join(PRECISIONS)}")
    return Spec(model, options)


def _number(text: str, variable: str, name: str, value: str) -> int:
    if not value.isdecimal():
        raise BadSettings(f"{variable} is {text!r}: {name} must be a whole number, like {name}=128")
    return int(value)


def _plain(name: str) -> object:
    return getattr(PLAIN, name)
