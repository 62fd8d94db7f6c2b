"""What a question looks for in passages: its terms with their weights, its as_written, codes, its measured numbers.

A term weighs more the fewer passages have it (inverse document frequency); codes and numbers weigh more than words as
rare, since nobody paraphrases them.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rag.answering.facts.fact_check import Number, numbers
from rag.answering.facts.units import MEASURES, repetitions
from rag.answering.languages.data import label_meanings
from rag.answering.passages.quotations import Passage, as_written, asked_terms, codes, signs, without_codes
from rag.encoders.known_words import is_known
from rag.text.function_words import language_of
from rag.text.passages import content_terms, wordset
from rag.text.spelling import SURE, meant_by

CONTEXT = 0.6
"""Worth of a word found in a passage's heading, caption or column names instead of its own text."""

EXACT = 1.5
"""Weight of codes and numbers against other words as rare."""

LEAST_COMMON = 4
"""Characters that two words must share at their beginning or end to be akin."""

COMMON_SHARE = 0.65
"""Share of the shorter word's characters that inflected words must have in common at their beginning."""

MUCH_SHARED = 0.6
"""Share of the most letters that a word has in common with a term which another akin to it must have, too."""

LEAST_CODE = 4
"""Characters from which a code may stand for a longer one that begins with it: FX-300 for FX-300-A."""

LEAST_YEAR = 3
"""Digits of a number without a unit that a question must find somewhere: years, numbers of types and orders."""

_PERIOD = re.compile(r"\b(?:(?:FY|CY|H[12]|Q[1-4])(?=\s?\d)|(?:FYE?|F|CY)[-\s]?(?=(?:19|20)\d\d\b))", re.I)
_VALUE = r"\d{1,4}(?:[.,]\d{1,3})?"
_RANGE = re.compile(rf"(?<![\d.,–-])({_VALUE})\s?[-–]\s?({_VALUE})(?![\d.,–-])")
_BETWEEN = re.compile(
    rf"(?<![\d.,])({_VALUE})\s?[^\W\d_]{{0,4}}\s?[<≤]\s?[^\W\d]\w{{0,8}}\s?[<≤]\s?({_VALUE})(?![\d.,]\d)"
)
_DAY = re.compile(r"(?<=\d),(?=(?:19|20)\d\d\b)")  # March 31,2003
_WHICH = re.compile(
    r"\b(?:which|what|welche[rsnm]?|quel(?:le)?s?|cuál(?:es)?|qué|qual[ei]?|quais|welke?|który|która|które|hangi)\s+([^\W\d_]{3,})",
    re.I,
)
_UP_TO = re.compile(r"\s*(?:-|–|to|and|or|bis|und|oder|à|et|ou|y|o|e|en|of)\s*", re.I)
_EXAMPLE = re.compile(
    r"\b(?:for example|for instance|e\.\s?g\.|such as|zum beispiel|z\.\s?b\.|wie etwa|par exemple|p\.\s?ex\.|"
    r"por ejemplo|p\.\s?ej\.|ad esempio|bijvoorbeeld|bijv\.|na przykład|np\.|por exemplo|örneğin)[^.?!。？]*"
    r"|(?:例如|たとえば)[^。？]*",
    re.I,
)
_PARTICLES = wordset(
    "ab an auf aus bei ein fest her hin los mit nach um vor weg zu zurück zusammen heraus herein hinein hinaus herunter"
)
_PLACE = re.compile(r"\b(?:page|slide|p\.|figure|fig\.?|table|chart|section|step|chapter|top|first|last)\s*\d+", re.I)


@dataclass(frozen=True, slots=True)
class Sought:
    """``weights`` of the terms of a question, and for terms that no passage has those that hold them or that they hold
    ("Fehlercode": "code"); for words of labels those that say the same ("highest": "maximum")."""

    question: str
    weights: dict[str, float]
    akin: dict[str, frozenset[str]]

    @property
    def total(self) -> float:
        """The weight of all terms; never 0."""
        return sum(self.weights.values()) or 1.0

    def has(self, term: str) -> bool:
        """Whether a term, or one akin to it, is asked for."""
        return term in self.weights or any(term in akin for akin in self.akin.values())

    def covered(self, passage: Passage) -> float:
        """The share of the weight, 0 to 1, that stands in a passage's own words."""
        return sum(w * self._own(t, passage) for t, w in self.weights.items()) / self.total

    def around(self, passage: Passage) -> float:
        """The same with its heading, caption and column names, and its document's name, which are worth less."""
        return sum(w * self._presence(t, passage) for t, w in self.weights.items()) / self.total

    def together(self, passages: Sequence[Passage]) -> float:
        """The share of the weight that any of several passages has, in or around it."""
        found = (w for t, w in self.weights.items() if any(self._presence(t, p) for p in passages))
        return sum(found) / self.total

    def tells(self, passage: Passage) -> bool:
        """Whether a passage has any of the terms that do not merely name its document."""
        rest = [t for t in self.weights if t not in passage.known_by]
        return not rest or any(self._presence(t, passage) for t in rest)

    def share(self, text: str) -> float:
        """The share of the weight that stands in a text, in these or akin words."""
        said = frozenset(content_terms(text))
        return sum(w for t, w in self.weights.items() if said & {t, *self.akin.get(t, ())}) / self.total

    def part(self, text: str) -> float:
        """The share of the terms, whatever they weigh, that stand in a text, in these or akin words."""
        said = frozenset(content_terms(text))
        return sum(bool(said & {t, *self.akin.get(t, ())}) for t in self.weights) / max(1, len(self.weights))

    def adds(self, passage: Passage, told: frozenset[str]) -> bool:
        """Whether a passage has a term that is asked for and is not among those told already."""
        return any(term in passage.own and term not in told for term in self.weights)

    def codes_of(self, passage: Passage) -> frozenset[str]:
        """The codes and signs that are asked for and do not merely name the passage's document."""
        named = (*codes(self.question), *signs(self.question))
        return frozenset(code for code in named if code in self.weights) - passage.known_by

    def _own(self, term: str, passage: Passage) -> float:
        if term in passage.own:
            return 1.0
        return CONTEXT if self.akin.get(term, frozenset()) & passage.own else 0.0

    def _presence(self, term: str, passage: Passage) -> float:
        if term in passage.own:
            return 1.0
        around = passage.context | passage.known_by
        return CONTEXT if term in around or self.akin.get(term, frozenset()) & (passage.own | around) else 0.0


def sought(
    question: str, passages: Sequence[Passage], left_out: frozenset[str] = frozenset(), language: str = ""
) -> Sought:
    """The terms of a question but those ``left_out``, weighed by the passages that it is compared with. ``language``:
    what it is asked in, where its function words are too few to tell."""
    plain = _PERIOD.sub(" ", question)
    count = Counter(t for p in passages for t in p.own | p.context | p.known_by)
    said = [t for n in repetitions(plain) for t in (f"{n}x", str(n)) if count[t]][:1]  # "four times" as "4x" or "4"
    wanted = [term for term in dict.fromkeys([*asked_terms(plain, language), *said]) if term not in left_out]
    wanted = _joined_verb(wanted, plain, count)
    inflected = language_of(plain) != "en"  # other languages are not stemmed: a common beginning has to do
    near = {t: akin_to(t, count, inflected) for t in wanted if not count[t]}
    wanted = list(dict.fromkeys(_meant(t, count) if not near.get(t, True) else t for t in wanted))
    exact = frozenset(signs(plain)) | {t for t in wanted if any(c.isdigit() for c in t)}
    weights = {t: math.log(1 + (len(passages) + 1) / (count[t] + 0.5)) * (EXACT if t in exact else 1.0) for t in wanted}
    akin = {t: near[t] for t in wanted if t in near}
    for term, same in _same_label(wanted, count).items():
        akin[term] = akin.get(term, frozenset()) | same
    return Sought(plain, weights, akin)


def _meant(term: str, there: Iterable[str]) -> str:
    """A term as it was meant, where it may be misspelt."""
    return term if is_known(term) else meant_by(term, there, SURE) or term


def asked_noun(question: str) -> frozenset[str]:
    """The term of the noun after "which" or "what", where one follows: of "Which part did they fit?" ``part``."""
    match = _WHICH.search(question)
    return frozenset(asked_terms(match[1], language_of(question))) if match else frozenset()


def same_quantities(question: str, text: str) -> float:
    """The share of the question's measured numbers ("at 10 °C") that a passage has, sign and unit included."""
    asked = [n for n in numbers(question) if n.unit]
    there = numbers(text) if asked else []
    return sum(any(a.agrees(t) and a.negative == t.negative for t in there) for a in asked) / max(1, len(asked))


def measures(quantities: Iterable[str], text: str) -> bool:
    """Whether a text has a number with a unit of one of the quantities: minutes where a time is asked for."""
    bases = frozenset[str]().union(*(MEASURES.get(name, frozenset()) for name in quantities))
    return bool(bases) and any(n.known is not None and n.known.base in bases for n in numbers(text))


def within_range(question: str, text: str, named: frozenset[str] = frozenset()) -> bool:
    """Whether a text has a range, "19 - 22", that a number of the question lies in; but one of those ``named`` by the
    terms of its heading, as that of a type, "the 24 V model"."""
    asked = [n for n in numbers(question) if len(n.values) == 1 and not n.scaled]
    asked = [n for n in asked if not named.intersection(content_terms(n.written))]
    ranges = ranges_in(text) if asked else []
    lone = [float(next(iter(n.values))) for n in asked] if ranges else []
    return any(low < value < high for low, high in ranges for value in lone)


def ranges_in(text: str) -> list[tuple[float, float]]:
    """The lower and upper ends of the ranges in a text: "19 - 22", "23,8 V < Vb < 24,4 V"."""
    found = (*_RANGE.findall(text), *_BETWEEN.findall(text))
    return [(float(low.replace(",", ".")), float(high.replace(",", "."))) for low, high in found]


def stand_nowhere(question: str, every: Callable[[], Sequence[Passage]]) -> list[str]:
    """The codes, years and numbers of types of a question that no passage holds, as written: "E99", "2022"; but those
    that it gives as an example of what is wanted.

    Amounts ("200,000", "330 million", "3000 to 4000 dollars") may stand there rounded, in a chart or in other units.
    ``every`` gives the passages; it is called where a question has any of them.
    """
    asked = _PLACE.sub(" ", _PERIOD.sub(" ", _DAY.sub(", ", _EXAMPLE.sub(" ", question))))
    named = list(codes(asked))
    rest = without_codes(asked)
    written = numbers(rest)
    years = [n for n, after in zip_longest(written, written[1:]) if _names(n) and not _measured(n, after, rest)]
    if not named and not years:
        return []
    passages = every()
    there = frozenset[str]().union(*(p.own | p.context | p.known_by for p in passages))
    said = " | ".join([*(p.text for p in passages), *sorted(there)])
    squeezed = re.sub(r"[\W_]+", "", said).casefold()
    lost = [
        c for c in named if c not in there and not (len(c) >= LEAST_CODE and c in squeezed) and not _parted(c, said)
    ]  # E9 stands in E98
    found = numbers(said) if years else []
    return [*(as_written(c, asked) for c in lost), *(n.written for n in years if not any(n.agrees(t) for t in found))]


def _parted(code: str, said: str) -> bool:
    """Whether a code stands in a text with signs between its letters and digits: DK4 as "DK. 4"."""
    parts = map(re.escape, re.findall(r"[^\W\d_]+|\d+", code))
    written = r"[\W_]{0,3}".join(parts)
    return re.search(rf"(?<![^\W_]){written}(?![^\W_])", said, re.IGNORECASE) is not None


def _names(number: Number) -> bool:
    """Whether a number can name something, as a year or a type does; an amount counts or measures."""
    return len(number.written) >= LEAST_YEAR and number.written.isdigit() and not (number.unit or number.scaled)


def _measured(number: Number, after: Number | None, text: str) -> bool:
    """Whether a number has the unit of the one after it: "3000 to 4000 dollars"."""
    return bool(after and after.unit and _UP_TO.fullmatch(text[number.end : after.at]))


def _joined_verb(wanted: list[str], question: str, count: Counter[str]) -> list[str]:
    """The terms with a German verb and its particle at the end of the question as one, where a passage has that: of
    "Wie lasse ich das Wasser ab?" ``ablass`` for "ablassen"."""
    words = question.rstrip(" ?!.").casefold().split()
    particle = words[-1] if words else ""
    if particle not in _PARTICLES or language_of(question) != "de":
        return wanted
    for term in wanted:
        joined = f"{particle}{term}"
        if term != particle and any(_shared(joined, other, True) >= len(joined) - 2 for other in count):
            return [joined if t == term else t for t in wanted if t != particle]
    return wanted


def _same_label(wanted: Iterable[str], there: Iterable[str]) -> dict[str, frozenset[str]]:
    """For each term that says the most, the least or the default of a value the others that do, in any language."""
    asked = {term: meanings for term in wanted if (meanings := label_meanings(term))}
    said = {term: meanings for term in there if (meanings := label_meanings(term))} if asked else {}
    same = {term: frozenset(other for other, of in said.items() if of & meanings) for term, meanings in asked.items()}
    return {term: others for term, others in same.items() if others}


def akin_to(term: str, others: Iterable[str], inflected: bool) -> frozenset[str]:
    """The words akin to a term, with ``inflected`` those that begin alike, too; of which none has much less of it than
    another: of a "Verlängerungskabel" that is "Verlängerungen" rather than "Kabel"."""
    shared = {other: _shared(term, other, inflected) for other in others}
    most = max(shared.values(), default=0)
    return frozenset(other for other, letters in shared.items() if letters and letters >= MUCH_SHARED * most)


def _shared(term: str, other: str, inflected: bool) -> int:
    """The letters of one of two words that the other holds at its beginning or end, as in compounds and codes with a
    further part; 0 where they are too few."""
    short, long = sorted((term.rstrip("e"), other.rstrip("e")), key=len)
    if any(c.isdigit() for c in term):
        longer = len(short) >= LEAST_CODE and long.startswith(short) and not long[len(short) :][:1].isdigit()
        return len(short) if longer else 0
    if len(short) >= LEAST_COMMON and (long.startswith(short) or long.endswith(short)):
        return len(short)
    common = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return common if inflected and common >= LEAST_COMMON and common >= COMMON_SHARE * len(short) else 0
