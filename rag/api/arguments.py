"""Arguments that an address does not have are refused: one that is only overlooked changes what is asked for.

``GET /api/v1/search?q=pump&docs=manual.pdf`` would search the whole library; it says that ``doc`` was probably meant.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
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
    names = sorted(known)
    near = difflib.get_close_matches(unknown.lower(), names, n=1, cutoff=ALIKE)
    meant = f"; did you mean {near[0]}?" if near else "."
    there = f"There are {', '.join(names)}." if names else "There are none here."
    return f"There is no {what} {unknown[:80]!r}{meant} {there}"


def _names(fields: Iterable[Any]) -> set[str]:
    return {str(field.alias) for field in fields}


def _check(sent: Iterable[str], known: set[str], what: str) -> None:
    unknown = next((name for name in sent if name not in known), None)
    if unknown is not None:
        raise Refused(422, "unknown-argument", refusal(unknown, known, what))
