"""Items of one list, which the layout model finds one by one or several in one region: a line each, one block. Pure.

Example: "• Wear gloves" and 10 points below it "• Unplug the pump" become one list of two lines; so does a region whose
lines begin with "1." and "2.".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from ingestion.blocks import Block, Line
from ingestion.geometry import in_one_column, union
from ingestion.text.bidi import has_rtl
from ingestion.text.cleaning import join_lines
from ingestion.text.index_entries import is_index

LIST_GAP = 14.0  # points between items of one list, at most
MAX_LIST_WORDS = 160  # of one block, at most
MARK_SHIFT = 8.0  # points between the left edges of the marks of one list, at most: "9." stands right of "10."
BULLET = re.compile(r"([•‣⁃●○◦■□▪▫▶►➢✓✔☐☑☒*–—-])\s+\S")
COUNTED = re.compile(r"(\(?(?:\d{1,2}\.)*)(\d{1,2}|[A-Za-z])([.):]?)\s+\S")
ROMAN = re.compile(r"(\(?)(x{0,3}(?:ix|iv|v?i{0,3}))([.)])\s+\S", re.IGNORECASE)
DIGITS = {"i": 1, "v": 5, "x": 10}
SENTENCE_ENDS = (".", ":", "!", "?")
DASHES = "*–—-"  # which may begin a line of prose, too


class _Mark(NamedTuple):
    """With what an item begins: the sign, or what stands around its number; and the number's value, 0 of a sign."""

    style: tuple[str, ...]
    value: int = 0


def item_texts(lines: Sequence[Line], listed: bool) -> list[str]:
    """The items of a text, each joined to one line of text, after what announces them; none where it is no list.

    There are two or more; signs are the same, numbers and letters count on, and all stand at one edge, on the right in
    right-to-left text. What announces them ends as a sentence does, and they count from one. ``listed``: layout takes
    the text for a list, so that a dash may be the sign.
    """
    if is_index([line.text for line in lines]):
        return _entries(lines)
    begins = (i for i, line in enumerate(lines) if _mark(line.text) or _roman_mark(line.text))
    first = next(begins, len(lines))
    if first and (first == len(lines) or not lines[first - 1].text.endswith(SENTENCE_ENDS)):
        return []
    items = _items(lines[first:], listed, announced=first > 0)
    return [join_lines(line.text for line in lines[:first]), *items] if first and items else items


def _entries(lines: Sequence[Line]) -> list[str]:
    """The entries of an index; pages that did not fit into a line go on with it."""
    found: list[str] = []
    for line in lines:
        if found and (line.text[0].isdigit() or found[-1].endswith((",", "-", "–"))):
            found[-1] = f"{found[-1]} {line.text}"
        else:
            found.append(line.text)
    return found


def _items(lines: Sequence[Line], listed: bool, announced: bool) -> list[str]:
    """The items of a text whose first line begins one."""
    rtl = any(has_rtl(line.text) for line in lines)
    edges = [-line.bbox.x1 if rtl else line.bbox.x0 for line in lines]
    outer = min(edges, default=0.0)
    at_edge = {
        i: line.text for i, (line, edge) in enumerate(zip(lines, edges, strict=True)) if edge - outer <= MARK_SHIFT
    }
    marks = {i: mark for i, text in at_edge.items() if (mark := _mark(text))}
    roman = {i: mark for i, text in at_edge.items() if (mark := _roman_mark(text))}
    if 0 in roman and any(mark == roman[0]._replace(value=roman[0].value + 1) for mark in roman.values()):
        marks = roman
    first = marks.get(0)
    if first is None or (not first.value and first.style[0] in DASHES and not listed):
        return []
    if announced and first.value > 1:
        return []
    starts = [0]
    for i, mark in marks.items():
        if i and mark == first._replace(value=first.value and first.value + len(starts)):
            starts.append(i)
    if len(starts) < 2:
        return []
    return [join_lines(line.text for line in lines[a:b]) for a, b in pairwise([*starts, len(lines)])]


def _mark(text: str) -> _Mark | None:
    if sign := BULLET.match(text):
        return _Mark((sign[1],))
    number = COUNTED.match(text)
    if number is None or not (number[1] or number[3]):  # "230 V" and "A pump" begin no item
        return None
    own = number[2]
    letters = "" if own.isdigit() else "a" if own.islower() else "A"
    return _Mark((number[1], letters, number[3]), int(own) if own.isdigit() else ord(own.lower()) - ord("a") + 1)


def _roman_mark(text: str) -> _Mark | None:
    """As :func:`_mark`, of Roman numbers up to 39."""
    number = ROMAN.match(text)
    if number is None or not number[2]:
        return None
    digits = [DIGITS[char] for char in number[2].lower()]
    value = sum(-a if a < b else a for a, b in zip(digits, [*digits[1:], 0], strict=True))
    return _Mark((number[1], "i" if number[2].islower() else "I", number[3]), value)


def merge_lists(blocks: Sequence[Block]) -> list[Block]:
    """Join items of one list, below each other in one column, to one block of lines."""
    merged: list[Block] = []
    for block in blocks:
        last = merged[-1] if merged else None
        if last and _same_list(last, block):
            merged[-1] = replace(last, bbox=union([last.bbox, block.bbox]), text=f"{last.text}\n{block.text}")
        else:
            merged.append(block)
    return merged


def _same_list(a: Block, b: Block) -> bool:
    """Whether an item goes on with the list above it."""
    return (
        a.kind == b.kind == "list"
        and -2 <= b.bbox.y0 - a.bbox.y1 <= LIST_GAP
        and in_one_column(a.bbox, b.bbox)
        and len(a.text.split()) + len(b.text.split()) <= MAX_LIST_WORDS
    )
