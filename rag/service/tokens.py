"""Tokens with which programs use the HTTP API and MCP: made and listed by ``python -m rag token``.

A token is 256 random bits and shown once. Only its SHA-256 is written down, into ``tokens.json`` of the index folder: a
slow hash with salt guards passwords, which people choose and others can guess; nobody can try 2^256 tokens, and who
reads the file cannot go back from the hash. The file is looked at again whenever it has changed, so a token that is
removed, or made, counts at once, also for an app that runs.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
from pathlib import Path
from typing import NamedTuple

from rag.disk import locked
from rag.errors import BadSettings
from rag.service.credentials import Stamp, read_list, stamp, write_list
from rag.service.roles import Role
from rag.storage.database import utc_now

FILE = "tokens.json"
START = "pagesight_"
"""How every token begins, so that people and scanners for leaked secrets know one."""

NAMES = re.compile(r"[\w][\w .@-]{0,63}")
"""What a token may be called: it stands in lists, logs and the names of owners."""


class Token(NamedTuple):
    """A token as it is kept: not itself, but its hash. ``created`` is UTC (ISO 8601)."""

    name: str
    role: Role
    hash: str
    created: str


class Tokens:
    """Of one index folder. All methods may be called from any thread."""

    def __init__(self, index: Path) -> None:
        self._path = index / FILE
        self._lock = threading.Lock()
        self._seen: Stamp | None = None
        self._known: dict[str, Token] = {}  # by hash

    def listed(self) -> list[Token]:
        """All, in the order in which they were made. Raises :class:`StoreError` where the file cannot be understood."""
        return read_list(self._path, "tokens", Token)

    def add(self, name: str, role: Role) -> str:
        """Make a token; it is returned here and never again. Raises :class:`BadSettings`, :class:`StoreError`."""
        if not NAMES.fullmatch(name):
            raise BadSettings(
                f"{name!r} cannot be a token's name; give letters, digits, spaces or . @ _ -, at most 64 of them"
            )
        secret = START + secrets.token_urlsafe(32)
        with locked(self._path.with_suffix(".lock")):
            known = read_list(self._path, "tokens", Token)
            if any(token.name.casefold() == name.casefold() for token in known):
                raise BadSettings(f"There is a token {name!r} already; choose another name, or remove that one first")
            self._write([*known, Token(name, role, _hash(secret), utc_now())])
        return secret

    def remove(self, name: str) -> Token:
        """Revoke a token, at once. Raises :class:`BadSettings` where there is none of that name."""
        with locked(self._path.with_suffix(".lock")):
            known = read_list(self._path, "tokens", Token)
            found = next((token for token in known if token.name.casefold() == name.casefold()), None)
            if found is None:
                names = ", ".join(token.name for token in known)
                there = f"there are: {names}" if names else "there are no tokens; `token add NAME` makes one"
                raise BadSettings(f"There is no token {name!r}; {there}")
            self._write([token for token in known if token is not found])
        return found

    def of(self, secret: str) -> Token | None:
        """The token that a program shows; None for one that was never made, or was removed.

        Looked up by hash, so that the time it takes says nothing about the tokens there are. Raises
        :class:`StoreError` where the file cannot be understood: nobody is let in then.
        """
        with self._lock:
            now = stamp(self._path)
            if now != self._seen:
                self._known = {token.hash: token for token in read_list(self._path, "tokens", Token)}
                self._seen = now
            return self._known.get(_hash(secret))

    def _write(self, tokens: list[Token]) -> None:
        write_list(self._path, "tokens", (token._asdict() for token in tokens))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
