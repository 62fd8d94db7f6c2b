"""Who asks: a name for logs and limits, what they may do, and the word by which their conversations are theirs.

Whoever lets a request in says for whom it is answered (:func:`asking`): the guard of the page's events, its own
addresses, the gate of the API and of MCP. What of the library they see goes by that (:mod:`rag.service.rights`); where
nobody has said it, nothing that is restricted is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from rag.service.roles import Role
from rag.service.tokens import Token

LOCAL = "local"
"""The caller on a machine of one's own, where nobody signs in."""

_LOCAL_OWNER = "program:local"
_TOKEN_OWNER = "token:"  # noqa: S105 - how the owners of conversations of tokens begin
TOKEN = "token "  # noqa: S105 - how the names of tokens begin, as no user's does


class Caller(NamedTuple):
    """``owner`` is empty for somebody of whom nothing is kept. ``signed_in``: not just a browser that is known."""

    name: str
    role: Role
    owner: str
    signed_in: bool = True

    @property
    def sees_all(self) -> bool:
        """Whether no collection is hidden from them: admins, and programs of a machine where nobody signs in."""
        return self.role == "admin" or self.owner == _LOCAL_OWNER

    @property
    def is_token(self) -> bool:
        """Whether it is a program that has shown a token."""
        return self.owner.startswith(_TOKEN_OWNER)


def by_token(token: Token) -> Caller:
    """Another token of the same name has other conversations: whoever holds it may be somebody else."""
    return Caller(f"{TOKEN}{token.name}", token.role, f"{_TOKEN_OWNER}{token.hash[:32]}")


def local_program() -> Caller:
    """A program on this machine, without token or browser."""
    return Caller(LOCAL, "editor", _LOCAL_OWNER)


_ASKING: ContextVar[Caller | None] = ContextVar("asking", default=None)


@contextmanager
def asking(caller: Caller | None) -> Iterator[None]:
    """All that is done inside is done for them; None: for nobody that is known."""
    before = _ASKING.set(caller)
    try:
        yield
    finally:
        _ASKING.reset(before)


def who_asks() -> Caller | None:
    """For whom this is done; None where nobody has said."""
    return _ASKING.get()
