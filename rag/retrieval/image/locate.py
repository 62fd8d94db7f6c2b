"""The recipe: an uploaded picture → the pages on which it stands, each checked pixel by pixel. Read :func:`look`.

Enters: an open index, a query with a picture. Leaves: its words, what the picture vectors found, and verified places.
Must not know: how pages are ranked, what a hit is, answers.

Cheap before dear: pages with a picture like it are checked first; only where none is certain are the upload's longest
lines read (nearly all of the time), the pages with these words found, and checked too. Where the picture is found, its
words are taken from the page. A picture that stands nowhere in the library has no sighting.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image

from ingestion.elements import BBox
from ingestion.geometry import inside, width
from ingestion.ocr.lines import Glance, OcrLine, word_boxes
from rag.errors import StoreError
from rag.retrieval import candidates
from rag.retrieval.image.images import PageImage, QueryImage
from rag.retrieval.image.query_text import LONGEST_LINES, glance, script_of
from rag.retrieval.image.ranking import Placement
from rag.retrieval.image.registration import (
    Registration,
    Word,
    register_by_keypoints,
    register_by_pattern,
    register_by_words,
)
from rag.retrieval.image.verification import Match, verify
from rag.retrieval.query import parse_question
from rag.storage.fulltext import FullText, Where
from rag.storage.term_vectors import document_of, page_of
from rag.types import SAME_PICTURE, PageId, Query

if TYPE_CHECKING:
    from rag.storage.reader import IndexReader

ONLY_SIMILAR = "The picture itself was not found in the library; what was found is only similar to it."
"""Said where the hits for an uploaded picture have no :data:`rag.types.SAME_PICTURE` among them."""

LARGEST = 2400  # pixels of the longer side of an upload; a larger one, finer than any page is stored, is made smaller
FIRST_LOOK = 2  # pages with the pictures most like it that are checked before anything is read
BEYOND_DOUBT = 0.95  # certainty of a match from which nothing is read
PAGES_BY_WORDS = 12  # pages with its words whose words' places are compared
CHECKED_BY_WORDS = 3  # of these, the best, that are checked: of 150 right pages 147 came first or second
MANY_WORDS = 8  # that fit a page: from these on nothing else places the upload better
PAGES_BY_PICTURE = 10  # pages with pictures like it that are checked at the most; one found without words was the ninth
PAGES_LIKE_TEXT = 4  # the same of a picture full of lines, whose page would have been found by its words
SIBLINGS = 3  # further pages that are checked after one was certain, where they are as likely:
AS_LIKELY = 0.93  # of the first one's likelihood
AS_GOOD = 0.93  # of the best match's strength, from which a further page is said to show the same picture
IN_BOX = 0.5  # share of a line that must be in the box to belong to the picture


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of an upload: its words, chunks with a picture like it (by score), where it stands (best first)."""

    words: str
    pictures: Mapping[str, float]
    sightings: tuple[Placement, ...]


class _Candidate(NamedTuple):
    """A page to be checked; ``likelihood`` compares within one list only."""

    place: PageId
    likelihood: float
    guess: Registration | None = None  # by its words
    width: float | None = None  # of the picture there that is like it, in points


class _Asked(NamedTuple):
    """An upload, upright as far as is known, with what the picture vectors say of it."""

    upload: QueryImage
    pictures: Mapping[str, float]
    like_it: tuple[_Candidate, ...]

    @property
    def likeness(self) -> float:
        return max(self.pictures.values(), default=0.0)


def look(index: IndexReader, text: FullText, query: Query, where: Where) -> Seen:
    """Find the query's picture. Raises the index's errors and those of reading pictures."""
    assert query.image is not None
    image = query.image.convert("RGB")
    image.thumbnail((LARGEST, LARGEST), Image.Resampling.BOX)
    asked = _asked(index, query, image)
    if SAME_PICTURE in query.without:
        return Seen(_said(_read(index, query, image)), asked.pictures, ())
    found = _check(index, asked.upload, asked.like_it, FIRST_LOOK)
    if found and found[0].match.certainty >= BEYOND_DOUBT:
        return Seen(_words_of(index, found[0]), asked.pictures, found)
    glance = _read(index, query, image)
    if glance.turn and not found:
        asked = _asked(index, query, image.rotate(glance.turn, expand=True))
        found = _check(index, asked.upload, asked.like_it, FIRST_LOOK)
    found = _best(
        [*found, *_check(index, asked.upload, _with_words(index, text, glance.lines, where), CHECKED_BY_WORDS)]
    )
    if not found:
        most = PAGES_LIKE_TEXT if len(glance.lines) >= LONGEST_LINES else PAGES_BY_PICTURE
        found = _check(index, asked.upload, asked.like_it[FIRST_LOOK:], most - FIRST_LOOK)
    if not found and not glance.lines:
        turned = [_asked(index, query, image.rotate(turn, expand=True)) for turn in (90, 180, 270)]
        asked = max(asked, *turned, key=lambda each: each.likeness)
        found = _check(index, asked.upload, asked.like_it, FIRST_LOOK) if asked in turned else ()
    return Seen((_words_of(index, found[0]) if found else "") or _said(glance), asked.pictures, found)


def _asked(index: IndexReader, query: Query, image: Image.Image) -> _Asked:
    vector = index.encoder.embed_images([image], [""], query=True)[0]
    pictures = candidates.by_vector(index, vector, "image to image", query)
    return _Asked(QueryImage.of(image), pictures, tuple(_with_pictures(index, pictures, query)))


def _read(index: IndexReader, query: Query, image: Image.Image) -> Glance:
    """The picture's longest lines; none where pictures are not to be read."""
    read = index.settings.ocr != "off" and "picture's text" not in query.without
    return glance(image, script_of(index.settings)) if read else Glance([], 0)


def _said(glance: Glance) -> str:
    return "\n".join(line.text for line in glance.lines)


def _words_of(index: IndexReader, sighting: Placement) -> str:
    return words_there(index, sighting.place, sighting.match.box)


def _with_pictures(index: IndexReader, pictures: Mapping[str, float], query: Query) -> Iterator[_Candidate]:
    """Pages with pictures like it, best first."""
    chunks = index.catalogue.chunks(list(pictures)[: 4 * PAGES_BY_PICTURE])
    first, last = query.pages or (1, 1 << 30)
    seen = set[PageId]()
    for chunk_id, score in pictures.items():
        if chunk_id in chunks:
            place = PageId(chunks[chunk_id].doc, chunks[chunk_id].page)
            if place not in seen and first <= place.page <= last:
                yield _Candidate(place, score, width=width(chunks[chunk_id].bbox))
            seen.add(place)


def _with_words(index: IndexReader, text: FullText, lines: Sequence[OcrLine], where: Where) -> list[_Candidate]:
    """Pages with the upload's words, those first where most words stand as they do in the upload."""
    question = parse_question("\n".join(line.text for line in lines))
    keys = candidates.by_words(text, question, where)[:PAGES_BY_WORDS]
    documents = text.numbered(document_of(key) for key in keys)
    own = _words(lines)
    found = []
    for key in keys:
        place = PageId(documents[document_of(key)].doc, page_of(key))
        guess = register_by_words(own, _words(OcrLine(*line, 1.0) for line in index.files.lines(*place)))
        found.append(_Candidate(place, guess.support if guess else 0.0, guess))
    return sorted(found, key=lambda candidate: -candidate.likelihood)


def _words(lines: Iterable[OcrLine]) -> list[Word]:
    """The words of lines with the centres of their places, spelt so that two readings of one word are equal."""
    boxes = [(_plain(word), box) for line in lines for word, box in word_boxes(line)]
    return [Word(word, (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2) for word, box in boxes if len(word) > 1]


def _plain(word: str) -> str:
    return "".join(sign for sign in word.casefold() if sign.isalnum())


def _check(
    index: IndexReader, upload: QueryImage, candidates: Sequence[_Candidate], most: int
) -> tuple[Placement, ...]:
    """Places where it certainly stands, best first: among the first ``most`` candidates, and those after the first that
    holds which are as likely."""
    found: list[Placement] = []
    least = 0.0
    for number, candidate in enumerate(candidates):
        if candidate.likelihood < least or (number >= most and not found):
            break
        match = _match(index, upload, candidate)
        if match is not None and match.certain:
            if not found:
                most, least = number + 1 + SIBLINGS, AS_LIKELY * candidate.likelihood
            found.append(Placement(candidate.place, match))
        if number + 1 >= most:
            break
    return _best(found)


def _best(found: Sequence[Placement]) -> tuple[Placement, ...]:
    """Each place once, best first, without those that are clearly worse than the best: pictures almost like it."""
    ordered = sorted(found, key=lambda sighting: -sighting.match.strength)
    by_place: dict[PageId, Placement] = {}
    for sighting in ordered:
        if sighting.match.strength >= AS_GOOD * ordered[0].match.strength:
            by_place.setdefault(sighting.place, sighting)
    return tuple(by_place.values())


def _match(index: IndexReader, upload: QueryImage, candidate: _Candidate) -> Match | None:
    """The first guess that holds, else the best of all."""
    sheet = _sheet(index, candidate.place)
    if sheet is None:
        return None
    matches = []
    for seen, guess in _guesses(upload, sheet, candidate):
        match = verify(seen, sheet, guess)
        if match is not None:
            matches.append(match)
            if match.certain:
                break
    return max(matches, key=lambda match: match.strength, default=None)


def _guesses(upload: QueryImage, sheet: PageImage, candidate: _Candidate) -> Iterator[tuple[QueryImage, Registration]]:
    """Cheap ones first; each is made when it is asked for. With the upload or its negative, whichever it is for."""
    if candidate.guess is not None:
        for seen in upload.ways:
            yield seen, candidate.guess
    for seen in upload.ways:
        if (guess := register_by_keypoints(seen, sheet)) is not None:
            yield seen, guess
    if candidate.guess is not None and candidate.guess.support >= MANY_WORDS:
        return
    for seen in upload.ways:
        if (guess := register_by_pattern(seen, sheet, candidate.width)) is not None:
            yield seen, guess


def _sheet(index: IndexReader, place: PageId) -> PageImage | None:
    """The stored picture of a page; None where there is none, or its document has been removed meanwhile."""
    page = index.catalogue.page(*place)
    if page.image is None:
        return None
    path = index.files.path(place.doc, page.image)
    try:
        return PageImage.of(path.read_bytes(), page.width)
    except OSError as exc:
        if not index.catalogue.has(place.doc, latest=True):
            return None
        raise StoreError(f"{path} cannot be read ({exc.strerror}); remove the document and add it again") from exc


def words_there(index: IndexReader, place: PageId, box: BBox) -> str:
    """The page's own words within a box, line by line."""
    return "\n".join(text for text, line in index.files.lines(*place) if inside(line, box) >= IN_BOX)
