"""Lines of the layout library that have lost letters are the file's own."""

from __future__ import annotations

from ingestion.blocks import Line
from ingestion.elements import BBox
from ingestion.pdf.text_lines import in_reading_order, native_lines


def lines(*texts: str) -> tuple[Line, ...]:
    return tuple(Line(text, BBox(50, 100 + 14 * n, 150, 110 + 14 * n)) for n, text in enumerate(texts))


def test_a_line_that_lost_a_ligature_is_the_files() -> None:
    native = lines("Jede Sauerstoffflasche", "wird geprüft.")
    assert in_reading_order(lines("Jede Sauerstoff asche", "wird geprüft."), native) == native
    assert in_reading_order(lines("Jede Sauerstoffflasche", "wird geprüft."), native) is None
    assert in_reading_order(lines("Jede Gasflasche", "wird geprüft."), native) is None  # other letters
    assert in_reading_order(lines("Jede Sauerstoff asche wird", "sie"), native) is None


def test_a_line_without_spans_is_left_out() -> None:
    span = {"text": "12 Nm", "bbox": (50, 100, 90, 110), "size": 10.0}
    raws = [
        {"bbox": (50, 80, 50, 80), "dir": (1, 0), "spans": []},
        {"bbox": span["bbox"], "dir": (1, 0), "spans": [span]},
    ]
    assert [line.text for line in native_lines([{"lines": raws}])] == ["12 Nm"]
