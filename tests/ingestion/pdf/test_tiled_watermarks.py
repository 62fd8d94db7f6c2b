"""A watermark that is set many times behind the text is read once; greyed words beside each other stay."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from ingestion.pdf.document import Pdf

TEXT = ["The oil is changed every 2,000 operating hours or once", "a year, whichever comes first. The amount is 1.9 l."]


def tiled(path: Path, colour: float, step: float) -> list[str]:
    """The lines of a page with "DRAFT" at every ``step`` points, behind its text where that is small."""
    doc = pymupdf.open()
    page = doc.new_page(width=400, height=300)
    for y in range(120 if step > 60 else 30, 280, 30):
        for x in range(10, 390, int(step)):
            page.insert_text((x, y), "DRAFT", fontsize=10, color=(colour,) * 3)
    for i, line in enumerate(TEXT):
        page.insert_text((40, 60 + 30 * i), line)
    doc.save(path)
    with Pdf(path) as pdf:
        return [line.text for line in pdf.page(1).lines()]


def test_a_tiled_watermark_is_read_once(tmp_path: Path) -> None:
    lines = tiled(tmp_path / "a.pdf", 0.85, 55)
    assert [line for line in lines if line in TEXT] == TEXT
    assert " ".join(lines).count("DRAFT") == 1


@pytest.mark.parametrize(("colour", "step"), [(0.0, 55), (0.85, 90)])
def test_words_in_black_or_beside_the_text_stay(tmp_path: Path, colour: float, step: float) -> None:
    assert " ".join(tiled(tmp_path / "a.pdf", colour, step)).count("DRAFT") > 6
