"""Characters as they are meant: raised, lowered, with accents drawn apart, set wide; on literals and on real PDFs."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest
from reportlab.pdfgen.canvas import Canvas

from ingestion.parse import ParseOptions, parse_pdf
from ingestion.pdf.document import Pdf
from ingestion.text.glyphs import Glyph, accents, spaces
from ingestion.text.superscripts import scripts, stacked_fraction

SIZE = 10.0
Runs = list[tuple[str, str]]


def typeset(path: Path, *rows: Runs, rotate: int = 0) -> Path:
    """Lines of runs that are set level, or smaller and higher (up) or lower (down)."""
    doc = pymupdf.open()
    page = doc.new_page()
    for i, row in enumerate(rows):
        x, y = 60.0, 80.0 + 24 * i
        for text, kind in row:
            size = SIZE if kind == "level" else 0.62 * SIZE if kind != "small" else 0.66 * SIZE
            shift = {"up": -0.35, "down": 0.18}.get(kind, 0.0) * SIZE
            start = pymupdf.Point(x, y + shift) if not rotate else pymupdf.Point(y + shift, 700 - x)
            page.insert_text(start, text, fontsize=size, rotate=rotate)
            x += pymupdf.get_text_length(text, fontsize=size)
    doc.save(path)
    return path


def read(path: Path) -> list[str]:
    """The page's lines; its words say the same."""
    with Pdf(path) as pdf:
        page = pdf.page(1)
        found = [line.text for line in page.lines()]
        assert " ".join(word.text for word in page.words) == " ".join(found)
        return found


def row(marked: str) -> Runs:
    """ "m^3^ and H_2_O" as runs: what stands between ^ is raised, between _ lowered, between ~ small."""
    kinds = {"^": "up", "_": "down", "~": "small"}
    runs: Runs = []
    text, kind = "", "level"
    for char in marked:
        if char in kinds:
            if text:
                runs.append((text, kind))
            text, kind = "", kinds[char] if kind == "level" else "level"
        else:
            text += char
    return [*runs, (text, kind)] if text else runs


@pytest.mark.parametrize(
    ("marked", "text"),
    [
        ("The pit holds 3 m^3^ at 4 N/mm^2^.", "The pit holds 3 m³ at 4 N/mm²."),
        ("a leak of 7 × 10^-9^ Pa l/s", "a leak of 7 × 10⁻⁹ Pa l/s"),
        ("fill H_2_SO_4_ and CO_2_", "fill H₂SO₄ and CO₂"),
        ("resistors R_1_ and R_12_", "resistors R₁ and R₁₂"),
        ("coolant^1^ as in note 1", "coolant¹ as in note 1"),
        ("^1^ Glycol of 30 per cent", "¹ Glycol of 30 per cent"),
        ("seals^2,3^ of rubber", "seals²,³ of rubber"),
        ("Vitalon^TM^ seals", "Vitalon™ seals"),
        ("values x_i_ and 2^n-1^ and f^n^", "values xᵢ and 2ⁿ⁻¹ and fⁿ"),
        ("17.5^a^ and 12.0^b^", "17.5ᵃ and 12.0ᵇ"),
        ("at 20^o^C", "at 20°C"),
        ("bolts of 1^1^/~2~ inch", "bolts of 1½ inch"),
        ("bolts of ^5^/~32~ inch", "bolts of ⁵⁄₃₂ inch"),
        ("torque^(1)^ in Nm", "torque⁽¹⁾ in Nm"),
    ],
)
def test_raised_and_lowered_characters_are_kept_apart(tmp_path: Path, marked: str, text: str) -> None:
    assert read(typeset(tmp_path / "a.pdf", row(marked))) == [text]


@pytest.mark.parametrize(
    ("marked", "text"),
    [
        ("on the 1^st^ and 2^nd^ of May", "on the 1st and 2nd of May"),
        ("M^me^ Roux, XIX^e^ century", "Mme Roux, XIXe century"),
        ("only $ 19^99^ today", "only $ 1999 today"),
        ("T_max_ and V_in_", "Tmax and Vin"),
        ("P~ROPER~ N~AMES~ 2", "PROPER NAMES 2"),
        ("5~ mm~ wide", "5 mm wide"),
        ("100~ %~", "100 %"),
    ],
)
def test_what_is_only_smaller_or_words_in_small_type_stays(tmp_path: Path, marked: str, text: str) -> None:
    assert read(typeset(tmp_path / "a.pdf", row(marked))) == [text]


def test_exponents_are_read_on_lines_that_run_upwards(tmp_path: Path) -> None:
    assert read(typeset(tmp_path / "a.pdf", row("pit of 3 m^3^ and CO_2_"), rotate=90)) == ["pit of 3 m³ and CO₂"]


def test_exponents_are_read_in_cells_and_passages_alike(tmp_path: Path) -> None:
    doc = pymupdf.open()
    page = doc.new_page()
    page.insert_text((60, 60), "Data of the pit", fontsize=15, fontname="hebo")
    rows = [
        ("Quantity", "Value"),
        ("Volume", "3 m^3^"),
        ("Leak rate", "7 × 10^-9^"),
        ("Filling", "CO_2_"),
        ("Mass", "5"),
    ]
    for i, cells in enumerate(rows):
        top = 80 + 22 * i
        for x, cell in zip((60, 220), cells, strict=True):
            page.draw_rect((x, top, x + 160, top + 22), width=0.7)
            at = x + 5.0
            for text, kind in row(cell):
                size = SIZE if kind == "level" else 0.62 * SIZE
                page.insert_text((at, top + 15 + {"up": -3.5, "down": 1.8}.get(kind, 0.0)), text, fontsize=size)
                at += pymupdf.get_text_length(text, fontsize=size)
    doc.save(tmp_path / "pit.pdf")
    document = parse_pdf(tmp_path / "pit.pdf", tmp_path / "out", ParseOptions(ocr="off"))
    table = next(element for element in document.elements if element.kind == "table")
    assert "| Volume | 3 m³ |" in table.text
    assert "| Leak rate | 7 × 10⁻⁹ |" in table.text
    assert "| Filling | CO₂ |" in table.text
    assert any("m³" in chunk.text for chunk in document.chunks if chunk.kind == "page")


def tracked(path: Path, *rows: tuple[str, float]) -> Path:
    """Lines with so many points added behind each character."""
    canvas = Canvas(str(path))
    for i, (words, space) in enumerate(rows):
        text = canvas.beginText(60, 780 - 30 * i)
        text.setFont("Helvetica-Bold", 14)
        text.setCharSpace(space)
        text.textLine(words)
        canvas.drawText(text)
    canvas.save()
    return path


@pytest.mark.parametrize(
    ("words", "space"),
    [
        ("OPERATING MANUAL", 4.0),
        ("Care and cleaning", 2.6),
        ("NOTE", 5.0),
        ("ÜBERSICHT DER TEILE", 3.0),
        ("Chapter 1.2 Wiring", 2.6),
    ],
)
def test_words_set_wide_are_words(tmp_path: Path, words: str, space: float) -> None:
    assert read(tracked(tmp_path / "a.pdf", (words, space))) == [words]


def test_words_typed_with_blanks_between_their_letters_are_words(tmp_path: Path) -> None:
    assert read(tracked(tmp_path / "a.pdf", ("S P A R E   P A R T S", 0.0))) == ["SPARE PARTS"]
    assert read(tracked(tmp_path / "b.pdf", ("see W A R N I N G", 0.0))) == ["see WARNING"]


@pytest.mark.parametrize(
    "words",
    [
        "A B C D E F G H",
        "H L H H L X",
        "0 1 1 0 1 0",
        "1 2 3 4 5 6",
        "N N Y N Y Y",
        "J. R. R. Miller",
        "a = b + c",
        "X O O X",
    ],
)
def test_rows_of_single_letters_stay(tmp_path: Path, words: str) -> None:
    assert read(tracked(tmp_path / "a.pdf", (words, 0.0))) == [words]
    drawn = Canvas(str(tmp_path / "b.pdf"))
    for i, word in enumerate(words.split()):
        drawn.drawString(60 + 18 * i, 700, word)
    drawn.save()
    assert " ".join(read(tmp_path / "b.pdf")).split() == words.split()


def drawn(text: str, at: float = 0.0, wide: float = 5.0) -> list[Glyph]:
    return [Glyph(c, at + i * wide, at + (i + 1) * wide, 0.0, SIZE) for i, c in enumerate(text)]


@pytest.mark.parametrize(
    ("mark", "letter", "text"),
    [("¨", "u", "ü"), ("´", "e", "é"), ("`", "a", "à"), ("ˇ", "c", "č"), ("˜", "n", "ñ"), ("´", "ı", "í")],
)
def test_an_accent_drawn_over_a_letter_is_one_with_it(mark: str, letter: str, text: str) -> None:
    over = [*drawn("R"), Glyph(mark, 6.0, 9.0, 1.0, SIZE), *drawn(letter, 5.0), *drawn("ck", 10.0)]
    assert accents(over) == {1: "", 2: text}
    under = [*drawn("R"), *drawn("c", 5.0), Glyph("¸", 6.0, 9.0, 0.0, SIZE)]
    assert accents(under) == {1: "ç", 2: ""}


def test_accents_that_stand_for_themselves_stay() -> None:
    assert accents(drawn("it´s `a` x^2 ~5 20°")) == {}


def test_accents_drawn_apart_are_read_from_a_page(tmp_path: Path) -> None:
    doc = pymupdf.open()
    page = doc.new_page()
    x = 60.0
    for part in ("R", "u", "ckschlagklappe pr", "u", "fen"):
        if part == "u":
            page.insert_text((x + 1.1, 100), "\u00a8", fontsize=11)
        page.insert_text((x, 100), part, fontsize=11)
        x += pymupdf.get_text_length(part, fontsize=11)
    doc.save(tmp_path / "a.pdf")
    assert read(tmp_path / "a.pdf") == ["Rückschlagklappe prüfen"]


def test_without_a_second_size_nothing_is_raised_and_without_gaps_nothing_joined() -> None:
    assert scripts(drawn("m3 and 10-6")) == {}
    assert spaces(drawn("plain words here")) == {}


def test_an_invisible_layer_keeps_its_characters(tmp_path: Path) -> None:
    doc = pymupdf.open()
    page = doc.new_page()
    page.insert_text((60, 100), "total of 12", fontsize=12, render_mode=3)
    page.insert_text((60 + pymupdf.get_text_length("total of 12", fontsize=12), 96), "5", fontsize=8, render_mode=3)
    doc.save(tmp_path / "a.pdf")
    with Pdf(tmp_path / "a.pdf") as pdf:
        assert " ".join(line.text for line in pdf.page(1).lines()) == "total of 125"


def glyphs_of(*runs: tuple[str, float, float, float]) -> list[Glyph]:
    """Runs of text, left edge, size and rise; letters half as wide as high."""
    return [
        Glyph(c, x + i * size / 2, x + (i + 1) * size / 2, rise, size, "F", False)
        for text, x, size, rise in runs
        for i, c in enumerate(text)
    ]


def test_exponents_that_are_hardly_smaller_are_raised() -> None:
    """WeasyPrint's are as large as ".97" of the text; a line that does not come back down is another row."""
    found = scripts(glyphs_of(("10", 0, 10, 0), ("−3", 10, 9.7, 5), (" mbar", 20, 10, 0)))
    assert found == {2: "⁻", 3: "³"}
    assert scripts(glyphs_of(("10", 0, 10, 0), ("−3", 10, 9.7, 5), (" mbar", 20, 9, 5))) == {}
    assert scripts(glyphs_of(("is", 0, 10, 0), ("by", 10, 9.7, 5), ("it", 20, 10, 0))) == {}


def test_a_numerator_over_its_denominator_is_one_sign() -> None:
    """The library ends the line at the numerator of TeX's "1/2" and begins the next with the denominator."""
    upper, lower = glyphs_of(("is 7", 0, 10, 0), ("1", 22, 7, 4)), glyphs_of(("2", 22, 7, -3.5), (" bar", 28, 10, 0))
    above, below = stacked_fraction(upper, lower)
    assert above[4] == "½" and list(below) == [0]
    assert stacked_fraction(upper, glyphs_of(("2", 40, 7, -3.5), (" bar", 46, 10, 0))) == ({}, {})  # beside it
    assert stacked_fraction(glyphs_of(("x", 17, 10, 0), ("1", 22, 7, 4)), lower) == ({}, {})  # an exponent and an index
