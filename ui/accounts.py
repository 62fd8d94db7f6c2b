"""Who may use the app: the ``--auth`` file.

Enters: a file of ``user:password`` lines. Leaves: a check of one pair. Must not know: Gradio. Never repeats a password.
"""

from __future__ import annotations

import hmac
import time
from pathlib import Path

from rag.errors import BadSettings

WRONG_PAUSE = 1.0  # seconds after a wrong pair: Gradio does not limit attempts


class Accounts:
    """Callable check of a user name and a password, in constant time."""

    def __init__(self, pairs: dict[str, str], pause: float = WRONG_PAUSE) -> None:
        self._pairs = pairs
        self._pause = pause

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

    def __call__(self, user: str, password: str) -> bool:
        wanted = self._pairs.get(user)
        right = hmac.compare_digest((wanted or "").encode(), password.encode()) and wanted is not None
        if not right:
            time.sleep(self._pause)
        return right
