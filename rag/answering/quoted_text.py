"""A quotation put into words: a sentence, a table row, a figure or a picture, each with its marker.

    row      From “Error codes” on page 12: Code: E7; Meaning: Pump blocked [3].
    figure   Figure 2 on page 5 shows: the drain valve [1].

A long passage is cut to the stretch that holds most of the question's words.
"""

from __future__ import annotations

import re

from rag.answering.markers import without_brackets
from rag.answering.quotations import Passage
from rag.text.passages import content_terms
from rag.types import Evidence

LONGEST = 300
"""Characters of one quotation."""

LONGEST_CAPTION = 90  # characters of the caption by which a table is named
LONGEST_HEADING = 60  # of the heading by which one without a caption is named
LONGEST_INNER = 120  # of the words in a figure without a caption

_LABEL = re.compile(
    r"^\s*((?:fig(?:ure)?|table|chart|diagram|photo|map|exhibit|abb(?:ildung)?)\.?\s*[A-Z]?[\d.:-]*\d[a-z]?)\b", re.I
)


def quoted(passage: Passage, question: str) -> str:
    """A passage as a sentence with its marker; a long one cut around the words of the question."""
    number, page = passage.evidence.number, passage.evidence.chunk.page
    words = _focused(without_brackets(" ".join(passage.text.split())), question)
    if passage.kind == "row":
        return f"From {_table_name(passage.evidence)} on page {page}: {words.rstrip('.')} [{number}]."
    if passage.kind == "figure":
        return _figure_line(passage.evidence)
    words = re.sub(r"^(?:[-*•·▪]|\d{1,2}[.)])\s+", "", words)
    ending = re.search(r"(?<![.!?…:])[.!?…:]+$", words)
    stop = ending[0] if ending else "."
    return f"{words.removesuffix(stop) if ending else words} [{number}]{stop if stop != ':' else '.'}"


def _table_name(evidence: Evidence) -> str:
    caption = without_brackets(" ".join(evidence.chunk.caption.split())).rstrip(" .:")
    if caption:
        return f"“{_cut(caption, LONGEST_CAPTION)}”"
    heading = evidence.chunk.heading.split(" > ")[-1].strip()
    return f"the table under “{_cut(heading, LONGEST_HEADING)}”" if heading else "the table"


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
    words = f", with the words “{_cut(inner, LONGEST_INNER)}”" if inner else ""
    return f"The figure on page {chunk.page} shows it{words} [{evidence.number}]."


def shown_by(evidence: Evidence) -> str:
    """What the question's picture shows, or looks most like: ``Your picture shows Figure 1 on page 3 of a.pdf …``."""
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
    wanted, pieces = set(content_terms(question)), text.split(" ")
    hits = [bool(wanted.intersection(content_terms(piece))) for piece in pieces]
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
