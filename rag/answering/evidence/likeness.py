"""What is really like a question's picture, where the picture itself stands nowhere in the library.

Of a picture without words the likeness of its pixels says nothing: against the figures of the samples a grey gradient
scored .34 and noise .30, figures of these documents that were blurred and turned .04 to .35 (2026-11-29, ``builtin``).
What counts is what a person can check: passages with the words that were read in it, and pages on which it was laid and
nearly held.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answering.passages.quotations import asked_terms, codes
from rag.retrieval.callouts import labels_asked
from rag.retrieval.followup import leans
from rag.text.passages import content_terms
from rag.types import Evidence, PageId, SearchResult

SHARED = 0.5
"""Share of the words read in a picture from which a passage that has them is like it."""

LEAST_SHARED = 2
"""Words that both must have, unless one is a code: any page has "page"."""

FEW_WORDS = 12
"""Words in a picture up to which they say what is asked about."""

_THE_PICTURE = re.compile(
    r"\b(?:picture|image|photo\w*|screenshots?|bild\w*|foto\w*|photos?|capture|imagen|immagine|imagem|afbeelding|obraz\w*|"
    r"zdjęci\w*|resim\w*|fotoğraf\w*)\b|[图圖]片|照片|截图|画像|写真",
    re.IGNORECASE,
)


def like_picture(found: SearchResult, evidence: Sequence[Evidence]) -> Evidence | None:
    """The piece that the picture shows, else the first that is really like it; None where nothing is."""
    shown = next((piece for piece in evidence if piece.pictured), None)
    if shown is not None:
        return shown
    words = found.picture_text.text if found.picture_text else ""
    read, named = frozenset(content_terms(words)), frozenset(codes(words))
    placed = (p for p in evidence if PageId(p.chunk.doc, p.chunk.page) in found.may_show)
    return next(placed, None) or next((p for p in evidence if _says(p, read, named)), None)


def asks_by_itself(question: str) -> bool:
    """Whether a question with a picture that nobody knows can be answered without it: "What does E6 mean?" can, "How do
    I fix this?", "What is number 7?" and "What does the picture show?" cannot."""
    if not asked_terms(question) or _THE_PICTURE.search(question):
        return False
    return not labels_asked(question).keys and not leans(question)


def _says(piece: Evidence, read: frozenset[str], named: frozenset[str]) -> bool:
    text = f"{piece.chunk.caption}\n{piece.text}"
    shared = read.intersection(content_terms(text))
    enough = len(shared) >= LEAST_SHARED or bool(named.intersection(codes(text)))
    return enough and len(shared) >= SHARED * len(read)


def with_words(question: str, shown: Evidence, words: str) -> str:
    """A question that asks of a picture of a message or a row, with the few words in it: "How do I fix this? (E4 Tank
    full)"; of a drawing, or a page full of words, as it is."""
    few = shown.chunk.kind != "figure" and 0 < len(content_terms(words)) <= FEW_WORDS
    return f"{question} ({' '.join(words.split())})" if few else question
