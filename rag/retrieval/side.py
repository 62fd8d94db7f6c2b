"""A side of a query, its words or its picture: understood, embedded, and what each search channel finds for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import Literal

import numpy as np

from rag.retrieval import picture_channel
from rag.retrieval.channels import by_meaning, by_vector, by_words
from rag.retrieval.image.locate import LocatedImage
from rag.retrieval.knowledge import Knowledge, look_up, respelt
from rag.retrieval.query import ParsedQuestion, parse_question
from rag.retrieval.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Side:
    """``pages`` are keys by full text, best first; ``words`` and ``pictures`` are scores of chunk ids by the vector
    channels, ``words`` by the names of the sentence encoders, ``whole`` of whole pages by their words.
    ``lifts`` says how much pictures found by words are lifted (:mod:`rag.retrieval.picture_channel`);
    ``picture_weight`` is that of ``pictures`` where pages are proposed, beside 1 of the other channels.
    """

    name: Literal["question", "picture"]
    question: ParsedQuestion
    knowledge: Knowledge
    pages: Sequence[int]
    words: Mapping[str, Mapping[str, float]]
    pictures: Mapping[str, float]
    whole: Mapping[str, float] = field(default_factory=dict)
    lifts: Mapping[str, float] = field(default_factory=dict)
    picture_weight: float = 1.0

    @property
    def vector_channels(self) -> dict[str, Mapping[str, float]]:
        """Scores of chunk ids by the vector channels, by their names."""
        across = "text to image" if self.name == "question" else "image to image"
        return {self.channel("words"): together(list(self.words.values())), across: self.pictures}

    def channel(self, name: str) -> str:
        """What a channel is called that both sides have."""
        return name if self.name == "question" else f"picture's {name}"


def together(channels: Sequence[Mapping[str, float]]) -> Mapping[str, float]:
    """The mean score of every chunk; where a channel did not find it, its least one stands in."""
    if len(channels) == 1:
        return channels[0]
    chunks = dict.fromkeys(chain.from_iterable(channels))
    total = np.zeros(len(chunks))
    for scores in channels:
        least = min(scores.values(), default=0.0)
        total += np.fromiter(map(scores.get, chunks, repeat(least)), dtype=np.float64, count=len(chunks))
    return dict(zip(chunks, (total / len(channels)).tolist(), strict=True))


def question_side(snap: Snapshot) -> Side:
    """The query's words, misspelt ones corrected. Without full text only the pages and kinds asked for count.

    They are embedded in a thread of its own meanwhile: both spend most of their time outside Python.
    """
    encoder, text = snap.encoder, snap.query.text.strip()
    with ThreadPoolExecutor(1, "embed") as beside:
        embedded = beside.submit(encoder.embed_texts, [text], query=True)
        question, knowledge, pages = _by_its_words(snap)
        vector = embedded.result()[0]
    by_kind = picture_channel.by_kind(snap, vector)
    meant = by_meaning(snap, vector, question.reading_language)
    found = sorted(chain.from_iterable(scores.items() for scores in by_kind.values()), key=lambda entry: -entry[1])
    return Side(
        name="question",
        question=question,
        knowledge=knowledge,
        pages=pages,
        words=meant.parts,
        whole=meant.pages,
        pictures=dict(found) or by_vector(snap, vector, "text to image"),
        lifts=picture_channel.lifts(snap, by_kind),
        picture_weight=picture_channel.weight(snap),
    )


def _by_its_words(snap: Snapshot) -> tuple[ParsedQuestion, Knowledge, list[int]]:
    question = parse_question(snap.query.text, snap.languages)
    if "full text" in snap.query.without:
        question = ParsedQuestion(
            (),
            (),
            pages=question.pages,
            wants=question.wants,
            language=question.language,
            reading_language=question.reading_language,
        )
    else:
        question = respelt(snap.text, question, snap.there)
    return question, look_up(snap.text, question, snap.where), by_words(snap, question)


def picture_side(snap: Snapshot, located: LocatedImage) -> Side:
    """The query's picture: the words in it, and the pictures like it."""
    vector = snap.encoder.embed_texts([located.words.text], query=True)[0]
    return Side(
        name="picture",
        question=located.question,
        knowledge=look_up(snap.text, located.question, snap.where),
        pages=located.pages if located.pages is not None else by_words(snap, located.question),
        words=by_meaning(snap, vector, located.question.reading_language).parts,
        pictures=located.similar,
    )
