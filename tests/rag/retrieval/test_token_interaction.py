"""The first pages in the order of their tokens: what is reckoned, and when pages are left as they are."""

from __future__ import annotations

import numpy as np
import pytest

from rag.encoders.parts import TokenStates
from rag.retrieval.token_interaction import similarities, standard_scores


def tokens(*rows: tuple[int, float, float]) -> TokenStates:
    """A number and a state of two columns each."""
    states = np.array([row[1:] for row in rows], dtype=np.float32).reshape(-1, 2)
    return TokenStates(np.array([row[0] for row in rows], dtype=np.uint32), states)


def test_each_token_of_a_question_takes_the_most_like_one_of_a_page() -> None:
    question = tokens((1, 1, 0), (2, 0, 1))
    both = [tokens((5, 0.6, 0.8)), tokens((6, 1, 0))]  # two passages: the page counts as a whole
    one, opposite = [tokens((6, 1, 0))], [tokens((7, -1, 0))]
    assert similarities(question, [both, one, opposite]).tolist() == pytest.approx([0.9, 0.5, -0.5])


def test_a_token_that_many_passages_have_counts_less() -> None:
    question = tokens((1, 1, 0), (2, 0, 1))
    common = [tokens((1, 1, 0))]
    found = similarities(question, [common, common, [tokens((1, 0, 0), (2, 0, 1))]])
    assert found[2] > found[0] == found[1]
    weights = np.log1p(np.array([0.5 / 3.5, 2.5 / 1.5]))
    assert found.tolist() == pytest.approx([weights[0] / weights.sum()] * 2 + [weights[1] / weights.sum()])


def test_a_page_without_words_is_neither_better_nor_worse() -> None:
    question = tokens((1, 1, 0))
    found = similarities(question, [[tokens((3, 1, 0))], [], [tokens((3, 0, 1))]])
    assert np.isnan(found[1])
    assert standard_scores(found).tolist() == pytest.approx([1.0, 0.0, -1.0])
    assert standard_scores(similarities(tokens(), [[tokens((3, 1, 0))], []])).tolist() == [0.0, 0.0]
    assert standard_scores(np.array([0.5, 0.5])).tolist() == [0.0, 0.0]
