"""Collections are made, renamed, deleted, and documents put into them, in the document list of the page.

What comes from the browser is what is to be done, a collection's id, a name, and ids of documents: each is checked.
"""

from __future__ import annotations

import json
from typing import Any

import gradio as gr

from rag.errors import RagError, StoreError
from rag.service.told import said
from ui.events import notices
from ui.events.handlers import Handlers
from ui.shown import payload
from ui.state.session import Session
from ui.words.language import tr

MOST_DOCS = 20_000  # documents put in at once
Updates = tuple[Any, ...]


class CollectionHandlers:
    """Bound to the handlers of the document list."""

    def __init__(self, handlers: Handlers) -> None:
        self.handlers = handlers

    def change(self, choice: object, session: Session, event: gr.EventData) -> Updates:
        """(document list, chat with its examples). A new collection is the one that is asked within from now on."""
        sent = event._data if isinstance(event._data, dict) else {}
        within = before = payload.within(choice)
        refused = False
        try:
            within = self._do(sent, before)
        except (RagError, OSError) as exc:
            notices.tell(said(exc), tr("Collection not changed"))
            refused = True
        off = sorted(payload.unticked(choice))
        now = json.dumps({"off": off, "within": within})
        return self.handlers.refreshed(now, session, decided=within != before, refused=refused)

    def _do(self, sent: dict[str, object], within: str) -> str:
        """The id of the collection that is asked within afterwards. Raises :class:`StoreError` and what it is of."""
        library = self.handlers.library
        what, number, name = (str(sent.get(key, "")) for key in ("do", "id", "name"))
        docs = _ids(sent.get("docs"))
        if what == "create":
            return library.create_collection(name, docs).id
        if what == "rename":
            library.rename_collection(number, name)
        elif what == "delete":
            library.delete_collection(number)
        elif what == "put":
            library.put_into_collection(number, docs)
        elif what == "take":
            library.take_out_of_collection(number, docs)
        else:
            raise StoreError(tr("That cannot be done with a collection; load the page again."))
        return "" if what == "delete" and number == within else within


def _ids(value: object) -> list[str]:
    return [item for item in value[:MOST_DOCS] if isinstance(item, str)] if isinstance(value, list) else []
