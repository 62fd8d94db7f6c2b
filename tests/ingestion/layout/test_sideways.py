"""Tables that are printed sideways on an upright page, and sideways words that are none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest
from make_pdfs import save

from ingestion.elements import BBox, Document
from ingestion.geometry import inside
from ingestion.parse import ParseOptions, parse_pdf

HEAD = ["Pipe", "Inner (mm)", "Outer (mm)", "Bend radius"]
ROWS = [[f"DN{n}", f"{n + 1.5}", f"{n + 8.4}", f"{4 * n}"] for n in (15, 20, 25, 32, 40)]
CAPTION = "Table 7: Dimensions of the pipes"
PROSE = (
    "Use seamless pipes only. The values below hold for steel. For copper pipes see the chapter on solar circuits, "
    "which are welded."
)
AFTER = "After the pipes are laid, rinse them with clean water for ten minutes and close the vent by hand."


def table(rows: list[list[str]], caption: str, ruled: bool = True) -> pymupdf.Document:
    doc = pymupdf.open()
    page = doc.new_page(width=560, height=45 + 28 * len(rows))
    for y, row in enumerate(rows):
        for x, text in enumerate(row):
            cell = pymupdf.Rect(10 + 130 * x, 35 + 28 * y, 140 + 130 * x, 63 + 28 * y)
            if ruled:
                page.draw_rect(cell, width=0.7)
            page.insert_text((cell.x0 + 6, cell.y1 - 9), text, fontsize=11, fontname="helv" if y else "hebo")
    page.insert_text((10, 22), caption, fontsize=11)
    return doc


def page_of(
    folder: Path, rotate: int, rows: list[list[str]], rect: pymupdf.Rect, caption: str = CAPTION, ruled: bool = True
) -> Path:
    doc = pymupdf.open()
    page = doc.new_page()
    page.insert_text((60, 60), "5.3 Pipes", fontsize=14, fontname="hebo")
    page.insert_textbox(pymupdf.Rect(60, 75, 535, 130), PROSE, fontsize=11)
    page.show_pdf_page(rect, table(rows, caption, ruled), 0, rotate=rotate)
    if rect.y1 < 600:
        page.insert_textbox(pymupdf.Rect(60, 650, 535, 700), AFTER, fontsize=11)
    return save(doc, folder / "sideways.pdf")


def read(path: Path) -> Document:
    return parse_pdf(path, path.parent / "out", ParseOptions(ocr="off"))


def check(document: Document, rows: list[list[str]], path: Path) -> None:
    (found,) = [e for e in document.elements if e.kind == "table"]
    lines = found.text.splitlines()
    assert [lines[0], *lines[2:]] == ["| " + " | ".join(row) + " |" for row in rows]
    assert found.caption == CAPTION
    with pymupdf.open(path) as doc:
        words = [(str(word[4]), BBox(*word[:4])) for word in doc[0].get_text("words")]
    assert all(inside(box, found.region.bbox) > 0.6 for text, box in words if text in ("DN15", "DN40", "Bend", "160"))
    assert not any(inside(box, found.region.bbox) > 0 for text, box in words if text in ("seamless", "rinse"))
    assert [e.text for e in document.elements if "seamless" in e.text] == [PROSE]


@pytest.mark.parametrize("ruled", [True, False])
@pytest.mark.parametrize("rotate", [90, 270])
def test_a_sideways_table_has_its_rows_caption_and_place(tmp_path: Path, rotate: int, ruled: bool) -> None:
    path = page_of(tmp_path, rotate, [HEAD, *ROWS], pymupdf.Rect(120, 150, 420, 590), ruled=ruled)
    document = read(path)
    check(document, [HEAD, *ROWS], path)
    assert document.elements[-1].text == AFTER


@pytest.mark.parametrize("rotate", [90, 270])
def test_prose_stays_upright_beside_a_sideways_table_over_most_of_the_page(tmp_path: Path, rotate: int) -> None:
    rows = [HEAD, *ROWS, *([f"DN{n}", f"{n + 2.5}", f"{n + 9.4}", f"{5 * n}"] for n in range(50, 150, 10))]
    path = page_of(tmp_path, rotate, rows, pymupdf.Rect(60, 140, 530, 800))
    check(read(path), rows, path)


def test_a_sideways_table_takes_the_caption_that_stands_upright_above_it(tmp_path: Path) -> None:
    path = page_of(tmp_path, 90, [HEAD, *ROWS], pymupdf.Rect(120, 160, 420, 590), caption=" ")
    doc = pymupdf.open(path)
    doc[0].insert_text((122, 152), CAPTION, fontsize=11)
    path = save(doc, tmp_path / "above.pdf")
    document = read(path)
    check(document, [HEAD, *ROWS], path)
    assert not [e for e in document.elements if e.kind == "figure"]


def chart(page: pymupdf.Page) -> None:
    months = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October")
    for number, month in enumerate(months):
        page.draw_rect(pymupdf.Rect(120 + 35 * number, 280 + 20 * number % 130, 140 + 35 * number, 420), fill=(0, 0, 1))
        page.insert_text((133 + 35 * number, 480), month, fontsize=9, rotate=90)
    page.insert_text((100, 400), "Energy used per month (MWh)", fontsize=9, rotate=90)
    for number in range(5):
        page.insert_text((76, 420 - 35 * number), f"{50 * number} MWh", fontsize=8)
    page.insert_text((110, 510), "Figure 3: Energy by month", fontsize=10)


def tools(page: pymupdf.Page) -> None:
    for x, name in enumerate(("Torque wrench", "Feeler gauge", "Hot air gun", "Crimp pliers", "Test lamp")):
        page.draw_rect(pymupdf.Rect(200 + 40 * x, 140, 240 + 40 * x, 230), width=0.5)
        page.insert_text((224 + 40 * x, 225), name, fontsize=10, rotate=90)
        for y in range(8):
            page.draw_rect(pymupdf.Rect(200 + 40 * x, 230 + 20 * y, 240 + 40 * x, 250 + 20 * y), width=0.5)
            page.insert_text((216 + 40 * x, 245 + 20 * y), "x-"[(x + y) % 2], fontsize=10)
    for y in range(8):
        page.draw_rect(pymupdf.Rect(60, 230 + 20 * y, 200, 250 + 20 * y), width=0.5)
        page.insert_text((66, 245 + 20 * y), f"Service job {y}", fontsize=10)


def margin(page: pymupdf.Page) -> None:
    page.insert_text((30, 600), "Preprint 2031.00417v2 of 3 March, not for sale or print", fontsize=12, rotate=90)


@pytest.mark.parametrize(
    ("drawn", "kind", "says"),
    [
        (chart, "figure", "September"),
        (tools, "table", "| Service job 0 | x | - | x | - | x |"),
        (margin, "text", "3 March"),
    ],
)
def test_sideways_words_of_charts_table_heads_and_margins_stay_where_they_are(
    tmp_path: Path, drawn: Callable[[pymupdf.Page], None], kind: str, says: str
) -> None:
    doc = pymupdf.open()
    page = doc.new_page()
    page.insert_textbox(pymupdf.Rect(60, 60, 535, 125), PROSE, fontsize=11)
    drawn(page)
    document = read(save(doc, tmp_path / "upright.pdf"))
    assert [e.kind for e in document.elements if says in e.text] == [kind]
    assert sum(e.kind == "table" for e in document.elements) == (kind == "table")


PANELS = {
    "Disposal": "Do not throw the lamp into household waste. Take it to a collection point.",
    "Batteries": "Use two cells of type AAA. Remove them before storage of more than 30 days.",
    "Safety": "Never look into the beam. Keep the lamp away from children under 8 years.",
    "Use": "Turn the ring to the left to widen the beam. Press twice for the flashing mode.",
}


@pytest.mark.parametrize("ruled", [True, False])
def test_panels_that_stand_on_their_head_are_read_the_other_way(tmp_path: Path, ruled: bool) -> None:
    doc = pymupdf.open()
    page = doc.new_page()
    for number, (title, text) in enumerate(PANELS.items()):
        panel = pymupdf.Rect(40, 40, 290, 380) * pymupdf.Matrix(1, 0, 0, 1, 255 * (number % 2), 345 * (number // 2))
        if ruled:
            page.draw_rect(panel, dashes="[3]", width=0.5)
        inner, turn = (
            pymupdf.Rect(panel.x0 + 20, panel.y0 + 20, panel.x1 - 20, panel.y1 - 20),
            0 if number // 2 else 180,
        )
        words = f"{title}\n{text}"
        assert page.insert_textbox(inner, words, fontsize=11, rotate=turn) >= 0
    document = read(save(doc, tmp_path / "leaflet.pdf"))
    said = "\n".join(element.text for element in document.elements)
    assert all(text in said for text in PANELS.values())
    assert not any(element.kind == "table" for element in document.elements)
    boxes = {title: e.region.bbox for e in document.elements for title, text in PANELS.items() if text == e.text}
    assert all((box.y1 < 385) == (title in ("Disposal", "Batteries")) for title, box in boxes.items())
