"""The people who may sign in to the app, with their roles: made and listed by ``python -m rag user``.

They are kept in ``users.json`` of the index folder, which only who runs the program can read; of a password its Argon2
hash alone. The file is looked at again whenever it has changed, so a user who is removed, or has another role or
password, has it at once, also in an app that runs. A user without a password can only come through a proxy that
signs people in (``--auth-header``).
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rag.disk import locked
from rag.errors import BadSettings
from rag.service.credentials import Stamp, read_list, stamp, write_list
from rag.service.passwords import hashed
from rag.service.roles import Role
from rag.storage.database import utc_now

FILE = "users.json"
NAMES = re.compile(r"[\w][\w.@+-]{0,63}")
"""What a user may be called: it stands in lists, logs, cookies' owners and headers of proxies."""


class User(NamedTuple):
    """A user as they are kept. ``hash`` is empty without a password; ``created`` is UTC (ISO 8601)."""

    name: str
    role: Role
    hash: str
    created: str

    def __repr__(self) -> str:
        return f"User({self.name!r}, {self.role!r})"


class Users:
    """Of one index folder. All methods may be called from any thread."""

    def __init__(self, index: Path) -> None:
        self._path = index / FILE
        self._lock = threading.Lock()
        self._seen: Stamp | None = None
        self._known: dict[str, User] = {}

    def listed(self) -> list[User]:
        """All, in the order in which they were made. Raises :class:`StoreError` where the file cannot be understood."""
        return list(self._now().values())

    def find(self, name: str) -> User | None:
        """Raises :class:`StoreError` where the file cannot be understood: nobody is let in then."""
        return self._now().get(name)

    def add(self, name: str, role: Role, password: str | None) -> User:
        """Make a user; without a password they come through a proxy only. Raises :class:`BadSettings`."""
        if not NAMES.fullmatch(name):
            raise BadSettings(
                f"{name!r} cannot be a user's name; give letters, digits or . @ + _ -, at most 64 of them"
            )
        made = User(name, role, "" if password is None else hashed(password), utc_now())
        with self._changing() as known:
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
        with self._changing() as known:
            found = _named(known, name)
            known.remove(found)
        return found

    def _replace(self, name: str, **fields: Any) -> User:
        with self._changing() as known:
            place = known.index(_named(known, name))
            known[place] = known[place]._replace(**fields)
        return known[place]

    def _changing(self) -> _Changing:
        return _Changing(self._path)

    def _now(self) -> dict[str, User]:
        with self._lock:
            now = stamp(self._path)
            if now != self._seen:
                self._known = {user.name: user for user in read(self._path)}
                self._seen = now
            return self._known


class _Changing:
    """The list, to be changed inside ``with``; written where that ends without an error."""

    def __init__(self, path: Path) -> None:
        self._path, self._lock = path, locked(path.with_suffix(".lock"))

    def __enter__(self) -> list[User]:
        self._lock.__enter__()
        try:
            self._users = read(self._path)
        except BaseException:
            self._lock.__exit__(None, None, None)
            raise
        return self._users

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        try:
            if kind is None:
                write_list(self._path, "users", (user._asdict() for user in self._users))
        finally:
            self._lock.__exit__(kind, error, trace)


def read(path: Path) -> list[User]:
    """Raises :class:`StoreError` where the file cannot be understood; none where there is no file."""
    return read_list(path, "users", User)


def _named(known: Sequence[User], name: str) -> User:
    found = next((user for user in known if user.name == name), None)
    if found is None:
        names = ", ".join(user.name for user in known)
        there = f"there are: {names}" if names else "there are none; `python -m rag user add NAME` makes one"
        raise BadSettings(f"There is no user {name!r}; {there}")
    return found
