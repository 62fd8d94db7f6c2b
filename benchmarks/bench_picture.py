"""The result of `benchmarks/bench.py` as an SVG picture: a bar for each contestant, by speed and by processor time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from html import escape
from textwrap import wrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.bench import Row

WIDTH, MARGIN, LABELS, VALUES = 760, 24, 170, 60  # pixels
LONGEST_LINE = 120  # characters
BAR, GAP, TITLE, SMALL = 20, 8, 34, 16
OURS, OTHERS, INK, PALE, PAPER = "#2f6f9f", "#b8bfc6", "#24292f", "#57606a", "#ffffff"


def drawn(rows: Sequence[Row], said: str) -> str:
    """The SVG file's text; ``said`` stands below the bars. Rows of contestants that are not installed are left out."""
    there = [row for row in rows if not row.missing]
    parts, y = list[str](), MARGIN
    panels: list[tuple[str, Callable[[Row], float], str]] = [
        ("Pages per second (longer is better)", lambda row: row.speed, "{:.2f}"),
        ("Processor seconds per page (shorter is better)", lambda row: row.processor, "{:.2f}"),
    ]
    for title, value, form in panels:
        parts.append(_text(MARGIN, y + 14, title, 15, INK, bold=True))
        y += TITLE
        parts += _bars(there, y, value, form)
        y += len(there) * (BAR + GAP) + GAP
    for line in said.splitlines():
        for piece in wrap(line, LONGEST_LINE):
            parts.append(_text(MARGIN, y + 10, piece, 11, PALE))
            y += SMALL
    height = y + MARGIN // 2
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
            'font-family="Helvetica, Arial, sans-serif">',
            f'<rect width="{WIDTH}" height="{height}" rx="6" fill="{PAPER}"/>',
            *parts,
            "</svg>\n",
        ]
    )


def _bars(rows: Sequence[Row], top: int, value: Callable[[Row], float], form: str) -> Iterator[str]:
    most = max((value(row) for row in rows), default=0.0) or 1.0
    room = WIDTH - 2 * MARGIN - LABELS - VALUES
    for number, row in enumerate(rows):
        y = top + number * (BAR + GAP)
        long = max(1.0, room * value(row) / most)
        workers = f"{row.name}, {row.workers} worker" + ("s" if row.workers > 1 else "")
        yield _text(MARGIN, y + 14, workers, 12, INK)
        colour = OURS if row.name == "pagesight" else OTHERS
        yield f'<rect x="{MARGIN + LABELS}" y="{y}" width="{long:.1f}" height="{BAR}" rx="2" fill="{colour}"/>'
        yield _text(MARGIN + LABELS + long + 6, y + 14, form.format(value(row)), 12, INK)


def _text(x: float, y: float, text: str, size: int, colour: str, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:.1f}" y="{y}" font-size="{size}" fill="{colour}"{weight}>{escape(text)}</text>'
