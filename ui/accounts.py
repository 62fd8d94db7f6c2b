"""Who may use the app: the ``--auth`` file, and how often an address may guess.

The file has lines of ``user:password``. A wrong pair is answered after a pause that holds nobody else up; after ten an
address is refused for a while. No password is ever repeated, in a message or in the log.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import logging
import time
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from pathlib import Path

from rag.errors import BadSettings

WRONG_PAUSE = 1.0  # seconds after a wrong pair: Gradio does not limit attempts
MOST_WRONG = 10  # wrong pairs from one address in a window; what follows is refused unread
WINDOW = 300.0  # seconds until an address may try again
MOST_ADDRESSES = 4096  # remembered at once, about 1 MB; the oldest is forgotten for a new one
V6_NETWORK = 64  # bits of an IPv6 address that one customer gets and may vary below
ADDRESS: ContextVar[str] = ContextVar("address", default="")  # of the request being answered, set by ui/routes.py
log = logging.getLogger(__name__)


class Failures:
    """Wrong attempts per address. Used from the server's event loop only."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._counts: dict[str, tuple[int, float]] = {}  # address: how many, and when they are forgotten; oldest first

    def __len__(self) -> int:
        return len(self._counts)

    def too_many(self, address: str) -> bool:
        """Whether an address has used up its attempts for now."""
        count, until = self._counts.get(address, (0, 0.0))
        return count >= MOST_WRONG and self._clock() < until

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


class Accounts:
    """The users and their passwords; :meth:`check` is what Gradio awaits at a login."""

    def __init__(
        self,
        pairs: dict[str, str],
        pause: float = WRONG_PAUSE,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._pairs = pairs
        self._pause = pause
        self._sleep = sleep
        self._failures = Failures()

    @classmethod
    def read(cls, path: Path) -> Accounts:
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
            pairs[user.strip()] = password
        if not pairs:
            raise BadSettings(f"The auth file {path} names no user; add a line user:password")
        return cls(pairs)

    async def check(self, user: str, password: str) -> bool:
        """Whether the pair is right, compared in constant time; a wrong one is answered after a pause.

        An address with :data:`MOST_WRONG` wrong pairs is refused, whatever it sends, until its window is over. The
        count comes before the pause, so that attempts sent at the same moment are counted too.
        """
        address = network(ADDRESS.get())
        if not self._failures.too_many(address):
            if self._right(user, password):
                return True
            if self._failures.count(address) == MOST_WRONG:
                log.warning("%d wrong passwords from %s: refused for %.0f s", MOST_WRONG, address or "?", WINDOW)
        await self._sleep(self._pause)
        return False

    def _right(self, user: str, password: str) -> bool:
        wanted = self._pairs.get(user)
        return hmac.compare_digest((wanted or "").encode(), password.encode()) and wanted is not None


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
