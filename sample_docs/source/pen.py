"""A pen on pages with the origin at the top left, which remembers where named things were drawn.

Enters: shapes and single lines of text in PDF points (1/72 inch) from the top left. Leaves: a PDF file and ``places``,
the page and box of every name that was marked. Must not know: what any document says.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from reportlab.lib.colors import Color, HexColor
from reportlab.pdfgen.canvas import Canvas

INK = HexColor("#1C2833")
NAVY = HexColor("#10293D")
TEAL = HexColor("#0B7285")
PALE = HexColor("#E9F2F4")
GREY = HexColor("#5D6D79")
RULE = HexColor("#C5D0D7")
AMBER = HexColor("#E69500")
RED = HexColor("#BF3B2B")
WHITE = HexColor("#FFFFFF")

Point = tuple[float, float]


class Box(NamedTuple):
    """A rectangle in points from the top left of its page."""

    x0: float
    y0: float
    x1: float
    y1: float

    def join(self, other: Box) -> Box:
        return Box(min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1))

    def grow(self, by: float) -> Box:
        return Box(self.x0 - by, self.y0 - by, self.x1 + by, self.y1 + by)


class Place(NamedTuple):
    """Where something was drawn; ``page`` counts from 1."""

    page: int
    box: Box


class Pen:
    """Pages under construction. All colours, sizes and coordinates are explicit: the same calls give the same bytes."""

    def __init__(
        self, path: Path, size: tuple[float, float], title: str, author: str, subject: str, accent: Color = NAVY
    ) -> None:
        self.width, self.height = size
        self.page = 1
        self.accent = accent
        self.places: dict[str, list[Place]] = {}
        self.headings: list[tuple[int, str, int]] = []
        self._ink: Box | None = None
        self.canvas = Canvas(str(path), pagesize=size, invariant=1, pageCompression=1)
        self.canvas.setTitle(title)
        self.canvas.setAuthor(author)
        self.canvas.setSubject(subject)
        self.canvas.setCreator("sample_docs/build.py")

    def mark(self, name: str, box: Box) -> Box:
        self.places.setdefault(name, []).append(Place(self.page, box))
        return box

    def begin_figure(self) -> None:
        self._ink = None

    def end_figure(self, name: str) -> Box:
        """Marks the box around all shapes and single lines of text drawn since ``begin_figure``."""
        if self._ink is None:
            raise ValueError(f"nothing was drawn for {name}")
        return self.mark(name, self._ink.grow(2))

    def _touch(self, x0: float, y0: float, x1: float, y1: float) -> None:
        box = Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        self._ink = self._ink.join(box) if self._ink else box

    def next_page(self) -> None:
        self.canvas.showPage()
        self.page += 1

    def save(self) -> None:
        self.canvas.save()

    def outline(self, level: int, title: str) -> None:
        """Adds an entry to the bookmarks and to ``headings`` for the contents page."""
        key = f"h{len(self.headings)}"
        self.headings.append((level, title, self.page))
        self.canvas.bookmarkPage(key)
        self.canvas.addOutlineEntry(title, key, level, closed=level > 0)

    def _pen(self, fill: Color | None, stroke: Color | None, width: float, dash: Sequence[float]) -> tuple[int, int]:
        self.canvas.setLineWidth(width)
        self.canvas.setDash(list(dash))
        self.canvas.setLineJoin(1)
        self.canvas.setLineCap(1 if not dash else 0)
        if fill is not None:
            self.canvas.setFillColor(fill)
        if stroke is not None:
            self.canvas.setStrokeColor(stroke)
        return int(stroke is not None), int(fill is not None)

    def line(
        self,
        x0: float,
        y0: float,
        x1: float,
        y1: float,
        color: Color = INK,
        width: float = 0.7,
        dash: Sequence[float] = (),
    ) -> None:
        self._pen(None, color, width, dash)
        self._touch(x0, y0, x1, y1)
        self.canvas.line(x0, self.height - y0, x1, self.height - y1)

    def rect(
        self,
        x: float,
        y: float,
        w: float,
        h: float,
        fill: Color | None = None,
        stroke: Color | None = None,
        width: float = 0.7,
        radius: float = 0,
        dash: Sequence[float] = (),
    ) -> None:
        drawn, filled = self._pen(fill, stroke, width, dash)
        self._touch(x, y, x + w, y + h)
        if radius:
            self.canvas.roundRect(x, self.height - y - h, w, h, radius, stroke=drawn, fill=filled)
        else:
            self.canvas.rect(x, self.height - y - h, w, h, stroke=drawn, fill=filled)

    def circle(
        self, x: float, y: float, r: float, fill: Color | None = None, stroke: Color | None = INK, width: float = 0.7
    ) -> None:
        drawn, filled = self._pen(fill, stroke, width, ())
        self._touch(x - r, y - r, x + r, y + r)
        self.canvas.circle(x, self.height - y, r, stroke=drawn, fill=filled)

    def poly(
        self,
        points: Sequence[Point],
        fill: Color | None = None,
        stroke: Color | None = INK,
        width: float = 0.7,
        closed: bool = True,
        dash: Sequence[float] = (),
    ) -> None:
        drawn, filled = self._pen(fill, stroke, width, dash)
        self._touch(
            min(x for x, _ in points), min(y for _, y in points), max(x for x, _ in points), max(y for _, y in points)
        )
        path = self.canvas.beginPath()
        path.moveTo(points[0][0], self.height - points[0][1])
        for x, y in points[1:]:
            path.lineTo(x, self.height - y)
        if closed:
            path.close()
        self.canvas.drawPath(path, stroke=drawn, fill=filled)

    def arrow(self, x: float, y: float, dx: float, dy: float, color: Color = INK, size: float = 5) -> None:
        """A filled arrow head whose tip is at (x, y), pointing along the unit vector (dx, dy)."""
        back = (x - dx * size, y - dy * size)
        self.poly(
            [
                (x, y),
                (back[0] - dy * size * 0.45, back[1] + dx * size * 0.45),
                (back[0] + dy * size * 0.45, back[1] - dx * size * 0.45),
            ],
            fill=color,
            stroke=None,
        )

    def text(
        self,
        x: float,
        y: float,
        words: str,
        font: str = "Helvetica",
        size: float = 8,
        color: Color = INK,
        align: str = "left",
        spacing: float = 0,
    ) -> Box:
        """One line with its baseline at ``y``; returns its box."""
        width = self.canvas.stringWidth(words, font, size) + spacing * (len(words) - 1)
        left = {"left": x, "centre": x - width / 2, "right": x - width}[align]
        self.canvas.setFillColor(color)
        self.canvas.setFont(font, size)
        self.canvas.drawString(left, self.height - y, words, charSpace=spacing)
        self._touch(left, y - size * 0.75, left + width, y + size * 0.25)
        return Box(left, y - size * 0.75, left + width, y + size * 0.25)

    def upright_text(self, x: float, y: float, words: str, size: float = 8, color: Color = INK) -> None:
        """A line that reads upwards, centred on (x, y)."""
        half = self.canvas.stringWidth(words, "Helvetica", size) / 2
        self._touch(x - size * 0.75, y - half, x + size * 0.25, y + half)
        self.canvas.saveState()
        self.canvas.translate(x, self.height - y)
        self.canvas.rotate(90)
        self.canvas.setFillColor(color)
        self.canvas.setFont("Helvetica", size)
        self.canvas.drawCentredString(0, 0, words)
        self.canvas.restoreState()
