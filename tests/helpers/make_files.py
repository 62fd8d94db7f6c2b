"""Files that are no PDF, made by the tests: pictures, e-books, markup."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WORDS = "Bleed the radiator valve"
BODY = f"<h1>Heating</h1><p>{WORDS} before the season starts.</p><p>Then close it again.</p>"


def sheet(size: tuple[int, int] = (600, 300), words: str = WORDS) -> Image.Image:
    """A white sheet with a line of print."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).text((40, 60), words, fill="black", font=ImageFont.load_default(36))
    return image


def archive(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return path


def epub(path: Path, body: str = BODY) -> Path:
    return archive(
        path,
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
            '<rootfiles><rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles>'
            "</container>",
            "book.opf": '<package xmlns="http://www.idpf.org/2007/opf" version="2.0" unique-identifier="id"><metadata '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The heating book</dc:title><dc:identifier id="id">1'
            '</dc:identifier></metadata><manifest><item id="c" href="c.xhtml" media-type="application/xhtml+xml"/>'
            '</manifest><spine><itemref idref="c"/></spine></package>',
            "c.xhtml": f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>c</title></head><body>{body}</body></html>',
        },
    )


def fb2(path: Path) -> Path:
    path.write_text(
        '<?xml version="1.0" encoding="utf-8"?><FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0">'
        "<description><title-info><book-title>Heating</book-title></title-info></description><body><section>"
        f"<p>{WORDS} before the season starts.</p></section></body></FictionBook>",
        encoding="utf-8",
    )
    return path


def mobi(path: Path) -> Path:
    """A Palm database with one uncompressed record of text."""
    text = f"<html><body>{BODY}</body></html>".encode()
    head = struct.pack(">HHIHHHH", 1, 0, len(text), 1, 4096, 0, 0)
    head += b"MOBI" + struct.pack(">IIII", 232, 2, 65001, 1) + b"\xff" * 212
    offsets = [78 + 2 * 8 + 2, 78 + 2 * 8 + 2 + len(head)]
    base = b"heating".ljust(32, b"\0") + bytes(28) + b"BOOKMOBI" + bytes(8) + struct.pack(">H", 2)
    records = b"".join(struct.pack(">II", offset, number) for number, offset in enumerate(offsets))
    path.write_bytes(base + records + b"\0\0" + head + text)
    return path


def xps(path: Path) -> Path:
    """A page with one filled square."""
    kinds = "".join(
        f'<Default Extension="{name}" ContentType="application/vnd.ms-package.xps-{kind}+xml"/>'
        for name, kind in (("fdseq", "fixeddocumentsequence"), ("fdoc", "fixeddocument"), ("fpage", "fixedpage"))
    )
    space = 'xmlns="http://schemas.microsoft.com/xps/2005/06"'
    start = "http://schemas.microsoft.com/xps/2005/06/fixedrepresentation"
    return archive(
        path,
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f"{kinds}</Types>",
            "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="R1" Type="{start}" Target="/all.fdseq"/></Relationships>',
            "all.fdseq": f'<FixedDocumentSequence {space}><DocumentReference Source="/1.fdoc"/>'
            "</FixedDocumentSequence>",
            "1.fdoc": f'<FixedDocument {space}><PageContent Source="/1.fpage"/></FixedDocument>',
            "1.fpage": f'<FixedPage {space} Width="480" Height="640"><Path Data="M 96,96 L 288,96 288,288 96,288 Z" '
            'Fill="#FFFF0000"/></FixedPage>',
        },
    )


def svg(path: Path) -> Path:
    path.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"><rect x="20" y="20" width="120" height="90" '
        f'fill="red"/><text x="30" y="200" font-size="24">{WORDS}</text></svg>'
    )
    return path


def cbz(path: Path) -> Path:
    page = path.with_name("page.png")
    sheet().save(page)
    return archive(path, {"1.png": page.read_bytes(), "2.png": page.read_bytes()})


def web_page(path: Path) -> Path:
    path.write_text(f"<!DOCTYPE html>\n<html><head><script>alert(1)</script></head><body>{BODY}</body></html>")
    return path


def plain(path: Path) -> Path:
    path.write_text(f"# Heating\n\n{WORDS} before the season starts.\n", encoding="utf-8")
    return path


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SPACES = (
    f'xmlns:w="{WORD}" xmlns:a="{DRAWING}/main" xmlns:pic="{DRAWING}/picture" xmlns:r="{LINKS}" '
    f'xmlns:wp="{DRAWING}/wordprocessingDrawing" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)


def noise(kind: str = "png") -> bytes:
    file = io.BytesIO()
    Image.effect_noise((320, 200), 90).convert("RGB").save(file, kind)
    return file.getvalue()


def run_of(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def paragraph_of_picture(key: str, link: str = "embed") -> str:
    return (
        '<w:p><w:r><w:drawing><wp:inline><a:graphic><a:graphicData uri="u"><pic:pic><pic:blipFill>'
        f'<a:blip r:{link}="{key}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>'
        "</w:r></w:p>"
    )


def docx(path: Path, body: str, footnotes: str = "", parts: Mapping[str, str | bytes] | None = None) -> Path:
    """Pictures: r1 a PNG, r2 an EMF, r3 a BMP, r4 on another machine, r5 missing. List 1 has bullets."""
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/></w:style>'
        for key, name in (("H", "heading 2"), ("T", "Title"))
    )
    targets = {"r1": "media/1.png", "r2": "media/2.emf", "r3": "media/3.bmp", "r5": "media/5.png"}
    links = "".join(f'<Relationship Id="{k}" Type="{LINKS}/image" Target="{v}"/>' for k, v in targets.items())
    links += f'<Relationship Id="r4" Type="{LINKS}/image" Target="http://127.0.0.1:9/4.png" TargetMode="External"/>'
    return archive(
        path,
        {
            "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="png" '
            'ContentType="image/png"/></Types>',
            "word/document.xml": f"<w:document {SPACES}><w:body>{body}</w:body></w:document>",
            "word/styles.xml": f"<w:styles {SPACES}>{styles}</w:styles>",
            "word/footnotes.xml": f"<w:footnotes {SPACES}>{footnotes}</w:footnotes>",
            "word/numbering.xml": f'<w:numbering {SPACES}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0">'
            '<w:numFmt w:val="bullet"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
            "</w:numbering>",
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>',
            "word/media/1.png": noise(),
            "word/media/2.emf": b"\1\0\0\0",
            "word/media/3.bmp": noise("bmp"),
            **(parts or {}),
        },
    )
