"""The recipe: the query's picture → the pages on which it stands, each verified pixel by pixel. Read :func:`locate`.

Cheap before dear: pages with a picture like it are verified first; only where none is certain are the longest lines of
the picture read (nearly all of the time), the pages with these words found, and verified too. Where the picture is
found, its words are taken from the page. A picture that stands nowhere in the library has no placement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageOps

from ingestion.elements import BBox
from ingestion.geometry import inside
from ingestion.ocr.lines import Glance
from rag.retrieval.channels import by_vector, by_words
from rag.retrieval.image.images import DARK, QueryImage
from rag.retrieval.image.placement import NOWHERE, Placed, Placement, placed, with_keypoints
from rag.retrieval.image.proposals import ProposedPage, pages_of_document, pages_with_similar, pages_with_words
from rag.retrieval.image.query_text import LONGEST_LINES, longest_lines, script_of
from rag.retrieval.image.verification import exactly
from rag.retrieval.query import ParsedQuestion, parse_question
from rag.retrieval.snapshot import Snapshot
from rag.types import SAME_PICTURE, PageId, PictureText

ONLY_SIMILAR = "The picture itself was not found in the library; what was found is only similar to it."
"""Said where the hits for an uploaded picture have no :data:`rag.types.SAME_PICTURE` among them."""

LARGEST = 2400  # pixels of the longer side of an upload; a larger one, finer than any page is stored, is made smaller
FIRST_LOOK = 2  # pages with the pictures most like it that are verified before anything is read
BEYOND_DOUBT = 0.95  # certainty of a match from which nothing is read
CHECKED_BY_WORDS = 3  # pages with its words, the best, that are verified: of 150 right pages 147 came first or second
PAGES_BY_PICTURE = 5  # pages with pictures like it that are verified: of 135 uploads 108 had theirs there, 109 in ten
CHECKED_BY_KEYPOINTS = 2  # of the pages found by keypoints alone that are verified
PAGES_LIKE_TEXT = 4  # the same of a picture full of lines, whose page would have been found by its words
CENTRE = 0.8  # of an upload's sides, its middle: of 135 uploads 103 had their page among the first two, without it 91
SMALLEST_CENTRE = 16  # pixels of a side of the middle
IN_BOX = 0.5  # share of a line that must be in the box to belong to the picture
QUARTER_TURNS = (90, 180, 270)  # degrees


@dataclass(frozen=True, slots=True)
class LocatedImage:
    """What is known of the query's picture.

    ``words`` stand in it, ``question`` is what they search for, ``pages`` are keys of the pages found by them where
    that was done already. ``similar`` are scores of the chunks with a picture like it, by id, best first;
    ``placements`` the places where it stands, best first; ``likely`` those where it may stand, of which nothing is
    said: their pages are only ranked first where there is no certain place.
    """

    words: PictureText
    question: ParsedQuestion
    pages: Sequence[int] | None
    similar: Mapping[str, float]
    placements: tuple[Placement, ...]
    likely: tuple[Placement, ...] = ()


class _Embedded(NamedTuple):
    """The picture, upright as far as is known; chunks and pages with pictures like it, best first."""

    image: QueryImage
    similar: Mapping[str, float]
    pages: tuple[ProposedPage, ...]

    @property
    def likeness(self) -> float:
        return max(self.similar.values(), default=0.0)


class _Read(NamedTuple):
    """What was read in the picture, and what it searches for."""

    glance: Glance
    question: ParsedQuestion

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.glance.lines)


def locate(snap: Snapshot) -> LocatedImage:
    """Find the query's picture, which must be there. Raises the index's errors and those of reading pictures."""
    assert snap.query.image is not None
    image = snap.query.image.convert("RGB")
    image.thumbnail((LARGEST, LARGEST), Image.Resampling.BOX)
    asked = _embedded(snap, image)
    known = _cut_from(snap)
    if known is not None:
        return _found(snap, known, asked.similar) or _not_found(snap, _NOTHING_READ, asked.similar, None, known)
    if SAME_PICTURE in snap.query.without:
        return _not_found(snap, _read(snap, image), asked.similar, None)

    found = placed(snap, asked.image, asked.pages, FIRST_LOOK)
    if found.certain and found.certain[0].match.certainty >= BEYOND_DOUBT:
        return _found(snap, found, asked.similar) or _not_found(snap, _NOTHING_READ, asked.similar, None, found)

    read = _read(snap, image)
    if read.glance.turn and not found.certain:
        asked = _embedded(snap, image.rotate(read.glance.turn, expand=True))
        found = placed(snap, asked.image, asked.pages, FIRST_LOOK)
    keys = by_words(snap, read.question)
    with_words = pages_with_words(snap, read.glance.lines, keys)
    found |= placed(snap, asked.image, _not_laid(with_words, found), CHECKED_BY_WORDS)
    if not found.certain:
        most = PAGES_LIKE_TEXT if len(read.glance.lines) >= LONGEST_LINES else PAGES_BY_PICTURE
        found |= placed(snap, asked.image, asked.pages[FIRST_LOOK:], most - FIRST_LOOK)
    if not found.certain and not found.likely:
        found = placed(snap, asked.image, _elsewhere(snap, asked, keys, most), CHECKED_BY_KEYPOINTS)
    if not found.certain and not read.glance.lines:
        turned = [_embedded(snap, image.rotate(turn, expand=True)) for turn in QUARTER_TURNS]
        asked = max(asked, *turned, key=lambda each: each.likeness)
        found |= placed(snap, asked.image, asked.pages, FIRST_LOOK) if asked in turned else NOWHERE
    return _found(snap, found, asked.similar) or _not_found(snap, read, asked.similar, keys, found)


def _cut_from(snap: Snapshot) -> Placed | None:
    """The place of a picture that was cut out of a page of the library; None where it was not, or that has gone."""
    spot = snap.query.spot
    library = snap.query.library
    if spot is None or (library is not None and spot.doc not in library) or not snap.text.documents([spot.doc]):
        return None
    return Placed((Placement(PageId(spot.doc, spot.page), exactly(spot.bbox)),))


_NOTHING_READ = _Read(Glance([], 0), parse_question(""))


def _embedded(snap: Snapshot, image: Image.Image) -> _Embedded:
    views = _views(image)
    likeness: dict[str, float] = {}
    for vector in snap.encoder.embed_images(views, [""] * len(views), query=True):
        for chunk, score in by_vector(snap, vector, "image to image").items():
            likeness[chunk] = max(score, likeness.get(chunk, score))
    similar = dict(sorted(likeness.items(), key=lambda entry: -entry[1]))
    return _Embedded(QueryImage.of(image), similar, tuple(pages_with_similar(snap, similar)))


def _not_laid(proposed: Sequence[ProposedPage], found: Placed) -> list[ProposedPage]:
    """Without the pages on which the picture was laid as well as it can be, and still is not certain."""
    laid = {placement.page for placement in found.likely}
    return [each for each in proposed if each.page not in laid]


def _elsewhere(snap: Snapshot, asked: _Embedded, keys: Sequence[int], seen: int) -> list[ProposedPage]:
    """Pages with the picture's keypoints, of the document that it is most likely from, without the similar ones that
    were ``seen``."""
    verified = {proposed.page for proposed in asked.pages[:seen]}
    pages = pages_of_document(snap, asked.pages, keys)
    return with_keypoints(snap, asked.image, [page for page in pages if page not in verified])


def _views(image: Image.Image) -> list[Image.Image]:
    """What is compared with the library's pictures: the upload, and its middle, without a window or the table around
    it; where it is dark their negatives as well, for pages read light on dark."""
    width, height = image.size
    left, top = (round(side * (1 - CENTRE) / 2) for side in image.size)
    views = [image]
    if min(width - 2 * left, height - 2 * top) >= SMALLEST_CENTRE:
        views.append(image.crop((left, top, width - left, height - top)))
    if np.median(np.asarray(image.convert("L"))) < DARK:
        views += [ImageOps.invert(view) for view in views]
    return views


def _read(snap: Snapshot, image: Image.Image) -> _Read:
    """The picture's longest lines; none where pictures are not to be read."""
    settings = snap.index.settings
    if settings.ocr == "off" or "picture's text" in snap.query.without:
        return _NOTHING_READ
    glance = longest_lines(image, script_of(settings), None if snap.fresh else snap.index.readings)
    return _Read(glance, parse_question("\n".join(line.text for line in glance.lines), snap.languages))


def _found(snap: Snapshot, found: Placed, similar: Mapping[str, float]) -> LocatedImage | None:
    """With the words that its page has in its box; None where it stands nowhere, or its page has no words there."""
    text = _words_there(snap, found.certain[0].page, found.certain[0].match.box) if found.certain else ""
    if not text:
        return None
    question = _searched(snap, parse_question(text, snap.languages))
    return LocatedImage(PictureText(text, True), question, None, similar, *found)


def _not_found(
    snap: Snapshot,
    read: _Read,
    similar: Mapping[str, float],
    pages: Sequence[int] | None,
    found: Placed = NOWHERE,
) -> LocatedImage:
    """With the words that were read; ``pages`` are those found by them already."""
    question = _searched(snap, read.question)
    return LocatedImage(
        PictureText(read.text, False), question, pages if question is read.question else None, similar, *found
    )


def _searched(snap: Snapshot, question: ParsedQuestion) -> ParsedQuestion:
    return question if "full text" not in snap.query.without else _NOTHING_READ.question


def _words_there(snap: Snapshot, page: PageId, box: BBox) -> str:
    """The page's own words within a box, line by line."""
    return "\n".join(text for text, line in snap.index.files.lines(*page) if inside(line, box) >= IN_BOX)
