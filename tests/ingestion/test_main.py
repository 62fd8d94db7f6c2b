"""``python -m ingestion`` as a person and a program use it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest
from make_pdfs import SECRET, encrypted, html_named_pdf, many_paths, rotated, text_pages
from PIL import Image, ImageDraw, ImageFont

from ingestion.__main__ import main
from ingestion.elements import BBox, Cell, Document, Element, Page, PageProblem, Region
from ingestion.preview.draw import COLOURS, _meet, _plate, caption_links, draw_elements
from ingestion.preview.viewer import as_html

ROOT = Path(__file__).resolve().parents[2]
ELEMENT_KEYS = {"order", "kind", "bbox", "text", "caption", "heading", "image", "continues"}


def started(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own, whatever libraries print in it."""
    command = [sys.executable, "-m", "ingestion", *map(str, arguments)]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", env={**os.environ, **environment}
    )


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """In this process: saves the start of the interpreter."""
    said, complained = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(said), redirect_stderr(complained):
        for name, value in environment.items():
            patch.setenv(name, value)
        code = main([str(argument) for argument in arguments])
    return subprocess.CompletedProcess([*map(str, arguments)], code, said.getvalue(), complained.getvalue())


def refused(*arguments: object, **environment: str) -> str:
    """The one line of a command that fails."""
    done = run(*arguments, **environment)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    return done.stderr.strip()


def captioned(folder: Path) -> Path:
    doc = pymupdf.open()
    page = doc.new_page()
    page.insert_text((60, 80), "Pump test", fontsize=20, fontname="hebo")
    page.insert_textbox(pymupdf.Rect(60, 110, 535, 180), "The pump was run dry on purpose. See Figure 1. " * 3)
    page.insert_image(pymupdf.Rect(120, 220, 470, 460), pixmap=noise())
    page.insert_text((120, 480), "Figure 1: The pump after the test", fontsize=10)
    path = folder / "pump.pdf"
    doc.save(path)
    return path


def noise() -> pymupdf.Pixmap:
    image = Image.effect_noise((350, 240), 90).convert("RGB")
    return pymupdf.Pixmap(pymupdf.csRGB, image.width, image.height, image.tobytes(), False)


def test_json_is_the_stable_format_and_nothing_else(tmp_path: Path) -> None:
    done = started(text_pages(tmp_path, 2), "--json", "--ocr", "off")
    assert (done.returncode, done.stderr) == (0, "")
    whole = json.loads(done.stdout)
    assert set(whole) == {"doc", "title", "pages"}
    assert whole["doc"] == "pages.pdf"
    assert [page["number"] for page in whole["pages"]] == [1, 2]
    for page in whole["pages"]:
        assert set(page) == {"number", "width", "height", "rotation", "elements", "problems"}
        assert page["problems"] == []
        assert [element["order"] for element in page["elements"]] == list(range(len(page["elements"])))
        for element in page["elements"]:
            assert set(element) == ELEMENT_KEYS
            assert len(element["bbox"]) == 4 and element["image"] is None
        assert f"This is page {page['number']}." in " ".join(element["text"] for element in page["elements"])


def test_out_holds_drawn_pages_crops_elements_and_text(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = started(captioned(tmp_path), "--out", out, "--ocr", "off")
    assert done.returncode == 0, done.stderr
    assert "1 figure" in done.stdout and "[Figure 1: The pump after the test]" in done.stdout
    elements = json.loads((out / "elements.json").read_text(encoding="utf-8"))["pages"][0]["elements"]
    figure = next(element for element in elements if element["kind"] == "figure")
    with Image.open(figure["image"]) as crop, Image.open(out / "boxes" / "0001.png") as page:
        assert abs(crop.width - 2 * 358) < 8
        x0, y0, _, y1 = (2 * value for value in figure["bbox"])
        edge = page.getpixel((int(x0), int((y0 + y1) / 2)))
    assert isinstance(edge, tuple)
    assert all(abs(a - b) < 30 for a, b in zip(edge, COLOURS["figure"], strict=True))
    viewer = (out / "index.html").read_text(encoding="utf-8")
    assert 'src="boxes/0001.png"' in viewer and f'src="{Path(figure["image"]).relative_to(out)}"' in viewer
    assert f"open {out / 'index.html'}" in done.stderr and "1 page, " in done.stderr
    text = (out / "document.md").read_text(encoding="utf-8")
    assert "## Pump test" in text
    assert "![Figure 1: The pump after the test](crops/" in text
    assert text.count("Figure 1: The pump after the test") == 2  # in the picture's name and below it, not a third time


def test_a_rotated_page_is_drawn_where_its_things_are(tmp_path: Path) -> None:
    done = run(rotated(tmp_path, 90), "--json", "--ocr", "off")
    page = json.loads(done.stdout)["pages"][0]
    assert (page["width"], page["height"], page["rotation"]) == (600, 400, 90)


def test_a_page_problem_is_listed_and_is_no_failure(tmp_path: Path) -> None:
    done = run(many_paths(tmp_path, 51), "--ocr", "off", PAGESIGHT_MAX_PATHS="50")
    assert done.returncode == 0
    assert "! layout: the page draws 51 paths" in done.stdout


@pytest.mark.parametrize(("argument", "word"), [([], "encrypted"), (["--password", "guess"], "wrong")])
def test_an_encrypted_file_asks_for_its_password(tmp_path: Path, argument: list[str], word: str) -> None:
    line = refused(encrypted(tmp_path), *argument)
    assert "encrypted.pdf" in line and word in line


def test_the_password_opens_it(tmp_path: Path) -> None:
    done = run(encrypted(tmp_path), "--password", SECRET, "--ocr", "off")
    assert done.returncode == 0 and "Chapter 1" in done.stdout


def test_what_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    alone = started(html_named_pdf(tmp_path))
    assert (alone.returncode, alone.stdout) == (1, "")
    assert alone.stderr.startswith("page.pdf is a web page, not a PDF") and alone.stderr.count("\n") == 1
    assert "missing.pdf does not exist" in refused(tmp_path / "missing.pdf")
    assert "PAGESIGHT_MEMORY_GB is 'lots'" in refused(tmp_path / "missing.pdf", PAGESIGHT_MEMORY_GB="lots")
    assert "limit of 2" in refused(text_pages(tmp_path, 3), PAGESIGHT_MAX_PAGES="2")


def test_an_unwritable_folder_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert "file" in refused(text_pages(tmp_path, 1), "--out", tmp_path / "file")


def listed(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_with_other_things_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    for name in ("read/important.txt", "pages/holiday.webp", "crops/0001-000.webp", "index.html"):
        (mine / name).parent.mkdir(parents=True, exist_ok=True)
        (mine / name).write_text(f"my own {name}")
    before = listed(mine)
    line = refused(text_pages(tmp_path, 1), "--out", mine, "--ocr", "off")
    assert str(mine) in line and "crops" in line and "empty folder after --out" in line
    assert listed(mine) == before


def test_an_empty_folder_is_taken_and_used_again(tmp_path: Path) -> None:
    (out := tmp_path / "out").mkdir()
    (out / ".DS_Store").write_bytes(b"left by a system")
    path = text_pages(tmp_path, 1)
    assert run(path, "--out", out, "--ocr", "off").returncode == 0
    (out / "notes.txt").write_text("put here later")
    (out / "pages" / "holiday.webp").write_text("and this")
    first = listed(out)
    assert run(path, "--out", out, "--ocr", "off").returncode == 0
    assert listed(out) == first and "index.html" in first


def test_a_file_that_cannot_be_read_leaves_no_folder(tmp_path: Path) -> None:
    refused(tmp_path / "missing.pdf", "--out", tmp_path / "new" / "out")
    assert not (tmp_path / "new" / "out").exists()


def test_an_endless_limit_is_no_limit_but_a_mistake(tmp_path: Path) -> None:
    for value in ("inf", "nan", "1e999"):
        line = refused(tmp_path / "missing.pdf", PAGESIGHT_PAGE_SECONDS=value)
        assert f"PAGESIGHT_PAGE_SECONDS is {float(value)}; it must be above 0" in line


def test_captions_are_linked_to_what_carries_their_text() -> None:
    def element(kind: str, page: int, text: str = "", caption: str = "", order: int = 0) -> Element:
        return Element(kind, Region(page, BBox(10, 10, 60, 60)), text, caption, order=order)  # type: ignore[arg-type]

    figure = element("figure", 1, caption="Figure 1: A pump. Source: works", order=0)
    caption = element("caption", 1, "Figure 1: A pump.", order=1)
    elsewhere = element("caption", 2, "Figure 1: A pump.", order=0)
    assert caption_links([figure, caption, elsewhere]) == [(caption, figure)]


def test_drawing_marks_the_box_and_leaves_the_rest() -> None:
    sheet = Image.new("RGB", (200, 400), "white")
    table = Element("table", Region(1, BBox(20, 100, 80, 150)), "cells")
    drawn = draw_elements(sheet, Page(1, 100.0, 200.0, 0), [table])
    assert drawn.size == sheet.size and sheet.getpixel((40, 250)) == (255, 255, 255)
    assert drawn.getpixel((40, 250)) == COLOURS["table"]  # the left edge, at 2 pixels a point
    assert drawn.getpixel((180, 390)) == (255, 255, 255)


def whole(*elements: Element, title: str = "A title", problems: tuple[PageProblem, ...] = ()) -> Document:
    pages = tuple(Page(number, 200.0, 400.0, 0, f"pages/{number:04d}.webp") for number in (1, 2))
    return Document("id", "a.pdf", title, pages, elements, (), problems)


def test_what_a_document_says_is_text_in_the_browser() -> None:
    evil = '<script>alert("x")</script>'
    cells = (Cell(0, 0, evil, columns=2, header=True), Cell(1, 0, "a"), Cell(1, 1, "b"))
    table = Element("table", Region(1, BBox(20, 40, 120, 80)), "t", evil, evil, 'crops/"1".webp', 3, cells=cells)
    more = Element("table", Region(2, BBox(0, 0, 10, 10)), evil, order=1, continues=3)
    page = as_html(whole(table, more, title=evil, problems=(PageProblem(1, "ocr", evil),)))
    assert "<script" not in page and page.count("&lt;script&gt;") == 6
    assert '<th colspan="2">' in page and "<tr><td>a</td><td>b</td></tr>" in page
    assert 'style="left:10.00%;top:10.00%;width:50.00%;height:10.00%"' in page
    assert 'href="#e1-3">continues 3 of the page before' in page and 'id="e1-3"' in page
    assert 'src="crops/&quot;1&quot;.webp"' in page


def test_tags_on_a_crowded_page_hide_each_other_nowhere() -> None:
    boxes = [BBox(50, 100, 300, 140), BBox(50, 101, 300, 141), BBox(52, 100, 290, 139), BBox(50, 100, 300, 200)]
    taken: list[tuple[int, int, int, int]] = []
    pen = ImageDraw.Draw(Image.new("RGB", (600, 800)))
    for box in boxes:
        corners = tuple(round(value) for value in box)
        taken.append(_plate(pen, "10 table", corners, ImageFont.load_default(9), (600, 800), taken))  # type: ignore[arg-type]
    assert not any(_meet(a, b) for i, a in enumerate(taken) for b in taken[:i])
    assert all(x0 >= 0 and x1 <= 600 and y0 >= 0 and y1 <= 800 for x0, y0, x1, y1 in taken)


def test_a_table_over_two_pages_says_so_on_both() -> None:
    table = Element("table", Region(1, BBox(20, 40, 120, 80)), "t", order=3)
    sheet, page = Image.new("RGB", (400, 800), "white"), Page(1, 200.0, 400.0, 0)
    plain, onward = draw_elements(sheet, page, [table]), draw_elements(sheet, page, [table], {3})
    follower = draw_elements(sheet, page, [replace(table, continues=3)])
    assert len({image.tobytes() for image in (plain, onward, follower)}) == 3
