"""What glyph numbers stand for in fonts that only their order explains."""

import random

import pytest

from ingestion.text.glyph_order import table_of_glyphs


def as_read(text: str) -> list[int]:
    """The numbers of the glyphs that a text without a map is read as."""
    return [ord(char) for char in text]


@pytest.mark.parametrize(
    ("font", "read", "meant"),
    [
        ("DejaVuSans", "7KH\x03IROORZLQJ\x03WDEOH\x03OLVWV\x03DOO\x03SDUWV", "The following table lists all parts"),
        ("ArialMT", "\x18\x03YROWV\x03DW\x03WKH\x03LQSXW±³UHPRWH´\x03FRQWURO", "5 volts at the input–“remote” control"),
        ("TimesNewRomanPSMT", "ɉɪɢɥɨɠɟɧɢɟ\x03Ʉ\x03ɞɨɝɨɜɨɪɭ\x03ɩɨɫɬɚɜɤɢ", "Приложение К договору поставки"),
    ],
)
def test_text_is_what_the_order_says(font: str, read: str, meant: str) -> None:
    table = table_of_glyphs(font, as_read(read))
    assert table is not None
    assert "".join(table[glyph] for glyph in as_read(read)) == meant


def test_glyphs_in_another_order_are_left_alone() -> None:
    words = "The following table lists all the parts of the pump and their numbers in the order of assembly"
    order = sorted(set(words))
    random.Random(5).shuffle(order)
    assert table_of_glyphs("ArialMT", [order.index(char) + 3 for char in words]) is None


def test_few_letters_are_believed_where_another_font_proved_the_order() -> None:
    heading = as_read("3XPS")
    assert table_of_glyphs("Arial-BoldMT", heading) is None
    table = table_of_glyphs("Arial-BoldMT", heading, proved=True)
    assert table is not None and "".join(table[glyph] for glyph in heading) == "Pump"


def test_only_the_fonts_known_for_it_are_read_beyond_ascii() -> None:
    read = as_read("7KH\x03VFUHZV\x03DUH\x03WLJKWHQHG\x03E\\\x03KDQG")
    arial, other = table_of_glyphs("ArialMT", read), table_of_glyphs("FrutigerLT", read)
    assert arial is not None and other is not None
    assert arial[182] == "’" and other[182] == "\N{REPLACEMENT CHARACTER}"


def test_a_glyph_that_nobody_knows_is_no_letter() -> None:
    read = as_read("Ŷ\x037KH\x03VFUHZV\x03DUH\x03WLJKWHQHG\x03E\\\x03KDQG")
    arial, other = table_of_glyphs("ArialMT", read), table_of_glyphs("FrutigerLT", read)
    assert arial is not None and arial[ord("Ŷ")] == "■"
    assert other is not None and other[ord("Ŷ")] == "\N{REPLACEMENT CHARACTER}"
