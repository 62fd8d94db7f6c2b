"""Codes in questions are one term in every spelling, and never another code."""

from __future__ import annotations

import pytest

from rag.retrieval.codes import MOST_CODES, Code, as_written, codes, shorter
from rag.text.analysis import terms


def one(text: str) -> Code:
    (code,) = codes(text)
    return code


@pytest.mark.parametrize(
    "writings",
    [
        ("E07", "E-07", "E 07", "e07", "e-07", "e 07", "E–07"),
        ("RJ45", "RJ-45", "rj45"),
        ("M6×20", "M6x20", "M6 x 20", "m6 × 20", "M6*20"),
        ("40x60", "40 × 60", "40 X 60"),
        ("1/2", "½", "1 / 2"),
        ("MX-500/2", "MX500/2", "mx 500-2".replace(" ", "-")),
        ("AB-12-C", "AB12C", "ab12-c"),
    ],
)
def test_every_spelling_is_the_same_code(writings: tuple[str, ...]) -> None:
    """What one writing is on a page is among the spellings of every other."""
    for asked in writings:
        code = one(f"what does {asked} mean")
        assert code.term == one(writings[0]).term
        for written in writings:
            assert tuple(terms(written)) in {(code.term,), *code.spellings}, (asked, written)


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("E07", ("E7", "E70", "W-07", "E 7", "07")),
        ("V2.1", ("V21", "V 21")),
        ("M6x20", ("M6x25", "M62 0", "620")),
        ("RJ45", ("RJ11", "45")),
        ("0x3813.13", ("0x3813.14",)),
    ],
)
def test_another_code_is_no_spelling(text: str, others: tuple[str, ...]) -> None:
    code = one(text)
    for other in others:
        assert tuple(terms(other)) not in {(code.term,), *code.spellings}


@pytest.mark.parametrize(
    "text",
    [
        "a motor of 230V", "a cable of 10 mm", "the pumps of the 1990s", "the 15th", "pages 10-20", "in 5 minutes",
        "a 24-hour clock", "COVID-19", "Figure 3", "class A 4", "25°C", "e.g. 5", "U.S. 2015", "page 3-4", "",
        "1-" * 2000, "in-20",
    ],
)  # fmt: skip
def test_these_are_no_codes(text: str) -> None:
    assert codes(text) == ()


def test_a_code_with_more_parts_has_a_shorter_one() -> None:
    code = one("MX-500/2")
    less = shorter(code)
    assert less is not None and less.term == "mx500" and shorter(less) is None


def test_a_question_is_put_in_the_spelling_of_texts() -> None:
    texts = ["Bolts M6x20 and M8x20", "E-07: pump; ½ inch seal"]
    assert as_written("which M6 × 20 bolt?", texts) == "which M6x20 bolt?"
    assert as_written("e07 and E7", texts) == "E-07 and E7"
    assert as_written("what is E7?", texts) == "what is E-07?"
    assert as_written("what is E7?", [*texts, "E7 Door"]) == "what is E7?"
    assert as_written("what is E70?", texts) == "what is E70?"
    assert as_written("1/2 inch seal", texts) == "1⁄2 inch seal"
    assert as_written("Größe der Ware?", texts) == "Größe der Ware?"


def test_of_very_many_codes_the_first_are_looked_for() -> None:
    assert len(codes(" ".join(f"E{n:04}" for n in range(2000)))) == MOST_CODES


@pytest.mark.parametrize("question", ["E-07是什么意思", "E07とは何ですか", "E07이 떴어요", "รหัสE07คืออะไร", "代码E 07"])
def test_a_code_may_stand_right_beside_the_words_of_scripts_without_spaces(question: str) -> None:
    assert one(question).term == "e07"
