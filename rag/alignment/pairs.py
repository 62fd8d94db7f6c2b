"""What belongs together in a library: pairs of texts, or of a picture and its words, that align an encoder.

Nobody has to write questions: a caption, a sentence that names a figure, a heading and a sentence taken out of its
passage (Lee et al. 2019, "inverse cloze task") stand for what people ask.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from ingestion.callouts.linking import mentioning_sentences
from ingestion.elements import Chunk
from rag.text.passages import sentences

How = Literal["caption", "mention", "heading", "sentence", "picture"]
LEAST_ASKED = 3  # words of what is asked
LEAST_TOLD = 5  # words of what is told
LEAST_SENTENCES = 3  # of a passage from which one is taken
SENTENCE_WORDS = range(5, 41)


class Pair(NamedTuple):
    """``asked`` belongs to ``told``, or to the picture at ``image`` (a path below the document's folder)."""

    how: How
    doc: str
    asked: str
    told: str = ""
    image: str = ""


def text_pairs(chunks: Iterable[Chunk], seed: int) -> Iterator[Pair]:
    """Caption ↔ contents, mention ↔ caption and contents, heading ↔ passage, sentence ↔ the rest of its passage."""
    chance, seen = random.Random(seed), set[tuple[str, str]]()
    for chunk in chunks:
        for pair in _figure(chunk) if chunk.kind in ("figure", "table") else _passage(chunk, chance):
            long_enough = len(pair.asked.split()) >= LEAST_ASKED and len(pair.told.split()) >= LEAST_TOLD
            if long_enough and (pair.doc, pair.asked) not in seen:  # a heading stands over many passages
                seen.add((pair.doc, pair.asked))
                yield pair


def picture_pairs(chunks: Iterable[Chunk]) -> Iterator[Pair]:
    """Caption, else mention or heading ↔ cut-out, of figures and tables."""
    for chunk in chunks:
        words = next((text for text in (chunk.caption, chunk.mentions, chunk.heading) if text.strip()), "")
        if chunk.kind in ("figure", "table") and chunk.image and len(words.split()) >= LEAST_ASKED:
            yield Pair("picture", chunk.doc, words, image=chunk.image)


def _figure(chunk: Chunk) -> Iterator[Pair]:
    yield Pair("caption", chunk.doc, chunk.caption, _joined(chunk.text, chunk.mentions, chunk.heading))
    first = next(iter(mentioning_sentences(chunk.mentions)), "")
    yield Pair("mention", chunk.doc, first, _joined(chunk.caption, chunk.text, chunk.heading))


def _passage(chunk: Chunk, chance: random.Random) -> Iterator[Pair]:
    if chunk.kind != "text":
        return
    yield Pair("heading", chunk.doc, chunk.heading, chunk.text)
    said = sentences(chunk.text)
    if len(said) >= LEAST_SENTENCES:
        asked = said.pop(chance.randrange(len(said)))
        if len(asked.split()) in SENTENCE_WORDS:
            yield Pair("sentence", chunk.doc, asked, _joined(chunk.heading, " ".join(said)))


def _joined(*texts: str) -> str:
    return "\n".join(text for text in texts if text.strip())
