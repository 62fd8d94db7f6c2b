"""Real PDFs for tests of text and of geometry, made in a folder or at a path given, which they return."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pymupdf
from make_pdfs import PROSE, save
from PIL import Image
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

HEBREW = "משאבה PUMP A-17 רועשת ונשחקת תוך 15.5 דקות, ולכן הבקר (ECU) עוצר אותה"
ARABIC = "تسحب مضخة ماء من خزان وتدفعه عبر مقياس"  # no lam: the font used here names its ligatures wrongly
COLUMNS = ("循環ポンプはタンクから水を吸い上げ、", "流量計を通してボイラーに送ります。")
CELLS = [
    ["Code", "Meaning", "Remedy"],
    ["E04", "Door open", "Close it"],
    ["E11", "No water", "Clean filter"],
    ["E18", "Blocked", "Free impeller"],
    ["E23", "Relay", "Replace K3"],
]
SENTENCES = (
    "The circulation pump draws water from the tank and presses it through the meter.",
    "A dry pump is loud and wears out within minutes, so the controller stops it.",
    "Scale is the commonest cause of low flow, and citric acid removes it in an hour.",
    "Never use vinegar, which attacks the seals and leaves a smell for many weeks.",
)
JAPANESE = (
    "タンクカバーを開けて、中に水を入れます。",
    "最大２リットルまで入れてください。",
    "汚れた水や井戸水は使用しないでください。",
    "使用後は電源ボタンを押して電源を切ります。",
)
TAKEN_FOR_CHINESE = (
    "夕歹夕力八茬鹃才了、中忆水茬入杠末寸。",
    "骰大２互卜儿宗它入九它＜茫它扒。",
    "污九尤水卞井芦水法使用匕女扒它＜茫它扒。",
    "使用俊法電源术夕歹茬押匕它電源茬切力末寸。",
)
BLUE, GREEN = (0, 0, 1), (0, 0.6, 0)


@dataclass(frozen=True)
class View:
    """How a page's content, 500 × 650 units, is put on the page."""

    rotate: int = 0
    origin: tuple[float, float] = (0.0, 0.0)
    crop: tuple[float, float, float, float] | None = None  # margins: left, bottom, right, top
    unit: float = 1.0
    scale: float = 1.0

    @property
    def size(self) -> tuple[float, float]:
        left, bottom, right, top = self.crop or (0, 0, 0, 0)
        factor = self.scale * self.unit
        size = (500 - left - right) * factor, (650 - bottom - top) * factor
        return size if self.rotate % 180 == 0 else (size[1], size[0])


def html_page(folder: Path, html: str, name: str = "html.pdf") -> Path:
    doc = pymupdf.open()
    doc.new_page().insert_htmlbox(pymupdf.Rect(60, 80, 535, 700), f'<div style="font-size:13px">{html}</div>')
    return save(doc, folder / name)


def lines_page(folder: Path, lines: list[str], name: str = "lines.pdf", fontname: str = "helv") -> Path:
    """One line below the other, as one paragraph."""
    doc = pymupdf.open()
    page = doc.new_page()
    for number, line in enumerate(lines):
        page.insert_text((60, 100 + 14 * number), line, fontsize=11, fontname=fontname)
    return save(doc, folder / name)


def visual_hebrew(folder: Path, logical: str) -> Path:
    """Glyphs written from left to right where they stand, as printing programs write Hebrew."""
    doc = pymupdf.open()
    page = doc.new_page()
    fonts = {"he": pymupdf.Font(script=pymupdf.mupdf.UCDN_SCRIPT_HEBREW), "la": pymupdf.Font("helv")}
    for name, font in fonts.items():
        page.insert_font(fontname=name, fontbuffer=font.buffer)
    x = 540.0
    for word in logical.split():
        name = "he" if any("\u0590" <= c <= "\u05ff" for c in word) else "la"
        shown = word[::-1] if name == "he" else word
        x -= fonts[name].text_length(shown, 14)
        page.insert_text((x, 100), shown, fontname=name, fontsize=14)
        x -= 4
    return save(doc, folder / "hebrew.pdf")


def vertical_japanese(folder: Path) -> Path:
    font = UnicodeCIDFont("HeiseiMin-W3", isVertical=True)
    pdfmetrics.registerFont(font)
    path = folder / "vertical.pdf"
    canvas = Canvas(str(path), pagesize=(595, 842))
    canvas.setFont(font.fontName, 14)
    for number, column in enumerate(COLUMNS):
        canvas.drawString(500 - 24 * number, 750, column)
    canvas.save()
    return path


def scattered_words(folder: Path, text: str, name: str = "words.pdf") -> Path:
    """Every word an object of its own, the last ones first, as some converters write them."""
    doc = pymupdf.open()
    page = doc.new_page()
    font = pymupdf.Font("helv")
    places, x, y = [], 60.0, 80.0
    for word in text.split():
        wide = font.text_length(word, 9)
        if x + wide > 535:
            x, y = 60.0, y + 12
        places.append((x, y, word))
        x += wide + 2.5
    for x, y, word in reversed(places):
        page.insert_text((x, y), word, fontsize=9, fontname="helv")
    return save(doc, folder / name)


def marked_page(path: Path, view: View) -> Path:
    """A blue paragraph, a red picture and a green table, shown as ``view`` says."""
    doc = pymupdf.open()
    page = doc.new_page(width=500, height=650)
    page.insert_textbox(pymupdf.Rect(50, 60, 450, 200), PROSE, fontsize=11, color=BLUE)
    page.insert_image(pymupdf.Rect(100, 220, 400, 400), stream=_red_noise(), keep_proportion=False)
    for row in range(len(CELLS) + 1):
        page.draw_line((80, 430 + 18 * row), (420, 430 + 18 * row), color=GREEN)
    for x in (80, 200, 310, 420):
        page.draw_line((x, 430), (x, 430 + 18 * len(CELLS)), color=GREEN)
    for row, cells in enumerate(CELLS):
        for x, text in zip((84, 204, 314), cells, strict=True):
            page.insert_text((x, 443 + 18 * row), text, fontsize=10, color=GREEN)
    return _viewed(doc, path, view)


def scanned_page(path: Path, lines: list[str], view: View) -> Path:
    """A page that is a picture of blue ``lines``, shown as ``view`` says."""
    source = pymupdf.open()
    page = source.new_page(width=500, height=650)
    for number, line in enumerate(lines):
        page.insert_text((80, 150 + 40 * number), line, fontsize=16, color=BLUE)
    pixels = page.get_pixmap(dpi=150).tobytes("png")
    source.close()
    doc = pymupdf.open()
    page = doc.new_page(width=500, height=650)
    page.insert_image(page.rect, stream=pixels)
    return _viewed(doc, path, view)


def _viewed(doc: pymupdf.Document, path: Path, view: View) -> Path:
    page = doc[0]
    page.clean_contents()
    (left, bottom), factor = view.origin, view.scale
    content = page.get_contents()[0]
    start = b"q %f 0 0 %f %f %f cm\n" % (factor, factor, left, bottom)
    doc.update_stream(content, start + doc.xref_stream(content) + b"\nQ")
    right, top = left + 500 * factor, bottom + 650 * factor
    doc.xref_set_key(page.xref, "MediaBox", f"[{left} {bottom} {right} {top}]")
    if view.crop:
        a, b, c, d = (margin * factor for margin in view.crop)
        doc.xref_set_key(page.xref, "CropBox", f"[{left + a} {bottom + b} {right - c} {top - d}]")
    doc.xref_set_key(page.xref, "Rotate", str(view.rotate))
    doc.xref_set_key(page.xref, "UserUnit", str(view.unit))
    return save(doc, path)


def _red_noise() -> bytes:
    noise = np.asarray(Image.effect_noise((300, 200), 90)) // 2
    pixels = np.stack([np.full_like(noise, 255), noise, noise], axis=2)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


def wrong_map(folder: Path, first: int, beside: tuple[str, ...] = ()) -> Path:
    """A page of sound prose, and four lines whose font says its letters are others: from ``first`` on, in order.
    ``beside`` them stand lines of a sound font."""
    doc = pymupdf.open()
    page = doc.new_page()
    page.insert_textbox(pymupdf.Rect(60, 60, 535, 300), PROSE * 2, fontsize=11)
    page.insert_font(fontname="odd", fontbuffer=pymupdf.Font("helv").buffer)
    for number, line in enumerate(SENTENCES):
        page.insert_text((60, 400 + 16 * number), line, fontname="odd", fontsize=10)
    for number, line in enumerate(beside):
        page.insert_text((460, 400 + 16 * number), line, fontname="cour", fontsize=8)
    doc = pymupdf.open(stream=doc.tobytes())
    for xref in range(1, doc.xref_length()):
        if doc.xref_is_stream(xref) and b"beginbfrange" in doc.xref_stream(xref):
            head, _, rest = doc.xref_stream(xref).partition(b"1 begincodespacerange")
            table = b"1 beginbfrange\n<0001> <00ff> <%04x>\nendbfrange\n" % first
            tail = rest[rest.index(b"endcmap") :]
            doc.update_stream(xref, head + b"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n" + table + tail)
    return save(doc, folder / "wrong-map.pdf")


def half_scanned(folder: Path) -> Path:
    """Prose above, and a picture of other prose below."""
    doc = pymupdf.open()
    page = doc.new_page()
    page.insert_textbox(pymupdf.Rect(60, 60, 535, 300), PROSE * 2, fontsize=11)
    page.insert_image(pymupdf.Rect(50, 400, 550, 700), stream=_picture_of(SENTENCES, (500, 300)))
    return save(doc, folder / "half.pdf")


def text_layer(folder: Path, lines: tuple[str, ...]) -> Path:
    """A scan of four sentences with these lines invisibly on it."""
    doc = pymupdf.open()
    page = doc.new_page(width=500, height=300)
    page.insert_image(page.rect, stream=_picture_of(SENTENCES, (500, 300)))
    for number, line in enumerate(lines):
        page.insert_text((20, 40 + 30 * number), line, fontsize=11, render_mode=3)
    return save(doc, folder / "layer.pdf")


def japanese_scan(folder: Path, lines: tuple[str, ...], hidden: bool) -> Path:
    """A scan of four Japanese sentences with these lines on it, invisibly or below the picture."""
    doc = pymupdf.open()
    page = doc.new_page(width=500, height=300)
    for number, line in enumerate(lines):
        place = (20, 40 + 30 * number)
        page.insert_text(place, line, fontsize=14, fontname="japan", render_mode=3 if hidden else 0)
    page.insert_image(page.rect, stream=_picture_of(JAPANESE, (500, 300), "japan", 14))
    return save(doc, folder / "japanese.pdf")


def part_numbers(folder: Path) -> Path:
    """Rows of codes: no words, but what the page shows."""
    doc = pymupdf.open()
    page = doc.new_page()
    page.insert_textbox(pymupdf.Rect(60, 60, 535, 200), PROSE, fontsize=11)
    for row in range(8):
        codes = [f"{letters}{row}{column}74" for column, letters in enumerate(("XKR", "BZTW", "QPL", "GHDV"))]
        page.insert_text((60, 300 + 16 * row), "   ".join(codes), fontname="cour", fontsize=11)
    return save(doc, folder / "codes.pdf")


def lettered_table(folder: Path, rows: list[list[str]], name: str = "letters.pdf") -> Path:
    """A ruled table of short entries on an upright page."""
    doc = pymupdf.open()
    page = doc.new_page()
    for y, row in enumerate(rows):
        for x, text in enumerate(row):
            cell = pymupdf.Rect(60 + 44 * x, 90 + 18 * y, 104 + 44 * x, 108 + 18 * y)
            page.draw_rect(cell, width=0.5)
            page.insert_text((cell.x0 + 14, cell.y1 - 5), text, fontsize=10)
    return save(doc, folder / name)


def wiring_sheet(folder: Path) -> Path:
    """A sheet of 1.2 by 0.8 metres with small tags all over it, and a line of plain words."""
    doc = pymupdf.open()
    page = doc.new_page(width=3370, height=2384)
    for number in range(72):
        x, y = 120 + 260 * (number % 12), 120 + 330 * (number // 12)
        page.draw_rect(pymupdf.Rect(x, y, x + 110, y + 60))
        page.insert_text((x + 6, y + 24), f"-Q{number}:14", fontsize=8)
        page.insert_text((x + 6, y + 44), f"XB{number}.2 GN/YE 2,5", fontsize=7)
    page.insert_text((2600, 2300), "Sheet 7 of the mill: motor feeders and lamp circuits", fontsize=11)
    return save(doc, folder / "sheet.pdf")


def _picture_of(lines: tuple[str, ...], size: tuple[int, int], font: str = "helv", points: float = 11) -> bytes:
    source = pymupdf.open()
    page = source.new_page(width=size[0], height=size[1])
    for number, line in enumerate(lines):
        page.insert_text((20, 40 + 30 * number), line, fontsize=points, fontname=font)
    return bytes(page.get_pixmap(dpi=150).tobytes("png"))
