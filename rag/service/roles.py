"""What people and programs may do: three roles, each of which may do all that those before it may.

reader   searches, reads, asks, keeps conversations of their own, votes
editor   adds and removes documents, too
admin    changes settings and users, too
"""

from __future__ import annotations

from typing import Literal, TypeGuard, get_args

Role = Literal["reader", "editor", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
"""From the one that may do least."""


def is_role(word: str) -> TypeGuard[Role]:
    """Whether a word from outside names a role."""
    return word in ROLES


def allows(role: Role, needed: Role) -> bool:
    """Whether who has ``role`` may do what needs ``needed``."""
    return ROLES.index(role) >= ROLES.index(needed)
