"""People whom a reverse proxy has signed in: it names them in a header, which counts only from the proxy's own address.

A request with that header is given a session of the person, as if they had signed in here; a session cookie that the
browser sends along does not count beside it. From any other address the header means nothing.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, MutableMapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from rag.errors import BadSettings
from rag.service.users import NAMES

Scope = MutableMapping[str, Any]
Network = IPv4Network | IPv6Network
LOCAL_PROXIES = ("127.0.0.1", "::1")
MOST_NAMES = 10_000  # of people the proxy has named, remembered at once
HEADER_NAME = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")


class Proxy:
    """``header`` is what the proxy names people in; ``addresses`` are its own, or networks (10.0.0.0/24).

    Raises :class:`BadSettings` for what can be no header or address.
    """

    def __init__(self, header: str, addresses: tuple[str, ...] = LOCAL_PROXIES) -> None:
        if not header or not set(header.lower()) <= HEADER_NAME:
            raise BadSettings(f"--auth-header {header!r} is no name of a header; give one like X-Forwarded-User")
        self._header = header.lower().encode()
        self._networks = tuple(_network(address) for address in addresses)
        self._tokens: dict[str, str] = {}  # by name

    def sign_in(self, scope: Scope, tokens: dict[str, Any]) -> None:
        """Where the proxy names somebody, make the request one of their session."""
        named = [value for name, value in scope["headers"] if name == self._header]
        if not named or not self._is_proxy(scope):
            return
        app = scope["app"]
        cookies = {f"access-token-{app.cookie_id}", f"access-token-unsecure-{app.cookie_id}"}
        change_cookies(scope, lambda name: name not in cookies)
        user = named[0].decode("latin-1").strip()
        if len(named) > 1 or not NAMES.fullmatch(user):
            return  # nobody's: not to be guessed which of two is meant
        if len(self._tokens) > MOST_NAMES:
            self._tokens.clear()
        token = self._tokens.setdefault(user, secrets.token_urlsafe(32))
        tokens[token] = user
        scope["headers"] = [*scope["headers"], (b"cookie", f"access-token-unsecure-{app.cookie_id}={token}".encode())]

    def _is_proxy(self, scope: Scope) -> bool:
        """Whether the connection comes from the proxy.

        uvicorn 0.51 puts the address of X-Forwarded-For, with port 0, in place of a connection's own where that is one
        of FORWARDED_ALLOW_IPS (this machine, unless set): then all of those must be addresses of the proxy.
        """
        host, port = scope.get("client") or ("", 0)
        behind = [str(host)] if port else os.environ.get("FORWARDED_ALLOW_IPS", LOCAL_PROXIES[0]).split(",")
        return all(self._holds(address.strip()) for address in behind)

    def _holds(self, address: str) -> bool:
        try:
            network = ip_network(address.partition("%")[0])
        except ValueError:
            return False
        mapped = getattr(network.network_address, "ipv4_mapped", None)
        network = ip_network(mapped) if mapped is not None else network
        return any(
            network.version == one.version and network.subnet_of(one)  # type: ignore[arg-type]
            for one in self._networks
        )


def change_cookies(scope: Scope, kept: Callable[[str], bool]) -> None:
    """Leave only the cookies whose names are to be kept in a request."""
    headers = []
    for name, value in scope["headers"]:
        if name != b"cookie":
            headers.append((name, value))
            continue
        parts = [part.strip() for part in value.decode("latin-1").split(";")]
        left = [part for part in parts if part and kept(part.partition("=")[0].strip())]
        if left:
            headers.append((name, "; ".join(left).encode("latin-1")))
    scope["headers"] = headers


def _network(address: str) -> Network:
    try:
        return ip_network(address)
    except ValueError as exc:
        raise BadSettings(f"--auth-proxy {address!r} is no address or network; give one like 10.0.0.5") from exc
