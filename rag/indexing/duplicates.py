"""The same picture in two places: recognised when documents are added, shown once with all its places.

Enters: an open index; hits. Leaves: families of pictures in the catalogue; hits, a repeated picture folded into the
first. Must not know: how hits are found, how crops are made.

A difference hash proposes (Krawetz 2013), the weightless descriptor of :mod:`rag.encoders.builtin` and the words
decide: tables of one layout with other numbers look alike to both. Among 1,526 crops of 40 documents 19 pairs on
different pages pass, all of them the same picture; some 30 more look alike and say something else, most are tables with
other numbers. Of crops cut, scaled and compressed anew, 96 % are recognised.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PIL import Image

from ingestion.elements import Chunk
from ingestion.errors import UnreadableImage
from ingestion.formats.images import open_image
from ingestion.text.caption_labels import without_label
from rag.storage.catalogue import Catalogue
from rag.storage.fulltext import in_parts
from rag.text.analysis import terms
from rag.types import Hit, Progress, Spot, Vectors

if TYPE_CHECKING:
    from rag.index import Index

LEAST_SIDE = 64  # pixels; smaller crops are bullets and marks
MOST_BITS = 6  # of 64 in which the hashes of one picture differ, after compression, scaling and another frame
LIKENESS, WORDLESS = 0.95, 0.985  # least cosine of the descriptors, and where no words can tell two pictures apart
NEAREST = 5  # pictures that are compared closely

_TABLES = """
CREATE TABLE IF NOT EXISTS alike_documents(doc TEXT PRIMARY KEY REFERENCES documents(id) ON DELETE CASCADE);
CREATE TABLE IF NOT EXISTS alike_pictures(chunk TEXT PRIMARY KEY, hash INTEGER NOT NULL, family TEXT NOT NULL,
    doc TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE);
CREATE INDEX IF NOT EXISTS alike_families ON alike_pictures(family);
CREATE INDEX IF NOT EXISTS alike_of_document ON alike_pictures(doc)
"""


class _Seen(NamedTuple):
    chunk: str
    hash: int
    family: str


class _Looks:
    """The descriptors of cut-outs, each made once."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._made: dict[str, Vectors | None] = {}

    def of(self, chunk: Chunk, picture: Image.Image | None = None) -> Vectors | None:
        """``picture`` saves opening it; None where it cannot be opened."""
        from rag.encoders.builtin import VisualDescriptor

        if chunk.id not in self._made:
            picture = picture or _open(self._index, chunk)
            self._made[chunk.id] = VisualDescriptor().embed_images([picture])[0] if picture else None
        return self._made[chunk.id]


# -- writing -------------------------------------------------------------------------------------------------------


def update(index: Index, report: Callable[[Progress], None]) -> None:
    """Take in the documents whose pictures were not looked at yet."""
    catalogue = index.catalogue
    done = _known_documents(catalogue)
    todo = [doc_id for doc_id in catalogue.ids() if doc_id not in done]
    known, looks = _known_pictures(catalogue) if todo else [], _Looks(index)
    for number, doc_id in enumerate(todo, 1):
        found = _families(index, doc_id, known, looks)
        with catalogue.writing() as db:
            for statement in _TABLES.split(";"):
                db.execute(statement)
            if not db.execute("SELECT 1 FROM documents WHERE id = ?", (doc_id,)).fetchone():
                continue  # removed meanwhile
            db.execute("INSERT OR REPLACE INTO alike_documents VALUES (?)", (doc_id,))
            rows = [(seen.chunk, _signed(seen.hash), seen.family, doc_id) for seen in found]
            db.executemany("INSERT OR REPLACE INTO alike_pictures VALUES (?,?,?,?)", rows)
        known += found
        if len(todo) > 1:  # documents of an earlier version
            report(Progress("pictures", "comparing", number, len(todo)))


def _families(index: Index, doc_id: str, known: Sequence[_Seen], looks: _Looks) -> list[_Seen]:
    from ingestion.figures.detection import difference_hash

    found: list[_Seen] = []
    for chunk in index.catalogue.chunks_of(doc_id, kinds=("figure", "table")):
        picture = _open(index, chunk)
        if picture is None:
            continue
        mark = difference_hash(picture)
        near = sorted(
            (seen for seen in (*known, *found) if (seen.hash ^ mark).bit_count() <= MOST_BITS),
            key=lambda seen: (seen.hash ^ mark).bit_count(),
        )[:NEAREST]
        others = index.catalogue.chunks(seen.chunk for seen in near)
        same = (seen for seen in near if seen.chunk in others and _same(chunk, picture, others[seen.chunk], looks))
        twin = next(same, None)
        found.append(_Seen(chunk.id, mark, twin.family if twin else chunk.id))
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


def _open(index: Index, chunk: Chunk) -> Image.Image | None:
    """The crop without its margins; None for small, empty and unreadable ones (adding has recorded those)."""
    from ingestion.figures.detection import is_blank
    from rag.encoders.images import flat_rgb, trim

    try:
        with open_image(index.files.path(chunk.doc, str(chunk.image))) as image:
            picture = trim(flat_rgb(image))
    except (OSError, ValueError, UnreadableImage, Image.DecompressionBombError):
        return None
    return None if min(picture.size) < LEAST_SIDE or is_blank(picture) else picture


def _known_documents(catalogue: Catalogue) -> set[str]:
    with catalogue.reading() as db:
        return {row[0] for row in db.execute("SELECT doc FROM alike_documents")} if _there(catalogue) else set()


def _known_pictures(catalogue: Catalogue) -> list[_Seen]:
    with catalogue.reading() as db:
        rows = db.execute("SELECT chunk, hash, family FROM alike_pictures") if _there(catalogue) else ()
        return [_Seen(chunk, mark % (1 << 64), family) for chunk, mark, family in rows]


def _there(catalogue: Catalogue) -> bool:
    """Whether any document was looked at: an index of an earlier version has no such tables."""
    with catalogue.reading() as db:
        return db.execute("SELECT 1 FROM sqlite_master WHERE name = 'alike_of_document'").fetchone() is not None


def _signed(mark: int) -> int:
    """As SQLite holds 64 bits."""
    return mark - (1 << 64) if mark >> 63 else mark


# -- reading -------------------------------------------------------------------------------------------------------


def shown_once(
    catalogue: Catalogue, arranged: Callable[[int], list[Hit]], k: int, docs: frozenset[str] | None
) -> list[Hit]:
    """The best ``k`` hits of ``arranged`` (which is given how many), each picture once, with its other places."""
    hits = arranged(k)
    family = _family_of(catalogue, [hit.chunk.id for hit in hits])
    if len(set(family.values())) < len(family):
        hits = arranged(k + len(family) - len(set(family.values())))
        family = _family_of(catalogue, [hit.chunk.id for hit in hits])
        hits = folded(hits, family)[:k]
    places = _places(catalogue, set(family.values())) if family else {}
    return [replace(hit, also=_others(hit, places.get(family.get(hit.chunk.id, ""), ()), docs)) for hit in hits]


def folded(hits: Iterable[Hit], family: Mapping[str, str]) -> list[Hit]:
    """Without pictures that an earlier hit shows too; in one document only where another hit keeps the page."""
    hits = list(hits)
    left = Counter((hit.chunk.doc, hit.chunk.page) for hit in hits)
    first: dict[str, Hit] = {}
    kept = []
    for hit in hits:
        name, place = family.get(hit.chunk.id), (hit.chunk.doc, hit.chunk.page)
        before = first.get(name) if name else None
        if before is not None and (before.chunk.doc != hit.chunk.doc or left[place] > 1):
            left[place] -= 1
            continue
        if name:
            first.setdefault(name, hit)
        kept.append(hit)
    return kept


def _others(hit: Hit, members: Sequence[Chunk], docs: frozenset[str] | None) -> tuple[Spot, ...]:
    spots = (Spot(c.doc, c.page, c.bbox) for c in members if c.id != hit.chunk.id and (docs is None or c.doc in docs))
    return tuple(sorted(spots, key=lambda spot: (spot.doc != hit.chunk.doc, spot.doc, spot.page)))


def _family_of(catalogue: Catalogue, chunks: Sequence[str]) -> dict[str, str]:
    """The family of each chunk that has a twin somewhere."""
    if not chunks or not _there(catalogue):
        return {}
    sql = """SELECT p.chunk, p.family FROM alike_pictures p WHERE
        EXISTS (SELECT 1 FROM alike_pictures q WHERE q.family = p.family AND q.chunk <> p.chunk) AND p.chunk IN"""
    with catalogue.reading() as db:
        return dict(in_parts(db, sql, list(chunks)))


def _places(catalogue: Catalogue, families: Iterable[str]) -> dict[str, list[Chunk]]:
    names = sorted(families)
    with catalogue.reading() as db:
        owners = dict(in_parts(db, "SELECT chunk, family FROM alike_pictures WHERE family IN", names))
    members: dict[str, list[Chunk]] = {name: [] for name in names}
    for chunk_id, chunk in catalogue.chunks(owners).items():
        members[owners[chunk_id]].append(chunk)
    return members
