"""The marker grammar, whole and cut into every kind of pieces."""

import random

import pytest

from rag.answering.citing.markers import MarkerStream, rewrite, without_brackets

KNOWN = {1, 2, 3, 4}

CASES = [
    ("Fill it [1, 2].", "Fill it [1][2].", 0),
    ("A [1][3] b", "A [1][3] b", 0),
    ("A [1-3].", "A [1][2][3].", 0),
    ("both [1] [2] here", "both [1][2] here", 0),
    ("x 【1】 y ［2］", "x [1] y [2]", 0),
    ("as 【1†source】 says", "as [1] says", 0),
    ("[^2] z and [[3]]", "[2] z and [3]", 0),
    ("see [1](http://a.b/c) ok", "see [1] ok", 0),
    ("see [Figure 2](x) ok", "see [Figure 2](x) ok", 0),
    ("a [source 2, p. 4] b", "a [2] b", 0),
    ("glued to a word[1].", "glued to a word[1].", 0),
    ("12 g[1] of salt", "12 g[1] of salt", 0),
    ("bad [9].", "bad.", 1),
    ("bad ([9]) ok", "bad ok", 1),
    ("The [9] pump", "The pump", 1),
    ("a [9], b", "a, b", 1),
    ("a [1], [9] and [2].", "a [1] and [2].", 1),
    ("[9] and [1] say", "[1] say", 1),
    ("[1] and [9].", "[1].", 1),
    ("range [3-6]!", "range [3][4]!", 2),
    ("x[1] = 3 and rows_a[2] and obj.field[9]", "x[1] = 3 and rows_a[2] and obj.field[9]", 0),
    ("arr[0], the interval [0, 1], in [2024]", "arr[0], the interval [0, 1], in [2024]", 0),
    ("`x[9]` but [9] not", "`x[9]` but not", 1),
    ("one ` tick [9] only", "one ` tick only", 1),
    ("two\n```py\nx [9]\n```\n[9] y", "two\n```py\nx [9]\n```\ny", 1),
    ("| a [9] | b [1] |", "| a | b [1] |", 1),
    ("ends with an open [1", "ends with an open [1", 0),
    ("two  spaces stay", "two  spaces stay", 0),
    ("Press [OK], [9] then [Start] and [9] wait", "Press [OK], then [Start] and wait", 2),
    ("see [2024], [9] or [E18] or [9].", "see [2024], or [E18] or.", 2),
    ("[9]  (left) is off", "(left) is off", 1),
    ("to[[1]](x) and glued【1†a】(b)", "to[[1]](x) and glued【1†a】(b)", 0),
]


@pytest.mark.parametrize(("reply", "expected", "dropped"), CASES)
def test_a_reply_is_tidied(reply: str, expected: str, dropped: int) -> None:
    stream = MarkerStream(KNOWN)
    assert (stream.feed(reply) + stream.close(), stream.dropped) == (expected, dropped)


@pytest.mark.parametrize(("reply", "expected", "dropped"), CASES)
def test_pieces_of_any_size_give_the_same_text_and_never_take_anything_back(
    reply: str, expected: str, dropped: int
) -> None:
    for seed in range(40):
        rng, stream, shown, at = random.Random(seed), MarkerStream(KNOWN), "", 0
        while at < len(reply):
            step = rng.randint(1, 5)
            shown += stream.feed(reply[at : at + step])
            at += step
            assert expected.startswith(shown)
        assert shown + stream.close() == expected
        assert stream.dropped == dropped


def test_prose_is_shown_without_waiting_for_the_end_of_the_line() -> None:
    stream = MarkerStream(KNOWN)
    assert stream.feed("The filter is cleaned every 40 hours [2]. Then rinse") == (
        "The filter is cleaned every 40 hours [2]. Then rinse"
    )


def test_rewrite_changes_markers_but_neither_code_nor_indexes() -> None:
    text = "See [1] and `a[1]` and x[1] = 2\n```\n[1]\n```\nthen [2]."
    assert rewrite(text, lambda n: f"<{n}>") == "See <1> and `a[1]` and x[1] = 2\n```\n[1]\n```\nthen <2>."


def test_references_of_a_quoted_paper_cannot_pass_for_markers() -> None:
    assert without_brackets("as in [12] and [3, 4], not x[i]") == "as in (ref. 12) and (ref. 3, 4), not x[i]"
