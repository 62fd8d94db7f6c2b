"""The answerer without a model."""

from dataclasses import replace

from made_evidence import manual, piece

from rag.citations import REFUSAL, cite
from rag.llm.quoting import CLOSEST, quote_answer


def test_a_table_row_is_read_out_with_its_columns() -> None:
    text = quote_answer("What does error E42 mean?", manual())
    assert text == (
        "From “Table 2: Error codes” on page 9: "
        "Code: E42; Meaning: Pump blocked; Remedy: Clean the filter (part FX-210) [1]."
    )


def test_a_sentence_is_quoted_with_its_marker_before_the_stop() -> None:
    assert quote_answer("How often is the filter of the Aquila 300 cleaned?", manual()) == (
        "The filter of the Aquila 300 is cleaned every 40 hours of use [2]."
    )


def test_a_figure_is_named() -> None:
    text = quote_answer("Which figure is the exploded view of the pump assembly?", manual())
    assert "Figure 3 on page 6 shows: Exploded view of the pump assembly [3]." in text
    assert text.count("[3]") + text.count("[2]") + text.count("[1]") == len(text.splitlines())


def test_references_inside_a_quotation_are_no_markers() -> None:
    text = quote_answer("Should I use solvents?", manual())
    assert text == "Never use solvents (ref. 7) [2]."


def test_every_quotation_is_supported_by_what_it_cites() -> None:
    questions = ("What does E42 mean?", "At what pressure does the pump run?", "exploded view of the pump assembly")
    for question in questions:
        citations = cite(quote_answer(question, manual()), manual())
        assert citations, question
        assert all(c.supported for c in citations), question


def test_a_passage_about_a_part_of_the_question_is_called_the_closest() -> None:
    text = quote_answer("Which detergent should the filter of the Aquila be rinsed with by the technician?", manual())
    assert text.startswith(f"{CLOSEST}\n\n- ")
    assert "[2]" in text


def test_what_is_not_there_is_refused() -> None:
    for question in (
        "What does error E99 mean?",
        "How long is the warranty of the tumble dryer in Norway?",
        "Who founded the company?",
        "How often was the filter cleaned in 2022?",
        "How much does the pump cost?",
        "the of and",
    ):
        assert quote_answer(question, manual()) == REFUSAL, question
    assert quote_answer("What does E42 mean?", ()) == REFUSAL


def test_a_picture_is_named_by_its_best_match() -> None:
    shown = "Figure 3 on page 6 of manual.pdf: Exploded view of the pump assembly [3]."
    look_alike = f"Your picture looks most like {shown}"
    figure = manual()[2]
    assert quote_answer("", [figure], pictured=True) == look_alike
    text = quote_answer("Where does the impeller sit?", [figure], pictured=True)
    assert text.splitlines()[0] == f"- {look_alike}"
    assert "impeller sits [3]" in text


def test_a_picture_that_was_found_is_named_wherever_it_stands_in_the_evidence() -> None:
    pieces = manual()
    found = [*pieces[:2], replace(pieces[2], pictured=True)]
    assert quote_answer("", found, pictured=True).startswith("Your picture shows Figure 3 on page 6 of manual.pdf")


def test_a_very_long_sentence_is_cut_around_what_was_asked() -> None:
    long = piece(1, "alpha beta " * 200 + "the impeller has five blades " + "gamma delta " * 200)
    text = quote_answer("How many blades has the impeller?", [long])
    assert "the impeller has five blades" in text
    assert text.startswith("… ") and len(text) < 400
