"""Dictionaries of text pages without the bytes of pictures, and otherwise as the library makes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pymupdf
import pytest
from PIL import Image

from ingestion.pdf import text_pages
from ingestion.pdf.document import Pdf

ENDLESS = pymupdf.INFINITE_RECT()
LAYOUT = pymupdf.TEXT_COLLECT_VECTORS | pymupdf.TEXT_PRESERVE_IMAGES | pymupdf.TEXT_PRESERVE_WHITESPACE
NESTED = LAYOUT | pymupdf.TEXT_SEGMENT | pymupdf.TEXT_COLLECT_STRUCTURE


@pytest.fixture
def page(tmp_path: Any) -> pymupdf.Page:
    """Text, drawings and pictures by turns; one picture has a mask, one leaves the page."""
    doc = pymupdf.open()
    page = doc.new_page(width=400, height=500)
    for number, mode in enumerate(("RGB", "RGBA", "L")):
        path = tmp_path / f"{number}.png"
        Image.new(mode, (90, 60), 100 if mode == "L" else (200, 30, 30, 90)[: len(mode)]).save(path)
        page.insert_text((40, 40 + 150 * number), f"Figure {number}: valve")
        page.insert_image(pymupdf.Rect(40, 50 + 150 * number, 130, 110 + 150 * number), filename=path)
        page.draw_rect(pymupdf.Rect(200, 50 + 150 * number, 300, 110 + 150 * number), fill=(0, 0.3, 0.9))
    page.insert_image(pymupdf.Rect(350, 400, 440, 460), filename=path)
    return page


def ours(page: pymupdf.Page, flags: int, clip: Any) -> pymupdf.TextPage:
    made = page.get_textpage(flags=flags, clip=clip)
    made.__class__ = text_pages.TextPage
    return made


def bare(block: dict[str, Any]) -> dict[str, Any]:
    kept = ("number", "type", "bbox")
    return {key: block[key] for key in kept} if block["type"] == text_pages.PICTURE else block


@pytest.mark.parametrize("raw", [False, True])
def test_pictures_are_their_places_in_the_librarys_order(page: pymupdf.Page, raw: bool) -> None:
    name = "extractRAWDICT" if raw else "extractDICT"
    theirs = getattr(page.get_textpage(flags=LAYOUT, clip=ENDLESS), name)()
    assert sum(block["type"] == text_pages.PICTURE for block in theirs["blocks"]) == 4
    text_page = ours(page, LAYOUT, ENDLESS)
    for _ in range(2):  # nothing is left changed
        made = getattr(text_page, name)()
        assert made["blocks"] == [bare(block) for block in theirs["blocks"]]
        assert [len(block) for block in made["blocks"] if block["type"] == text_pages.PICTURE] == [3] * 4


def test_of_a_part_of_a_page_pictures_are_left_out(page: pymupdf.Page) -> None:
    theirs = page.get_textpage(flags=LAYOUT).extractDICT()["blocks"]
    made = ours(page, LAYOUT, None).extractDICT()["blocks"]
    kept = [block for block in theirs if block["type"] != text_pages.PICTURE]
    assert [{**block, "number": 0} for block in made] == [{**block, "number": 0} for block in kept]


def test_text_within_parts_stays_with_pictures_beside_it(page: pymupdf.Page) -> None:
    text_page = ours(page, NESTED, None)
    assert str(text_page.extractDICT()).count("Figure") == 3
    assert str(text_page.extractDICT()).count("Figure") == 3  # as often as they are asked
    assert len(list(text_pages._pictures_in(text_page.this.m_internal))) >= 3


def test_pictures_are_told_after_a_dictionary_as_before(page: pymupdf.Page) -> None:
    text_page = ours(page, pymupdf.TEXT_PRESERVE_IMAGES, None)
    before = text_page.extractIMGINFO()
    assert len(before) == 3 + 1 and text_page.extractDICT()
    assert text_page.extractIMGINFO() == before


def two_pages() -> Any:
    """A document as it is read: x² on its first page, other words on its second."""
    doc = pymupdf.open()
    for words in ("Area x", "Second page"):
        doc.new_page().insert_text((40, 40), words, fontsize=12)
    doc[0].insert_text((74.8, 36.5), "2", fontsize=6)
    return text_pages.with_mended_text(doc)


def test_text_pages_are_read_once_by_their_flags() -> None:
    doc = two_pages()
    page = doc.load_page(0)
    words = pymupdf.TEXT_PRESERVE_WHITESPACE
    first = page.get_textpage(flags=words)
    assert doc.load_page(0).get_textpage(flags=words) is first  # another object of the same page
    assert first.extractTEXT() == page.get_text(flags=words) == "Area x²\n"
    assert first.extractRAWDICT() == first.extractRAWDICT() == page.get_text("rawdict", flags=words)
    for others in ({"flags": words | pymupdf.TEXT_SEGMENT}, {"flags": words, "clip": pymupdf.Rect(0, 0, 60, 60)}):
        made = page.get_textpage(**others)
        assert made is not first and page.get_textpage(**others) is not made
    assert page.get_textpage(flags=0) is not first


def test_a_text_page_is_read_anew_where_the_page_is_another() -> None:
    doc = two_pages()
    page = doc.load_page(0)
    first = page.get_textpage(flags=0)
    page.insert_text((40, 90), "added")
    assert "added" not in page.get_textpage(flags=0).extractTEXT()
    text_pages.forget_drawing(doc)
    assert "added" in page.get_textpage(flags=0).extractTEXT()
    assert "Second" in doc.load_page(1).get_textpage(flags=0).extractTEXT()
    again = page.get_textpage(flags=0)
    assert again is not first and "added" in again.extractTEXT()
    page.set_rotation(90)
    assert page.get_textpage(flags=0) is not again


def test_drawings_that_we_asked_for_are_handed_to_one_more_and_never_of_a_page_that_has_changed() -> None:
    doc = text_pages.with_mended_text(pymupdf.open())
    doc.new_page().draw_line((20, 20), (90, 20))
    page = doc.load_page(0)
    ours = text_pages.drawings_of(doc, page)
    assert page.get_cdrawings() is ours
    again = page.get_cdrawings()
    assert again == ours and again is not ours
    ours = text_pages.drawings_of(doc, page)
    assert page.get_cdrawings(extended=True) is not ours
    assert page.get_cdrawings() is not ours
    text_pages.drawings_of(doc, page)
    page.draw_line((20, 40), (90, 40))
    text_pages.forget_drawing(doc)
    assert len(page.get_cdrawings()) == 2


def test_text_that_is_drawn_a_second_time_in_pieces_is_read_once(tmp_path: Path) -> None:
    doc = pymupdf.open()
    page = doc.new_page(width=300, height=200)
    rows = [(f"Seal K2-{n}01", 40 + 20 * n) for n in range(3)]
    for text, y in rows:
        page.insert_text((40, y), text)
        page.insert_text((150, y), "7.6 Nm")
    for text, y in rows:
        page.insert_text((40, y), "Seal")
        page.insert_text((40 + pymupdf.get_text_length("Seal ", fontsize=11), y), text.removeprefix("Seal "))
        page.insert_text((150, y), "7.6 Nm")
    page.insert_text((40, 120), "Seal K2-001")  # another one, elsewhere
    doc.save(tmp_path / "twice.pdf")
    pdf = Pdf(tmp_path / "twice.pdf", None)
    shown = pdf.page(1)
    words = ["7.6", "Nm", "Seal"] * 3 + ["K2-001", "K2-101", "K2-201", "K2-001", "Seal"]
    assert sorted(word.text for word in shown.words) == sorted(words)
    assert sorted(" ".join(line.text for line in shown.lines()).split()) == sorted(words)
    pdf.close()


def test_a_lam_with_an_alef_is_turned_where_the_library_turned_it() -> None:
    """Its alef has no width and stands before the lam, where that begins."""

    def turned(text: str, *edges: tuple[float, float]) -> tuple[int, ...]:
        chars = [{"c": c, "bbox": (x0, 0, x1, 10)} for c, (x0, x1) in zip(text, edges, strict=True)]
        return text_pages._turned_ligatures({"dir": (1.0, 0.0)}, chars, text)

    alef, hamza, lam = "\u0627", "\u0625", "\u0644"
    assert turned(alef + hamza + lam, (46, 50), (46, 46), (37, 46)) == (1,)  # "the ..." before a ligature
    assert turned(alef + lam, (46, 50), (37, 46)) == ()  # two letters
    assert turned(lam + alef, (37, 46), (37, 37)) == ()  # right already
