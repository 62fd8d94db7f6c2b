"""What happens on each event of the page.

Enters: component values, all of them untrusted, and the tab's session, which is not. Leaves: component updates.
Must not know: how the page is laid out. No handler lets an error through: a raised one would cover the chat and stop
the events chained to it (Gradio 6.31), so each becomes a message or a notification.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import gradio as gr

from ingestion.errors import IngestionError
from rag.answer import Delta, Event, Found
from rag.errors import RagError
from rag.pictures import open_picture
from rag.types import Query
from ui import messages, payload, safe
from ui.backend import Library
from ui.samples import Sample
from ui.session import Exchange, Session
from ui.uploads import Uploads

DRAW_EVERY = 0.05  # seconds: each update sends the whole conversation through the server again
WATCH_EVERY = 0.2  # seconds between two looks at a running upload
Updates = tuple[Any, ...]
log = logging.getLogger(__name__)


class Handlers:
    """Bound to one library; holds nothing of any user but which uploads run, so that they can be stopped at the end."""

    def __init__(self, library: Library, samples: Sequence[Sample] = ()) -> None:
        self.library = library
        self.samples = samples
        self._running: set[Uploads] = set()

    # Documents ------------------------------------------------------------------------------------------------

    def opened(self, choice: object) -> str:
        return self._documents(choice)

    def remove(self, choice: object, event: gr.EventData) -> str:
        """The bin of a document, already confirmed. The event's content comes from the browser."""
        doc = event._data.get("doc") if isinstance(event._data, dict) else None
        try:
            row = self.library.remove(str(doc))
            gr.Info(safe.toast(f"“{row.name}” was removed."), duration=4)
        except (RagError, OSError) as exc:
            gr.Warning(safe.toast(str(exc)))
        return self._documents(choice)

    def _documents(self, choice: object) -> str:
        return payload.documents(self.library.documents(), payload.unticked(choice))

    # Uploads: every handler leaves (drop zone, card, list, password box, password label, password field) ------

    def add(self, paths: list[str] | None, choice: object, session: Session) -> Iterator[Updates]:
        files = [Path(str(path)) for path in paths or []]
        yield from self._watch(session, choice, session.uploads.submit(files, self.library.add) if files else False)

    def unlock(self, password: str, choice: object, session: Session) -> Iterator[Updates]:
        """Try the password on the file that waits for one."""
        item = session.uploads.locked()
        started = False
        if item is None:
            gr.Warning("There is no protected file waiting; add it again.")
        elif not password:
            gr.Warning(safe.toast(f"Type the password of “{item.name}” first."))
        else:
            session.uploads.forget(item.path)
            started = session.uploads.submit([item.path], self.library.add, password)
        yield from self._watch(session, choice, started)

    def skip_locked(self, choice: object, session: Session) -> Updates:
        item = session.uploads.locked()
        if item is not None:
            session.uploads.forget(item.path)
        return self._uploads(session, choice)

    def cancel(self, session: Session) -> None:
        session.uploads.cancel()

    def stop_uploads(self, seconds: float) -> None:
        """At the end of the program: cancel what runs and wait for it to leave the index in order."""
        for uploads in tuple(self._running):
            uploads.cancel()
        for uploads in tuple(self._running):
            uploads.join(seconds)

    def _watch(self, session: Session, choice: object, started: bool) -> Iterator[Updates]:
        """Draw until the queue is empty. Only the handler that started the worker watches it."""
        uploads = session.uploads
        if not started:
            yield self._uploads(session, choice)
            return
        self._running = {other for other in self._running if other.running} | {uploads}
        try:
            last: object = None
            while uploads.running:
                items = uploads.items()
                if items != last:
                    last = items
                    yield self._uploads(session, choice)
                time.sleep(WATCH_EVERY)
        finally:
            if not uploads.running:
                self._running.discard(uploads)
        for item in uploads.items():
            if item.state == "failed":
                gr.Warning(safe.toast(item.message), title="Not added")
        yield self._uploads(session, choice)

    def _uploads(self, session: Session, choice: object) -> Updates:
        locked = None if session.uploads.running else session.uploads.locked()
        label = f"“{safe.attribute(locked.name)}” is protected" if locked else ""
        card = payload.uploads(session.uploads.items())
        return None, card, self._documents(choice), gr.update(visible=locked is not None), label, ""

    # Questions: every handler leaves (chat, question box, evidence viewer, document list) ----------------------

    def ask(self, message: object, choice: object, session: Session) -> Iterator[Updates]:
        text, picture = _message(message)
        yield from self._ask(text, picture, choice, session)

    def ask_sample(self, choice: object, session: Session, event: gr.SelectData) -> Iterator[Updates]:
        """An example was clicked: only its number is believed, the words and the file are ours."""
        number = event.index
        if not isinstance(number, int) or not 0 <= number < len(self.samples):
            yield self._idle(session, choice)
            return
        sample = self.samples[number]
        yield from self._ask(sample.question, sample.picture, choice, session)

    def stopped(self, choice: object, session: Session) -> Updates:
        session.stop()
        return self._idle(session, choice)

    def cleared(self, choice: object, session: Session) -> Updates:
        session.clear()
        return [], _box(), payload.cleared(session.asked), self._documents(choice)

    def voted(self, session: Session, event: gr.LikeData) -> None:
        """A thumb under an answer; the same one again takes it back. The event's content comes from the browser."""
        exchange = messages.owner(session.exchanges, event.index) if isinstance(event.index, int) else None
        if exchange is None:
            return
        try:
            self.library.vote(exchange, event.liked if isinstance(event.liked, bool) else None)
        except (RagError, OSError) as exc:
            gr.Warning(safe.toast(str(exc)))

    def _ask(self, text: str, picture: Path | None, choice: object, session: Session) -> Iterator[Updates]:
        problem = self._not_askable(text, picture, choice)
        if problem:
            gr.Warning(safe.toast(problem), title="Not asked")
            yield gr.skip(), _box(text), gr.skip(), self._documents(choice)
            return
        history = session.history()
        exchange = session.begin(text)
        try:
            query = Query(text, open_picture(picture, picture.name) if picture else None, self._scope(choice))
            exchange.picture, exchange.docs = picture, tuple(sorted(query.docs or ()))
            yield messages.conversation(session.exchanges), _box(running=True), gr.skip(), gr.skip()
            with closing(self.library.ask(query, history)) as events:  # type: ignore[type-var]
                yield from self._follow(events, exchange, session)
        except (RagError, IngestionError, OSError) as exc:
            self._failed(exchange, str(exc))
        except Exception as exc:
            log.exception("answering failed")
            self._failed(exchange, f"An internal error ({type(exc).__name__}); details are on the console.")
        if exchange.status in ("done", "failed"):
            yield self._idle(session, choice, text if exchange.status == "failed" else "", exchange)

    def _not_askable(self, text: str, picture: Path | None, choice: object) -> str:
        """Why this cannot be asked, or nothing."""
        if not text and picture is None:
            return "Type a question or paste a picture first."
        rows = self.library.documents()
        if not rows:
            return "There are no documents yet; add one on the left first."
        if all(row.id in payload.unticked(choice) for row in rows):
            return "No document is ticked; tick at least one on the left."
        return ""

    def _scope(self, choice: object) -> frozenset[str] | None:
        ids = frozenset(row.id for row in self.library.documents())
        ticked = ids - payload.unticked(choice)
        return None if ticked == ids else ticked

    def _follow(self, events: Iterator[Event], exchange: Exchange, session: Session) -> Iterator[Updates]:
        """Take the answer's events in and draw them, at most every :data:`DRAW_EVERY` seconds."""
        drawn = 0.0
        for event in events:
            if not exchange.open:
                return
            _take(event, exchange)
            found = isinstance(event, Found)
            if found or time.monotonic() - drawn >= DRAW_EVERY:
                viewer = payload.turn(exchange, self.library) if found else gr.skip()
                yield messages.conversation(session.exchanges), gr.skip(), viewer, gr.skip()
                drawn = time.monotonic()

    def _failed(self, exchange: Exchange, reason: str) -> None:
        if exchange.open:
            exchange.status, exchange.error = "failed", reason

    def _idle(self, session: Session, choice: object, text: str = "", exchange: Exchange | None = None) -> Updates:
        viewer = payload.turn(exchange, self.library) if exchange and exchange.evidence else gr.skip()
        return messages.conversation(session.exchanges), _box(text), viewer, self._documents(choice)


def _take(event: Event, exchange: Exchange) -> None:
    if isinstance(event, Found):
        exchange.evidence, exchange.seconds, exchange.status = event.evidence, event.seconds, "answering"
    elif isinstance(event, Delta):
        exchange.text += event.text
    else:
        exchange.answer, exchange.text, exchange.status = event.answer, event.answer.text, "done"
        exchange.evidence = event.answer.evidence


def _box(text: str = "", running: bool = False) -> Any:
    """The question box: with its stop button while an answer runs."""
    return gr.update(value={"text": text, "files": []}, submit_btn=not running, stop_btn=running)


def _message(message: object) -> tuple[str, Path | None]:
    """Words and first picture of what the question box sent."""
    if not isinstance(message, dict):
        return "", None
    text, files = message.get("text") or "", message.get("files") or []
    return str(text).strip(), Path(str(files[0])) if files else None
