"""The words of figures in order, on literals."""

from ingestion.blocks import Line
from ingestion.elements import BBox
from ingestion.layout.figure_blocks import _as_filled


def line(text: str, x: float, y: float) -> Line:
    return Line(text, BBox(x, y, x + 5 * len(text), y + 10))


def order(lines: list[Line]) -> str:
    return " ".join(x.text for x in _as_filled(lines))


def test_the_fields_of_a_form_are_read_with_their_labels() -> None:
    labels = [line(text, 80, 100 + 25 * i) for i, text in enumerate(("Serial number", "Installer", "Flushed"))]
    fields = [line("SN-407", 200, 100), line("Okafor", 200, 125), line("✔", 60, 150)]
    assert order([*labels, *fields]) == "Serial number SN-407 Installer Okafor ✔ Flushed"


def test_texts_in_boxes_beside_each_other_and_words_of_a_chart_keep_their_order() -> None:
    boxes = [line("Feed pump", 80, 100), line("12 bar", 80, 112), line("Boiler", 200, 100), line("80 kW", 200, 112)]
    assert order(boxes) == "Feed pump 12 bar Boiler 80 kW"
    chart = [line("10", 60, 100), line("5", 65, 130), line("0", 66, 160), line("Mon", 90, 175), line("Tue", 130, 175)]
    assert order(chart) == "10 5 0 Mon Tue"
