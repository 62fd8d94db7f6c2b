"""Pages as no person would draw them: words, rules, grids and pictures anywhere, on paper of any size, turned and cut.

Whatever stands where: boxes lie on their page, pictures are there, nothing is written that cannot be read again, and
no word is lost that stands by itself.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pymupdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ingestion.elements import Document, lines_file
from ingestion.page_content import ParseOptions
from ingestion.parse import parse_pdf
from rag.storage.files.document_files import from_json, to_json

NO_OCR = ParseOptions(ocr="off")
PAPER = ((612, 792), (842, 595), (200, 200), (1200, 400), (2384, 3370), (40, 300))  # points
CELLS = 6  # the page is a grid of so many by so many places, each for one thing
SLACK = 1.0  # points by which a box may stand over the edge of its page
FONTS = ("helv", "tiro", "cour", "hebo")


class Thing(NamedTuple):
    """``what`` in the place ``(column, row)``, ``wide`` and ``high`` places large."""

    what: str
    column: int
    row: int
    wide: int
    high: int
    size: float
    turned: int
    font: str


class Paper(NamedTuple):
    size: tuple[int, int]
    turned: int
    cut: int
    things: list[Thing]


places = st.integers(0, CELLS - 1)
things = st.builds(
    Thing,
    st.sampled_from((*["words"] * 4, "grid", "box", "rule", "picture", "dots", "link", "note", "curve")),
    places,
    places,
    st.integers(1, CELLS),
    st.integers(1, CELLS),
    st.sampled_from((4.0, 7.0, 10.0, 14.0, 30.0)),
    st.sampled_from((0, 0, 0, 90, 180, 270)),
    st.sampled_from(FONTS),
)
papers = st.builds(
    Paper, st.sampled_from(PAPER), st.sampled_from((0, 0, 90, 180, 270)), st.sampled_from((0, 0, 20)),
    st.lists(things, max_size=14),
)  # fmt: skip
documents = st.lists(papers, min_size=1, max_size=3)


def drawn(paper: Paper, page: pymupdf.Page, first: int) -> list[str]:
    """The words that were written whole."""
    written: list[str] = []
    for number, thing in enumerate(paper.things, first):
        width, height = page.rect.width / CELLS, page.rect.height / CELLS
        right, bottom = min(CELLS, thing.column + thing.wide), min(CELLS, thing.row + thing.high)
        box = pymupdf.Rect(thing.column * width, thing.row * height, right * width, bottom * height)
        box = pymupdf.Rect(box.x0 + 1, box.y0 + 1, box.x1 - 1, box.y1 - 1)
        if thing.what == "words":
            word = f"word{number}x"
            along = box.height if thing.turned in (90, 270) else box.width
            fits = pymupdf.get_text_length(word, thing.font, thing.size) < along - 1
            if (
                page.insert_textbox(box, word, fontsize=thing.size, fontname=thing.font, rotate=thing.turned) >= 0
                and fits
            ):
                written.append(word)
        else:
            DRAWN[thing.what](page, box, number, thing)
    if paper.cut and min(paper.size) > 100:
        around = page.rect
        cut = pymupdf.Rect(around.x0 + paper.cut, around.y0 + paper.cut, around.x1 - paper.cut, around.y1 - paper.cut)
        page.set_cropbox(cut)
    page.set_rotation(paper.turned)
    return written


def grid(page: pymupdf.Page, box: pymupdf.Rect, number: int, thing: Thing) -> None:
    rows, columns = 1 + number % 5, 1 + number % 4
    for row in range(rows + 1):
        y = box.y0 + row * box.height / rows
        page.draw_line((box.x0, y), (box.x1, y))
    for column in range(columns + 1):
        x = box.x0 + column * box.width / columns
        page.draw_line((x, box.y0), (x, box.y1))


def picture(page: pymupdf.Page, box: pymupdf.Rect, number: int, thing: Thing) -> None:
    pixels = pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, 8, 8), False)
    pixels.clear_with(40 + number % 150)
    page.insert_image(box, pixmap=pixels, rotate=thing.turned, keep_proportion=False)


def dots(page: pymupdf.Page, box: pymupdf.Rect, number: int, thing: Thing) -> None:
    for at in range(12):
        page.draw_circle((box.x0 + at * box.width / 12, box.y0), min(2, thing.size / 4), fill=(0, 0, 0))


def link(page: pymupdf.Page, box: pymupdf.Rect, number: int, thing: Thing) -> None:
    page.insert_link({"kind": pymupdf.LINK_GOTO, "page": 0, "from": box, "to": pymupdf.Point(0, 0)})


DRAWN: dict[str, Callable[[pymupdf.Page, pymupdf.Rect, int, Thing], object]] = {
    "grid": grid,
    "picture": picture,
    "dots": dots,
    "link": link,
    "box": lambda page, box, number, thing: page.draw_rect(box, fill=(0.9, 0.9, 0.6) if number % 2 else None),
    "rule": lambda page, box, number, thing: page.draw_line(box.tl, box.br, width=thing.size / 10),
    "curve": lambda page, box, number, thing: page.draw_bezier(box.tl, box.tr, box.br, box.bl),
    "note": lambda page, box, number, thing: page.add_freetext_annot(box, f"note{number}x", fontsize=thing.size),
}


def made(papers: list[Paper], path: Path) -> list[list[str]]:
    """Of each page the words that stand by themselves: nothing else lies in their place."""
    words: list[list[str]] = []
    with pymupdf.open() as pdf:
        for number, paper in enumerate(papers):
            page = pdf.new_page(width=paper.size[0], height=paper.size[1])
            written = drawn(paper, page, 100 * number)
            alone = _alone(paper) if not paper.cut else set()
            words.append([word for word in written if word in {f"word{100 * number + one}x" for one in alone}])
        pdf.save(path)
    return words


def _alone(paper: Paper) -> set[int]:
    """Numbers of the things on whose places no other thing lies."""

    def taken(thing: Thing) -> set[tuple[int, int]]:
        columns = range(thing.column, min(CELLS, thing.column + thing.wide))
        return {(x, y) for x in columns for y in range(thing.row, min(CELLS, thing.row + thing.high))}

    sets = [taken(thing) for thing in paper.things]
    return {
        number
        for number, mine in enumerate(sets)
        if not any(mine & other for place, other in enumerate(sets) if place != number)
    }


def hold(document: Document, folder: Path, words: list[list[str]]) -> None:
    assert from_json(to_json(document)) == document
    sizes = {page.number: (page.width, page.height) for page in document.pages}
    assert len(sizes) == len(words)
    regions = [region for chunk in document.chunks for region in chunk.regions]
    for region in (*regions, *(element.region for element in document.elements)):
        width, height = sizes[region.page]
        box = region.bbox
        assert -SLACK <= box.x0 <= box.x1 <= width + SLACK, region
        assert -SLACK <= box.y0 <= box.y1 <= height + SLACK, region
    assert len({chunk.id for chunk in document.chunks}) == len(document.chunks)
    images = {chunk.image for chunk in document.chunks} | {element.image for element in document.elements}
    for image in filter(None, images):
        with Image.open(folder / image) as picture:
            assert min(picture.size) > 0
    for number, on_page in enumerate(words, 1):
        said = (folder / lines_file(number)).read_text(encoding="utf-8") if on_page else ""
        parts = [one for one in document.elements if one.region.page == number]
        text = " ".join(f"{one.text} {one.caption} {one.heading}" for one in parts)
        lost = [word for word in on_page if word not in text and word not in said]
        assert not lost, (lost, text[:300])
    assert not [problem for problem in document.problems if problem.stage == "read"], document.problems


@pytest.mark.slow
@settings(max_examples=6)
@given(documents)
def test_pages_of_anything_are_read(papers: list[Paper]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "drawn.pdf"
        words = made(papers, path)
        hold(parse_pdf(path, Path(folder) / "out", NO_OCR), Path(folder) / "out", words)
