"""The characters of a page as the library's table finder wants them, made at once instead of one by one; and what it
asks of them, answered without objects in between.

Its own loop multiplies the box and the origin of every character with the page's matrix, through objects of Python and
of C++: a quarter of the time that a page full of tables takes. Here numpy does that for the whole page, in the single
precision that the library calculates in, so the values are the same to the last bit. Lines through and under letters
are not looked for, which nobody asks of these characters and which takes ten times as long as reading them (12 to 23 ms
of a page); a letter is bold by its font alone, not where it is drawn twice.

Facts relied on (PyMuPDF 2.0, 2026-11): ``pymupdf.table.make_chars`` fills the list ``CHARS`` with one dictionary a
character, of the keys below, and returns the text page that they were read from; ``chars_in_rect`` looks for one in a
rectangle; the functions of ``pymupdf._table_headers`` named in ``PURE`` answer by their text alone, and are asked of
the same cells again and again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import pymupdf
from numpy.typing import NDArray
from pymupdf import _table_headers, table

KEYS = (
    *("adv", "bottom", "doctop", "fontname", "height", "matrix", "ncs", "non_stroking_color", "non_stroking_pattern"),
    *("object_type", "page_number", "size", "stroking_color", "stroking_pattern", "bold", "text", "top", "upright"),
    *("width", "x0", "x1", "y0", "y1"),
)
BOLD_CHAR = 8  # the library's flag of a character that is drawn bold
PURE = ("count_alpha", "count_digit", "numeric_like", "date_or_period_like", "cell_type")
KEPT_TEXTS = 4096  # answers kept of each of those: the cells of a few large tables
_library_chars, _library_in_rect = table.make_chars, table.chars_in_rect
Values = NDArray[np.float64]
_remembered = {name: lru_cache(KEPT_TEXTS)(getattr(_table_headers, name)) for name in PURE}


def use_quick_chars() -> None:
    """Have the table finder of this process use what stands here."""
    table.make_chars, table.chars_in_rect = make_chars, chars_in_rect
    for name, remembered in _remembered.items():
        setattr(_table_headers, name, remembered)


class _Sides(NamedTuple):
    """Of all characters of a list, by its ``id`` and length, the values that :func:`chars_in_rect` compares."""

    made: int
    letters: int
    x0: Values
    x1: Values
    y0: Values
    y1: Values


_last: _Sides | None = None  # of the characters made last


def chars_in_rect(chars: Iterable[Mapping[str, Any]], rect: Sequence[float]) -> bool:
    """Whether one of the finder's characters lies in a rectangle, by its ``y0`` and ``y1``."""
    left, top, right, bottom = rect
    held = chars._list() if isinstance(chars, table._TableStateList) else None
    if held is not None and _last and (_last.made, _last.letters) == (id(held), len(held)):
        _, _, x0, x1, y0, y1 = _last
        return bool(((left <= x0) & (x1 <= right) & (top <= y0) & (bottom >= y1)).any())
    for char in chars:
        if left <= char["x0"] and char["x1"] <= right and top <= char["y0"] and bottom >= char["y1"]:
            return True
    return False


def make_chars(page: Any, clip: Any = None) -> Any:
    """Fill the table finder's list with the characters of a page; the text page they are from.

    A page whose matrix does more than turn the y axis upside down, such as one with a user space unit, is left to the
    library.
    """
    global _last
    _last = None
    ctm = page.transformation_matrix
    if (ctm.a, ctm.b, ctm.c, ctm.d) != (1.0, 0.0, 0.0, -1.0):
        return _library_chars(page, clip=clip)
    text_page = page.get_textpage(clip=clip, flags=table.FLAGS & ~pymupdf.TEXT_COLLECT_STYLES)
    blocks = page.get_text("rawdict", textpage=text_page)["blocks"]
    runs = [
        (line, span, _by_left_edge(span["chars"]))
        for block in blocks
        for line in block["lines"]
        for span in sorted(line["spans"], key=_left)
    ]
    chars = [char for _, _, held in runs for char in held]
    boxes, origins = _numbers(chars, "bbox", 4), _numbers(chars, "origin", 2)
    flipped = _flipped(boxes, origins, ctm.e, ctm.f)
    places = iter(flipped.tolist())
    found = table.CHARS._list()
    number, doctop = page.number + 1, page.rect.height * page.number
    for line, span, held in runs:
        cosine, sine = (round(value, 4) for value in line["dir"])
        turn = float(cosine), float(-sine), float(sine), float(cosine)
        upright = sine == 0
        size, colour = span["size"], pymupdf.sRGB_to_pdf(span["color"])
        of_all = dict.fromkeys(KEYS) | {
            "fontname": span["font"],
            "ncs": "DeviceRGB",
            "non_stroking_color": colour,
            "object_type": "char",
            "page_number": number,
            "size": size,
            "stroking_color": colour,
            "bold": bool(span["flags"] & pymupdf.TEXT_FONT_BOLD or span["char_flags"] & BOLD_CHAR),
            "upright": upright,
        }
        for char, (low, high, left, bottom) in zip(held, places, strict=False):
            x0, y0, x1, y1 = char["bbox"]
            wide, tall = x1 - x0, y1 - y0
            made = of_all.copy()  # with the rest filled in half the time that a new one takes
            made["adv"] = wide if upright else tall
            made["bottom"] = y1
            made["doctop"] = y0 + doctop
            made["height"] = tall
            made["matrix"] = (*turn, left, bottom)
            if not upright:
                made["size"] = tall
            made["text"] = char["c"]
            made["top"] = y0
            made["width"] = wide
            made["x0"], made["x1"], made["y0"], made["y1"] = x0, x1, low, high
            found.append(made)
    if len(found) == len(chars):
        exact = boxes.astype(np.float64), flipped.astype(np.float64)
        _last = _Sides(id(found), len(found), exact[0][:, 0], exact[0][:, 2], exact[1][:, 0], exact[1][:, 1])
    return text_page


def _left(part: Mapping[str, Any]) -> float:
    return float(part["bbox"][0])


def _by_left_edge(chars: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(chars, key=_left)


def _numbers(chars: Sequence[Mapping[str, Any]], key: str, count: int) -> NDArray[np.float32]:
    """``count`` numbers of each character."""
    every = chain.from_iterable([char[key] for char in chars])
    return np.fromiter(every, np.float32, count * len(chars)).reshape(len(chars), count)


def _flipped(boxes: NDArray[np.float32], origins: NDArray[np.float32], right: float, up: float) -> NDArray[np.float32]:
    """Of each character the bottom and top of its box and its origin, counted from the bottom of the page."""
    e, f = np.float32(right), np.float32(up)
    return np.stack([f - boxes[:, 3], f - boxes[:, 1], origins[:, 0] + e, f - origins[:, 1]], axis=1)
