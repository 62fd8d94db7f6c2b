"""The recipe of an alignment: pairs of an index to a file that turns the vectors of one part of its encoder.

:func:`align` trains the turn, so that what belongs together comes closer; :func:`shorten` computes it without training,
so that fewer numbers hold most of what the vectors say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from PIL import Image

from ingestion.errors import UnreadableImage
from ingestion.formats.images import open_image
from rag.alignment.pairs import Pair, picture_pairs, text_pairs
from rag.encoders.base import Encoder, Recorded
from rag.encoders.open import open_encoder
from rag.encoders.projection import Projection
from rag.encoders.spec import API_PREFIX, Spec, parse
from rag.errors import BadSettings, StoreError
from rag.types import Float32Array

if TYPE_CHECKING:
    from rag.alignment.train import Trained
    from rag.storage.reader import IndexReader

PartName = Literal["words", "picture"]
LEAST_PAIRS = 100  # with fewer a turn is fitted to chance
LEAST_DOCUMENTS = 2  # one to train on and one to hold out
Count = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Aligned:
    """What an alignment has come to.

    ``spec`` opens the aligned part; empty where nothing better than no projection was found, and nothing written.
    ``picture`` and ``words`` are the specs with which the index would be built to use it.
    """

    spec: str
    picture: str
    words: str
    part: PartName
    pairs: Mapping[str, int]
    documents: int
    trained: Trained


class Shortened(NamedTuple):
    """The specs that use the file, and the share of the vectors' squared length that the directions hold."""

    picture: str
    words: str
    share: float


def align(index: IndexReader, part: PartName, file: Path, seed: int, progress: Count) -> Aligned:
    """Train on the pairs of the index and write ``file``. Raises :class:`BadSettings`, :class:`StoreError`."""
    spec, encoder = _opened(index, part)
    columns = next((slice(p.start, p.stop) for p in encoder.parts if p.name == part), None)
    if columns is None or (part == "picture" and encoder.text_window is None):
        raise BadSettings(
            f"The {part} part of the index {index.root} is {spec.model!r}, which "
            f"{'is not there' if columns is None else 'reads no text'}: there is nothing to align"
        )
    pairs = list(_pairs(index, part, seed))
    documents = len({pair.doc for pair in pairs})
    if len(pairs) < LEAST_PAIRS or documents < LEAST_DOCUMENTS:
        raise StoreError(
            f"The index {index.root} gives {len(pairs)} pairs from {documents} documents; an alignment needs "
            f"{LEAST_PAIRS} from {LEAST_DOCUMENTS}. Add more documents"
        )
    left, right, used = _vectors(index, encoder, pairs, columns, progress)
    from rag.alignment.train import train  # loads torch

    owners = [pairs[number].doc for number in used]
    trained = train(left[used], right[used], owners, part == "words", seed, device=index.settings.device)
    counts = dict(Counter[str](pairs[number].how for number in used))
    if trained.epochs:
        facts = {"seed": seed, "pairs": counts, "held out": list(trained.held_out)}
        Projection(trained.left, trained.right, encoder.facts[f"{part} part"], facts).write(file)
    to_use = replace(spec, options=replace(spec.options, align=str(file.resolve())))
    aligned, live = str(to_use) if trained.epochs else "", index.generation
    picture, words = (live.encoder, aligned) if part == "words" else (aligned, live.words)
    return Aligned(aligned, picture, words, part, counts, documents, trained)


def shorten(index: IndexReader, part: PartName, dim: int, file: Path) -> Shortened:
    """Write the ``dim`` directions that hold most of the index's vectors of a part (uncentred principal components).

    For models whose first numbers are no shorter version of all. Raises :class:`BadSettings`, :class:`StoreError`.
    """
    live = index.generation
    spec, encoder = _opened(index, part)
    span = next((p for p in encoder.parts if p.name == part), None)
    cut = spec.options.dim and not spec.model.startswith(API_PREFIX)
    if span is None or spec.options.align or cut or not 0 < dim < span.stop - span.start:
        size = 0 if span is None else span.stop - span.start
        raise BadSettings(
            f"The {part} part of the index {index.root} is {str(spec)!r} with {size} numbers: it cannot be shortened "
            f"to {dim}; choose 1 to {max(size - 1, 1)} for a part that is neither aligned nor cut"
        )
    moment = np.zeros((span.stop - span.start,) * 2)
    for rows in (rows for parts in index.vectors.rows().values() for rows in parts):
        vectors = rows.floats(columns=slice(span.start, span.stop)).astype(np.float64)
        moment += vectors.T @ vectors
    if not moment.any():
        raise StoreError(f"The index {index.root} holds no vectors of its {part} part; add documents first")
    sizes, directions = np.linalg.eigh(moment)
    turn = np.ascontiguousarray(directions[:, ::-1][:, :dim], dtype=np.float32)
    share = float(sizes[::-1][:dim].sum() / sizes.sum())
    Projection(turn, turn, encoder.facts[f"{part} part"], {"components": dim, "share": share}).write(file)
    to_use = str(replace(spec, options=replace(spec.options, align=str(file.resolve()))))
    picture, words = (live.encoder, to_use) if part == "words" else (to_use, live.words)
    return Shortened(picture, words, share)


def _opened(index: IndexReader, part: PartName) -> tuple[Spec, Encoder]:
    """The part's spec, and an encoder of which this part is neither aligned nor cut; a service cuts by itself."""
    live = index.generation
    text, variable = (live.words, "PAGESIGHT_WORDS") if part == "words" else (live.encoder, "PAGESIGHT_ENCODER")
    spec = parse(text, variable)
    dim = spec.options.dim if spec.model.startswith(API_PREFIX) else 0
    bare = replace(spec, options=replace(spec.options, align="", dim=dim))
    recorded = Recorded(live.encoder, str(bare)) if part == "words" else Recorded(str(bare), live.words)
    settings = replace(index.settings, encoder="auto", words="auto")
    return spec, open_encoder(settings, recorded=recorded)


def _pairs(index: IndexReader, part: PartName, seed: int) -> Sequence[Pair]:
    chunks = [chunk for doc_id in index.catalogue.ids() for chunk in index.catalogue.chunks_of(doc_id)]
    return list(text_pairs(chunks, seed) if part == "words" else picture_pairs(chunks))


def _vectors(
    index: IndexReader, encoder: Encoder, pairs: Sequence[Pair], columns: slice, progress: Count
) -> tuple[Float32Array, Float32Array, list[int]]:
    """Both sides, and the numbers of the pairs of which neither is zero."""
    width, batch = columns.stop - columns.start, index.settings.batch
    left, right = (np.zeros((len(pairs), width), dtype=np.float32) for _ in range(2))
    for start in range(0, len(pairs), batch):
        part = pairs[start : start + batch]
        rows = slice(start, start + len(part))
        left[rows] = encoder.embed_texts([pair.asked for pair in part], query=True)[:, columns]
        if part[0].how == "picture":
            right[rows] = encoder.embed_images([_picture(index, pair) for pair in part], [""] * len(part))[:, columns]
        else:
            right[rows] = encoder.embed_texts([pair.told for pair in part])[:, columns]
        progress(rows.stop, len(pairs))
    return left, right, np.flatnonzero(left.any(axis=1) & right.any(axis=1)).tolist()


def _picture(index: IndexReader, pair: Pair) -> Image.Image:
    path = index.files.file(pair.doc, pair.image)
    try:
        with open_image(path) as image:
            return image.convert("RGB")
    except (OSError, ValueError, UnreadableImage) as exc:
        raise StoreError(f"The picture {path} cannot be read ({exc}); run `python -m rag doctor`") from exc
