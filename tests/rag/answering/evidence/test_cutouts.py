"""What of a piece of evidence is kept as its picture."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from ingestion.elements import BBox, Chunk, Region
from ingestion.formats.images import open_image
from rag.answering.evidence.cutouts import cutouts
from rag.types import Answer, Citation, Evidence

LEFT, RIGHT = BBox(50, 50, 290, 350), BBox(310, 50, 550, 250)
LINE = BBox(320, 100, 500, 112)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """Red on its left half, blue on its right."""
    picture = Image.new("RGB", (600, 800), "red")
    picture.paste("blue", (300, 0, 600, 800))
    picture.save(tmp_path / "page.png")
    return tmp_path / "page.png"


def kept(piece: Evidence, box: BBox) -> Image.Image:
    citation = Citation(1, "d", 1, box, piece.chunk.kind, "", "", None, True, highlights=(Region(1, LINE),))
    picture = cutouts(Answer("x [1]", (citation,), (piece,), False, 0, "quotes", 0.0, ""))["1"]
    with open_image(picture.data) as opened:
        return opened.convert("RGB")


def evidence(kind: str, page: Path, crop: Path | None = None, pictured: bool = False, *boxes: BBox) -> Evidence:
    chunk = Chunk(id="c", doc="d", kind=kind, text="", regions=tuple(Region(1, b) for b in boxes))  # type: ignore[arg-type]
    return Evidence(1, chunk, "a.pdf", "", crop, page, (600.0, 800.0), pictured=pictured)


def test_of_a_passage_in_two_columns_the_one_with_the_cited_line_is_kept(page: Path) -> None:
    shown = kept(evidence("text", page, None, False, LEFT, RIGHT), RIGHT)
    red, _, blue = shown.getpixel((shown.width // 2, shown.height // 2))  # type: ignore[misc]
    assert blue > 200 and red < 60
    assert shown.width / shown.height == pytest.approx(248 / 208, abs=0.02)


def test_of_a_passage_that_takes_in_what_stands_beside_it_the_cited_one_is_kept(page: Path) -> None:
    shown = kept(evidence("text", page, None, False, LEFT), RIGHT)
    red, _, blue = shown.getpixel((shown.width // 2, shown.height // 2))  # type: ignore[misc]
    assert blue > 200 and red < 60


def test_of_what_an_uploaded_picture_shows_that_part_is_kept_on_which_the_marks_are_right(page: Path) -> None:
    Image.new("RGB", (100, 300), "green").save(page.with_name("crop.png"))
    shown = kept(evidence("table", page, page.with_name("crop.png"), True, RIGHT), RIGHT)
    assert shown.width / shown.height == pytest.approx(248 / 208, abs=0.02)
    alone = kept(evidence("table", page, page.with_name("crop.png"), False, RIGHT), RIGHT)
    assert alone.width / alone.height == pytest.approx(1 / 3, abs=0.02)
