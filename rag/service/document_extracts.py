"""What documents are about, for people who look at the list: their own sentences at once, a model's once written.

A model is asked about a document when somebody wants to see it, one document at a time, beside all else. What it
wrote is remembered as long as the program runs and the model stays. Where it fails the document's own sentences stay.
"""

from __future__ import annotations

import logging
import threading
from typing import NamedTuple

from rag.answering.overviews.extracts import Extract, extract_of
from rag.answering.prompting.written_extracts import shown_to_model, write_extract
from rag.errors import RagError
from rag.llm.base import VisionLLM
from rag.lru import Recent
from rag.service.library import Documents
from rag.storage.records.catalogue import DocumentRow

REMEMBERED = 512  # documents
MOST_WAITING = 8  # documents that a model has still to write about; for more of them there are their own sentences
log = logging.getLogger(__name__)

Key = tuple[str, int, str]  # document, number of its passages, model


class Described(NamedTuple):
    """``written`` is what the model ``by`` says, empty without; ``coming``: it is being written."""

    extract: Extract
    written: str = ""
    by: str = ""
    coming: bool = False


class DocumentExtracts:
    """Of one library. May be used from any thread."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._known: Recent[Key, str] = Recent(REMEMBERED)
        self._lock = threading.Lock()
        self._waiting: dict[Key, tuple[VisionLLM, str]] = {}
        self._works = False

    def of(self, row: DocumentRow) -> Described:
        """Of a document that who asks may see. Never waits for a model."""
        extract, llm = extract_of(self._documents.index, row), self._documents.llm
        if llm is None:
            return Described(extract)
        key = row.id, row.chunks, llm.name
        written = self._known.get(key)
        if written is not None:
            return Described(extract, written, llm.name if written else "")
        shown = shown_to_model(row.title, extract, self._documents.index.catalogue.chunks_of(row.id))
        return Described(extract, coming=self._begun(key, llm, shown))

    def _begun(self, key: Key, llm: VisionLLM, shown: str) -> bool:
        with self._lock:
            if self._known.get(key) is not None:  # written since it was looked for
                return True
            if key not in self._waiting and len(self._waiting) >= MOST_WAITING:
                return False
            self._waiting.setdefault(key, (llm, shown))
            if not self._works:
                self._works = True
                threading.Thread(target=self._work, name="extracts", daemon=True).start()
        return True

    def _work(self) -> None:
        while True:
            with self._lock:
                key = next(iter(self._waiting), None)
                if key is None:
                    self._works = False
                    return
                llm, shown = self._waiting[key]
            self._known.put(key, self._written(llm, shown))
            with self._lock:
                del self._waiting[key]

    def _written(self, llm: VisionLLM, shown: str) -> str:
        try:
            return write_extract(llm, shown)
        except RagError as exc:
            log.warning("no extract was written: %s", exc)
        except Exception:
            log.exception("writing an extract failed")
        return ""
