"""What each event of the page needs, and the guard before all of them.

The page hides what somebody may not do, but every event can be sent by hand, so each is checked here, on the server. An
event that this list does not name needs an admin: whoever adds one says here who may send it.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import gradio as gr
from gradio.context import LocalContext
from starlette.requests import Request

from rag.service.callers import Caller, asking
from rag.service.roles import Role, allows
from ui.people.access import Access, wanted_by
from ui.state.backend import Library
from ui.state.session import Session
from ui.words.language import speaking, tr

NEEDED: dict[str, Role] = {
    "Public.give_documents": "reader",
    "Public.give_hits": "reader",
    "Public.give_answer": "reader",
    "Handlers.opened": "reader",
    "Handlers.refreshed": "reader",
    "Handlers.remove": "editor",
    "Handlers.ask": "reader",
    "Handlers.ask_sample": "reader",
    "Handlers.ask_as_typed": "reader",
    "Handlers.put_back": "reader",
    "Handlers.stopped": "reader",
    "Handlers.watch": "reader",
    "Handlers.cleared": "reader",
    "Handlers.voted": "reader",
    "UploadHandlers.add": "editor",
    "UploadHandlers.unlock": "editor",
    "UploadHandlers.skip_locked": "editor",
    "UploadHandlers.cancel": "editor",
    "UploadHandlers.close": "editor",
    "UploadHandlers.retry": "editor",
    "UploadHandlers.settled": "reader",
    "TrashHandlers.current": "reader",
    "TrashHandlers.opened": "editor",
    "TrashHandlers.restore": "editor",
    "TrashHandlers.empty": "editor",
    "PointHandlers.point": "reader",
    "CollectionHandlers.change": "editor",
    "TurnHandlers.ask_anew": "reader",
    "TurnHandlers.edit": "reader",
    "ConversationHandlers.opened": "reader",
    "ConversationHandlers.new": "reader",
    "ConversationHandlers.open": "reader",
    "ConversationHandlers.refreshed": "reader",
    "ConversationHandlers.find": "reader",
    "ConversationHandlers.rename": "reader",
    "ConversationHandlers.discard": "reader",
    "ConversationHandlers.restore": "reader",
    "ConversationHandlers.unscope": "reader",
}
"""The least role by the event's handler."""

ASKING = frozenset(
    {"Handlers.ask", "Handlers.ask_sample", "Handlers.ask_as_typed", "TurnHandlers.ask_anew", "Public.give_answer"}
)
"""Events that have the whole way of an answer done; in a demo they are counted per address."""


def protect(page: gr.Blocks, access: Access, library: Library) -> None:
    """Put the guard before every event of the page, which is answered in the language of who sent it, and of what they
    may see."""
    for event in page.fns.values():
        if event.fn is not None:
            guarded = _guarded(event.fn, len(event.outputs), access, library)
            event.fn = _speaking(guarded, library.settings.language)


def _speaking(handler: Callable[..., Any], setting: str) -> Callable[..., Any]:
    """The handler, each of its steps in the language of who sent the event: a step may run in a thread of its own."""

    def wanted_now() -> str:
        sent = LocalContext.request.get(None)
        request = sent.request if sent is not None else None
        return wanted_by(request, setting) if request is not None else "en"

    if inspect.isgeneratorfunction(handler):

        @functools.wraps(handler)
        def steps(*args: Any) -> Iterator[Any]:
            code, running = wanted_now(), handler(*args)
            with closing(running):
                while True:
                    with speaking(code):
                        try:
                            step = next(running)
                        except StopIteration:
                            return
                    yield step

        return steps

    @functools.wraps(handler)
    def once(*args: Any) -> Any:
        with speaking(wanted_now()):
            return handler(*args)

    return once


def _guarded(handler: Callable[..., Any], outputs: int, access: Access, library: Library) -> Callable[..., Any]:
    name = getattr(handler, "__qualname__", "")
    needed = NEEDED.get(name, "admin")

    def sender() -> Caller | None:
        request = _request()
        return access.caller(request) if request is not None else None

    def refusal(caller: Caller | None) -> str:
        """Why it is not done, shown to the person; empty where it is. Raises :class:`gradio.Error` for who may not."""
        request = _request()
        if caller is None or not allows(caller.role, needed):
            raise gr.Error(tr("You may not do that here; ask an administrator of this library."), print_exception=False)
        return access.question(request) if name in ASKING and request is not None else ""

    def skipped() -> Any:
        return tuple(gr.skip() for _ in range(outputs)) if outputs != 1 else gr.skip()

    if inspect.isgeneratorfunction(handler):

        @functools.wraps(handler)
        def steps(*args: Any) -> Iterator[Any]:
            caller = sender()
            words = refusal(caller)
            if words:
                gr.Warning(words, title=tr("Not asked"))
                yield skipped()
                return
            running = handler(*args)
            with closing(running):
                while True:  # each step may run in a thread of its own
                    with asking(caller):
                        _withhold(args, library)
                        try:
                            step = next(running)
                        except StopIteration:
                            return
                    yield step

        return steps

    @functools.wraps(handler)
    def once(*args: Any) -> Any:
        caller = sender()
        words = refusal(caller)
        if words:
            gr.Warning(words, title=tr("Not asked"))
            return skipped()
        with asking(caller):
            _withhold(args, library)
            return handler(*args)

    return once


def _request() -> Request | None:
    sent = LocalContext.request.get(None)
    return sent.request if sent is not None else None


def _withhold(args: tuple[Any, ...], library: Library) -> None:
    """A tab shows answers of before: those that rest on what its person may not see by now go out of it first."""
    for session in (arg for arg in args if isinstance(arg, Session)):
        library.conversations.withhold(session)
