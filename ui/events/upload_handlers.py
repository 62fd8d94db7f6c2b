"""What happens on each event of the upload card and the password box.

Every handler leaves (drop zone, card, password box, password label, password field) and returns at once; the card asks
for its progress itself (``ui/assets/uploads.js``). No handler lets an error through, see :mod:`ui.events.handlers`.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import gradio as gr

from rag.errors import RagError
from rag.service.upload_store import UploadStore
from rag.service.uploads import UploadQueue, UploadQueues
from ui.events import notices
from ui.people.browsers import key_of
from ui.shown import payload, safe
from ui.state.backend import Library
from ui.state.session import Session
from ui.words.language import tr

log = logging.getLogger(__name__)
Updates = tuple[Any, ...]


class UploadHandlers:
    """Bound to one library; holds the uploads of each browser."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.queues = UploadQueues(UploadStore(library.index.root))

    def resume(self) -> int:
        """Take up what was uploaded and not added when the program last ended; how many files that is."""
        try:
            return self.queues.resume(self.library.add)
        except (RagError, OSError) as exc:
            log.warning("uploads that an earlier run has left cannot be taken up: %s", exc)
            return 0

    def add(self, paths: list[str] | None, session: Session, request: gr.Request) -> Updates:
        """Files were dropped: they are queued."""
        queue = self.queue(request, session)
        queue.submit([Path(str(path)) for path in paths or []], self.library.add)
        return self._updates(queue, taken=True)

    def shown(self, session: Session, request: gr.Request) -> Updates:
        """What runs and what has come of it, for a page that was loaded."""
        return self._updates(self.queue(request, session))

    def unlock(self, password: str, session: Session, request: gr.Request) -> Updates:
        """Try the password on the file that waits for one."""
        queue = self.queue(request, session)
        item = queue.locked()
        if item is None:
            notices.tell(tr("There is no protected file waiting; add it again."))
        elif not password:
            notices.tell(tr("Type the password of “{name}” first.", name=item.name))
        else:
            queue.unlock(item.id, self.library.add, password)
        return self._updates(queue, taken=True)

    def skip_locked(self, session: Session, request: gr.Request) -> Updates:
        """The file that waits for a password is left out."""
        queue = self.queue(request, session)
        item = queue.locked()
        if item is not None:
            queue.forget(item.id)
        return self._updates(queue, taken=True)

    def cancel(self, session: Session, request: gr.Request) -> Updates:
        """What is uploading and what waits is cancelled."""
        queue = self.queue(request, session)
        queue.cancel()
        return self._updates(queue)

    def retry(self, session: Session, request: gr.Request) -> Updates:
        """What could not be added though nothing is wrong with it is tried again."""
        queue = self.queue(request, session)
        queue.retry(self.library.add)
        return self._updates(queue)

    def close(self, session: Session, request: gr.Request) -> Updates:
        """The card was closed: what is done with is forgotten."""
        queue = self.queue(request, session)
        queue.clear_finished()
        return self._updates(queue)

    def settled(self, session: Session, request: gr.Request) -> Updates:
        """A file has failed or waits for its password."""
        queue = self.queue(request, session)
        for item in queue.untold():
            notices.tell(item.message, tr("Not added"))
        return self._updates(queue)

    def stop(self, seconds: float) -> None:
        """At the end of the program: stop what runs and wait for it to leave the index in order; it is taken up again
        when the program starts."""
        self.queues.stop(seconds)

    def queue(self, request: gr.Request, session: Session) -> UploadQueue:
        """The browser's uploads; those of this tab alone where the browser keeps no cookies."""
        cookies = request.request.cookies if request.request is not None else {}
        return self.queues.of(key_of(cookies, request.username) or session.id)

    def _updates(self, queue: UploadQueue, taken: bool = False) -> Updates:
        """``taken``: what stood in the drop zone and the password field was taken from there."""
        locked = queue.locked()
        label = safe.attribute(tr("“{name}” is protected", name=locked.name)) if locked else ""
        if locked and locked.password is not None:
            label = f'<span role="alert" class="ps-wrong">{tr("That password is wrong.")}</span> {label}'
        card, panel = payload.uploads(queue.items()), gr.update(visible=locked is not None)
        return (None if taken else gr.skip()), card, panel, label, ("" if taken else gr.skip())
