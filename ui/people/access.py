"""Who a request comes from and what they may do, for the page, its events and our own addresses.

Where people sign in (``ui/people/accounts.py``) or a proxy names them, their role counts. Where nobody signs in,
everybody may add and remove, as one expects of a program on one's own machine; but settings, which make this program
ask addresses of the network and hold keys, are open to the person at this machine alone: their request comes from the
machine, names it, and was passed on by nobody. In a demo everybody only reads and asks.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request

from rag.service.callers import Caller
from rag.service.roles import Role, allows
from ui.people.accounts import Accounts, network
from ui.people.browsers import COOKIE, owner_of
from ui.people.proxy_sign_in import Proxy, Scope, change_cookies
from ui.words.language import tr, wanted

WINDOW = 600.0  # seconds in which an address of a demo may ask so many questions
MOST_ADDRESSES = 4096  # remembered at once
PASSED_ON = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")  # headers that proxies add


class Questions:
    """How many questions each address has asked of a demo. All methods may be called from any thread."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._asked: dict[str, tuple[int, float]] = {}  # address: how many, and when they are forgotten; oldest first
        self._lock = threading.Lock()

    def one_more(self, address: str) -> float:
        """Count a question; the seconds to wait where it is one too many, which is not counted, else 0."""
        with self._lock:
            now = self._clock()
            while self._asked and next(iter(self._asked.values()))[1] <= now:
                del self._asked[next(iter(self._asked))]
            count, until = self._asked.get(address, (0, now + WINDOW))
            if count >= self._most:
                return until - now
            if not count and len(self._asked) >= MOST_ADDRESSES:
                del self._asked[next(iter(self._asked))]
            self._asked[address] = count + 1, until
            return 0.0


@dataclass(frozen=True)
class Access:
    """How the app was started. ``accounts``: who signs in, None where nobody does; ``alone``: whether the person at
    this machine may change settings where nobody signs in; ``demo``: questions per address of a demo, None where it is
    none; ``proxy``: one that signs people in, None where there is none."""

    accounts: Accounts | None = None
    alone: bool = True
    demo: Questions | None = None
    proxy: Proxy | None = None

    def prepare(self, scope: Scope) -> None:
        """Before a request is looked at: end the sessions that are over, sign in whom the proxy names, and forget
        whose browser it is where nothing is kept."""
        tokens: dict[str, Any] = scope["app"].tokens
        if self.accounts is not None:
            over = self.accounts.ended()
            for token in [token for token, name in tokens.items() if name in over] if over else ():
                tokens.pop(token, None)
        if self.proxy is not None:
            self.proxy.sign_in(scope, tokens)
        if self.demo is not None:
            change_cookies(scope, lambda name: name != COOKIE)

    def role(self, request: Request) -> Role | None:
        """What who sent a request may do; None for somebody who has to sign in first."""
        if self.demo is not None:
            return "reader"
        if self.accounts is not None:
            user = user_of(request)
            return self.accounts.role(user) if user is not None else None
        return "admin" if self.alone and is_here(request) else "editor"

    def caller(self, request: Request) -> Caller | None:
        """Who sent a request; None for somebody who has to sign in first."""
        role, user = self.role(request), user_of(request)
        if role is None:
            return None
        return Caller(user or "browser", role, owner_of(request.cookies, user), signed_in=user is not None)

    def may(self, request: Request, needed: Role) -> bool:
        """Whether who sent a request may do what needs that role."""
        role = self.role(request)
        return role is not None and allows(role, needed)

    def question(self, request: Request) -> str:
        """Count a question; why it is not answered, empty where it is."""
        wait = self.demo.one_more(network(request.client.host if request.client else "")) if self.demo else 0.0
        if not wait:
            return ""
        return tr("This is a demo: enough questions for now, ask again in {count} minutes.", count=round(wait / 60 + 1))


def wanted_by(request: Request, setting: str = "auto") -> str:
    """The language in which who sent a request is answered; ``setting`` is that of the settings."""
    return wanted(request.cookies, request.headers.get("accept-language", ""), setting)


def user_of(request: Request) -> str | None:
    """The name under which the request's access cookie was given out."""
    app = request.app
    names = (f"access-token-{app.cookie_id}", f"access-token-unsecure-{app.cookie_id}")
    users = (app.tokens.get(request.cookies.get(name)) for name in names)
    return next((str(user) for user in users if user is not None), None)


def is_here(request: Request) -> bool:
    """Whether a request was made on this machine, to this machine's own name, and passed on by no proxy.

    The name counts since a page of another site can be made to lead here under a name of its own (DNS rebinding).
    """
    client = request.client
    return (
        client is not None
        and bool(client.port)  # 0: uvicorn 0.51 took the address from a header that a proxy had added
        and _is_loopback(client.host)
        and _names_this_machine(request.headers)
        and not any(name in request.headers for name in PASSED_ON)
    )


def from_own_page(request: Request) -> bool:
    """Whether a request that changes something was sent by our own page, as JSON, and not by another site's."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    origin = request.headers.get("origin", "")
    host = request.headers.get("host", "").lower()
    return kind == "application/json" and (not origin or urlsplit(origin).netloc.lower() == host)


def _names_this_machine(headers: Mapping[str, str]) -> bool:
    try:
        host = urlsplit(f"//{headers.get('host', '')}").hostname or ""
    except ValueError:
        return False
    return host == "localhost" or _is_loopback(host)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False
