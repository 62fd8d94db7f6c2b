"""The kinds of file that a conversation is exported as."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote

from rag.export.document import Exported, as_html, as_markdown
from rag.export.wording import ENGLISH, Wording

ENDINGS = ("html", "pdf", "zip")  # the last is Markdown with its pictures
LONGEST_NAME = 80  # characters of a file's name before its ending
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\s]+')  # on some system


class File(NamedTuple):
    """What is saved, and what it may be called."""

    name: str
    data: bytes

    @property
    def disposition(self) -> str:
        """The header ``Content-Disposition`` (RFC 6266), also for browsers that read ASCII alone."""
        plain = unicodedata.normalize("NFKD", self.name).encode("ascii", "ignore").decode()
        stem, _, ending = plain.rpartition(".")
        named = _NOT_IN_NAMES.sub(" ", stem).strip(" .-") or "conversation"
        return f"attachment; filename=\"{named}.{ending}\"; filename*=UTF-8''{quote(self.name, safe='')}"


def file_name(title: str, ending: str) -> str:
    """``How do I remove the fan.pdf`` of a title, without signs that some system does not take in names."""
    seen = "".join(sign for sign in _NOT_IN_NAMES.sub(" ", title) if sign.isprintable())
    return f"{seen[:LONGEST_NAME].strip(' .') or 'conversation'}.{ending}"


def exported(title: str, turns: Sequence[Exported], ending: str, words: Wording = ENGLISH) -> bytes:
    """The file's bytes; ``ending`` is one of :data:`ENDINGS`."""
    if ending == "html":
        return as_html(title, turns, words).encode()
    if ending == "zip":
        return as_markdown(title, turns, words)
    from rag.export.pdf import as_pdf

    return as_pdf(title, turns, words)
