"""Arguments that an address does not have are refused: one that is only overlooked changes what is asked for.

``GET /api/v1/search?q=pump&docs=manual.pdf`` would search the whole library; it says that ``doc`` was probably meant.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Any

from fastapi import Request
from fastapi.params import Form
from fastapi.routing import APIRoute

from rag.api.problems import NOT_JSON, Refused

ALIKE = 0.5  # of a name that may have been meant: "document" for "docs"
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")


async def only_known(request: Request) -> None:
    """Of every address, before it is answered. JSON bodies are checked by their models. Raises :class:`Refused`."""
    route = request.scope.get("route")
    if not isinstance(route, APIRoute):
        return
    takes = route.dependant  # all of it: no address takes arguments through a dependency
    _check(request.query_params, _names(takes.query_params), "parameter")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in FORMS or not takes.body_params:
        return
    if all(isinstance(one.field_info, Form) for one in takes.body_params):
        _check(await request.form(), _names(takes.body_params), "field")
    else:
        raise Refused(422, "invalid-request", f"The body, sent as {kind}, {NOT_JSON}")


def refusal(unknown: str, known: Iterable[str], what: str) -> str:
    """What is told of an argument that there is not."""
    return f"There is no {what} {unknown[:80]!r}{meant(unknown, known)}"


def meant(unknown: str, known: Iterable[str], missing: Sequence[str] = ()) -> str:
    """``; did you mean question? There are question, docs.``: the names that there are, those that may have been meant
    first. Where none is alike, one of ``missing`` was meant: those that are needed and were not sent."""
    names = sorted(known, key=lambda name: (-_likeness(unknown, name), name))
    if not names:
        return ". There are none here."
    near = next((name for name in names if _likeness(unknown, name) >= ALIKE), "")
    wanted = near or next((name for name in names if name in missing), "")
    there = ", ".join(sorted(names, key=lambda name: name != wanted))
    return f"{f'; did you mean {wanted}?' if wanted else '.'} There are {there}."


def _likeness(unknown: str, name: str) -> float:
    """From 0 to 1; a name that is the start of the other is as good as one that has half its letters."""
    unknown = unknown.lower()
    begins = ALIKE if unknown and (name.startswith(unknown) or unknown.startswith(name)) else 0.0
    return max(difflib.SequenceMatcher(None, unknown, name).ratio(), begins)


def _names(fields: Iterable[Any]) -> set[str]:
    return {str(field.alias) for field in fields}


def _check(sent: Iterable[str], known: set[str], what: str) -> None:
    unknown = next((name for name in sent if name not in known), None)
    if unknown is not None:
        raise Refused(422, "unknown-argument", refusal(unknown, known, what))
