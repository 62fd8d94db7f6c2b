"""A line chart and a bar chart drawn as vectors.

Enters: series of numbers and the box to draw in. Leaves: shapes on a sheet. Must not know: what the numbers are about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from reportlab.lib.colors import Color

from .pen import GREY, INK, RULE, WHITE, Box
from .sheet import Sheet


@dataclass(frozen=True, slots=True)
class Axis:
    """``label`` carries the unit; ``ticks`` are ascending, their ends are the ends of the axis."""

    label: str
    ticks: Sequence[float]

    def share(self, value: float) -> float:
        return (value - self.ticks[0]) / (self.ticks[-1] - self.ticks[0])


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    color: Color
    xs: Sequence[float]
    ys: Sequence[float]
    dash: tuple[float, ...] = ()
    name_at: tuple[float, float] | None = None
    values: Literal["above", "below", "none"] = "none"
    markers: bool = True


def _number(value: float) -> str:
    return f"{value:g}".replace("-", "–")


def _frame(sheet: Sheet, box: Box, y_axis: Axis) -> Box:
    """Grid, tick labels and label of the upright axis; returns the plot area."""
    plot = Box(box.x0 + 44, box.y0 + 8, box.x1 - 8, box.y1 - 34)
    for tick in y_axis.ticks:
        y = plot.y1 - y_axis.share(tick) * (plot.y1 - plot.y0)
        sheet.line(plot.x0, y, plot.x1, y, RULE, 0.45)
        sheet.text(plot.x0 - 6, y + 2.8, _number(tick), size=7.8, color=GREY, align="right")
    sheet.upright_text(box.x0 + 13, (plot.y0 + plot.y1) / 2, y_axis.label, 8.2, INK)
    return plot


def line_chart(sheet: Sheet, box: Box, x_axis: Axis, y_axis: Axis, series: Sequence[Series]) -> None:
    plot = _frame(sheet, box, y_axis)

    def at(x: float, y: float) -> tuple[float, float]:
        return (
            plot.x0 + 16 + x_axis.share(x) * (plot.x1 - plot.x0 - 32),
            plot.y1 - y_axis.share(y) * (plot.y1 - plot.y0),
        )

    for tick in x_axis.ticks:
        x, _ = at(tick, y_axis.ticks[0])
        sheet.line(x, plot.y1, x, plot.y1 + 3.5, INK, 0.6)
        sheet.text(x, plot.y1 + 13, _number(tick), size=7.8, color=GREY, align="centre")
    sheet.text((plot.x0 + plot.x1) / 2, plot.y1 + 28, x_axis.label, size=8.2, align="centre")
    sheet.line(plot.x0, plot.y1, plot.x1, plot.y1, INK, 0.8)
    for one in series:
        points = [at(x, y) for x, y in zip(one.xs, one.ys, strict=True)]
        sheet.poly(points, None, one.color, 1.7, closed=False, dash=one.dash)
        for (x, y), value in zip(points, one.ys, strict=True):
            if one.markers:
                sheet.circle(x, y, 2.5, WHITE, one.color, 1.3)
            if one.values != "none":
                sheet.text(
                    x,
                    y - 7 if one.values == "above" else y + 12.5,
                    f"{value:.1f}",
                    size=7.4,
                    color=one.color,
                    align="centre",
                )
        if one.name_at:
            x, y = at(*one.name_at)
            sheet.text(x, y, one.name, "Helvetica-Bold", 8.4, one.color)


def bar_chart(sheet: Sheet, box: Box, label: str, y_axis: Axis, bars: Sequence[tuple[str, float]], accent: int) -> None:
    """Bars with their values on top; the bar number ``accent`` is drawn in the stronger colour."""
    plot = _frame(sheet, box, y_axis)
    step = (plot.x1 - plot.x0) / len(bars)
    for i, (name, value) in enumerate(bars):
        tall = y_axis.share(value) * (plot.y1 - plot.y0)
        left = plot.x0 + step * (i + 0.22)
        sheet.rect(
            left, plot.y1 - tall, step * 0.56, tall, fill=sheet.accent if i == accent else Color(0.60, 0.71, 0.76)
        )
        middle = plot.x0 + step * (i + 0.5)
        sheet.text(middle, plot.y1 - tall - 4, _number(value), "Helvetica-Bold", 8.4, align="centre")
        sheet.text(middle, plot.y1 + 12, name, size=8.2, align="centre")
    sheet.line(plot.x0, plot.y1, plot.x1, plot.y1, INK, 0.8)
    sheet.text((plot.x0 + plot.x1) / 2, plot.y1 + 28, label, size=8.2, align="centre")
