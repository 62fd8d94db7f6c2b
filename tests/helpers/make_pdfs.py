"""Small real PDFs, well formed and hostile, each made in a folder given. Every function returns the path it wrote."""

from __future__ import annotations

import io
import re
import zlib
from pathlib import Path

import pymupdf
from PIL import Image, ImageDraw, ImageFont

PROSE = (
    "The circulation pump draws water from the tank and presses it through the flow meter into the boiler. "
    "A dry pump is loud and wears out within minutes, so the controller stops it after eight seconds without flow. "
)
SECRET = "open-sesame"


def save(doc: pymupdf.Document, path: Path, **options: object) -> Path:
    doc.save(path, **options)
    doc.close()
    return path


def text_pages(folder: Path, count: int = 3, name: str = "pages.pdf") -> Path:
    """``count`` pages, each saying its number."""
    doc = pymupdf.open()
    for number in range(1, count + 1):
        page = doc.new_page()
        page.insert_text((60, 80), f"Chapter {number}", fontsize=20, fontname="hebo")
        page.insert_textbox(pymupdf.Rect(60, 110, 535, 300), f"This is page {number}. " + PROSE, fontsize=11)
    return save(doc, folder / name)


def two_columns(folder: Path) -> Path:
    doc = pymupdf.open()
    page = doc.new_page()
    page.insert_text((60, 70), "Water circuit and boiler", fontsize=18, fontname="hebo")
    page.insert_textbox(pymupdf.Rect(60, 100, 285, 700), "Left column. " + PROSE * 3, fontsize=11)
    page.insert_textbox(pymupdf.Rect(310, 100, 535, 700), "Right column. " + PROSE * 3, fontsize=11)
    return save(doc, folder / "columns.pdf")


def rotated(folder: Path, angle: int) -> Path:
    """A page whose red square stands at (100, 200)–(200, 300) of the unrotated page."""
    doc = pymupdf.open()
    page = doc.new_page(width=400, height=600)
    page.insert_textbox(pymupdf.Rect(40, 40, 360, 140), PROSE, fontsize=10)
    page.draw_rect(pymupdf.Rect(100, 200, 200, 300), color=(1, 0, 0), fill=(1, 0, 0))
    page.set_rotation(angle)
    return save(doc, folder / f"rotated-{angle}.pdf")


def cropped(folder: Path) -> Path:
    """A 300 × 400 crop box inside a 600 × 800 media box; the words stand at (50, 60) of the crop."""
    doc = pymupdf.open()
    page = doc.new_page(width=600, height=800)
    page.insert_text((200, 260), "Inside the crop box", fontsize=14)
    page.insert_text((20, 30), "Outside the crop box", fontsize=14)
    page.set_cropbox(pymupdf.Rect(150, 200, 450, 600))
    return save(doc, folder / "cropped.pdf")


def encrypted(folder: Path) -> Path:
    doc = pymupdf.open(text_pages(folder, 1, "plain.pdf"))
    keys = {"encryption": pymupdf.PDF_ENCRYPT_AES_256, "owner_pw": "owner", "user_pw": SECRET}
    return save(doc, folder / "encrypted.pdf", **keys)


def truncated(folder: Path, share: float = 0.05) -> Path:
    """The first ``share`` of a file: the header and the start of its objects."""
    data = text_pages(folder, 3, "whole.pdf").read_bytes()
    path = folder / "truncated.pdf"
    path.write_bytes(data[: max(40, int(len(data) * share))])
    return path


def zero_pages(folder: Path) -> Path:
    path = folder / "zero.pdf"
    path.write_bytes(
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
        b"trailer<</Root 1 0 R/Size 3>>\n%%EOF\n"
    )
    return path


def png_named_pdf(folder: Path, image: Image.Image) -> Path:
    path = folder / "picture.pdf"
    image.save(path, "PNG")
    return path


def html_named_pdf(folder: Path) -> Path:
    path = folder / "page.pdf"
    path.write_text("<!doctype html><html><body><h1>404 Not found</h1></body></html>", encoding="utf-8")
    return path


def empty(folder: Path) -> Path:
    path = folder / "empty.pdf"
    path.write_bytes(b"")
    return path


def scanned(folder: Path, words: str = "Replace the filter every 6 months") -> Path:
    """One page that is a picture of ``words``, without any text of its own."""
    picture = Image.new("RGB", (1240, 600), "white")
    ImageDraw.Draw(picture).text((120, 200), words, fill="black", font=ImageFont.load_default(44))
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    doc = pymupdf.open()
    page = doc.new_page(width=595, height=288)
    page.insert_image(page.rect, stream=stream.getvalue())
    return save(doc, folder / "scan.pdf")


def raw_page(content: bytes, path: Path, box: tuple[int, int] = (600, 800)) -> Path:
    """One page with this content stream, written by hand so that size costs nothing here."""
    packed = zlib.compress(content, 9)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>" % box,
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out = bytearray(b"%PDF-1.5\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj" % number + body + b"endobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    path.write_bytes(out)
    return path


def many_paths(folder: Path, count: int) -> Path:
    """A page with so many separate strokes, and one line of text."""
    strokes = b"".join(b"%d %d m %d %d l S\n" % (i % 600, i % 797, i * 7 % 600, i * 13 % 799) for i in range(count))
    return raw_page(b"BT /F1 20 Tf 50 700 Td (Contour map) Tj ET\n" + strokes, folder / "paths.pdf")


def endless_page(folder: Path, megabytes: int = 400) -> Path:
    """A content bomb: a few hundred kilobytes that unpack to ``megabytes`` of drawing."""
    unit = b"0 0 600 800 re f q 1 0 0 1 0 0 cm Q\n"
    return raw_page(unit * (megabytes * 1_000_000 // len(unit)), folder / "bomb.pdf")


def huge_page(folder: Path, side: int = 14_400) -> Path:
    words = b"BT /F1 400 Tf 500 %d Td (Site plan of the works) Tj ET" % (side - 1000)
    return raw_page(words, folder / "huge.pdf", (side, side))


def treeless(folder: Path) -> Path:
    """Two pages that no page tree leads to."""
    path = text_pages(folder, 2, "treeless.pdf")
    data = re.sub(rb"/Kids ?\[[^]]*\]", lambda kids: b"/Kids[]".ljust(len(kids[0])), path.read_bytes())
    path.write_bytes(data.replace(b"/Count 2", b"/Count 0"))
    return path


def certified(folder: Path) -> Path:
    """A file for the holder of a key file: only its security handler says so."""
    path = text_pages(folder, 1, "certified.pdf")
    handler = b"trailer\n<</Encrypt<</Filter/Adobe.PubSec/V 4/SubFilter/adbe.pkcs7.s5>>"
    path.write_bytes(path.read_bytes().replace(b"trailer\n<<", handler))
    return path


def damaged_page(folder: Path) -> Path:
    """Three pages; the page object of the second is garbage."""
    doc = pymupdf.open(text_pages(folder, 3, "sound.pdf"))
    doc.xref_set_key(doc[1].xref, "Contents", "(not a stream)")
    doc.xref_set_key(doc[1].xref, "MediaBox", "[/a /b]")
    return save(doc, folder / "damaged.pdf")
