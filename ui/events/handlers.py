"""What happens on each event of the page: component values come in, component updates go out.

All values are untrusted; the tab's session is not, it never leaves the server. No handler lets an error through: a
raised one would cover the chat and stop the events chained to it (Gradio 6.31), so each becomes a message or a
notification.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from ingestion.errors import IngestionError
from rag.answering.answer import QUOTED, Delta, Event, Found, Thinking
from rag.errors import RagError, UnknownCollection, UnknownConversation
from rag.images import open_picture
from rag.monitoring.requests import serving
from rag.service.library import Removed
from rag.service.suggestions import Suggestions
from rag.service.told import said
from rag.types import Query, Turn
from ui.events import notices
from ui.events.upload_handlers import Updates, UploadHandlers
from ui.people.access import Access
from ui.shown import messages, payload
from ui.state.answers import Answering, Tell
from ui.state.backend import Library
from ui.state.conversations import owner
from ui.state.kept import place
from ui.state.samples import Sample, offered
from ui.state.session import Exchange, Session
from ui.words.language import tr

LOOK_EVERY = 1.0  # seconds after which a page that watches an answer looks again, though nothing has come
DRAW_EVERY = 0.05  # seconds: each update sends the whole conversation through the server again
EXAMPLES = 4  # questions on an empty page
EMPTY: dict[str, Any] = {"text": "", "files": []}  # the question box
log = logging.getLogger(__name__)


class Handlers:
    """Bound to one library; holds nothing of any user but the uploads of each browser (:attr:`uploads`)."""

    def __init__(self, library: Library, samples: Sequence[Sample] = (), access: Access | None = None) -> None:
        self.library = library
        self.access = access or Access()
        self.answers = library.answers
        self.samples = samples
        self.suggestions = Suggestions(library)
        self.uploads = UploadHandlers(library)

    # Documents ------------------------------------------------------------------------------------------------

    def opened(self, choice: object, session: Session, request: gr.Request) -> Updates:
        """The page was loaded: (document list, chat, drop zone, card, password box, …)."""
        return *self.refreshed(choice, session), *self.uploads.shown(session, request)

    def refreshed(self, choice: object, session: Session, decided: bool = False, refused: bool = False) -> Updates:
        """Documents came or went, here or elsewhere: (document list, chat with its examples). ``decided``: the
        collection in ``choice`` is not the browser's, which is to take it over. ``refused``: see the payload."""
        return self._documents(choice, decided, refused=refused), self._examples(session)

    def remove(self, choice: object, session: Session, event: gr.EventData) -> Updates:
        """The bin of a document. The event's content comes from the browser."""
        doc = event._data.get("doc") if isinstance(event._data, dict) else None
        try:
            row = self.library.remove(str(doc))
            session.removed = Removed(row.id, row.name, "", 0)
        except (RagError, OSError) as exc:
            notices.tell(said(exc), tr("Not removed"))
            return self._documents(choice, anew=True), self._examples(session)
        return self.refreshed(choice, session)

    def _documents(self, choice: object, decided: bool = False, anew: bool = False, refused: bool = False) -> Any:
        """The list, where it is another one than the browser shows: of thousands it is long, and most answers leave
        the library as it was. ``anew``: the browser draws it again in any case."""
        rows, named = self.library.listed(), self.library.collections()
        if not anew and payload.shows(choice) == payload.revision(rows, named):
            return gr.skip()
        for_good = not self.library.settings.trash_days
        return payload.documents(
            rows, payload.unticked(choice), named, payload.within(choice), decided, anew, refused, for_good
        )

    def ticked(self, choice: object) -> frozenset[str]:
        """The documents that are asked: those of the chosen collection, else all, without those that are unticked.

        Raises :class:`UnknownCollection`.
        """
        ids, within = frozenset(self.library.ids()), payload.within(choice)
        if within:
            chosen = next((one for one in self.library.collections() if one.id == within), None)
            if chosen is None:
                raise UnknownCollection(
                    tr("The collection that was asked within is no longer there; choose another one.")
                )
            ids &= chosen.docs
        return ids - payload.unticked(choice)

    def offered(self) -> tuple[Sample, ...]:
        """The examples whose documents are in the library; where there are none, questions made from its own."""
        of_samples = offered({row.name for row in self.library.listed()}, self.samples)
        return of_samples or tuple(Sample(*one) for one in self.suggestions.of_now(EXAMPLES))

    def _examples(self, session: Session) -> Any:
        """The examples of this tab, where they are no longer the ones it shows."""
        now = self.offered()
        if now == session.offered:
            return gr.skip()
        session.offered = now
        return gr.update(examples=messages.examples(now))

    # Questions: every handler leaves (chat, question box, evidence viewer, document list) ----------------------
    # The words in the box are changed only when they are taken from it: a person types on while an answer runs.

    def ask(
        self, message: object, choice: object, session: Session, request: gr.Request | None = None
    ) -> Iterator[Updates]:
        """A question was sent from the question box."""
        self.recognised(session, request)
        text, picture = _message(message)
        yield from self.asked(text, picture, choice, session, {"value": EMPTY})

    def ask_sample(
        self, choice: object, session: Session, event: gr.SelectData, request: gr.Request | None = None
    ) -> Iterator[Updates]:
        """An example was clicked: only its number is believed, the words and the file are ours."""
        self.recognised(session, request)
        number = event.index
        if not isinstance(number, int) or not 0 <= number < len(session.offered):
            yield gr.skip(), gr.skip(), gr.skip(), self._documents(choice)
            return
        sample = session.offered[number]
        if problem := self._elsewhere(sample, choice):
            notices.tell(problem, tr("Not asked"))
            yield gr.skip(), gr.skip(), gr.skip(), self._documents(choice)
            return
        yield from self.asked(sample.question, sample.picture, choice, session, {})

    def _elsewhere(self, sample: Sample, choice: object) -> str:
        """Why an example is not asked that is about another document than those that are chosen."""
        about = {row.id for row in self.library.listed() if row.name == sample.doc}
        try:
            searched = self.ticked(choice)
        except UnknownCollection:
            return ""  # told where it is asked
        if not about or not searched or about & searched:
            return ""
        return tr("This example is about “{name}”, which is not chosen on the left; choose it there.", name=sample.doc)

    def ask_as_typed(self, choice: object, session: Session, event: gr.SelectData) -> Iterator[Updates]:
        """The button under an answer to a follow-up: the same question again, without what was taken along.

        Only the number in the button's value is believed, and only where it names such a question of this tab.
        """
        number = messages.as_typed_of(event.value)
        asked = next((e for e in session.exchanges if e.number == number and e.understood and not e.open), None)
        if asked is None:
            yield gr.skip(), gr.skip(), gr.skip(), self._documents(choice)
            return
        yield from self.asked(asked.question, asked.picture, choice, session, {}, as_typed=True)

    def put_back(self, message: object, session: Session) -> Any:
        """After an answer: what was asked in vain is in the box again, unless something is in it already.

        A question that is still in it has been answered: the browser can lose the emptying of the box (Gradio 6.31).
        """
        last = session.exchanges[-1] if session.exchanges else None
        if last is not None and last.status == "done" and last.question and _message(message)[0] == last.question:
            return gr.update(value=EMPTY)
        if last is None or last.status != "failed" or any(_message(message)):
            return gr.skip()
        return gr.update(value=_question(last))

    def stopped(self, message: object, choice: object, session: Session) -> Updates:
        """The stop button: the answer ends here, and its question goes back into the box."""
        running = session.stop()
        back = {"value": _question(running)} if running and not any(_message(message)) else {}
        chat = messages.conversation(session.exchanges)
        return chat, _buttons(running=False, **back), gr.skip(), self._documents(choice)

    def cleared(self, choice: object, session: Session) -> Updates:
        """The conversation was cleared: another one begins, and it stays in the list."""
        session.clear()
        chat = gr.update(value=[], feedback_value=[])
        return chat, _buttons(running=False), payload.cleared(session.conversation), self._documents(choice)

    def voted(self, session: Session, event: gr.LikeData) -> Any:
        """A thumb under an answer; the same one again takes it back. The event's content comes from the browser."""
        exchange = messages.owner(session.exchanges, event.index) if isinstance(event.index, int) else None
        if exchange is None:
            return gr.skip()
        liked = event.liked if isinstance(event.liked, bool) else None
        try:
            self.library.voted(self.library.conversations.wake(session.owner, exchange), liked)
            exchange.liked = liked
        except (RagError, OSError) as exc:
            notices.tell(said(exc), tr("Not saved"))
        return gr.update(feedback_value=messages.thumbs(session.exchanges))

    def asked(
        self,
        text: str,
        picture: Path | None,
        choice: object,
        session: Session,
        box: dict[str, Any],
        as_typed: bool = False,
    ) -> Iterator[Updates]:
        """Ask and draw; ``box`` is what becomes of the question box once the question is taken."""
        if session.busy:  # Enter while an answer runs: the words stay in the box
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        problem = self.not_askable(text, picture, choice)
        if problem:
            notices.tell(problem, tr("Not asked"))
            yield gr.skip(), gr.skip(), gr.skip(), self._documents(choice)
            return
        history = session.history()
        exchange = session.begin(text, picture, as_typed)
        if exchange is None:  # another event of this tab was quicker
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        answering = None
        session.rest()
        try:
            yield messages.conversation(session.exchanges), _buttons(running=True, **box), gr.skip(), gr.skip()
            answering = self.answers.start(
                exchange, lambda tell: self._answer(exchange, history, choice, session, tell)
            )
        finally:
            if answering is None:  # the browser has left before it began
                exchange.stop()
                self._keep(exchange, session)
        yield from self._watched(answering, choice, session)

    def watch(self, choice: object, session: Session) -> Iterator[Updates]:
        """A page that was loaded, or another tab, shows a conversation in which an answer is being written."""
        drawn, session.unwatched = session.unwatched, None
        away = next((exchange for exchange in session.exchanges if exchange.status == "elsewhere"), None)
        if away is not None and away.id not in session.watched:
            yield from self._awaited(away, choice, session)
            return
        running = next((exchange for exchange in session.exchanges if exchange.open), None)
        answering = self.answers.of(running.id) if running is not None else None
        if answering is not None and answering.exchange.id not in session.watched:
            yield from self._watched(answering, choice, session)
        elif drawn is not None and not drawn.open:  # it ended between the drawing and this event
            yield self._over(drawn, choice, session)
        else:
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()

    def _answer(self, exchange: Exchange, history: Sequence[Turn], choice: object, session: Session, tell: Tell) -> str:
        """Write the answer into the exchange, and keep it; what the person should know. Raises nothing. The request's
        number is that of the exchange, which a failure shows."""
        with serving(exchange.id):
            return self._written(exchange, history, choice, session, tell)

    def _written(
        self, exchange: Exchange, history: Sequence[Turn], choice: object, session: Session, tell: Tell
    ) -> str:
        problem = ""
        try:
            problem = self._keep(exchange, session)
            with (
                self.library.conversations.alive(session, exchange),
                closing(self.library.ask(self._query(exchange, choice), history)) as events,  # type: ignore[type-var]
            ):
                for event in events:
                    if not exchange.open:
                        break
                    _take(event, exchange)
                    if exchange.answer is not None and QUOTED in exchange.answer.notice and not session.told:
                        session.told = exchange.tells = True
                    tell()
        except (RagError, IngestionError, OSError) as exc:
            self._failed(exchange, said(exc))
        except Exception as exc:
            log.exception("answering failed")
            self._failed(exchange, f"An internal error ({type(exc).__name__}); details are on the console.")
        exchange.stop()
        return self._keep(exchange, session) or problem

    def _watched(self, answering: Answering, choice: object, session: Session) -> Iterator[Updates]:
        """Draw the answer as it comes, at most every :data:`DRAW_EVERY` seconds and less often where drawing is slow:
        it never takes more than a quarter of the time."""
        exchange, seen, took, shown = answering.exchange, 0, 0.0, None
        session.watched.add(exchange.id)
        try:
            while not answering.over and exchange.status != "stopped":
                seen = answering.wait(seen, LOOK_EVERY)
                if answering.over or not exchange.open:
                    continue
                started = time.monotonic()
                found = exchange.evidence if exchange.evidence is not shown else None
                viewer = payload.turn(exchange, self.library) if found else gr.skip()
                yield messages.conversation(session.exchanges), gr.skip(), viewer, gr.skip()
                shown, took = exchange.evidence, 0.0 if found else time.monotonic() - started
                time.sleep(max(DRAW_EVERY, 3 * took) if not found else 0.0)
        finally:
            session.watched.discard(exchange.id)
        if answering.problem:
            notices.tell(answering.problem, tr("Not saved"))
        yield self._over(exchange, choice, session)

    def _awaited(self, exchange: Exchange, choice: object, session: Session) -> Iterator[Updates]:
        """Draw the answer that another program is writing as it keeps it, and what became of it."""
        session.watched.add(exchange.id)
        try:
            while exchange.status == "elsewhere" and exchange in session.exchanges:
                time.sleep(LOOK_EVERY)
                try:
                    now = self.library.conversations.exchange_at(session.owner, exchange.id, exchange.number)
                except UnknownConversation:  # was deleted meanwhile
                    return
                if (now.status, now.text, now.pieces) == (exchange.status, exchange.text, exchange.pieces):
                    continue
                session.replace({exchange.id: now})
                exchange = now
                yield messages.conversation(session.exchanges), gr.skip(), gr.skip(), gr.skip()
        finally:
            session.watched.discard(exchange.id)
        if exchange in session.exchanges:
            yield self._over(exchange, choice, session)

    def _over(self, exchange: Exchange, choice: object, session: Session) -> Updates:
        """An answer as it is in the end; what follows on one about a picture is about that."""
        if exchange in session.exchanges and exchange.picture is not None and exchange.status == "done":
            session.scope = self._about(exchange)
        viewer = payload.turn(exchange, self.library) if exchange.evidence else gr.skip()
        return messages.conversation(session.exchanges), _buttons(running=False), viewer, self._documents(choice)

    def recognised(self, session: Session, request: gr.Request | None) -> None:
        """Note whose tab it is, also where the program was started anew since the page was loaded."""
        if request is not None:
            session.belongs_to(owner(request))

    def _keep(self, exchange: Exchange, session: Session) -> str:
        """Write it down, and what the next question is about; what the person should know where that failed."""
        problem: str = self.library.conversations.keep(session, exchange)
        if exchange.picture is not None and exchange.status == "done" and exchange in session.exchanges:
            problem = self._scope(session, self._about(exchange)) or problem
        return problem

    def _about(self, exchange: Exchange) -> Exchange | None:
        """What follows on a question with a picture is about it where it was found, or the model sees it."""
        return exchange if place(exchange) or self.library.sees_pictures() else None

    def _scope(self, session: Session, about: Exchange | None) -> str:
        try:
            self.library.conversations.scope(session, about)
        except RagError as exc:
            return said(exc)
        return ""

    def _query(self, exchange: Exchange, choice: object) -> Query:
        """What is searched for, and where; written down in the exchange. Raises what :func:`open_picture` raises."""
        ids = frozenset(self.library.ids())
        ticked = self.ticked(choice)
        exchange.library, exchange.docs = len(ids), () if ticked == ids else tuple(sorted(ticked))
        asked = exchange if exchange.picture or not exchange.about else exchange.about
        path, spot = asked.picture, asked.spot if asked.spot and asked.spot.doc in ids else None
        if spot is not None:
            exchange.docs = (spot.doc,)
        picture = None
        if path is not None:
            try:
                picture = open_picture(path, path.name)
            except IngestionError as exc:
                exchange.readable = False
                raise type(exc)(str(exc).replace(str(path), path.name)) from exc
        return Query(
            exchange.question,
            picture,
            frozenset(exchange.docs) or None,
            as_typed=exchange.as_typed,
            spot=spot,
            carried=asked is not exchange,
        )

    def not_askable(self, text: str, picture: Path | None, choice: object) -> str:
        """Why this cannot be asked, or nothing."""
        if not text and picture is None:
            return tr("Type a question or paste a picture first.")
        ids = self.library.ids()
        if not ids:
            return self.library.readiness.coming() or tr("There are no documents yet; add one first.")
        try:
            chosen = self.ticked(choice)
        except UnknownCollection as exc:
            return said(exc)
        within = payload.within(choice)
        if not chosen and within:
            if any(one.id == within and one.docs for one in self.library.collections()):
                return tr("No document of the chosen collection is ticked; tick some, or choose another one.")
            return tr("The chosen collection has no documents; put some into it, or choose another one.")
        if not chosen:
            return tr("No document is ticked; tick at least one on the left.")
        return ""

    def _failed(self, exchange: Exchange, reason: str) -> None:
        if exchange.open:
            exchange.status, exchange.error = "failed", reason


def _take(event: Event, exchange: Exchange) -> None:
    if isinstance(event, Found):
        exchange.evidence, exchange.seconds, exchange.status = event.evidence, event.seconds, "answering"
        exchange.understood = event.understood
    elif isinstance(event, Thinking):
        exchange.thinking += event.text.count(" ")
    elif isinstance(event, Delta):
        exchange.text += event.text
    else:
        # The passages around each piece are only of use while an answer is made; a tab holds all of its exchanges.
        exchange.evidence = tuple(replace(piece, beside=()) for piece in event.answer.evidence)
        exchange.answer = replace(event.answer, evidence=exchange.evidence)
        exchange.text, exchange.status = event.answer.text, "done"


def _buttons(running: bool, **more: Any) -> Any:
    """The question box: with its stop button while an answer runs, and whatever else is to change in it."""
    return gr.update(submit_btn=not running, stop_btn=running, **more)


def _question(exchange: Exchange) -> dict[str, Any]:
    """A question as the question box holds it."""
    files = [str(exchange.picture)] if exchange.picture is not None and exchange.readable else []
    return {"text": exchange.question, "files": files}


def _message(message: object) -> tuple[str, Path | None]:
    """Words and first picture of what the question box sent."""
    if not isinstance(message, dict):
        return "", None
    text, files = message.get("text") or "", message.get("files") or []
    return str(text).strip(), Path(str(files[0])) if files else None
