"""Files that are no PDF: told by their content, read as pages, or refused in a line that says what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from make_files import WORDS, archive, cbz, epub, fb2, mobi, plain, sheet, svg, web_page, xps
from make_pdfs import png_named_pdf
from PIL import Image

from ingestion.elements import Document, file_id
from ingestion.errors import CorruptPdf, IngestionError, LimitExceeded, NotAPdf, UnreadableImage
from ingestion.formats.detect import DOCUMENTS, OTHERS, bare_name, format_of
from ingestion.formats.images import LONGEST, PictureFile
from ingestion.parse import ParseOptions, parse_pdf
from ingestion.workers.child import Limits
from ingestion.workers.parse import parse_in_worker

NO_OCR = ParseOptions(ocr="off")


def words(document: Document) -> str:
    return " ".join(" ".join(chunk.text for chunk in document.chunks if chunk.kind == "page").split())


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (epub, "book.epub"),
        (epub, "download"),
        (fb2, "book.fb2"),
        (mobi, "book.mobi"),
        (svg, "drawing.svg"),
        (web_page, "page.html"),
        (plain, "notes.txt"),
        (plain, "notes.md"),
    ],
)
def test_what_has_words_is_read(tmp_path: Path, make: Callable[[Path], Path], name: str) -> None:
    path = make(tmp_path / name)
    document = parse_pdf(path, tmp_path / "out", NO_OCR)
    assert WORDS in words(document)
    assert "alert(1)" not in words(document)
    assert (document.name, document.id) == (name, file_id(path))
    assert not document.problems


def test_an_old_web_page_without_its_first_tags_is_one(tmp_path: Path) -> None:
    path = tmp_path / "old.htm"
    path.write_text(f"<TITLE>Old</TITLE><P>{WORDS} before the season starts.<svg width=9 height=9></svg><P>End.")
    assert format_of(path).name == "html"
    assert WORDS in words(parse_pdf(path, tmp_path / "out", NO_OCR))


def test_a_book_has_sheets_of_one_size_and_its_title(tmp_path: Path) -> None:
    path = epub(tmp_path / "book.epub", "<p>" + "The valve is beside the boiler. " * 1500 + "</p><p>The end of it.</p>")
    document = parse_in_worker(path, tmp_path / "out", NO_OCR, workers=2)
    assert document.title == "The heating book"
    assert len(document.pages) > 6
    assert {(page.width, page.height) for page in document.pages} == {(595, 842)}
    last = next(c.text for c in document.chunks if c.kind == "page" and c.page == len(document.pages))
    assert "The end of it." in last


def test_drawn_pages_keep_their_size_and_place(tmp_path: Path) -> None:
    document = parse_pdf(xps(tmp_path / "plan.xps"), tmp_path / "out", NO_OCR)
    page = document.pages[0]
    assert (page.width, page.height) == (360, 480)  # 96 units an inch
    with Image.open(tmp_path / "out" / str(page.image)) as image:
        assert image.getpixel((2 * 140, 2 * 140)) == pytest.approx((254, 0, 0), abs=12)
        assert image.getpixel((2 * 300, 2 * 300)) == (255, 255, 255)


def test_a_comic_book_has_a_page_a_picture(tmp_path: Path) -> None:
    assert len(parse_pdf(cbz(tmp_path / "pages.cbz"), tmp_path / "out", NO_OCR).pages) == 2


@pytest.mark.parametrize("name", ["PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP", "JPEG2000"])
def test_pictures_are_pages(tmp_path: Path, name: str) -> None:
    path = tmp_path / "scan.pdf"  # whatever it is called
    sheet().save(path, name)
    document = parse_pdf(path, tmp_path / "out", NO_OCR)
    assert format_of(path).name == name
    assert len(document.pages) == 1
    with Image.open(tmp_path / "out" / str(document.pages[0].image)) as image:
        ink = image.convert("L").point(lambda value: 255 if value < 100 else 0).getbbox()
        scale = image.width / 600  # pixels of the page's picture for one of the scan's
    assert ink is not None
    assert ink[0] == pytest.approx(40 * scale, abs=8)


def test_a_picture_of_print_is_read(tmp_path: Path) -> None:
    document = parse_pdf(png_named_pdf(tmp_path, sheet()), tmp_path / "out")
    assert WORDS in words(document)


def test_every_frame_of_a_tiff_but_its_thumbnails_is_a_page(tmp_path: Path) -> None:
    path = tmp_path / "fax.tif"
    small = sheet((120, 60), "")
    small.encoderinfo = {"tiffinfo": {254: 1}}
    frames = [sheet((850, 1100), "Two").convert("1"), small]
    sheet((850, 1100), "One").convert("1").save(path, save_all=True, append_images=frames, dpi=(100, 100))
    document = parse_in_worker(path, tmp_path / "out", NO_OCR)
    assert [(page.width, page.height) for page in document.pages] == [(612, 792)] * 2


def test_a_photo_is_turned_as_its_camera_was_held(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise
    left = Image.new("RGB", (300, 200), "white")
    left.paste("red", (0, 0, 100, 200))
    left.save(path, exif=exif, dpi=(100, 100))
    document = parse_pdf(path, tmp_path / "out", NO_OCR)
    page = document.pages[0]
    assert (page.width, page.height) == (144, 216)
    with Image.open(tmp_path / "out" / str(page.image)) as image:
        red, green, _ = image.getpixel((image.width // 2, 20))  # type: ignore[misc]
        assert red > 200 and green < 60  # what was at the left is on top


@pytest.mark.parametrize(
    ("size", "dpi", "points"),
    [
        ((1700, 2200), (200, 200), (612, 792)),
        ((1728, 1100), (204, 98), (610, 808)),  # a fax: its dots are no squares
        ((1500, 750), None, (720, 360)),
        ((1500, 750), (1, 1), (720, 360)),
        ((3000, 2000), (72, 72), (1440, 960)),  # a phone's idea of a resolution
        ((9000, 600), (72, 72), (LONGEST, LONGEST / 15)),
    ],
)
def test_a_picture_has_the_size_that_its_resolution_says_where_that_can_be(
    tmp_path: Path, size: tuple[int, int], dpi: tuple[int, int] | None, points: tuple[float, float]
) -> None:
    path = tmp_path / "scan.png"
    Image.new("L", size, 255).save(path, **({"dpi": dpi} if dpi else {}))  # type: ignore[arg-type]
    assert PictureFile(path).page(1)[1] == pytest.approx(points, rel=0.01)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16", "F"])
def test_any_kind_of_pixels_becomes_grey_or_rgb(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "scan.tif"
    if mode == "P":
        path = tmp_path / "scan.gif"
    image = Image.new("L", (40, 30), 0)
    image.paste(255, (20, 0, 40, 30))
    if mode == "I;16":
        Image.frombytes("I;16", (40, 30), b"".join(b"\0\0" * 20 + b"\xff\x0f" * 20 for _ in range(30))).save(path)
    else:
        image.convert("RGB" if mode in ("CMYK", "RGBA", "P") else "L").convert(mode).save(path)
    picture, _ = PictureFile(path).page(1)
    assert picture.mode in ("L", "RGB")
    grey = picture.convert("L")
    assert grey.getpixel((5, 15)) < 10 and grey.getpixel((35, 15)) > 245  # type: ignore[operator]


def test_what_is_transparent_is_white(tmp_path: Path) -> None:
    path = tmp_path / "logo.png"
    Image.new("RGBA", (40, 30), (0, 0, 0, 0)).save(path)
    assert PictureFile(path).page(1)[0].getpixel((20, 15)) == (255, 255, 255)


def test_more_pixels_than_allowed_are_refused_before_they_are_decoded(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    Image.new("1", (20_000, 20_000)).save(path)
    with pytest.raises(LimitExceeded, match=r"bomb\.png is over the limit of 170,000,000 pixels"):
        parse_in_worker(path, tmp_path / "out", NO_OCR)


def test_a_damaged_picture_is_a_listed_problem_or_a_refusal(tmp_path: Path) -> None:
    path = tmp_path / "half.png"
    sheet().save(path)
    path.write_bytes(path.read_bytes()[:2000])
    document = parse_pdf(path, tmp_path / "out", NO_OCR)
    assert "half.png is a damaged picture" in document.problems[0].message
    path.write_bytes(path.read_bytes()[:20])
    with pytest.raises(UnreadableImage, match=r"half\.png is a damaged picture"):
        parse_pdf(path, tmp_path / "out", NO_OCR)


@pytest.mark.parametrize(
    ("name", "content", "remedy"),
    [
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "save it as PDF in its program"),
        ("letter.rtf", b"{\\rtf1\\ansi Hello}", "save it as PDF"),
        ("plot.ps", b"%!PS-Adobe-3.0\nshowpage", "ps2pdf"),
        ("scan.djvu", b"AT&TFORM\0\0\0\0DJVM", "ddjvu"),
        ("all.tar.gz", b"\x1f\x8b\x08\0\0\0", "unpack"),
        ("IMG_1.HEIC", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "save it as JPEG"),
        ("manual.pdf", b"\n <!-- --><html><body>Please sign in</body></html>", "open the address in a browser"),
        ("feed.rss", b'<?xml version="1.0"?><rss></rss>', "convert it to PDF"),
        ("program.exe", b"MZ\x90\0\x03\0\0\0", "convert it to PDF"),
        ("notes.txt", b"MZ\x90\0\x03\0\0\0", "convert it to PDF"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_remedy(tmp_path: Path, name: str, content: bytes, remedy: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(NotAPdf, match=remedy) as caught:
        format_of(path)
    assert str(caught.value).startswith(name) and "\n" not in str(caught.value)


def test_other_archives_are_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "all.zip", {"a.pdf": "x", "b.txt": "y"})
    with pytest.raises(NotAPdf, match="unpack it"):
        format_of(path)
    path = archive(tmp_path / "t.odt", {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"})
    with pytest.raises(NotAPdf, match="OpenDocument"):
        format_of(path)
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(CorruptPdf, match="damaged"):
        format_of(path)


def test_markup_cannot_name_files_of_this_machine(tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    sheet(words="Confidential").save(secret)
    page = tmp_path / "page.html"
    page.write_text(f'<html><body><p>Hello there.</p><img src="{secret}"><img src="file://{secret}"></body></html>')
    drawing = tmp_path / "drawing.svg"
    drawing.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="400" height="300">'
        f'<image xlink:href="{secret}" width="300" height="200"/></svg>'
    )
    for path in (page, drawing):
        document = parse_pdf(path, tmp_path / "out", NO_OCR)
        assert not [element for element in document.elements if element.kind == "figure"]


def test_a_book_that_unpacks_to_gigabytes_is_stopped(tmp_path: Path) -> None:
    path = epub(tmp_path / "bomb.epub", "<p>" * 40_000_000)
    with pytest.raises(IngestionError, match=r"bomb\.epub"):
        parse_in_worker(path, tmp_path / "out", NO_OCR, Limits(page_seconds=5, memory_gb=1.5))


def test_a_name_loses_only_an_extension_that_it_has() -> None:
    assert [bare_name(name) for name in ("a.PDF", "b.docx", "v1.2", ".pdf")] == ["a", "b", "v1.2", ".pdf"]
    assert not set(DOCUMENTS) & set(OTHERS)
