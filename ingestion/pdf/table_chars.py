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
from typing import Any

import numpy as np
import pymupdf
from pymupdf import _table_headers, table

BOLD_CHAR = 8  # the library's flag of a character that is drawn bold
PURE = ("count_alpha", "count_digit", "numeric_like", "date_or_period_like", "cell_type")
KEPT_TEXTS = 4096  # answers kept of each of those: the cells of a few large tables
_library_chars, _library_in_rect = table.make_chars, table.chars_in_rect
_remembered = {name: lru_cache(KEPT_TEXTS)(getattr(_table_headers, name)) for name in PURE}


def use_quick_chars() -> None:
    """Have the table finder of this process use what stands here."""
    table.make_chars, table.chars_in_rect = make_chars, chars_in_rect
    for name, remembered in _remembered.items():
        setattr(_table_headers, name, remembered)


def chars_in_rect(chars: Iterable[Mapping[str, Any]], rect: Sequence[float]) -> bool:
    """Whether one of the finder's characters lies in a rectangle, by its ``y0`` and ``y1``."""
    left, top, right, bottom = rect
    for char in chars:
        if left <= char["x0"] and char["x1"] <= right and top <= char["y0"] and bottom >= char["y1"]:
            return True
    return False


def make_chars(page: Any, clip: Any = None) -> Any:
    """Fill the table finder's list with the characters of a page; the text page they are from.

    A page whose matrix does more than turn the y axis upside down, such as one with a user space unit, is left to the
    library.
    """
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
    places = iter(_flipped(chars, ctm.e, ctm.f))
    found = table.CHARS._list()
    number, doctop = page.number + 1, page.rect.height * page.number
    for line, span, held in runs:
        cosine, sine = (round(value, 4) for value in line["dir"])
        turn = float(cosine), float(-sine), float(sine), float(cosine)
        upright = sine == 0
        font, size, colour = span["font"], span["size"], pymupdf.sRGB_to_pdf(span["color"])
        bold = bool(span["flags"] & pymupdf.TEXT_FONT_BOLD or span["char_flags"] & BOLD_CHAR)
        for char in held:
            x0, y0, x1, y1 = char["bbox"]
            low, high, left, bottom = next(places)
            found.append(
                {
                    "adv": x1 - x0 if upright else y1 - y0,
                    "bottom": y1,
                    "doctop": y0 + doctop,
                    "fontname": font,
                    "height": y1 - y0,
                    "matrix": (*turn, left, bottom),
                    "ncs": "DeviceRGB",
                    "non_stroking_color": colour,
                    "non_stroking_pattern": None,
                    "object_type": "char",
                    "page_number": number,
                    "size": size if upright else y1 - y0,
                    "stroking_color": colour,
                    "stroking_pattern": None,
                    "bold": bold,
                    "text": char["c"],
                    "top": y0,
                    "upright": upright,
                    "width": x1 - x0,
                    "x0": x0,
                    "x1": x1,
                    "y0": low,
                    "y1": high,
                }
            )
    return text_page


def _left(part: Mapping[str, Any]) -> float:
    return float(part["bbox"][0])


def _by_left_edge(chars: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(chars, key=_left)


def _flipped(chars: Sequence[Mapping[str, Any]], right: float, up: float) -> list[list[float]]:
    """Of each character the bottom and top of its box and its origin, counted from the bottom of the page."""
    if not chars:
        return []
    boxes = np.array([char["bbox"] for char in chars], dtype=np.float32)
    origins = np.array([char["origin"] for char in chars], dtype=np.float32)
    e, f = np.float32(right), np.float32(up)
    flipped: list[list[float]] = np.stack(
        [f - boxes[:, 3], f - boxes[:, 1], origins[:, 0] + e, f - origins[:, 1]], axis=1
    ).tolist()
    return flipped
