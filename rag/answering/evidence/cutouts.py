"""Small pictures of what an answer cites, to be kept with it: they are shown when the document has gone."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

from PIL import Image

from ingestion.elements import BBox, Region
from ingestion.errors import UnreadableImage
from ingestion.formats.images import open_image
from ingestion.geometry import holding, pad
from rag.answering.evidence.gathering import crop_image
from rag.images import upright_rgb
from rag.storage.records.conversation_values import Picture
from rag.types import Answer, Citation, Evidence

LARGEST = 1400  # pixels of a cut-out's longer side: small print of a table over a whole page can still be read
QUALITY = 80  # of WebP: some 20 to 80 kB each
AROUND = 36.0  # points around a sentence that stands for a whole page
LARGEST_ASKED = 4_000_000  # bytes of a question's picture that is kept as it came; a larger one is made smaller
LARGEST_SIDE = 2400  # pixels it is then made: more than is searched for, see rag/retrieval/image/locate.py
_KEPT_AS_THEY_ARE = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "GIF": "image/gif"}


def cutouts(answer: Answer) -> dict[str, Picture]:
    """A cut-out for each cited number, by that number; none where its picture cannot be read."""
    by_number, found = {piece.number: piece for piece in answer.evidence}, dict[str, Picture]()
    for citation in answer.citations:
        piece = by_number.get(citation.number)
        if piece is None or str(citation.number) in found:
            continue
        shown = crop_image(_narrowed(piece, citation))
        if shown is not None:
            found[str(citation.number)] = encoded(shown, LARGEST)
    return found


def asked_picture(path: Path) -> Picture | None:
    """The picture that a question came with, to be kept: its file as it is, or smaller; None where it is no picture."""
    try:
        with open_image(path) as picture:
            kind = _KEPT_AS_THEY_ARE.get(picture.format or "")
            if kind and path.stat().st_size <= LARGEST_ASKED:
                return Picture(path.read_bytes(), kind)
            return encoded(upright_rgb(picture), LARGEST_SIDE)
    except (OSError, ValueError, SyntaxError, UnreadableImage, Image.DecompressionBombError):
        return None


def encoded(picture: Image.Image, largest: int) -> Picture:
    """As WebP, its longer side at most ``largest`` pixels."""
    small = picture.convert("RGB")
    small.thumbnail((largest, largest))
    buffer = io.BytesIO()
    small.save(buffer, "WEBP", quality=QUALITY)
    return Picture(buffer.getvalue(), "image/webp")


def _narrowed(piece: Evidence, citation: Citation) -> Evidence:
    """What of a piece its picture shows. Of a whole page of which one place is cited: that place and what stands around
    it; of a passage in several columns, or with others beside it: the cited one; of what an uploaded picture shows: the
    part that it shows."""
    chunk = piece.chunk
    if chunk.kind == "page" and citation.bbox != chunk.bbox and citation.page == chunk.page:
        near = pad(citation.bbox, AROUND, *piece.page_size)
        whole = BBox(chunk.bbox.x0, near.y0, chunk.bbox.x1, near.y1)  # the whole width: lines are not cut
        return replace(piece, crop=None, chunk=replace(chunk, kind="text", regions=(Region(citation.page, whole),)))
    if piece.pictured and piece.page_image is not None:
        return replace(piece, crop=None)
    columns = [region.bbox for region in chunk.regions if region.page == chunk.page]
    lines = [region.bbox for region in citation.highlights if region.page == chunk.page]
    places = [*columns, *([citation.bbox] if citation.page == chunk.page else [])]
    cited = next((box for line in lines if (box := holding(places, line))), None)
    if chunk.kind == "text" and cited is not None and cited not in columns[:1]:
        return replace(piece, crop=None, chunk=replace(chunk, regions=(Region(chunk.page, cited),)))
    return piece
