"""Evidence taken apart into what can be quoted."""

from __future__ import annotations

import pytest
from made_evidence import piece

from rag.answering.passages.quotations import codes, passages_of


@pytest.mark.parametrize(
    ("caption", "mention"),
    [
        ("Fig 7.2", "2. Locate the mounting holes, Fig 7.2, and mark them through the bench."),
        ("Abb. 4", "Die Feder wird, wie Abb. 4 zeigt, von unten in den Bügel gehängt."),
    ],
)
def test_a_bare_label_does_not_cut_the_sentence_that_names_it(caption: str, mention: str) -> None:
    figure = piece(1, "A", "figure", caption, mentions=mention)
    assert [p.text for p in passages_of(figure) if p.kind == "sentence"] == [mention]


def test_a_caption_is_not_quoted_beside_its_figure() -> None:
    figure = piece(
        1, "A", "figure", "Fig 7: The mounting holes.", mentions="Fig 7: The mounting holes.\nDrill all four first."
    )
    assert [p.text for p in passages_of(figure) if p.kind == "sentence"] == ["Drill all four first."]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The display shows P2 or E0,E1", ["p2", "e0", "e1"]),
        ("CH3 of the receiver", ["ch3"]),
        ("see p. 2, ch. 3, No. 5, Fig. 6, FIG6 and page 7", []),
    ],
)
def test_short_codes_are_told_from_pages_and_chapters(text: str, found: list[str]) -> None:
    assert codes(text) == found
