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

SHARED_WITHOUT_CODE = 0.8
"""The same where a code was read, and the passage does not have it: it speaks of another message."""

LEAST_SHARED = 2
"""Words that both must have, unless one is a code: any page has "page"."""

FEW_WORDS = 12
"""Words in a picture up to which they say what is asked about."""

_THE_PICTURE = re.compile(
    r"\b(?:picture|image|photo\w*|screenshots?|bild\w*|foto\w*|photos?|capture|imagen|immagine|imagem|afbeelding|obraz\w*|"
    r"zdjęci\w*|resim\w*|fotoğraf\w*)\b|[图圖]片|照片|截图|画像|写真",
    re.IGNORECASE,
)
_SHOWN = re.compile(  # what is seen on a display, a plate, a part: its name alone says nothing of what it is
    r"\b(?:codes?|messages?|numbers?|errors?|faults?|alarms?|warnings?|symbols?|signs?|icons?|lights?|lamps?|leds?|"
    r"displays?|screens?|labels?|parts?|buttons?|fehler\w*|meldung\w*|störung\w*|warnung\w*|symbole?|zeichen|anzeige|"
    r"leuchte|lampe|teil|bauteil|taste|knopf|erreurs?|pannes?|défauts?|alarmes?|symboles?|voyants?|pièces?|boutons?|"
    r"affichage|errores|códigos?|mensajes?|avería|fallos?|símbolos?|pilotos?|pieza|botón|pantalla|errore|codice|"
    r"messaggio|guasto|spia|pezzo|fout\w*|melding|storing|symbool|onderdeel|lampje|knop|erros?|mensagem|peça|botão|"
    r"błąd|błędu|kod|komunikat|usterka|część|hata|kodu|mesajı?|arıza|simge|parça)\b"
    r"|错误|故障|代码|信息|消息|符号|图标|指示灯|部件|按钮|エラー|コード|表示|記号|ランプ|部品",
    re.IGNORECASE,
)
_THIS = re.compile(  # stands right before it
    r"(?:\b(?:this|that|these|those|diese[rsmn]?|jene[rs]?|ce|cet|cette|ces|est[eao]s?|es[eao]s?|quest[oaie]|quell[oaie]|"
    r"deze|dit|die|dat|ess[ea]s?|ten|ta|te|tego|tej|bu|şu)|这个|这种|该|この|その) ?$",
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
    I fix this?", "What does this error mean?", "What is number 7?" and "What does the picture show?" cannot."""
    if not asked_terms(question) or _THE_PICTURE.search(question):
        return False
    return not labels_asked(question).keys and not leans(question) and not _asks_of_what_is_seen(question)


def _asks_of_what_is_seen(question: str) -> bool:
    """Whether it points at something that a picture shows ("this error"), or names nothing else and no code."""
    if codes(question):
        return False
    named = list(_SHOWN.finditer(question))
    pointed = any(_THIS.search(question[: name.start()]) for name in named)
    return pointed or (bool(named) and not asked_terms(_SHOWN.sub(" ", question)))


def _says(piece: Evidence, read: frozenset[str], named: frozenset[str]) -> bool:
    text = f"{piece.chunk.caption}\n{piece.text}"
    shared = read.intersection(content_terms(text))
    same_code = bool(named.intersection(codes(text)))
    enough = len(shared) >= LEAST_SHARED or same_code
    return enough and len(shared) >= (SHARED_WITHOUT_CODE if named and not same_code else SHARED) * len(read)


def with_words(question: str, shown: Evidence, words: str) -> str:
    """A question that asks of a picture of a message or a row, with the few words in it: "How do I fix this? (E4 Tank
    full)"; of a drawing, or a page full of words, as it is."""
    few = shown.chunk.kind != "figure" and 0 < len(content_terms(words)) <= FEW_WORDS
    return f"{question} ({' '.join(words.split())})" if few else question
