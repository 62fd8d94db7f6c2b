"""Fonts of signs: Symbol, ZapfDingbats, Wingdings, Webdings, with and without a map to Unicode, in lines and cells."""

from pathlib import Path

import pymupdf
import pytest
from reportlab.lib import colors
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from ingestion.parse import ParseOptions, parse_pdf
from ingestion.pdf.document import Pdf
from ingestion.text.symbol_fonts import by_code, from_private_use, mended, table_of

CMAP = "begincmap 1 begincodespacerange <00> <ff> endcodespacerange\n{body}\nendcmap"


def lines(path: Path) -> list[str]:
    with Pdf(path) as pdf:
        page = pdf.page(1)
        assert (
            " ".join(word.text for word in page.words).split() == " ".join(line.text for line in page.lines()).split()
        )
        return [line.text for line in page.lines()]


def typeset(path: Path, codes: str, font: str, cmap: str = "", encoding: str = "") -> Path:
    """Text whose codes are in a font of that name, which is not embedded."""
    doc = pymupdf.open()
    page = doc.new_page()
    page.insert_text((60, 100), codes, fontname="helv")
    xref = page.get_fonts()[0][0]
    doc.xref_set_key(xref, "BaseFont", f"/{font}")
    doc.xref_set_key(xref, "Encoding", encoding or "null")
    if cmap:
        stream = doc.get_new_xref()
        doc.update_object(stream, "<<>>")
        doc.update_stream(stream, CMAP.format(body=cmap).encode())
        doc.xref_set_key(xref, "ToUnicode", f"{stream} 0 R")
    doc.save(path)
    return path


@pytest.mark.parametrize(
    ("font", "codes", "text"),
    [
        ("Symbol", "47 W, 2.2 mF, \u00a3 5, DT, a\u00ae", "47 Ω, 2.2 μΦ, ≤ 5, ΔΤ, α→"),
        ("ABCDEF+SymbolMT", "\u00b3 3 \u00b1 \u00b4 \u00b0", "≥ 3 ± × °"),
        ("ZapfDingbats", "48ln", "✔✘●■"),
        ("ITCZapfDingbats-Medium", "4", "✔"),
        ("ABCDEF+Wingdings-Regular", "\u00fc\u00fb\u00a8\u00fe\u00a7\u00d8\u00e0", "✔✘☐☑▪➢→"),
        ("Wingdings2", "PO\u00a3R", "✔✘☐☑"),
        ("Wingdings#203", '"}', "→▶"),
        ("Webdings", "ar", "✔✘"),
        ("Arial", "Wm4\u00fc", "Wm4ü"),
        ("SegoeUISymbol", "Wm4", "Wm4"),
    ],
)
def test_codes_of_a_font_of_signs_are_read_as_what_they_draw(tmp_path: Path, font: str, codes: str, text: str) -> None:
    assert lines(typeset(tmp_path / "a.pdf", codes, font)) == [text]


LIGATURES = (
    "<< /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [33 /f_f /f_f_i /T_h.alt 36 /f_t /onehalf] >>"
)


@pytest.mark.parametrize(
    ("codes", "cmap", "text"),
    [
        ('Turn o!, #e so$ co"n', "1 beginbfrange <20> <7e> <0020> endbfrange", "Turn off, The soft coffin"),
        ("Sta! 2% h", "1 beginbfchar <21> <0021> endbfchar", "Staff 2½ h"),
        ("#e le$ sta!", "", "The left staff"),
        ("#e le$!", "4 beginbfchar <21> <0021> <23> <00540068> <24> <00660074> <25> <00bd> endbfchar", "The leftff"),
        ("It is right!", "1 beginbfchar <21> <fb00> endbfchar", "It is rightff"),
    ],
)
def test_ligatures_are_read_by_their_names_where_the_map_is_of_other_codes(
    tmp_path: Path, codes: str, cmap: str, text: str
) -> None:
    assert lines(typeset(tmp_path / "a.pdf", codes, "ABCDEF+Sans", cmap, LIGATURES)) == [text]


def test_a_map_that_says_letters_is_kept_whatever_glyphs_are_called(tmp_path: Path) -> None:
    own = "<< /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [33 /f_f /a /b] >>"
    cmap = "3 beginbfchar <21> <0416> <22> <0417> <23> <0418> endbfchar"
    assert lines(typeset(tmp_path / "a.pdf", '!"#', "ABCDEF+Sans", cmap, own)) == ["ЖЗИ"]


@pytest.mark.parametrize(
    ("font", "cmap", "text"),
    [
        ("ABCDEF+Wingdings", "1 beginbfchar <41> <f0fc> endbfchar", "✔"),
        ("ABCDEF+Wingdings", "1 beginbfrange <41> <42> [<f0fb> <f0fc>] endbfrange", "✘"),
        ("ABCDEF+SymbolMT", "1 beginbfchar <41> <f057> endbfchar", "Ω"),
        ("ABCDEF+Symbol", "1 beginbfchar <41> <03a9> endbfchar", "Ω"),  # it is right as it is
        ("ABCDEF+Symbol", "1 beginbfrange <41> <41> <0057> endbfrange", "Ω"),  # a code where Unicode is asked for
        ("ABCDEF+ZapfDingbats", "2 beginbfchar <41> <0034> <0020> <0020> endbfchar", "✔"),
        ("ABCDEF+TT14", "1 beginbfchar <41> <f0fc> endbfchar", "✔"),
        ("ABCDEF+TT14", "1 beginbfchar <41> <f0b7> endbfchar", "•"),
        ("ABCDEF+TT14", "1 beginbfchar <41> <f0b3> endbfchar", "≥"),
        ("FontAwesome", "1 beginbfchar <41> <f0fc> endbfchar", "\uf0fc"),
        ("ABCDEF+Arial", "1 beginbfchar <41> <0057> endbfchar", "W"),
    ],
)
def test_a_map_to_private_or_raw_codes_is_mended_and_a_true_one_kept(
    tmp_path: Path, font: str, cmap: str, text: str
) -> None:
    assert lines(typeset(tmp_path / "a.pdf", "A", font, cmap)) == [text]


def test_names_of_glyphs_are_believed_where_the_font_has_such_signs(tmp_path: Path) -> None:
    encoding = "<</Differences [65 /Omega /a20 /W]>>"
    assert lines(typeset(tmp_path / "a.pdf", "A", "Symbol", encoding=encoding)) == ["Ω"]
    assert lines(typeset(tmp_path / "b.pdf", "B", "ZapfDingbats", encoding=encoding)) == ["✔"]
    assert lines(typeset(tmp_path / "c.pdf", "C", "Symbol", encoding=encoding)) == ["Χ"]


def test_ticks_in_cells_and_bullets_are_no_letters(tmp_path: Path) -> None:
    style = getSampleStyleSheet()["BodyText"]

    def sign(char: str) -> Paragraph:
        return Paragraph(f'<font name="ZapfDingbats">{char}</font>', style)

    rows = [["Option", "X20", "X30"], ["Wall bracket", sign("\u2714"), sign("\u2718")], ["Horn", sign("\u2718"), "5 V"]]
    table = Table(rows, colWidths=[140, 80, 80], style=[("GRID", (0, 0), (-1, -1), 0.5, colors.black)])
    bullet = Paragraph('<font name="ZapfDingbats">\u27a4</font> Undo the clamp', style)
    path = tmp_path / "options.pdf"
    SimpleDocTemplate(str(path)).build([Paragraph("Options by model", style), table, bullet])
    document = parse_pdf(path, tmp_path / "out", ParseOptions(ocr="off"))
    said = "\n".join(element.text for element in document.elements)
    assert "| Wall bracket | ✔ | ✘ |" in said
    assert "| Horn | ✘ | 5 V |" in said
    assert "➤ Undo the clamp" in said


def test_a_broken_map_does_no_harm(tmp_path: Path) -> None:
    for body in ("1 beginbfchar <41> endbfchar", "1 beginbfrange <41> <> <f057> endbfrange", "\0\1 <<<", ""):
        typeset(tmp_path / "a.pdf", "A", "Symbol", body)
        with Pdf(tmp_path / "a.pdf") as pdf:
            assert len(pdf.page(1).lines()) == 1


def test_the_font_is_told_by_its_name() -> None:
    assert table_of("ABCDEF+SymbolMT,Bold") is table_of("Symbol")
    assert table_of("Wingdings-Regular") is table_of("Wingdings") is not table_of("Wingdings 2")
    assert [table_of(name) for name in ("Cambria Math", "Apple Symbols", "Symbola", "MT Extra", "")] == [None] * 5


def test_codes_names_and_maps_to_signs() -> None:
    symbol = table_of("Symbol")
    assert symbol is not None
    assert by_code(symbol, {0x41: "\u2126", 0x42: "x", 0x05: "∂"})[0x05] == "∂"
    assert by_code(symbol, {0x41: "\u2126"})[0x41] == "Ω"
    assert mended(symbol, {b"\xd7": "×"}) == {b"\xd7": "⋅"}  # the code of a dot
    assert mended(symbol, {b"\xd7": "×", b"\x57": "Ω"}) == {b"\xd7": "×", b"\x57": "Ω"}  # a true map
    assert from_private_use("\uf06c", "F3") == "●"
    assert from_private_use("\ue001", "Symbol") == "\ue001"
