"""TeX's pictures of letters (Type 3 fonts without a map): ligatures, quotation marks, dashes, accents."""

from pathlib import Path

import pymupdf
import pytest

from ingestion.pdf.document import Pdf
from ingestion.text.tex_encodings import OT1, T1, is_text, table_of_codes

STEP = 6  # points from letter to letter


def typeset(path: Path, lines: list[bytes], named: bool = True, names: str = "/a{}") -> Path:
    """A page in a font of pictures as pdfTeX makes them: each glyph is named by its code."""
    doc = pymupdf.open()
    page = doc.new_page()
    used = sorted({code for line in lines for code in line if code != 32})
    glyph, font = doc.get_new_xref(), doc.get_new_xref()
    doc.update_object(glyph, "<<>>")
    doc.update_stream(glyph, b"600 0 0 0 500 700 d1 0 0 500 700 re f")
    procs = " ".join(f"{names.format(code)} {glyph} 0 R" for code in used)
    differences = " ".join(f"{code} {names.format(code)}" for code in used)
    doc.update_object(
        font,
        f"<</Type/Font/Subtype/Type3{'/Name/F7' if named else ''}/FontMatrix[.001 0 0 .001 0 0]/FontBBox[0 0 500 700]"
        f"/FirstChar 0/LastChar 255/Widths[{'600 ' * 256}]/CharProcs<<{procs}>>/Resources<<>>"
        f"/Encoding<</Type/Encoding/Differences[{differences}]>>>>",
    )
    doc.xref_set_key(page.xref, "Resources", f"<</Font<</F7 {font} 0 R>>>>")
    content = b""
    for row, line in enumerate(lines):
        content += b"BT /F7 10 Tf 60 %d Td <%s> Tj ET\n" % (700 - 20 * row, line.hex().encode())
    stream = doc.get_new_xref()
    doc.update_object(stream, "<<>>")
    doc.update_stream(stream, content)
    doc.xref_set_key(page.xref, "Contents", f"{stream} 0 R")
    doc.save(path)
    return path


def read(path: Path) -> list[str]:
    with Pdf(path) as pdf:
        return [line.text for line in pdf.page(1).lines()]


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (b"e\x1ecient\x16co\x1beepot", "efficient—coffeepot"),  # T1
        (b"\x10quoted\x11wa\x1fes", "“quoted”waffles"),
        (b"mi\xaaosny\xa2\xe9tu\xff", "miłosnyćétuß"),
        (b"e\x0ecient|co\x0beepot", "efficient—coffeepot"),  # OT1
        (b'\\quoted"wa\x0fes3{4', "“quoted”waffles3–4"),
        (b"\x1520V", "–20V"),  # T1, told by the dash before a number alone
        (b"3{4bar", "3–4bar"),
    ],
)
def test_words_are_read_whatever_the_encoding(tmp_path: Path, codes: bytes, said: str, named: bool) -> None:
    assert read(typeset(tmp_path / "tex.pdf", [codes], named)) == [said]


def test_a_line_without_a_sign_of_its_encoding_goes_by_the_rest_of_the_font(tmp_path: Path) -> None:
    assert read(typeset(tmp_path / "tex.pdf", [b"e\x1ecient", b"dash\x15here"])) == ["efficient", "dash–here"]


def test_formulas_and_fonts_with_names_are_left_alone(tmp_path: Path) -> None:
    assert "ff" not in read(typeset(tmp_path / "formula.pdf", [b"x\x0bk"]))[0]
    path = typeset(tmp_path / "named.pdf", [b"eacient"], names="/g{}")
    assert "ffi" not in read(path)[0]


def test_fonts_of_signs_alone_are_read_by_their_own_table(tmp_path: Path) -> None:
    assert read(typeset(tmp_path / "signs.pdf", [b"\x88", b"\xb0\xb5"])) == ["•", "°µ"]
    assert read(typeset(tmp_path / "letters.pdf", [b"\x88", b"e\x1ecient"]))[0] == "Ĺ"  # of T1, which has letters too


def test_tables_and_what_decides_between_them() -> None:
    assert len(T1) == 256 and (T1[0x1B], T1[0xAA], T1[0xFF], T1[0x60]) == ("ff", "ł", "ß", "‘")
    assert (OT1[0x0F], OT1[0x19], OT1[0x7B], OT1[0x41]) == ("ffl", "ß", "–", "A")
    assert is_text(b"office") and not is_text(b"sin x")
    assert table_of_codes([b"waffles"]) is None
    assert table_of_codes([b"a\x0bairs", b"wa\x1fes", b"\x1brst one"]) is T1
