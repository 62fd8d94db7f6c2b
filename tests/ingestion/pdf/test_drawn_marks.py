"""Marks that are drawn as paths: read where they stand among words; what may be anything else is left alone."""

from pathlib import Path

import pymupdf

from ingestion.parse import ParseOptions, parse_pdf

NO_OCR = ParseOptions(ocr="off")
TICK = ((0, 4), (3, 8), (9, 0))
ICON = ((9, 16.2), (4.8, 12), (3.4, 13.4), (9, 19), (21, 7), (19.6, 5.6))  # a filled outline, as browsers draw it


def text_of(doc: pymupdf.Document, tmp_path: Path) -> str:
    doc.save(tmp_path / "a.pdf")
    return "\n".join(element.text for element in parse_pdf(tmp_path / "a.pdf", tmp_path / "out", NO_OCR).elements)


def test_ticks_and_crosses_of_a_drawn_matrix_stand_in_their_cells(tmp_path: Path) -> None:
    doc = pymupdf.open()
    page = doc.new_page()
    page.insert_text((60, 60), "Functions by model", fontsize=14)
    rows = (("Function", "Basic", "Plus", "Pro"), ("Timer", *"vvf"), ("Child lock", *" vf"), ("Remote", *"xxv"))
    for r, row in enumerate(rows):
        for c, said in enumerate(row):
            x, y = 60 + 100 * c, 80 + r * 22
            page.draw_rect((x, y, x + 100, y + 22), width=0.5)
            if len(said) > 1:
                page.insert_text((x + 6, y + 15), said, fontsize=10)
            elif said == "v":
                page.draw_polyline([(x + 34 + dx, y + 7 + dy) for dx, dy in TICK], width=1.4)
            elif said == "f":
                page.draw_polyline(
                    [(x + 34 + dx / 2, y + 3 + dy / 2) for dx, dy in ICON], fill=(0, 0.5, 0), width=0, closePath=True
                )
            elif said == "x":
                page.draw_line((x + 34, y + 6), (x + 43, y + 15))
                page.draw_line((x + 34, y + 15), (x + 43, y + 6))
    text = text_of(doc, tmp_path)
    assert "| Timer | ✔ | ✔ | ✔ |\n| Child lock |  | ✔ | ✔ |\n| Remote | ✘ | ✘ | ✔ |" in text


def test_drawn_boxes_are_ticked_or_not_where_one_is(tmp_path: Path) -> None:
    doc = pymupdf.open()
    page = doc.new_page()
    page.insert_text((60, 60), "Inspection of the ladder", fontsize=14)
    for number, (said, ticked) in enumerate((("Rungs", True), ("Load test", False), ("Feet", False))):
        y = 90 + 22 * number
        page.draw_rect((60, y, 71, y + 11), width=0.8)
        page.insert_text((80, y + 9), said, fontsize=11)
        if ticked:
            page.draw_polyline([(61 + dx, y + 1 + dy) for dx, dy in TICK], width=1.2)
    text = text_of(doc, tmp_path)
    assert "✔ Rungs" in text and "☐ Load test" in text and "☐ Feet" in text


def test_dots_stand_in_rows_and_columns_and_those_of_a_chart_are_none(tmp_path: Path) -> None:
    doc = pymupdf.open()
    matrix = doc.new_page()
    for number, row in enumerate((("Part", "A", "B"), ("Lamp", "o", "."), ("Fan", ".", "."), ("Pump", ".", "o"))):
        for column, said in enumerate(row):
            x, y = 60 + 110 * column, 100 + 24 * number
            if said in ".o":
                matrix.draw_circle((x + 5, y - 4), 4, fill=(0, 0, 0) if said == "." else None)
                matrix.draw_circle((x + 5, y - 4), 4.4)  # its border
            else:
                matrix.insert_text((x, y), said, fontsize=11)
        matrix.draw_line((55, 107 + 24 * number), (330, 107 + 24 * number))
    chart = doc.new_page()
    for number in range(12):
        chart.insert_text((60, 100 + 20 * number), f"{100 - 5 * number}", fontsize=9)
        chart.draw_circle((100 + 25 * number, 97 + 20 * ((number * 7) % 11)), 3, fill=(0, 0, 1))
    text = text_of(doc, tmp_path)
    assert "| Lamp | ○ | ● |" in text and "| Pump | ● | ○ |" in text
    assert text.count("●") == 4
