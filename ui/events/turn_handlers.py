"""What can be done with an answer that is there: its question is changed and asked again, or it is answered again.

The conversation goes on from there; what stood in its place is kept as it was, among the deleted conversations. A
browser names the exchange by its id and sends words; both are believed only where they fit this tab's conversation.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from rag.errors import RagError
from rag.service.told import said
from ui.events import notices
from ui.events.handlers import Handlers
from ui.state.session import Exchange, Session
from ui.words.language import tr

Updates = tuple[Any, ...]


class TurnHandlers:
    """Bound to the handlers of questions, which do the asking."""

    def __init__(self, handlers: Handlers) -> None:
        self.handlers = handlers

    def edit(self, session: Session, event: gr.EventData) -> str:
        """A question is to be changed: what the editor above the question box shows."""
        exchange = _chosen(session, event)
        if exchange is None or exchange.under_way:
            notices.tell(_not_here() if exchange is None else _running())
            return ""
        return editor(exchange, session)

    def ask_anew(
        self, choice: object, session: Session, event: gr.EventData, request: gr.Request | None = None
    ) -> Iterator[Updates]:
        """A question was changed, or is to be answered again; leaves the editor besides what asking leaves."""
        self.handlers.recognised(session, request)
        exchange = _chosen(session, event)
        said = event._data.get("text") if isinstance(event._data, dict) else None
        if exchange is None or session.busy or exchange.under_way:
            notices.tell(_not_here() if exchange is None else _running(), tr("Not asked"))
            yield *_nothing(), gr.skip()
            return
        text = said.strip() if isinstance(said, str) else exchange.question
        picture = _picture(exchange)
        problem = self.handlers.not_askable(text, picture, choice) or self._set_aside(session, exchange, text)
        if problem:
            notices.tell(problem, tr("Not asked"))
            yield *_nothing(), gr.skip()
            return
        closing: Any = ""
        for step in self.handlers.asked(text, picture, choice, session, {}, exchange.as_typed):
            yield *step, closing
            closing = gr.skip()

    def _set_aside(self, session: Session, exchange: Exchange, text: str) -> str:
        """Take this exchange and what follows out of the conversation; why that cannot be done, or nothing."""
        try:
            earlier = self.handlers.library.conversations.ask_anew(session, exchange, text)
        except RagError as exc:
            return said(exc)
        if not session.rewind(exchange):
            return _running()
        session.discarded, session.replaced = earlier, earlier is not None
        return ""


def editor(exchange: Exchange, session: Session) -> str:
    """The question, and how many exchanges follow it."""
    at = session.exchanges.index(exchange)
    later = len(session.exchanges) - at - 1
    return json.dumps({"id": exchange.id, "text": exchange.question, "later": later, "number": exchange.number})


def _running() -> str:
    return tr("An answer is being written; wait until it is there, or stop it first.")


def _not_here() -> str:
    return tr("That question is no longer in this conversation.")


def _chosen(session: Session, event: gr.EventData) -> Exchange | None:
    number = event._data.get("id") if isinstance(event._data, dict) else None
    return next((exchange for exchange in session.exchanges if exchange.id == number), None)


def _picture(exchange: Exchange) -> Path | None:
    return exchange.picture if exchange.readable else None


def _nothing() -> Updates:
    return gr.skip(), gr.skip(), gr.skip(), gr.skip()
