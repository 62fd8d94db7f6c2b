"""Loops of the PDF library that take longer than what they are for, answered in less: the same values.

- Every rectangle is read by a function with five nested ones, made anew at each call; a page has thousands of them.
- What surrounds a line, for the layout model, is 64 numbers of an object whose names are looked for at every line.
- Features of a table's row are reckoned seven times for each of its two readings of the header.

Facts relied on (PyMuPDF 2.0, 2026-11): ``pymupdf.util_make_rect`` gives the four numbers of whatever is taken for a
rectangle; ``row_features`` and ``row_vector`` of ``pymupdf._table_headers`` answer by the texts of a row alone, and
nobody changes their answers; ``extract_rf_features`` writes the numbers of ``fz_features_for_region`` into
``data_dict["custom_features"]``, and takes invisible lines out where others are visible. A library of another version
than ``KNOWN`` is left as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import Any

import pymupdf
import pymupdf.features
from pymupdf import _table_headers
from pymupdf.layout import pymupdf_util_ext, pymupdf_util_rf

KNOWN = ("2.0",)  # versions whose functions are those that were compared
NOT_FEATURES = ("this", "thisown", "last_char_rect")
KEPT_ROWS = 2048  # rows of a few large tables
_library_rect = pymupdf.util_make_rect
_library_features = pymupdf_util_rf.extract_rf_features
_library_rows = {name: getattr(_table_headers, name) for name in ("row_features", "row_vector")}


def use_quick_loops() -> None:
    """Have the library of this process use what stands here."""
    if pymupdf.__version__ not in KNOWN:
        return
    pymupdf.util_make_rect = make_rect
    pymupdf_util_ext.extract_rf_features = extract_features
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


def extract_features(data_dict: dict[str, Any], stext_page: Any) -> None:
    """Note of each line what the model wants to know of it and its surroundings; leave invisible lines out where others
    are visible."""
    boxes, features, texts = data_dict["bboxes"], data_dict["custom_features"], data_dict["text"]
    visible = False
    for box, noted in zip(boxes, features, strict=True):
        region = pymupdf.mupdf.FzRect(box[0], box[1], box[2], box[3])
        found = pymupdf.features.fz_features_for_region(stext_page, region, 0)
        for name in _feature_names():
            noted[name] = getattr(found, name)
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


def _remembering(function: Callable[[list[str]], dict[str, float]]) -> Callable[[list[str]], dict[str, float]]:
    @lru_cache(KEPT_ROWS)
    def answer(texts: tuple[str, ...]) -> dict[str, float]:
        return function(list(texts))

    def remembered(texts: Sequence[str]) -> dict[str, float]:
        return dict(answer(tuple(texts)))

    return remembered


_remembered = {name: _remembering(function) for name, function in _library_rows.items()}
