"""The library as the page uses it: the documents and the conversations of :mod:`rag.service`, by a tab's exchanges."""

from __future__ import annotations

from pathlib import Path

from rag.browsing.books import Books
from rag.config import Settings
from rag.index import Index
from rag.llm.base import VisionLLM
from rag.service.library import WAITING as WAITING
from rag.service.library import Documents
from rag.types import ReportProgress
from ui.conversations import Conversations
from ui.session import Exchange
from ui.uploads import UploadState


class Library(Documents):
    """The indexed documents of one folder, shared by everyone who uses the app."""

    def __init__(self, index: Index, llm: VisionLLM | None, settings: Settings) -> None:
        super().__init__(index, llm, settings)
        self.conversations = Conversations(index.catalogue)
        self.books = Books(index)

    def add(self, path: Path, password: str | None, report: ReportProgress) -> tuple[UploadState, str]:
        """Index one file: what became of it, and why in words. Raises what ``report`` raises."""
        added = self.add_file(path, password, report)
        if added.status == "failed":
            return ("locked" if added.locked else "halted" if added.again else "failed"), added.error
        return ("present", "is already there") if added.status == "present" else ("added", "")

    def voted(self, exchange: Exchange, liked: bool | None) -> None:
        """Keep a thumb up or down for an exchange's answer; None takes it back."""
        if exchange.answer is None:
            return
        picture = exchange.picture.read_bytes() if exchange.picture and liked is not None else None
        asked = exchange.understood or exchange.question
        self.vote(exchange.id, liked, asked, exchange.answer, exchange.docs, picture)
