"""Where prose names figures and tables: the sentences that say what one shows. Pure.

A sentence that names a figure often says more about it than its caption. Labels are read as in captions, in lists and
ranges too; numbers that repeat in a collection of articles mean the figure on the nearest page.

Example: "Figs. 3 and 4 show the pump." is a mention of Figure 3 and of Figure 4.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from ingestion.elements import Element
from ingestion.text.caption_labels import (
    AND,
    NUMBER,
    NUMBER_FIRST,
    PART,
    TO,
    WORD,
    WORDS,
    CaptionLabel,
    caption_labels,
    plain_number,
)
from ingestion.text.sentences import sentences

MAX_MENTIONS = 3  # sentences kept per figure or table
MAX_MENTION_CHARS = 320  # of one such sentence; a longer one is cut around the label
SCRAP_WORDS = 5  # a sentence of fewer words says nothing of the figure it names
MAX_RANGE = 12  # labels named by one range, at most: "Figures 3-40" is no range
PLURALS = (
    r"figures|figs|figg|figuren|abbildungen|tables|tabs|tableaux|tabellen|charts|graphs|exhibits|maps|plates|figuras|"
    r"tablas|tabelas|figurer|tabeller|diagrams|photos|images|рисунки|таблицы|boxes|listings|algorithms"
)
_MENTION = re.compile(
    rf"(?<![A-Za-zÀ-ʯͰ-ӿ])第?(?:(?P<plural>(?i:{PLURALS}))|(?i:{WORD}))\s?\.?\s*(?:(?i:no|nr|n°|№)\.?\s*)?"
    rf"(?P<numbers>{NUMBER}{PART}?(?:\s*(?:,\s*{AND}|{AND}|{TO}|,)\s*{NUMBER}{PART}?)*)"
)
_FIRST = re.compile(rf"\b(?P<number>\d+(?:\.\d+)?)\.\s(?P<word>(?i:{NUMBER_FIRST}))")
_STEP = re.compile(rf"(?P<join>,\s*{AND}|{AND}|{TO}|,)?\s*(?P<number>{NUMBER}){PART}?\s*")

Key = tuple[int, int]  # page, order


class _Mention(NamedTuple):
    """Sorts by how much it says about the figure: sentences before other captions and scraps, near pages first."""

    weak: bool
    distance: int  # pages
    place: int  # in reading order
    sentence: str


def find_mentions(elements: Iterable[Element]) -> dict[Key, str]:
    """Find the sentences that name each numbered figure or table: its (page, order) → the sentences, one per line."""
    items = list(elements)
    targets: dict[CaptionLabel, list[Element]] = defaultdict(list)
    for element in items:
        if element.kind in ("figure", "table"):
            for label in caption_labels(element.caption, classed=True):
                targets[label].append(element)
    found: dict[Key, list[_Mention]] = defaultdict(list)
    if not targets:
        return {}
    for place, (element, sentence) in enumerate(_sentences(items)):
        own = caption_labels(sentence, classed=True) if element.kind == "caption" else ()
        for label, start in labels_named(sentence, targets).items():
            target = _nearest(targets[label], element.region.page)
            if label not in own and sentence not in target.caption:
                distance = abs(target.region.page - element.region.page)
                weak = element.kind == "caption" or len(sentence.split()) < SCRAP_WORDS
                mention = _Mention(weak, distance, place, shorten(sentence, start))
                found[target.region.page, target.order].append(mention)
    return {key: "\n".join(_best(mentions)) for key, mentions in found.items()}


def _best(mentions: Sequence[_Mention]) -> list[str]:
    """The sentences that say most, in reading order."""
    kept: list[_Mention] = []
    for mention in sorted(mentions):
        known = any(mention.sentence in k.sentence or k.sentence in mention.sentence for k in kept)
        if not known and len(kept) < MAX_MENTIONS:
            kept.append(mention)
    return [m.sentence for m in sorted(kept, key=lambda m: (m.weak, m.place))]


def _nearest(targets: Sequence[Element], page: int) -> Element:
    """Numbers repeat in collections of articles: a mention means the nearest figure of that number."""
    return min(targets, key=lambda t: abs(t.region.page - page))


def _sentences(items: Sequence[Element]) -> Iterator[tuple[Element, str]]:
    """Sentences of prose, then of captions; one that is cut by a column or page break is joined."""
    prose = [e for e in items if e.kind in ("text", "list") and e.text]
    for i, element in enumerate(prose):
        parts = sentences(element.text)
        follows = prose[i + 1] if i + 1 < len(prose) else None
        if parts and follows is not None and _is_cut(parts[-1], follows):
            parts[-1] = f"{parts[-1]} {sentences(follows.text)[0]}"
        yield from ((element, part) for part in parts)
    yield from ((e, part) for e in items if e.kind == "caption" for part in sentences(e.text))


def _is_cut(sentence: str, follows: Element) -> bool:
    return sentence[-1:].isalnum() and follows.kind == "text" and follows.text[:1].islower()


def without_labels(sentence: str) -> str:
    """A sentence without the labels it names: "As shown in Figure 3 (b), it opens" → "As shown in, it opens"."""
    bare = _FIRST.sub(" ", _MENTION.sub(" ", sentence))
    closed = re.sub(
        r"[(\[（]\s*+(?:see|cf\.?|siehe|vgl\.?|voir|ver|vedi|zie)?[\s,;.&]*+[)\]）]", " ", bare, flags=re.IGNORECASE
    )
    return re.sub(r"\s+(?=[,.;:)\]])", "", " ".join(closed.split())).strip(" ,;:")


def shorten(sentence: str, start: int) -> str:
    """Cut a long sentence to :data:`MAX_MENTION_CHARS`, whole words around character ``start``."""
    if len(sentence) <= MAX_MENTION_CHARS:
        return sentence
    left = max(0, min(start - MAX_MENTION_CHARS // 2, len(sentence) - MAX_MENTION_CHARS))
    left = sentence.find(" ", left) + 1 if left else 0
    right = left + MAX_MENTION_CHARS - 2
    if right >= len(sentence):
        return f"… {sentence[left:]}"
    right = max(sentence.rfind(" ", left, right), left + 1)
    return f"{'… ' if left else ''}{sentence[left:right]} …"


def labels_named(text: str, known: Collection[CaptionLabel]) -> dict[CaptionLabel, int]:
    """Find the labels among ``known`` that prose names, and where: "Figs. 3 and 4", "Tables 8-9", "Figure 3(b)".

    "Figures 3-5" is a range unless a Figure 3-5 is known; "Figure 3b" means Figure 3 unless a 3b is known.
    """
    found: dict[CaptionLabel, int] = {}
    for match in _MENTION.finditer(text):
        series = _series(match["plural"]) if match["plural"] else next(s for s in WORDS if match[s])
        for number in _numbers(match["numbers"], bool(match["plural"]), series, known):
            label = _resolved(CaptionLabel(series, number), known)
            if label is not None:
                found.setdefault(label, match.start())
    for match in _FIRST.finditer(text):
        series = "table" if match["word"].lower() in ("táblázat", "lentelė", "tabula") else "figure"
        label = _resolved(CaptionLabel(series, plain_number(match["number"])), known)
        if label is not None:
            found.setdefault(label, match.start())
    return found


def _series(word: str) -> str:
    return next(s for s, words in WORDS.items() if re.fullmatch(words, word, re.IGNORECASE))


def _resolved(label: CaptionLabel, known: Collection[CaptionLabel]) -> CaptionLabel | None:
    whole = CaptionLabel(label.series, re.sub(r"(?<=\d)[A-Z]$", "", label.number))
    return next((candidate for candidate in (label, whole) if candidate in known), None)


def _numbers(text: str, plural: bool, series: str, known: Collection[CaptionLabel]) -> list[str]:
    """The numbers of a list. After a singular word only "and" goes on, since "Figure 3, 40 pumps" does not."""
    numbers: list[str] = []
    for step in _STEP.finditer(text):
        join, number = (step["join"] or "").strip(), plain_number(step["number"])
        if numbers and not plural and re.fullmatch(AND, join) is None:
            break
        if numbers and re.fullmatch(TO, join):
            numbers += _range(numbers[-1], number)[1:]
        elif plural and CaptionLabel(series, number) not in known and number.count("-") == 1:
            numbers += _range(*number.split("-"))
        else:
            numbers.append(number)
    return numbers


def _range(first: str, last: str) -> list[str]:
    """ "3", "5" → 3, 4, 5; also "2.1", "2.4"; both ends where it is no range."""
    low = re.sub(r".*?(\d*)$", r"\1", first)
    stem = first.removesuffix(low) if low else first
    high = last.removeprefix(stem)
    if low.isdigit() and high.isdigit() and 0 < int(high) - int(low) <= MAX_RANGE:
        return [f"{stem}{n}" for n in range(int(low), int(high) + 1)]
    return [first, last]
