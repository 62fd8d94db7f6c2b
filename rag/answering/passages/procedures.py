"""The steps of a procedure, whole and in order, wherever layout has parted them: by a warning, a column, the end of the
page.

    2. Wash it in water of at most 40 °C [1].
    Caution: Never dry the filter in the sun [4].
    3. Let the filter dry for 24 hours [4].

A warning that stands above steps, as their heading or before them, is quoted with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rag.answering.passages.lists import UNREADABLE, Listing, step_number, steps_from
from rag.text.passages import sentences, without_tables
from rag.types import Evidence

MOST_PARTS = 4
"""Pieces of evidence that the steps of one procedure are put together from."""

LONGEST_NOTE = 400
"""Characters of a remark between two steps of one procedure."""

_WARNS = re.compile(
    r"^\W*(?:warnings?|cautions?|danger|important|attention|warnung|vorsicht|achtung|gefahr|wichtig|avertissement|"
    r"mise en garde|danger|important|advertencia|precaución|atención|peligro|importante|avvertenz[ae]|avvertimento|"
    r"attenzione|pericolo|waarschuwing|let op|voorzichtig|gevaar|ostrzeżenie|uwaga|niebezpieczeństwo|aviso|cuidado|"
    r"atenção|perigo|uyarı|dikkat|tehlike|警告|注意|危险|危険)(?:\s*[!:.–—-]|\s+(?=(?-i:[A-ZÀ-Þ]))|\s*$|(?<=[告意险険]))",
    re.IGNORECASE,
)


class Step(NamedTuple):
    """A step or a warning, and the number of the evidence it stands in."""

    words: str
    number: int
    warns: bool = False


def procedure(listing: Listing, piece: Evidence, evidence: Sequence[Evidence]) -> list[Step]:
    """The steps of a list that stands in ``piece``, those before and after it in other pieces, and their warnings;
    where there are steps before it, what introduces it is a remark between them."""
    steps = [*_warnings_of(piece, listing), *(Step(item, piece.number) for item in listing.items)]
    if not step_number(listing.items[0]):
        return steps
    used = {piece.number}
    for _ in range(MOST_PARTS - 1):
        before = _before(steps, piece, [e for e in evidence if e.number not in used])
        after = _after(steps, piece, [e for e in evidence if e.number not in used])
        if not before and not after:
            break
        used |= {step.number for step in (*before, *after)}
        if before and listing.introduction:
            before.append(Step(listing.introduction, piece.number, warns=True))
        steps = [*before, *steps, *after]
    return list(dict.fromkeys(steps))


def warns(text: str) -> bool:
    """Whether a text opens with a word of warning: "WARNING: …", "Vorsicht! …"."""
    return bool(_WARNS.match(text))


def _after(steps: Sequence[Step], piece: Evidence, others: Sequence[Evidence]) -> list[Step]:
    """What goes on after the last step, on its page or the next."""
    last = next(step_number(step.words) for step in reversed(steps) if not step.warns)
    page = max(
        (e.chunk.regions[-1].page for e in (piece, *others) if e.number == steps[-1].number), default=piece.chunk.page
    )
    for other in others:
        if _near(other, piece) and piece.chunk.page <= other.chunk.page <= page + 1:
            text = without_tables(other.text)
            found = steps_from(text, last + 1)
            note = _before_step(text, last + 1)
            if found and (not note or _is_note(note, other, piece)):
                noted = [Step(" ".join(note.split()), other.number, warns=True)] if note else []
                return [*_heading_warns(other), *noted, *(Step(item, other.number) for item in found)]
    return []


def _before_step(text: str, number: int) -> str:
    """What stands before the line that begins with a step's number; all where none does."""
    lines = text.splitlines()
    at = next((i for i, line in enumerate(lines) if step_number(line) == number), len(lines))
    return "\n".join(lines[:at]).strip()


def _is_note(text: str, other: Evidence, piece: Evidence) -> bool:
    """Whether what stands before the next step, under the same heading, is a remark of a paragraph or two."""
    one_procedure = other.chunk.heading == piece.chunk.heading and not any(map(step_number, text.splitlines()))
    return one_procedure and len(text) <= LONGEST_NOTE


def _before(steps: Sequence[Step], piece: Evidence, others: Sequence[Evidence]) -> list[Step]:
    """What stands before the first step, where that is not the first of all, on its page or the one before."""
    first = next(step_number(step.words) for step in steps if not step.warns)
    if first < 2:
        return []
    for other in others:
        if _near(other, piece) and piece.chunk.page - 1 <= other.chunk.page <= piece.chunk.page:
            found = steps_from(without_tables(other.text), 1)
            if len(found) == first - 1:
                return [*_heading_warns(other), *(Step(item, other.number) for item in found)]
    return []


def _near(other: Evidence, piece: Evidence) -> bool:
    """Whether two passages stand under one heading, or a warning was taken for the heading of one."""
    if other.chunk.doc != piece.chunk.doc or other.chunk.kind not in ("text", "page"):
        return False
    one, two = other.chunk.heading, piece.chunk.heading
    return one == two or any(warns(path.split(" > ")[-1]) for path in (one, two))


def _heading_warns(piece: Evidence) -> list[Step]:
    last = piece.chunk.heading.split(" > ")[-1]
    return [Step(last, piece.number, warns=True)] if warns(last) and len(last.split()) > 1 else []


def _warnings_of(piece: Evidence, listing: Listing) -> Iterator[Step]:
    """Warnings above the steps: the heading, and what is said before the first step."""
    yield from _heading_warns(piece)
    above = without_tables(piece.text.replace(UNREADABLE, " ")).partition(listing.items[0].split("\n")[0])[0]
    if len(above) == len(without_tables(piece.text)):
        return
    for block in re.split(r"\n(?=\s*\S)", above):
        said = sentences(block)
        words = " ".join(block.split())
        if said and warns(said[0]) and words not in listing.introduction and len(words.split()) > 1:
            yield Step(words, piece.number, warns=True)
