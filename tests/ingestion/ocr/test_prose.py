"""Which pictures are scanned text, on literals."""

from ingestion.blocks import Line
from ingestion.elements import BBox
from ingestion.ocr.pages import _is_prose


def lines(*texts: str) -> list[Line]:
    return [Line(text, BBox(0, 12 * i, 5 * len(text), 12 * i + 10)) for i, text in enumerate(texts)]


PROSE = ["the pump draws water out of the tank"] * 5


def test_a_window_of_a_program_with_some_sentences_is_no_scan() -> None:
    assert _is_prose(lines(*PROSE, "Page 3"))
    assert not _is_prose(lines(*PROSE, *("Settings", "Pages", "Media", "Users") * 4))
    assert not _is_prose(lines(*PROSE[:3]))
