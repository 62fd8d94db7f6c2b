"""Fractions of TeX, typst and web pages that have no sign of their own."""

from pathlib import Path

import pymupdf

from ingestion.blocks import Line
from ingestion.elements import BBox
from ingestion.pdf.document import Pdf
from ingestion.pdf.parted_words import Letter
from ingestion.pdf.stacked_fractions import stacked_fractions


def test_numbers_above_and_below_a_bar_are_a_fraction_in_its_place(tmp_path: Path) -> None:
    doc = pymupdf.open()
    page = doc.new_page()
    page.insert_text((60, 100), "Fill", fontsize=11)
    page.insert_text((90, 100), "of the tank with 2", fontsize=11)
    page.insert_text((200, 100), "litres of the agent.", fontsize=11)
    after = 91 + pymupdf.get_text_length("of the tank with 2", fontsize=11)
    for x, upper, lower, wide in ((80, "3", "7", 4.4), (after, "11", "16", 8.4)):
        page.insert_text((x, 96), upper, fontsize=7.5)
        page.insert_text((x, 104.6), lower, fontsize=7.5)
        page.draw_line((x, 97.3), (x + wide, 97.3), width=0.4)
    for x, text in ((60, "12"), (60, "34")):  # a sum: nothing larger stands beside its rule
        page.insert_text((x, 200 if text == "12" else 212), text, fontsize=11)
    page.draw_line((60, 203), (73, 203), width=0.4)
    doc.save(tmp_path / "a.pdf")
    read = Pdf(tmp_path / "a.pdf", None).page(1)
    bars = len(read.paths)
    read.say_fractions()
    said = [line.text for line in read.lines()]
    assert "3/7" in said and "2 11/16" in said and {"12", "34"} <= set(said)
    assert "3" not in said and "7" not in said and "of the tank with" in said
    assert len(read.paths) == bars - 2  # they strike nothing through


def test_a_number_of_the_next_line_is_no_part_of_a_fraction() -> None:
    def letters(box: BBox) -> list[Letter]:
        return [
            Letter("3", BBox(100, 90, 104, 97)),
            Letter("7", BBox(100, 98.5, 104, 105)),
            Letter("5", BBox(100, 102.5, 104, 108)),
        ]

    words = [Line("Fill", BBox(80, 92, 96, 103)), Line("3", BBox(100, 90, 104, 97))]
    (found,) = stacked_fractions(words, [BBox(99.8, 97.5, 104.2, 97.9)], letters)
    assert found.line.text == "3/7"
    assert not stacked_fractions(words[1:], [BBox(99.8, 97.5, 104.2, 97.9)], letters)
