"""Ways of citing beside [n], whole and cut into every kind of pieces."""

import random

import pytest
from made_evidence import manual, piece

from rag.answering.citing.markers import MarkerStream

EVIDENCE = (*manual(), piece(4, "Turn the knob (7) to ON. Vitalon¹ is used.", page=12, doc_name="guide.pdf"))

CASES = [
    ("It runs at 2.5 bar (2).", "It runs at 2.5 bar [2]."),
    ("The filter is cleaned weekly (2).", "The filter is cleaned weekly [2]."),
    ("Cleaned weekly (2, 3).", "Cleaned weekly [2][3]."),
    ("(1) Open the lid\n(2) Clean it", "(1) Open the lid\n(2) Clean it"),
    ("See step (2). Turn the knob (7).", "See step (2). Turn the knob (7)."),
    ("It is clean [1]. Press the button (2).", "It is clean [1]. Press the button (2)."),
    ("It is clean (evidence 1).", "It is clean [1]."),
    ("According to evidence 1, it is clean.", "According to [1], it is clean."),
    ("As evidence 1 and 2 say.", "As [1][2] say."),
    ("There is evidence that it works.", "There is evidence that it works."),
    ("In evidence 9 it is clean.", "In evidence 9 it is clean."),
    ("a [n=1] b [doc 2] c [Document 3].", "a [1] b [2] c [3]."),
    ("It is clean【4:0†guide.pdf】.", "It is clean[4]."),
    ("It is clean【9:0†guide.pdf】.", "It is clean[4]."),
    ("It is clean <cite>1</cite>.", "It is clean [1]."),
    ('<evidence n="1">It is clean.</evidence> Then rinse.', "It is clean. [1] Then rinse."),
    ('<evidence n="2" document="a/b.pdf" page="9" kind="text" heading="The care › Filter">\nClean it.', "\nClean it."),
    ("It is on [guide.pdf, p. 12].", "It is on [4]."),
    ("Clean it [9]¹ weekly.", "Clean it ¹ weekly."),
    ("It is <cite>1</cite>¹ clean.", "It is [1]¹ clean."),
    ("It is as evidence 1a (1) says.", "It is as evidence 1a (1) says."),
    ("word[9]<cite>1</cite>and", "word[9][1]and"),
    ("It is on [guide.pdf, p. 13].", "It is on [guide.pdf, p. 13]."),
    (
        "```\nclean (2).\nevidence 1\n```\nand `evidence 1` too",
        "```\nclean (2).\nevidence 1\n```\nand `evidence 1` too",
    ),
]


@pytest.mark.parametrize(("reply", "expected"), CASES)
def test_other_styles_become_markers_where_nothing_else_can_be_meant(reply: str, expected: str) -> None:
    stream = MarkerStream({1, 2, 3, 4}, EVIDENCE)
    assert stream.feed(reply) + stream.close() == expected


@pytest.mark.parametrize(("reply", "expected"), CASES)
def test_pieces_of_any_size_give_the_same(reply: str, expected: str) -> None:
    for seed in range(40):
        rng, stream, shown, at = random.Random(seed), MarkerStream({1, 2, 3, 4}, EVIDENCE), "", 0
        while at < len(reply):
            step = rng.randint(1, 5)
            shown += stream.feed(reply[at : at + step])
            at += step
            assert expected.startswith(shown)
        assert shown + stream.close() == expected


def test_a_raised_number_is_a_marker_unless_the_evidence_has_such() -> None:
    stream = MarkerStream({1, 2}, manual()[:2])
    assert (
        stream.feed("It is cleaned every 40 hours². It has 3 m².\n")
        == "It is cleaned every 40 hours[2]. It has 3 m².\n"
    )
    noted = MarkerStream({4}, EVIDENCE)
    assert noted.feed("Vitalon¹ is used.\n") == "Vitalon¹ is used.\n"
