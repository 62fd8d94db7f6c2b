"""Text pages with styles are those that the library makes: every letter, flag and block, to the last bit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pymupdf
import pytest
from pymupdf import mupdf

from ingestion.pdf import styled_pages
from ingestion.pdf.styled_pages import styled_page

FIRST = (
    pymupdf.TEXT_COLLECT_STYLES
    | pymupdf.TEXT_COLLECT_VECTORS
    | pymupdf.TEXT_PRESERVE_IMAGES
    | pymupdf.TEXT_ACCURATE_BBOXES
    | pymupdf.TEXT_MEDIABOX_CLIP
)
SECOND = (
    pymupdf.TEXT_COLLECT_STYLES
    | pymupdf.TEXT_COLLECT_VECTORS
    | pymupdf.TEXT_PRESERVE_IMAGES
    | pymupdf.TEXT_PRESERVE_WHITESPACE
    | pymupdf.TEXT_PRESERVE_LIGATURES
    | pymupdf.TEXT_ACCURATE_BBOXES
    | pymupdf.TEXT_SEGMENT
    | pymupdf.TEXT_PARAGRAPH_BREAK
    | pymupdf.TEXT_COLLECT_STRUCTURE
    | pymupdf.TEXT_TABLE_HUNT
    | pymupdf.TEXT_LAZY_VECTORS
    | pymupdf.TEXT_FUZZY_VECTORS
    | pymupdf.TEXT_CLIP
)
BOTH = pytest.mark.parametrize("flags", [FIRST, SECOND])
SAMPLES = sorted((Path(__file__).parents[3] / "sample_docs").glob("*.pdf"))


def everything(text_page: Any) -> tuple[str, ...]:
    """Dictionaries of letters and of spans, and what the library prints of all else."""
    buffer = mupdf.FzBuffer(1024)
    out = mupdf.FzOutput(buffer)
    mupdf.fz_print_stext_page_as_xml(out, text_page, 0)
    out.fz_close_output()
    wrapped = pymupdf.TextPage(text_page)
    return repr(wrapped.extractRAWDICT()), repr(wrapped.extractDICT()), bytes(buffer.fz_buffer_extract()).decode()


def theirs(page: pymupdf.Page, flags: int, clip: Any = None) -> tuple[str, ...]:
    return everything(styled_pages._library_text_page(page, clip, flags=flags, matrix=pymupdf.Matrix(1, 1)))


def assert_same(page: pymupdf.Page, flags: int, clip: Any = None) -> None:
    made = styled_page(page, clip, flags)
    assert made is not None
    assert everything(made) == theirs(page, flags, clip)


def drawn(*commands: str) -> pymupdf.Page:
    """A page of 400 × 500 points with these lines of content; F0 is Helvetica, F1 Times bold."""
    doc = pymupdf.open()
    page = doc.new_page(width=400, height=500)
    page.insert_font(fontname="helv")
    page.insert_font(fontname="tibo")
    content = "\n".join(commands).replace("/F0", "/helv").replace("/F1", "/tibo")
    pymupdf.TOOLS._insert_contents(page, content.encode("latin-1"), True)
    return page


def line(x: float, y: float, text: str, font: str = "F0", size: float = 10) -> str:
    return f"BT /{font} {size} Tf {x} {y} Td ({text}) Tj ET"


def letter_by_letter(x: float, y: float, text: str, times: int, shift: float = 0.2) -> list[str]:
    """Each letter ``times`` in a row, all in one text object."""
    moves = [f"1 0 0 1 {x + 6 * i + shift * n} {y} Tm ({sign}) Tj" for i, sign in enumerate(text) for n in range(times)]
    return ["BT /F0 10 Tf", *moves, "ET"]


PLAIN = [line(30, 460 - 24 * row, f"The pump stops when tank {row} is full") for row in range(12)]
PAGES = {
    "plain": PLAIN,
    "fonts": [line(30, 460, "Bold"), line(30, 440, "Bold head", "F1", 14), line(120, 440, "and not", "F0", 9)],
    "underlined": [*PLAIN, "30 458 160 0.6 re f", "0.5 w 30 434 m 120 434 l S"],
    "struck out": [*PLAIN, "30 463 160 0.6 re f"],
    "highlighted": ["1 1 0 rg 28 456 120 13 re f 0 g", *PLAIN],
    "letters twice in a row": [*PLAIN, *letter_by_letter(30, 100, "WARNING", 2)],
    "letters three times in a row": [*letter_by_letter(30, 100, "WARNING", 3), *PLAIN],
    "letters at one place": [*letter_by_letter(30, 100, "AB", 2, 0), *PLAIN],
    "filled, then stroked": ["2 Tr", *PLAIN, "0 Tr", line(30, 60, "filled alone")],
    "single letters, filled and stroked": ["2 Tr", *letter_by_letter(30, 100, "OVAL", 1), "0 Tr"],
    "set wide": [line(30, 460, "W I D E"), "BT /F0 10 Tf 4 Tc 30 440 Td (wide) Tj ET", *PLAIN[2:]],
    "spaces over spaces": [line(30, 460, "left"), line(120, 460, "right"), line(49.5, 460, " ")],
    "turned": ["BT /F0 10 Tf 0 1 -1 0 200 100 Tm (upwards and on) Tj ET", *PLAIN[:4]],
    "ActualText": [*PLAIN[:3], "/Span <</ActualText (whole)>> BDC", line(30, 300, "whxle"), "EMC", line(70, 300, "e")],
    "no width": ["BT /F0 0.01 Tf 30 300 Td (aaaa) Tj ET", *PLAIN],
    "nothing": ["q Q"],
    "paths alone": ["10 10 100 50 re f", "20 20 m 300 20 l S"],
}
ACROSS = {
    "a line over a line": [line(30, 460, "WARNING"), line(30, 400, "between"), line(30.3, 460, "WARNING")],
    "one letter over a far one": [line(30, 460, "A"), *PLAIN[4:], line(30.5, 460.5, "A")],
    "the pages text twice": [*PLAIN, *PLAIN],
}


@BOTH
@pytest.mark.parametrize("content", PAGES.values(), ids=PAGES.keys())
def test_made_pages(content: list[str], flags: int) -> None:
    page = drawn(*content)
    made = styled_page(page, None, flags)
    assert made is None or everything(made) == theirs(page, flags)


@BOTH
@pytest.mark.parametrize(
    "name", ["plain", "underlined", "struck out", "highlighted", "letters twice in a row", "turned"]
)
def test_these_are_made_here(name: str, flags: int) -> None:
    assert_same(drawn(*PAGES[name]), flags)


def test_styles_are_told() -> None:
    def flags_of(name: str) -> int:
        told = 0
        for block in pymupdf.TextPage(styled_page(drawn(*PAGES[name]), None, FIRST)).extractRAWDICT()["blocks"]:
            for part in block.get("lines", ()):
                for span in part["spans"]:
                    told |= span["char_flags"]
        return told

    assert not flags_of("plain") & (mupdf.FZ_STEXT_BOLD | mupdf.FZ_STEXT_UNDERLINE | mupdf.FZ_STEXT_STRIKEOUT)
    assert flags_of("underlined") & mupdf.FZ_STEXT_UNDERLINE
    assert flags_of("struck out") & mupdf.FZ_STEXT_STRIKEOUT
    assert flags_of("letters twice in a row") & mupdf.FZ_STEXT_BOLD


@BOTH
@pytest.mark.parametrize("content", ACROSS.values(), ids=ACROSS.keys())
def test_letters_over_those_of_other_blocks_are_left_to_the_library(content: list[str], flags: int) -> None:
    assert styled_page(drawn(*content), None, flags) is None


@BOTH
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_sample_documents(path: Path, flags: int) -> None:
    clip = pymupdf.INFINITE_RECT() if flags == FIRST else None
    with pymupdf.open(path) as doc:
        for page in doc:
            made = styled_page(page, clip, flags)
            assert made is None or everything(made) == theirs(page, flags, clip)


def test_parts_of_a_tagged_document_are_left_to_the_library() -> None:
    page = drawn(*PLAIN)
    doc = page.parent
    tree = doc.get_new_xref()
    doc.update_object(tree, "<</Type /StructTreeRoot>>")
    doc.xref_set_key(doc.pdf_catalog(), "StructTreeRoot", f"{tree} 0 R")
    assert styled_page(page, None, SECOND) is None
    assert_same(page, FIRST)


def test_what_is_no_pdf_and_memory_of_another_layout_are_left_to_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    with pymupdf.open("txt", b"plain text") as doc:
        assert styled_page(doc[0], None, FIRST) is None
    monkeypatch.setattr(styled_pages, "_is_as_known", lambda *_: False)
    assert styled_page(drawn(*PLAIN), None, FIRST) is None


def test_a_page_that_fails_fails_as_in_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    page = drawn(*PLAIN)

    def fails(*_: Any) -> None:
        raise mupdf.FzErrorLimit("too large")

    monkeypatch.setattr(mupdf, "ll_fz_run_page", fails)
    with pytest.raises(mupdf.FzErrorLimit):
        styled_page(page, None, FIRST)


def test_pages_of_the_process_use_it(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    monkeypatch.setattr(pymupdf.Page, "_get_textpage", styled_pages._library_text_page)
    styled_pages.use_quick_styles()

    def noted(*args: Any) -> Any:
        made.append(styled_page(*args))
        return made[-1]

    monkeypatch.setattr(styled_pages, "styled_page", noted)
    page = drawn(*PAGES["underlined"])
    assert page.get_text("dict", flags=FIRST)["blocks"]
    assert page.get_text("text").startswith("The pump")
    assert page.get_textpage(flags=FIRST, matrix=pymupdf.Matrix(2, 2))
    page.set_rotation(90)
    assert page.get_textpage(flags=FIRST)
    assert len(made) == 2 and all(text_page is not None for text_page in made)
    expected = theirs(drawn(*PAGES["underlined"]), FIRST)
    assert all(everything(text_page) == expected for text_page in made)
