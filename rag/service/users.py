"""The people who may sign in to the app, with their roles: made and listed by ``python -m rag user``.

They are kept in ``users.json`` of the index folder, which only who runs the program can read; of a password its Argon2
hash alone. The file is looked at again whenever it has changed, so a user who is removed, or has another role or
password, has it at once, also in an app that runs. A user without a password can only come through a proxy that
signs people in (``--auth-header``).
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rag.disk import locked, write_whole
from rag.errors import BadSettings, StoreError
from rag.service.passwords import hashed
from rag.service.roles import ROLES, Role, is_role
from rag.storage.database import utc_now

FILE = "users.json"
NAMES = re.compile(r"[\w][\w.@+-]{0,63}")
"""What a user may be called: it stands in lists, logs, cookies' owners and headers of proxies."""

PRIVATE = 0o600


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
        self._seen: tuple[int, int, int] | None = None
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
            stamp = _stamp(self._path)
            if stamp != self._seen:
                self._known = {user.name: user for user in read(self._path)}
                self._seen = stamp
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
                record = {"users": [user._asdict() for user in self._users]}
                write_whole(self._path, json.dumps(record, ensure_ascii=False, indent=1).encode(), PRIVATE)
        finally:
            self._lock.__exit__(kind, error, trace)


def read(path: Path) -> list[User]:
    """Raises :class:`StoreError` where the file cannot be understood; none where there is no file."""
    try:
        return [_user(entry) for entry in json.loads(path.read_bytes())["users"]]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError, KeyError) as exc:
        raise StoreError(
            f"{path} cannot be read as a list of users ({exc}); mend it, or delete it and make the users again"
        ) from exc


def _user(entry: dict[str, Any]) -> User:
    user = User(str(entry["name"]), entry["role"], str(entry["hash"]), str(entry["created"]))
    if not is_role(user.role):
        raise ValueError(f"the role of {user.name!r} is none of {', '.join(ROLES)}")
    return user


def _named(known: Sequence[User], name: str) -> User:
    found = next((user for user in known if user.name == name), None)
    if found is None:
        names = ", ".join(user.name for user in known)
        there = f"there are: {names}" if names else "there are none; `python -m rag user add NAME` makes one"
        raise BadSettings(f"There is no user {name!r}; {there}")
    return found


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """Another one whenever the file was written."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
