"""What happens on each event of the list of removed documents. Every handler leaves (document list, chat, that list).

What comes from the browser names a document at most. No handler lets an error through, see :mod:`ui.events.handlers`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import gradio as gr

from rag.errors import RagError
from rag.service.library import Removed
from rag.service.told import said
from ui.events import notices
from ui.events.handlers import Handlers
from ui.state.session import Session
from ui.words.language import tr

Updates = tuple[Any, ...]


class TrashHandlers:
    """Bound to the handlers of documents."""

    def __init__(self, handlers: Handlers) -> None:
        self.handlers = handlers
        self.library = handlers.library

    def current(self, session: Session, request: gr.Request) -> str:
        """Documents came or went, here or elsewhere, or the page was loaded. Who may not remove sees none."""
        asked = request.request
        if asked is not None and not self.handlers.access.may(asked, "editor"):
            return ""
        return self._list(session)

    def opened(self, session: Session, event: gr.EventData) -> str:
        """The list of removed documents was opened or closed."""
        session.trash_open = isinstance(event._data, dict) and event._data.get("open") is True
        return self._list(session)

    def restore(self, choice: object, session: Session, event: gr.EventData) -> Updates:
        """A removed document is taken back."""
        refused = self._refused(tr("Not restored"), lambda: self.library.restore(_doc(event)))
        session.removed = None
        return *self.handlers.refreshed(choice, session), self._list(session, refused)

    def empty(self, choice: object, session: Session, event: gr.EventData) -> Updates:
        """One removed document, or all of them, are deleted for good; confirmed already."""
        doc = _doc(event)
        refused = self._refused(tr("Not deleted"), lambda: self.library.empty_trash([doc] if doc else None))
        session.removed = None
        return *self.handlers.refreshed(choice, session), self._list(session, refused)

    def _refused(self, told: str, act: Callable[[], object]) -> bool:
        """Do it; whether that was refused, which is said below ``told``."""
        try:
            act()
        except (RagError, OSError) as exc:
            notices.tell(said(exc), told)
            return True
        return False

    def _list(self, session: Session, refused: bool = False) -> str:
        rows = self.library.removed()
        known = {row.id for row in rows}
        gone = session.removed if session.removed and session.removed.id in known else None
        return payload(rows, session.trash_open, gone, self.library.settings.trash_days, refused)


def payload(rows: list[Removed], opened: bool, gone: Removed | None, days: int, refused: bool = False) -> str:
    """The list as its panel reads it; ``gone`` is what was removed a moment ago. Sizes are bytes. ``refused``: it is
    drawn again though it is as before, since the button that was pressed waits for it."""
    items = [{"id": row.id, "name": row.name, "removed": row.at, "bytes": row.size} for row in rows]
    undo = {"id": gone.id, "name": gone.name} if gone else None
    again = {"refused": uuid4().hex} if refused else {}
    return json.dumps({"rows": items, "open": opened and bool(rows), "gone": undo, "days": days, **again})


def _doc(event: gr.EventData) -> str:
    doc = event._data.get("doc") if isinstance(event._data, dict) else None
    return doc if isinstance(doc, str) else ""
