r"""Tables as Markdown and back. Pure.

Example: the rows ``("Part", "Torque")`` and ``("Pump", "12 Nm")`` are written ``| Part | Torque |``, ``| --- | --- |``,
``| Pump | 12 Nm |``; a pipe in a cell is written ``\|``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingestion.elements import Cell
from ingestion.tables.grid import Rows, to_grid

LEADERS = re.compile(r"(?<![\s.·…])\s*+(?:(?:[.·…]\s?+){4,}+|…++)$")
"""Dots that lead the eye from a label to its numbers."""


def cells_to_markdown(cells: Sequence[Cell]) -> str:
    """Write a table as Markdown; rows at its top and end that are one cell over all columns become lines around it."""
    grid = to_grid(cells)
    table = to_markdown([grid.header, *grid.body] if grid.header else [])
    return "\n\n".join(part for part in (*grid.above, table, *grid.below) if part)


def to_markdown(rows: Rows) -> str:
    """Write rows as a Markdown table, the first as its header; "" for none.

    Short rows are filled, pipes escaped, dot leaders left out.
    """
    if not rows:
        return ""
    columns = max(len(row) for row in rows)
    lines = ["| " + " | ".join([*(_cell(c) for c in row), *[""] * (columns - len(row))]) + " |" for row in rows]
    lines.insert(1, "|" + " --- |" * columns)
    return "\n".join(lines)


def from_markdown(text: str) -> list[list[str]]:
    """Read back a table written by :func:`to_markdown`; an empty list for other text."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    if len(lines) < 2 or set(lines[1]) - set("|- "):
        return []
    return [_split(line) for i, line in enumerate(lines) if i != 1]


def _cell(text: str) -> str:
    return LEADERS.sub("", " ".join(text.split())).replace("|", "\\|")


def _split(line: str) -> list[str]:
    inner = line.strip().removeprefix("|").removesuffix("|").replace("\\|", "\0")
    return [cell.strip().replace("\0", "|") for cell in inner.split("|")]
