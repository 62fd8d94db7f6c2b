"""The conversations that are kept, as the app uses them: each browser, or person who signs in, has their own.

A browser that keeps no cookies and has no name has no owner: its conversation lasts as long as its tab, and nobody else
can come by it. What cannot be written at once, since another process writes or the disk is full, is held in memory and
written as soon as it can be.
"""

from __future__ import annotations

import hashlib
import logging
import re
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import gradio as gr

from rag.errors import IndexBusy, RagError, UnknownConversation
from rag.export.document import Exported
from rag.export.formats import ENDINGS as ENDINGS_OF_FILES
from rag.export.formats import exported
from rag.storage import conversations as store
from rag.storage.catalogue import Catalogue
from rag.storage.conversations import ASKED, Conversation, KeptTurn, Picture
from ui.browsers import key_of
from ui.kept import exchange_of, join_scopes, pictures_of, turn_of
from ui.session import Exchange, Session

LISTED = 200  # conversations in the list; older ones are found by their words
SHORT_WAIT = 0.3  # seconds that a question waits for another process's commit before it is answered
LONG_WAIT = 5.0  # seconds that a click waits
RETRY = 2.0  # seconds between two tries to write what could not be written
ENDINGS = {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp", "image/gif": ".gif"}
log = logging.getLogger(__name__)


class _Pending(NamedTuple):
    owner: str
    conversation: str
    turn: KeptTurn
    pictures: Mapping[str, Picture]


def owner_of(cookies: Mapping[str, str], user: str | None) -> str:
    """Whose conversations a request may see: of who signed in, else of the browser; nobody's without a cookie.

    The cookie itself is never written down: who reads the catalogue could pass for its browser.
    """
    if user:
        return f"user:{user}"
    key = key_of(cookies)
    return f"browser:{hashlib.sha256(key.encode()).hexdigest()[:32]}" if key else ""


def owner(request: gr.Request | None) -> str:
    """:func:`owner_of` an event."""
    if request is None or request.request is None:
        return ""
    return owner_of(request.request.cookies, request.username)


class Conversations:
    """Of one catalogue. All methods may be called from any thread."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._folder = tempfile.TemporaryDirectory(prefix="pagesight-", ignore_cleanup_errors=True)
        self._pending: dict[str, _Pending] = {}  # by turn
        self._lock = threading.Lock()  # of what is pending, for moments
        self._writing = threading.Lock()  # one write after the other
        self._wake = threading.Event()
        self._ending = False
        self._thread: threading.Thread | None = None

    # -- reading -----------------------------------------------------------------------------------------------------

    def listed(self, owner: str, find: str = "", trash: bool = False) -> list[Conversation]:
        """The latest first, one more than :data:`LISTED` where there are more."""
        return store.listed(self._catalogue, owner, find, trash, LISTED + 1) if owner else []

    def has(self, owner: str, number: str) -> bool:
        """Whether it is this owner's, and not in the trash."""
        try:
            return bool(owner) and not store.conversation(self._catalogue, owner, number).deleted
        except UnknownConversation:
            return False

    def revision(self, owner: str) -> str:
        """Another word whenever something of the owner's changed."""
        return str(store.revision(self._catalogue, owner)) if owner else ""

    def open(self, session: Session, number: str) -> None:
        """Show a conversation in a tab. Raises :class:`UnknownConversation`."""
        found = store.conversation(self._catalogue, session.owner, number)
        turns = store.read(self._catalogue, session.owner, number)
        exchanges = [self.exchange(session.owner, turn, place) for place, turn in enumerate(turns, 1)]
        join_scopes(turns, exchanges)
        about = next((exchange for exchange in exchanges if exchange.id == found.scope), None)
        session.show(number, exchanges, about)

    def changed_elsewhere(self, session: Session) -> bool:
        """Whether another tab, or another browser of the same person, has asked in the conversation of this one."""
        if not session.owner or session.busy or not session.begun:
            return False
        with self._lock:
            here = [e.id for e in session.exchanges if e.id not in self._pending]
        there = list(store.turn_ids(self._catalogue, session.conversation))
        return bool(there) and there != here

    def turns(self, owner: str, number: str) -> tuple[Conversation, list[KeptTurn]]:
        """A conversation with its turns. Raises :class:`UnknownConversation`."""
        return store.conversation(self._catalogue, owner, number), store.read(self._catalogue, owner, number)

    def exported(self, owner: str, number: str, ending: str) -> bytes:
        """A conversation with its cut-outs as html, pdf or zip (Markdown). Raises :class:`UnknownConversation`."""
        if not owner:
            raise UnknownConversation("Nothing is kept for a browser without cookies")
        if ending not in ENDINGS_OF_FILES:
            raise UnknownConversation("Conversations are exported as html, pdf or zip")
        found, turns = self.turns(owner, number)
        shown = [Exported(t, {name: self.picture(owner, t.id, name) for name in t.pictures}) for t in turns]
        return exported(found.title, shown, ending)

    def exchange_at(self, owner: str, turn: str, number: int) -> Exchange:
        """One turn as the exchange of that number. Raises :class:`UnknownConversation`."""
        return self.exchange(owner, store.read_turn(self._catalogue, owner, turn), number)

    def exchange(self, owner: str, turn: KeptTurn, number: int) -> Exchange:
        """A turn as an exchange, its picture as a file."""
        return exchange_of(turn, number, self._file(owner, turn))

    def picture(self, owner: str, turn: str, name: str) -> Picture:
        """Raises :class:`UnknownConversation`, also where it is somebody else's."""
        if not owner:
            raise UnknownConversation("Nothing is kept for a browser without cookies")
        return store.picture(self._catalogue, owner, turn, name)

    def _file(self, owner: str, turn: KeptTurn) -> Path | None:
        if ASKED not in turn.pictures:
            return None
        shown = store.picture(self._catalogue, owner, turn.id, ASKED)
        plain = re.sub(r"[^\w -]", "_", Path(turn.picture_name).stem)[:80].strip() or "picture"
        path = Path(self._folder.name) / turn.id / f"{plain}{ENDINGS.get(shown.type, '.png')}"
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(shown.data)
        return path

    # -- writing -----------------------------------------------------------------------------------------------------

    def keep(self, session: Session, exchange: Exchange) -> str:
        """Write an exchange down, as far as it has come; what the person should know where that failed."""
        if not exchange.owner:
            return ""
        pictures = pictures_of(exchange)
        task = _Pending(exchange.owner, exchange.conversation, turn_of(exchange), pictures)
        session.begun = session.begun or session.conversation == exchange.conversation
        try:
            self._write(task, SHORT_WAIT)
        except IndexBusy:
            self._later(task)
            return ""
        except RagError as exc:
            self._later(task)
            return f"This conversation could not be saved yet, and is saved as soon as it can be. {exc}"
        exchange.kept |= frozenset(pictures)
        return ""

    def scope(self, session: Session, exchange: Exchange | None) -> None:
        """What later questions are about: the picture of this exchange, or no picture. Raises :class:`StoreError`."""
        session.scope = exchange
        if self.has(session.owner, session.conversation):
            number = exchange.id if exchange else ""
            store.set_scope(self._catalogue, session.owner, session.conversation, number, LONG_WAIT)

    def rename(self, owner: str, number: str, title: str) -> Conversation:
        """Raises :class:`UnknownConversation`, :class:`StoreError`."""
        return store.rename(self._catalogue, owner, number, title, LONG_WAIT)

    def discard(self, owner: str, number: str) -> Conversation:
        """Into the trash. Raises :class:`UnknownConversation`, :class:`StoreError`."""
        return store.discard(self._catalogue, owner, number, LONG_WAIT)

    def restore(self, owner: str, number: str) -> Conversation:
        """Out of the trash. Raises :class:`UnknownConversation`, :class:`StoreError`."""
        return store.restore(self._catalogue, owner, number, LONG_WAIT)

    def stop(self) -> None:
        """At the end of the program: write what is still held, and let go of the files."""
        self._ending = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join(LONG_WAIT)
        for task in self._held():
            try:
                with self._writing:
                    self._save(task, LONG_WAIT)
            except RagError as exc:
                log.error("a question and its answer could not be saved: %s", exc)
        self._folder.cleanup()

    def _write(self, task: _Pending, wait: float) -> None:
        """In the order in which they were asked: what waits of the same conversation goes first."""
        with self._writing:
            for held in self._held():
                if held.conversation == task.conversation and held.turn.id != task.turn.id:
                    self._save(held, wait)
            self._save(task, wait)

    def _save(self, task: _Pending, wait: float) -> None:
        with self._lock:
            held = self._pending.get(task.turn.id)
        pictures = {**(held.pictures if held else {}), **task.pictures}
        store.save_turn(self._catalogue, task.owner, task.conversation, task.turn, pictures, wait)
        with self._lock:
            self._pending.pop(task.turn.id, None)

    def _held(self) -> Sequence[_Pending]:
        with self._lock:
            return tuple(self._pending.values())

    def _later(self, task: _Pending) -> None:
        with self._lock:
            held = self._pending.get(task.turn.id)
            pictures = {**(held.pictures if held else {}), **task.pictures}
            self._pending[task.turn.id] = task._replace(pictures=pictures)
            if self._thread is None and not self._ending:
                self._thread = threading.Thread(target=self._try_again, name="conversations", daemon=True)
                self._thread.start()

    def _try_again(self) -> None:
        """Until all is written."""
        while not self._ending:
            self._wake.wait(RETRY)
            try:
                with self._writing:
                    for task in self._held():
                        self._save(task, SHORT_WAIT)
            except RagError as exc:
                log.warning("a question and its answer could not be saved yet: %s", exc)
            with self._lock:
                if not self._pending:
                    self._thread = None
                    return
