"""The conversations that are kept, as the app uses them: each browser, or person who signs in, has their own.

A browser that keeps no cookies and has no name has no owner: its conversation lasts as long as its tab, and nobody else
can come by it.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import gradio as gr

from rag.errors import UnknownConversation
from rag.service.conversations import LISTED as LISTED
from rag.service.conversations import LONG_WAIT, KeptConversations, Task
from rag.service.rights import withheld
from rag.service.signs_of_life import signs_of_life
from rag.storage.records import conversations as store
from rag.storage.records import feedback
from rag.storage.records.catalogue import Catalogue
from rag.storage.records.conversation_values import ASKED, Conversation, KeptTurn
from ui.people.browsers import owner_of
from ui.state.answers import Answers
from ui.state.kept import exchange_of, join_scopes, pictures_of, turn_of
from ui.state.session import Exchange, Session

ENDINGS = {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp", "image/gif": ".gif"}


def owner(request: gr.Request | None) -> str:
    """:func:`owner_of` an event."""
    if request is None or request.request is None:
        return ""
    return owner_of(request.request.cookies, request.username)


class Conversations(KeptConversations):
    """Of one catalogue. All methods may be called from any thread."""

    def __init__(self, catalogue: Catalogue, answers: Answers) -> None:
        super().__init__(catalogue)
        self._answers = answers
        self._folder = tempfile.TemporaryDirectory(prefix="pagesight-", ignore_cleanup_errors=True)

    # -- reading -----------------------------------------------------------------------------------------------------

    def open(self, session: Session, number: str) -> None:
        """Show a conversation in a tab. Raises :class:`UnknownConversation`."""
        found, turns = self.turns(session.owner, number)
        exchanges = [self.exchange(session.owner, turn, place) for place, turn in enumerate(turns, 1)]
        join_scopes(
            [t for t, e in zip(turns, exchanges, strict=True) if not e.fresh], [e for e in exchanges if not e.fresh]
        )
        thumbs = feedback.given(self._catalogue, [exchange.id for exchange in exchanges])
        for exchange in exchanges:
            exchange.liked = thumbs.get(exchange.id)
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

    def exchange_at(self, owner: str, turn: str, number: int) -> Exchange:
        """One turn as the exchange of that number. Raises :class:`UnknownConversation`."""
        return self.exchange(owner, self.turn(owner, turn), number)

    def exchange(self, owner: str, turn: KeptTurn, number: int) -> Exchange:
        """A turn as an exchange, its picture as a file; the exchange itself while it is being answered here."""
        answering = self._answers.of(turn.id) if turn.status == "open" else None
        if answering is not None:
            return answering.exchange
        return exchange_of(turn, number, self._file(owner, turn))

    def wake(self, owner: str, exchange: Exchange) -> Exchange:
        """The exchange, with its answer and evidence again where it was resting; what was deleted for good meanwhile
        rests on."""
        if exchange.resting is not None:
            try:
                turn = self.turn(owner, exchange.id)
            except UnknownConversation:
                return exchange
            exchange.evidence, exchange.answer, exchange.resting = turn.evidence, turn.answer, None
        return exchange

    def _file(self, owner: str, turn: KeptTurn) -> Path | None:
        if ASKED not in turn.pictures:
            return None
        shown = self.picture(owner, turn.id, ASKED)
        plain = re.sub(r"[^\w -]", "_", Path(turn.picture_name).stem)[:80].strip() or "picture"
        path = Path(self._folder.name) / turn.id / f"{plain}{ENDINGS.get(shown.type, '.png')}"
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(shown.data)
        return path

    def withhold(self, session: Session) -> None:
        """Answers of a tab that rest on documents which who asks may not see by now are taken out of it; they are kept,
        and come back with the right to see them. One that is being written is not there yet."""
        hidden = self.rights.hidden()
        if session.pointed is not None and session.pointed.spot.doc in hidden:
            session.point_at(None)
        if not hidden or not session.exchanges:
            return
        names = self.hidden_names(hidden)
        session.replace({e.id: shown for e in session.exchanges if (shown := _withheld(e, hidden, names)) is not e})

    # -- writing -----------------------------------------------------------------------------------------------------

    def keep(self, session: Session, exchange: Exchange) -> str:
        """Write an exchange down, as far as it has come; what the person should know where that failed."""
        if not exchange.owner:
            return ""
        pictures = pictures_of(exchange)
        session.begun = session.begun or session.conversation == exchange.conversation
        kept = self.write(Task(exchange.owner, exchange.conversation, turn_of(exchange), pictures))
        exchange.kept |= frozenset(pictures if kept.written else ())
        exchange.saved = kept.written and not exchange.open
        return kept.problem

    @contextmanager
    def alive(self, session: Session, exchange: Exchange) -> Iterator[None]:
        """Within it, an exchange that is being answered is kept again and again, as far as it has come: so other
        programs over the same library learn that its answer is on the way."""
        with signs_of_life(lambda: self.keep(session, exchange)):
            yield

    def scope(self, session: Session, exchange: Exchange | None) -> None:
        """What later questions are about: the picture of this exchange, or no picture. Raises :class:`StoreError`."""
        session.scope = exchange
        if self.has(session.owner, session.conversation):
            number = exchange.id if exchange else ""
            store.set_scope(self._catalogue, session.owner, session.conversation, number, LONG_WAIT)

    def ask_anew(self, session: Session, exchange: Exchange, question: str) -> Conversation | None:
        """Make room for ``question`` in the tab's conversation; see :meth:`KeptConversations.set_aside`."""
        return self.set_aside(session.owner, session.conversation, exchange.id, question)

    def stop(self) -> None:
        """At the end of the program: write what is still held, and let go of the files."""
        super().stop()
        self._folder.cleanup()


def _withheld(exchange: Exchange, hidden: frozenset[str], names: Sequence[str]) -> Exchange:
    """The exchange itself, or another one in its place that is without its answer."""
    if exchange.under_way:
        return exchange
    turn = turn_of(exchange)
    left = withheld(turn, hidden, names, exchange.found_in)
    if left is turn:
        return exchange
    own = exchange.picture if left.picture_name else None
    number = exchange_of(left, exchange.number, own)
    return replace(number, fresh=exchange.fresh, owner=exchange.owner, conversation=exchange.conversation)
