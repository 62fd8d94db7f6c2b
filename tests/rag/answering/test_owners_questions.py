"""Kinds of answers that read badly when owners of machines asked: each on evidence made here."""

from dataclasses import replace

import pytest
from made_evidence import piece, quote_answer, rows_said

from rag.answering.citing.citations import cite
from rag.answering.extraction.passage_scores import is_contents
from rag.answering.extraction.wanted import Wanted
from rag.answering.passages.quotations import continued, passages_of, signs
from rag.answering.questions.kinds import kinds_of
from rag.answering.questions.phrases import phrases
from rag.answering.questions.sought import measures, sought, within_range
from rag.text.passages import Table, tables

FAULTS = """| Fault | Cause | Remedy |
|---|---|---|
| Pump hums but does not turn | Impeller jammed | Free the impeller |
|  | Capacitor dry | Replace the capacitor |
| Lamp dark | Fuse blown | Fit a new fuse |"""


def test_all_causes_of_one_fault_are_shown_together() -> None:
    text = quote_answer("The pump hums and does not turn, what can I do?", (piece(1, FAULTS, "table"),))
    assert "Free the impeller" in text and "Replace the capacitor" in text
    assert "Fit a new fuse" not in text


def test_a_fault_may_be_told_without_a_question() -> None:
    text = quote_answer("pump hums and does not turn since yesterday", (piece(1, FAULTS, "table"),))
    assert "Free the impeller" in text and "Replace the capacitor" in text
    assert "Capacitor" not in quote_answer("lamp dark", (piece(1, FAULTS, "table"),))


def test_a_row_without_its_first_cell_goes_on_with_the_one_above() -> None:
    (table,) = tables(FAULTS)
    assert continued(table).rows[1][0] == "Pump hums but does not turn"


@pytest.mark.parametrize("row", [["", "1,240", "980"], ["", "12 %", "–"], ["", "", ""]])
def test_a_row_of_numbers_alone_is_no_continuation(row: list[str]) -> None:
    """It may be the sum of those above."""
    assert continued(Table(["Item", "2024", "2023"], [["Screws", "240", "80"], row])).rows[1] == row


def test_a_long_row_keeps_the_value_in_its_last_column() -> None:
    about = "Wash items that are hard to wear out, such as towels and bed linen, with an agent for whites. " * 8
    rows = (
        f"| Programme | Description | Load (kg) |\n|---|---|---|\n| Cotton | {about} | 9.5 |\n| Silk | {about} | 1.5 |"
    )
    text = quote_answer("How many kg of silk may I load?", (piece(1, rows, "table"),))
    assert [(row[0], row[-1]) for row in rows_said(text)] == [("Silk", "1.5")]
    assert len(text) < 1100


def test_what_is_in_the_box_is_the_table_not_the_sentence_above_it() -> None:
    rows = "| Part | Number |\n|---|---|\n| Handle | 1 |\n| Wheel | 2 |\n| Bolt M6 | 4 |"
    evidence = (
        piece(1, "The mower comes complete in one carton.", heading="2 Unpacking"),
        piece(2, rows, "table", heading="2 Unpacking"),
    )
    text = quote_answer("What do I get in the carton?", evidence)
    assert all(part in text for part in ("Handle", "Wheel", "Bolt M6"))


@pytest.mark.parametrize(
    "question",
    ["die Nachbarn hören das Gerät nachts, wie stell ich es leiser?", "Betriebsgeräusch nachts senken, wie geht das?"],
)
def test_how_is_the_steps_below_what_a_function_does(question: str) -> None:
    text = """• Funktion:
Mit dieser Funktion kann das Betriebsgeräusch des Geräts nachts gesenkt werden. Die Leistung sinkt dann auch.

* Die Einstellung muss dafür geändert werden.

1) Schalten Sie das Gerät aus.
2) Stellen Sie “5” am Schalter SW1 auf ON.
3) Schalten Sie die Stromversorgung ein."""
    other = "1) Schalten Sie das Gerät aus.\n2) Stellen Sie “3” am Schalter SW1 auf ON.\n3) Schalten Sie das Gerät ein."
    evidence = (
        piece(1, text, heading="4-6 Betriebsgeräusch senken"),
        piece(2, other, heading="4-4 Verriegeln der Betriebsart"),
    )
    assert quote_answer(question, evidence).splitlines()[1] == "2) Stellen Sie “5” am Schalter SW1 auf ON [1]."


def test_two_rows_of_one_table_are_set_beside_each_other() -> None:
    rows = """| Sign | What | Limit |
|---|---|---|
| VL | Low level of the input | 0.8 V |
| VX | Hysteresis | 0.2 V |
| VH | High level of the input | 2.1 V |"""
    text = quote_answer("What is the difference between the low and the high level?", (piece(1, rows, "table"),))
    assert "0.8 V" in text and "2.1 V" in text and "0.2 V" not in text


CONTENTS = "3 Setting up ........ 7 3.1 Child lock ........ 8 4 Cleaning the filter ........ 11"
UNLED = "Setting the time 10 Child lock 10 Cleaning the door 19 Cleaning the inside 19 Storing the oven 19 Warranty 22"


def test_a_table_of_contents_is_no_answer() -> None:
    evidence = (piece(1, CONTENTS, page=2), piece(2, "Hold START for 3 seconds to set the child lock.", page=8))
    text = quote_answer("How do I set the child lock?", evidence)
    assert "Hold START" in text and "...." not in text


@pytest.mark.parametrize(
    ("text", "contents"),
    [
        (CONTENTS, True),
        (UNLED, True),
        ("1 Housing 2 Cover 3 Screw 4 Nut 5 Pump 6 Filter 7 Hose", False),
        ("Lamps 8 Fans 4 Pumps 4 Door switches and locks 4 Heating rods 4 Valves of the inlet 8 Other", False),
        ("Press the button … 3 times.", False),
        ("Fill in 2 litres, wait 5 minutes and add 30 g of salt.", False),
    ],
)
def test_contents_are_told_from_parts_and_sentences(text: str, contents: bool) -> None:
    assert is_contents(text) == contents


@pytest.mark.parametrize(
    ("quantity", "text", "there"),
    [
        ("time", "Run it for 20 min.", True),
        ("time", "Run it at 20 V.", False),
        ("speed", "The belt runs at 12 m/s.", True),
        ("temperature", "Up to 40 °C", True),
        ("amount", "Up to 40 °C", False),
    ],
)
def test_a_number_is_of_the_quantity_asked_for(quantity: str, text: str, there: bool) -> None:
    assert measures([quantity], text) == there


def test_signs_without_a_letter_are_left_out() -> None:
    text = quote_answer(
        "Where is the oil drained?", (piece(1, "• \ufffdDrain the oil through the plug at the bottom."),)
    )
    assert "\ufffd" not in text and "Drain the oil" in text


def test_the_row_of_the_range_that_a_number_lies_in_is_quoted() -> None:
    rows = """| Hardness (°dH) | Level |
|---|---|
| 4 - 10 | 2 |
| 11 - 18 | 4 |
| 19 - 28 | 6 |"""
    text = quote_answer("Which hardness level for 20 °dH?", (piece(1, rows, "table"),))
    assert "| 19 - 28 | 6 [1] |" in text and "11 - 18" not in text


@pytest.mark.parametrize(
    ("text", "there"),
    [("19 - 22", True), ("19–22 °C", True), ("20", False), ("1-20-300", False), ("21 - 40", False)],
)
def test_a_number_lies_within_a_range(text: str, there: bool) -> None:
    assert within_range("What is right for 20 °dH?", text) == there


def test_how_to_do_something_is_its_steps_not_the_sentence_above_them() -> None:
    steps = "1. Switch the oven off.\n2. Open the door.\n3. Take out the grille.\n4. Slide a new one into its place."
    evidence = (
        piece(1, "The charcoal filter is replaced every year.", heading="Care > Replacing the charcoal filter"),
        piece(2, steps, heading="Care > Replacing the charcoal filter"),
    )
    text = quote_answer("How do I replace the charcoal filter?", evidence)
    assert text.startswith("1. Switch the oven off [2].\n2. Open the door [2].")


def test_steps_that_say_it_by_the_way_are_no_answer() -> None:
    own = piece(1, "Set the clock after a power failure: press CLOCK, enter the time and press START.", page=10)
    other = piece(2, "1. Remove the grille.\n2. Change the filter.\n3. Close the door and set the clock.", page=20)
    text = quote_answer("How do I set the clock?", [replace(own, score=1.0), replace(other, score=0.4)])
    assert "press CLOCK" in text and "grille" not in text


def test_a_row_is_found_by_its_column_where_another_only_names_it() -> None:
    rows = """| Code | Meaning | Remedy |
|---|---|---|
| E3 | Tank full | Empty the tank; if the code stays, check the float |
| E5 | The compressor does not start | Check the capacitor |"""
    text = quote_answer("The compressor does not start, which code is that?", (piece(1, rows, "table"),))
    assert rows_said(text)[0][0] == "E5"


def test_a_question_in_another_language_than_the_page_is_not_refused() -> None:
    """What is near cannot be told by words there."""
    evidence = (piece(1, "The unit is heavy. It has to be carried by two people, and it must not be laid down."),)
    assert cite(quote_answer("combien pèse l'appareil ?", evidence), evidence)


def test_what_says_all_of_a_question_stands_alone() -> None:
    rows = """| Property | Value |
|---|---|
| Rating plate | inside the rear cover |
| Rated voltage | 230 V |
| Rated current | 3 A |"""
    text = quote_answer("Where is the rating plate?", (piece(1, rows, "table"),))
    assert "inside the rear cover" in text and "230 V" not in text and "3 A" not in text


def test_a_long_list_is_cut_around_the_number_asked_for_not_right_behind_it() -> None:
    parts = " ".join(f"{n} part number {n * 7} of the {name}" for n, name in enumerate(["frame", "drum", "guard"] * 20))
    text = quote_answer("What is item 41 in the list of parts?", (piece(1, parts),))
    assert "41 part number 287 of the guard" in text


def test_a_picture_without_a_word_is_no_cause() -> None:
    picture = piece(1, "", "figure", page=1)
    row = piece(2, "| Fault | Remedy |\n|---|---|\n| Water leaks from the door | Clean the seal |", "table", page=45)
    text = quote_answer("The machine leaks water", [replace(picture, score=1.0), replace(row, score=0.9)])
    assert "Clean the seal" in text


@pytest.mark.parametrize("question", ["Which belt does the mower need?", "Which belt should I order for the mower?"])
def test_which_part_is_the_one_with_a_number_not_the_sentence_about_changing_it(question: str) -> None:
    how = "Change the belt every 200 hours. Never run it without the belt."
    rows = "| Pos. | Part | Order no. |\n|---|---|---|\n| 1 | Belt | B-17-X |\n| 2 | Blade | M-40 |"
    pieces = (piece(1, how, doc_title="Mower M5"), piece(2, rows, "table", page=2, doc_title="Mower M5"))
    text = quote_answer(question, pieces)
    assert "B-17-X" in text and "M-40" not in text


PROGRAMMES = """| Programme | Remarks | Shown |
|---|---|---|
| Soup | Stir it, shown hot dishes stay hot | S-1 |
| Lasagne | Cover it | S-2 |"""


def test_the_row_is_the_one_where_the_names_of_row_and_column_are_asked_for() -> None:
    rows = "| Model | Power (W) | Weight (kg) |\n|---|---|---|\n| K12 | 180 | 10.5 |\n| K30 | 480 | 17.9 |"
    evidence = (piece(1, PROGRAMMES, "table"), piece(2, rows, "table"))
    assert rows_said(quote_answer("What is shown for lasagne?", evidence))[0][0] == "Lasagne"
    assert rows_said(quote_answer("What is the weight of the K30?", evidence))[0] == ["K30", "480", "17.9"]


def test_how_many_is_answered_by_the_row_that_counts() -> None:
    rows = """| Parameter | Value |
|---|---|
| Serial ports, first | the port for printers |
| Number of serial ports | 3 |
| Serial ports, type | DB9 |"""
    text = quote_answer("How many serial ports does it have?", (piece(1, rows, "table"),))
    assert "| Number of serial ports | 3 [1] |" in text


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("How long does the warranty of the Nimbus last?", "two years from the day"),
        ("Wie lange dauert die Garantie des Nimbus?", "zwei Jahre ab dem Tag"),
        ("Combien de temps dure la garantie du Nimbus ?", "deux ans à partir de"),
    ],
)
def test_of_a_manual_in_several_languages_the_one_of_the_question_is_quoted(question: str, said: str) -> None:
    texts = (
        "Nimbus – warranty: it lasts for two years from the day on which you have bought it.",
        "Nimbus – Garantie: Sie dauert zwei Jahre ab dem Tag, an dem Sie das Gerät gekauft haben.",
        "Nimbus – garantie : elle dure deux ans à partir de la date où vous avez acheté l'appareil.",
    )
    evidence = tuple(piece(n, text) for n, text in enumerate(texts, 1))
    assert said in quote_answer(question, evidence).split("\n")[0]


def test_a_title_is_no_procedure() -> None:
    evidence = (
        piece(1, "Nimbus kettle – descaling guide"),
        piece(2, "1. Mix water with 25 g of citric acid.\n2. Boil it and let it stand.", heading="Descaling"),
    )
    assert quote_answer("How do I descale the Nimbus kettle?", evidence).startswith("1. Mix water")


def test_specifications_in_a_row_are_quoted_one_by_one() -> None:
    text = "Motor: 230 V / 1 hp / 800 W Full load current: 6.7 A Belt Size: 152 x 1219 mm Noise (loaded): 84 dB"
    assert quote_answer("What is the belt size?", (piece(1, text),)) == "Belt Size: 152 x 1219 mm [1]."
    assert "6.7 A" in quote_answer("What is the full load current?", (piece(1, text),))


def test_a_sentence_with_a_colon_or_two_stays_whole() -> None:
    text = "Note: the manual says one thing: Everything must be dry."
    assert quote_answer("What must be dry?", (piece(1, text),)) == text.replace(".", " [1].")


def test_a_part_number_after_its_maker_is_no_code_of_the_maker() -> None:
    text = quote_answer(
        "Which pins has the cable ACB 830-0042C?", (piece(1, "Cable 830-0042C of ACB: pins 1, 2 and 9."),)
    )
    assert "pins 1, 2 and 9" in text


OPTIONS = """-q

Be quiet. Only faults are written.

-w seconds

Wait so long before the reader is asked again. The default is 5.

-F

Go on where the serial number of the reader cannot be read. Use it with care, as another reader may be connected."""


@pytest.mark.parametrize("question", ["what does -F do", "Was macht -F?", "à quoi sert -F ?"])
def test_an_option_is_explained_by_the_paragraph_below_it(question: str) -> None:
    mention = piece(1, "With some readers -F is needed, too. The others work without it.", page=9)
    text = quote_answer(question, (mention, piece(2, OPTIONS, page=3)))
    assert text.startswith("-F Go on where the serial number of the reader cannot be read [2].")


def test_an_option_is_explained_under_the_heading_that_it_is() -> None:
    """Pages of manuals for commands write it with a minus sign."""
    every = piece(1, "Prints all facts about the reader. It takes a while.", heading="OPTIONS > −x, −−xall", page=2)
    mention = piece(2, "This is the default if the '−x' option is given.", heading="OPTIONS > −f FORMAT", page=8)
    for question in ("what does -x print?", "what is --xall for?"):
        assert quote_answer(question, (mention, every)).startswith("Prints all facts about the reader")


def test_a_format_code_is_a_word_of_the_question() -> None:
    rows = """| Code | Description |
|---|---|
| %b | The short name of the month in the given time format |
| %B | The full name of the month |
| %T | The time, like %H:%M:%S, in the format of the day |"""
    text = quote_answer("what does %B stand for in the time format", (piece(1, rows, "table"),))
    assert text.startswith("From the table on page 1:\n\n| Code | Description |\n| --- | --- |\n| %B | ")
    assert "%T" not in text


@pytest.mark.parametrize(
    "text", ["Set it to -A or to A-B, 5%C and low-F.", "A range of 10 -20 V - and more", "e-mail, x--y, 40%"]
)
def test_hyphens_and_shares_are_no_options(text: str) -> None:
    assert set(signs(text)) <= {"-A"}


def test_a_heading_that_is_named_says_which_of_its_kind_is_meant() -> None:
    sections = {
        "Mutt": "Bind a key to the print command, then restart the program.",
        "Pine": "Enter the command in Setup, Printer, and save the changes.",
        "Exmh": "Choose Preferences, then Print, and enter the print command of the program.",
    }
    pieces = [
        piece(i, said, heading=f"Mail programs > 2.{i}. {name}") for i, (name, said) in enumerate(sections.items(), 1)
    ]
    assert (
        quote_answer("How do I use it with Pine?", pieces).split("\n")[-1].lstrip("- ").startswith("Enter the command")
    )


def test_the_list_that_is_asked_for_is_announced_by_its_number() -> None:
    menu = piece(
        1,
        "Clicking on a row in the list view opens a menu with these functions:\n\n• Show the next pass in a view\n\n"
        "• Show all passes in a view",
        page=29,
    )
    views = piece(
        2,
        "Currently four different views are available:\n\n• The map view\n\n• The list view\n\n• The polar view\n\n"
        "• The passes view",
        page=10,
    )
    assert "polar view" in quote_answer("Which views are there?", (menu, views))


def test_a_procedure_told_in_prose_is_quoted_in_its_order() -> None:
    prose = piece(
        1,
        "First close the tap behind the unit. Then turn the filter to the left until it comes off. Rinse the new "
        "filter and turn it in. At last open the tap.",
        heading="Care > Replacing the filter",
    )
    text = quote_answer("How do I replace the filter?", (prose,))
    assert text.index("First close") < text.index("turn the filter to the left") < text.index("Rinse the new filter")


def test_that_things_differ_is_not_what_is_looked_for() -> None:
    text = (
        "The unit has different programs, and each differs in its needs. The eco program takes 3 hours and 0.8 kWh. "
        "The quick program takes 30 minutes and 1.2 kWh."
    )
    said = quote_answer("What is the difference between the eco program and the quick program?", (piece(1, text),))
    assert "0.8 kWh" in said and "1.2 kWh" in said


PANEL = (
    "Menu SLEEP\nThe screen stays dark although the lamp is lit. If it is lit green, try the following:\n"
    "• Turn the dial by one step.\n• Press the key twice.\nOFF 21:40"
)


def test_sentences_within_a_figure_are_quoted_as_such_and_before_it() -> None:
    text = quote_answer("The screen stays dark, what can I do?", (piece(1, PANEL, "figure", "Menu SLEEP"),))
    assert text.startswith("The screen stays dark although the lamp is lit")
    assert "- Turn the dial by one step [1]" in text and "- Press the key twice [1]" in text


def test_a_figure_that_says_more_stays_first() -> None:
    drawing = piece(1, "", "figure", "Figure 2: Wiring of the pump with a float switch")
    said = quote_answer("How is the pump with a float switch wired?", (drawing, piece(2, "The pump is blue.")))
    assert said.lstrip("- ").startswith("Figure 2")


def test_what_measures_is_quoted_before_what_only_has_the_words() -> None:
    text = "The supply voltage has to suit the lamp.\n\nConnect 9 to 24 V.\n\nThe lamp is lit after 3 s."
    question, evidence = "How high must the supply voltage be?", (piece(1, text),)
    words, measured, other = passages_of(evidence[0])
    wanted = Wanted(sought(question, [words, measured, other]), kinds_of(question), evidence)
    assert wanted.amounts_first([words, other, measured]) == [measured, words, other]
    assert wanted.amounts_first([other, measured]) == [other, measured]  # which has a number itself


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How heavy is the grinder?", "The grinder GX4000 is suitable for heavy use."),
        ("How many wagons does the module drive?", "The module drives the wagons by the terminals BX1 and BX2."),
        ("Wie viele Wagen zieht das Modul?", "Das Modul zieht die Wagen über eine Klemme."),
    ],
)
def test_the_number_of_a_code_is_no_amount(question: str, text: str) -> None:
    said = quote_answer(question, (piece(1, text),))
    assert said.startswith(("This may not answer it", "Das beantwortet es vielleicht nicht"))


def test_an_item_of_few_words_is_quoted_with_what_it_is_listed_under() -> None:
    items = "• Copper pans.\n• Wooden spoons.\n• Crystal vases with a rim of gold or of silver."
    said = quote_answer(
        "Can I put wooden spoons in?", (piece(1, items, heading="3 Loading > Unsuitable for the drawer"),)
    )
    assert "Unsuitable for the drawer: Wooden spoons [1]" in said


def test_a_list_that_the_next_sentence_opens_is_quoted_with_it() -> None:
    text = (
        "A blue lamp that stays lit means that there is no radio link. The link is disturbed by:\n\n"
        "• Thick walls\n• A unit that is switched off"
    )
    said = quote_answer("Why does the blue lamp stay lit?", (piece(1, text),))
    assert "- Thick walls [1]" in said and "- A unit that is switched off [1]" in said


def test_a_paragraph_of_several_lines_between_two_lists_opens_the_second() -> None:
    text = (
        "The lamps mean:\n\n• Green: all is well\n• Amber: the battery is weak\n\n"
        "A blue lamp that stays lit means that there is no radio link to the other unit.\n"
        "These disturb the link:\n• Thick walls\n• A unit that is switched off"
    )
    said = quote_answer("Why does the blue lamp stay lit?", (piece(1, text),))
    assert "- Thick walls [1]" in said and "Amber" not in said


def test_the_next_item_of_a_list_does_not_go_on_with_the_one_quoted() -> None:
    text = "• The amber lamp means a weak battery\n• The white lamp means a loose plug\n• The red lamp means an alarm"
    said = quote_answer("What does the amber lamp mean?", (piece(1, text),))
    assert said.startswith("The amber lamp means a weak battery [1].") and "loose plug" not in said


def test_the_texts_of_a_page_read_as_one_figure_are_quoted_under_their_own_headings() -> None:
    closing = "9. Put the battery back.\n10. Close the latch.\n11. Turn both latches."
    washing = "Clean the bike with a mild soap and a sponge. Do not use a power hose."
    figure = piece(1, f"{closing}\n{washing}", "figure", caption="FIG. 5")
    above, below = (piece(n, text, heading="2 Use > WARNING").chunk for n, text in ((2, closing), (3, washing)))
    quoted = quote_answer("How do I clean the bike?", (replace(figure, beside=(above, below)),))
    assert quoted.startswith("Clean the bike with a mild soap and a sponge [1].")
    assert "battery" not in quoted


def test_numbers_of_a_list_without_their_items_are_no_answer() -> None:
    evidence = (piece(1, "1.\n2.\n3. 4.\n5. Serial port of the unit", heading="5 Parts of the unit"),)
    assert not quote_answer("what is number 4 on the photo?", evidence).startswith(("4", "3"))


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Is it waterproof?", "Use water and a soft cloth for the front. Water hardness is set on the left."),
        ("What is in the box?", "You can touch the box anywhere on the screen to close it."),
        ("How much does it weigh?", "An alarm tells when the 12 V battery has to be charged, how much is left."),
    ],
)
def test_what_only_sounds_like_it_is_called_the_closest(question: str, said: str) -> None:
    assert quote_answer(question, (piece(1, said),)).startswith((phrases("en").closest, phrases("en").refusal))


def test_litres_a_minute_are_litres() -> None:
    rows = "| Collectors | Rate in l/min |\n|---|---|\n| 4 | 6.0 to 8.0 |\n| 6 | 9.0 to 12.0 |"
    text = quote_answer("How many litres a minute do I set for 4 collectors?", (piece(1, rows, "table"),))
    assert "6.0 to 8.0" in text and not text.startswith(phrases("en").closest)


@pytest.mark.parametrize(
    ("question", "said", "sure"),
    [
        ("How long does the battery of the receiver last?", "The battery hole of the receiver is 3 mm wide.", False),
        ("How long does the battery of the receiver last?", "The battery of the receiver lasts 10 mn.", True),
        ("Як довго працює батарея?", "Батарея працює 5 годин.", True),
        ("電源は何秒で切れる？", "ボタンを押すと電源は約30秒後に切れる。", True),
    ],
)
def test_how_long_is_answered_by_a_time(question: str, said: str, sure: bool) -> None:
    text = quote_answer(question, (piece(1, said),))
    assert text.startswith(tuple(phrases(one).closest for one in ("en", "ja"))) != sure
