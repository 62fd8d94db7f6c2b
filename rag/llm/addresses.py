"""Addresses of model servers that a person typed: made whole, and refused where nothing but harm can come of them.

An address is asked by this program and with its rights, so one that leads to the data of a cloud machine itself
(169.254.169.254 and all others of its link) is refused, as are other schemes than HTTP.
"""

from __future__ import annotations

import socket
from ipaddress import ip_address
from urllib.parse import urlsplit

from rag.errors import BadSettings
from rag.proxies import in_the_way

LONGEST = 500  # characters
SCHEMES = ("http", "https")
DEFAULT_PORTS = {"http": 80, "https": 443}

CHECK_ADDRESS = "check its address in Settings, or PAGESIGHT_LLM_BASE_URL"
"""The remedy of many failures: a model is chosen on the page or by variables."""


def server_of(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port: a key that was given for one of them is meant for no other."""
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    return scheme, (parts.hostname or "").rstrip("."), parts.port or DEFAULT_PORTS.get(scheme)


def checked(text: str) -> str:
    """The base address of an OpenAI-compatible server; ``/v1`` is added where no path was typed.

    The host's name is looked up. Raises :class:`BadSettings`.
    """
    url = text.strip()
    if "://" not in url and url:
        url = f"http://{url}"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as exc:
        raise BadSettings(f"{text[:LONGEST]!r} is no address of a server ({exc})") from exc
    if parts.scheme.lower() not in SCHEMES or not parts.hostname or len(url) > LONGEST or not url.isprintable():
        raise BadSettings(f"{text[:LONGEST]!r} is no address of a server; give one like http://127.0.0.1:11434/v1")
    if parts.username is not None or parts.password is not None:
        raise BadSettings("The address has a name or password in it; give the key in its own field")
    if parts.query or parts.fragment:
        raise BadSettings(f"{text!r}: an address of a server ends with its path, usually /v1; leave out what follows")
    _check_host(parts.hostname, port or DEFAULT_PORTS[parts.scheme.lower()], url)
    return f"{url.rstrip('/')}/v1" if parts.path in ("", "/") else url.rstrip("/")


def _check_host(host: str, port: int, url: str) -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as exc:
        if in_the_way(url):
            return  # the proxy looks the name up
        raise BadSettings(f"There is no machine named {host!r} ({exc}); check the address") from exc
    for entry in found:
        address = ip_address(str(entry[4][0]).partition("%")[0])
        mapped = getattr(address, "ipv4_mapped", None) or address
        if mapped.is_loopback:
            continue  # ::1 counts as reserved
        if mapped.is_link_local or mapped.is_multicast or mapped.is_unspecified or mapped.is_reserved:
            raise BadSettings(f"{host} leads to {mapped}, where no model server can be; give its own address")
