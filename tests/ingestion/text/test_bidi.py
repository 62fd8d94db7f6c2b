"""Right-to-left lines from where their glyphs stand to the order in which they are read."""

import pytest

from ingestion.text.bidi import Char, logical_glyphs, logical_line, logical_quantity, logical_words


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (".Hz 50 רדתב V 230 אוה חתמה", "המתח הוא 230 V בתדר 50 Hz."),
        (")l/min 12.5( הקיפס", "ספיקה (12.5 l/min)"),
        ("C° 60 דע הרוטרפמט", "טמפרטורה עד 60 °C"),
        ("2 לדומ Start לע וצחל", "לחצו על Start מודל 2"),
        ("KX 12 םגד", "דגם KX 12"),
    ],
)
def test_a_quantity_is_read_number_first(shown: str, said: str) -> None:
    assert logical_glyphs(shown) == said


def test_words_of_a_cell_are_put_in_order_with_their_quantities() -> None:
    assert logical_words("שקל V 230 חתמ") == "חתמ 230 V שקל"
    assert logical_words("V 230 left") == "V 230 left"


def test_what_is_no_quantity_stays() -> None:
    assert [logical_quantity(text) for text in ("kg", "3.5", "Model 7", "KX 12", "V2 30")] == [
        "kg", "3.5", "Model 7", "KX 12", "V2 30",
    ]  # fmt: skip


def test_spaces_of_letters_that_are_set_narrow_are_those_of_the_file() -> None:
    letters = [Char(c, 90.0 - 5 * i, 99.0 - 5 * i) for i, c in enumerate("זה על גג")]  # each reaches over the next
    assert logical_line(letters, 10.0) == "זה על גג"
    assert logical_line([c for c in letters if c.text != " "], 10.0) == "זהעלגג"
