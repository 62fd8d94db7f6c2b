"""What each event of the page needs, and the guard before all of them.

The page hides what somebody may not do, but every event can be sent by hand, so each is checked here, on the server. An
event that this list does not name needs an admin: whoever adds one says here who may send it.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from typing import Any

import gradio as gr
from gradio.context import LocalContext
from starlette.requests import Request

from rag.service.callers import asking
from rag.service.roles import Role, allows
from ui.events import notices
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
    """Put the guard before every event of the page: who may send it, answered in their language, of what they may
    see."""
    for event in page.fns.values():
        if event.fn is not None:
            event.fn = _guarded(event.fn, len(event.outputs), access, library)


Around = Callable[[tuple[Any, ...]], AbstractContextManager[None]]  # of a step of the handler with these arguments


def _guarded(handler: Callable[..., Any], outputs: int, access: Access, library: Library) -> Callable[..., Any]:
    name = getattr(handler, "__qualname__", "")
    needed = NEEDED.get(name, "admin")

    def admitted() -> Around | None:
        """What each step is done within; None where it is not done, which the person is told. Raises
        :class:`gradio.Error` for who may not."""
        request = _request()
        caller = access.caller(request) if request is not None else None
        language = wanted_by(request, library.settings.language) if request is not None else "en"
        with speaking(language):
            if caller is None or not allows(caller.role, needed):
                words = tr("You may not do that here; ask an administrator of this library.")
                raise gr.Error(words, print_exception=False)
            words = access.question(request) if name in ASKING and request is not None else ""
            if words:
                notices.tell(words, tr("Not asked"))
                return None

        @contextmanager
        def around(args: tuple[Any, ...]) -> Iterator[None]:
            with speaking(language), asking(caller):
                _withhold(args, library)
                yield

        return around

    return _stepwise(handler, admitted, lambda: tuple(gr.skip() for _ in range(outputs)) if outputs != 1 else gr.skip())


def _stepwise(
    handler: Callable[..., Any], admitted: Callable[[], Around | None], skipped: Callable[[], Any]
) -> Callable[..., Any]:
    """The handler, each of its steps within what ``admitted`` gives, since a step may run in a thread of its own; where
    that is nothing, ``skipped`` once in its place."""
    if inspect.isgeneratorfunction(handler):

        @functools.wraps(handler)
        def steps(*args: Any) -> Iterator[Any]:
            around = admitted()
            if around is None:
                yield skipped()
                return
            with closing(handler(*args)) as running:
                while True:
                    with around(args):
                        try:
                            step = next(running)
                        except StopIteration:
                            return
                    yield step

        return steps

    @functools.wraps(handler)
    def once(*args: Any) -> Any:
        around = admitted()
        if around is None:
            return skipped()
        with around(args):
            return handler(*args)

    return once


def _request() -> Request | None:
    sent = LocalContext.request.get(None)
    return sent.request if sent is not None else None


def _withhold(args: tuple[Any, ...], library: Library) -> None:
    """A tab shows answers of before: those that rest on what its person may not see by now go out of it first."""
    for session in (arg for arg in args if isinstance(arg, Session)):
        library.conversations.withhold(session)
