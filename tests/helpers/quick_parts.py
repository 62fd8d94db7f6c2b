"""Two parts that cost tests more time than all they test: hashing passwords, and loading the static word vectors.

Both stay what they are. Passwords are hashed by Argon2id with its smallest parameters, for to take long is what the
others are for (two tenths of a second for each user and each sign-in). The word vectors, which nothing changes, are
loaded once per process, not for each index that is made (a tenth).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST

from rag.encoders import static
from rag.service import passwords

HASHER = passwords._HASHER
"""The one of the app."""
_load = static.StaticWords


@contextmanager
def quick_parts() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", PasswordHasher.from_parameters(CHEAPEST))
        patch.setattr(static, "StaticWords", lambda: _loaded(static._package_folder()))
        yield


@cache
def _loaded(folder: Path) -> static.StaticWords:
    return _load()
