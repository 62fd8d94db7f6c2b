"""Words are found whatever their case, accents, ligatures, hyphens and line breaks; the characters named are theirs."""

from __future__ import annotations

import random

import pytest

from rag.browsing import find
from rag.browsing.find import Span, folded, folded_page, places_of

LINES = ["The ﬁlter of the Über-", "druckventil is rinsed", "at 220–240 V: a wi-fi", "  module — no e-mail."]


@pytest.mark.parametrize(
    ("words", "spans"),
    [
        ("filter", [Span(0, 4, 9)]),  # the ligature is one character
        ("FILTER", [Span(0, 4, 9)]),
        ("überdruckventil", [Span(0, 17, 21), Span(1, 0, 11)]),
        ("Uber-druckventil  is", [Span(0, 17, 21), Span(1, 0, 14)]),
        ("220-240", [Span(2, 3, 10)]),
        ("wifi module", [Span(2, 16, 21), Span(3, 2, 8)]),
        ("rinsed at", [Span(1, 15, 21), Span(2, 0, 2)]),
        ("email", [Span(3, 14, 20)]),
        ("boiler", []),
        ("", []),
        (" - ", []),
    ],
)
def test_words_are_found_as_people_write_them(words: str, spans: list[Span]) -> None:
    found = places_of(7, folded_page(LINES), words, lambda: LINES)
    assert [span for place in found for span in place.spans] == spans
    assert all(place.page == 7 for place in found)


def test_every_place_is_found_with_the_words_around_it() -> None:
    lines = ["See the relay, the relay K3,", "or another relay"]
    found = places_of(1, folded_page(lines), "relay", lambda: lines)
    assert [(p.text, p.spans[0].line, p.spans[0].start) for p in found] == [
        ("relay", 0, 8), ("relay", 0, 19), ("relay", 1, 11),
    ]  # fmt: skip
    assert found[0].before == "See the " and found[0].after.startswith(", the relay K3")


def test_the_text_and_its_characters_are_one() -> None:
    some = random.Random(7)
    letters = "aB -–\u00adﬁÜß¨\u0301  \t½中.x"
    for _ in range(300):
        lines = ["".join(some.choices(letters, k=some.randint(0, 12))) for _ in range(some.randint(0, 5))]
        assert "".join(part.char for part in find._folded(lines)) == folded_page(lines), lines
        assert folded(" ".join(lines)) == folded(folded(" ".join(lines)))
