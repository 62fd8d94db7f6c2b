"""The notation of patterns, on literals."""

import pytest

from rag.answering.languages.wordings import compiled, plain


@pytest.mark.parametrize(
    ("text", "language", "seen"),
    [
        ("What's wrong?  It DOESN'T start!", "en", "what is wrong it doesnt start"),
        ("its weight – the pump’s weight", "en", "its weight the pump weight"),
        ("Wie löse ich die Sicherung?", "de", "wie lose ich die sicherung"),
        ("Wie loese ich die Sicherung", "de", "wie lose ich die sicherung"),
        ("Qu’est-ce que l’erreur E4 ?", "fr", "qu est ce que l erreur e4"),
        ("Işık yanıyor, İYİ mi", "tr", "isik yaniyor iyi mi"),
        ("Świeci się żółta lampka", "pl", "swieci sie zolta lampka"),
        ("E07 是 什么意思？", "zh", "e07是什么意思"),
    ],
)
def test_texts_are_seen_without_accents_marks_and_capitals(text: str, language: str, seen: str) -> None:
    assert plain(text, language) == seen


@pytest.mark.parametrize(
    ("pattern", "fits", "does_not"),
    [
        ("how do|can i|you", "and how can you open it", "how it can you"),
        ("blink*", "it blinks", "unblinking"),
        ("*temperatur", "betriebstemperatur", "temperaturen"),
        ("what_about|how_about it", "how about it", "what it"),
        ("(the) filter dirty", "is the filter dirty", "filter is dirty"),
        ("when ... clean*", "when must the filter be cleaned", "when must the very old big filter be cleaned"),
        ("^is it", "is it safe", "what is it"),
        ("again$", "clean it again", "again and again it stops"),
        ("what * is", "what colour is it", "what is it"),
    ],
)
def test_a_pattern_fits_words_side_by_side(pattern: str, fits: str, does_not: str) -> None:
    found = compiled([pattern], "en")
    assert found.search(fits) and not found.search(does_not)


def test_in_scripts_without_spaces_a_pattern_is_of_characters() -> None:
    found = compiled(["怎么|如何 ... 清洗|更换", "吗$|么$"], "zh")
    assert found.search(plain("怎么正确更换滤芯？", "zh")) and found.search(plain("可以洗吗？", "zh"))
    assert not found.search(plain("吗啡是药", "zh")) and not found.search("如何" + "一" * 20 + "清洗")


def test_no_pattern_matches_nothing() -> None:
    assert not compiled([], "en").search("anything")
