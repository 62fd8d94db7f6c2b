"""What an answer cites: each marked sentence is a claim, checked against the evidence that it names.

    "The filter is cleaned every 40 hours [2]."  →  evidence 2, its sentence that says so, supported

:data:`REFUSAL`, what an answer says without support, stands here beside :func:`is_refusal`, which recognises it; the
prompt demands it in these words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple, get_args

from rag.answering.citing.markers import CLEAN, rewrite
from rag.answering.citing.refusals import declines
from rag.answering.claims.check import SUPPORTED, Verdict, check
from rag.answering.claims.meaning import Meaning
from rag.answering.claims.sources import Source
from rag.answering.facts.fact_check import numbers
from rag.answering.questions.phrases import refusals
from rag.text.passages import content_terms, sentences, tables, without_struck, without_tables
from rag.types import Citation, Evidence, Support

REFUSAL = "I could not find this in the documents."
"""What an answer says when the evidence supports none; the prompt demands it word for word."""

QUOTE_LENGTH = 320
"""Most characters of a quote."""

_OPEN, _CLOSE = "\ue001", "\ue002"
_MARK = re.compile(rf"{_OPEN}(\d+){_CLOSE}")
_AFTER_STOP = re.compile(rf"([.!?…])((?:[ \t]*{_OPEN}\d+{_CLOSE})+)")
_MARKUP = re.compile(r"\*\*|__|^\s*(?:#{1,6}|>|[-*•])\s+|`")
_LEAST_OVERLAP = 0.12  # share of a claim's letters in meaningful words that the passage quoted for it must have
_NUMBER_WORTH = 6  # letters that a shared number counts for
_SUPPORT = get_args(Support)  # from the best to the worst
_LENGTH_POWER = 0.35  # a passage's score is divided by its length to this power: of two that say it the shorter one


class Claim(NamedTuple):
    """A cited sentence: its words without markers, the evidence it cites, and what that evidence does for it.

    ``missing`` are the facts that it does not contain, ``before`` the sentences without a marker before it in its line.
    """

    text: str
    numbers: tuple[int, ...]
    missing: tuple[str, ...]
    verdict: Verdict = SUPPORTED
    before: tuple[str, ...] = ()


def is_refusal(text: str) -> bool:
    """Whether an answer declines, in the words of the prompt or in its own, and cites nothing."""
    return not CLEAN.search(text) and (_plain(text).startswith(tuple(map(_plain, refusals()))) or declines(text))


def claims(
    text: str, evidence: Sequence[Evidence], verbatim: bool = False, meaning: Meaning | None = None
) -> list[Claim]:
    """The cited sentences and table rows of an answer, each checked against all the evidence it cites together.

    ``verbatim``: they were copied from it, and are not checked. ``meaning``: see :mod:`rag.answering.claims.meaning`.
    """
    by_number = {e.number: e for e in evidence}
    found = []
    for sentence, before in _cited_sentences(text):
        cited = tuple(dict.fromkeys(n for n in map(int, _MARK.findall(sentence)) if n in by_number))
        plain = _MARKUP.sub("", _MARK.sub("", sentence)).strip(" |")
        if cited and content_terms(plain) and not verbatim:
            verdict = check(without_struck(plain), [source_of(by_number[n]) for n in cited], meaning)
            found.append(Claim(plain, cited, verdict.lost, verdict))
        elif cited:
            found.append(Claim(plain, cited, (), before=before))
    return found


def cite(
    text: str, evidence: Sequence[Evidence], verbatim: bool = False, meaning: Meaning | None = None
) -> tuple[Citation, ...]:
    """One citation per piece of evidence that the answer names, in order of first use.

    ``supported`` is False if any sentence that cites it says what its evidence does not. The quote belongs to the
    sentence that fits best; ``quotes`` are those of all. ``verbatim``: every sentence was copied from its evidence, and
    is not checked; those before a marker in its line are of the same evidence.
    """
    checked = claims(text, evidence, verbatim, meaning)
    by_number = {e.number: e for e in evidence}
    order = dict.fromkeys(n for claim in checked for n in claim.numbers)
    return tuple(_citation(by_number[n], [c for c in checked if n in c.numbers], verbatim) for n in order)


def source_text(evidence: Evidence) -> str:
    """The words of :func:`source_of` in one text."""
    return "\n".join(source_of(evidence))


def source_of(evidence: Evidence) -> Source:
    """All words that count as said by a piece of evidence: its text without what is struck through; around it caption,
    headings, document, pages."""
    chunk = evidence.chunk
    pages = "\n".join(f"page {region.page}" for region in chunk.regions)
    text = evidence.text if chunk.text in evidence.text else f"{evidence.text}\n\n{chunk.text}"
    if chunk.mentions and chunk.mentions not in text:
        text = f"{text}\n\n{chunk.mentions}"
    around = (chunk.heading, chunk.caption, evidence.doc_name, evidence.doc_title, pages)
    return Source(without_struck(text), "\n".join(part for part in around if part))


def _cited_sentences(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Sentences and table rows with a marker, each with the sentences without one before it in its line."""
    marked = rewrite(text, lambda n: f"{_OPEN}{n}{_CLOSE}")
    found: list[tuple[str, tuple[str, ...]]] = []
    for line in marked.split("\n"):
        if not _MARK.search(line):
            continue
        if line.lstrip().startswith("|"):
            found.append((line, ()))
            continue
        before: list[str] = []
        for sentence in sentences(_AFTER_STOP.sub(r"\2\1", line)):
            if _MARK.search(sentence):
                found.append((sentence, tuple(before)))
                before = []
            else:
                before.append(sentence)
    return found


def _citation(evidence: Evidence, checked: Sequence[Claim], verbatim: bool) -> Citation:
    chunk = evidence.chunk
    found = [_quote(claim.text, evidence) for claim in checked]
    best = max(found, key=lambda quote: quote[1])
    all_said = [said for claim in checked for said in (*(claim.before if verbatim else ()), claim.text)]
    quotes = tuple(dict.fromkeys(quote for quote, score in (_quote(said, evidence) for said in all_said) if score))
    worst = max((c.verdict for c in checked), key=lambda verdict: _SUPPORT.index(verdict.support))
    return Citation(
        number=evidence.number,
        doc=chunk.doc,
        page=chunk.page,
        bbox=chunk.bbox,
        kind=chunk.kind,
        caption=chunk.caption,
        quote=best[0],
        image=chunk.image,
        supported=worst.support != "unsupported",
        support=worst.support,
        doubt=worst.reason,
        quotes=quotes if len(quotes) > 1 else (),
    )


def _quote(claim: str, evidence: Evidence) -> tuple[str, float]:
    """The sentence or table row of the evidence that says the claim best, with its score; the caption and 0 if
    none shares a word."""
    wanted = set(content_terms(claim))
    values = {n.values for n in numbers(claim)}
    best, best_score = "", 0.0
    for candidate in _passages(evidence):
        shared = wanted & set(content_terms(candidate))
        said = frozenset[object]().union(*(n.values for n in numbers(candidate)))
        hits = sum(bool(said & value) for value in values)
        score = (sum(len(t) for t in shared) + _NUMBER_WORTH * hits) / _weight(candidate)
        if score > best_score:
            best, best_score = candidate, score
    least = _LEAST_OVERLAP * sum(len(t) for t in wanted) / _weight(best)
    if not best or best_score < least:
        return _cut(evidence.chunk.caption), 0.0
    return _cut(best), best_score


def _weight(passage: str) -> float:
    return float((8 + len(passage)) ** _LENGTH_POWER)


def _passages(evidence: Evidence) -> list[str]:
    chunk = evidence.chunk
    rows = [t.readable(row) for t in tables(evidence.text) for row in t.rows or [t.header]]
    spoken = sentences("\n\n".join(p for p in (without_tables(evidence.text), chunk.caption, chunk.mentions) if p))
    return list(dict.fromkeys(r for r in [*rows, *spoken] if r))


def _cut(text: str) -> str:
    if len(text) <= QUOTE_LENGTH:
        return text
    return text[:QUOTE_LENGTH].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip().casefold()
