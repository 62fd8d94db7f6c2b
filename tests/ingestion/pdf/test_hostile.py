"""Broken and hostile files: a document, a document with listed problems, or a clear error; never a hang or a crash."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from make_pdfs import (
    SECRET,
    certified,
    cropped,
    damaged_page,
    empty,
    encrypted,
    endless_page,
    html_named_pdf,
    huge_page,
    many_paths,
    rotated,
    scanned,
    text_pages,
    treeless,
    truncated,
    two_columns,
    zero_pages,
)
from PIL import Image

from ingestion.elements import Document
from ingestion.errors import CorruptPdf, EmptyFile, EncryptedPdf, IngestionError, LimitExceeded, NoPages, NotAPdf
from ingestion.parse import ParseOptions, parse_pdf
from ingestion.workers.child import Limits
from ingestion.workers.parse import parse_in_worker

NO_OCR = ParseOptions(ocr="off")


def read(path: Path, limits: Limits | None = None) -> Document:
    return parse_in_worker(path, path.parent / "out", NO_OCR, limits or Limits())


def here(path: Path, options: ParseOptions = NO_OCR) -> Document:
    return parse_pdf(path, path.parent / "out", options)


def words(document: Document) -> str:
    return " ".join(chunk.text for chunk in document.chunks if chunk.kind == "page")


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (html_named_pdf, NotAPdf),
        (empty, EmptyFile),
        (encrypted, EncryptedPdf),
        (truncated, (NoPages, CorruptPdf)),
        (zero_pages, (NoPages, CorruptPdf)),
    ],
)
def test_what_is_no_readable_pdf_is_refused_by_name(
    tmp_path: Path, make: Callable[[Path], Path], error: type[IngestionError]
) -> None:
    path = make(tmp_path)
    with pytest.raises(error) as caught:
        here(path)
    assert path.name in str(caught.value)


def test_refusals_reach_the_caller_from_the_child(tmp_path: Path) -> None:
    with pytest.raises(NotAPdf, match=r"page\.pdf is a web page, not a PDF; open the address in a browser"):
        read(html_named_pdf(tmp_path))


def test_an_encrypted_file_opens_with_its_password(tmp_path: Path) -> None:
    document = here(encrypted(tmp_path), ParseOptions(ocr="off", password=SECRET))
    assert "This is page 1." in words(document)


def test_half_a_file_gives_what_is_left_of_it_or_a_refusal(tmp_path: Path) -> None:
    path = truncated(tmp_path, 0.6)
    try:
        document = here(path)
    except IngestionError as exc:
        assert path.name in str(exc)  # noqa: PT017  an error or pages: either will do
    else:
        assert document.pages


def test_one_damaged_page_does_not_cost_the_others(tmp_path: Path) -> None:
    document = read(damaged_page(tmp_path))
    assert len(document.pages) == 3
    assert "This is page 1." in words(document) and "This is page 3." in words(document)
    assert "This is page 2." not in words(document)


def test_pages_of_a_broken_page_tree_are_found(tmp_path: Path) -> None:
    document = here(treeless(tmp_path))
    assert len(document.pages) == 2
    assert "This is page 1." in words(document) and "This is page 2." in words(document)
    assert [(problem.page, problem.stage) for problem in document.problems] == [(0, "open")]


def test_a_file_without_its_header_is_still_a_pdf(tmp_path: Path) -> None:
    path = text_pages(tmp_path, 1)
    path.write_bytes(path.read_bytes().partition(b"\n")[2])
    assert "This is page 1." in words(here(path))


def test_a_file_for_the_holder_of_a_certificate_says_so(tmp_path: Path) -> None:
    with pytest.raises(EncryptedPdf, match=r"certified\.pdf is encrypted for the holder of a certificate"):
        here(certified(tmp_path))


def test_too_many_paths_leave_the_text_and_say_so(tmp_path: Path) -> None:
    few = ParseOptions(ocr="off", max_paths=50)
    assert not here(many_paths(tmp_path, 50), few).problems
    document = here(many_paths(tmp_path, 51), few)
    assert "Contour map" in words(document)
    assert [problem.page for problem in document.problems] == [1]
    assert "51 paths, over 50 (raise PAGESIGHT_MAX_PATHS" in document.problems[0].message


def test_a_page_has_no_more_pixels_than_allowed(tmp_path: Path) -> None:
    document = here(text_pages(tmp_path, 1), ParseOptions(ocr="off", max_pixels=200_000))
    with Image.open(tmp_path / "out" / (document.pages[0].image or "")) as image:
        assert 190_000 < image.width * image.height <= 201_000


def test_a_huge_page_is_read_in_a_bounded_picture(tmp_path: Path) -> None:
    document = read(huge_page(tmp_path))
    assert "Site plan of the works" in words(document)
    assert document.problems == () and document.pages[0].width == 14_400
    with Image.open(tmp_path / "out" / (document.pages[0].image or "")) as image:
        assert max(image.size) <= 4000


def test_a_page_beyond_all_bounds_is_a_listed_problem(tmp_path: Path) -> None:
    document = read(huge_page(tmp_path, 2_000_000))
    assert len(document.pages) == 1


@pytest.mark.slow
def test_a_content_bomb_is_stopped_at_the_page_limit(tmp_path: Path) -> None:
    document = read(endless_page(tmp_path), Limits(page_seconds=5))
    assert [problem.stage for problem in document.problems] == ["time"]
    assert "PAGESIGHT_PAGE_SECONDS" in document.problems[0].message


@pytest.mark.slow
def test_a_page_over_the_memory_limit_is_a_listed_problem(tmp_path: Path) -> None:
    document = read(endless_page(tmp_path), Limits(page_seconds=120, memory_gb=1.0))
    assert document.problems[0].stage == "memory"
    assert "1 GB" in document.problems[0].message and "PAGESIGHT_MEMORY_GB" in document.problems[0].message


def test_more_pages_than_allowed_are_refused(tmp_path: Path) -> None:
    path = text_pages(tmp_path, 40)
    with pytest.raises(LimitExceeded, match=r"pages\.pdf has 40 pages, more than the limit of 39"):
        here(path, ParseOptions(ocr="off", max_pages=39))


def test_many_pages_come_back_whole_from_two_processes(tmp_path: Path) -> None:
    document = parse_in_worker(text_pages(tmp_path, 12), tmp_path / "out", NO_OCR, workers=2)
    for number, page in enumerate(document.pages, 1):
        text = next(chunk.text for chunk in document.chunks if chunk.kind == "page" and chunk.page == number)
        assert page.number == number and f"This is page {number}." in text


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_things_on_a_rotated_page_are_where_they_are_shown(tmp_path: Path, angle: int) -> None:
    document = here(rotated(tmp_path, angle))
    page = document.pages[0]
    assert (page.width, page.height) == ((400, 600) if angle == 180 else (600, 400))
    with Image.open(tmp_path / "out" / (page.image or "")) as image:
        red = red_box(image)
    scale = image.width / page.width
    # the square's corners (100, 200)–(200, 300) of 400 × 600, turned clockwise
    shown = {90: (300, 100, 400, 200), 180: (200, 300, 300, 400), 270: (200, 200, 300, 300)}[angle]
    assert all(abs(a / scale - b) < 2 for a, b in zip(red, shown, strict=True))
    figure = next(element for element in document.elements if element.kind == "figure")
    assert all(abs(a - b) < 3 for a, b in zip(figure.region.bbox, shown, strict=True))


def red_box(image: Image.Image) -> tuple[int, int, int, int]:
    red, green, _ = image.convert("RGB").split()
    mask = Image.eval(green, lambda value: 255 if value < 90 else 0)
    strong = Image.eval(red, lambda value: 255 if value > 200 else 0)
    box = Image.composite(mask, Image.new("L", image.size), strong).getbbox()
    assert box is not None
    return box


def test_boxes_are_counted_from_the_crop_box(tmp_path: Path) -> None:
    document = here(cropped(tmp_path))
    page = document.pages[0]
    assert (page.width, page.height) == (300, 400)
    inside = next(element for element in document.elements if "Inside" in element.text)
    assert abs(inside.region.bbox.x0 - 50) < 4 and abs(inside.region.bbox.y1 - 60) < 8
    assert "Outside" not in words(document)


def test_two_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    text = words(here(two_columns(tmp_path)))
    assert (
        text.index("Left column") < text.index("without flow", text.index("Left column")) < text.index("Right column")
    )


def test_a_scanned_page_is_read(tmp_path: Path) -> None:
    document = here(scanned(tmp_path), ParseOptions())
    assert "Replace the filter every 6 months" in words(document)
