"""Thai maps that take one vowel for another, on literals."""

from ingestion.text.cleaning import clean
from ingestion.text.thai_maps import composed, takes_vowels, thai_mended

LETTERS = {bytes((0, n)): chr(0x0E01 + n) for n in range(20)}
AM, RING, SPACE = b"\x01\x07", b"\x01\x1e", b"\x01\xf0"


def test_sara_am_of_a_font_without_sara_aa_is_sara_aa() -> None:
    said = {**LETTERS, AM: "ำ", RING: " ", SPACE: " "}
    assert takes_vowels(said)
    mended = thai_mended(said, {RING})
    assert (mended[AM], mended[RING], mended[SPACE]) == ("\u0e32", "\u0e4d", " ")
    assert {code: mended[code] for code in LETTERS} == LETTERS


def test_other_fonts_keep_their_maps() -> None:
    assert not takes_vowels({**LETTERS, AM: "ำ", RING: "า"})
    assert not takes_vowels({AM: "ำ", b"\x00\x01": "ท"})  # a few letters, of which none is sara aa
    assert not takes_vowels(LETTERS)


def test_the_two_parts_of_the_vowel_are_one() -> None:
    assert composed("\u0e17\u0e4d\u0e32การ") == "\u0e17\u0e33การ"
    assert clean("\u0e19\u0e4d\u0e49\u0e32") == "\u0e19\u0e49\u0e33"  # a tone between them
