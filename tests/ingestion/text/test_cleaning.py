"""Text as a person would type it: hyphens, spaces, writing directions, on literals and on real PDFs."""

from pathlib import Path

import make_texts as make
import pytest
from make_pdfs import PROSE

from ingestion.parse import ParseOptions, parse_pdf
from ingestion.text.bidi import Char, logical_line, logical_words
from ingestion.text.cleaning import clean, join_lines


def texts(path: Path, kinds: tuple[str, ...] = ("text", "list", "heading", "title")) -> list[str]:
    document = parse_pdf(path, path.parent / "out", ParseOptions(ocr="off"))
    return [e.text for e in document.elements if e.kind in kinds]


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["The main-", "tenance of the", "X-Ray"], "The maintenance of the X-Ray"),
        (["a state-of-the-", "art filter"], "a state-of-the-art filter"),
        (["the X-", "ray picture"], "the X-ray picture"),
        (["a self-", "contained unit"], "a self-contained unit"),
        (["well-known,", "also well-", "known"], "well-known, also well-known"),
        (["a well-", "defined high-", "pressure side"], "a well-defined high-pressure side"),
        (["a three-", "phase motor, high-", "lighted"], "a three-phase motor, highlighted"),
        (["Type A-", "B cable"], "Type A-B cable"),
        (["pages 12-", "14"], "pages 12-14"),
        (["Haupt-", "und Nebenstrom"], "Haupt- und Nebenstrom"),
        (["the depart\u00ad", "ment"], "the department"),
        (["a cost -", "a gain"], "a cost - a gain"),
        (["the price-", "determining factor"], "the price-determining factor"),
        (["a water-", "cooled motor"], "a water-cooled motor"),
        (["a corrosion-", "resistant cover against corrosion"], "a corrosion-resistant cover against corrosion"),
        (["the metal-", "lized sheet"], "the metallized sheet"),
        (["it is cor-", "related"], "it is correlated"),
        (["the chan-", "nelled flow"], "the channelled flow"),
        (["stored from -", "25 °C to 60 °C"], "stored from -25 °C to 60 °C"),
        (["pages 10 -", "20"], "pages 10 - 20"),
        (["図の", "説明"], "図の説明"),
        (["完了。", "次に"], "完了。次に"),
        (["순환 펌프는", "탱크에서"], "순환 펌프는 탱크에서"),
        (["使用 USB", "接口"], "使用 USB 接口"),
        (["Der Sicherheits-Tempe-", "raturbegrenzer bleibt"], "Der Sicherheits-Temperaturbegrenzer bleibt"),
        (["a state-of-the-", "art pump"], "a state-of-the-art pump"),
        (["a Diesel-Engine-", "driven pump"], "a Diesel-Engine-driven pump"),
    ],
)
def test_lines_join_to_a_paragraph(lines: list[str], text: str) -> None:
    assert join_lines(clean(line) for line in lines) == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("e\ufb03cient \ufb01lter \ufb02ow", "efficient filter flow"),
        ("20\u00a0mm\u2003wide\u202f5", "20 mm wide 5"),
        ("soft\u00adware \u200bzero\ufeff", "software zero"),
        ("\ufe8d\ufedf\ufee4\ufe8e\ufe80", "\u0627\u0644\u0645\u0627\u0621"),
        ("\u2f54\u6cf5", "\u6c34\u6cf5"),
        ("a\x03b", "a\ufffdb"),
        ("1. \x07The unit \x08 12", "1. The unit 12"),
        ("Cl\x07ean \x03it", "Cl\ufffdean it"),
        ("Ａ１ ½ x²", "Ａ１ ½ x²"),
        ("±0.5 ◦C to 85∘C, 90◦ and 200 ◦F", "±0.5 °C to 85°C, 90° and 200 °F"),
        ("◦ Clean it, f ∘ g", "◦ Clean it, f ∘ g"),
        ("20 ᵒC, 5ºF, 30 ⁰C", "20 °C, 5°F, 30 °C"),
        ("☑ Lock it☐ Open it, ☐A", "☑ Lock it ☐ Open it, ☐A"),
        ("nᵒ 5, 10⁰ C, 2ª", "nᵒ 5, 10⁰ C, 2ª"),
    ],
)
def test_characters_are_cleaned(raw: str, text: str) -> None:
    assert clean(raw) == text


def chars(visual: str, width: float = 5.0) -> list[Char]:
    """Glyphs standing from left to right; a blank is a gap."""
    return [Char(c, i * width, (i + 1) * width) for i, c in enumerate(visual) if c != " "]


@pytest.mark.parametrize(
    ("visual", "logical"),
    [
        ("תוקד 15.5 ךות", "תוך 15.5 דקות"),
        (")ECU( רקבה", "הבקר (ECU)"),
        ("תשעור PUMP A-17 הבאשמ", "משאבה PUMP A-17 רועשת"),
        ("the word הבאשמ means pump", "the word משאבה means pump"),
        ("plain (text) 12", "plain (text) 12"),
        ("50% דע", "עד 50%"),
    ],
)
def test_glyphs_in_their_places_become_text_in_reading_order(visual: str, logical: str) -> None:
    assert logical_line(chars(visual), 6.0) == logical
    assert logical_line(list(reversed(chars(visual))), 6.0) == logical


def test_a_ligature_and_a_mark_stay_with_their_letter() -> None:
    ligature = [Char("\u0627", 6, 6), Char("\u0644", 0, 6), Char("\u062e", 7, 12)]  # lam and alef are one glyph
    assert logical_line(ligature, 12.0) == "\u062e\u0644\u0627"
    marked = [Char("\u05e9", 6, 12), Char("\u05c1", 8, 8), Char("\u05dd", 0, 6)]
    assert logical_line(marked, 12.0) == "\u05e9\u05c1\u05dd"


def test_words_of_a_cell_are_put_in_order() -> None:
    assert logical_words("הדלת את סגור") == "סגור את הדלת"
    assert logical_words("רועשת PUMP A-17 משאבה") == "משאבה PUMP A-17 רועשת"
    assert logical_words("Close the door") == "Close the door"


def test_hebrew_written_from_left_to_right_is_read_from_right_to_left(tmp_path: Path) -> None:
    assert texts(make.visual_hebrew(tmp_path, "משאבה יבשה רועשת תוך 15 דקות")) == ["משאבה יבשה רועשת תוך 15 דקות"]


@pytest.mark.parametrize("text", [make.HEBREW, make.ARABIC])
def test_shaped_right_to_left_paragraphs_keep_their_order(tmp_path: Path, text: str) -> None:
    assert texts(make.html_page(tmp_path, f'<p dir="rtl">{text} {text}</p>')) == [f"{text} {text}"]


def test_vertical_japanese_is_read_by_columns_from_the_right(tmp_path: Path) -> None:
    assert texts(make.vertical_japanese(tmp_path)) == ["".join(make.COLUMNS)]


@pytest.mark.parametrize(
    ("font", "text"),
    [("china-s", "循环泵从水箱中抽水，并将其压过流量计"), ("japan", "循環ポンプはタンクから水を吸い上げ")],
)
def test_chinese_and_japanese_lines_join_without_spaces(tmp_path: Path, font: str, text: str) -> None:
    assert texts(make.lines_page(tmp_path, [text] * 4, fontname=font)) == [text * 4]


def test_korean_lines_join_with_spaces(tmp_path: Path) -> None:
    line = "순환 펌프는 탱크에서 물을 끌어와"
    assert texts(make.lines_page(tmp_path, [line] * 4, fontname="korea")) == [" ".join([line] * 4)]


def test_words_written_one_by_one_in_any_order_become_lines(tmp_path: Path) -> None:
    found = " ".join(texts(make.scattered_words(tmp_path, PROSE * 10)))
    assert found == " ".join((PROSE * 10).split())


def test_a_vowel_sign_that_stands_twice_is_one() -> None:
    assert clean("मात्राा छन्नीी") == "मात्रा छन्नी"
    assert clean("กาาแฟ aa") == "กาาแฟ aa"


def test_rules_made_of_a_letter_are_no_words_and_a_sign_before_c_is_a_degree() -> None:
    assert clean(f"{'i' * 34} RATINGS {'i' * 34}") == "RATINGS"
    assert (
        clean("Mmmmm, 00000000000000000000, xxxxxxxxxxxxxxxxxxxxx")
        == "Mmmmm, 00000000000000000000, xxxxxxxxxxxxxxxxxxxxx"
    )
    assert clean("–55\ufffdC to ½\ufffdC, 5 \ufffdC, 3 \ufffdCable") == "–55°C to ½°C, 5 °C, 3 \ufffdCable"
