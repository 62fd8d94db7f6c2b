"""What is told of a request that is not as it is described: a method that its address does not take, names that there
are not, values that cannot be."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import Response

from rag.api.arguments import meant
from rag.api.methods import taken
from rag.api.problems import NOT_JSON, Refused, response_of

MOST_ERRORS = 20  # told of one request
LONGEST_ERROR = 300  # characters
UNPARSED = "There was an error parsing the body"  # FastAPI's words (0.165)
UNREADABLE = Refused(
    400,
    "unreadable-body",
    "The body cannot be read: JSON is text in UTF-8, and no deeper nested than /api/openapi.json describes it. "
    "Encode it so, and send it again.",
)


async def handle(request: Request, exc: Exception) -> Response:
    """For ``FastAPI.add_exception_handler``."""
    if isinstance(exc, HTTPException) and exc.status_code == 405:
        return response_of(_wrong_method(request))
    if isinstance(exc, HTTPException) and exc.detail == UNPARSED and not isinstance(exc.__cause__, OSError):
        return response_of(UNREADABLE)
    return response_of(_invalid(request, exc) if isinstance(exc, RequestValidationError) else exc)


def _wrong_method(request: Request) -> Refused:
    methods = taken(request.scope, request.app.router.routes)
    said = " and ".join(filter(None, (", ".join(methods[:-1]), methods[-1] if methods else "other methods")))
    detail = f"This address takes {said}, not {request.method[:20]}; /api/openapi.json says what each does."
    return Refused(405, "wrong-method", detail, {"allow": ", ".join(methods)})


def _invalid(request: Request, exc: RequestValidationError) -> Refused:
    """What is wrong, a line each; of a name that was mistyped first, with the one that was meant."""
    found = sorted(exc.errors()[:MOST_ERRORS], key=lambda error: error.get("type") != "extra_forbidden")
    missing = [_place(error) for error in found if error.get("type") == "missing"]
    known = _fields(request.scope.get("route"))
    wrong = [_one_error(error, known, missing)[:LONGEST_ERROR] for error in found]
    said = wrong[0] if wrong else "it cannot be read"
    detail = f"The request is not as /api/openapi.json describes it: {said}"
    return Refused(422, "invalid-request", detail, errors=wrong)


def _one_error(error: Mapping[str, Any], known: Sequence[str], missing: Sequence[str]) -> str:
    place, kind, said = _place(error), error.get("type"), str(error.get("msg", ""))
    if kind == "extra_forbidden":
        said = f"there is no such name here{meant(place, known, missing)}"
    elif kind == "missing":
        said = "is missing"
    elif kind == "json_invalid":
        place, said = "the body", f"is no JSON ({(error.get('ctx') or {}).get('error', said)})"
    elif place == "the body" and isinstance(error.get("input"), bytes | str):
        said = NOT_JSON
    elif kind == "model_attributes_type":
        said = f"is no object; send names and values in braces: {', '.join(known)}"
    elif "UploadFile" in said:
        place, said = place.partition(".")[0], "is no file; send one with its name, as curl does with -F file=@NAME"
    return f"{place[:80]}: {said}"


def _place(error: Mapping[str, Any]) -> str:
    where = error.get("loc")
    names = [str(part) for part in where if part not in ("body", "query", "path")] if isinstance(where, tuple) else []
    return ".".join(names) or "the body"


def _fields(route: object) -> list[str]:
    """Of the JSON that an address takes: all bodies are flat."""
    bodies = route.dependant.body_params if isinstance(route, APIRoute) else []
    kinds = [one.field_info.annotation for one in bodies]
    models = [kind for kind in kinds if inspect.isclass(kind) and issubclass(kind, BaseModel)]
    return [name for model in models for name in model.model_fields]
