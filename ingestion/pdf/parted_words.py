"""Words that the PDF library glues over the edge of a cell, parted again. Pure.

The library begins a new word where white parts two letters. In a narrow column a text may end where the next one
begins, or be cut off there, so that two cells are one word: "蓋を閉める給水", "●●", "Donnersta08:00". Such a word is
parted where an upright rule runs between two of its letters; and, in a table without rules, where a letter and a digit
lie on each other and the digit stands at an edge at which words of other rows begin.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from ingestion.blocks import Line
from ingestion.elements import BBox, Cell
from ingestion.geometry import RULE_WIDTH, area, height, intersection, width

WITHIN = 1.0  # points from either end of a word to a rule that runs through it, at least
BESIDE = 0.75  # points by which a letter may reach over a rule
ON_EACH_OTHER = 0.15  # points that two letters share where the first one's text is cut off
SAME_EDGE = 0.2  # points between words that begin at one edge
LEAST_BELOW = 3  # words of other rows that begin there


class PartedWord(NamedTuple):
    """What the library took for one word, and the words that it is."""

    text: str
    parts: tuple[Line, ...]


class Letter(NamedTuple):
    """A letter and its box in points."""

    text: str
    bbox: BBox


def parted_words(
    words: Sequence[Line], paths: Iterable[BBox], letters_in: Callable[[BBox], Sequence[Letter]]
) -> list[PartedWord]:
    """The words of a page, those that two cells share parted. ``paths``: what is drawn on the page; ``letters_in``: the
    letters in a box, from left to right, which is asked for few."""
    drawn = list(paths)
    upright = [p for p in drawn if width(p) <= RULE_WIDTH < height(p)]
    rules = sorted([*upright, *_between_boxes(drawn)], key=lambda p: p.x0)
    places = [(rule.x0 + rule.x1) / 2 for rule in rules]
    edges = sorted(word.bbox.x0 for word in words)
    return [
        PartedWord(
            word.text,
            tuple(_at_rules(word, rules, places, letters_in) or _at_edge(word, words, edges, letters_in) or [word]),
        )
        for word in words
    ]


def with_parted(cells: Sequence[Cell], parted: Iterable[PartedWord]) -> tuple[Cell, ...]:
    """Cells of the table engine, which has a glued word in one of them, its parts each in the cell where they stand.

    A glued name in the head is no name over two columns, below which others would stand: one row is the head then.
    """
    parted = list(parted)
    wide = [cell for cell in cells if cell.header and cell.row == 0 and cell.columns > 1]
    if any(word.text in cell.text.split() and _meets(cell, word.parts[0]) for word in parted for cell in wide):
        cells = [cell._replace(header=cell.header and cell.row == 0) for cell in cells]
    found = list(cells)
    for word in parted:
        held = [i for i, cell in enumerate(found) if word.text in cell.text.split() and _meets(cell, word.parts[0])]
        homes = [_home(found, part) for part in word.parts]
        if len(held) != 1 or len(set(homes)) < 2 or None in homes:
            continue
        kept = [part.text for part, home in zip(word.parts, homes, strict=True) if home == held[0]]
        found[held[0]] = found[held[0]]._replace(text=_without(found[held[0]].text, word.text, " ".join(kept)))
        for part, home in zip(word.parts, homes, strict=True):
            if home is not None and home != held[0]:
                found[home] = found[home]._replace(text=f"{part.text} {found[home].text}".strip())
    return tuple(found)


def _meets(cell: Cell, part: Line) -> bool:
    return cell.bbox is not None and area(intersection(cell.bbox, part.bbox)) > 0


def _home(cells: Sequence[Cell], part: Line) -> int | None:
    """The cell that a word shares most of its area with."""
    shares = [(area(intersection(part.bbox, cell.bbox)), -i) for i, cell in enumerate(cells) if cell.bbox]
    best, index = max(shares, default=(0.0, 0))
    return -index if best > 0 else None


def _without(text: str, word: str, kept: str) -> str:
    words = text.split()
    place = words.index(word)
    return " ".join([*words[:place], *([kept] if kept else []), *words[place + 1 :]])


def _between_boxes(paths: Iterable[BBox]) -> list[BBox]:
    """The sides that two drawn boxes of one row share: many programs draw each cell as a rectangle."""
    boxes = [p for p in paths if min(width(p), height(p)) > RULE_WIDTH]
    ends: dict[tuple[int, int], list[float]] = defaultdict(list)
    for p in boxes:
        ends[round(p.y0), round(p.y1)].append(p.x1)
    return [
        BBox(p.x0, p.y0, p.x0, p.y1)
        for p in boxes
        if any(abs(x - p.x0) <= RULE_WIDTH / 2 for x in ends[round(p.y0), round(p.y1)])
    ]


def _at_rules(
    word: Line, rules: Sequence[BBox], places: Sequence[float], letters_in: Callable[[BBox], Sequence[Letter]]
) -> list[Line]:
    box = word.bbox
    first, last = bisect_right(places, box.x0 + WITHIN), bisect_left(places, box.x1 - WITHIN)
    middle = (box.y0 + box.y1) / 2
    through = [x for x, rule in zip(places[first:last], rules[first:last], strict=True) if rule.y0 <= middle <= rule.y1]
    if len(word.text) < 2 or not through:
        return []
    letters = letters_in(box)
    cuts = [
        i
        for i, (a, b) in enumerate(pairwise(letters), 1)
        if any(a.bbox.x1 - BESIDE <= x <= b.bbox.x0 + BESIDE for x in through)
    ]
    return _cut(word, letters, cuts)


def _at_edge(
    word: Line, words: Sequence[Line], edges: Sequence[float], letters_in: Callable[[BBox], Sequence[Letter]]
) -> list[Line]:
    """The two parts of a word like "Donnersta08:00"."""
    text, box = word.text, word.bbox
    places = [i for i, (a, b) in enumerate(pairwise(text), 1) if a.isalpha() and b.isdigit()]
    if len(places) != 1 or bisect_left(edges, box.x1) - bisect_right(edges, box.x0 + SAME_EDGE) < LEAST_BELOW:
        return []
    letters = letters_in(box)
    (place,) = places
    if len(letters) != len(text) or letters[place - 1].bbox.x1 - letters[place].bbox.x0 < ON_EACH_OTHER:
        return []
    edge = letters[place].bbox.x0
    below = [
        w for w in words if abs(w.bbox.x0 - edge) <= SAME_EDGE and not box.y0 < (w.bbox.y0 + w.bbox.y1) / 2 < box.y1
    ]
    return _cut(word, letters, places) if len(below) >= LEAST_BELOW else []


def _cut(word: Line, letters: Sequence[Letter], cuts: Sequence[int]) -> list[Line]:
    """A word in parts that begin with these letters; none where its letters are not those."""
    if not cuts or "".join(letter.text for letter in letters) != word.text:
        return []
    bounds = [0, *cuts, len(letters)]
    x = [word.bbox.x0, *(letters[i].bbox.x0 for i in cuts), word.bbox.x1]
    parts = []
    for k, (start, end) in enumerate(pairwise(bounds)):
        right = min(letters[end - 1].bbox.x1, x[k + 1])
        box = BBox(x[k], word.bbox.y0, right, word.bbox.y1)
        parts.append(Line("".join(letter.text for letter in letters[start:end]), box))
    return parts
