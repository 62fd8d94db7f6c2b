"""Steps are found by the heading above them, also where a warning, or only the heading itself, stands between."""

import pytest
from made_evidence import piece, quote_answer

STEPS = "1. Open the cover of the pulleys.\n2. Slacken the motor.\n3. Lay the band onto the other pulley."
WARNING = "ATTENTION: Wait until the spindle stands still."


@pytest.mark.parametrize(
    "above",
    [
        piece(1, "Changing the speed", heading="3 Use"),
        piece(1, "The gears are worn by dust.", heading="3 Use > Changing the speed"),
    ],
    ids=["the heading alone", "a sentence under it"],
)
def test_a_warning_between_the_heading_and_its_steps_hides_no_steps(above: object) -> None:
    evidence = (
        above,
        piece(2, STEPS, heading=f"3 Use > {WARNING}"),
        piece(4, "Unplug the machine before you change the bit. Choose the speed by its diameter.", heading="1 Safety"),
    )
    text = quote_answer("How do I change the speed?", evidence)  # type: ignore[arg-type]
    assert text.startswith(f"{WARNING.rstrip('.')} [2].") and "3. Lay the band onto the other pulley [2]." in text
    assert "Unplug" not in text and "Changing the speed" not in text


def test_steps_under_a_heading_go_before_the_line_of_a_list_that_says_how_often() -> None:
    evidence = (
        piece(
            1, "• Check the salt each month.\n• Clean the filter every six months.\n• Change the cell.", heading="Care"
        ),
        piece(
            2,
            "1. Close the valve.\n2. Unscrew the glass.\n3. Rinse the cartridge.",
            heading="Care > Cleaning the filter",
        ),
    )
    text = quote_answer("How do I clean the filter?", evidence)
    assert text.startswith("1. Close the valve [2].") and "3. Rinse the cartridge [2]." in text
    assert "every six months" in quote_answer("How often do I clean the filter?", evidence)


def test_steps_under_another_heading_are_not_taken() -> None:
    evidence = (
        piece(1, "Turn the dial to change the speed.", heading="3 Use"),
        piece(2, STEPS, heading=f"4 Storing > {WARNING}"),
    )
    assert "Turn the dial to change the speed [1]." in quote_answer("How do I change the speed?", evidence)


def test_a_heading_within_a_page_parts_two_procedures() -> None:
    page = (
        "Inserting the cells\n1. Open the door of the outdoor probe with a coin.\n2. Plug the adapter into the probe.\n"
        "Pairing the probe\n1. Choose a channel with the slider.\n2. Hold the button for 3 seconds."
    )
    text = quote_answer("How do I pair the probe?", (piece(1, page),))
    assert "1. Choose a channel with the slider [1]." in text and "2. Hold the button" in text
    assert "with a coin" not in text and "adapter" not in text


def test_a_paragraph_right_below_a_list_is_none_of_its_items() -> None:
    box = (
        "• Espresso machine with its tray and all of the brushes\n• Milk jug\n• Test strip\n"
        "A water filter (type WF-2) is sold separately."
    )
    evidence = (piece(1, box, heading="What is in the box"), piece(2, "Take off the foil first.", heading="Start"))
    text = quote_answer("what comes in the box?", evidence)
    assert "- Test strip [1]." in text and "WF-2" not in text
    assert quote_answer("is the water filter included?", evidence).startswith("A water filter (type WF-2)")


def test_the_particle_of_a_german_verb_may_stand_at_the_end() -> None:
    evidence = (
        piece(1, "| Arbeit | Intervall |\n|---|---|\n| Wasser ablassen | täglich |\n| Öl prüfen | jährlich |", "table"),
        piece(2, "1. Stecker ziehen.\n2. Schraube öffnen.\n3. Schraube schließen.", heading="Pflege > Wasser ablassen"),
    )
    text = quote_answer("Wie lasse ich das Wasser ab?", evidence)
    assert text.startswith("1. Stecker ziehen [2].")


def test_the_only_step_of_a_page_goes_on_on_the_next() -> None:
    evidence = (
        piece(1, "1. Loosen the wing nut.", heading="Care > Cleaning the sieve", page=2),
        piece(2, "2. Knock out the sieve.\n3. Put it back.", heading="Care > Cleaning the sieve", page=3),
    )
    text = quote_answer("How do I clean the sieve?", evidence)
    assert [line.split(" [")[0] for line in text.splitlines()] == [
        "1. Loosen the wing nut", "2. Knock out the sieve", "3. Put it back",
    ]  # fmt: skip
