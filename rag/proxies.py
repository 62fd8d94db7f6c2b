"""Which proxy of the environment stands between us and a server, and that none stands before this machine itself.

HTTP clients take ``http_proxy``, ``https_proxy`` and ``all_proxy`` for every host that ``no_proxy`` does not name,
``localhost`` included. A proxy cannot reach what runs on this machine, so addresses of it are never sent through one.
"""

from __future__ import annotations

import os
import re
from ipaddress import ip_address
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass


def is_here(url: str) -> bool:
    """Whether an address is one of this machine: ``localhost``, 127.x.x.x, ::1, 0.0.0.0."""
    host = _host(url)
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def in_the_way(url: str) -> str:
    """The proxy that requests to ``url`` go through, and what to do about it; empty where there is none."""
    host, scheme = _host(url), url.partition(":")[0].lower()
    found = getproxies()
    kind = scheme if found.get(scheme) else "all"
    if is_here(url) or not found.get(kind) or proxy_bypass(host):
        return ""
    variable = next((v for v in (f"{kind}_proxy", f"{kind.upper()}_PROXY") if os.environ.get(v)), "")
    source = f"of {variable}" if variable else "of the system's settings"
    return (
        f"requests go through the proxy {re.sub(r'//[^/@]*@', '//', found[kind])} {source}; "
        f"if it is not meant for this server, set no_proxy={host}"
    )


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
