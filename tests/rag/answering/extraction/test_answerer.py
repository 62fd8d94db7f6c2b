"""The answerer without a model."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from made_evidence import manual, piece, quote_answer, rows_said

from ingestion.elements import ChunkKind
from rag.answering.citing.citations import REFUSAL, cite, is_refusal
from rag.answering.citing.markers import CLEAN
from rag.answering.evidence.apart import Apart
from rag.answering.extraction.answerer import extract, extract_each
from rag.answering.extraction.passage_scores import passage_features
from rag.answering.passages.quotations import Passage, passages_of
from rag.answering.questions.kinds import kinds_of
from rag.answering.questions.phrases import phrases
from rag.answering.questions.sought import sought
from rag.types import Evidence, Float64Array, FoundBy


def test_a_row_of_three_columns_is_a_table_with_their_names() -> None:
    text = quote_answer("What does error E42 mean?", manual())
    assert text == (
        "From “Table 2: Error codes” on page 9:\n\n| Code | Meaning | Remedy |\n| --- | --- | --- |\n"
        "| E42 | Pump blocked | Clean the filter (part FX-210) [1] |"
    )


def test_a_sentence_is_quoted_with_its_marker_before_the_stop() -> None:
    assert quote_answer("How often is the filter of the Aquila 300 cleaned?", manual()) == (
        "The filter of the Aquila 300 is cleaned every 40 hours of use [2]."
    )


def test_a_figure_is_named() -> None:
    text = quote_answer("Which figure is the exploded view of the pump assembly?", manual())
    assert "Figure 3 on page 6 shows: Exploded view of the pump assembly [3]. “spray arm pump filter” [3]." in text
    assert all(line.endswith("[3].") for line in text.splitlines())


def test_references_inside_a_quotation_are_no_markers() -> None:
    text = quote_answer("Should I use solvents?", manual())
    assert "Never use solvents (ref. 7) [2]." in text


def test_every_quotation_is_supported_by_what_it_cites() -> None:
    questions = ("What does E42 mean?", "At what pressure does the pump run?", "exploded view of the pump assembly")
    for question in questions:
        citations = cite(quote_answer(question, manual()), manual())
        assert citations, question
        assert all(c.supported for c in citations), question


def test_a_passage_about_a_part_of_the_question_is_called_the_closest() -> None:
    as_good = [replace(one, score=0.5) for one in manual()]  # the search could not tell its pages apart
    text = quote_answer("Which detergent is used by the technician for the filter?", [as_good[2], *as_good[:2]])
    assert text.startswith(phrases("en").closest + "\n\n")
    assert CLEAN.search(text)
    cited = {c.number for c in cite(text, manual())}
    assert cited == {1, 2, 3}, "the best of each of three pages"


def test_what_is_not_there_is_refused_with_its_reason() -> None:
    for question, named in (
        ("What does error E99 mean?", "E99"),
        ("Which filter has the pump PX-410-c?", "PX-410-C"),
        ("Which filter has the WP 30?", "WP 30"),
        ("How often was the filter cleaned in 2022?", "2022"),
        ("How often was the filter cleaned in FY2022?", "2022"),
        ("When was the filter cleaned before March 31,2022?", "2022"),
        ("Which filter has the 340 model?", "340"),
    ):
        said = quote_answer(question, manual())
        assert said == f"{REFUSAL} “{named}” stands nowhere in these documents.", question
        assert is_refusal(said)
    for question in ("Who founded the company?", "the of and"):
        assert is_refusal(quote_answer(question, manual())), question
    assert is_refusal(quote_answer("What does E42 mean?", ()))


@pytest.mark.parametrize("amount", ["200,000 hours", "330 million hours", "300 to 400 kPa", "3000 and 4000 dollars"])
def test_an_amount_that_stands_nowhere_is_no_reason_to_refuse(amount: str) -> None:
    """A chart or a table may have it rounded or in other units; only names of things are looked for as written."""
    assert not is_refusal(quote_answer(f"Is the filter of the pump good for {amount}?", manual()))


def test_what_is_near_is_shown_as_near_and_not_refused() -> None:
    for question in ("How much does the pump cost?", "How long may water stand in the machine?"):
        extracted = extract(question, manual())
        assert extracted.sureness in ("likely", "closest"), question
        assert cite(extracted.text, manual()), question


def test_a_picture_is_named_by_its_best_match() -> None:
    shown = "Figure 3 on page 6 of manual.pdf: Exploded view of the pump assembly [3]."
    look_alike = f"Your picture looks most like {shown}"
    figure = manual()[2]
    assert quote_answer("", [figure], figure) == look_alike
    text = quote_answer("Where does the impeller sit?", [figure], figure)
    assert text.splitlines()[0] == f"- {look_alike}"
    assert "impeller sits [3]" in text


def test_a_picture_that_was_found_is_named_wherever_it_stands_in_the_evidence() -> None:
    pieces = manual()
    found = [*pieces[:2], replace(pieces[2], pictured=True)]
    assert quote_answer("", found, found[2]).startswith("Your picture shows Figure 3 on page 6 of manual.pdf")


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
    assert quote_answer("What does E9 mean?", (piece(1, CODES, "table"),)).startswith(f"{REFUSAL} “E9”")


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
    first = next(line for line in text.splitlines() if "[" in line)
    assert answer in first and "[2]" in first


STEPS = """The tank holds 5 litres. Empty it every week.

To empty the tank:

1. Switch the unit off and pull the plug.
2. Pull out the tank by its handle.
Mind that it may be full to the brim.
3. Pour the water away, and rinse the tank.
4. Push it back until it clicks.

The warranty is void if the tank is damaged."""


def test_a_procedure_is_answered_with_all_its_steps_in_order() -> None:
    text = quote_answer("How do I empty the tank?", (piece(1, STEPS, heading="Care"),))
    lines = text.splitlines()
    assert lines[0] == "To empty the tank [1]:"
    assert [line[:2] for line in lines[2:]] == ["1.", "2.", "3.", "4."]
    assert "full to the brim [1]." in text and "warranty" not in text
    assert all(c.supported for c in cite(text, (piece(1, STEPS, heading="Care"),)))


def test_a_list_is_never_introduced_without_its_items() -> None:
    box = "In the box you find:\n• the vacuum cleaner\n• two nozzles\n• a charger\n• this manual"
    text = quote_answer("What do I find in the box?", (piece(1, box),))
    assert text.splitlines()[0] == "In the box you find [1]:"
    assert "- two nozzles [1]." in text and "- this manual [1]." in text


def test_a_list_that_is_a_table_is_shown_whole() -> None:
    evidence = (piece(1, CODES, "table", "Table 4: Fault codes"), piece(2, "The lamp is weak."))
    text = quote_answer("List all fault codes", evidence)
    assert text.startswith("From “Table 4: Fault codes” on page 1 [1]:\n\n| Code | Meaning | Remedy |")
    assert text.count("[1] |") == 4
    assert quote_answer("How many fault codes are there?", evidence).startswith("4 found in “Table 4: Fault codes”")


TASKS = (
    "| Interval | Task | By |\n|---|---|---|\n| Weekly | Empty the tank | User |\n| Half-yearly | Clean the coil | "
    "Technician |\n| Yearly | Check the plugs | Technician |\n| Yearly | Wash the filter | User |\n"
    "| No fixed | Dust | User |"
)


@pytest.mark.parametrize(
    ("question", "count", "rows"),
    [
        ("How many maintenance tasks are yearly?", 2, ("Check the plugs", "Wash the filter")),
        ("How many maintenance tasks are half-yearly?", 1, ("Clean the coil",)),
        ("How many yearly maintenance tasks are for the technician?", 1, ("Check the plugs",)),
        ("How many maintenance tasks are there?", 5, ("Empty the tank", "Dust")),
    ],
)
def test_the_rows_are_counted_that_a_question_names_by_a_cell(question: str, count: int, rows: tuple[str, ...]) -> None:
    text = quote_answer(question, (piece(1, TASKS, "table", "Table 7: Maintenance tasks"),))
    assert text.startswith(f"{count} found in “Table 7: Maintenance tasks” on page 1")
    assert text.count("[1] |") == count and all(row in text for row in rows)


@pytest.mark.parametrize(
    ("question", "tasks"),
    [
        ("Which tasks are for the user?", ["Empty the tank", "Wash the filter", "Dust"]),
        ("What has to be done yearly?", ["Check the plugs", "Wash the filter"]),
    ],
)
def test_all_rows_answer_that_have_a_cell_which_is_named(question: str, tasks: list[str]) -> None:
    said = rows_said(quote_answer(question, (piece(1, TASKS, "table", "Table 7: Maintenance tasks"),)))
    assert [row[1] for row in said][: len(tasks)] == tasks


def test_words_inside_a_figure_are_told() -> None:
    chart = piece(
        1, "Share of users: phone 61 % tablet 12 % laptop 27 %", "figure", "Figure 2: Devices by share of users"
    )
    text = quote_answer("What share of users has a tablet?", (chart,))
    assert "tablet 12 %" in text


def test_the_phrases_are_in_the_language_of_the_question() -> None:
    evidence = (piece(1, "| Code | Ursache |\n|---|---|\n| F31 | Klappe offen |", "table", "Fehlercodes"),)
    assert quote_answer("Was bedeutet F31?", evidence) == (
        "Aus „Fehlercodes“ auf Seite 1:\n\n| Code | Ursache |\n| --- | --- |\n| F31 | Klappe offen [1] |"
    )
    assert "„F77“" in quote_answer("Was bedeutet F77?", evidence)


def test_another_page_is_quoted_only_where_it_says_much_more() -> None:
    first = piece(1, "The pump is checked once a year by the service.", page=3)
    other = piece(2, "The pump of the Aquila runs at 2.5 bar when the filter is new.", page=8)
    assert "[2]" in quote_answer("At how many bar does the pump of the Aquila run with a new filter?", (first, other))
    assert "[1]" in quote_answer("How often is the pump checked?", (first, other))


def test_a_question_in_another_language_asks_the_encoder() -> None:
    text = piece(1, "The lid is closed by two clips. The filter is washed in warm water. The feet are screwed on.")
    encoder = _Encoder("filter")
    said = extract("Wie reinige ich das Sieb?", (text,), closeness=encoder).text
    assert encoder.read and "The filter is washed in warm water [1]." in said
    encoder.read.clear()
    extract("How is the filter washed?", (text,), closeness=encoder)
    assert not encoder.read


def test_across_languages_tokens_choose_what_is_read_whole() -> None:
    """A name that the question shares with the heading of another sentence does not speak for it."""
    sentences = [f"Aurora part {n} lies in box {n} of the Aurora carton." for n in range(40)]
    text = piece(1, " ".join([*sentences, "Rinse the sieve under a tap."]))
    encoder = _Encoder("sieve", tokens=True)
    said = extract("Wie reinige ich das Sieb der Aurora?", (text,), closeness=encoder).text
    assert "Rinse the sieve under a tap [1]." in said
    assert 0 < len(encoder.read) < len(sentences)


def test_words_count_on_a_page_with_too_few_to_tell_its_language() -> None:
    german = piece(
        1, "| Lampe | Zustand |\n| --- | --- |\n| TANK | voll |\n| SIEB | verstopft |\n| FROST | Abtauung |", "table"
    )
    english = piece(2, "The lamp is lit when the tank is full, and it goes out when it is empty.")
    asked = "Warum leuchtet die Lampe TANK immer?"
    told = {}
    for evidence in (german, english):
        passages = passages_of(evidence)
        _, told[evidence.number] = passage_features(
            sought(asked, passages), kinds_of(asked, "de"), passages, _Encoder("voll", tokens=True)
        )
    assert told == {1: "meant", 2: "foreign"}


class _Encoder:
    """Takes for near what has a word, by tokens too or by whole texts alone; ``read`` are the texts it was given."""

    def __init__(self, near: str, tokens: bool = False) -> None:
        self.read: list[str] = []
        self._near, self._tokens = near, tokens

    def by_texts(self, question: str, texts: Sequence[str]) -> Float64Array:
        self.read += texts
        return self._of(texts)

    def by_tokens(self, question: str, passages: Sequence[Passage]) -> Float64Array | None:
        return self._of([p.text for p in passages]) if self._tokens else None

    def _of(self, texts: Sequence[str]) -> Float64Array:
        return np.array([float(self._near in text) for text in texts])


def test_the_sentence_that_a_document_is_named_by_is_quoted() -> None:
    said = "The boiler pressure is 2.5 bar and the relief valve opens at 4 bar."
    other = piece(1, "The drum weighs 46 kg.", doc_name="washer.pdf", doc_title="Washer")
    named = piece(2, said, doc_name="boiler.pdf", doc_title=said)
    assert "2.5 bar" in quote_answer("What is the boiler pressure?", (other, named))


@pytest.mark.parametrize(
    "asked", ["The lamp blinks four times", "Die Lampe blinkt viermal", "le voyant clignote quatre fois"]
)
def test_how_often_something_happens_is_found_in_figures_too(asked: str) -> None:
    said = "2x lamp: door open.\n\n4x lamp: water in the tray.\n\n6x lamp: fan blocked."
    assert "4x lamp: water in the tray [1]" in quote_answer(asked, [piece(1, said)])


def test_a_quotation_goes_on_where_the_sentence_leaves_the_answer_to_the_next() -> None:
    said = "The settings can be locked against others with a code. From the factory it is 3262."
    assert quote_answer("default code", [piece(1, said)]).endswith("From the factory it is 3262 [1].")
    said = "The code from the factory is 3262. The tray is emptied once a week."
    assert quote_answer("Which code from the factory?", [piece(1, said)]) == ("The code from the factory is 3262 [1].")


def test_a_sentence_with_the_words_but_not_the_number_goes_on_to_it() -> None:
    said = "Dial speed: how fast the dial of the clock turns in service. There are two kinds: 1200 and 960 per hour."
    assert "1200 and 960 per hour [1]" in quote_answer("Which dial speeds are there?", [piece(1, said)])
    said = "1. Look at the price and weight of a master gauge first. One of them is about $10,000. Presses cost more."
    assert "about $10,000 [1]" in quote_answer("What is the price of a master gauge?", [piece(1, said)])


def test_a_page_stands_where_its_picture_was_found() -> None:
    found = [
        piece(1, "Lamps 8 Fans 4 Pumps 4 Doors 4 Rods 4 Valves 8", "figure", "", page=5),
        piece(2, "| A | B |\n|---|---|\n| 1 | Yellow lamp |", "table", "", page=4),
        piece(3, "The yellow end plate of Figure 2.", page=16),
        piece(4, "Two yellow wires.", page=17),
        piece(5, "A yellow cap.", page=18),
        piece(6, "If a yellow sign stands beside the device, its driver is missing. Install it again.", page=5),
    ]
    ranked = [replace(one, score=score) for one, score in zip(found, (1, 0.28, 0.15, 0.1, 0.08, 0.06), strict=True)]
    assert "driver is missing" in quote_answer("there is a yellow sign at the device, what now?", ranked)


def test_a_letter_of_a_drawing_is_told_by_its_row_or_shown() -> None:
    rows = "| A | Trimmer |\n|---|---|\n| B | Yellow LED |\n| D | Fixing holes |"
    parts = "№ A: Trimmer\n№ B: Yellow LED\n№ D: Fixing holes"
    found = [piece(1, rows, "table", page=4), piece(2, "A B D", "figure", "Housing", mentions=parts, page=4)]
    assert "Fixing holes [1]" in quote_answer("What is D on the drawing?", found)
    assert "Yellow LED [1]" in quote_answer("Was ist B auf der Zeichnung?", found)
    pictured = quote_answer("What is D on the drawing?", [piece(1, "A B D", "figure", "Housing", page=4)])
    assert pictured.startswith(phrases("en").closest) and "Housing [1]" in pictured


def test_a_year_in_a_figure_is_there_whatever_stands_beside_it() -> None:
    words = "2010 kg g mg V W A Hz kWh mm cm m l ml bar °C s min h % rpm N Nm Pa kPa dB lm K J kJ"
    assert "Chart" in quote_answer("Which share grew most in 2010?", [piece(1, words, "figure", "Chart of the shares")])


def test_a_figure_that_only_shows_a_code_is_quoted_with_the_row_that_tells_it() -> None:
    wires = (
        "| Wire | From | To | Use |\n|---|---|---|---|\n| W15 | X5 | B3 | sensor |\n| W16 | X6 | S1 | float switch |"
    )
    found = [
        piece(1, "Main board X5 X6 W15 W16 plug", "figure", "Figure 6: Wiring diagram", page=10),
        piece(2, wires, "table", "Table 4: Wires of Figure 6", page=11),
    ]
    text = quote_answer("What is connected to plug X6 of the main board?", found)
    assert rows_said(text) == [["W16", "X6", "S1", "float switch"]] and "Wiring diagram" in text.splitlines()[-1]
    lines = quote_answer("What is shown beside the plugs of the main board?", found).splitlines()
    assert all("float switch" not in line for line in lines)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("Which part did the technician fit at the town archive?", "Fitted a new part, 800-161, on the pipe [1]"),
        ("What tool did the technician use at the town archive?", "A tool of 5 mm was used on the screws [1]"),
    ],
)
def test_what_has_the_noun_that_is_asked_for_goes_before_what_repeats_the_question(asked: str, said: str) -> None:
    note = (
        "Technician: R. Halvorsen, customer: town archive, cellar of the technician's archive.\n\n"
        "Fitted a new part, 800-161, on the pipe.\n\nA tool of 5 mm was used on the screws."
    )
    assert quote_answer(asked, [piece(1, note)]).removeprefix("- ").startswith(said)


def test_how_often_is_told_from_a_page_that_says_so() -> None:
    found = [
        piece(1, "The water tank holds 6.5 litres. The tank is made of steel.", page=4),
        piece(2, "| Task | Interval |\n|---|---|\n| Empty the water tank | weekly |", "table", "Table 7", page=13),
    ]
    assert "weekly [2]" in quote_answer("How often is the water tank emptied?", found)


@pytest.mark.parametrize("example", ["for example [3000, 4000]", "e.g. 3000", "z. B. 3000 oder 4000"])
def test_an_example_of_what_is_wanted_names_nothing(example: str) -> None:
    assert not is_refusal(quote_answer(f"At what pressure does the pump run, {example}?", manual()))


@pytest.mark.parametrize(
    ("words", "shown"),
    [("RRR 45 30", ""), ("2 3 ① A B", ""), ("Sensor 45", " “Sensor 45” [1]."), ("排水阀 7", " “排水阀 7” [1].")],
)
def test_words_in_a_figure_are_quoted_where_any_can_be_read(words: str, shown: str) -> None:
    figure = piece(1, words, "figure", caption="Figure 3: Drain valve")
    assert quote_answer("Where is the drain valve?", [figure]) == f"Figure 3 on page 1 shows: Drain valve [1].{shown}"


def test_of_a_figure_that_is_only_near_nothing_is_claimed() -> None:
    far = (FoundBy("words", 9),)
    others = [piece(number, "Oil", page=number) for number in range(2, 8)]
    found = [replace(one, score=0.5, found_by=far) for one in [piece(1, "PLUG 7 mm", "figure"), *others]]
    text = quote_answer("How tightly does the technician turn the spark plug in winter?", found)
    assert text == f"{phrases('en').closest}\n\n- The figure (page 1): “PLUG 7 mm” [1]."


def test_a_heading_that_runs_into_its_paragraph_is_quoted_with_it() -> None:
    faults = piece(1, "Water under the unit. Check the drain lip.\n\nRattling. Check the feet of the compressor.")
    text = quote_answer("The unit makes a rattling noise", [faults])
    assert text.removeprefix("- ").startswith("Rattling. Check the feet of the compressor [1].")


def test_how_to_do_something_is_answered_by_steps_not_by_a_chart_that_names_it() -> None:
    chart = replace(piece(1, "5 10 15", "figure", "Figure 3: Water removed against temperature, fan step 3"), score=1.0)
    steps = "1. Pull out the tank.\n2. Unplug X3 and remove the fan.\n3. Pull out the sensor."
    text = quote_answer("How do I remove the fan?", [chart, replace(piece(2, steps, page=2), score=0.1)])
    assert text.startswith("1. Pull out the tank [2].\n2. Unplug X3 and remove the fan [2].")


def test_a_picture_from_elsewhere_is_called_no_answer() -> None:
    figure = manual()[2]
    assert extract("", manual(), figure).sureness == "closest"
    assert extract("", manual(), replace(figure, pictured=True)).sureness == "likely"


def test_a_price_has_a_currency_unless_a_table_says_it() -> None:
    asked, near = "What does the Aurora 800 cost?", phrases("en").closest
    assert quote_answer(asked, [piece(1, "A blocked filter costs the Aurora 800 up to 30 % of it.")]).startswith(near)
    assert quote_answer(asked, [piece(1, "The Aurora 800 costs 399 EUR.")]) == "The Aurora 800 costs 399 EUR [1]."
    priced = piece(1, "| Model | Price |\n|---|---|\n| Aurora 800 | 399 |", "table")
    assert not quote_answer("How much is the Aurora 800?", [priced]).startswith(near)


LAMPS = (
    "Faults are shown like this:\n• 2x blinking, long pause, 2x blinking…\nThe channel runs in emergency mode.\n"
    "• 3x blinking, long pause, 3x blinking…\n\nA loss of mains was seen. All channels blink at once.\n"
    "• 4x blinking, long pause\nThe output has a short circuit."
)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        (
            "channel led blinking 3x then a long pause",
            "3x blinking, long pause, 3x blinking [1]. A loss of mains was seen.",
        ),
        ("what is 4x blinking, long pause", "4x blinking, long pause The output has a short circuit [1]."),
    ],
)
def test_an_item_that_is_a_title_goes_on_with_what_explains_it(question: str, first: str) -> None:
    said = quote_answer(question, [piece(1, LAMPS, heading="2.6 Channel LEDs")])
    assert said.removeprefix("- ").startswith(first)


def test_the_last_item_of_a_list_without_explanations_does_not_go_on_with_the_text_below() -> None:
    text = "In the box:\n• Charger with cable\n• Battery pack BP-7\n\nThe warranty ends after two years."
    assert "warranty" not in quote_answer("which battery pack is it", [piece(1, text, heading="Contents")])


def test_long_names_of_columns_leave_room_for_the_values_of_a_row() -> None:
    group = "Pipe length and difference in height *3, *4, *5, *6, *7, *8"
    names = [
        "Model",
        f"{group} / Most length for each indoor unit / in all",
        f"{group} / Most height",
        *("Supply / " + n for n in "ABCDEF"),
    ]
    rows = [["MX-3F", "25 m / 50 m", "15 m", *("220-230-240 V, 50 Hz, 25 A, four wires of 1.5 mm²",) * 6]]
    rows += [["MX-4F", "25 m / 60 m", "12 m", *("220-230-240 V, 50 Hz, 32 A, four wires of 2.5 mm²",) * 6]]
    table = "\n".join(f"| {' | '.join(row)} |" for row in [names, ["---"] * len(names), *rows])
    said = quote_answer("MX-3F", [piece(1, table, "table", "Table 4: Data")])
    assert "Most length for each indoor unit / in all: 25 m / 50 m" in said and "Most height: 15 m" in said


LIMITS = (
    "| Parameter | Range [default] | Remark |\n|---|---|---|\n"
    "| Minimale Vorlauftemperatur | 0 … 60 °C [20 °C] | unten |\n"
    "| Maximale Vorlauftemperatur | 0 … 60 °C [40 °C] | oben |"
)


@pytest.mark.parametrize(
    ("question", "wanted", "other"),
    [
        ("Voreinstellung höchste Vorlauftemperatur", "[40 °C]", "[20 °C]"),
        ("niedrigste Vorlauftemperatur", "[20 °C]", "[40 °C]"),
    ],
)
def test_the_highest_is_the_maximum_of_a_label(question: str, wanted: str, other: str) -> None:
    said = quote_answer(question, [piece(1, LIMITS, "table", "Tabelle 8: Fühler")]).replace("(", "[").replace(")", "]")
    assert wanted in said and wanted not in said.partition(other)[2]  # the other row, if at all, behind it


def test_a_number_that_names_the_model_lies_in_no_range() -> None:
    table = "| | |\n|---|---|\n| Bus voltage | 21-32 V |\n| Standby | 7 mA |\n| Protection class | III, if mounted |"
    said = quote_answer("protection class of the 24 V one", [piece(1, table, "table", "Data of the 24V model")])
    assert "III" in said and "III" not in said.partition("21-32")[2]


def test_what_is_said_under_a_heading_with_the_code_that_is_asked_for() -> None:
    own = piece(
        1, "1. Run the program.\n1.1. Enter Admin password 1234 and press Enter.", heading="6.2 Settings with R11config"
    )
    other = piece(2, "Ask your dealer for the R11config software.", heading="6.1 Installation")
    assert (
        quote_answer("admin password for R11config", [own, other])
        .removeprefix("- ")
        .startswith("Enter Admin password 1234")
    )


def test_of_two_types_each_with_a_table_of_its_own_both_are_told() -> None:
    row = "| Feature | Description |\n|---|---|\n| Weight | {} |\n| Ports | 4 |\n| Radio | 2.4 GHz |"
    tables = [
        piece(n, row.format(weight), "table", f"Table {n}. Data of model {name}", page=n)
        for n, (name, weight) in enumerate([("AX860", "1,100 g"), ("AX840", "1,297 g"), ("BX9", "90 g")], 1)
    ]
    said = quote_answer("is the AX840 or the AX860 heavier, what is their weight?", tables)
    assert "1,297 g" in said and "1,100 g" in said and "90 g" not in said
    assert "1,100 g" not in quote_answer("weight of the AX840", tables)


def test_a_step_without_the_number_that_is_asked_for_goes_on_with_the_sentence_that_has_it() -> None:
    step = "3 - Fasten the stator with the 4 screws on the front flange. Each gets 9 turns. Close the lid afterwards."
    found = quote_answer("how many turns do the 4 screws of the stator on the flange get?", (piece(1, step),))
    assert "on the front flange [1]. Each gets 9 turns [1]." in found
    assert "Close the lid" not in found


def test_a_list_under_a_heading_that_is_a_sentence_is_introduced_by_it() -> None:
    heading = "In these cases switch the unit off and call your dealer."
    text = "• When water drips from the unit.\n• When the left lamp blinks.\n• When the fuse blows often."
    asked = "water drips and the left lamp blinks, what now?"
    found = quote_answer(asked, (piece(1, text, heading=heading),))
    assert found.startswith("In these cases switch the unit off and call your dealer [1]:")
    assert "- When the left lamp blinks [1]." in found
    assert not quote_answer(asked, (piece(1, text, heading="Faults"),)).startswith("Faults")


def test_numbers_of_something_else_are_only_the_closest() -> None:
    asked, near = "how heavy is the pump L9?", "This may not answer it."
    table = "| Pump | Flow | Head |\n| --- | --- | --- |\n| L8 | 30 l/min | 4 m |\n| L9 | 45 l/min | 6 m |"
    assert quote_answer(asked, (piece(1, table, "table"),)).startswith(near)
    assert not quote_answer(asked, (piece(1, table.replace(" m |", " kg |"), "table"),)).startswith(near)
    assert not quote_answer("how often is the pump L9 oiled?", (piece(1, "Oil the pump L9 weekly."),)).startswith(near)


def test_a_long_cell_is_cut_around_the_words_of_the_question() -> None:
    meaning = " ".join(f"Blinks {n} times when message {n} is not sent." for n in range(2, 14))
    rows = f"| Status lamp | {meaning} Yellow while the battery is charged. |\n| Fuse | Blown when black. |"
    table = f"| Part | Meaning |\n| --- | --- |\n{rows}"
    found = quote_answer("what does the status lamp mean when it is yellow?", (piece(1, table, "table"),))
    assert "Yellow while the battery" in found
    assert "| Status lamp | … " in found


@pytest.mark.parametrize("written", ["DK. 4", "DK – 4", "dk.4"])
def test_a_code_stands_there_though_signs_part_its_letters_from_its_digits(written: str) -> None:
    rows = f"| Engine | Oil |\n| --- | --- |\n| DK. 2 | 18 l |\n| {written} | 32 l |"
    text = quote_answer("how many litres of oil does the DK4 take?", (piece(1, rows, "table", "Oil"),))
    assert "stands nowhere" not in text and "32 l" in text
    assert "stands nowhere" in quote_answer("how many litres of oil does the DK7 take?", (piece(1, rows, "table"),))
    assert "stands nowhere" in quote_answer("how much oil has the DK1?", (piece(1, "DK 15 has 4 l. ADK 1 has 5."),))


def test_two_questions_that_one_sentence_answers_are_answered_as_a_whole() -> None:
    question = "To how many volts do I turn the converter and in which direction does it rise?"
    told = piece(1, "Turn the converter to 5 volts (against the clock the voltage rises, with it it falls).")
    other = piece(2, "The direction of the arrow is shown on the lid.", page=2)
    parts = (
        Apart(question, (told, other)),
        Apart("To how many volts do I turn the converter", (replace(other, number=2),)),
        Apart("in which direction does it rise", (replace(other, number=2),)),
    )
    assert extract_each(parts, language="en").text.startswith("Turn the converter to 5 volts")
    apart = extract_each((parts[0], Apart(parts[1].question, (told,)), parts[2]), language="en").text
    assert "**In which direction does it rise?**" in apart and "5 volts" in apart
