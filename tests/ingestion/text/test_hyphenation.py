"""Words broken at line ends are written as the document writes them elsewhere."""

from __future__ import annotations

from pathlib import Path

import pymupdf

from ingestion.parse import ParseOptions, parse_pdf
from ingestion.text.hyphenation import Breaks, breaks_of, rewriter


def test_a_page_shows_which_words_its_lines_break() -> None:
    lines = [
        "the self-test of the drip-",
        "Tray and the lubri-",
        "cation, order ZB-",
        "4410",
        "a non\u2010return valve",
    ]
    assert breaks_of(lines) == Breaks((("drip", "tray"), ("lubri", "cation")), ("non-return", "self-test"))


def test_a_word_that_has_its_hyphen_elsewhere_gets_it_back() -> None:
    change = rewriter([Breaks((("drip", "tray"),)), Breaks((), ("drip-tray",))], ["Empty the driptray.", "A drip-tray"])
    assert change is not None
    assert change("Empty the driptray. Driptray, driptrays") == "Empty the drip-tray. Drip-tray, driptrays"


def test_a_word_that_stands_joined_elsewhere_stays_joined() -> None:
    pages = [Breaks((("hand", "wheel"),), ("hand-wheel",))]
    assert rewriter(pages, ["the handwheel", "a handwheel", "the hand-wheel"]) is None


def test_a_hyphen_kept_on_one_page_goes_where_the_document_never_has_it() -> None:
    change = rewriter([Breaks((("self", "ish"),))], ["a self-ish pump", "no selfish pump"])
    assert change is not None
    assert change("a self-ish pump") == "a selfish pump"


def test_without_broken_words_nothing_is_looked_for() -> None:
    assert rewriter([Breaks((), ("drip-tray",))], ["driptray"]) is None


def test_pages_learn_from_each_other(tmp_path: Path) -> None:
    doc = pymupdf.open()
    first = doc.new_page(width=380)
    first.insert_text((50, 60), "Emptying the tray", fontsize=15, fontname="hebo")
    for i, row in enumerate(
        ["When the lamp is lit, pull out the drip-", "tray and empty it into the sink, then wipe the", "seal."]
    ):
        first.insert_text((50, 90 + 15 * i), row, fontsize=11)
    second = doc.new_page(width=380)
    second.insert_text((50, 60), "Spare parts", fontsize=15, fontname="hebo")
    second.insert_text((50, 90), "The drip-tray has the order number 4711-2.", fontsize=11)
    doc.save(tmp_path / "tray.pdf")
    document = parse_pdf(tmp_path / "tray.pdf", tmp_path / "out", ParseOptions(ocr="off"))
    assert any("pull out the drip-tray and empty it" in element.text for element in document.elements)
    assert any("pull out the drip-tray and empty it" in chunk.text for chunk in document.chunks)
