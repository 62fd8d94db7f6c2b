"""Sentences taken apart into clauses, with the words, numbers, codes, names and negations of each."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache

from rag.answering.claims.wording import negations, scope
from rag.answering.facts.amounts import Number, amounts
from rag.answering.facts.fact_check import codes, names, squeezed
from rag.answering.facts.units import ARTICLES
from rag.text.function_words import content_terms_of_language
from rag.text.passages import wordset

_LIST_MARKER = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")
_BREAK = re.compile(
    r"[,;:]\s+|\s[–—-]\s|\s(?:and|but|while|whereas|when|if|because|or|und|aber|während|wenn|weil|oder|et|mais|tandis\s+que|"
    r"quand|si|ou|y|pero|mientras|o|e|ma|mentre|en|maar|terwijl)\s",
    re.IGNORECASE,
)
_WEAK_BREAK = re.compile(r"\s(?:or|oder|ou|o)\s", re.IGNORECASE)
LEAST_CLAUSE = 3
"""Meaningful words of what is a clause of its own; with a number, name or negation fewer."""
LEAST_STEM = 5
"""Letters that words must share at their beginning to be akin, and at least 0.6 of the longer one's."""
STEM_SHARE = 0.6
_SHORT = 3  # words of a clause that is too short to stand alone


@dataclass(frozen=True, slots=True)
class Fact:
    """A number, code or name of a clause."""

    kind: str
    written: str
    number: Number | None = None

    def is_said_by(self, other: Fact) -> bool:
        """Whether the other, in the evidence, says the same."""
        if self.number is not None:
            return other.number is not None and self.number.says(other.number)
        return self.kind == other.kind and squeezed(self.written) == squeezed(other.written)

    def rivals(self, other: Fact) -> bool:
        """Whether the other is of the same kind, but not the same."""
        if self.number is not None:
            if other.number is None or self.is_said_by(other):
                return False
            mine, yours = self.number.known, other.number.known
            if self.number.scaled and other.number.scaled and not (mine and yours):
                return True
            return (mine.base if mine else "") == (yours.base if yours else "")
        return self.kind == other.kind and squeezed(self.written) != squeezed(other.written)


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence. ``terms`` are its words without numbers and units; ``whole`` those of its sentence."""

    text: str
    terms: frozenset[str]
    whole: frozenset[str]
    facts: tuple[Fact, ...]
    negations: int
    negated: frozenset[str]
    sentence: int
    sentence_text: str = field(compare=False, default="")

    @property
    def numbers(self) -> tuple[Number, ...]:
        """The numbers among its facts."""
        return tuple(fact.number for fact in self.facts if fact.number is not None)

    @property
    def counted(self) -> tuple[Fact, ...]:
        """The numbers among its facts, as facts."""
        return tuple(fact for fact in self.facts if fact.number is not None)

    @property
    def short(self) -> bool:
        """Whether it has too few words to say something alone."""
        return len(self.terms) < _SHORT


def without_list_marker(sentence: str) -> str:
    """A sentence without the bullet or number of a list before it."""
    return _LIST_MARKER.sub("", sentence)


def clauses_of(sentence: str, language: str, index: int = 0) -> list[Clause]:
    """The clauses of a sentence: it is taken apart where what follows has words enough to stand alone."""
    whole = fits(sentence, language)
    pieces = _pieces(sentence, language)
    return [_clause(piece, whole, language, index, sentence) for piece in pieces]


def fits(text: str, language: str) -> frozenset[str]:
    """The words of a text that are compared: stems without numbers, their units and function words."""
    kept, at = "", 0
    for number in amounts(text):
        if number.at >= at:
            kept += text[at : number.at] + " "
            at = number.end
    return _terms(kept + text[at:], language)


_FOR_NOUNS = wordset("ones former latter respect")  # stand for a noun that was said before


@lru_cache(maxsize=4096)
def _terms(text: str, language: str) -> frozenset[str]:
    return frozenset(
        t
        for t in content_terms_of_language(text, language)
        if not (t.replace(".", "").isdigit() or t in ARTICLES or t in _FOR_NOUNS)
    )


def akin(terms: frozenset[str], others: Collection[str]) -> frozenset[str]:
    """Those of ``terms`` that are among the others, or begin like one of them."""
    starts: dict[str, list[str]] = {}
    for other in others:
        if len(other) >= LEAST_STEM:
            starts.setdefault(other[:LEAST_STEM], []).append(other)
    return frozenset(
        t for t in terms if t in others or any(_inflected(t, o) for o in starts.get(t[:LEAST_STEM], ()))
    )  # fmt: skip


def _inflected(one: str, other: str) -> bool:
    common = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one.isalpha() and other.isalpha() and common >= STEM_SHARE * max(len(one), len(other))


def _pieces(sentence: str, language: str) -> list[str]:
    found, start = [], 0
    for match in _BREAK.finditer(sentence):
        behind = _BREAK.search(sentence, match.end())
        rest = sentence[match.end() : behind.start() if behind else len(sentence)]
        if _stands_alone(sentence[start : match.start()], language, "") and _stands_alone(rest, language, match[0]):
            found.append(sentence[start : match.start()])
            start = match.end()
    return [*found, sentence[start:]]


def _stands_alone(text: str, language: str, joint: str) -> bool:
    facts = bool(_facts(text)) or bool(negations(text, language))
    if _WEAK_BREAK.fullmatch(joint):
        return facts
    return facts or len(fits(text, language)) >= LEAST_CLAUSE - (not joint)


def _facts(text: str) -> tuple[Fact, ...]:
    found = [Fact("number", n.written, n) for n in amounts(text)]
    found += [Fact("code", code) for code in codes(text)]
    return (*found, *(Fact("name", name) for name in names(text)))


def _clause(text: str, whole: frozenset[str], language: str, index: int, sentence: str) -> Clause:
    facts = _facts(text)
    negating = negations(text, language)
    about = fits(scope(text, language), language) or (fits(text, language) if negating else frozenset())
    return Clause(text, fits(text, language), whole, facts, len(negating), about, index, sentence)
