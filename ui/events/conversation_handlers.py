"""What happens on each event of the list of conversations and of the chip that shows the picture in scope.

Every handler leaves (chat, question box, evidence viewer, list, chip). What comes from the browser names a conversation
at most, and opens it only for its owner. No handler lets an error through, see :mod:`ui.events.handlers`.
"""

from __future__ import annotations

import json
import time
from typing import Any

import gradio as gr

from rag.errors import RagError, UnknownConversation
from rag.service.told import said
from ui.events import notices
from ui.events.point_handlers import without_pictures
from ui.shown import messages, payload
from ui.state.backend import Library
from ui.state.conversations import LISTED, owner
from ui.state.session import Session
from ui.words.language import tr

Updates = tuple[Any, ...]
LONGEST_FIND = 200  # characters that are looked for


class ConversationHandlers:
    """Bound to one library; holds nothing of any user."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.kept = library.conversations

    # Each is given what the list sends: JSON, of which only words are believed.

    def opened(self, sent: object, session: Session, request: gr.Request) -> Updates:
        """The page was loaded: what its address names or what it showed before, else a new conversation."""
        self._came(session, request)
        before = _read(sent)
        number = _word(before, "open")
        if number and self.kept.has(session.owner, number):
            return self._open(session, number)
        if isinstance(before, dict) and before.get("linked") is True:
            notices.tell(tr("There is no such conversation of yours; this is a new one."))
        return gr.skip(), gr.skip(), gr.skip(), self._list(session), self._chip(session)

    def new(self, session: Session, request: gr.Request) -> Updates:
        """Another conversation; the one that is shown stays in the list."""
        self._came(session, request)
        session.clear()
        return self._cleared(session)

    def open(self, session: Session, event: gr.EventData, request: gr.Request) -> Updates:
        """A conversation was clicked."""
        self._came(session, request)
        return self._open(session, _word(event._data, "id"))

    def refreshed(self, session: Session, request: gr.Request) -> Updates:
        """Something changed, here or elsewhere: the list, and the conversation where it went on elsewhere or where its
        documents came or went. One that is shown and was deleted elsewhere can be taken back here, too."""
        session.belongs_to(owner(request))
        if session.begun and session.discarded is None:
            session.discarded = self.kept.trashed(session.owner, session.conversation)
        if self.kept.changed_elsewhere(session):
            return self._open(session, session.conversation)
        if not session.busy and (mark_gone(session, self.library) or session.redraw):
            return self._drawn(session)
        return gr.skip(), gr.skip(), gr.skip(), self._list(session), self._chip(session)

    def find(self, session: Session, event: gr.EventData, request: gr.Request) -> Updates:
        """Other words are looked for, or the trash was opened or closed."""
        self._came(session, request)
        trash = isinstance(event._data, dict) and event._data.get("trash") is True
        session.list_those(_word(event._data, "find")[:LONGEST_FIND], trash)
        return gr.skip(), gr.skip(), gr.skip(), self._list(session), gr.skip()

    def rename(self, session: Session, event: gr.EventData, request: gr.Request) -> Updates:
        """Another title."""
        self._came(session, request)
        try:
            self.kept.rename(session.owner, _word(event._data, "id"), _word(event._data, "title"))
        except RagError as exc:
            notices.tell(said(exc), tr("Not renamed"))
        return gr.skip(), gr.skip(), gr.skip(), self._list(session), gr.skip()

    def discard(self, session: Session, event: gr.EventData, request: gr.Request) -> Updates:
        """Into the trash; the list offers to take it back."""
        self._came(session, request)
        number = _word(event._data, "id")
        try:
            session.discarded = self.kept.discard(session.owner, number)
        except RagError as exc:
            notices.tell(said(exc), tr("Not deleted"))
            return gr.skip(), gr.skip(), gr.skip(), self._list(session), gr.skip()
        if number != session.conversation:
            return gr.skip(), gr.skip(), gr.skip(), self._list(session), gr.skip()
        session.clear()
        return self._cleared(session)

    def restore(self, session: Session, event: gr.EventData, request: gr.Request) -> Updates:
        """Out of the trash, and shown where ``show`` asks for it: undo of a moment ago."""
        self._came(session, request)
        try:
            back = self.kept.restore(session.owner, _word(event._data, "id"))
        except RagError as exc:
            notices.tell(said(exc), tr("Not restored"))
            return gr.skip(), gr.skip(), gr.skip(), self._list(session), gr.skip()
        session.list_those("", trash=False)
        return self._open(session, back.id)

    def unscope(self, message: object, session: Session, request: gr.Request) -> Updates:
        """The chip was closed: later questions are about no picture, and a cut-out leaves the question box."""
        session.belongs_to(owner(request))
        if session.pointed is not None:
            session.point_at(None)
            return gr.skip(), without_pictures(message), gr.skip(), gr.skip(), self._chip(session)
        try:
            self.kept.scope(session, None)
        except RagError as exc:
            notices.tell(said(exc), tr("Not saved"))
        return gr.skip(), gr.skip(), gr.skip(), gr.skip(), self._chip(session)

    def _came(self, session: Session, request: gr.Request) -> None:
        """Somebody does something with the list: what it offered to take back stays in the trash."""
        session.belongs_to(owner(request))
        session.discarded, session.replaced = None, False

    def _open(self, session: Session, number: str) -> Updates:
        try:
            self.kept.open(session, number)
        except UnknownConversation:
            notices.tell(tr("That conversation is no longer there; the list has been refreshed."))
            return gr.skip(), gr.skip(), gr.skip(), self._list(session), gr.skip()
        except RagError as exc:
            notices.tell(said(exc), tr("Not opened"))
            return gr.skip(), gr.skip(), gr.skip(), gr.skip(), gr.skip()
        mark_gone(session, self.library)
        return self._drawn(session)

    def _drawn(self, session: Session) -> Updates:
        session.unwatched = next((exchange for exchange in session.exchanges if exchange.open), None)
        chat = gr.update(
            value=messages.conversation(session.exchanges), feedback_value=messages.thumbs(session.exchanges)
        )
        session.redraw = False
        viewer = payload.opened(session, self.library)
        session.rest()
        box = gr.update(submit_btn=not session.busy, stop_btn=session.busy)
        return chat, box, viewer, self._list(session), self._chip(session)

    def _cleared(self, session: Session) -> Updates:
        box = gr.update(submit_btn=True, stop_btn=False)
        chat = gr.update(value=[], feedback_value=[])
        return chat, box, payload.cleared(session.conversation), self._list(session), self._chip(session)

    def _list(self, session: Session) -> str:
        listing = session.listing  # once: another event may change it while rows are read
        rows = self.kept.listed(session.owner, listing.find, listing.trash)
        revision = self.kept.revision(session.owner)
        if session.discarded and not session.replaced and self.kept.has(session.owner, session.discarded.id):
            session.discarded = None  # it was taken back, or has gone on, in another tab
        deleted = listing.trash or bool(self.kept.listed(session.owner, trash=True))
        return payload.conversations(rows[:LISTED], session, listing, len(rows) > LISTED, deleted, revision)

    def _chip(self, session: Session) -> str:
        looked = time.time_ns() // 1000
        return payload.scope(session.scope, session.pointed, looked)


def mark_gone(session: Session, library: Library) -> bool:
    """Note in each exchange which of its documents are no longer there; whether that is another picture than before."""
    there, changed = set(library.ids()), False
    for exchange in session.exchanges:
        gone = exchange.found_in - there
        if gone != exchange.gone:
            library.conversations.wake(session.owner, exchange)
            exchange.gone, changed = gone, True
    return changed


def _read(sent: object) -> object:
    if not isinstance(sent, str) or len(sent) > payload.MOST_CHOICE:
        return None
    try:
        return json.loads(sent)
    except (ValueError, RecursionError):
        return None


def _word(sent: object, name: str) -> str:
    value = sent.get(name) if isinstance(sent, dict) else None
    return value if isinstance(value, str) else ""
