"""The conversations that are kept, as all who ask use them: each owner, a word that the caller knows people by, has
their own, and somebody without one has none.

What cannot be written at once, since another process writes or the disk is full, is held in memory and written as soon
as it can be.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from rag.errors import IndexBusy, RagError, UnknownConversation
from rag.export.document import Exported, asked
from rag.export.formats import ENDINGS as ENDINGS_OF_FILES
from rag.export.formats import File, exported, file_name
from rag.export.wording import ENGLISH, Wording
from rag.service.rights import Rights, withheld
from rag.service.told import said
from rag.storage.records import conversations as store
from rag.storage.records.catalogue import Catalogue
from rag.storage.records.conversation_values import Conversation, KeptTurn, Picture, folded

HISTORY = 6  # earlier questions and answers that an answering model is shown
LISTED = 200  # conversations in the list; older ones are found by their words
SHORT_WAIT = 0.3  # seconds that a question waits for another process's commit before it is answered
LONG_WAIT = 5.0  # seconds that a click waits
RETRY = 2.0  # seconds between two tries to write what could not be written
log = logging.getLogger(__name__)


class Task(NamedTuple):
    """A turn to be written down."""

    owner: str
    conversation: str
    turn: KeptTurn
    pictures: Mapping[str, Picture]


class Kept(NamedTuple):
    """Whether a turn was written, and if not, what the person should know (nothing where it is only a matter of
    moments)."""

    written: bool
    problem: str = ""


class KeptConversations:
    """Of one catalogue. All methods may be called from any thread."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.rights = Rights(catalogue)
        self._pending: dict[str, Task] = {}  # by turn
        self._lock = threading.Lock()  # of what is pending, for moments
        self._writing = threading.Lock()  # one write after the other
        self._wake = threading.Event()
        self._ending = False
        self._thread: threading.Thread | None = None

    # -- reading -----------------------------------------------------------------------------------------------------

    def listed(self, owner: str, find: str = "", trash: bool = False) -> list[Conversation]:
        """The latest first, one more than :data:`LISTED` where there are more."""
        rows = store.listed(self._catalogue, owner, find, trash, LISTED + 1) if owner else []
        return [row for row in rows if self._holds(row, find)] if find and self.rights.hidden() else rows

    def _holds(self, row: Conversation, find: str) -> bool:
        """Whether the words stand in what who asks is shown of a conversation, not in an answer that is withheld."""
        turns = self.shown(store.read(self._catalogue, row.owner, row.id))
        said = folded(" ".join([row.title, *(f"{turn.question} {turn.text}" for turn in turns)]))
        return all(word in said for word in folded(find).split())

    def has(self, owner: str, number: str) -> bool:
        """Whether it is this owner's, and not in the trash."""
        try:
            return bool(owner) and not store.conversation(self._catalogue, owner, number).deleted
        except UnknownConversation:
            return False

    def trashed(self, owner: str, number: str) -> Conversation | None:
        """It, where it is this owner's and in the trash."""
        try:
            found = store.conversation(self._catalogue, owner, number)
        except UnknownConversation:
            return None
        return found if owner and found.deleted else None

    def revision(self, owner: str) -> str:
        """Another word whenever something of the owner's changed."""
        return str(store.revision(self._catalogue, owner)) if owner else ""

    def turns(self, owner: str, number: str) -> tuple[Conversation, list[KeptTurn]]:
        """A conversation with its turns. Raises :class:`UnknownConversation`."""
        found = store.conversation(self._catalogue, owner, number)
        return found, self.shown(store.read(self._catalogue, owner, number))

    def turn(self, owner: str, turn: str) -> KeptTurn:
        """One turn. Raises :class:`UnknownConversation`."""
        return self.shown([store.read_turn(self._catalogue, owner, turn)])[0]

    def shown(self, turns: Sequence[KeptTurn]) -> list[KeptTurn]:
        """As who asks may see them by now: answers that rest on documents that they may not are withheld."""
        hidden = self.rights.hidden()
        if not hidden:
            return list(turns)
        names = self.hidden_names(hidden)
        return [withheld(turn, hidden, names) for turn in turns]

    def hidden_names(self, hidden: Collection[str]) -> list[str]:
        """What the hidden documents of the library are called."""
        return [row.name for row in self._catalogue.listed() if row.id in hidden]

    def exported(self, owner: str, number: str, ending: str, words: Wording = ENGLISH) -> File:
        """A conversation with its cut-outs as html, pdf or zip (Markdown), in these words.

        Raises :class:`UnknownConversation`.
        """
        if not owner:
            raise UnknownConversation("Nothing is kept for a browser without cookies")
        if ending not in ENDINGS_OF_FILES:
            raise UnknownConversation("Conversations are exported as html, pdf or zip")
        found, turns = self.turns(owner, number)
        data = exported(found.title, [self._with_pictures(owner, turn) for turn in turns], ending, words)
        return File(file_name(found.title, ending), data)

    def exported_answer(self, owner: str, turn: str, ending: str, words: Wording = ENGLISH) -> File:
        """One answer, as :meth:`exported`. Raises :class:`UnknownConversation`."""
        if not owner or ending not in ENDINGS_OF_FILES:
            raise UnknownConversation("There is no such answer; answers are saved as html, pdf or zip")
        found = self.turn(owner, turn)
        title = asked(found, words)
        return File(file_name(title, ending), exported(title, [self._with_pictures(owner, found)], ending, words))

    def _with_pictures(self, owner: str, turn: KeptTurn) -> Exported:
        return Exported(turn, {name: self.picture(owner, turn.id, name) for name in turn.pictures})

    def picture(self, owner: str, turn: str, name: str) -> Picture:
        """Raises :class:`UnknownConversation`, also where it is somebody else's."""
        if not owner:
            raise UnknownConversation("Nothing is kept for a browser without cookies")
        if self.rights.hidden() and name not in self.turn(owner, turn).pictures:
            raise UnknownConversation("There is no such picture")
        return store.picture(self._catalogue, owner, turn, name)

    # -- writing -----------------------------------------------------------------------------------------------------

    def write(self, task: Task) -> Kept:
        """Write a turn down, as far as it has come; what could not be written is tried again until it is."""
        try:
            self._write(task, SHORT_WAIT)
        except IndexBusy:
            self._later(task)
            return Kept(False)
        except RagError as exc:
            self._later(task)
            saved = "This conversation could not be saved yet, and is saved as soon as it can be."
            return Kept(False, f"{saved} {said(exc)}")
        return Kept(True)

    def set_aside(self, owner: str, conversation: str, turn: str, question: str) -> Conversation | None:
        """Take a turn and what follows it out of a conversation: ``question`` is to be asked in its place.

        The conversation as it was, from the trash; None where nothing of it was answered, or nothing is kept. Raises
        :class:`UnknownConversation`, :class:`StoreError`; then all is as it was.
        """
        if not owner:
            return None
        with self._writing:
            for held in self._held():
                if held.conversation == conversation:
                    self._save(held, LONG_WAIT)
            return store.set_aside(self._catalogue, owner, conversation, turn, question, LONG_WAIT)

    def rename(self, owner: str, number: str, title: str) -> Conversation:
        """Raises :class:`UnknownConversation`, :class:`StoreError`."""
        return store.rename(self._catalogue, owner, number, title, LONG_WAIT)

    def discard(self, owner: str, number: str) -> Conversation:
        """Into the trash. Raises :class:`UnknownConversation`, :class:`StoreError`."""
        return store.discard(self._catalogue, owner, number, LONG_WAIT)

    def forget(self, owner: str, number: str) -> None:
        """Delete one of the trash for good. Raises :class:`UnknownConversation`, :class:`StoreError`."""
        store.forget(self._catalogue, owner, number)

    def restore(self, owner: str, number: str) -> Conversation:
        """Out of the trash. Raises :class:`UnknownConversation`, :class:`StoreError`."""
        return store.restore(self._catalogue, owner, number, LONG_WAIT)

    def stop(self) -> None:
        """At the end of the program: write what is still held."""
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

    def _write(self, task: Task, wait: float) -> None:
        """In the order in which they were asked: what waits of the same conversation goes first."""
        with self._writing:
            for held in self._held():
                if held.conversation == task.conversation and held.turn.id != task.turn.id:
                    self._save(held, wait)
            self._save(task, wait)

    def _save(self, task: Task, wait: float) -> None:
        with self._lock:
            held = self._pending.get(task.turn.id)
        pictures = {**(held.pictures if held else {}), **task.pictures}
        store.save_turn(self._catalogue, task.owner, task.conversation, task.turn, pictures, wait)
        with self._lock:
            self._pending.pop(task.turn.id, None)

    def _held(self) -> Sequence[Task]:
        with self._lock:
            return tuple(self._pending.values())

    def _later(self, task: Task) -> None:
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
