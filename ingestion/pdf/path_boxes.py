"""Boxes of what a page draws as paths: rules, fills and outlines.

The library's ``get_bboxlog`` calls Python for each run of text, too, and measures it: most of its time on a page of
print. Here only paths come (PyMuPDF 2.0, 2026-11); their boxes and order are the same.
"""

from __future__ import annotations

from typing import Any

from pymupdf import mupdf

Corners = tuple[float, float, float, float]


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
