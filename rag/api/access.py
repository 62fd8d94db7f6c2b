"""Who a request comes from, and whether it may come at all.

A program shows a token (``Authorization: Bearer …``). A browser that has signed in on the page is let in by whoever
serves this application, who notes the person in the request's scope (:data:`PERSON`). Where nobody needs to sign in,
and only this machine can reach the address, everyone is let in; then the request must also have been sent *to* this
machine by name, since any website can have its own name point at 127.0.0.1 (DNS rebinding), and by no proxy.

A request that a website of another origin makes a browser send is refused, whatever it shows.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from rag.api.limits import Rates
from rag.api.problems import Refused
from rag.service.callers import Caller, by_token, local_program
from rag.service.roles import Role, allows
from rag.service.tokens import Tokens

PERSON = "pagesight.person"
"""Key of a request's scope: the :class:`~rag.service.callers.Caller` who has signed in on the page, or the browser."""

LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
PASSED_ON = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
"""Headers that proxies add: what they pass on comes from somewhere else, and needs a token."""
SAME = ("same-origin", "none")  # of Sec-Fetch-Site; "none": typed or a bookmark
MAKE_ONE = "`python -m rag token add NAME` makes a token; send it as `Authorization: Bearer TOKEN`"

Scope = MutableMapping[str, Any]


class Access(Protocol):
    """Who may use an application."""

    def caller(self, request: HTTPConnection) -> Caller:
        """Who sent a request. Raises :class:`Refused`."""


@dataclass(frozen=True, slots=True)
class TokensAndPeople:
    """``open_here``: nobody signs in, and the address is one that only this machine can reach."""

    tokens: Tokens
    open_here: bool
    rates: Rates

    def caller(self, request: HTTPConnection) -> Caller:
        """Who sent a request. Raises :class:`Refused`."""
        _same_origin(request)
        shown = request.headers.get("authorization", "")
        if shown:
            return self._by_token(shown, request)
        person = request.scope.get(PERSON)
        if self.open_here and not any(name in request.headers for name in PASSED_ON):
            _to_this_machine(request)
            return person if isinstance(person, Caller) else local_program()
        if isinstance(person, Caller) and person.signed_in:
            return person
        raise Refused(401, "no-token", f"This address needs a token: {MAKE_ONE}.", {"www-authenticate": "Bearer"})

    def _by_token(self, shown: str, request: HTTPConnection) -> Caller:
        kind, _, secret = shown.partition(" ")
        token = self.tokens.of(secret.strip()) if kind.lower() == "bearer" else None
        if token is not None:
            return by_token(token)
        self.rates.wrong_token(request)
        told = {"www-authenticate": 'Bearer error="invalid_token"'}
        raise Refused(401, "wrong-token", f"That token is not known here, or was removed: {MAKE_ONE}.", told)


def demand(caller: Caller, needed: Role) -> None:
    """Raises :class:`Refused` where the caller's role does not allow what needs ``needed``."""
    if not allows(caller.role, needed):
        raise Refused(
            403,
            "role",
            f"This needs the role {needed}, and {caller.name} has {caller.role}; use a token with that role.",
        )


def _same_origin(request: HTTPConnection) -> None:
    origin, host = request.headers.get("origin"), request.headers.get("host", "")
    if origin is not None and urlsplit(origin).netloc.lower() != host.lower():
        raise Refused(
            403,
            "other-origin",
            "This request was sent by a page of another address, which is not allowed. Behind a proxy, have it pass on "
            "the Host header that the browser sent.",
        )
    if request.headers.get("sec-fetch-site", "none") not in SAME:
        raise Refused(403, "other-origin", "This request was sent by a page of another address, which is not allowed.")


def _to_this_machine(request: HTTPConnection) -> None:
    try:
        name = urlsplit(f"//{request.headers.get('host', '')}").hostname
    except ValueError:
        name = None
    if name not in LOCAL_NAMES:
        raise Refused(
            421,
            "wrong-host",
            "Without sign-in this program answers to the names localhost and 127.0.0.1 alone; use one of them, send a "
            "token, or start it with --auth FILE.",
        )
