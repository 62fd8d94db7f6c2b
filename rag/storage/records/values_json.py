"""Frozen values (dataclasses and NamedTuples) as JSON and back, across versions of their types.

What is kept today is read by later versions, and by earlier ones after going back: a field that the type does not know
is skipped, one that is missing or holds something else has its default, or is empty. So a value always comes back, with
all of it that its type still has a place for. Paths are left out: they are of this machine and this moment.
"""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

Value = TypeVar("Value")
Json = Any
_EMPTY: dict[Any, Any] = {str: "", int: 0, float: 0.0, bool: False}


class _Unfit(Exception):
    """What is kept is no value of the type."""


def to_json(value: object) -> Json:
    """Dataclasses as objects by their fields' names, NamedTuples and tuples as lists; paths as null.

    Raises :class:`TypeError` for what JSON cannot hold.
    """
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Path):
        return None
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, Sequence | frozenset):
        return [to_json(item) for item in value]
    raise TypeError(f"{type(value).__name__} cannot be kept as JSON")


def from_json(kind: type[Value], kept: Json) -> Value:
    """A value of ``kind`` from what :func:`to_json` gave, by this or another version; one comes back in any case."""
    try:
        found: Value = _read(kind, kept)
    except _Unfit:
        found = _empty(kind)
    return found


def _read(kind: Any, kept: Json) -> Any:
    origin = get_origin(kind)
    if origin is Literal:
        return _fits(kept in get_args(kind), kept)
    if origin in (Union, types.UnionType):
        return _read_one_of(get_args(kind), kept)
    if origin in (tuple, list, frozenset, Sequence):
        return _read_many(origin, get_args(kind), kept)
    if origin in (dict, Mapping):
        _fits(isinstance(kept, dict), kept)
        return {key: _read(get_args(kind)[1], item) for key, item in kept.items()}
    if kind in _EMPTY:
        return _read_plain(kind, kept)
    if kind is type(None):
        return _fits(kept is None, kept)
    if isinstance(kind, type) and is_dataclass(kind):
        return _read_dataclass(kind, kept)
    if isinstance(kind, type) and issubclass(kind, tuple) and hasattr(kind, "_fields"):
        return _read_named_tuple(kind, kept)
    raise _Unfit


def _fits(right: bool, kept: Json) -> Any:
    if not right:
        raise _Unfit
    return kept


def _read_plain(kind: Any, kept: Json) -> Any:
    if kind is float and isinstance(kept, int) and not isinstance(kept, bool):
        return float(kept)
    return _fits(type(kept) is kind, kept)


def _read_one_of(kinds: Sequence[Any], kept: Json) -> Any:
    for kind in kinds:
        try:
            return _read(kind, kept)
        except _Unfit:
            continue
    raise _Unfit


def _read_many(origin: Any, kinds: Sequence[Any], kept: Json) -> Any:
    _fits(isinstance(kept, list), kept)
    if origin is tuple and (len(kinds) != 2 or kinds[1] is not Ellipsis):
        _fits(len(kinds) <= len(kept), kept)
        return tuple(_read(kind, item) for kind, item in zip(kinds, kept, strict=False))
    items = [_read(kinds[0], item) for item in kept]
    return items if origin is list else frozenset(items) if origin is frozenset else tuple(items)


def _read_dataclass(kind: Any, kept: Json) -> Any:
    _fits(isinstance(kept, dict), kept)
    return kind(**{field.name: _field(kind, field, kept) for field in fields(kind) if field.init})


def _field(kind: Any, field: Field[Any], kept: Mapping[str, Json]) -> Any:
    hint = _hints(kind)[field.name]
    if field.name in kept:
        try:
            return _read(hint, kept[field.name])
        except _Unfit:
            pass
    if field.default is not MISSING:
        return field.default
    if field.default_factory is not MISSING:
        return field.default_factory()
    return _empty(hint)


def _read_named_tuple(kind: Any, kept: Json) -> Any:
    _fits(isinstance(kept, list), kept)
    values = list[Any]()
    for place, name in enumerate(kind._fields):
        hint = _hints(kind)[name]
        if place < len(kept):
            values.append(_read(hint, kept[place]))
        else:
            values.append(kind._field_defaults.get(name, _MISSING))
    if _MISSING in values:
        raise _Unfit
    return kind._make(values)


_MISSING: Any = object()


def _empty(kind: Any) -> Any:
    """What stands for a value of which nothing is kept."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return None if type(None) in get_args(kind) else _empty(get_args(kind)[0])
    if origin is Literal:
        return get_args(kind)[0]
    if origin in (list, dict, frozenset):
        return origin()
    if origin is Mapping:
        return {}
    if origin in (tuple, Sequence):
        inner = get_args(kind)
        return tuple(_empty(item) for item in inner) if origin is tuple and Ellipsis not in inner else ()
    if isinstance(kind, type) and is_dataclass(kind):
        return _read_dataclass(kind, {})
    if isinstance(kind, type) and issubclass(kind, tuple) and hasattr(kind, "_fields"):
        return _empty_named_tuple(kind)
    return _EMPTY.get(kind)


def _empty_named_tuple(kind: Any) -> Any:
    return kind._make(kind._field_defaults.get(name, _empty(_hints(kind)[name])) for name in kind._fields)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
