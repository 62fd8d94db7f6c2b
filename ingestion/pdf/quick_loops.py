"""Loops of the PDF library that take longer than what they are for, answered in less: the same values.

- Every rectangle is read by a function with five nested ones, made anew at each call; a page has thousands of them.
  Whether two meet, and what they share, is asked of a third one made of one of them.
- The signs of each line are written down as a pattern ("C5W1D4") of which the model sees the first 20 signs.
- What surrounds a line, for the layout model, is 64 numbers of an object whose names are looked for at every line.
- Features of a table's row are reckoned seven times for each of its two readings of the header.
- Tables are looked for on every page, also where none can be.

Facts relied on (PyMuPDF 2.0, 2026-11): ``pymupdf.util_make_rect`` gives the four numbers of whatever is taken for a
rectangle; ``get_text_pattern`` and ``get_rf_features`` are asked for a vector and for numbers as they are;
``row_features`` and ``row_vector`` of ``pymupdf._table_headers`` answer by the texts of a row alone, and
nobody changes their answers; ``extract_rf_features`` writes the numbers of ``fz_features_for_region`` into
``data_dict["custom_features"]``, and takes invisible lines out where others are visible; ``page_html_tables`` is asked
once a page, with the regions of the layout model in its ``layout_information``, and finds others by what
``get_cdrawings`` tells of. A library of another version than ``KNOWN`` is left as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from itertools import groupby
from operator import attrgetter
from typing import Any

import pymupdf
import pymupdf.features
from pymupdf import _table_headers
from pymupdf.layout import common_util, pymupdf_util_ext, pymupdf_util_rf
from pymupdf.layout.onnx import BoxRFDGNN
from pymupdf4llm.helpers import table_html, utils

from ingestion.pdf.text_pages import drawings_of

KNOWN = ("2.0",)  # versions whose functions are those that were compared
NOT_FEATURES = ("this", "thisown", "last_char_rect")
KEPT_ROWS = 2048  # rows of a few large tables
KEPT_LINES = 1024  # of a few pages: running heads come again
CODES = 20  # signs of a pattern that the model sees, two numbers each
KINDS = ("text", "image", "vector", "h-line-vector", "v-line-vector")
IS_KIND = dict(zip(("is_text", "is_image", "is_vector", "is_hline_vector", "is_vline_vector"), KINDS, strict=True))
SYMBOLS = "•-*+<>()→✓#□■‣◦▪.:※"  # signs that have a number of their own in a pattern
_library_rect = pymupdf.util_make_rect
_library_init, _library_intersects = pymupdf.Rect.__init__, pymupdf.Rect.intersects
_library_shared = utils.intersect_rects
_library_pattern, _library_numbers = common_util.get_text_pattern, BoxRFDGNN.get_rf_features
_library_features = pymupdf_util_rf.extract_rf_features
_library_tables = table_html.page_html_tables
_library_rows = {name: getattr(_table_headers, name) for name in ("row_features", "row_vector")}


def use_quick_loops() -> None:
    """Have the library of this process use what stands here."""
    if pymupdf.__version__ not in KNOWN:
        return
    pymupdf.util_make_rect = make_rect
    pymupdf.Rect.__init__, pymupdf.Rect.intersects = init_rect, intersects
    utils.intersect_rects = intersect_rects
    BoxRFDGNN.get_text_pattern, BoxRFDGNN.get_rf_features = text_pattern, rf_features
    pymupdf_util_ext.extract_rf_features = extract_features
    table_html.page_html_tables = html_tables
    for name, remembered in _remembered.items():
        setattr(_table_headers, name, remembered)


def make_rect(*args: Any, **options: Any) -> Any:
    """The numbers of a rectangle given as such, as four, or in any other way that the library knows."""
    if not options or not any(value is not None for value in options.values()):
        if len(args) == 4:
            return args
        if len(args) == 1:
            kind = type(args[0])
            if kind is pymupdf.Rect or kind is pymupdf.IRect:
                return args[0].x0, args[0].y0, args[0].x1, args[0].y1
            if kind is tuple and len(args[0]) == 4:
                return args[0]
    return _library_rect(*args, **options)


def init_rect(self: Any, *args: Any, **options: Any) -> None:
    """What ``Rect`` does with what it is made of."""
    if not options and len(args) == 4:
        x0, y0, x1, y1 = args
    elif not options and len(args) == 1 and type(args[0]) is pymupdf.Rect:
        self.x0, self.y0, self.x1, self.y1 = args[0].x0, args[0].y0, args[0].x1, args[0].y1
        return
    else:
        x0, y0, x1, y1 = make_rect(*args, **options)
    self.x0, self.y0, self.x1, self.y1 = float(x0), float(y0), float(x1), float(y1)


def intersects(self: Any, x: Any) -> bool:
    """Whether a rectangle and another share an area."""
    kind = type(x)
    other = x if kind is pymupdf.Rect or kind is pymupdf.IRect else pymupdf.Rect(x)
    apart = self.x0 >= other.x1 or other.x0 >= self.x1 or self.y0 >= other.y1 or other.y0 >= self.y1
    empty = self.x0 >= self.x1 or self.y0 >= self.y1 or other.x0 >= other.x1 or other.y0 >= other.y1
    return not (apart or empty or self.is_infinite or other.is_infinite)


def intersect_rects(r1: Any, r2: Any, bbox_only: bool = False) -> Any:
    """What two rectangles share, turned inside out where that is nothing."""
    (ax0, ay0, ax1, ay1), (bx0, by0, bx1, by1) = _sides(r1), _sides(r2)
    shared = max(ax0, bx0), max(ay0, by0), min(ax1, bx1), min(ay1, by1)
    return shared if bbox_only else pymupdf.Rect(*shared)


def _sides(rect: Any) -> Any:
    return (rect.x0, rect.y0, rect.x1, rect.y1) if type(rect) is pymupdf.Rect else rect[:4]


def text_pattern(text: str, text_pattern: str | None = None, return_vector: bool = True) -> Any:
    """The pattern of a line's signs as numbers, two for each of its first 20 signs."""
    if text_pattern is not None or not return_vector:
        return _library_pattern(text, text_pattern, return_vector)
    return _pattern(text)


@lru_cache(KEPT_LINES)
def _pattern(text: str) -> list[float]:
    codes: list[int] = []
    for kind, run in groupby(map(_kind_of, text)):
        codes += kind, *map(int, str(sum(1 for _ in run)))
        if len(codes) >= CODES:
            break
    vector = [part / 8 for code in codes[:CODES] for part in divmod(code, 8)]
    return vector + [0.0] * (2 * CODES - len(vector))


@cache
def _kind_of(sign: str) -> int:
    """The number of a sign's kind: letter, digit, other, space, or its own."""
    if sign in SYMBOLS:
        return 14 + SYMBOLS.index(sign)
    if sign.isspace():
        return 13
    return 11 if sign.isdigit() else 10 if sign.isalnum() else 12


def rf_features(custom_feature: Any, rf_names: Sequence[str], do_log_norm: bool = False) -> list[float]:
    """The numbers noted of a line, in the order of their names."""
    if do_log_norm or BoxRFDGNN.IGNORE_FEATURE_NAMES:
        return _library_numbers(custom_feature, rf_names, do_log_norm)  # type: ignore[no-any-return]
    kind = custom_feature.get("box_type", "text")
    try:
        return [float(kind == IS_KIND[name] if name in IS_KIND else custom_feature[name]) for name in rf_names]
    except KeyError:  # the library says which is missing
        return _library_numbers(custom_feature, rf_names, do_log_norm)  # type: ignore[no-any-return]


def extract_features(data_dict: dict[str, Any], stext_page: Any) -> None:
    """Note of each line what the model wants to know of it and its surroundings; leave invisible lines out where others
    are visible."""
    boxes, features, texts = data_dict["bboxes"], data_dict["custom_features"], data_dict["text"]
    names, visible = _feature_names(), False
    numbers = attrgetter(*names)
    for box, noted in zip(boxes, features, strict=True):
        region = pymupdf.mupdf.FzRect(box[0], box[1], box[2], box[3])
        found = pymupdf.features.fz_features_for_region(stext_page, region, 0)
        noted.update(zip(names, numbers(found), strict=True))
        visible = visible or (noted["num_numerals"] + noted["num_non_numerals"] > 0 and noted["invisible"] == 0)
    if visible:
        kept = [number for number, noted in enumerate(features) if noted["invisible"] != 1]
        for held in (boxes, features, texts):
            held[:] = [held[number] for number in kept]


@cache
def _feature_names() -> tuple[str, ...]:
    return tuple(
        name for name in dir(pymupdf.features.fz_feature_stats) if not name.startswith("_") and name not in NOT_FEATURES
    )


def html_tables(page: Any) -> Any:
    """The tables of a page that was laid out. Where the layout model saw none and nothing is drawn that could be a
    rule, there are none: so on a third of the pages of manuals and reports."""
    seen = any(region["class_name"] == "table" for region in page.layout_information)
    return _library_tables(page) if seen or drawings_of(page.parent, page) else []


def _remembering(function: Callable[[list[str]], dict[str, float]]) -> Callable[[list[str]], dict[str, float]]:
    @lru_cache(KEPT_ROWS)
    def answer(texts: tuple[str, ...]) -> dict[str, float]:
        return function(list(texts))

    def remembered(texts: Sequence[str]) -> dict[str, float]:
        return dict(answer(tuple(texts)))

    return remembered


_remembered = {name: _remembering(function) for name, function in _library_rows.items()}
