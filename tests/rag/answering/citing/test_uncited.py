"""Sentences of an answer that cite nothing."""

from made_evidence import manual

from rag.answering.citing.uncited import MISSING, NOWHERE, doubts


def test_an_uncited_fact_that_no_evidence_has_is_doubted() -> None:
    (doubt,) = doubts("The filter is cleaned every 40 hours [2]. The replacement costs 250 euro.", manual())
    assert doubt == ("The replacement costs 250 euro.", NOWHERE, 0)


def test_a_missing_marker_is_suggested_where_one_piece_says_it() -> None:
    (doubt,) = doubts("E42 means that the pump is blocked [1].\n\nThe pump runs at 2.5 bar.", manual())
    assert doubt == ("The pump runs at 2.5 bar.", MISSING, 2)


def test_what_a_marker_beside_it_bears_out_and_what_states_nothing_is_left_alone() -> None:
    cited = "The pump runs at 2.5 bar. The filter is cleaned every 40 hours [2]."
    text = f"{cited}\n\nHere is how:\n\n```\nx = 7 bar here now\n```"
    assert doubts(text, manual()) == ()
