"""The people who may sign in to the app, with their roles: made and listed by ``python -m rag user``.

Of a password its Argon2 hash alone is kept. A user who is removed, or has another role or password, has it at once,
also in an app that runs. A user without a password can only come through a proxy that signs people in
(``--auth-header``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rag.errors import BadSettings
from rag.service import credentials
from rag.service.credentials import Entry
from rag.service.passwords import hashed
from rag.service.roles import Role
from rag.storage.records.catalogue import Catalogue
from rag.storage.tables.database import utc_now

User = Entry
NAMES = re.compile(r"[\w][\w.@+-]{0,63}")
"""What a user may be called: it stands in lists, logs, cookies' owners and headers of proxies."""


class Users:
    """Of the library in the folder ``index``: see :func:`rag.service.credentials.of_library`. Threads may share it.

    Every method raises :class:`~rag.errors.StoreError` where they cannot be understood or reached: nobody is let in.
    """

    def __init__(self, index: Path, catalogue: Catalogue | None = None) -> None:
        self._kept = credentials.of_library(index, catalogue, "users")

    def listed(self) -> list[User]:
        """All, in the order in which they were made."""
        return list(self._kept.listed())

    def find(self, name: str) -> User | None:
        """None where there is nobody of that name."""
        return next((user for user in self._kept.listed() if user.name == name), None)

    def add(self, name: str, role: Role, password: str | None) -> User:
        """Make a user; without a password they come through a proxy only. Raises :class:`BadSettings`."""
        if not NAMES.fullmatch(name):
            raise BadSettings(
                f"{name!r} cannot be a user's name; give letters, digits or . @ + _ -, at most 64 of them"
            )
        made = User(name, role, "" if password is None else hashed(password), utc_now())
        with self._kept.changing() as known:
            if any(user.name.casefold() == name.casefold() for user in known):
                raise BadSettings(f"There is a user {name!r} already; `user passwd` and `user role` change them")
            known.append(made)
        return made

    def set_password(self, name: str, password: str) -> User:
        """Another password; who is signed in as them has to sign in again. Raises :class:`BadSettings`."""
        return self._replace(name, hash=hashed(password))

    def set_role(self, name: str, role: Role) -> User:
        """Another role; who is signed in as them has to sign in again. Raises :class:`BadSettings`."""
        return self._replace(name, role=role)

    def remove(self, name: str) -> User:
        """Remove a user, whose sessions end at once. Their conversations stay. Raises :class:`BadSettings`."""
        with self._kept.changing() as known:
            found = _named(known, name)
            known.remove(found)
        return found

    def _replace(self, name: str, **fields: Any) -> User:
        with self._kept.changing() as known:
            place = known.index(_named(known, name))
            known[place] = known[place]._replace(**fields)
        return known[place]


def _named(known: Sequence[User], name: str) -> User:
    found = next((user for user in known if user.name == name), None)
    if found is None:
        names = ", ".join(user.name for user in known)
        there = f"there are: {names}" if names else "there are none; `python -m rag user add NAME` makes one"
        raise BadSettings(f"There is no user {name!r}; {there}")
    return found
