"""What is read by OCR and what is kept, on real PDFs and the real engine; suspicion of text on literals."""

from pathlib import Path

import make_texts as make
import pymupdf
import pytest
from PIL import Image

from ingestion.blocks import Block, Line
from ingestion.elements import BBox, Document
from ingestion.ocr import engine
from ingestion.ocr.lines import OcrLine
from ingestion.ocr.pages import _beside
from ingestion.page_content import Piece
from ingestion.page_reader import _unplaced
from ingestion.parse import ParseOptions, parse_pdf
from ingestion.text.legibility import garbage, is_badly_read, is_better, is_gibberish, is_meaningless

PRIVATE, SHIFTED = 0xE020, 0x0023  # what the first glyph, a blank, is called: private use, and letters of another order


LETTERS = "".join(c for c in " ".join(make.SENTENCES).lower() if c.isalpha())


def read(path: Path, ocr_mode: str = "auto") -> Document:
    return parse_pdf(path, path.parent / "out", ParseOptions(ocr=ocr_mode))  # type: ignore[arg-type]


def said(document: Document) -> str:
    return " ".join(" ".join(e.text.split()) for e in document.elements)


@pytest.mark.parametrize("first", [PRIVATE, SHIFTED])
def test_lines_of_a_font_with_a_wrong_map_are_read_and_the_rest_is_kept(
    tmp_path: Path, first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make.wrong_map(tmp_path, first)
    assert make.SENTENCES[0] not in said(read(path, "off"))
    sizes = []
    real = engine.read

    def counted(image: Image.Image) -> list[OcrLine]:
        sizes.append(image.size)
        return real(image)

    monkeypatch.setattr(engine, "read", counted)
    document = read(path)
    assert all(sentence in said(document) for sentence in make.SENTENCES)
    assert all(c < "\ue000" or c > "\uf8ff" for c in said(document))
    assert len(sizes) == 1 and sizes[0][1] < 200, "only the region is read"
    box = next(e.region.bbox for e in document.elements if make.SENTENCES[1] in e.text)
    assert 380 < box.y0 < 400 + 16 and 440 < box.y1 < 460


def test_codes_that_form_no_words_are_kept_as_they_are(tmp_path: Path) -> None:
    path = make.part_numbers(tmp_path)
    assert said(read(path)) == said(read(path, "off"))


def words_of(path: Path) -> list[str]:
    with pymupdf.open(path) as doc:
        return sorted(str(word[4]) for word in doc[0].get_text("words"))


def bits(count: int, letters: str) -> list[list[str]]:
    return [[letters[number >> place & 1] for place in reversed(range(count))] for number in range(2**count)]


TABLES = {
    "levels": [["G", "D", "B", "Y"], *([*row, "HLXZ"[n % 4]] for n, row in enumerate(bits(3, "LH") * 2))],
    "few levels": [["G", "Y"], *bits(2, "LH")],
    "bits": [["A", "B", "C", "D"], *bits(4, "01")],
    "strokes": [[*"Il1ilI1|"[number % 5 :], *"lI1"] for number in range(20)],
    "seats": [[*"ABCDEFGH"[number % 3 :]] for number in range(24)],
    "bytes": [[f"{(number * 37 + 11 * place) % 256:02X}" for place in range(9)] for number in range(24)],
    "pins": [[f"{number}", ("VCC", "GND", "SCK", "TXD", "PB7")[number % 5], "IOP"[number % 3]] for number in range(30)],
}


@pytest.mark.parametrize("rows", TABLES.values(), ids=TABLES.keys())
def test_pages_of_letters_and_codes_are_neither_turned_nor_replaced(tmp_path: Path, rows: list[list[str]]) -> None:
    path = make.lettered_table(tmp_path, rows)
    document = read(path)
    assert (document.pages[0].width, document.pages[0].height) == (595, 842)
    assert [(e.kind, e.text) for e in document.elements] == [(e.kind, e.text) for e in read(path, "off").elements]


def test_tags_on_a_large_sheet_are_kept(tmp_path: Path) -> None:
    path = make.wiring_sheet(tmp_path)
    found = said(read(path)).replace("|", " ").split()
    assert not set(words_of(path)) - set(found)


def test_lines_of_a_sound_font_among_broken_ones_stay_letter_by_letter(tmp_path: Path) -> None:
    beside = ("zq-7#kk/Wv0Oo", "lI1|lI1|iI", "0xDEAD,0xBEEF")
    document = read(make.wrong_map(tmp_path, SHIFTED, beside))
    assert all(sentence in said(document) for sentence in make.SENTENCES)
    assert all(line in said(document) for line in beside)


def lines_of(text: str, score: float, font: str = "odd", hidden: bool = False) -> list[Line]:
    return [
        Line(row, BBox(0, 12 * n, 300, 12 * n + 10), font=font, hidden=hidden, score=score)
        for n, row in enumerate(text.splitlines())
    ]


BROKEN = "".join(chr(ord(c) - 29) if c > "=" else c for c in "\n".join(make.SENTENCES))


@pytest.mark.parametrize(
    ("seen", "score", "native", "better"),
    [
        ("\n".join(make.SENTENCES), 0.97, BROKEN, True),
        ("\n".join(make.SENTENCES), 0.6, BROKEN, False),
        (make.SENTENCES[0], 0.97, BROKEN, False),
        ("1 12 1 0 0 0 177 -Q2 1\n", 0.9, "-Q1 XB12 GN/YE\n" * 12, False),
        ("Q1XB12 GNYE\n" * 12, 0.9, "-Q1 XB12 GN/YE\n" * 12, False),
        ("Turn the pump off", 0.7, "\ue021\ue022\ue023\ue024\ue025", True),
    ],
)
def test_a_reading_replaces_text_that_is_worse_in_words_length_and_confidence(
    seen: str, score: float, native: str, better: bool
) -> None:
    assert is_better(lines_of(seen, score), lines_of(native, 1.0)) is better


def test_words_of_a_picture_that_are_in_no_element_are_said() -> None:
    labels = lines_of("Mixing tank of the second line\nInlet\nOutlet valve and meter", 0.9)
    figure = Piece(Block("figure", BBox(0, 0, 10, 10), "Inlet Outlet valve and meter"))
    (problem,) = _unplaced(labels, [figure], 3)
    assert (problem.page, problem.stage) == (3, "ocr") and "Mixing tank of the second line" in problem.message
    assert "Outlet" not in problem.message
    assert not _unplaced(labels[1:], [figure], 3)


def test_scanned_prose_beside_native_text_becomes_text(tmp_path: Path) -> None:
    document = read(make.half_scanned(tmp_path))
    assert not [e for e in document.elements if e.kind == "figure"]
    passages = [c for c in document.chunks if c.kind == "text"]
    found = next(c for c in passages if "vinegar" in c.text)
    assert found.bbox.y0 > 400 and found.bbox.y1 < 700
    assert all(sentence in said(document) for sentence in make.SENTENCES)


def test_a_good_text_layer_is_kept_and_a_bad_one_read_again(tmp_path: Path) -> None:
    good = tuple(line.replace("pump", "Pumpe") for line in make.SENTENCES)
    assert said(read(make.text_layer(tmp_path, good))).split() == " ".join(good).split()
    bad = tuple(line.translate(str.maketrans("aeors", "@3°.5")) for line in make.SENTENCES)
    document = read(make.text_layer(tmp_path, bad))
    assert all(sentence in said(document) for sentence in make.SENTENCES)
    assert "@" not in said(document)


@pytest.mark.parametrize("hidden", [True, False])
def test_japanese_text_of_a_scan_stays_if_the_picture_says_it_and_is_read_again_if_not(
    tmp_path: Path, hidden: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = read(make.japanese_scan(tmp_path, make.TAKEN_FOR_CHINESE, hidden))
    assert "電源ボタンを押して" in said(document) and "井戸水は使用しない" in said(document)
    assert "茬" not in said(document)
    monkeypatch.setattr(engine, "read", lambda image: pytest.fail("only some lines of it are looked at"))
    kept = tuple(line.replace("入れ", "いれ") for line in make.JAPANESE)  # as no reading of the picture says it
    assert "水をいれます" in said(read(make.japanese_scan(tmp_path, kept, hidden)))


def test_japanese_text_without_a_picture_is_not_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "read", lambda image: pytest.fail("it is no scan"))
    path = make.lines_page(tmp_path, [*make.TAKEN_FOR_CHINESE, *make.JAPANESE, *make.JAPANESE], fontname="japan")
    assert "末寸" in said(read(path))


def test_a_page_that_shows_nothing_but_its_few_words_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "read", lambda image: pytest.fail("nothing more is to be seen"))
    assert said(read(make.lines_page(tmp_path, ["Chapter 7", "Maintenance"]))) == "Chapter 7 Maintenance"


def test_a_short_page_with_a_table_is_no_scan(tmp_path: Path) -> None:
    """OCR adds nothing to it: its text and table are no figure in the page's ink."""
    doc = pymupdf.open()
    page = doc.new_page(width=300, height=250)
    page.insert_text((30, 40), "Speed is 40 m/min.")
    for r, row in enumerate([("Key", "Value"), ("Depth", "12 mm")]):
        for c, text in enumerate(row):
            page.draw_rect(pymupdf.Rect(30 + 60 * c, 55 + 18 * r, 90 + 60 * c, 73 + 18 * r))
            page.insert_text((35 + 60 * c, 68 + 18 * r), text)
    doc.save(tmp_path / "short.pdf")
    assert sorted(element.kind for element in read(tmp_path / "short.pdf").elements) in (
        ["heading", "table"],
        ["table", "text"],
    )


@pytest.mark.parametrize(
    ("text", "garbage"),
    [
        ("\ufffd\ufffd\ufffdab\ufffd", True),
        ("(cid:12)(cid:40) (cid:7)(cid:3)", True),
        ("\uf0b7 Empty the tank", False),
        ("\uf0b7", False),
        ("Torque 42 Nm", False),
    ],
)
def test_characters_without_meaning(text: str, garbage: bool) -> None:
    assert is_meaningless(text) is garbage


@pytest.mark.parametrize(
    "text",
    [
        "Die Umwälzpumpe fördert das Wasser aus dem Tank durch den Durchflussmesser in den Kessel, bis er voll ist.",
        "La pompe de circulation aspire l'eau du réservoir et la refoule à travers le débitmètre dans la chaudière.",
        "Pompa obiegowa zasysa wodę ze zbiornika i tłoczy ją przez przepływomierz do kotła, dopóki nie jest pełny.",
        "Vui lòng đọc kỹ hướng dẫn trước khi sử dụng. Máy bơm hút nước từ bể chứa và đẩy vào nồi hơi.",
        "Oběhové čerpadlo nasává vodu z nádrže a vytlačuje ji přes průtokoměr do kotle, dokud není zcela plný.",
        "IBM, NASA and the EU have used pH-neutral paper and USB-C cables for a long time; see Fig. 3 of McDonald.",
        "12.5 13.7 18.2 99.1 45.2 12.5 13.7 18.2 99.1 45.2 12.5 13.7 18.2 99.1 45.2 kg mm kW",
        "循环泵从水箱中抽水，并将其压过流量计进入锅炉。干转的泵噪音很大，几分钟内就会磨损。" * 3,
    ],
)
def test_languages_and_figures_are_not_gibberish(text: str) -> None:
    assert not is_gibberish(text) and not is_badly_read(text)


@pytest.mark.parametrize(
    "text",
    [
        "for (int index = 0; index < rows.size(); ++index) { total += rows[index].value * factor; print(total); }",
        "https://www.example.org/reports/annual-2019.pdf, info@example.org, support@machines.example.com",
    ],
)
def test_program_text_and_addresses_are_not_gibberish(text: str) -> None:
    assert not is_gibberish(text)


def test_shifted_letters_are_gibberish() -> None:
    shifted = "".join(chr(ord(c) - 29) if c > "=" else c for c in " ".join(make.SENTENCES))
    assert is_gibberish(shifted)
    turned = ["".join(chr((ord(c) - 97 + by) % 26 + 97) for c in LETTERS) for by in range(1, 26)]
    assert sum(map(is_gibberish, turned)) >= 24  # by one of 25 the common letters fall on common ones


REPLACED = str.maketrans("aeiotnrsdlmpkgbvcuwf", "hrvéçüàåqyÇâxtiëpêôs")


def test_letters_replaced_by_accented_ones_are_gibberish() -> None:
    text = " ".join(make.SENTENCES)
    assert is_gibberish(text.lower().translate(REPLACED)) and not is_gibberish(text)


def test_headings_among_replaced_letters_are_judged_by_the_text() -> None:
    box = BBox(0, 0, 100, 10)
    texts = [Line(sentence.lower().translate(REPLACED), box, font="Text") for sentence in make.SENTENCES]
    heading = Line("The antenna".lower().translate(REPLACED), box, font="Bold")
    assert garbage([heading, *texts]) == [*texts, heading]
    right = [Line(sentence, box, font="Text") for sentence in make.SENTENCES]
    assert garbage([heading, *right]) == []


@pytest.mark.parametrize(
    ("read", "native", "kept"),
    [
        ("O-ring 32 x 3", [("O-ring 32", 54.0)], ["x 3"]),
        ("O-ring 32 x 3", [("O-ring 32 x 3", 60.0)], []),
        ("1) at 20 ℃", [("1) at 20 °C", 46.0)], []),
        ("12 12", [("12", 12.0)], ["12"]),
    ],
)
def test_what_native_text_says_is_not_said_again(read: str, native: list[tuple[str, float]], kept: list[str]) -> None:
    line = OcrLine(read, BBox(100, 100, 100 + 6.0 * len(read), 112), 1.0)
    over = [Line(text, BBox(100, 100, 100 + wide, 112)) for text, wide in native]
    found = _beside([Line(line.text, line.bbox)], over)
    assert [part.text for part in found] == kept
