"""Questions that want to see a picture: "Show me the wiring diagram", "Hast du ein Bild der Rückseite?"."""

from __future__ import annotations

import re
from functools import lru_cache

from rag.answering.languages.data import LANGUAGES, language_data
from rag.answering.languages.wordings import plain
from rag.answering.questions.kinds import Kind, kinds_of

MOST_WORDS = 14
"""Words of such a question."""

OF_SOMETHING_ELSE: tuple[Kind, ...] = (
    "value",
    "count",
    "cause",
    "comparison",
    "definition",
    "which",
    "label",
    "summary",
)
"""Kinds of questions that ask for what a picture tells, and not for it."""

_PICTURE = re.compile(
    r"\b(?:figures?|pictures?|pics?|images?|photos?|photographs?|diagrams?|drawings?|sketch|schematics?|illustrations?|"
    r"exploded view|screenshots?|\w*(?:abbildung|bild|foto|zeichnung|skizze|schema|diagramm|schaltplan|anschlussplan|"
    r"verdrahtungsplan|grafik)|schema|dessin|croquis|figura|imagen|foto|dibujo|esquema|immagine|disegno|schema|"
    r"afbeelding|tekening|rysunek|obraz|zdjecie|schemat|figura|imagem|desenho|esquema|resi?m\w*|sekil|sekli|cizim\w*|"
    r"diyagram|semasi)\b|图|照片|図|写真|画像|イラスト"
)


@lru_cache(maxsize=256)
def asks_to_show(question: str, language: str) -> bool:
    """Whether a question wants a picture shown, and nothing told of it."""
    kinds = kinds_of(question, language)
    data = language_data(kinds.language if kinds.language in LANGUAGES else LANGUAGES[0])
    said = plain(question, data.code)
    if len(said.split()) > MOST_WORDS or kinds.wants(*OF_SOMETHING_ELSE):
        return False
    return bool(_PICTURE.search(said) and data.place("show").search(said))
