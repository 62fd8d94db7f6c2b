"""What is quoted whole, since one sentence or item of it is not surely the answer; and the row that counts."""

import pytest
from made_evidence import piece, quote_answer

SWAP = (
    "The cover is held from below and comes off with the feet. A cross-head driver of size PZ1 is needed. "
    "The battery sits beside the switch, its plus pole to the left."
)
SETTING = "\n".join(
    [
        "• Press the Mode button for 3 seconds right after the start.",
        "• Let go when SL is shown.",
        "• Press the Mode button until the hardness wanted is shown.",
        "• The hardness of the water is stored when the machine is switched off.",
    ]
)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("which screwdriver do I need for the battery?", "size PZ1"),
        ("where does the plus side of the cell go, is there a cover?", "plus pole to the left"),
    ],
)
def test_of_a_sentence_that_says_little_the_paragraph_is_quoted(question: str, said: str) -> None:
    text = quote_answer(question, (piece(1, SWAP, heading="Battery"), piece(2, "The belt is blue.", heading="Belt")))
    assert said in text and "comes off with the feet" in text
    assert text.count("PZ1") == 1


def test_the_amount_that_is_asked_for_stands_alone() -> None:
    words = "The pump is filled from above. It takes 2.5 litres of oil. Wipe off what is spilt."
    assert quote_answer("how many litres does the gearbox of the pump take?", (piece(1, words),)).count("[1]") == 1


def test_two_items_of_a_list_are_the_list() -> None:
    evidence = (piece(1, SETTING, heading="4.7 Setting"), piece(2, "Salt keeps the glasses clear.", heading="4.2 Salt"))
    text = quote_answer("where do I set the hardness of my water?", evidence)
    assert "for 3 seconds" in text and "when SL is shown" in text and "is stored" in text


@pytest.mark.parametrize("label", ["Number of slots", "Number of memory slots"])
def test_the_row_that_counts_is_told_behind_the_name_of_its_column(label: str) -> None:
    rows = (
        f"| Feature | Data |\n|---|---|\n| Most memory per slot | 16 GB |\n| {label} | 2 x SoDIMM |\n"
        "| Memory by slot | 4 GB in slot 1, 8 GB in slot 2 |"
    )
    assert "2 x SoDIMM" in quote_answer("how many memory slots does it have?", (piece(1, rows, "table"),))


FROST = """Le froid rompt le bloc s'il reste de l'eau. Fermer la prise, puis ouvrir les robinets de vidange situés :

— sur la face arrière du bloc ;
— sur les tubulures des pompes ;
— au-dessous du collecteur."""
ALARMS = """Dans un des cas suivants, débranchez l'appareil et appelez le distributeur :

• L'écran affiche E0,E1,E2 ou P0,P1,P2.
• Les fusibles sautent souvent.
• De l'eau a pénétré dans l'appareil."""


def test_a_paragraph_that_ends_with_a_colon_goes_on_with_its_list() -> None:
    text = quote_answer("il gèle, j'ouvre quels robinets pour vider l'eau ?", (piece(1, FROST, heading="Gel"),))
    assert text.splitlines()[-3:] == [
        "- sur la face arrière du bloc [1].",
        "- sur les tubulures des pompes [1].",
        "- au-dessous du collecteur [1].",
    ]
    assert "de vidange situés [1]:" in text


@pytest.mark.parametrize("question", ["la clim affiche P2", "P2", "que veut dire E1 ?"])
def test_an_item_of_what_may_be_wrong_comes_with_what_to_do(question: str) -> None:
    others = piece(2, "L'écran affiche la température.", heading="Écran", page=2)
    text = quote_answer(question, (others, piece(1, ALARMS, heading="Pannes", page=4)))
    assert "appelez le distributeur [1]:" in text and "P0,P1,P2 [1]" in text and "fusibles" not in text


PLATE = """Bei Fragen an den Kundendienst brauchen Sie die Erzeugnisnummer (E-Nr.) und das Datum.

Die Erzeugnisnummer (E-Nr.) finden Sie auf dem Typenschild. Je nach Modell befindet es sich:

• An der Innenseite der Tür.
• Hinter der Klappe."""


@pytest.mark.parametrize("question", ["wo versteckt sich denn die E-Nr.?", "where is the E-Nr.?"])
def test_where_something_is_is_told_by_what_says_so(question: str) -> None:
    text = quote_answer(question, (piece(1, PLATE, heading="Kundendienst"),))
    assert "auf dem Typenschild" in text and "An der Innenseite der Tür [1]." in text
