"""Terms of texts in many scripts."""

from __future__ import annotations

import pytest

from rag.text.analysis import number_terms, question_terms, terms, terms_by_language
from rag.text.stemming import stem


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("caresses", "caress"), ("ponies", "poni"), ("agreed", "agre"), ("plastered", "plaster"), ("motoring", "motor"),
        ("hopping", "hop"), ("filing", "file"), ("relational", "relat"), ("vietnamization", "vietnam"),
        ("adjustable", "adjust"), ("controlled", "control"), ("generalizations", "gener"), ("oscillators", "oscil"),
        ("sky", "sky"), ("is", "is"), ("e04", "e04"), ("größe", "größe"),
    ],
)  # fmt: skip
def test_stems_are_porters(word: str, expected: str) -> None:
    assert stem(word) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Maker's 1,577 parts, 12.5% off", ["maker", "1577", "part", "12.5", "off"]),
        ("Caf\u00e9 \ufb01le E-42", ["cafe", "file", "e", "42"]),
        ("Fig. 3 and figure 3", ["figur", "3", "and", "figur", "3"]),
        ("電源プラグ", ["電源", "源プ", "プラ", "ラグ"]),
        ("水 12", ["水", "12"]),
        ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
        ("CO₂ and CO2", ["co2", "and", "co2"]),
        ("m³ m3 m^3, N/mm²", ["m3", "m3", "m3", "n", "mm2"]),
        ("10⁻⁶ 10^-6 10-6 10⁶", ["10", "6", "10", "6", "10", "6", "10", "6"]),
        ("s⁻¹ R² xᵢ", ["s", "1", "r2", "xi"]),
        ("brine¹ 12.5ᵃ ¹Note", ["brine", "12.5", "1", "note"]),
        ("Vitalon™ Vitalon℠ Vitalon®", ["vitalon", "vitalon", "vitalon"]),
        ("1½ 1 1/2", ["1", "1", "2", "1", "1", "2"]),
        ("47kΩ 47 kΩ 2.2µF", ["47", "kω", "47", "kω", "2.2", "μf"]),
        ("230V E42 5G", ["230", "v", "e42", "5g"]),
        ("20 ºC 20 ℃", ["20", "c", "20", "c"]),
        ("", []),
    ],
)
def test_terms(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "Größe größer, Schläuche Schlauch, Abb. 3", ["gross", "gross", "schlauch", "schlauch", "abbild", "3"]),
        ("fr", "nettoyé nettoyer réservoirs", ["nettoi", "nettoi", "reservoir"]),
        ("es", "válvulas válvula E-07", ["valvul", "valvul", "e", "07"]),
        ("ru", "фильтры фильтра", ["фильтр", "фильтр"]),
        ("pl", "żarówka żarówki", ["zarowk", "zarowk"]),
    ],
)
def test_words_are_stemmed_in_the_language_of_their_text(language: str, text: str, expected: list[str]) -> None:
    assert terms(text, language) == expected
    assert [words[1] for words in terms_by_language(text, ("en", language))] == expected
    assert [words[0] for words in terms_by_language(text, ("en", language))] == terms(text)


def test_decimals_are_one_term_with_comma_and_with_point() -> None:
    assert terms("4,7 V; 1,250 and 12,5000; 1,2,3") == ["4.7", "v", "1250", "and", "12.5000", "1,2,3"]


def test_stop_words_leave_a_question_unless_nothing_else_is_there() -> None:
    assert question_terms("What is the filter?") == ["filter"]
    assert question_terms("What is it?") == ["what", "is", "it"]


def test_numbers_keep_decimals_and_lose_separators() -> None:
    assert number_terms("From 1,200 to 3.5 in R290") == ["1200", "3.5"]


@pytest.mark.parametrize(
    ("contracted", "whole"),
    [
        ("the shaft doesn't turn", "the shaft does not turn"),
        ("it won’t start", "it will not start"),
        ("I can't hear what they've got", "I cannot hear what they have got"),
        ("L'eau n'est pas chaude", "L'eau n'est pas chaude"),
    ],
)
def test_contractions_are_the_words_they_stand_for(contracted: str, whole: str) -> None:
    assert [t for t in question_terms(whole) if t != "cannot"] == question_terms(contracted)


@pytest.mark.parametrize(
    ("said", "asked", "shared"),
    [
        ("필터를 청소하세요", "필터가 막혔어요", {"필터"}),
        ("압력센서의 배선", "압력센서는 어디에 있나요", {"압력", "력센", "센서"}),
        ("E07이 표시되면", "E07", {"e07"}),
        ("24V용 어댑터", "24 V", {"24", "v"}),
        ("1,200개", "1200 개", {"1200", "개"}),
        ("24V电源", "24 V 电源", {"24", "v", "电源"}),
        ("물", "물", {"물"}),
    ],
)
def test_words_and_numbers_are_found_whatever_is_joined_to_them(said: str, asked: str, shared: set[str]) -> None:
    assert set(terms(said)) & set(terms(asked)) == shared
