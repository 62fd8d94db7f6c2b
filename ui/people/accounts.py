"""Who may sign in to the app, as what, and how often an address or a name may be guessed at.

Users are those of the index folder (``python -m rag user``) and those of an ``--auth`` file, lines of
``user:password``, who are editors. With ``--auth-header`` a proxy that has signed somebody in says who it is. A wrong
pair is answered after a pause that holds nobody else up; after ten an address is refused for a while, after fifty a
name is. No password is ever repeated, in a message or in the log.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import NamedTuple

from starlette.concurrency import run_in_threadpool

from rag.errors import BadSettings, StoreError
from rag.service.passwords import is_right
from rag.service.roles import Role
from rag.service.users import User, Users

WRONG_PAUSE = 1.0  # seconds after a wrong pair: Gradio does not limit attempts
MOST_WRONG = 10  # wrong pairs from one address in a window; what follows is refused unread
MOST_WRONG_NAME = 50  # wrong pairs for one name, from wherever; higher, since anybody can have a name refused
WINDOW = 300.0  # seconds until an address or name may be tried again
MOST_ADDRESSES = 4096  # remembered at once, about 1 MB; the oldest is forgotten for a new one
V6_NETWORK = 64  # bits of an IPv6 address that one customer gets and may vary below
ADDRESS: ContextVar[str] = ContextVar("address", default="")  # of the request that is answered; the routes set it
log = logging.getLogger(__name__)


class Known(NamedTuple):
    """Somebody who may come in, for the list of users: their role, and where they are from."""

    name: str
    role: Role
    source: str


class Failures:
    """Wrong attempts per address, or per name. Used from the server's event loop only."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = MOST_WRONG) -> None:
        self._clock, self._most = clock, most
        self._counts: dict[str, tuple[int, float]] = {}  # address: how many, and when they are forgotten; oldest first

    def __len__(self) -> int:
        return len(self._counts)

    def too_many(self, address: str) -> bool:
        """Whether an address has used up its attempts for now."""
        count, until = self._counts.get(address, (0, 0.0))
        return count >= self._most and self._clock() < until

    def count(self, address: str) -> int:
        """One more from this address; how many that makes in its window."""
        now = self._clock()
        while self._counts and next(iter(self._counts.values()))[1] <= now:
            del self._counts[next(iter(self._counts))]
        before, until = self._counts.get(address, (0, now + WINDOW))
        if not before and len(self._counts) >= MOST_ADDRESSES:
            del self._counts[next(iter(self._counts))]
        self._counts[address] = (before + 1, until)
        return before + 1

    def forgive(self, address: str) -> None:
        """Take the latest back: it was none."""
        count, until = self._counts.get(address, (0, 0.0))
        if count > 1:
            self._counts[address] = (count - 1, until)
        else:
            self._counts.pop(address, None)


class Accounts:
    """The users; :meth:`check` is what Gradio awaits at a login. ``pairs`` are those of an ``--auth`` file, ``users``
    those of the index; ``by_proxy``: the role of somebody whom only the proxy knows, None where no proxy signs in."""

    def __init__(
        self,
        pairs: Mapping[str, str],
        pause: float = WRONG_PAUSE,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        users: Users | None = None,
        by_proxy: Role | None = None,
    ) -> None:
        self._pairs, self._users = dict(pairs), users
        self.by_proxy = by_proxy
        self._pause = pause
        self._sleep = sleep
        self._failures = Failures()
        self._failures_of_names = Failures(most=MOST_WRONG_NAME)
        self._seen: dict[str, User] = {}
        self._good: set[tuple[str, str]] = set()  # addresses from which a name has signed in
        self.ended()

    @classmethod
    def read(cls, path: Path, users: Users | None = None, by_proxy: Role | None = None) -> Accounts:
        """Read the file; blank lines and lines that begin with ``#`` are skipped. Raises :class:`BadSettings`."""
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as exc:
            raise BadSettings(f"The auth file {path} cannot be read: {exc}; give a text file") from exc
        pairs: dict[str, str] = {}
        for number, line in enumerate(lines, start=1):
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            user, colon, password = line.strip().partition(":")
            if not colon or not user.strip() or not password:
                raise BadSettings(f"{path}, line {number}: expected user:password, with neither part empty")
            if user.strip() in pairs:
                raise BadSettings(f"{path}, line {number}: the user {user.strip()!r} appears twice; keep one line")
            if users is not None and users.find(user.strip()) is not None:
                raise BadSettings(
                    f"{path}, line {number}: {user.strip()!r} is a user of the index, too; take the line out, or "
                    f"`python -m rag user remove {user.strip()}`"
                )
            pairs[user.strip()] = password
        if not pairs:
            raise BadSettings(f"The auth file {path} names no user; add a line user:password")
        return cls(pairs, users=users, by_proxy=by_proxy)

    def role(self, name: str) -> Role | None:
        """What somebody who has signed in may do now; None for whom there is no longer a place."""
        try:
            user = self._users.find(name) if self._users is not None else None
        except StoreError as exc:
            log.error("nobody is let in: %s", exc)
            return None
        if user is not None:
            return user.role
        return "editor" if name in self._pairs else self.by_proxy

    def listed(self) -> list[Known]:
        """All that are known by name. Raises :class:`StoreError`."""
        made = self._users.listed() if self._users is not None else []
        return [
            *(Known(user.name, user.role, "" if user.hash else "through the proxy only") for user in made),
            *(Known(name, "editor", "--auth file") for name in self._pairs),
        ]

    def ended(self) -> set[str]:
        """The names whose sessions are over since this was asked last: removed, or with another role or password."""
        try:
            now = {user.name: user for user in self._users.listed()} if self._users is not None else {}
        except StoreError as exc:
            log.error("nobody is let in: %s", exc)
            now = {}
        if now == self._seen:
            return set()
        over = {name for name, user in self._seen.items() if now.get(name) != user}
        self._seen = now
        return over

    async def check(self, user: str, password: str) -> bool:
        """Whether the pair is right, compared in constant time; a wrong one is answered after a pause.

        An address with :data:`MOST_WRONG` wrong pairs is refused, whatever it sends, until its window is over; so is a
        name with :data:`MOST_WRONG_NAME`, but not where it has signed in from before. The count comes before the
        pause, so that attempts sent at the same moment are counted too.
        """
        address = network(ADDRESS.get())
        refused = self._failures_of_names.too_many(user) and (address, user) not in self._good
        if not refused and not self._failures.too_many(address):
            attempts = self._failures.count(address)  # before the hash is checked, which takes its time
            if await self._right(user, password):
                self._failures.forgive(address)
                self._remember(address, user)
                return True
            self._failures_of_names.count(user)
            if attempts == MOST_WRONG:
                log.warning("%d wrong passwords from %s: refused for %.0f s", MOST_WRONG, address or "?", WINDOW)
        await self._sleep(self._pause)
        return False

    def _remember(self, address: str, user: str) -> None:
        if len(self._good) >= MOST_ADDRESSES:
            self._good.clear()
        self._good.add((address, user))

    async def _right(self, user: str, password: str) -> bool:
        """A user of the index comes before one of the file with the same name."""
        try:
            known = self._users.find(user) if self._users is not None else None
            hashes = self._users is not None and bool(self._users.listed())
        except StoreError as exc:
            log.error("nobody is let in: %s", exc)
            return False
        wanted = self._pairs.get(user) if known is None else None
        right = hmac.compare_digest((wanted or "").encode(), password.encode()) and wanted is not None
        if hashes:  # for every name, so that the time tells nobody which names there are
            right |= await run_in_threadpool(is_right, password, known.hash if known is not None else "")
        return right


def network(address: str) -> str:
    """What is counted as one address: an IPv4 address, the network of an IPv6 one, anything else as it stands."""
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(ipaddress.ip_network((known, V6_NETWORK), strict=False))
