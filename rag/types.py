"""The value types of retrieval and answering: a question, its hits, the evidence, the answer. All are frozen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ingestion.elements import BBox, Chunk, ChunkKind, Region, well_formed

Float32Array = NDArray[np.float32]
"""One vector, (dim,), or rows of them, (n, dim)."""
Float64Array = NDArray[np.float64]
Int64Array = NDArray[np.int64]
Modality = Literal["text", "image"]
Channel = Literal["full text", "words", "text to image", "image to image", "picture's text", "same picture"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)
"""Ways of finding: the words; vectors of their meaning; pictures by words and by a picture; a picture's own words; the
places where a picture itself stands, checked pixel by pixel."""


class PageId(NamedTuple):
    """A page: its document's id, and its number from 1."""

    doc: str
    page: int


@dataclass(frozen=True, slots=True)
class Node:
    """One vector of a chunk: of a long text several (``ordinal`` 0, 1, …), of a figure's or table's picture one.

    ``vector`` is float32 of the encoder's ``dim``; each of its parts has unit length or is all zero.
    """

    chunk_id: str
    modality: Modality
    vector: Float32Array
    ordinal: int = 0


class Spot(NamedTuple):
    """A place in a document: its id, the page from 1, a box in points."""

    doc: str
    page: int
    bbox: BBox


@dataclass(frozen=True, slots=True)
class Query:
    """What a person asks: words, a picture, or both, and where to look.

    ``docs`` are document ids (None: the whole library), ``kinds`` chunk kinds (None: all), ``pages`` an inclusive range
    from 1, ``without`` channels that are not used. ``as_typed``: nothing is left out of it, and in a conversation it
    takes nothing from what was asked before. ``spot``: the place that ``image`` was cut out of; where it is known the
    picture is not looked for. ``library`` are the ids of the documents that who asks may see, where that is not all:
    the others are not there. ``carried``: ``image`` came with a question before, and this one is about it still.
    """

    text: str = ""
    image: Image.Image | None = None
    docs: frozenset[str] | None = None
    kinds: frozenset[ChunkKind] | None = None
    pages: tuple[int, int] | None = None
    without: frozenset[Channel] = frozenset()
    as_typed: bool = False
    spot: Spot | None = None
    library: frozenset[str] | None = None
    carried: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", well_formed(self.text))

    @property
    def within(self) -> frozenset[str] | None:
        """The documents to look in: those that were chosen, as far as who asks may see them; None: all there are."""
        if self.library is None or self.docs is None:
            return self.library if self.docs is None else self.docs
        return self.docs & self.library


class ChannelScore(NamedTuple):
    """How one search channel saw a chunk: rank from 1, and that channel's own score."""

    rank: int
    score: float


SAME_PICTURE: Channel = "same picture"
"""Channel of a hit that *is* the uploaded picture; its score, 0 to 1, says how certainly."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that was found. ``region`` overrides its box where the match itself located one (a screenshot).

    ``also`` are other places where the same picture stands.
    """

    chunk: Chunk
    score: float
    channels: Mapping[str, ChannelScore] = field(default_factory=dict)
    region: BBox | None = None
    also: tuple[Spot, ...] = ()

    @property
    def bbox(self) -> BBox:
        """Where the match stands, in points."""
        return self.region or self.chunk.bbox

    @property
    def page(self) -> PageId:
        """The page it stands on."""
        return PageId(self.chunk.doc, self.chunk.page)

    @property
    def same_picture(self) -> bool:
        """Whether the uploaded picture itself stands there; without, a hit is only like it."""
        return SAME_PICTURE in self.channels


class PictureText(NamedTuple):
    """Words in the query's picture, line by line. ``whole``: all of them, as the page has them on which the picture was
    found; else only its longest lines, as read from the picture."""

    text: str
    whole: bool


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits, best first. ``notice`` says why they were not reranked, empty where they were or need not be.

    ``picture_text``: what the search read in the query's picture; None where the query has none. ``may_show``: pages
    on which that picture may stand, though it was not found there for certain.
    """

    hits: tuple[Hit, ...]
    notice: str = ""
    picture_text: PictureText | None = None
    may_show: tuple[PageId, ...] = ()


class FoundBy(NamedTuple):
    """A way of searching that found a piece, and its rank there, from 1."""

    way: str
    rank: int


class Pointer(NamedTuple):
    """Words of a piece of evidence that refer to what another one shows: "chapter 4.2"; that one's number, and its
    heading and caption."""

    words: str
    number: int
    named: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A numbered piece the model is shown. ``number`` is its [n]; ``text`` is the whole parent passage or table.

    ``doc_title`` is the document's title; ``beside`` are the chunks around ``chunk`` that ``text`` takes in, too.
    ``also`` names other places where the same picture, passage or table stands, like ``manual.pdf, page 4``;
    ``pictured``: it is what the uploaded picture shows. ``found_by``: the ways of searching that found it, as
    :attr:`Hit.channels` has them. ``time``: of a recording, from when to when its page lasts, like ``03:20–04:20``.
    ``points``: where its references to other places of its document lead.
    """

    number: int
    chunk: Chunk
    doc_name: str
    text: str
    crop: Path | None
    page_image: Path | None
    page_size: tuple[float, float]
    score: float = 0.0
    also: tuple[str, ...] = ()
    pictured: bool = False
    doc_title: str = ""
    beside: tuple[Chunk, ...] = ()
    found_by: tuple[FoundBy, ...] = ()
    time: str = ""
    points: tuple[Pointer, ...] = ()

    @property
    def place(self) -> str:
        """Where it stands in its document, in words: ``page 4``, or the time of a recording."""
        return self.time or f"page {self.chunk.page}"


Support = Literal["supported", "weak", "unsupported"]
"""What evidence does for a sentence: it says so; it says something near, or cannot be compared; it does not say so."""


class Doubt(NamedTuple):
    """A sentence of an answer that names no evidence, and the number of the one piece that says so (0: none does)."""

    sentence: str
    reason: str
    suggested: int = 0


@dataclass(frozen=True, slots=True)
class Citation:
    """A marker in the answer, resolved. ``supported`` is False where the sentence says what the evidence does not.

    ``support`` tells three cases apart, ``doubt`` says in words what was not found (empty where it is supported).
    ``quotes`` are those of all sentences that cite it, in the order of the answer; empty where ``quote`` is all.
    ``highlights`` are the lines, or the table's rows, that they stand in, on every page that they reach over.
    """

    number: int
    doc: str
    page: int
    bbox: BBox
    kind: ChunkKind
    caption: str
    quote: str
    image: str | None
    supported: bool
    support: Support = "supported"
    doubt: str = ""
    highlights: tuple[Region, ...] = ()
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer with ``[n]`` markers, the citations they mean in order of first use, and all evidence shown.

    ``notice`` says what the reader should know of how it was made (no model configured, pictures not seen, cut short).
    ``understood`` is the question that was searched for, where it takes something from those before it. ``doubts`` are
    sentences that state facts and cite nothing. ``sureness``, of quotations without a model: "direct", "likely" or
    "closest" (:mod:`rag.answering.extraction.sureness`); empty for a refusal and for a model's answer. ``failed`` says
    why a model gave no answer, or half of one: the text then quotes the documents, after what of its own words is kept.
    """

    text: str
    citations: tuple[Citation, ...]
    evidence: tuple[Evidence, ...]
    refused: bool
    dropped_markers: int
    model: str
    seconds: float
    notice: str = ""
    understood: str = ""
    doubts: tuple[Doubt, ...] = ()
    sureness: str = ""
    failed: str = ""


class Turn(NamedTuple):
    """One earlier exchange of a conversation; ``evidence`` is what its markers mean, empty where that is not known."""

    question: str
    answer: str
    evidence: tuple[Evidence, ...] = ()


class Progress(NamedTuple):
    """A step of a long task. ``stage`` is reading, embedding or saving; ``done`` of ``total`` units."""

    name: str
    stage: str
    done: int
    total: int


ReportProgress = Callable[[Progress], None]
"""Called at every step of a long task; what it raises stops the task."""
