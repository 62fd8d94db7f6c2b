"""Page pictures and cut-outs that were lost, made again: the page is drawn from the original, cut-outs are cut from it.

A cut-out is the box of its element, as when it was first made; of a page that was turned to be read it shows what the
page shows.
"""

from __future__ import annotations

import io
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from ingestion.elements import BBox, Document
from ingestion.figures.crops import crop
from ingestion.formats.images import open_image
from ingestion.workers.redraw import draw_pages, picture_file
from rag.disk import write_whole
from rag.errors import IndexDamaged
from rag.storage.writer import IndexWriter

QUALITY = {".jpg": ("JPEG", 90), ".webp": ("WEBP", 90), ".png": ("PNG", 0)}
"""How a picture is written, by its ending; earlier versions wrote WebP."""


class _Wanted(NamedTuple):
    """A picture that is to be made: of which page, and which part of it (None: all)."""

    name: str
    page: int
    box: BBox | None


def redraw(index: IndexWriter, doc_id: str, names: Collection[str]) -> dict[str, str]:
    """Make these pictures of a document again; why some could not be made, by name.

    Raises :class:`IndexDamaged`, an :class:`~ingestion.errors.IngestionError` where the original cannot be opened.
    """
    document, mark = index.files.load_document(doc_id), index.files.mark(doc_id)
    wanted = [found for found in _places(document) if found.name in names]
    folder = index.files.stage()
    try:
        pages = sorted({found.page for found in wanted})
        options = index.settings.parse_options(None)
        problems = draw_pages(index.files.original(doc_id), pages, folder, options, index.settings.limits())
        made = {found.name: _made(folder, document, found) for found in wanted if found.page not in problems}
        with index.session():
            if index.files.mark(doc_id) != mark:
                raise IndexDamaged(f"{document.name} was changed meanwhile; try again")
            index.files.amend(doc_id, {name: _written(folder / "made" / name, data) for name, data in made.items()})
    finally:
        index.files.discard(folder)
    unknown = dict.fromkeys(set(names) - {found.name for found in wanted}, "nothing says what it showed")
    return unknown | {found.name: problems[found.page] for found in wanted if found.page in problems}


def _places(document: Document) -> list[_Wanted]:
    whole = [_Wanted(page.image, page.number, None) for page in document.pages if page.image]
    parts = [
        _Wanted(element.image, element.region.page, element.region.bbox)
        for element in document.elements
        if element.image
    ]
    return list({found.name: found for found in (*parts, *whole)}.values())


def _made(folder: Path, document: Document, wanted: _Wanted) -> bytes:
    kind, quality = QUALITY[Path(wanted.name).suffix.lower()]
    page = next(page for page in document.pages if page.number == wanted.page)
    with open_image(folder / picture_file(wanted.page)) as drawn:
        shown = drawn.convert("RGB")
        part = shown if wanted.box is None else crop(shown, wanted.box, page.width, page.height)
    return _bytes(part, kind, quality)


def _written(path: Path, data: bytes) -> Path:
    write_whole(path, data)
    return path


def _bytes(picture: Image.Image, kind: str, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **({"quality": quality} if quality else {}))
    return out.getvalue()
