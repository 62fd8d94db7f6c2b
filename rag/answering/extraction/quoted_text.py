"""A quotation put into words: a sentence, a table row, a figure or a picture, each with its marker.

    row      From “Error codes” on page 12: Code: E7; Meaning: Pump blocked [3].
    figure   Figure 2 on page 5 shows: the drain valve [1].

A long passage is cut to the stretch that holds most of the question's words.
"""

from __future__ import annotations

import re
from collections import Counter

from ingestion.tables.grid import HEADER_JOIN
from rag.answering.citing.markers import without_brackets
from rag.answering.passages.lists import UNREADABLE
from rag.answering.passages.quotations import Passage
from rag.answering.questions.phrases import Phrases
from rag.text.passages import ITEM_MARK, content_terms, cut
from rag.types import Evidence

LONGEST = 300
"""Characters of one quotation."""

LONGEST_ENUMERATION = 600
"""The same of a sentence that names several things one after another."""

LEAST_NAMED = 4
"""Commas and semicolons of such a sentence."""

LONGEST_ROW = 450
"""The same of a table's row: a cause and its remedy stand in one."""

LONGEST_CAPTION = 90  # characters of the caption by which a table is named
LONGEST_HEADING = 60  # of the heading by which one without a caption is named
LONGEST_INNER = 200  # of the words inside a figure
AT_END = 0.75  # share of a stretch from which its last word of the question stands at its end
AS_GOOD = 0.9  # share of the best stretch's words of the question that another may have
LONGEST_NAME = 60  # of the name of a column in a long row
LEAST_CELL = 40  # characters that are left of the cell of a long row
CELL_END = "; "  # between the cells of a row, as :meth:`rag.text.passages.Table.readable` puts them
LEAST_WORDS = 0.2  # share of words in what is quoted of a figure; the rest are numbers, signs and misread letters
LEAST_WORD = 3  # letters of a word that is worth reading in a figure

_LABEL = re.compile(
    r"^\s*((?:fig(?:ure)?|table|chart|diagram|photo|map|exhibit|abb(?:ildung)?)\.?\s*[A-Z]?[\d.:-]*\d[a-z]?)\b", re.I
)


def quoted(passage: Passage, question: str, said: Phrases, near: bool = False) -> str:
    """A passage as a sentence with its marker; a long one cut around the words of the question. ``near``: it is only
    the closest, of which nothing is claimed."""
    number, page = passage.evidence.number, passage.evidence.chunk.page
    said = said.of(without_brackets(passage.evidence.doc_name))
    whole = without_brackets(" ".join(passage.text.split()))
    if passage.kind == "row":
        table, words = table_name(passage.evidence, said), _focused_cells(whole, question)
        return f"{said.from_table(table, page, words.rstrip('.'))} [{number}]{said.stop}"
    enumerates = whole.count(", ") + whole.count("; ") >= LEAST_NAMED
    words = focused(whole, question, LONGEST_ENUMERATION if enumerates else LONGEST)
    if passage.kind == "figure":
        return _figure_line(passage.evidence, question, said, near)
    return cited(ITEM_MARK.sub("", words), number)


def cited(words: str, number: int) -> str:
    """A sentence with its marker before its full stop, like ``The pump runs at 2.5 bar [2]``; of an item of a list
    without the comma or semicolon that ends it."""
    words = words.replace(UNREADABLE, "").strip().rstrip(";；,").rstrip()
    ending = re.search(r"(?<![.!?…:。！？])[.!?…:。！？]+$", words)
    stop = ending[0] if ending else "."
    if words.endswith(" …"):
        return f"{words.removesuffix(' …')} … [{number}]"
    return (
        f"{words.removesuffix(stop).rstrip() if ending else words} [{number}]{stop if stop not in (':', '…') else '.'}"
    )


def table_name(evidence: Evidence, said: Phrases) -> str:
    """A table's caption in quotation marks, else the heading above it."""
    caption = without_brackets(" ".join(evidence.chunk.caption.split())).rstrip(" .:")
    heading = evidence.chunk.heading.split(" > ")[-1].strip()
    return said.table(cut(caption, LONGEST_CAPTION), cut(heading, LONGEST_HEADING))


def _figure_line(evidence: Evidence, question: str, said: Phrases, near: bool) -> str:
    chunk = evidence.chunk
    caption = without_brackets(" ".join(chunk.caption.split())).rstrip(" .")
    label = _LABEL.match(caption)
    name = label[1][0].upper() + label[1][1:].rstrip(".:") if label else ""
    rest = caption_words(caption)
    inner = _inner(chunk.text, question)
    if not rest:
        line = said.near_figure(chunk.page, name, inner) if near else said.figure(chunk.page, name, inside=inner)
        return f"{line} [{evidence.number}]{said.stop}"
    line = f"{said.figure(chunk.page, name, cut(rest, LONGEST))} [{evidence.number}]{said.stop}"
    within = f" {said.quote(inner)} [{evidence.number}]{said.stop}" if inner else ""
    return line + within


def caption_words(caption: str) -> str:
    """What a caption says beside its label: "Drain valve" of "Figure 3: Drain valve"."""
    label = _LABEL.match(caption)
    return caption[label.end() :].lstrip(" .:–—-|") if label else caption


def _inner(text: str, question: str) -> str:
    """The words inside a figure, of many those around the question's; nothing where hardly a word is among them."""
    words = focused(without_brackets(" ".join(text.split())), question, LONGEST_INNER)
    pieces = words.split()
    return words if sum(map(_is_word, pieces)) > LEAST_WORDS * len(pieces) else ""


def _is_word(written: str) -> bool:
    """Whether it can be read: no number, no sign, no "RRR" of a stitch pattern. Signs of Chinese or Japanese can."""
    letters = [c for c in written.casefold() if c.isalpha()]
    return any(not c.isascii() and c.isalnum() and c.lower() == c.upper() for c in letters) or (
        len(letters) >= LEAST_WORD and len(set(letters)) > 1
    )


def shown_by(evidence: Evidence, said: Phrases) -> str:
    """What the question's picture shows, or looks most like: ``Your picture shows Figure 1 on page 3 of a.pdf …``."""
    chunk = evidence.chunk
    caption = without_brackets(" ".join(chunk.caption.split())).rstrip(" .")
    label = _LABEL.match(caption)
    name = label[1].rstrip(".:") if label else ""
    rest = caption_words(caption)
    place = said.place(chunk.kind, chunk.page, without_brackets(evidence.doc_name), name)
    line = said.your_picture(place, evidence.pictured)
    return f"{line}{': ' + cut(rest, LONGEST) if rest else ''} [{evidence.number}]{said.stop}"


def focused(text: str, question: str, longest: int = LONGEST) -> str:
    """A long text cut to the stretch that holds most of the question's words, rare ones before those that are all over
    it; of stretches about as good the middle one, since what is asked for stands around the words."""
    if len(text) <= longest:
        return text
    wanted, pieces = set(content_terms(question)), text.split(" ")
    shared = [wanted.intersection(content_terms(piece)) for piece in pieces]
    often = Counter(term for terms in shared for term in terms)
    hits = [sum(1 / often[term] for term in terms) for terms in shared]
    stretches = []
    for start in range(len(pieces)):
        end, length = start, 0
        while end < len(pieces) and length + len(pieces[end]) + 1 <= longest:
            length += len(pieces[end]) + 1
            end += 1
        stretches.append((sum(hits[start:end]), start, max(end, start + 1)))
        if end == len(pieces):
            break
    best = max(score for score, _, _ in stretches)
    good = [stretch for stretch in stretches if stretch[0] >= AS_GOOD * best]
    near = [stretch for n, stretch in enumerate(good) if stretch[1] == good[0][1] + n]
    _, start, end = good[0]
    last = max((i for i, hit in enumerate(hits[start:end]) if hit), default=0)
    if best and (start or last > AT_END * (end - start)):
        _, start, end = near[len(near) // 2]
    return ("… " if start else "") + " ".join(pieces[start:end])[: longest * 2] + (" …" if end < len(pieces) else "")


def _focused_cells(row: str, question: str) -> str:
    """A long row of a table, of which the long cells are cut: each keeps what the short ones leave it, so that the
    number in the last column stays."""
    if len(row) <= LONGEST_ROW:
        return row
    cells = row.split(CELL_END)
    room, left = LONGEST_ROW, len(cells)
    longest: dict[int, int] = {}
    for i in sorted(range(len(cells)), key=lambda i: len(cells[i])):  # the shortest are served first
        longest[i] = max(LEAST_CELL, room // left)
        room, left = room - min(len(cells[i]), longest[i]), left - 1
    return CELL_END.join(_focused_cell(cell, question, longest[i]) for i, cell in enumerate(cells))


def _focused_cell(cell: str, question: str, longest: int) -> str:
    """A long cell cut, without losing the name of its column; of a long name the end, which tells it from others:
    "Pipe and height *3, *4 / Most for each unit: 25 m"."""
    if len(cell) <= longest:
        return cell
    name, colon, value = cell.partition(": ")
    if not colon:
        return focused(cell, question, longest)
    room = max(LONGEST_NAME, longest // 2)
    if len(name) > room:
        name = name.split(HEADER_JOIN, 1)[-1]
    if len(name) > room:
        name = f"… {name[-room:].split(' ', 1)[-1]}"
    return f"{name}: {focused(value, question, longest)}"
