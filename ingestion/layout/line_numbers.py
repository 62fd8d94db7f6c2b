"""Numbers beside the lines of a text or a program, by which people refer to its lines: found to be left out. Pure.

They are no part of what the lines say, and stand in the midst of each sentence that goes on over a line's end. What is
numbered here are lines, each or each fifth of them; steps, clauses and rows of tables have numbers of their own, and
keep them: their texts begin and end with their lines.

Example: "1" to "30" in the margin beside the lines of a contract; "1" to "6" beside the lines of a program.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from ingestion.blocks import Line
from ingestion.elements import BBox
from ingestion.geometry import RULE_WIDTH, height, in_one_row, width

SAME_EDGE = 2.0  # points between the right edges of the numbers of one margin, at most
LONGEST_NUMBER = 4  # digits
STEPS = {1: 5, 5: 3, 10: 3}  # from one number to the next, and how many numbers there are at least
TYPED_LEAST = 4  # numbers beside lines in a typewriter font, which are numbered one by one
BESIDE = 3.0  # points between a number and its line, at least
FURTHEST = 60.0  # the same, at most
WORDS = 6  # in a line of prose, in the median
SPELT = 0.6  # share of the words of prose that have letters
RULED = 0.5  # share of the steps from number to number that a rule below the words parts: rows of a table
GOING_ON = 0.4  # share of the lines of prose over whose end a sentence goes on
WHITE = 2.0  # line heights: wider white parts the cells of a table
UNEVEN = 0.35  # of the usual step from number to number, by which a step may differ
EVEN_SHARE = 0.7  # of the steps


def line_numbers(words: Sequence[Line], lines: Iterable[Line], paths: Iterable[BBox] = ()) -> list[BBox]:
    """The boxes of numbers that count the lines beside them; ``words``, ``lines`` and ``paths`` are all of a page's."""
    numbers = [w for w in words if w.text.isdecimal() and len(w.text) <= LONGEST_NUMBER]
    if len(numbers) < min(STEPS.values()):
        return []
    typed = [line for line in lines if line.typed and not line.hidden]
    rules = [path for path in paths if height(path) <= RULE_WIDTH < width(path)]
    return [
        number.bbox
        for margin in _margins(numbers)
        for step, least in STEPS.items()
        for run in _runs(margin, step)
        if len(run) >= (TYPED_LEAST if typed and step == 1 else least)
        and not _is_ruled(run, rules)
        and _counts_lines(run, words, typed, step)
        for number in run
    ]


def _margins(numbers: Sequence[Line]) -> list[list[Line]]:
    """Numbers that end at one edge, from top to bottom."""
    found: list[list[Line]] = []
    for number in sorted(numbers, key=lambda n: n.bbox.x1):
        if found and number.bbox.x1 - found[-1][0].bbox.x1 <= SAME_EDGE:
            found[-1].append(number)
        else:
            found.append([number])
    return [sorted(margin, key=lambda n: n.bbox.y0) for margin in found]


def _runs(margin: Sequence[Line], step: int) -> list[list[Line]]:
    runs: list[list[Line]] = []
    for number in margin:
        if runs and int(number.text) == int(runs[-1][-1].text) + step:
            runs[-1].append(number)
        else:
            runs.append([number])
    return [run for run in runs if int(run[0].text) % step == 0]


def _is_ruled(run: Sequence[Line], rules: Iterable[BBox]) -> bool:
    """Whether rules that reach over the numbers part them: they are the first cells of a table's rows."""
    heights = [rule.y0 for rule in rules if rule.x0 <= run[0].bbox.x0 and rule.x1 >= run[0].bbox.x1]
    parted = sum(any(a.bbox.y0 < y < b.bbox.y1 for y in heights) for a, b in pairwise(run))
    return parted >= RULED * (len(run) - 1)


def _counts_lines(run: Sequence[Line], words: Sequence[Line], typed: Sequence[Line], step: int) -> bool:
    """Whether numbers stand evenly, each before the words of a line, and the lines are a program's or prose."""
    apart = [b.bbox.y0 - a.bbox.y0 for a, b in pairwise(run)]
    even = sum(abs(space - median(apart)) <= UNEVEN * median(apart) for space in apart)
    rows = [[w for w in words if w is not number and in_one_row(w.bbox, number.bbox)] for number in run]
    own = [[w for w in row if w.bbox.x0 >= n.bbox.x1 + BESIDE] for n, row in zip(run, rows, strict=True)]
    if even < EVEN_SHARE * len(apart) or any(
        len(right) < len(row) or not right or min(w.bbox.x0 for w in right) - number.bbox.x1 > FURTHEST
        for number, row, right in zip(run, rows, own, strict=True)
    ):
        return False
    if step == 1 and typed and all(any(in_one_row(row[0].bbox, line.bbox) for line in typed) for row in own):
        return True
    if step == 1 and len(run) < STEPS[1]:
        return False
    if step == 1:
        return _is_prose(own)
    firsts = _firsts(words, own, run[0].bbox.y0, run[-1].bbox.y1)
    between = [_row_of(word, words) for word in firsts]
    return len(between) >= 0.7 * step * (len(run) - 1) and _is_prose(between)


def _firsts(words: Sequence[Line], own: Sequence[Sequence[Line]], top: float, bottom: float) -> list[Line]:
    """The first words of all lines between the first numbered line and the last."""
    left = min(w.bbox.x0 for row in own for w in row)
    return [w for w in words if abs(w.bbox.x0 - left) <= SAME_EDGE and top <= (w.bbox.y0 + w.bbox.y1) / 2 <= bottom]


def _row_of(first: Line, words: Iterable[Line]) -> list[Line]:
    return [w for w in words if w.bbox.x0 >= first.bbox.x0 and in_one_row(w.bbox, first.bbox)]


def _is_prose(rows: Sequence[Sequence[Line]]) -> bool:
    """Whether sentences go on over the ends of lines, in which no white parts the words."""
    said = [word.text for row in rows for word in row]
    if sum(any(ch.isalpha() for ch in text) for text in said) < SPELT * len(said):
        return False
    ordered = [sorted(row, key=lambda w: w.bbox.x0) for row in rows]
    going = [
        a[-1].text[-1:] not in ".:;!?" and (b[0].text[:1].islower() or not b[0].text[:1].isalpha())
        for a, b in pairwise(ordered)
    ]
    white = any(b.bbox.x0 - a.bbox.x1 > WHITE * height(a.bbox) for row in ordered for a, b in pairwise(row))
    return median(map(len, ordered)) >= WORDS and sum(going) >= GOING_ON * len(going) and not white
