"""Files that are no PDF, made by the tests: pictures, e-books, markup."""

from __future__ import annotations

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
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPACES = (
    f'xmlns:w="{WORD}" xmlns:a="{DRAWING}" xmlns:r="{LINKS}" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
)
NOISE = "noise.png"


def office(path: Path, parts: Mapping[str, str | bytes], links: Mapping[str, Mapping[str, str]]) -> Path:
    """``links``: part → reference id → target."""
    related = {}
    for part, targets in links.items():
        folder, _, name = part.rpartition("/")
        items = "".join(f'<Relationship Id="{key}" Type="t" Target="{target}"/>' for key, target in targets.items())
        related[f"{folder}/_rels/{name}.rels"] = f"<Relationships>{items}</Relationships>"
    return archive(path, {"[Content_Types].xml": "<Types/>", **parts, **related})


def noise_png(folder: Path) -> bytes:
    Image.effect_noise((320, 200), 90).convert("RGB").save(folder / NOISE)
    return (folder / NOISE).read_bytes()


def run_of(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def docx(path: Path, body: str, footnotes: str = "") -> Path:
    styles = (
        '<w:style w:styleId="H"><w:name w:val="heading 2"/></w:style><w:style w:styleId="T"><w:name w:val="Title"/>'
        '</w:style><w:style w:styleId="O"><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
    )
    parts = {
        "word/document.xml": f"<w:document {SPACES}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {SPACES}>{styles}</w:styles>",
        "word/footnotes.xml": f"<w:footnotes {SPACES}>{footnotes}</w:footnotes>",
        "word/media/noise.png": noise_png(path.parent),
        "word/media/old.emf": b"\1\0\0\0",
    }
    return office(path, parts, {"word/document.xml": {"r1": "media/noise.png", "r2": "/word/media/old.emf"}})


def pptx(path: Path, slides: Mapping[str, str], order: list[str]) -> Path:
    ids = "".join(f'<p:sldId id="{256 + n}" r:id="{key}"/>' for n, key in enumerate(order))
    parts: dict[str, str | bytes] = {
        f"ppt/slides/{key}.xml": f"<p:sld {SPACES}><p:cSld><p:spTree>{tree}</p:spTree></p:cSld></p:sld>"
        for key, tree in slides.items()
    }
    size = '<p:sldSz cx="9144000" cy="5143500"/>'
    parts["ppt/presentation.xml"] = f"<p:presentation {SPACES}><p:sldIdLst>{ids}</p:sldIdLst>{size}</p:presentation>"
    parts["ppt/media/noise.png"] = noise_png(path.parent)
    links = {f"ppt/slides/{key}.xml": {"r1": "../media/noise.png"} for key in slides}
    return office(path, parts, {**links, "ppt/presentation.xml": {key: f"slides/{key}.xml" for key in slides}})


def shape(text: str, place: str = "") -> str:
    held = f'<p:nvPr><p:ph type="{place}"/></p:nvPr>' if place else "<p:nvPr/>"
    lines = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in text.splitlines())
    return f"<p:sp><p:nvSpPr>{held}</p:nvSpPr><p:txBody>{lines}</p:txBody></p:sp>"


def xlsx(path: Path, sheets: Mapping[str, str], shared: list[str]) -> Path:
    names = "".join(f'<sheet name="{name}" r:id="r{n}"/>' for n, name in enumerate(sheets))
    parts = {
        f"xl/worksheets/s{n}.xml": f"<worksheet><sheetData>{rows}</sheetData></worksheet>"
        for n, rows in enumerate(sheets.values())
    }
    parts["xl/workbook.xml"] = f"<workbook {SPACES}><sheets>{names}</sheets></workbook>"
    parts["xl/sharedStrings.xml"] = f"<sst>{''.join(f'<si><t>{text}</t></si>' for text in shared)}</sst>"
    parts["xl/styles.xml"] = (
        '<styleSheet><numFmts><numFmt numFmtId="170" formatCode="dd/mm/yyyy"/><numFmt numFmtId="171" '
        'formatCode="0.0 &quot;days&quot;"/></numFmts><cellXfs><xf/><xf numFmtId="14"/><xf numFmtId="170"/>'
        '<xf numFmtId="171"/></cellXfs></styleSheet>'
    )
    return office(path, parts, {"xl/workbook.xml": {f"r{n}": f"worksheets/s{n}.xml" for n in range(len(sheets))}})
