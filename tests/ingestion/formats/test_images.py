"""The one opener of pictures: what it decodes, what it refuses without asking anybody, and the way onto white."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pytest
from make_files import docx, paragraph_of_picture, sheet
from PIL import Image

from ingestion.errors import LimitExceeded, UnreadableImage
from ingestion.formats.images import on_white, open_image
from ingestion.formats.office import as_book
from rag.images import open_picture

EPS = (
    b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 60 40\n%%EndComments\n"
    b"newpath 5 5 moveto 50 5 lineto 50 35 lineto closepath fill\nshowpage\n%%EOF\n"
)
REFUSED = {
    "PostScript": EPS,
    "PDF": b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n",
    "WMF": b"\xd7\xcd\xc6\x9a" + bytes(60),
    "EMF": b"\1\0\0\0" + bytes(36) + b" EMF" + bytes(80),
    "Photoshop": b"8BPS\0\1" + bytes(60),
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "empty": b"",
}


@pytest.fixture(autouse=True)
def no_other_program(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("another program was started")

    monkeypatch.setattr(subprocess, "Popen", refuse)


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_picture_is_refused_whatever_it_is_called(tmp_path: Path, what: str) -> None:
    path = tmp_path / "shot.png"
    path.write_bytes(REFUSED[what])
    with pytest.raises(UnreadableImage, match=rf"shot\.png .*{what}.*save it as PNG or JPEG"):
        open_picture(path)
    with pytest.raises(UnreadableImage, match=f"given as bytes.*{what}"):
        open_picture(io.BytesIO(REFUSED[what]))


def test_postscript_in_an_office_file_is_named_and_nothing_runs(tmp_path: Path) -> None:
    path = docx(
        tmp_path / "a.docx",
        paragraph_of_picture("r1") + "<w:p><w:r><w:t>Words.</w:t></w:r></w:p>",
        parts={"word/media/1.png": EPS},
    )
    book = as_book(path, "docx")
    assert "1 × picture" in book.lost and b"<img" not in book.content


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP", "JPEG2000", "AVIF", "PPM"])
def test_pictures_are_decoded_whatever_they_are_called(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "shot.eps"
    sheet((60, 40)).save(path, kind)
    assert open_picture(path).size == (60, 40)
    with open_image(path.read_bytes()) as picture:
        assert picture.size == (60, 40)


def test_too_large_a_picture_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.images.MOST_QUESTION_PIXELS", 100)
    file = io.BytesIO()
    sheet((60, 40)).save(file, "PNG")
    with pytest.raises(LimitExceeded, match="60 × 40 pixels"):
        open_picture(file, "shot.png")


def test_one_way_onto_white() -> None:
    assert on_white(Image.new("RGBA", (2, 2), (255, 0, 0, 0))).getpixel((0, 0)) == (255, 255, 255)
    assert on_white(Image.new("LA", (2, 2), (0, 0))).getpixel((0, 0)) == (255, 255, 255)
    indexed = Image.new("P", (2, 2), 1)
    indexed.info["transparency"] = 1
    assert on_white(indexed).getpixel((0, 0)) == (255, 255, 255)
    deep = Image.new("I;16", (2, 1))
    deep.putpixel((1, 0), 40000)
    assert [on_white(deep).getpixel((x, 0)) for x in (0, 1)] == [(0, 0, 0), (255, 255, 255)]
