"""The library as the page uses it: the documents and the conversations of :mod:`rag.service`, by a tab's exchanges."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from rag.browsing.books import Books
from rag.config import Settings
from rag.index import Index
from rag.llm.base import VisionLLM
from rag.service.library import WAITING as WAITING
from rag.service.library import Documents
from rag.service.model_choice import ModelChoice
from rag.service.queue import WorkQueue
from rag.service.upkeep import Upkeep
from ui.state.answers import Answers
from ui.state.conversations import Conversations
from ui.state.readiness import Readiness
from ui.state.session import Exchange

if TYPE_CHECKING:
    from rag.service.document_extracts import DocumentExtracts


class Library(Documents):
    """The indexed documents of one folder, shared by everyone who uses the app."""

    def __init__(self, index: Index, llm: VisionLLM | None, settings: Settings) -> None:
        super().__init__(index, llm, settings)
        self._opening = threading.Lock()
        self.answers = Answers()
        self.conversations = Conversations(index.catalogue, self.answers)
        self.books = Books(index)
        self.readiness = Readiness()
        self.models = ModelChoice(self, settings)
        self.upkeep = Upkeep(index)
        self.queue = WorkQueue(settings)
        self._extracts: DocumentExtracts | None = None

    def extracts(self) -> DocumentExtracts:
        """What documents are about."""
        from rag.service.document_extracts import DocumentExtracts  # brings the languages: not before somebody asks

        with self._opening:
            self._extracts = self._extracts or DocumentExtracts(self)
            return self._extracts

    def voted(self, exchange: Exchange, liked: bool | None) -> None:
        """Keep a thumb up or down for an exchange's answer; None takes it back."""
        if exchange.answer is None:
            return
        picture = exchange.picture.read_bytes() if exchange.picture and liked is not None else None
        asked = exchange.understood or exchange.question
        self.vote(exchange.id, liked, asked, exchange.answer, exchange.docs, picture)
