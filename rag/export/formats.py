"""The kinds of file that a conversation is exported as."""

from __future__ import annotations

from collections.abc import Sequence

from rag.export.document import Exported, as_html, as_markdown
from rag.export.wording import ENGLISH, Wording

ENDINGS = ("html", "pdf", "zip")  # the last is Markdown with its pictures


def exported(title: str, turns: Sequence[Exported], ending: str, words: Wording = ENGLISH) -> bytes:
    """The file's bytes; ``ending`` is one of :data:`ENDINGS`."""
    if ending == "html":
        return as_html(title, turns, words).encode()
    if ending == "zip":
        return as_markdown(title, turns, words)
    from rag.export.pdf import as_pdf

    return as_pdf(title, turns, words)
