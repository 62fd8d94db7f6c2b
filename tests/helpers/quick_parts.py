"""Parts that cost tests more time than all they test: hashing passwords, loading the static word vectors, opening the
sentence encoders that packages ship, and reading the system's certificates.

All stay what they are. Passwords are hashed by Argon2id with its smallest parameters, for to take long is what the
others are for (two tenths of a second for each user and each sign-in). The word vectors and the sentence encoders,
which nothing changes, are loaded once per process, not for each index that is made or opened (a tenth; a whole second);
the certificates as well, not for each client of HTTP, of which hardly one asks by TLS (30 ms).
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import httpcore2
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
_trusted, _verifying = httpcore2.default_ssl_context, ssl.create_default_context


@contextmanager
def quick_parts() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", PasswordHasher.from_parameters(CHEAPEST))
        patch.setattr(static, "StaticWords", lambda: _loaded(static.package_folder()))
        patch.setattr(sentence, "PackagedWords", lambda model, runtime: _opened(model, runtime, model.file()))
        patch.setattr(httpcore2, "default_ssl_context", lambda _trust_env=True: _trusting(_trust_env, _certificates()))
        patch.setattr(ssl, "create_default_context", _context)
        yield


@cache
def _loaded(folder: Path) -> static.StaticWords:
    return _load()


@cache
def _opened(model: PackagedModel, runtime: Runtime, checked: Path) -> sentence.PackagedWords:
    return _open(model, runtime)


def _certificates() -> tuple[str, ...]:
    return tuple(os.environ.get(name, "") for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"))


@cache
def _trusting(trust_env: bool, _named: tuple[str, ...]) -> ssl.SSLContext:
    return _trusted(_trust_env=trust_env)


@cache
def _context(purpose: ssl.Purpose = ssl.Purpose.SERVER_AUTH, **given: str) -> ssl.SSLContext:
    return _verifying(purpose, **given)
