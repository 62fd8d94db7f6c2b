"""Program text, commands and configuration, whose line breaks and indents mean something. Pure.

A typewriter font alone says little: letters and old reports are typed in one. Prose fills its lines, so that the first
word of the next would not have fitted; program text breaks them early, indents them, or is full of signs. Indents are
counted in characters, all of which have one width.

Example: "for x in items:" over "print(x)" 12 points further right becomes two lines, the second with its indent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from ingestion.blocks import Block, Line
from ingestion.elements import BBox, Cell
from ingestion.geometry import height, union
from ingestion.tables.typed import is_rule, typed_cells
from ingestion.tables.words import lines_of

EVEN_PITCH = 0.08  # of the usual width of a character, by which that of a word may differ
EVEN_SHARE = 0.8  # of the words that keep to it
LONG_WORD = 3  # characters, to measure that width
TYPED_PAGE = 0.6  # share of a page's characters in typewriter fonts: it is typed throughout
BROKEN_EARLY = 0.5  # share of the lines that end before they are full
SIGNED = 0.5  # share of the lines that hold a sign of program text
PROMPT = re.compile(r"(?:[\w.~/@:\[\]-]*[$#%]|>>>|\.\.\.|>|[A-Za-z]:\\[^>]*>|PS[^>]*>)\s+\S")
SIGNS = re.compile(
    r"[{};\\|`]|[\w\])]\s?(?:==?|!=|:=|\+=|->|=>|<-)\s?\S|\w\(|\)\s*$|(?:^|\s)--?\w|://|^\s*[#/]{1,2}\s?\w|<\/?\w+[^>]*>"
    r"|^\s*[\w.\"'-]+:(?:\s+[\w\"'\[/.-]+)?$|^\s*- \w|\w\.\w+\(|\$\w|^\s*\[\w[\w. ]*\]$|\b\w+_\w+\b|/\w+/"
)
SENTENCE = re.compile(r"[a-z]{2,},? [a-z]{2,} .*[.!?:]$")
APART = 0.5  # line heights above a line that is no part of the paragraph there
SURE = 0.75  # share of the lines with such signs that needs no other ground
LONGEST_GAP = 2.6  # line heights between two parts of one listing, at most
PITCH_SPREAD = 1.15  # times the narrower character width that the wider one may have in one listing
LINE_STEP = 1.25  # line heights from one line of a listing to the next: so many fit into a gap
EMPTY_LINE = 1.6  # times the usual step between two lines: there is an empty one between them


def listing_lines(words: Sequence[Line], typed: float) -> tuple[Line, ...]:
    """The lines of a region as they stand, with their indents, if it is program text; else none.

    ``typed``: share of its page's characters that are set in typewriter fonts, 0–1.
    """
    lines, _, _ = _as_typed(words)
    return tuple(_spaced(lines)) if lines and _is_code([line.text for line in lines], typed) else ()


def listed_cells(words: Sequence[Line]) -> tuple[Cell, ...]:
    """The cells of a table that is drawn with dashes in a typewriter font; none where a region's words form none."""
    return typed_cells(*_as_typed(words))


def _as_typed(words: Sequence[Line]) -> tuple[list[Line], float, float]:
    """The lines of a region with their indents, its left edge and the width of a character in points; no lines where
    characters have no common width."""
    pitch = _pitch(words)
    if not pitch:
        return [], 0.0, 0.0
    left = min(word.bbox.x0 for word in words)
    return [Line(_row(row, left, pitch), union(word.bbox for word in row)) for row in lines_of(words)], left, pitch


def typed_stretches(lines: Iterable[Line]) -> list[tuple[BBox, bool]]:
    """Split a region at changes of font, from top to bottom: boxes, and whether each is set in a typewriter font.

    A lone line in a typewriter font between others is part of their sentence unless it is indented, set apart or shows
    a prompt.
    """
    groups: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.bbox.y0):
        if groups and groups[-1][-1].typed == line.typed:
            groups[-1].append(line)
        else:
            groups.append([line])
    left = min((group[0].bbox.x0 for group in groups), default=0.0)
    above = [None, *(group[-1] for group in groups)]
    alone = [(g[0], last) for g, last in zip(groups, above, strict=False) if len(g) == 1 and g[0].typed]
    if len(groups) > 1 and not all(_stands_out(line, left, last) for line, last in alone):
        return [(union(line.bbox for group in groups for line in group), False)]
    return [(union(line.bbox for line in group), group[0].typed) for group in groups]


def _stands_out(line: Line, left: float, above: Line | None) -> bool:
    """Whether a line in a typewriter font is no part of the sentence around it; ``left``: the region's edge."""
    apart = above is not None and line.bbox.y0 - above.bbox.y1 > APART * height(line.bbox)
    return apart or line.bbox.x0 - left > height(line.bbox) / 2 or PROMPT.match(line.text) is not None


def join_listings(upper: tuple[BBox, str], lower: tuple[BBox, str]) -> str | None:
    """Join the text of two listings (box in points, text) below each other; None where they are two."""
    (above, first), below = upper, lower[0]
    tall = height(above) / (first.count("\n") + 1)
    pitches = [(box.x1 - box.x0) / max(map(len, text.split("\n"))) for box, text in (upper, lower)]
    space = below.y0 - above.y1
    if not -0.5 * tall < space < LONGEST_GAP * tall or max(pitches) > PITCH_SPREAD * min(pitches):
        return None
    left = min(above.x0, below.x0)
    parts = [_indented(text, round((box.x0 - left) / pitches[0])) for box, text in (upper, lower)]
    return ("\n" * (1 + round(max(0.0, space) / (LINE_STEP * tall)))).join(parts)


def merge_listings(blocks: Sequence[Block]) -> list[Block]:
    """Join parts of one listing that empty lines split."""
    merged: list[Block] = []
    for block in blocks:
        last = merged[-1] if merged else None
        whole = None
        if last and last.code and block.code:
            whole = join_listings((last.bbox, last.text), (block.bbox, block.text))
        if last and whole is not None:
            merged[-1] = replace(last, bbox=union([last.bbox, block.bbox]), text=whole)
        else:
            merged.append(block)
    return merged


def _indented(text: str, count: int) -> str:
    """A text with ``count`` spaces before each line."""
    return "\n".join(" " * count + line if line else line for line in text.split("\n"))


def _pitch(words: Iterable[Line]) -> float:
    """The width of a character in points; 0 where it is not the same throughout."""
    wide = [(word.bbox.x1 - word.bbox.x0) / len(word.text) for word in words if len(word.text) >= LONG_WORD]
    if not wide:
        return 0.0
    usual = median(wide)
    even = sum(abs(value - usual) <= EVEN_PITCH * usual for value in wide)
    return usual if even >= EVEN_SHARE * len(wide) else 0.0


def _row(row: Sequence[Line], left: float, pitch: float) -> str:
    """The words of a line with spaces for the room before them; ``pitch``: points per character."""
    text = ""
    for word in row:
        column = round((word.bbox.x0 - left) / pitch)
        text += " " * max(column - len(text), 1 if text else 0) + word.text
    return text


def _spaced(lines: Sequence[Line]) -> Iterable[Line]:
    """The lines with empty ones where there is room for them."""
    steps = [lower.bbox.y0 - upper.bbox.y0 for upper, lower in pairwise(lines)]
    usual = min((step for step in steps if step > 0), default=0.0)
    for i, line in enumerate(lines):
        if i and usual and steps[i - 1] > EMPTY_LINE * usual:
            yield Line("", line.bbox)
        yield line


def _is_code(rows: Sequence[str], typed: float) -> bool:
    """Whether lines in a typewriter font are program text."""
    if any(PROMPT.match(row.strip()) or is_rule(row) for row in rows):
        return True
    signs = sum(bool(SIGNS.search(row)) for row in rows) / len(rows)
    signed = signs >= SIGNED
    full = max(map(len, rows))
    early = [len(a) + 1 + len(b.split()[0]) <= full for a, b in pairwise(rows)]
    broken = bool(early) and sum(early) >= BROKEN_EARLY * len(early)
    sentences = sum(bool(SENTENCE.search(row.strip())) for row in rows)
    if typed >= TYPED_PAGE:
        indented = len({len(row) - len(row.lstrip()) for row in rows if row}) > 1
        sure = signs >= SURE and (indented or not sentences)
        return signed and (broken or sure) and 2 * sentences < len(rows)
    if len(rows) == 1:
        return signed or not (sentences or rows[0].istitle())
    return signed or (broken and 2 * sentences < len(rows))
