"""What questions want, in the words in which people ask."""

import pytest

from rag.answering.question_kinds import kinds_of


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("what is the voltage", "value"),
        ("Hello Kitty manual: how do I open it?", "procedure"),
        ("Which documents mention the pump?", "which"),
        ("hello", "greeting"),
        ("which documents do you have?", "documents"),
        ("machine wont start, red light", "cause meaning"),
        ("Was bedeutet E07?", "meaning"),
        ("piept dauernd", "cause"),
    ],
)
def test_kinds(question: str, kinds: str) -> None:
    assert kinds_of(question).kinds == set(kinds.split())
