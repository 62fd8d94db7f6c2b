"""What the doctor says of one thing, and how it stands on the terminal."""

from __future__ import annotations

import textwrap
from typing import NamedTuple

OK, WARN, BAD = "ok", "warning", "missing"
MARKS = {OK: "✓", WARN: "!", BAD: "✗"}


class Finding(NamedTuple):
    """One thing that was looked at: what it is, how it stands (``ok``, ``warning``, ``missing``), and what to do."""

    level: str
    what: str
    detail: str
    remedy: str = ""

    def lines(self) -> list[str]:
        """For the terminal, wrapped, with the remedy on its own line."""
        head = textwrap.wrap(f"{MARKS[self.level]} {self.what}: {self.detail}", 110, subsequent_indent="    ")
        return [*head, *textwrap.wrap(self.remedy, 106, initial_indent="  → ", subsequent_indent="    ")]
