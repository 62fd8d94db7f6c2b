"""Tokens with which programs use the HTTP API and MCP: made and listed by ``python -m rag token``.

A token is 256 random bits and shown once. Only its SHA-256 is written down: a slow hash with salt guards passwords,
which people choose and others can guess; nobody can try 2^256 tokens, and who reads the hash cannot go back from it. A
token that is removed, or made, counts at once, also for an app that runs.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from pathlib import Path

from rag.errors import BadSettings
from rag.service import credentials
from rag.service.credentials import Entry
from rag.service.roles import Role
from rag.storage.records.catalogue import Catalogue
from rag.storage.tables.database import utc_now

Token = Entry
START = "pagesight_"
"""How every token begins, so that people and scanners for leaked secrets know one."""

NAMES = re.compile(r"[\w][\w .@-]{0,63}")
"""What a token may be called: it stands in lists, logs and the names of owners."""


class Tokens:
    """Of the library in the folder ``index``: see :func:`rag.service.credentials.of_library`. Threads may share it.

    Every method raises :class:`~rag.errors.StoreError` where they cannot be understood or reached: nobody is let in.
    """

    def __init__(self, index: Path, catalogue: Catalogue | None = None) -> None:
        self._kept = credentials.of_library(index, catalogue, "tokens")

    def listed(self) -> list[Token]:
        """All, in the order in which they were made."""
        return list(self._kept.listed())

    def add(self, name: str, role: Role) -> str:
        """Make a token; it is returned here and never again. Raises :class:`BadSettings`."""
        if not NAMES.fullmatch(name):
            raise BadSettings(
                f"{name!r} cannot be a token's name; give letters, digits, spaces or . @ _ -, at most 64 of them"
            )
        secret = START + secrets.token_urlsafe(32)
        with self._kept.changing() as known:
            if any(token.name.casefold() == name.casefold() for token in known):
                raise BadSettings(f"There is a token {name!r} already; choose another name, or remove that one first")
            known.append(Token(name, role, _hash(secret), utc_now()))
        return secret

    def remove(self, name: str) -> Token:
        """Revoke a token, at once. Raises :class:`BadSettings` where there is none of that name."""
        with self._kept.changing() as known:
            found = next((token for token in known if token.name.casefold() == name.casefold()), None)
            if found is None:
                names = ", ".join(token.name for token in known)
                there = f"there are: {names}" if names else "there are no tokens; `token add NAME` makes one"
                raise BadSettings(f"There is no token {name!r}; {there}")
            known.remove(found)
        return found

    def of(self, secret: str) -> Token | None:
        """The token that a program shows; None for one that was never made, or was removed.

        Looked up by hash, so that the time it takes says nothing about the tokens there are.
        """
        return {token.hash: token for token in self._kept.listed()}.get(_hash(secret))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
