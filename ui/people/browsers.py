"""Which browser a request comes from: a random cookie, so that a reloaded page and a second tab find their uploads and
their conversations.

The cookie cannot be guessed and says nothing about anybody; a browser that keeps no cookies has no key.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping

COOKIE = "pagesight-browser"
YEAR = 365 * 86400  # seconds since the page was last opened; browsers allow 400 days
_VALUE = re.compile(r"[\w-]{20,64}")


def key_of(cookies: Mapping[str, str], user: str | None = None) -> str:
    """The browser's key, empty without a cookie of ours; another one for each user who signs in there."""
    value = cookies.get(COOKIE, "")
    return f"{value} {user or ''}" if _VALUE.fullmatch(value) else ""


def new_cookie(cookies: Mapping[str, str]) -> str:
    """A ``Set-Cookie`` value: a new key for a browser that has none yet, else the one it has, for another year."""
    value = cookies[COOKIE] if key_of(cookies) else secrets.token_urlsafe(24)
    return f"{COOKIE}={value}; Path=/; Max-Age={YEAR}; HttpOnly; SameSite=Lax"


def owner_of(cookies: Mapping[str, str], user: str | None) -> str:
    """Whose conversations a request may see: of who signed in, else of the browser; nobody's without a cookie.

    The cookie itself is never written down: who reads the catalogue could pass for its browser.
    """
    if user:
        return f"user:{user}"
    key = key_of(cookies)
    return f"browser:{hashlib.sha256(key.encode()).hexdigest()[:32]}" if key else ""
