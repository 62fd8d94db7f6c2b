"""What the page offers to programs that use Gradio's own client: three endpoints with plain names.

``/documents``, ``/search`` and ``/ask`` take and give JSON as the HTTP API does (docs/api.md), which can do more. All
other events of the page are its own and hidden from clients.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import gradio as gr

from ingestion.errors import IngestionError
from rag.errors import RagError
from rag.service.asking import Asking, Begun, Question, query_of
from rag.service.told import said
from ui.state.backend import Library

MOST_HITS = 100
T = TypeVar("T")


class Public:
    """Bound to one library. Nothing is kept of what is asked here."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._asking = Asking(library, library.conversations)

    def give_documents(self) -> list[dict[str, Any]]:
        """The documents of the library."""
        from rag.api import views

        return [views.document(row).model_dump() for row in self._library.documents()]

    def give_hits(self, question: str, documents: list[str] | None = None, hits: int = 10) -> dict[str, Any]:
        """Passages, tables, figures and pages found for a question, in all documents or in those named."""
        from rag.api import views

        def find() -> dict[str, Any]:
            query = query_of(self._library, Question(str(question), _names(documents)))
            found = self._library.search(query, max(1, min(int(hits), MOST_HITS)))
            return views.found(found, views.names(self._library)).model_dump()

        return _told(find)

    def give_answer(self, question: str, documents: list[str] | None = None) -> dict[str, Any]:
        """An answer with its citations and its evidence, from all documents or from those named."""
        from rag.answering.answer import Done
        from rag.api import views

        def answered() -> dict[str, Any]:
            events = self._asking.ask("", Question(str(question), _names(documents), keep=False))
            done = [event for event in events if isinstance(event, Done)]
            return views.answer(done[0].answer, Begun("", "")).model_dump()

        return _told(answered)


def offer(library: Library, asking: dict[str, Any], reading: dict[str, Any]) -> None:
    """Inside the page, before its events, which would have the names otherwise: add the endpoints.

    ``asking`` and ``reading`` say how many may run at once, as for the page's events.
    """
    public = Public(library)
    gr.api(public.give_documents, api_name="documents", **reading)
    gr.api(public.give_hits, api_name="search", **reading)
    gr.api(public.give_answer, api_name="ask", **asking)


def _names(documents: object) -> list[str] | None:
    return [str(name) for name in documents] if isinstance(documents, list) else None


def _told(work: Callable[[], T]) -> T:
    try:
        return work()
    except (RagError, IngestionError) as exc:
        raise gr.Error(said(exc), print_exception=False) from exc
    except (TypeError, ValueError) as exc:
        raise gr.Error(f"That cannot be asked: {exc}", print_exception=False) from exc
