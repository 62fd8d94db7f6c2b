"""The language of questions of a few words."""

import pytest

from rag.answering.questions.language import question_language, tell


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Was bedeutet E07?", "de"), ("piept dauernd", "de"), ("wie lange", "de"), ("où est le fusible", "fr"),
        ("¿y cómo?", "es"), ("non parte", "it"), ("hoe vaak", "nl"), ("nie działa", "pl"), ("não liga", "pt"),
        ("çalışmıyor", "tr"), ("红灯闪烁", "zh"), ("電源が入らない", "ja"), ("how often", "en"),
        ("Hur ofta ska filtret bytas?", "sv"),
    ],
)  # fmt: skip
def test_few_words_tell(question: str, language: str) -> None:
    assert tell(question).language == language


def test_what_says_nothing_is_in_the_language_of_what_was_asked_before() -> None:
    assert not tell("E07?").sure
    assert question_language("E07?") == "en"
    assert question_language("E07?", ["What is this?", "Und was bedeutet E06?"]) == "de"
    assert question_language("E07?", ["E06", ""], "fr") == "fr"
    assert question_language("Et E08, que signifie-t-il ?", ["Was bedeutet E06?"]) == "fr"
