"""Answers become citations: what each marker means and whether its evidence says so."""

from made_evidence import manual, piece

from ingestion.elements import BBox
from rag.answering.citing.citations import REFUSAL, cite, claims, is_refusal


def test_citations_come_in_order_of_first_use_with_page_box_and_quote() -> None:
    found = cite("The filter is cleaned every 40 hours [2]. E42 means that the pump is blocked [1].", manual())
    assert [c.number for c in found] == [2, 1]
    filter_, error = found
    assert (filter_.page, filter_.bbox, filter_.supported) == (4, BBox(50, 200, 300, 280), True)
    assert filter_.quote == "The filter of the Aquila 300 is cleaned every 40 hours of use."
    assert error.kind == "table"
    assert error.quote == "Code: E42; Meaning: Pump blocked; Remedy: Clean the filter (part FX-210)"


def test_a_number_the_evidence_does_not_have_is_not_supported() -> None:
    (citation,) = cite("The filter is cleaned every 50 hours [2].", manual())
    assert not citation.supported


def test_one_unsupported_sentence_spoils_the_citation_and_is_named() -> None:
    text = "Rinse the filter under running water [2]. Use Persil for it [2]."
    assert [(c.text, c.missing) for c in claims(text, manual())] == [
        ("Rinse the filter under running water .", ()),
        ("Use Persil for it .", ("Persil",)),
    ]
    assert not cite(text, manual())[0].supported


def test_a_sentence_with_two_markers_may_rest_on_both_together() -> None:
    found = cite("The pump runs at 2.5 bar and code E42 says that it is blocked [1][2].", manual())
    assert [c.supported for c in found] == [True, True]


def test_a_marker_after_the_full_stop_belongs_to_the_sentence_before() -> None:
    (first, second) = claims("It runs at 2.5 bar. [2] The part is FX-210. [1]", manual())
    assert (first.numbers, second.numbers) == ((2,), (1,))
    assert first.missing == second.missing == ()


def test_rows_of_a_table_in_the_answer_are_claims() -> None:
    text = "| Code | Means | Source |\n|---|---|---|\n| E41 | Door open | [1] |\n| E44 | Door open | [1] |"
    assert [c.missing for c in claims(text, manual())] == [(), ("E44",)]


def test_the_page_and_the_caption_count_as_said() -> None:
    assert all(c.supported for c in cite("Figure 3 on page 6 shows the impeller [3].", manual()))
    assert not cite("Figure 4 on page 6 shows the impeller [3].", manual())[0].supported


def test_no_marker_no_citation_and_code_is_left_alone() -> None:
    assert cite("Nothing is cited, `x[1]` and y[2] = 3 are code.", manual()) == ()


def test_a_row_that_repeats_a_number_of_the_answer_is_no_better_quote() -> None:
    table = piece(
        1,
        "| Property | Small | Large |\n| --- | --- | --- |\n"
        "| Best picture | 1920 x 1080 @ 60 Hz 4:4:4 | 1920 x 1080 @ 60 Hz 4:4:4 |\n"
        "| Native picture | 1920 x 1080 (FHD 4K) | 1920 x 1080 (FHD 4K) |",
        kind="table",
    )
    (citation,) = cite("Native picture; Small: 1920 x 1080 (FHD 4K); Large: 1920 x 1080 (FHD 4K) [1].", [table])
    assert citation.quote.startswith("Property: Native picture")


def test_a_long_passage_is_quoted_in_part() -> None:
    long = piece(1, "pump " * 200 + "blocked")
    (citation,) = cite("The pump is blocked [1].", [long])
    assert len(citation.quote) < 330


def test_the_refusal_is_known_with_other_case_and_stops_but_not_when_something_is_cited() -> None:
    assert is_refusal(REFUSAL)
    assert is_refusal("**" + REFUSAL.upper().rstrip(".") + "**")
    assert not is_refusal(f"{REFUSAL} But the pump runs at 2.5 bar [2].")
    assert not is_refusal("The pump runs at 2.5 bar.")


def test_what_is_struck_through_supports_nothing() -> None:
    evidence = [piece(1, "Tighten the cover screw to ~~10 Nm~~ 14 Nm. Fill in ~3 litres.")]
    assert cite("The cover screw is tightened to 14 Nm [1].", evidence)[0].supported
    assert not cite("The cover screw is tightened to 10 Nm [1].", evidence)[0].supported
    assert cite("Tighten the cover screw to ~~10 Nm~~ 14 Nm [1].", evidence)[0].supported
