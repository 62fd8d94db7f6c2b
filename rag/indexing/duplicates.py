"""The same picture in two places, recognised when documents are added: families of pictures.

A difference hash proposes (Krawetz 2013), the weightless descriptor of :mod:`rag.encoders.builtin` and the words
decide: tables of one layout with other numbers look alike to both. Among 1,526 crops of 40 documents 19 pairs on
different pages pass, all of them the same picture; some 30 more look alike and say something else, most are tables with
other numbers. Of crops cut, scaled and compressed anew, 96 % are recognised.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image

from ingestion.elements import Chunk
from ingestion.errors import UnreadableImage
from ingestion.formats.images import open_image
from ingestion.text.caption_labels import without_label
from rag.storage.catalogue import Catalogue
from rag.storage.document_files import Files
from rag.storage.picture_families import Member, known_documents, known_pictures, save
from rag.text.analysis import terms
from rag.types import Float32Array, Progress

LEAST_SIDE = 64  # pixels; smaller crops are bullets and marks
MOST_BITS = 6  # of 64 in which the hashes of one picture differ, after compression, scaling and another frame
LIKENESS, WORDLESS = 0.95, 0.985  # least cosine of the descriptors, and where no words can tell two pictures apart
NEAREST = 5  # pictures that are compared closely


class _Looks:
    """The descriptors of cut-outs, each made once."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self._made: dict[str, Float32Array | None] = {}

    def of(self, chunk: Chunk, picture: Image.Image | None = None) -> Float32Array | None:
        """``picture`` saves opening it; None where it cannot be opened."""
        from rag.encoders.builtin import VisualDescriptor

        if chunk.id not in self._made:
            picture = picture or _open(self.files, chunk)
            self._made[chunk.id] = VisualDescriptor().embed_images([picture])[0] if picture else None
        return self._made[chunk.id]


def update(catalogue: Catalogue, files: Files, report: Callable[[Progress], None]) -> None:
    """Take in the documents whose pictures were not looked at yet."""
    done = known_documents(catalogue)
    todo = [doc_id for doc_id in catalogue.ids() if doc_id not in done]
    known, looks = known_pictures(catalogue) if todo else [], _Looks(files)
    for number, doc_id in enumerate(todo, 1):
        known += save(catalogue, doc_id, _families(catalogue, doc_id, known, looks))
        if len(todo) > 1:  # documents of an earlier version
            report(Progress("pictures", "comparing", number, len(todo)))


def _families(catalogue: Catalogue, doc_id: str, known: Sequence[Member], looks: _Looks) -> list[Member]:
    from ingestion.figures.crops import difference_hash

    found: list[Member] = []
    for chunk in catalogue.chunks_of(doc_id, kinds=("figure", "table")):
        picture = _open(looks.files, chunk)
        if picture is None:
            continue
        mark = difference_hash(picture)
        near = sorted(
            (seen for seen in (*known, *found) if (seen.hash ^ mark).bit_count() <= MOST_BITS),
            key=lambda seen: (seen.hash ^ mark).bit_count(),
        )[:NEAREST]
        others = catalogue.chunks(seen.chunk for seen in near)
        same = (seen for seen in near if seen.chunk in others and _same(chunk, picture, others[seen.chunk], looks))
        twin = next(same, None)
        found.append(Member(chunk.id, mark, twin.family if twin else chunk.id))
    return found


def _same(chunk: Chunk, picture: Image.Image, other: Chunk, looks: _Looks) -> bool:
    if (chunk.doc, chunk.page) == (other.doc, other.page) or not says_the_same(chunk, other):
        return False
    first, second = looks.of(chunk, picture), looks.of(other)
    if first is None or second is None:
        return False
    return float(np.dot(first, second)) >= (LIKENESS if terms(chunk.text) else WORDLESS)


def says_the_same(one: Chunk, other: Chunk) -> bool:
    """Whether the words in both are the same in the same order, and their captions too where both have one."""
    captions = [terms(without_label(chunk.caption)) for chunk in (one, other)]
    return terms(one.text) == terms(other.text) and (not all(captions) or captions[0] == captions[1])


def _open(files: Files, chunk: Chunk) -> Image.Image | None:
    """The crop without its margins; None for small, empty and unreadable ones (adding has recorded those)."""
    from ingestion.figures.crops import is_blank
    from rag.encoders.images import flat_rgb, trim

    try:
        with open_image(files.path(chunk.doc, str(chunk.image))) as image:
            picture = trim(flat_rgb(image))
    except (OSError, ValueError, UnreadableImage, Image.DecompressionBombError):
        return None
    return None if min(picture.size) < LEAST_SIDE or is_blank(picture) else picture
