"""Hashes of passwords by Argon2id with the parameters of RFC 9106 for memory of 64 MiB, as argon2-cffi has them.

A check takes some 50 ms and 64 MiB on purpose, so only a few run at once.
"""

from __future__ import annotations

import secrets
import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from rag.errors import BadSettings

SHORTEST, LONGEST = 8, 1024  # characters
AT_ONCE = 2  # checks; each has 64 MiB
_HASHER = PasswordHasher()
_TURNS = threading.BoundedSemaphore(AT_ONCE)


def hashed(password: str) -> str:
    """With a salt of its own. Raises :class:`BadSettings` for a password that is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadSettings(f"A password has {SHORTEST} to {LONGEST:,} characters; this has {len(password):,}")
    return _HASHER.hash(password)


def is_right(password: str, hash: str) -> bool:
    """Whether a password is the one of a hash; an empty hash takes as long, and is nobody's."""
    if len(password) > LONGEST:
        return False
    with _TURNS:
        nobody = _nobody()
        try:
            return _HASHER.verify(hash or nobody, password) and bool(hash)
        except (VerificationError, InvalidHashError):
            return False


@cache
def _nobody() -> str:
    """The hash of a word that nobody knows: checked where there is no such user, so that the time says nothing."""
    return _HASHER.hash(secrets.token_urlsafe(32))
