"""Boxes on the stored page image cover the ink of what they name, however the page is turned, cut and measured."""

from pathlib import Path

import numpy as np
import pytest
from make_texts import CELLS, View, marked_page, scanned_page
from numpy.typing import NDArray
from PIL import Image

from ingestion.elements import BBox, Document
from ingestion.geometry import to_pixels, turned_back
from ingestion.parse import ParseOptions, parse_pdf

CUT = (20.0, 60.0, 30.0, 40.0)
VIEWS = {
    "plain": View(),
    "turned 90": View(rotate=90),
    "turned 180": View(rotate=180),
    "turned 270": View(rotate=270),
    "negative origin": View(origin=(-300, -200)),
    "far origin": View(origin=(100, 5000)),
    "crop box": View(crop=CUT),
    "crop box, turned 90, negative origin": View(rotate=90, origin=(-123.4, -77), crop=CUT),
    "crop box, turned 270, far origin": View(rotate=270, origin=(50, 70), crop=CUT),
    "user unit 2": View(unit=2),
    "user unit, crop box, turned 90": View(rotate=90, origin=(-9, 8), crop=CUT, unit=1.5),
    "user unit 0.5": View(unit=0.5),
    "30 points wide": View(scale=0.06),
    "5,000 points wide": View(scale=10),
    "14,300 points high": View(scale=22),
}
ALONE = ("turned 90", "turned 270", "negative origin", "far origin", "user unit 2", "5,000 points wide")
"""Views that others hold within them."""
BLUR = 2  # pixels by which ink spreads in the stored picture
COLOURS = {"text": 2, "figure": 0, "table": 1}  # channel of red, green, blue
LINES = ["Replace the filter every six months", "Torque limit 42 Nm at the flange", "Drain pump blocked by lint"]


def ink(picture: NDArray[np.int16], channel: int) -> NDArray[np.bool_]:
    others = [picture[..., c] for c in range(3) if c != channel]
    return (picture[..., channel] > others[0] + 60) & (picture[..., channel] > others[1] + 60)


def covered(document: Document, out: Path, kinds: tuple[str, ...]) -> tuple[NDArray[np.int16], NDArray[np.bool_]]:
    page = document.pages[0]
    with Image.open(out / (page.image or "")) as image:
        picture = np.asarray(image.convert("RGB"), dtype=np.int16)
    mask = np.zeros(picture.shape[:2], dtype=bool)
    for element in document.elements:
        if element.kind in kinds:
            scale = picture.shape[1] / page.width, picture.shape[0] / page.height
            left, top, right, bottom = to_pixels(element.region.bbox, *scale)
            mask[max(0, top - BLUR) : bottom + BLUR, max(0, left - BLUR) : right + BLUR] = True
    return picture, mask


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if name in ALONE else name for name in VIEWS]
)
def test_boxes_cover_text_figure_and_table(tmp_path: Path, name: str) -> None:
    view = VIEWS[name]
    document = parse_pdf(marked_page(tmp_path / "page.pdf", view), tmp_path, ParseOptions(ocr="off"))
    page = document.pages[0]
    assert (page.width, page.height) == pytest.approx(view.size, rel=1e-3)
    assert document.problems == ()
    for kind, channel in COLOURS.items():
        picture, mask = covered(document, tmp_path, (kind,))
        marks = ink(picture, channel)
        assert marks[mask].sum() >= 0.97 * marks.sum(), kind
        rows, columns = np.nonzero(marks)
        around = (np.ptp(rows) + 1) * (np.ptp(columns) + 1)
        assert mask.sum() <= 1.25 * around, kind
    table = next(e for e in document.elements if e.kind == "table")
    assert all(cell in table.text for row in CELLS for cell in row)


@pytest.mark.parametrize("name", ["turned 90", "turned 180", "crop box, turned 270, far origin", "30 points wide"])
def test_boxes_cover_recognised_lines(tmp_path: Path, name: str) -> None:
    document = parse_pdf(scanned_page(tmp_path / "scan.pdf", LINES, VIEWS[name]), tmp_path)
    picture, mask = covered(document, tmp_path, ("text", "heading", "title", "list"))
    marks = ink(picture, 2)
    assert marks[mask].sum() >= 0.97 * marks.sum()
    assert mask.mean() < 0.3
    said = " ".join(e.text for e in document.elements)
    assert [line for line in LINES if line in said] == LINES
    assert said.index(LINES[0]) < said.index(LINES[2])


@pytest.mark.parametrize("quarters", range(4))
def test_a_turned_box_is_turned_back(quarters: int) -> None:
    box, width, height = BBox(10, 20, 60, 50), 100.0, 200.0
    turned, size = box, (width, height)
    for _ in range(quarters):  # clockwise: what was at the bottom left is at the top left
        turned = BBox(size[1] - turned.y1, turned.x0, size[1] - turned.y0, turned.x1)
        size = size[1], size[0]
    assert turned_back(turned, quarters, *size) == box
