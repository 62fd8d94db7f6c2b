"""Boxes of what a page draws as paths: rules, fills and outlines.

The library's ``get_bboxlog`` calls Python for each run of text, too, and measures it: most of its time on a page of
print. Here only paths come (PyMuPDF 2.0, 2026-11); their boxes and order are the same.

Some programs draw all rules of a row or table as one path (Word, iText): its box is the table's, and says nothing of
the rules. :func:`with_rules_apart` puts the rules in its place.

Example: one path of five thin rectangles, a row's sides and its top, is five boxes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from pymupdf import mupdf

from ingestion.geometry import RULE_WIDTH

Corners = tuple[float, float, float, float]

LEAST_SIDE = 8.0  # points of a box, in both directions, that may be several rules
MOST_PATHS = 1000  # of a page, and parts of one path: a map or drawing has more, and they are no rules
LEAST_RULES = 3  # in one path: two may frame a text
SLACK = 1.0  # points between the box of a path and that of its parts, and the width of its line
LEVEL = 0.1  # points by which a level or upright line may be aslant


def path_boxes(page: Any) -> list[Corners]:
    """Left, top, right and bottom of all paths of a page, in the order in which they are drawn, not cut to the page."""
    if page.rotation:
        return [entry[1] for entry in page.get_bboxlog() if "path" in entry[0]]
    device = _Paths()
    mupdf.fz_run_page(page.this, device, mupdf.FzMatrix(), mupdf.FzCookie())
    mupdf.fz_close_device(device)
    return device.found


class _Paths(mupdf.FzDevice2):  # type: ignore[misc]  # a class of the C++ library, untyped
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Corners] = []
        self.use_virtual_fill_path()
        self.use_virtual_stroke_path()

    def fill_path(self, _context: Any, path: Any, _even_odd: Any, matrix: Any, *_paint: Any) -> None:
        """A path that is filled."""
        self._note(mupdf.ll_fz_bound_path(path, None, matrix))

    def stroke_path(self, _context: Any, path: Any, stroke: Any, matrix: Any, *_paint: Any) -> None:
        """A path whose outline is drawn."""
        self._note(mupdf.ll_fz_bound_path(path, stroke, matrix))

    def _note(self, box: Any) -> None:
        self.found.append((box.x0, box.y0, box.x1, box.y1))


def may_hold_rules(boxes: Sequence[Corners]) -> bool:
    """Whether a page's paths may have several rules in one."""
    return len(boxes) <= MOST_PATHS and any(min(x1 - x0, y1 - y0) > LEAST_SIDE for x0, y0, x1, y1 in boxes)


def with_rules_apart(boxes: Sequence[Corners], drawings: Iterable[dict[str, Any]]) -> list[Corners]:
    """The boxes of a page's paths, each of those that are made of rules alone as the boxes of its rules.

    ``drawings``: what the library tells of the same paths (``get_cdrawings``). All in points.
    """
    parted = [(_around(rules), rules) for drawing in drawings if (rules := _rules_in(drawing))]
    result: list[Corners] = []
    for box in boxes:
        result += next((rules for around, rules in parted if _is_same(around, box)), [box])
    return result


def _around(rules: Sequence[Corners]) -> Corners:
    """The box of all rules: that which the library tells leaves some of them out (PyMuPDF 2.0, 2026-11)."""
    x0, y0, x1, y1 = zip(*rules, strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def _rules_in(drawing: dict[str, Any]) -> list[Corners]:
    """The rules of a path of several; none where it draws anything else."""
    items = drawing["items"]
    if not LEAST_RULES <= len(items) <= MOST_PATHS:
        return []
    if all(item[0] == "re" for item in items):
        found = [(float(x0), float(y0), float(x1), float(y1)) for x0, y0, x1, y1 in (item[1] for item in items)]
        return found if all(min(x1 - x0, y1 - y0) <= RULE_WIDTH for x0, y0, x1, y1 in found) else []
    if any(item[0] != "l" for item in items) or any(a[2] == b[1] for a, b in pairwise(items)):
        return []  # other shapes, or an outline
    half = float(drawing.get("width") or 0.0) / 2
    lines = [(*map(min, a, b), *map(max, a, b)) for _, a, b in items]
    if any(min(x1 - x0, y1 - y0) > LEVEL for x0, y0, x1, y1 in lines):
        return []
    return [
        (
            x0 - half * (x1 - x0 <= LEVEL),
            y0 - half * (y1 - y0 <= LEVEL),
            x1 + half * (x1 - x0 <= LEVEL),
            y1 + half * (y1 - y0 <= LEVEL),
        )
        for x0, y0, x1, y1 in lines
    ]


def _is_same(around: Corners, box: Corners) -> bool:
    return all(abs(a - b) <= SLACK for a, b in zip(around, box, strict=True))
