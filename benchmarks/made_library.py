"""Invented documents with the statistics of real ones, to measure an index of any size; nothing is parsed or encoded.

Words follow Zipf and Mandelbrot's law in three languages, with the function words of each; a document has words of its
own subject, a page comes back to a few of them in bursts, and every document brings words and numbers that no other
has. Page lengths, passages, tables and figures a page, vectors a passage, and how near vectors of one passage,
page, document and subject lie to each other, are those of 40 published documents (1,718 pages) in both packaged
sentence encoders. Every word is its own stem. The same seed gives the same library, and a larger library begins with
the documents of a smaller one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingestion.elements import BBox, Chunk, ChunkKind, Document, Page, Region
from rag.text.analysis import QUESTION_STOP_WORDS
from rag.text.function_words import WORDS
from rag.text.stemming import stem
from rag.types import Float32Array, Node

LANGUAGES = {"en": 0.8, "de": 0.12, "fr": 0.08}  # share of the documents
ENDINGS = {"en": "", "de": "ok", "fr": "ak"}  # of their words, which no stemmer takes off
VOCABULARY = 40_000  # content words that the documents of one language share
SUBJECTS = 400  # that documents are about
OF_SUBJECT, OF_DOCUMENT, OF_PAGE = 120, 40, 12  # words that belong to each
FUNCTION, SUBJECT, OWN, BURST, NUMBER = 0.38, 0.1, 0.06, 0.08, 0.05  # share of a text's words; the rest is common
PAGES = (22.0, 1.15)  # of a document: median, and deviation of the logarithm
MOST_PAGES = 600
PAGE_WORDS = (330.0, 0.6)  # the same of a page's words
PASSAGE, WINDOW = 62, 90  # words of a passage, on average, and of one vector
FIGURES, TABLES = 0.64, 0.25  # a page
SYLLABLES = ["ba", "be", "bi", "bo", "bra", "ca", "ce", "cla", "co", "da", "de", "di", "do", "dra", "el", "en", "er", "fa", "fe", "fi", "flo", "ga", "ge", "gra", "ha", "he", "hi", "ho", "in", "ir", "ja", "jo", "ka", "ke", "la", "le", "li", "lo", "ma", "me", "mi", "mo", "na", "ne", "ni", "no", "o", "pa", "pe", "pi", "pla", "po", "pre", "ra", "re", "ri", "ro", "sa", "se", "si", "so", "sta", "ta", "te", "ti", "to", "tra", "u", "va", "ve", "vi", "vo", "wa", "we", "wi", "za"]  # fmt: skip  # noqa: E501
BOX = BBox(72.0, 72.0, 540.0, 720.0)

Words = list[str]


class SpaceOfVectors(NamedTuple):
    """Columns of one sentence encoder: length of the mean vector, and mean square distance of vectors to it."""

    start: int
    stop: int
    mean: float
    spread: float


SPACES = (SpaceOfVectors(0, 384, 0.895, 0.199), SpaceOfVectors(384, 768, 0.322, 0.896))
"""multilingual-e5-small and all-MiniLM-L6-v2."""
PICTURE = slice(768, 1609)
DIM = 1609
SHARES = {"subject": 0.1, "document": 0.13, "page": 0.26, "passage": 0.51}  # of the spread
ASKED = 0.5  # how much of a passage's own direction is in the vector of a question for it
FALL = 0.75  # exponent by which the spread falls from one direction to the next


class MadeQuestion(NamedTuple):
    """``vector`` (DIM,) stands for what the encoders would make of ``text``; ``page`` holds the passage."""

    text: str
    doc: str
    page: int
    vector: Float32Array


@dataclass(frozen=True)
class MadeDocument:
    """A document, its vectors, and a question for some of its passages."""

    document: Document
    nodes: list[Node]
    questions: list[MadeQuestion]


@dataclass(frozen=True)
class Language:
    """``common`` are content words, the most frequent first."""

    name: str
    function: Sequence[str]
    common: Sequence[str]
    chances: NDArray[np.float64] = field(repr=False)

    @classmethod
    def made(cls, name: str, seed: int) -> Language:
        """From syllables."""
        rng = np.random.default_rng([seed, *name.encode()])
        found: dict[str, None] = {}
        while len(found) < VOCABULARY:
            sizes = rng.integers(2, 5, VOCABULARY)
            picked = rng.integers(0, len(SYLLABLES), (VOCABULARY, 4))
            for size, row in zip(sizes.tolist(), picked.tolist(), strict=True):
                word = "".join(SYLLABLES[i] for i in row[:size]) + ENDINGS[name]
                if stem(word, name) == word:
                    found[word] = None
        every = sorted(QUESTION_STOP_WORDS) if name == "en" else WORDS[name].split()
        function = [word for word in every if word.isascii() and stem(word, name) == word]
        weights = 1.0 / (np.arange(VOCABULARY) + 8.0) ** 1.05
        return cls(name, function, list(found)[:VOCABULARY], np.cumsum(weights / weights.sum()))

    def words(self, rng: np.random.Generator, count: int) -> Words:
        """Drawn from the common ones by their frequency."""
        return [self.common[i] for i in np.searchsorted(self.chances, rng.random(count)).tolist()]

    def rare(self, rng: np.random.Generator, count: int) -> Words:
        """Drawn from those that are not frequent."""
        return [self.common[i] for i in rng.integers(200, VOCABULARY, count).tolist()]


class Library:
    """``seed`` decides everything."""

    def __init__(self, seed: int = 1) -> None:
        self.seed = seed

    @cached_property
    def languages(self) -> dict[str, Language]:
        """By name."""
        return {name: Language.made(name, self.seed) for name in LANGUAGES}

    @cached_property
    def turns(self) -> list[Float32Array]:
        """(d, d) per space: directions in which vectors differ, each as long as they differ in it."""
        found = []
        for number, space in enumerate(SPACES):
            size = space.stop - space.start
            rng = np.random.default_rng([self.seed, 7, number])
            directions, _ = np.linalg.qr(rng.standard_normal((size, size)))
            falling = (np.arange(size) + 1.0) ** -FALL
            lengths = np.sqrt(falling / falling.sum() * space.spread)
            found.append((lengths[:, None] * directions.T).astype(np.float32))
        return found

    def documents(self, pages: int) -> Iterator[MadeDocument]:
        """So many that they have at least so many pages."""
        made, number = 0, 0
        while made < pages:
            document = self.document(number)
            made += len(document.document.pages)
            number += 1
            yield document

    def document(self, number: int) -> MadeDocument:
        """The document with this number, from 0."""
        rng = np.random.default_rng([self.seed, 3, number])
        language = self.languages[str(rng.choice(list(LANGUAGES), p=list(LANGUAGES.values())))]
        count = int(np.clip(rng.lognormal(np.log(PAGES[0]), PAGES[1]), 1, MOST_PAGES))
        subject = int(rng.integers(SUBJECTS))
        doc_id = hashlib.sha256(f"{self.seed} {number}".encode()).hexdigest()
        writer = _Writer(rng, language, self._subject_words(language, subject), number)
        pages, chunks = [], list[Chunk]()
        for page in range(1, count + 1):
            pages.append(Page(page, 612.0, 792.0, 0, None, str(page)))
            chunks += writer.page(doc_id, page)
        title = " ".join(writer.own[:4])
        document = Document(doc_id, f"{title.replace(' ', '_')}.pdf", title, tuple(pages), (), tuple(chunks))
        nodes, questions = self._vectors(rng, document, subject, writer)
        return MadeDocument(document, nodes, questions)

    def _subject_words(self, language: Language, subject: int) -> Words:
        return language.rare(np.random.default_rng([self.seed, 5, subject]), OF_SUBJECT)

    def _latent(self, seed: Sequence[int]) -> list[Float32Array]:
        rng = np.random.default_rng([self.seed, *seed])
        return [rng.standard_normal(space.stop - space.start).astype(np.float32) for space in SPACES]

    def _vectors(
        self, rng: np.random.Generator, document: Document, subject: int, writer: _Writer
    ) -> tuple[list[Node], list[MadeQuestion]]:
        texts = [
            (chunk, window)
            for chunk in document.chunks
            if chunk.kind != "page"
            for window in range(-(-len(chunk.text.split()) // WINDOW))
        ]
        about = self._latent([11, subject])
        page_of = np.array([chunk.page - 1 for chunk, _ in texts], dtype=np.intp)
        rows = np.zeros((len(texts), DIM), dtype=np.float32)
        asked = np.flatnonzero(rng.random(len(texts)) < 0.02)
        asking = np.zeros((len(asked), DIM), dtype=np.float32)
        for number, space in enumerate(SPACES):
            size, columns = space.stop - space.start, slice(space.start, space.stop)
            shares = {name: np.float32(np.sqrt(share)) for name, share in SHARES.items()}
            own = rng.standard_normal(size, dtype=np.float32)
            pages = rng.standard_normal((len(document.pages), size), dtype=np.float32)
            latent = about[number] * shares["subject"] + own * shares["document"] + pages[page_of] * shares["page"]
            latent = latent + rng.standard_normal((len(texts), size), dtype=np.float32) * shares["passage"]
            other = rng.standard_normal((len(asked), size), dtype=np.float32)
            wanted = latent[asked] * ASKED + other * np.float32(np.sqrt(1 - ASKED**2))
            mean = np.zeros(size, dtype=np.float32)
            mean[:] = np.random.default_rng([self.seed, 13, number]).standard_normal(size)
            mean *= space.mean / np.linalg.norm(mean)
            rows[:, columns] = _units(latent @ self.turns[number] + mean) / np.sqrt(len(SPACES))
            asking[:, columns] = _units(wanted @ self.turns[number] + mean) / np.sqrt(len(SPACES))
        nodes = [Node(chunk.id, "text", row, i) for (chunk, i), row in zip(texts, rows, strict=True)]
        for (chunk, window), row in zip(texts, rows, strict=True):
            if chunk.kind in ("figure", "table") and window == 0:
                seen = row.copy()
                seen[PICTURE] = _units(rng.standard_normal((1, DIM - PICTURE.start), dtype=np.float32))[0]
                nodes.append(Node(chunk.id, "image", seen))
        questions = [
            MadeQuestion(writer.question(texts[i][0].text), document.id, texts[i][0].page, vector)
            for i, vector in zip(asked.tolist(), asking, strict=True)
        ]
        return nodes, questions


@dataclass
class _Writer:
    """Writes the texts of one document."""

    rng: np.random.Generator
    language: Language
    subject: Words
    number: int

    def __post_init__(self) -> None:
        self.own = [f"{word}{'xq'[i % 2]}{self.number}" if i % 4 == 3 else word for i, word in enumerate(self._own())]

    def _own(self) -> Words:
        return self.language.rare(self.rng, OF_DOCUMENT)

    def page(self, doc: str, page: int) -> list[Chunk]:
        """The page's own chunk, then its passages, tables and figures."""
        length = max(20, int(self.rng.lognormal(np.log(PAGE_WORDS[0]), PAGE_WORDS[1])))
        burst = [self.subject[i] for i in self.rng.integers(0, OF_SUBJECT, OF_PAGE // 2)]
        burst += self.language.rare(self.rng, OF_PAGE - len(burst))
        words = self.text(length, burst)
        heading = " ".join(words[:4])
        chunks, start = list[Chunk](), 0
        while start < length:
            size = max(8, int(self.rng.normal(PASSAGE, 25)))
            chunks.append(_chunk(doc, page, "text", words[start : start + size], len(chunks), heading=heading))
            start += size
        for kind, often, size in (("figure", FIGURES, 9), ("table", TABLES, 60)):
            for _ in range(int(self.rng.poisson(often))):
                inside = self.text(size, burst)
                caption = f"{kind} {page}.{len(chunks)} " + " ".join(self.text(9, burst))
                chunks.append(_chunk(doc, page, kind, inside, len(chunks), caption, heading))  # type: ignore[arg-type]
                words += [*caption.split(), *inside]
        return [_chunk(doc, page, "page", words, len(chunks)), *chunks]

    def text(self, count: int, burst: Words) -> Words:
        """So many words; a sentence ends after some twelve."""
        rng = self.rng
        words = self.language.words(rng, count)
        edges = np.cumsum([FUNCTION, SUBJECT, OWN, BURST, NUMBER])
        which = np.searchsorted(edges, rng.random(count))
        seldom = rng.integers(0, 1 << 30, count)
        often = np.minimum(rng.zipf(1.5, count) - 1, OF_DOCUMENT - 1).tolist()
        function, picks = self.language.function, seldom.tolist()
        for i in np.flatnonzero(which < len(edges)).tolist():
            kind, pick = int(which[i]), picks[i]
            if kind == 0:
                words[i] = function[pick % len(function)]
            elif kind == 1:
                words[i] = self.subject[min(pick % OF_SUBJECT, pick // OF_SUBJECT % OF_SUBJECT)]
            elif kind == 2:
                words[i] = self.own[often[i]]
            elif kind == 3:
                words[i] = burst[pick % OF_PAGE]
            else:
                words[i] = str(pick % 3000 if pick % 3 else pick % 100_000 / 10)
        for i in range(11, count, 12):
            words[i] += "."
        return words

    def question(self, passage: str) -> str:
        """Some words of a passage, in their order, with words of asking between."""
        words = [word.rstrip(".") for word in passage.split()]
        content = [word for word in words if word not in set(self.language.function)]
        chosen = sorted(self.rng.permutation(len(content))[: int(self.rng.integers(3, 8))].tolist())
        start = {"en": "What is the", "de": "Was ist die", "fr": "Quelle est la"}[self.language.name]
        between = {"en": "of the", "de": "von der", "fr": "de la"}[self.language.name]
        picked = [content[i] for i in chosen]
        return f"{start} {' '.join(picked[:2])} {between} {' '.join(picked[2:])}?"


def _units(rows: Float32Array) -> Float32Array:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-9), dtype=np.float32)


def _chunk(
    doc: str, page: int, kind: ChunkKind, words: Words, number: int, caption: str = "", heading: str = ""
) -> Chunk:
    text = " ".join(words)
    name = hashlib.sha256(f"{doc} {page} {kind} {number}".encode()).hexdigest()[:24]
    top = 72.0 + 40.0 * (number % 16)
    box = BOX if kind == "page" else BBox(72.0, top, 540.0, top + 36.0)
    image = f"crops/{name}.jpg" if kind in ("figure", "table") else None
    return Chunk(name, doc, kind, text, (Region(page, box),), caption, heading, "", image)
