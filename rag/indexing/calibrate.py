"""The recipe of a calibration: how far a generation's picture part finds the library's own pictures by words.

Captions are the questions, or a sentence that names the figure where it has no caption; crops are the answers. Nobody
has to write questions. Only the picture part of the vectors is compared, and the crops that are asked for are embedded
anew without their captions: a crop as it is stored shows its caption, which a model may read, and the pictures that
words cannot find are those without one.

It costs at most :data:`QUESTIONS` texts and as many pictures per kind, and nothing where the encoder reads no text. It
is made with every new generation, and anew when the pictures with a caption have become :data:`GROWTH` times as many,
or as few.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice, zip_longest
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ingestion.elements import BBox, Chunk, ChunkKind
from ingestion.errors import UnreadableImage
from ingestion.figures.crops import CROP_PAD
from ingestion.formats.images import open_image
from ingestion.geometry import area, intersection, pad, to_pixels
from ingestion.text.caption_labels import without_label
from rag.encoders.space import centred
from rag.errors import IndexDamaged
from rag.indexing.ability import LEAST_QUESTIONS, Asked, measure
from rag.storage.vectors.calibration import RECORD, Ability, Calibration
from rag.storage.vectors.files import Rows
from rag.storage.writer import IndexWriter
from rag.text.analysis import terms
from rag.types import Float32Array, Progress

KINDS: tuple[ChunkKind, ...] = ("figure", "table")
QUESTIONS = 128  # of a kind: their mean reciprocal rank is known to some 0.1
PICTURES = 2000  # of a kind, among which the right one is looked for
PASSAGES = 256  # whose vectors tell how near a picture comes to words that are not about it
GROWTH = 2.0  # of the number of captioned pictures, after which it is made anew: in all, each is asked twice
CALLOUT = "№"  # begins a mention that is a row of a parts list, not a sentence

Report = Callable[[Progress], None]
log = logging.getLogger(__name__)


class Crop(NamedTuple):
    """A picture that may be an answer; ``body`` is its box without title and caption, None where that is not known."""

    chunk: Chunk
    question: str
    body: BBox | None = None


def calibrate_if_due(index: IndexWriter, report: Report) -> None:
    """Make the calibration of the generation in use where it has none, or where its library has changed much."""
    if index.encoder.text_window is None:
        return
    before, now = index.calibration, index.catalogue.captioned()
    known = before.captioned if before else 0
    if max(known, now) >= LEAST_QUESTIONS and not known / GROWTH < now < known * GROWTH:
        calibrate(index, report)


def calibrate(index: IndexWriter, report: Report) -> None:
    """Measure the generation in use and note it in its record. Nothing happens where its encoder reads no text."""
    if index.encoder.text_window is None:
        return
    with index.pinned() as generation:
        counted = index.catalogue.captioned()
        kinds = {kind: _ability(index, kind, report) for kind in KINDS}
        index.catalogue.tell_readers(generation.id, **{RECORD: Calibration(counted, kinds).as_json()})


def question_of(chunk: Chunk) -> str:
    """What is asked for a picture: its caption without the label, else a sentence that names it; empty: nothing."""
    said = (without_label(chunk.caption), *(m for m in chunk.mentions.split("\n") if not m.startswith(CALLOUT)))
    return next((text.strip() for text in said if terms(text)), "")


def _ability(index: IndexWriter, kind: ChunkKind, report: Report) -> Ability:
    span = next(slice(p.start, p.stop) for p in index.encoder.parts if p.name == "picture")
    stored = _stored_pictures(index, span)
    crops = [crop for crop in islice(_in_turns(_crops(index, kind)), PICTURES) if crop.chunk.id in stored]
    asked = _with_bodies(index, [crop for crop in crops if crop.question][:QUESTIONS])
    if len(asked) < LEAST_QUESTIONS:
        return Ability(len(asked), len(crops))
    bare = _without_captions(index, asked, span, report)
    asked = [crop for crop in asked if crop.chunk.id in bare]
    captions = index.encoder.embed_texts([crop.question for crop in asked], query=True)[:, span]
    others = [crop for crop in crops if crop.chunk.id not in bare]
    vectors = [*(bare[crop.chunk.id] for crop in asked), *(stored[crop.chunk.id] for crop in others)]
    said = index.means.get(("text", "picture"))
    return measure(
        Asked(
            captions=_centred(captions, said),
            right=np.arange(len(asked), dtype=np.intp),
            pictures=np.stack(vectors) - index.means["image", "picture"],
            not_wrong=_not_wrong(asked, [*asked, *others]),
            passages=_centred(_passages(index, span), said),
        )
    )


def _crops(index: IndexWriter, kind: ChunkKind) -> Iterator[list[Crop]]:
    """The crops of each document, those with a question first, else in an order that has nothing to do with theirs."""
    for doc_id in index.catalogue.ids():
        chunks = (chunk for chunk in index.catalogue.chunks_of(doc_id, kinds=[kind]) if chunk.image)
        crops = sorted((Crop(chunk, question_of(chunk)) for chunk in chunks), key=lambda crop: crop.chunk.id)
        yield sorted(crops, key=lambda crop: not crop.question)


def _in_turns(documents: Iterator[list[Crop]]) -> Iterator[Crop]:
    """The first of each document, then the second of each: a long one does not speak for all."""
    return (crop for crop in chain.from_iterable(zip_longest(*documents)) if crop is not None)


def _with_bodies(index: IndexWriter, crops: Sequence[Crop]) -> list[Crop]:
    """Those whose box without the caption is known."""
    found: list[Crop] = []
    by_document: dict[str, list[Crop]] = defaultdict(list)
    for crop in crops:
        by_document[crop.chunk.doc].append(crop)
    for doc_id, own in by_document.items():
        try:
            elements = index.files.load_document(doc_id).elements
        except IndexDamaged as exc:
            log.warning("%s", exc)
            continue
        bodies = {element.image: element.body for element in elements if element.image}
        cut = [crop._replace(body=bodies.get(crop.chunk.image or "")) for crop in own]
        found += [crop for crop in cut if crop.body is not None]
    return found


def _without_captions(
    index: IndexWriter, crops: Sequence[Crop], span: slice, report: Report
) -> dict[str, Float32Array]:
    """The picture part of each crop cut to its body, by chunk id; crops that cannot be read are left out."""
    found: dict[str, Float32Array] = {}
    size = max(1, index.settings.batch)
    for start in range(0, len(crops), size):
        report(Progress("pictures by words", "comparing", start, len(crops)))
        cut = [(crop.chunk.id, image) for crop in crops[start : start + size] if (image := _body(index, crop))]
        if cut:
            vectors = index.encoder.embed_images([image for _, image in cut], [""] * len(cut))[:, span]
            found.update(zip((chunk for chunk, _ in cut), vectors, strict=True))
    report(Progress("pictures by words", "comparing", len(crops), len(crops)))
    return found


def _body(index: IndexWriter, crop: Crop) -> Image.Image | None:
    """None for a crop that cannot be read; adding it has recorded that."""
    chunk, body = crop.chunk, crop.body
    try:
        page = index.catalogue.page(chunk.doc, chunk.page)
        with open_image(index.files.path(chunk.doc, str(chunk.image))) as image:
            picture = image.convert("RGB")
    except (OSError, ValueError, UnreadableImage, Image.DecompressionBombError):
        return None
    shown = pad(chunk.bbox, CROP_PAD, page.width, page.height)
    inner = intersection(body, shown) if body else shown
    scale = picture.width / (shown.x1 - shown.x0), picture.height / (shown.y1 - shown.y0)
    moved = BBox(inner.x0 - shown.x0, inner.y0 - shown.y0, inner.x1 - shown.x0, inner.y1 - shown.y0)
    return picture.crop(to_pixels(moved, *scale))


def _stored_pictures(index: IndexWriter, span: slice) -> dict[str, Float32Array]:
    """The picture part of every stored crop and page, by chunk id, as it lies on disk."""
    return {
        place.chunk_id: rows.floats(slice(row, row + 1), span)[0]
        for parts in index.vectors.rows().values()
        for rows in parts
        if rows.modality == "image"
        for place, row in zip(rows.places, rows.starts.tolist(), strict=True)
    }


def _passages(index: IndexWriter, span: slice) -> Float32Array:
    """(passages, d) of at most :data:`PASSAGES` passages, as many of each document as of another; none twice."""
    documents = [rows for parts in index.vectors.rows().values() for rows in parts if rows.modality == "text"]
    each = max(1, PASSAGES // max(1, len(documents)))
    found = [_evenly(rows, each, span) for rows in documents[:PASSAGES]]
    return (
        np.unique(np.concatenate(found), axis=0) if found else np.zeros((0, span.stop - span.start), dtype=np.float32)
    )


def _evenly(rows: Rows, count: int, span: slice) -> Float32Array:
    starts = [row for place, row in zip(rows.places, rows.starts.tolist(), strict=True) if place.kind == "text"]
    chosen = starts[:: max(1, len(starts) // count)][:count]
    return rows.floats(columns=span)[chosen]


def _centred(rows: Float32Array, mean: Float32Array | None) -> Float32Array:
    return np.stack([centred(row, mean) for row in rows]) if len(rows) else rows


def _not_wrong(asked: Sequence[Crop], pictures: Sequence[Crop]) -> NDArray[np.bool_]:
    """(asked, pictures): crops that have the same said of them, or share paper with the one that is asked for."""
    words = [" ".join(terms(crop.question)) for crop in pictures]
    return np.array(
        [
            [words[row] == words[column] or _overlap(one.chunk, other.chunk) for column, other in enumerate(pictures)]
            for row, one in enumerate(asked)
        ],
        dtype=np.bool_,
    )


def _overlap(one: Chunk, other: Chunk) -> bool:
    if (one.doc, one.page) != (other.doc, other.page):
        return False
    return area(intersection(one.bbox, other.bbox)) > 0.0
