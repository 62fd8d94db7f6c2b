"""What a number in a figure stands for, where the legend is a table of several columns."""

import pytest
from made_evidence import piece, quote_answer

LEGEND = """| 1 | Pump group. | 4 | Volume tank. |
| --- | --- | --- | --- |
| 2 | Start and stop. | 5 | Level gauge. |
| 3 | Aluminium frame. | 6 | Pressure taps at inlet and outlet. |"""
NAMED = """| No. | Part | Quantity |
| --- | --- | --- |
| 5 | Level gauge | 1 |
| 6 | Pressure tap | 2 |"""
SHOWN = "№ 4: Volume tank.\n№ 5: Level gauge.\n№ 6: Pressure taps at inlet and outlet."


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("What is number 6 in the picture?", "6: Pressure taps at inlet and outlet [2]."),
        ("what are the things tagged number 6 on the unit?", "6: Pressure taps at inlet and outlet [2]."),
        ("Was ist die Nummer 5 am Gerät?", "5: Level gauge [2]."),
    ],
)
def test_its_own_entry_is_quoted_not_what_stands_beside_it(question: str, said: str) -> None:
    figure = piece(1, "1 2 3 4 5 6", "figure", "1.2 Main parts", mentions=SHOWN)
    assert quote_answer(question, (figure, piece(2, LEGEND, "table", heading="1.2 Main parts"))) == said


def test_a_row_of_one_label_is_quoted_whole() -> None:
    figure = piece(1, "5 6", "figure", "1.2 Main parts", mentions="№ 5: Level gauge\n№ 6: Pressure tap")
    text = quote_answer("What is number 6 in the picture?", (figure, piece(2, NAMED, "table", heading="Parts")))
    assert "Pressure tap" in text and "Quantity" in text
