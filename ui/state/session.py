"""What one browser tab has asked and been told; kept on the server and never taken from the browser."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple
from uuid import uuid4

from rag.service.conversations import HISTORY
from rag.service.library import Removed
from rag.storage.records.conversation_values import Conversation, new_id
from rag.types import Answer, Evidence, Spot, Turn
from ui.state.samples import Sample

WHOLE = 8  # latest exchanges of a tab that are held with their evidence
MOST_SPOTS = 50  # cut-outs of one tab whose places are known; a question that is put back still has its own
Status = Literal["searching", "answering", "done", "stopped", "failed", "elsewhere"]


class Resting(NamedTuple):
    """What an exchange still knows of its evidence while that is only kept on disk: how many pieces, of which
    documents."""

    pieces: int
    docs: frozenset[str]


@dataclass(slots=True)
class Exchange:
    """One question and what has come back so far. ``number`` counts from 1 and names the turn in citation links.

    ``docs`` are the documents that are searched, empty for all, of ``library`` documents; ``readable`` is whether the
    picture could be opened; ``id`` names the answer when it is voted for. ``understood`` is what was searched for where
    that is not the question as typed; ``as_typed`` is whether nothing was to be taken from the questions before.
    ``thinking`` counts the words that a model has thought before it answers.
    ``spot`` is the place that the picture was cut out of, by a rectangle drawn on a page.
    ``about`` is the exchange whose picture the question was asked about; ``kept`` names the pictures that are kept with
    it, ``gone`` the documents it cites that are no longer in the library; ``fresh``: it was asked in this tab,
    by ``owner`` in ``conversation``; ``tells``: its answer says that no model is set up, the first of a tab. ``drawn``
    are its messages as they were last drawn, once it is over, and the state they show (:mod:`ui.shown.messages`).

    ``elsewhere``, a status: another program over the same library is writing the answer; it can be waited for, but not
    stopped here.
    ``saved``: it is over and kept on disk as it is. Then it may be ``resting``, without its answer and its evidence, of
    which a tab of many questions looks at that of the latest alone (:meth:`rest`); they are read again where they are
    needed (:meth:`ui.state.conversations.Conversations.wake`).
    """

    number: int
    question: str
    picture: Path | None = None
    status: Status = "searching"
    evidence: tuple[Evidence, ...] = ()
    seconds: float = 0.0
    text: str = ""
    answer: Answer | None = None
    error: str = ""
    docs: tuple[str, ...] = ()
    library: int = 0
    readable: bool = True
    understood: str = ""
    as_typed: bool = False
    thinking: int = 0
    about: Exchange | None = None
    kept: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    fresh: bool = True
    spot: Spot | None = None
    tells: bool = False
    owner: str = ""
    conversation: str = ""
    liked: bool | None = None
    id: str = field(default_factory=lambda: uuid4().hex)
    drawn: tuple[object, bytes] | None = field(default=None, repr=False, compare=False)
    saved: bool = False
    resting: Resting | None = None

    @property
    def open(self) -> bool:
        """Whether the answer is still under way here."""
        return self.status in ("searching", "answering")

    @property
    def under_way(self) -> bool:
        """Whether the answer is still under way, here or elsewhere."""
        return self.open or self.status == "elsewhere"

    @property
    def pieces(self) -> int:
        """How many pieces of evidence were found."""
        return self.resting.pieces if self.resting else len(self.evidence)

    @property
    def found_in(self) -> frozenset[str]:
        """The documents of its evidence."""
        return self.resting.docs if self.resting else frozenset(piece.chunk.doc for piece in self.evidence)

    def rest(self) -> None:
        """Let go of what can be read again, where nothing but its messages, which are drawn already, is shown of it.
        The place of its picture stays: later questions may be about it."""
        if self.saved and self.drawn is not None and self.resting is None:
            self.resting = Resting(self.pieces, self.found_in)
            self.evidence, self.answer = tuple(piece for piece in self.evidence if piece.pictured), None

    def stop(self) -> None:
        """End it with what has come so far, where it is still under way."""
        if self.open:
            self.status = "stopped"


class Pointed(NamedTuple):
    """A rectangle that was drawn on a page, and its cut-out as a file; nothing was asked about it yet."""

    spot: Spot
    picture: Path
    doc_name: str


class Listing(NamedTuple):
    """What the list of conversations shows: those that hold the words ``find``, or of the ``trash``. A later one has a
    higher ``number``, also over a restart of the server."""

    find: str = ""
    trash: bool = False
    number: int = 0


class Session:
    """The conversation of one tab, and the examples it shows.

    Not a dataclass: Gradio would take one apart for its page config. ``id`` is known to the server alone. ``owner`` is
    whose conversations it may show, ``conversation`` the one it shows, ``begun`` whether that was ever written down;
    ``scope`` is the exchange whose picture the next question is about, ``pointed`` a rectangle that it is about,
    ``spots`` the places of pictures that were cut out, by the hash of their bytes; ``listing`` is what the
    list shows, ``discarded`` the conversation that it offers to take back, until the next thing is done with it;
    ``replaced``: that is how this one was before one of its questions was asked anew; ``told``: that no model is
    set up was said. ``removed`` is the document that was removed here last, ``trash_open`` whether the list of removed
    ones is open, ``redraw`` whether the tab still shows what was taken out of its conversation.
    """

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []
        self.id = uuid4().hex
        self.offered: tuple[Sample, ...] = ()
        self.asked = 0
        self.owner = ""
        self.conversation = new_id()
        self.begun = False
        self.scope: Exchange | None = None
        self.pointed: Pointed | None = None
        self.spots: dict[str, Spot] = {}
        self.listing = Listing()
        self.discarded: Conversation | None = None
        self.replaced = False
        self.told = False
        self.removed: Removed | None = None
        self.trash_open = False
        self.redraw = False
        self.watched: set[str] = set()  # ids of exchanges that are being drawn in this tab as they come
        self.unwatched: Exchange | None = None  # was shown while it was being written, and is to be watched
        self._own: set[str] = set()  # of those that were asked in this tab
        self._lock = threading.Lock()

    def __deepcopy__(self, memo: dict[int, object]) -> Session:
        """Gradio copies the first value for each tab; locks cannot be copied, a fresh session has nothing to copy."""
        return Session()

    def list_those(self, find: str, trash: bool) -> None:
        """Show others in the list of conversations. A list that is being made meanwhile has the number of before."""
        self.listing = Listing(find, trash, max(self.listing.number + 1, time.time_ns() // 1_000_000))

    @property
    def busy(self) -> bool:
        """Whether an answer runs."""
        return any(exchange.open for exchange in self.exchanges)

    def point_at(self, pointed: Pointed | None) -> None:
        """The next question is about a rectangle on a page, and no picture before it; about none again with None."""
        self.pointed = pointed
        if pointed is not None:
            self.spots[_digest(pointed.picture)] = pointed.spot
            while len(self.spots) > MOST_SPOTS:
                self.spots.pop(next(iter(self.spots)))

    def begin(self, question: str, picture: Path | None = None, as_typed: bool = False) -> Exchange | None:
        """A new exchange, or None while another is open: two events may arrive at the same moment.

        One without a picture of its own is about the picture in scope, if there is one.
        """
        with self._lock:
            if self.busy:
                return None
            self.asked += 1
            if picture is None and self.pointed is not None and not as_typed:
                picture = self.pointed.picture
            self.pointed = None
            about = None if picture or as_typed else self.scope
            exchange = Exchange(self.asked, question, picture, as_typed=as_typed, about=about)
            exchange.spot = self.spots.get(_digest(picture)) if picture is not None and self.spots else None
            exchange.owner, exchange.conversation = self.owner, self.conversation
            self.exchanges.append(exchange)
            self._own.add(exchange.id)
            return exchange

    def rewind(self, exchange: Exchange) -> bool:
        """Take an exchange and all that follow out; False while an answer runs. What it was about is in scope again."""
        with self._lock:
            if self.busy or exchange not in self.exchanges:
                return False
            self.exchanges = self.exchanges[: self.exchanges.index(exchange)]
            if exchange.spot is not None and exchange.picture is not None:
                self.spots[_digest(exchange.picture)] = exchange.spot
            self.scope = exchange.about if exchange.about in self.exchanges else None
            return True

    def rest(self) -> None:
        """Let go of the evidence of all but the latest exchanges."""
        for exchange in self.exchanges[:-WHOLE]:
            exchange.rest()

    def stop(self) -> Exchange | None:
        """Close what is still running, and return it; its handler sees that and writes nothing more."""
        running = next((exchange for exchange in self.exchanges if exchange.open), None)
        if running is not None:
            running.status = "stopped"
        return running

    def _stop_own(self) -> None:
        """Close what was asked here and still runs; what another tab has asked goes on."""
        for exchange in self.exchanges:
            if exchange.id in self._own:
                exchange.stop()

    def clear(self) -> None:
        """Stop what runs and begin another conversation; numbers go on: old citations may be on the way."""
        self._stop_own()
        self.exchanges = []
        self.conversation, self.begun, self.scope, self.pointed = new_id(), False, None, None

    def show(self, conversation: str, exchanges: list[Exchange], scope: Exchange | None) -> None:
        """Stop what runs and show a conversation that was kept."""
        self._stop_own()
        self.exchanges, self.asked = exchanges, max((exchange.number for exchange in exchanges), default=0)
        self.conversation, self.begun, self.scope, self.pointed = conversation, True, scope, None

    def replace(self, others: Mapping[str, Exchange]) -> None:
        """Put other exchanges in the place of those with these ids."""
        if not others:
            return
        with self._lock:
            self.exchanges = [others.get(exchange.id, exchange) for exchange in self.exchanges]
            for exchange in self.exchanges:
                exchange.about = others.get(exchange.about.id, exchange.about) if exchange.about else None
            self.scope = others.get(self.scope.id, self.scope) if self.scope else None
            self.redraw = True

    def belongs_to(self, owner: str) -> None:
        """Say whose the tab is; where it was somebody else's (who has signed out), nothing of theirs is left in it."""
        if self.owner != owner:
            if self.owner:
                self.clear()
                self.list_those("", trash=False)
            self.owner = owner

    def history(self) -> tuple[Turn, ...]:
        """The finished exchanges before the one that is open, oldest first."""
        done = [e for e in self.exchanges if e.status == "done" and (e.question or e.evidence)]
        return tuple(Turn(e.question, e.text, e.evidence) for e in done[-HISTORY:])


def _digest(picture: Path) -> str:
    """By which a picture is known again that went through the browser; empty where it cannot be read."""
    try:
        return hashlib.sha256(picture.read_bytes()).hexdigest()
    except OSError:
        return ""
