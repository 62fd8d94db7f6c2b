"""Words that the library glues over the edge of a cell; on literals, and one table on a real PDF."""

from __future__ import annotations

from pathlib import Path

import pymupdf

from ingestion.blocks import Line
from ingestion.elements import BBox, Cell
from ingestion.parse import ParseOptions, parse_pdf
from ingestion.pdf.parted_words import Letter, PartedWord, parted_words, with_parted


def word(text: str, x: float, y: float = 100.0, right: float | None = None) -> Line:
    return Line(text, BBox(x, y, right or x + 6 * len(text), y + 10))


def letters_of(text: str, overlap: float = 0.0, at: int = 0) -> list[Letter]:
    """Six points wide each; the one ``at`` a place reaches so far over the next."""
    return [Letter(c, BBox(50 + 6 * i, 100, 56 + 6 * i + overlap * (i == at), 110)) for i, c in enumerate(text)]


def test_a_word_is_parted_where_a_rule_runs_between_its_letters() -> None:
    rule, beside, above = BBox(61.8, 90, 62.3, 120), BBox(65.3, 90, 65.8, 120), BBox(61.8, 40, 62.3, 80)

    def parts(*rules: BBox) -> list[str]:
        (found,) = parted_words([word("ab12", 50)], rules, lambda _: letters_of("ab12"))
        return [part.text for part in found.parts]

    assert parts(rule) == ["ab", "12"]
    assert parts(above) == parts(beside) == ["ab12"]  # the second one runs through a letter


def test_a_text_that_is_cut_off_ends_where_the_next_column_begins() -> None:
    times = [word("07:30", 68, 100 + 20 * n) for n in (1, 2, 3)]
    (found, *_) = parted_words([word("Don08:00", 50), *times], [], lambda _: letters_of("Don08:00", 0.4, 2))
    assert [(part.text, part.bbox.x0) for part in found.parts] == [("Don", 50), ("08:00", 68)]
    (found, *_) = parted_words([word("Don08:00", 50), *times[:2]], [], lambda _: letters_of("Don08:00", 0.4, 2))
    assert len(found.parts) == 1  # too few words below: no column
    (found, *_) = parted_words([word("M10", 62), *times], [], lambda _: letters_of("M10"))
    assert len(found.parts) == 1


def test_the_engines_cells_get_the_parts() -> None:
    boxes = [BBox(40, 90, 70, 120), BBox(70, 90, 100, 120)]
    cells = [Cell(1, 0, "Don08:00 h", bbox=boxes[0]), Cell(1, 1, "", bbox=boxes[1])]
    parted = PartedWord("Don08:00", (word("Don", 45), word("08:00", 71)))
    assert [cell.text for cell in with_parted(cells, [parted])] == ["Don h", "08:00"]
    wide = Cell(0, 0, "NoName", columns=2, header=True, bbox=BBox(40, 60, 100, 90))
    below = Cell(1, 0, "E12", header=True, bbox=boxes[0])
    glued = PartedWord("NoName", (word("No", 50, 70), word("Name", 65, 70)))
    assert [cell.header for cell in with_parted([wide, below], [glued])] == [True, False]


def test_marks_in_narrow_columns_stand_in_theirs(tmp_path: Path) -> None:
    doc = pymupdf.open()
    page = doc.new_page(width=400, height=300)
    for r, row in enumerate([("Function", "S", "L"), ("Timer", "88", "99"), ("Lamp", "66", "77"), ("Fan", "44", "55")]):
        for c, text in enumerate(row):
            left, right = ((40, 120), (120, 133.2), (133.2, 146))[c]
            page.draw_rect(pymupdf.Rect(left, 60 + 20 * r, right, 80 + 20 * r), width=0.5)
            page.insert_text((left + 0.5, 74 + 20 * r), text, fontsize=11.5)
    page.insert_text(
        (40, 200), "The timer counts down from ninety-nine minutes, and the lamp goes out with it.", fontsize=9
    )
    doc.save(tmp_path / "narrow.pdf")
    document = parse_pdf(tmp_path / "narrow.pdf", tmp_path / "out", ParseOptions(ocr="off"))
    (table,) = [element for element in document.elements if element.kind == "table"]
    assert "| Timer | 88 | 99 |" in table.text and "| Function | S | L |" in table.text
