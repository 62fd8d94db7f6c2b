"""The answerer without a model: the sentences, table rows and figures of the evidence that answer a question best.

It quotes: it neither combines nor computes. A passage is scored by the share of the question's words in it, rare words
counting more (inverse document frequency over the evidence's passages); a word that it never uses counts most, so a
question about something else is refused.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.answering.citations import REFUSAL
from rag.answering.fact_check import has_number, numbers
from rag.answering.label_rows import label_rows
from rag.answering.quotations import Passage, asked_terms, codes, passages_of, without_codes
from rag.answering.quoted_text import quoted, shown_by
from rag.text.function_words import language_of
from rag.types import Evidence

MOST_QUOTES = 3
"""Passages quoted in one answer."""

CLOSE_SECOND = 0.87
"""Share of the best passage's score that a further passage needs."""

BESIDE_FIGURE = 0.7
"""The same for the best sentence or row beside nothing but figures, which are named but cannot be read out."""

LEAST_PASSAGE = 0.2
"""Share of the question's weight that the best passage, with headings and caption, must contain for an answer."""

LEAST_PIECE = 0.3
"""Share of it that the whole piece of evidence must contain.

Both measured on 304 hard questions (2026-11-21): 44 of 72 that the documents do not answer are refused, and 86 of 232
that they do; with 0.3 and 0.5 it is 62 and 160. No lexical measure tried tells the two kinds apart better."""

DIRECT_PASSAGE = 0.3
"""Share from which the best passage answers directly; below, the answer opens with :data:`CLOSEST`."""

DIRECT_PIECE = 0.5
"""The same of its whole piece."""

CLOSEST = "No passage answers this directly. The closest ones:"

CONTEXT = 0.6
"""Worth of a word found in a passage's heading, caption or column names instead of its own text."""

IN_NAME = 0.8
"""Worth of a word in the name of the document: nearly as much as in the passage, so that the title wins little."""

EXACT = 1.5
"""Weight of codes and numbers against other words as rare: they are not paraphrased."""

LEAST_COMMON = 4
"""Characters that two words must share at their beginning or end to be akin."""

COMMON_SHARE = 0.7
"""Share of the shorter word's characters that inflected words must have in common at their beginning."""

LEAST_CODE = 4
"""Characters from which a code may stand for a longer one that begins with it: FX-300 for FX-300-A."""

MOST_COMPARED = 4
"""Documents quoted beside each other."""

REPEATS = 0.7
"""Share of a passage's terms in one that is quoted already, from which it would only repeat it."""

# Added to a passage's score, of which the share of the question's words is at most 1:
PAIRS = 0.15  # neighbouring words of the question stand side by side
FIRST = 0.08  # it stands in the first piece of evidence; in each further one less
AMOUNT = 0.1  # it has a number where an amount is asked for
QUANTITIES = 0.15  # it has the question's measured numbers
TABLE = 0.05  # it is a row where a table is asked for
CODE = 0.1  # it has another code where the question asks which
# Taken off:
NO_PICTURE = 0.1  # a figure where none is asked for
SAYS_NOTHING = 0.3  # it only repeats the question or the document's name

_AMOUNT = re.compile(r"\bhow (?:many|much|long|often|high|far|old|large)\b|\bpercent|\bnumber of\b|\bwhen\b", re.I)
_COUNT = re.compile(r"\bhow (?:many|much)\b|\bcosts?\b|\bprices?\b|\bpa(?:y|id)\b|\bpercent", re.I)
_PLACE = re.compile(r"\b(?:page|slide|p\.|figure|fig\.?|table|chart|section|step|chapter|top|first|last)\s*\d+", re.I)
_PERIOD = re.compile(r"\b(?:FY|CY|H[12]|Q[1-4])(?=\s?\d)", re.I)
_PICTURE_WORDS = re.compile(
    r"\b(?:figure|picture|image|photo|diagram|drawing|chart|graph|plot|map|logo|illustration)s?\b", re.I
)
_WHICH = re.compile(
    r"\b(?:which|what (?:kind|type|size|model|part)|part number|order number|welche[nrs]?|quel(?:le)?s?|qué|cuál|quale|"
    r"welke?|który|które|która|qual|hangi)\b",
    re.I,
)
_COMPARES = re.compile(
    r"\b(?:compar\w*|differ\w*|versus|vs|vergleich\w*|unterschied\w*|différen\w*|diferenci\w*|confront\w*|verschil\w*|"
    r"porówna\w*|różni\w*|karşılaştır\w*)\b",
    re.I,
)
_TABLE_WORDS = re.compile(r"\btables?\b", re.I)


def quote_answer(question: str, evidence: Sequence[Evidence], pictured: bool = False) -> str:
    """A few quotations with markers, or :data:`~rag.answering.citations.REFUSAL`.

    ``pictured`` says that a picture came with the question.
    """
    passages = [p for e in evidence for p in passages_of(e)]
    if _COUNT.search(question):
        passages = [p for p in passages if p.kind == "figure" or has_number(p.text)]
    question = _PERIOD.sub(" ", question)
    rows = label_rows(question, passages)
    quotes, direct = (rows, True) if rows else _chosen(question, passages)
    lines = []
    if pictured and evidence:
        lines = [shown_by(next((e for e in evidence if e.pictured), evidence[0]))]
        quotes = [p for p in quotes if p.kind != "figure" or p.evidence is not evidence[0]]
    lines += [quoted(p, question) for p in quotes]
    if not lines:
        return REFUSAL
    if not direct:
        return "\n".join([CLOSEST, "", *(f"- {line}" for line in lines)])
    return lines[0] if len(lines) == 1 else "\n".join(f"- {line}" for line in lines)


def _chosen(question: str, passages: Sequence[Passage]) -> tuple[list[Passage], bool]:
    """The passages to quote, best first, and whether they answer directly. Where documents are compared, the best of
    each; where one is named by its type ("the PX-500"), its own where they answer."""
    documents: dict[str, list[Passage]] = {}
    for passage in passages:
        documents.setdefault(passage.evidence.chunk.doc, []).append(passage)
    named = _named(question, documents)
    asked = [doc for doc in documents if named[doc]]
    if len(asked) < 2 and _COMPARES.search(question):
        asked = list(documents)
    if len(asked) > 1:
        others = {doc: frozenset[str]().union(*(named[o] for o in asked if o != doc)) for doc in asked}
        found = [_best(question, documents[doc], others[doc]) for doc in asked[:MOST_COMPARED]]
        quotes = [chosen[0] for chosen, _ in found if chosen]
        if len(quotes) > 1:
            return quotes, all(direct for chosen, direct in found if chosen)
    typed = [doc for doc in asked if any(any(c.isdigit() for c in term) for term in named[doc])]
    if len(asked) == len(typed) == 1 and len(documents) > 1:
        quotes, direct = _best(question, documents[typed[0]])
        if quotes:
            return quotes, direct
    return _best(question, passages)


def _named(question: str, documents: Mapping[str, Sequence[Passage]]) -> dict[str, frozenset[str]]:
    """For each document the terms of the question that it, and no other of them, is known by."""
    wanted = frozenset(asked_terms(question))
    names = {doc: held[0].known_by for doc, held in documents.items()}
    return {
        doc: (wanted & own) - frozenset[str]().union(*(other for o, other in names.items() if o != doc))
        for doc, own in names.items()
    }


def _best(
    question: str, passages: Sequence[Passage], left_out: frozenset[str] = frozenset()
) -> tuple[list[Passage], bool]:
    """The best passages without the terms ``left_out`` of the question, and whether they answer directly."""
    wanted = [term for term in asked_terms(question) if term not in left_out]
    if not wanted or not passages or _names_something_else(question, passages, left_out):
        return [], True
    sought = _sought(question, wanted, passages)
    scored = [(_score(p, question, sought), p) for p in passages]
    scored.sort(key=lambda pair: -pair[0])
    best, first = scored[0]
    best -= sought.given(first)
    own, piece = sought.share(first), sought.piece_share(first, passages)
    told = {term for term in codes(question) if term in sought.weights} - first.known_by
    exact = bool(told) and told <= first.own  # a code that is asked for stands there: other words need not
    if not exact and (own < LEAST_PASSAGE or piece < LEAST_PIECE):
        return [], True
    chosen: list[Passage] = []
    for score, passage in scored:
        if len(chosen) == MOST_QUOTES or score - sought.given(passage) < CLOSE_SECOND * best:
            break
        if exact and not told & passage.own:
            continue
        if all(len(passage.own & c.own) < REPEATS * max(1, len(passage.own)) for c in chosen):
            chosen.append(passage)
    if all(p.kind == "figure" for p in chosen):
        spoken = next(((s, p) for s, p in scored if p.kind != "figure"), None)
        if spoken and spoken[0] - sought.given(spoken[1]) >= BESIDE_FIGURE * best:
            chosen.append(spoken[1])
    return chosen, exact or (own >= DIRECT_PASSAGE and piece >= DIRECT_PIECE)


@dataclass(frozen=True, slots=True)
class _Sought:
    """What a question looks for: its terms with weights, and for terms that no passage has, those that hold them or
    that they hold ("Fehlercode": "code")."""

    weights: dict[str, float]
    akin: dict[str, frozenset[str]]

    def covered(self, passage: Passage) -> float:
        """The weight of the terms that a passage has; all passages of a document have those that it is known by."""
        found = ((w, self._presence(t, passage), t in passage.known_by) for t, w in self.weights.items())
        return sum(w * max(presence, IN_NAME if named else 0.0) for w, presence, named in found)

    def given(self, passage: Passage) -> float:
        """The share of the weight that every passage of the same document has by its name, 0 to 1."""
        return IN_NAME * sum(w for t, w in self.weights.items() if t in passage.known_by) / sum(self.weights.values())

    def share(self, passage: Passage) -> float:
        """How much of the weight of all terms a passage has, 0 to 1."""
        return sum(w * self._presence(t, passage) for t, w in self.weights.items()) / sum(self.weights.values())

    def piece_share(self, passage: Passage, passages: Sequence[Passage]) -> float:
        """The same of all that its piece of evidence says."""
        same = [p for p in passages if p.evidence.number == passage.evidence.number]
        found = (w for t, w in self.weights.items() if any(self._presence(t, p) for p in same))
        return sum(found) / sum(self.weights.values())

    def tells(self, passage: Passage) -> bool:
        """Whether a passage has any of the terms that do not merely name its document."""
        rest = [t for t in self.weights if t not in passage.known_by]
        return not rest or any(self._presence(t, passage) for t in rest)

    def _presence(self, term: str, passage: Passage) -> float:
        if term in passage.own:
            return 1.0
        around = passage.context | passage.known_by
        return CONTEXT if term in around or self.akin.get(term, frozenset()) & (passage.own | around) else 0.0


def _sought(question: str, wanted: Sequence[str], passages: Sequence[Passage]) -> _Sought:
    count = Counter(t for p in passages for t in p.own | p.context | p.known_by)
    weights = {
        t: math.log(1 + (len(passages) + 1) / (count[t] + 0.5)) * (EXACT if any(c.isdigit() for c in t) else 1.0)
        for t in wanted
    }
    inflected = language_of(question) != "en"  # other languages are not stemmed: a common beginning has to do
    akin = {t: frozenset(o for o in count if _akin(t, o, inflected)) for t in wanted if not count[t]}
    return _Sought(weights, akin)


def _akin(term: str, other: str, inflected: bool) -> bool:
    """Whether one of two words holds the other at its beginning or end: compounds, and codes with a further part."""
    short, long = sorted((term.rstrip("e"), other.rstrip("e")), key=len)
    if any(c.isdigit() for c in term):
        return len(short) >= LEAST_CODE and long.startswith(short) and not long[len(short) :][:1].isdigit()
    if len(short) >= LEAST_COMMON and (long.startswith(short) or long.endswith(short)):
        return True
    common = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return inflected and common > LEAST_COMMON and common >= COMMON_SHARE * len(short)


def _score(passage: Passage, question: str, sought: _Sought) -> float:
    wanted = list(sought.weights)
    score = sought.covered(passage) / sum(sought.weights.values())
    pairs = list(pairwise(wanted))
    score += PAIRS * sum(p in passage.pairs for p in pairs) / max(1, len(pairs))
    score += FIRST / passage.evidence.number
    if _AMOUNT.search(question) and numbers(passage.text):
        score += AMOUNT
    score += QUANTITIES * _same_quantities(question, passage.text)
    if passage.kind == "figure" and not _PICTURE_WORDS.search(question):
        score -= NO_PICTURE
    if passage.kind == "row" and _TABLE_WORDS.search(question):
        score += TABLE
    if _WHICH.search(question) and set(codes(passage.text)) - set(wanted) - passage.known_by:
        score += CODE
    if len(passage.own) < 3 and not passage.own - set(wanted):
        score -= SAYS_NOTHING  # a heading or label that only repeats the question
    elif not sought.tells(passage):
        score -= SAYS_NOTHING  # it says the name of the document, and nothing of what is asked of it
    return score


def _same_quantities(question: str, text: str) -> float:
    """The share of the question's measured numbers ("at 10 °C") that a passage has, sign and unit included."""
    asked = [n for n in numbers(question) if n.unit]
    there = numbers(text) if asked else []
    return sum(any(a.agrees(t) and a.negative == t.negative for t in there) for a in asked) / max(1, len(asked))


def _names_something_else(question: str, passages: Sequence[Passage], left_out: frozenset[str]) -> bool:
    """Whether the question names a code or a long number that no passage contains: "error E99", "in 2022"."""
    asked = _PLACE.sub(" ", question)
    there = frozenset[str]().union(*(p.own | p.context | p.known_by for p in passages))
    said = " ".join([*(p.text for p in passages), *there])
    squeezed = re.sub(r"[\W_]+", "", said).casefold()
    for code in codes(asked):
        long = len(code) >= LEAST_CODE and code in squeezed  # a short one may stand within another: E9 in E98
        if code not in left_out and code not in there and not long:
            return True
    years = [n for n in numbers(without_codes(asked)) if len(n.written) > 2]
    found = numbers(said) if years else []
    return any(not any(n.agrees(t) for t in found) for n in years)
