"""Text that is struck through stands between "~~", as Markdown has it: it is read, and nobody takes it for valid. Pure.

A line through words is a level rule that begins and ends with them, at half the height of their letters.

Example: "10 Nm 14 Nm" with a rule through the first two words becomes "~~10 Nm~~ 14 Nm".
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from ingestion.blocks import Block, Line
from ingestion.elements import BBox
from ingestion.geometry import height, holds_middle, in_one_row, union, width
from ingestion.tables.markdown import cells_to_markdown

MARK = "~~"
THROUGH = (0.45, 0.68)  # of a word's height, from its top: there a line through its letters runs
THICKNESS = 0.2  # of a word's height, at most
ENDS = 0.5  # of a word's height between an end of the rule and the word there, at most
UNDER = 0.9  # of a word's width under the rule
CONTEXT = 3  # words before those that are struck, by which their place in a text is told
TALLEST = 60.0  # points: letters that are looked at


class StruckWords(NamedTuple):
    """Words of one row with a line through them, those before them in the row, and their box in points."""

    text: tuple[str, ...]
    before: tuple[str, ...]
    bbox: BBox


def struck_words(words: Sequence[Line], paths: Iterable[BBox]) -> list[StruckWords]:
    """What is struck through on a page. ``paths``: boxes of what is drawn."""
    ordered = sorted(words, key=_middle)
    found = {}
    for rule in paths:
        if width(rule) > height(rule) and height(rule) <= THICKNESS * TALLEST:
            held = _under(rule, ordered)
            if held and not held[0].text.startswith(MARK):  # said already, as in what was a web page
                found[tuple(word.bbox for word in held)] = held
    return [_struck(held, ordered) for held in found.values()]


def with_struck(blocks: Sequence[Block], struck: Sequence[StruckWords]) -> list[Block]:
    """The blocks of a page, those words marked in their texts and cells."""
    result = list(blocks)
    for words in struck:
        for i, block in enumerate(result):
            if (not block.code or block.kind == "figure") and holds_middle(block.bbox, words.bbox):
                result[i] = _marked(block, words)
    return result


def _middle(word: Line) -> float:
    return (word.bbox.y0 + word.bbox.y1) / 2


def _under(rule: BBox, ordered: Sequence[Line]) -> list[Line]:
    """The words that a rule runs through; none where it is no line through words."""
    level = (rule.y0 + rule.y1) / 2
    near = ordered[
        bisect_left(ordered, level - TALLEST, key=_middle) : bisect_right(ordered, level + TALLEST, key=_middle)
    ]
    held = []
    for word in near:
        x0, y0, x1, y1 = word.bbox
        tall = y1 - y0
        if y0 + THROUGH[0] * tall <= level <= y0 + THROUGH[1] * tall and height(rule) <= THICKNESS * tall:
            shared = min(x1, rule.x1) - max(x0, rule.x0)
            if shared > 0 and shared < UNDER * (x1 - x0):
                return []
            held += [word] if shared > 0 else []
    held.sort(key=lambda word: word.bbox.x0)
    if not held or not any(c.isalnum() for word in held for c in word.text):
        return []
    slack = ENDS * height(held[0].bbox)
    fits = abs(held[0].bbox.x0 - rule.x0) <= slack and abs(held[-1].bbox.x1 - rule.x1) <= slack
    return held if fits else []


def _struck(held: Sequence[Line], words: Sequence[Line]) -> StruckWords:
    box = union(word.bbox for word in held)
    row = sorted((w for w in words if in_one_row(w.bbox, box) and w.bbox.x1 <= box.x0 + 1), key=lambda w: w.bbox.x0)
    return StruckWords(tuple(w.text for w in held), tuple(w.text for w in row[-CONTEXT:]), box)


def _marked(block: Block, words: StruckWords) -> Block:
    if not block.cells:
        return replace(block, text=_with_marks(block.text, words))
    cells = tuple(
        cell._replace(text=_with_marks(cell.text, words))
        if cell.bbox is not None and holds_middle(cell.bbox, words.bbox)
        else cell
        for cell in block.cells
    )
    whole = block.text == cells_to_markdown(block.cells)
    return replace(block, cells=cells, text=cells_to_markdown(cells) if whole else _with_marks(block.text, words))


def _with_marks(text: str, words: StruckWords) -> str:
    """The words marked where they stand behind those before them, or anywhere where that is not found."""
    struck = r"\s+".join(map(re.escape, words.text))
    for count in range(len(words.before), -1, -1):
        before = "".join(rf"{re.escape(word)}\s+" for word in words.before[len(words.before) - count :])
        found = re.search(rf"(?<!\S){before}(?<!{MARK})({struck})(?!\S|{MARK})", text)
        if found:
            return f"{text[: found.start(1)]}{MARK}{found[1]}{MARK}{text[found.end(1) :]}"
    return text
