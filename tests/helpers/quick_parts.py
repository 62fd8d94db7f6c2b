"""Three parts that cost tests more time than all they test: hashing passwords, loading the static word vectors, and
opening the sentence encoders that packages ship.

Both stay what they are. Passwords are hashed by Argon2id with its smallest parameters, for to take long is what the
others are for (two tenths of a second for each user and each sign-in). The word vectors and the sentence encoders, which
nothing changes, are loaded once per process, not for each index that is made or opened (a tenth; a whole second).
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
from rag.encoders.packaged import sentence
from rag.encoders.packaged.models import PackagedModel
from rag.encoders.parts import Runtime
from rag.service import passwords

HASHER = passwords._HASHER
"""The one of the app."""
_load = static.StaticWords
_open = sentence.PackagedWords


@contextmanager
def quick_parts() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", PasswordHasher.from_parameters(CHEAPEST))
        patch.setattr(static, "StaticWords", lambda: _loaded(static._package_folder()))
        patch.setattr(sentence, "PackagedWords", lambda model, runtime: _opened(model, runtime, model.file()))
        yield


@cache
def _loaded(folder: Path) -> static.StaticWords:
    return _load()


@cache
def _opened(model: PackagedModel, runtime: Runtime, checked: Path) -> sentence.PackagedWords:
    return _open(model, runtime)
