"""The answerer without a model: the sentences, table rows and figures of the evidence that answer a question best.

Enters: a question and numbered evidence. Leaves: a short text with ``[n]`` markers, or the refusal phrase.
Must not know: the index, settings, any model. It quotes: it neither combines nor computes.

A passage is scored by the share of the question's words in it, rare words counting more (inverse document frequency
over the evidence's passages); a word that it never uses counts most, so a question about something else is refused.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from rag.citations import REFUSAL
from rag.facts import codes, has_number, numbers, quantities
from rag.markers import without_brackets
from rag.types import Evidence
from rag.wording import sentences, tables, terms, without_tables

MOST_QUOTES = 3
CLOSE_SECOND = 0.87
"""Share of the best passage's score that a further passage needs."""

BESIDE_FIGURE = 0.7
"""The same for the best sentence or row beside nothing but figures, which are named but cannot be read out."""

LEAST_PASSAGE, LEAST_PIECE = 0.2, 0.3
"""Shares of the question's weight that the best passage (with headings and caption) and its whole piece must contain.
Measured on 304 hard questions (2026-11-21): 44 of 72 that the documents do not answer are refused, and 86 of 232 that
they do; with 0.3 and 0.5 it is 62 and 160. No lexical measure tried tells the two kinds apart better than that."""

DIRECT_PASSAGE, DIRECT_PIECE = 0.3, 0.5
"""The same for passages that answer directly; below, the answer opens with :data:`CLOSEST`."""

CLOSEST = "No passage answers this directly. The closest ones:"

CONTEXT = 0.6
"""Worth of a word found in a passage's heading, caption or column names instead of its own text."""

EXACT = 1.5
"""Weight of codes and numbers against other words as rare: they are not paraphrased."""

LONGEST = 300
"""Characters of one quotation."""

_AMOUNT = re.compile(r"\bhow (?:many|much|long|often|high|far|old|large)\b|\bpercent|\bnumber of\b|\bwhen\b", re.I)
_COUNT = re.compile(r"\bhow (?:many|much)\b|\bcosts?\b|\bprices?\b|\bpa(?:y|id)\b|\bpercent", re.I)
_LABEL = re.compile(
    r"^\s*((?:fig(?:ure)?|table|chart|diagram|photo|map|exhibit|abb(?:ildung)?)\.?\s*[A-Z]?[\d.:-]*\d[a-z]?)\b", re.I
)
_PLACE = re.compile(r"\b(?:page|slide|p\.|figure|fig\.?|table|chart|section|step|chapter|top|first|last)\s*\d+", re.I)
_PERIOD = re.compile(r"\b(?:FY|CY|H[12]|Q[1-4])(?=\s?\d)", re.I)
_PICTURE_WORDS = re.compile(
    r"\b(?:figure|picture|image|photo|diagram|drawing|chart|graph|plot|map|logo|illustration)s?\b", re.I
)
_TABLE_WORDS = re.compile(r"\btables?\b", re.I)


@dataclass(frozen=True, slots=True)
class _Passage:
    evidence: Evidence
    kind: Literal["sentence", "row", "figure"]
    text: str
    own: frozenset[str]
    context: frozenset[str]
    pairs: frozenset[tuple[str, str]]


def quote_answer(question: str, evidence: Sequence[Evidence], pictured: bool = False) -> str:
    """A few quotations with markers, or :data:`~rag.citations.REFUSAL`. ``pictured``: a picture came with it."""
    passages = [p for e in evidence for p in _passages(e)]
    if _COUNT.search(question):
        passages = [p for p in passages if p.kind == "figure" or has_number(p.text)]
    question = _PERIOD.sub(" ", question)
    quotes, direct = _best(question, passages)
    lines = []
    if pictured and evidence:
        lines = [_what_it_shows(next((e for e in evidence if e.pictured), evidence[0]))]
        quotes = [p for p in quotes if p.kind != "figure" or p.evidence is not evidence[0]]
    lines += [_said(p, question) for p in quotes]
    if not lines:
        return REFUSAL
    if not direct:
        return "\n".join([CLOSEST, "", *(f"- {line}" for line in lines)])
    return lines[0] if len(lines) == 1 else "\n".join(f"- {line}" for line in lines)


def _best(question: str, passages: Sequence[_Passage]) -> tuple[list[_Passage], bool]:
    """The passages to quote, best first, and whether they answer directly."""
    wanted = list(dict.fromkeys(terms(question)))
    if not wanted or not passages or _names_something_else(question, passages):
        return [], True
    weights = _weights(wanted, passages)
    total = sum(weights.values())
    scored = [(_score(p, question, wanted, weights), p) for p in passages]
    scored.sort(key=lambda pair: -pair[0])
    best, first = scored[0]
    own, piece = _covered(first, weights) / total, _piece_share(first.evidence, passages, weights)
    if own < LEAST_PASSAGE or piece < LEAST_PIECE:
        return [], True
    chosen: list[_Passage] = []
    for score, passage in scored:
        if len(chosen) == MOST_QUOTES or score < CLOSE_SECOND * best:
            break
        if all(len(passage.own & c.own) < 0.7 * max(1, len(passage.own)) for c in chosen):
            chosen.append(passage)
    if all(p.kind == "figure" for p in chosen):
        spoken = next(((s, p) for s, p in scored if p.kind != "figure"), None)
        chosen += [spoken[1]] if spoken and spoken[0] >= BESIDE_FIGURE * best else []
    return chosen, own >= DIRECT_PASSAGE and piece >= DIRECT_PIECE


def _weights(wanted: Sequence[str], passages: Sequence[_Passage]) -> dict[str, float]:
    count = Counter(t for p in passages for t in p.own | p.context)
    return {
        t: math.log(1 + (len(passages) + 1) / (count[t] + 0.5)) * (EXACT if any(c.isdigit() for c in t) else 1.0)
        for t in wanted
    }


def _covered(passage: _Passage, weights: dict[str, float]) -> float:
    return sum(w * (1.0 if t in passage.own else CONTEXT if t in passage.context else 0.0) for t, w in weights.items())


def _piece_share(evidence: Evidence, passages: Sequence[_Passage], weights: dict[str, float]) -> float:
    said = frozenset[str]().union(*(p.own | p.context for p in passages if p.evidence.number == evidence.number))
    return sum(w for t, w in weights.items() if t in said) / sum(weights.values())


def _score(passage: _Passage, question: str, wanted: Sequence[str], weights: dict[str, float]) -> float:
    score = _covered(passage, weights) / sum(weights.values())
    pairs = list(pairwise(wanted))
    score += 0.15 * sum(p in passage.pairs for p in pairs) / max(1, len(pairs))
    score += 0.08 / passage.evidence.number
    if _AMOUNT.search(question) and numbers(passage.text):
        score += 0.1
    score += 0.15 * _same_quantities(question, passage.text)
    if passage.kind == "figure" and not _PICTURE_WORDS.search(question):
        score -= 0.1
    if passage.kind == "row" and _TABLE_WORDS.search(question):
        score += 0.05
    if len(passage.own) < 3 and not passage.own - set(wanted):
        score -= 0.3  # a heading or label that only repeats the question
    return score


def _same_quantities(question: str, text: str) -> float:
    """The share of the question's measured numbers ("at 10 °C") that a passage has, sign and unit included."""
    asked = [n for n in numbers(question) if n.unit]
    there = numbers(text) if asked else []
    return sum(any(a.agrees(t) and a.negative == t.negative for t in there) for a in asked) / max(1, len(asked))


def _names_something_else(question: str, passages: Sequence[_Passage]) -> bool:
    """Whether the question names a code or a long number that no passage contains: "error E99", "in 2022"."""
    asked = _PLACE.sub(" ", question)
    said = " ".join([*(p.text for p in passages), *(t for p in passages for t in p.own | p.context)])
    squeezed = re.sub(r"[\W_]+", "", said).casefold()
    named = [re.sub(r"[\W_]+", "", code).casefold() for code in codes(asked) if any(c.isdigit() for c in code)]
    if any(name not in squeezed for name in named):
        return True
    long = [n for n in numbers(asked) if len(n.written) > 2]
    there = numbers(said) if long else []
    return any(not any(n.agrees(t) for t in there) for n in long)


def _passages(evidence: Evidence) -> list[_Passage]:
    chunk = evidence.chunk
    about = f"{chunk.heading} {chunk.caption} {evidence.doc_name.rsplit('.', 1)[0]}"
    found: list[_Passage] = []
    whole = chunk.text if chunk.kind == "table" and chunk.text else evidence.text
    for table in tables(whole):
        for row in table.rows or [table.header]:
            own = " ".join(row)
            found.append(_passage(evidence, "row", table.readable(row), own, f"{about} {' '.join(table.header)}"))
    if chunk.kind == "figure":
        said = " ".join(p for p in (chunk.caption, chunk.text, chunk.mentions) if p)
        found.append(_passage(evidence, "figure", chunk.caption, said, about))
        prose = chunk.mentions
    else:
        prose = without_tables(evidence.text)
    if chunk.caption:
        prose = prose.replace(chunk.caption, "\n\n")
    found += [_passage(evidence, "sentence", s, s, about) for s in sentences(prose)]
    return [p for p in found if p.own]


def _passage(
    evidence: Evidence, kind: Literal["sentence", "row", "figure"], text: str, own: str, context: str
) -> _Passage:
    spoken = terms(own)
    pairs = frozenset(pairwise(spoken))
    measured = terms(" ".join(sorted(quantities(own))))
    return _Passage(evidence, kind, text, frozenset([*spoken, *measured]), frozenset(terms(context)), pairs)


def _said(passage: _Passage, question: str) -> str:
    number, page = passage.evidence.number, passage.evidence.chunk.page
    words = _focused(without_brackets(" ".join(passage.text.split())), question)
    if passage.kind == "row":
        return f"From {_table_name(passage.evidence)} on page {page}: {words.rstrip('.')} [{number}]."
    if passage.kind == "figure":
        return _figure_line(passage.evidence)
    words = re.sub(r"^(?:[-*•·▪]|\d{1,2}[.)])\s+", "", words)
    ending = re.search(r"[.!?…:]+$", words)
    stop = ending[0] if ending else "."
    return f"{words.removesuffix(stop) if ending else words} [{number}]{stop if stop != ':' else '.'}"


def _table_name(evidence: Evidence) -> str:
    caption = without_brackets(" ".join(evidence.chunk.caption.split())).rstrip(" .:")
    if caption:
        return f"“{_cut(caption, 90)}”"
    heading = evidence.chunk.heading.split(" > ")[-1].strip()
    return f"the table under “{_cut(heading, 60)}”" if heading else "the table"


def _figure_line(evidence: Evidence) -> str:
    chunk = evidence.chunk
    caption = without_brackets(" ".join(chunk.caption.split())).rstrip(" .")
    label = _LABEL.match(caption)
    if label:
        rest = caption[label.end() :].lstrip(" .:–—-|")
        name = label[1][0].upper() + label[1][1:].rstrip(".:")
        return (
            f"{name} on page {chunk.page} shows: {_cut(rest, LONGEST)} [{evidence.number}]."
            if rest
            else (f"{name} on page {chunk.page} shows it [{evidence.number}].")
        )
    if caption:
        return f"The figure on page {chunk.page} shows: {_cut(caption, LONGEST)} [{evidence.number}]."
    inner = without_brackets(" ".join(chunk.text.split()))
    words = f", with the words “{_cut(inner, 120)}”" if inner else ""
    return f"The figure on page {chunk.page} shows it{words} [{evidence.number}]."


def _what_it_shows(evidence: Evidence) -> str:
    chunk = evidence.chunk
    caption = without_brackets(" ".join(chunk.caption.split())).rstrip(" .")
    label = _LABEL.match(caption)
    what = {"figure": "a figure", "table": "a table", "text": "a passage", "page": "the page"}[chunk.kind]
    name = label[1].rstrip(".:") if label else what
    rest = caption[label.end() :].lstrip(" .:–—-|") if label else caption
    place = f"page {chunk.page} of {without_brackets(evidence.doc_name)}"
    where = f"{name} on {place}" if chunk.kind != "page" else place
    says = "shows" if evidence.pictured else "looks most like"
    return f"Your picture {says} {where}{': ' + _cut(rest, LONGEST) if rest else ''} [{evidence.number}]."


def _focused(text: str, question: str) -> str:
    """A long text cut to the stretch that holds most of the question's words."""
    if len(text) <= LONGEST:
        return text
    wanted, pieces = set(terms(question)), text.split(" ")
    hits = [bool(wanted.intersection(terms(piece))) for piece in pieces]
    best, best_score = (0, len(pieces)), -1
    for start in range(len(pieces)):
        end, length = start, 0
        while end < len(pieces) and length + len(pieces[end]) + 1 <= LONGEST:
            length += len(pieces[end]) + 1
            end += 1
        if sum(hits[start:end]) > best_score:
            best, best_score = (start, max(end, start + 1)), sum(hits[start:end])
        if end == len(pieces):
            break
    start, end = best
    lead = next((i for i, hit in enumerate(hits[start:end]) if hit), 0) // 2
    start += lead if start else 0
    return ("… " if start else "") + " ".join(pieces[start:end])[: LONGEST * 2] + (" …" if end < len(pieces) else "")


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"
