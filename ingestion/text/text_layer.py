"""Recognised lines as an invisible text layer: the font and the drawing operators, as a PDF spells them.

No font at hand has all letters that OCR can return, and what a font lacks is lost on the way. So the layer has a font
of its own, without any shapes: each character gets a code, and the font's map says which character that is (as
Tesseract does in the PDFs it writes). Whoever reads the page's text gets exactly what was recognised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from ingestion.blocks import Line
from ingestion.elements import BBox
from ingestion.geometry import height, width
from ingestion.text.bidi import has_rtl, logical_glyphs

NAME = "Recognised"  # the font's, as the library tells it of its text
RISE = 0.2  # of a line's height, from its lower edge to the baseline
LETTERS = 0.85  # of a line's height: the size of its letters
LEAST_SIZE = 0.1  # points
LEAST_STRETCH = 0.05  # times the usual width of a letter
MOST_ENTRIES = 100  # of one list in a character map (PDF 1.7, 9.10.3)
FIRST_CODE = 1

Place = Callable[[float, float], tuple[float, float]]  # from points of the page to the units of the drawing


class LayerFont(NamedTuple):
    """Codes by character, widths by character (of the size of the letters), and the font's objects as a PDF spells
    them. ``{to_unicode}`` and ``{descriptor}`` are the numbers of the other two."""

    codes: dict[str, int]
    widths: dict[str, float]
    font: str
    descriptor: str
    to_unicode: str


def font_of(lines: Iterable[Line], width_of: Callable[[str], float]) -> LayerFont:
    """A font for the characters of these lines. ``width_of`` a character, of the size of the letters."""
    letters = sorted({char for line in lines for char in line.text})
    codes = {char: FIRST_CODE + number for number, char in enumerate(letters)}
    widths = {char: round(width_of(char), 3) for char in letters}
    listed = " ".join(f"{1000 * wide:.0f}" for wide in widths.values())
    system = "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
    font = (
        f"<</Type/Font/Subtype/Type0/BaseFont/{NAME}/Encoding/Identity-H/ToUnicode {{to_unicode}} 0 R"
        f"/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/{NAME}{system}/CIDToGIDMap/Identity"
        f"/FontDescriptor {{descriptor}} 0 R/DW 500/W[{FIRST_CODE}[{listed}]]>>]>>"
    )
    descriptor = (
        f"<</Type/FontDescriptor/FontName/{NAME}/Flags 4/FontBBox[0 -200 1000 800]/ItalicAngle 0/Ascent 800"
        "/Descent -200/CapHeight 700/StemV 80>>"
    )
    return LayerFont(codes, widths, font, descriptor, _character_map(codes))


def operators(lines: Iterable[Line], font: LayerFont, name: str, place: Place, scale: float) -> str:
    """What draws these lines invisibly with the font called ``name``, each as long as its box. ``scale``: units of the
    drawing to a point."""
    return "\n".join(["q", *(_drawn(line, font, name, place, scale) for line in lines), "Q", ""])


def _drawn(line: Line, font: LayerFont, name: str, place: Place, scale: float) -> str:
    upright = line.quarters % 2 == 0
    along, across = (width(line.bbox), height(line.bbox)) if upright else (height(line.bbox), width(line.bbox))
    size = max(LEAST_SIZE, LETTERS * across * scale)
    text = logical_glyphs(line.text) if has_rtl(line.text) else line.text  # as it stands, which is its own inverse
    stretch = max(LEAST_STRETCH, along * scale / (size * sum(font.widths[char] for char in text) or 1.0))
    x, y = place(*_start(line.bbox, line.quarters))
    turn = (
        f"{stretch:.5f} 0 0 1",
        f"0 {stretch:.5f} -1 0",
        f"-{stretch:.5f} 0 0 -1",
        f"0 -{stretch:.5f} 1 0",
    )[line.quarters]
    shown = "".join(f"{font.codes[char]:04x}" for char in text)
    return f"BT 3 Tr /{name} {size:.4f} Tf {turn} {x:.4f} {y:.4f} Tm <{shown}> Tj ET"


def _start(box: BBox, quarters: int) -> tuple[float, float]:
    """Where the baseline begins, in points of the page."""
    rise = RISE * (height(box) if quarters % 2 == 0 else width(box))
    level, upward = (box.x0, box.y1 - rise), (box.x1 - rise, box.y1)
    return (level, upward, (box.x1, box.y0 + rise), (box.x0 + rise, box.y0))[quarters]


def _character_map(codes: dict[str, int]) -> str:
    entries = [f"<{code:04x}> <{char.encode('utf-16-be').hex()}>" for char, code in codes.items()]
    lists = [entries[start : start + MOST_ENTRIES] for start in range(0, len(entries), MOST_ENTRIES)]
    body = "\n".join(f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar" for part in lists)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        f"/CMapName /{NAME} def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    )
