"""The answerer without a model."""

from dataclasses import replace

import pytest
from made_evidence import manual, piece

from ingestion.elements import ChunkKind
from rag.answering.citations import REFUSAL, cite
from rag.answering.extractive import quote_answer
from rag.answering.phrases import phrases
from rag.types import Evidence


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
    assert text.startswith(phrases("en").closest + "\n\n- ")
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


CODES = """| Code | Meaning | Remedy |
|---|---|---|
| W-12 | Lamp weak | Order lamp LX-90-B |
| E-12 | Fan stuck | Free the fan |
| E-121 | Fan too fast | Replace the board |
| E-98 | Door ajar | Shut the door |"""


def test_codes_are_compared_whole_however_they_are_written() -> None:
    evidence = (piece(1, CODES, "table", heading="Faults"),)
    for asked in ("What does E12 mean?", "what is error e-12", "E 12 is on the display", "Was bedeutet E12?"):
        text = quote_answer(asked, evidence)
        assert "Fan stuck" in text, asked
        assert "Lamp weak" not in text and "Fan too fast" not in text, asked
    assert "Lamp weak" in quote_answer("What does W12 mean?", evidence)
    assert "LX-90-B" in quote_answer("Where is the LX 90 lamp ordered?", evidence)  # the code of a part, cut short


def test_a_code_within_another_is_not_there() -> None:
    assert quote_answer("What does E9 mean?", (piece(1, CODES, "table"),)) == REFUSAL


def two_models() -> tuple[Evidence, ...]:
    found = []
    for number, (model, weight, blade) in enumerate((("HX-20", 14, "B-77"), ("HX-40", 23, "B-78")), 1):
        name, title = f"mower-{number}.pdf", f"Mower {model} - Instructions"
        found += [
            piece(2 * number - 1, f"Mower {model} - Instructions", doc_name=name, doc_title=title),
            piece(
                2 * number,
                f"The mower weighs {weight} kg. The blade {blade} is changed once a year.",
                heading="Data",
                doc_name=name,
                doc_title=title,
            ),
        ]
    return tuple(found)


def test_a_question_that_names_the_product_is_not_answered_with_its_title() -> None:
    for asked in ("How much does the mower HX-20 weigh?", "weight of the HX20 mower: what does it weigh?"):
        assert quote_answer(asked, two_models()) == "The mower weighs 14 kg [2].", asked
    assert "B-78" in quote_answer("Which blade does the HX-40 have?", two_models())


def test_documents_that_are_compared_are_quoted_one_by_one() -> None:
    for asked in ("Compare how much the HX-20 and the HX-40 weigh", "What do the HX-40 and HX-20 mowers weigh?"):
        lines = quote_answer(asked, two_models()).splitlines()
        assert lines == ["- The mower weighs 14 kg [2].", "- The mower weighs 23 kg [4]."], asked
    both = quote_answer("What is the difference between both mowers: what does each weigh?", two_models())
    assert "14 kg [2]" in both and "23 kg [4]" in both


@pytest.mark.parametrize(
    ("asked", "said", "answer"),
    [
        ("Was bedeutet der Fehlercode F31?", "| Code | Ursache |\n|---|---|\n| F31 | Klappe offen |", "Klappe offen"),
        ("Was tun, wenn der Tank leer ist?", "Ist der Wassertank leer, füllen Sie ihn bis zur Marke.", "Marke"),
        ("Que signifie le voyant rouge ?", "Le voyant rouge signale un filtre bouché.", "filtre bouché"),
        ("¿Cómo limpio el filtro?", "Limpie el filtro con agua tibia.", "agua tibia"),
        ("Come pulisco il filtro?", "Pulire il filtro con acqua tiepida.", "acqua tiepida"),
        ("Hoe vaak moet ik de zeef reinigen?", "De zeef wordt elke week gereinigd.", "elke week"),
        ("Jak często trzeba czyścić filtr?", "Filtr należy czyścić co tydzień.", "co tydzień"),
        ("F31 ne demek?", "| Kod | Neden |\n|---|---|\n| F31 | Kapak açık |", "Kapak açık"),
    ],
)
def test_a_question_in_the_language_of_the_document_is_answered(asked: str, said: str, answer: str) -> None:
    kind: ChunkKind = "table" if said.startswith("|") else "text"
    other = "Le poids est de 12 kg. Das Gewicht beträgt 12 kg. El peso es de 12 kg."
    text = quote_answer(asked, (piece(1, other), piece(2, said, kind)))
    assert answer in text and "[2]" in text and "12 kg" not in text
