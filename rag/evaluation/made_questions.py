"""Questions made from a library itself, for people who have written none: captions, mentions and crops.

Each way puts another demand on a search: ``caption`` repeats a caption without its label (it stands in the full text:
easy, and a fall here is a bad sign), ``words`` has half of its words in another order, ``mention`` is a sentence that
speaks of the figure, often on another page, and ``picture`` the cut-out itself, made smaller, coarser and a little
dark. None is what people would ask; they tell two encoders or versions apart, not how good a search is.
"""

from __future__ import annotations

import io
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image, ImageEnhance

from ingestion.callouts.linking import mentioning_sentences
from ingestion.captions.mentions import without_labels
from ingestion.elements import BBox, Chunk, ChunkKind
from ingestion.text.caption_labels import is_continued, without_label
from rag.evaluation.names import WAYS, Way
from rag.images import open_picture
from rag.text.analysis import QUESTION_STOP_WORDS, question_terms

if TYPE_CHECKING:
    from rag.storage.reader import IndexReader

LEAST_TERMS = {"caption": 4, "words": 8, "mention": 8}  # with fewer a text names no one figure
MOST_WORDS = 30  # of a question
LEAST_SIDE = 96  # pixels of a cut-out; smaller ones are marks and rules
# How a cut-out is disturbed, each between two bounds:
SIZES = (0.5, 0.9)  # factor of its sides
QUALITIES = (35, 75)  # of the JPEG, 0 to 100
MARGINS = (0.0, 0.06)  # share of its sides that is cut off, on each of them
LIGHTS = (0.8, 1.1)  # factor of its brightness
_WORD = re.compile(r"[^\W_][\w'’-]*")


@dataclass(frozen=True, slots=True)
class MadeQuestion:
    """``text`` or ``picture`` (a JPEG) is asked; the evidence is one figure or table."""

    way: Way
    doc: str
    page: int
    bbox: BBox
    kind: ChunkKind
    text: str = ""
    picture: bytes | None = None


@dataclass(frozen=True, slots=True)
class _Candidate:
    way: Way
    chunk: Chunk
    text: str = ""


def make_questions(index: IndexReader, count: int, seed: int = 0, ways: Sequence[Way] = WAYS) -> list[MadeQuestion]:
    """At most ``count`` questions, as many of each way, and of each way as many per document and kind as there are.

    The same library, count and seed give the same questions.
    """
    chance = random.Random(seed)
    names = {row.id: row.name for row in index.catalogue.documents()}
    chunks = {doc_id: index.catalogue.chunks_of(doc_id, kinds=("figure", "table")) for doc_id in names}
    made: list[MadeQuestion] = []
    for position, way in enumerate(ways):
        share = (count - len(made)) // (len(ways) - position)
        found = [candidate for candidate in _candidates(chunks, way) if candidate.chunk.kind in ("figure", "table")]
        for candidate in _in_turn(found, chance):
            if share == 0:
                break
            if question := _asked(index, candidate, names[candidate.chunk.doc], chance):
                made.append(question)
                share -= 1
    return made


def _candidates(chunks: Mapping[str, Sequence[Chunk]], way: Way) -> list[_Candidate]:
    """What can be asked this way; what would mean two figures is left out."""
    every = [chunk for own in chunks.values() for chunk in own]
    if way == "picture":
        return [_Candidate(way, chunk) for chunk in every if chunk.image]
    found = [_Candidate(way, chunk, text) for chunk in every for text in _texts(chunk, way)]
    keys = [frozenset(question_terms(candidate.text)) for candidate in found]
    times = Counter(keys)
    least = LEAST_TERMS[way]
    return [c for c, key in zip(found, keys, strict=True) if times[key] == 1 and len(key) >= least]


def _texts(chunk: Chunk, way: Way) -> Iterator[str]:
    if way == "mention":
        yield from (without_labels(sentence).strip("… ") for sentence in mentioning_sentences(chunk.mentions))
    elif chunk.caption and not is_continued(chunk.caption):
        yield without_label(chunk.caption.split("\n")[0])


def _in_turn(found: Sequence[_Candidate], chance: random.Random) -> Iterator[_Candidate]:
    """One of each document and kind after another, in a drawn order, so that no large document has most questions."""
    groups: dict[tuple[str, str], list[_Candidate]] = defaultdict(list)
    for candidate in found:
        groups[candidate.chunk.doc, candidate.chunk.kind].append(candidate)
    piles = [groups[key] for key in sorted(groups)]
    for pile in piles:
        chance.shuffle(pile)
    chance.shuffle(piles)
    while piles:
        for pile in piles:
            yield pile.pop()
        piles = [pile for pile in piles if pile]


def _asked(index: IndexReader, candidate: _Candidate, name: str, chance: random.Random) -> MadeQuestion | None:
    chunk, words = candidate.chunk, _WORD.findall(candidate.text)
    text, picture = " ".join(candidate.text.split()[:MOST_WORDS]), None
    if candidate.way == "words":
        content = [word for word in words if word.lower() not in QUESTION_STOP_WORDS and not word.isdigit()]
        text = " ".join(chance.sample(content, min(len(content), max(4, len(content) // 2))))
    if candidate.way == "picture":
        text, picture = "", _disturbed(index, chunk, chance)
    if not text and picture is None:
        return None
    return MadeQuestion(candidate.way, name, chunk.page, chunk.bbox, chunk.kind, text, picture)


def _disturbed(index: IndexReader, chunk: Chunk, chance: random.Random) -> bytes | None:
    """A crop as a screenshot has it: cut a little tighter, smaller, darker or lighter, coarsely compressed."""
    picture = open_picture(index.files.path(chunk.doc, str(chunk.image)))
    if min(picture.size) < LEAST_SIDE:
        return None
    cut = [chance.uniform(*MARGINS) for _ in range(4)]
    width, height = picture.size
    picture = picture.crop(
        (round(cut[0] * width), round(cut[1] * height), round((1 - cut[2]) * width), round((1 - cut[3]) * height))
    )
    scale = chance.uniform(*SIZES)
    picture = picture.resize(
        (max(1, round(picture.width * scale)), max(1, round(picture.height * scale))), Image.Resampling.BICUBIC
    )
    picture = ImageEnhance.Brightness(picture).enhance(chance.uniform(*LIGHTS))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=chance.randint(*QUALITIES))
    return buffer.getvalue()
