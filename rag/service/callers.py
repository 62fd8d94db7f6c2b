"""Who asks: a name for logs and limits, what they may do, and the word by which their conversations are theirs."""

from __future__ import annotations

from typing import NamedTuple

from rag.service.roles import Role
from rag.service.tokens import Token

LOCAL = "local"
"""The caller on a machine of one's own, where nobody signs in."""


class Caller(NamedTuple):
    """``owner`` is empty for somebody of whom nothing is kept. ``signed_in``: not just a browser that is known."""

    name: str
    role: Role
    owner: str
    signed_in: bool = True


def by_token(token: Token) -> Caller:
    """Another token of the same name has other conversations: whoever holds it may be somebody else."""
    return Caller(f"token {token.name}", token.role, f"token:{token.hash[:32]}")


def local_program() -> Caller:
    """A program on this machine, without token or browser."""
    return Caller(LOCAL, "editor", "program:local")
