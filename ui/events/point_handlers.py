"""A rectangle was drawn on a page: its cut-out goes into the question box, and the next question is about that place.

What comes from the browser is a document's id, a page and four numbers; each is checked, and the picture is cut here.
"""

from __future__ import annotations

import io
import math
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import gradio as gr

from ingestion.elements import BBox
from ingestion.formats.images import open_image
from ingestion.geometry import to_pixels
from rag.errors import RagError, UnknownDocument
from rag.service.told import said
from rag.types import Spot
from ui.events import notices
from ui.shown import payload
from ui.state.backend import Library
from ui.state.conversations import owner
from ui.state.session import Pointed, Session
from ui.words.language import tr

LEAST_SIDE = 4.0  # points: smaller is a slip of the hand
Updates = tuple[Any, ...]


class PointHandlers:
    """Bound to one library; the cut-outs live as long as the program, in a folder of their own."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._folder = tempfile.TemporaryDirectory(prefix="pagesight-cut-", ignore_cleanup_errors=True)

    def point(self, message: object, session: Session, event: gr.EventData, request: gr.Request) -> Updates:
        """(question box, chip). The event's content comes from the browser."""
        session.belongs_to(owner(request))
        try:
            spot = self._spot(event._data)
            row = self.library.document(spot.doc)
            if row is None:
                raise UnknownDocument(tr("That document is no longer in the library."))
            session.point_at(Pointed(spot, self._cut(spot), row.name))
        except (RagError, OSError) as exc:
            notices.tell(said(exc), tr("Cannot be asked about"))
            return gr.skip(), gr.skip()
        assert session.pointed is not None
        box = {"text": _words(message), "files": [str(session.pointed.picture)]}
        return gr.update(value=box), payload.scope(None, session.pointed, time.time_ns() // 1000)

    def _spot(self, sent: object) -> Spot:
        """Raises :class:`UnknownDocument` for anything that is no place of the library."""
        doc, number, box = (sent.get(key) for key in ("doc", "page", "box")) if isinstance(sent, dict) else (None,) * 3
        if not isinstance(doc, str) or type(number) is not int or not isinstance(box, list) or len(box) != 4:
            raise UnknownDocument(tr("That is no place on a page; draw the rectangle again."))
        page = self.library.page(doc, number)
        if not all(isinstance(value, int | float) and math.isfinite(value) for value in box):
            raise UnknownDocument(tr("That is no place on a page; draw the rectangle again."))
        x0, x1 = (min(page.width, max(0.0, float(value))) for value in (box[0], box[2]))
        y0, y1 = (min(page.height, max(0.0, float(value))) for value in (box[1], box[3]))
        if x1 - x0 < LEAST_SIDE or y1 - y0 < LEAST_SIDE:
            raise UnknownDocument(tr("That part of the page is too small to ask about; draw a larger rectangle."))
        return Spot(doc, number, BBox(x0, y0, x1, y1))

    def _cut(self, spot: Spot) -> Path:
        page = self.library.page(spot.doc, spot.page)
        path = Path(self._folder.name) / uuid4().hex / f"page {spot.page}.png"
        path.parent.mkdir(parents=True)
        with open_image(self.library.page_picture(spot.doc, spot.page)) as picture:
            scale = picture.width / page.width, picture.height / page.height
            part = picture.convert("RGB").crop(to_pixels(spot.bbox, *scale))
        buffer = io.BytesIO()
        part.save(buffer, "PNG")
        path.write_bytes(buffer.getvalue())
        return path


def without_pictures(message: object) -> Any:
    """The question box with its words alone."""
    return gr.update(value={"text": _words(message), "files": []})


def _words(message: object) -> str:
    return str(message.get("text") or "") if isinstance(message, dict) else ""
