"""A table that goes on, without its column names, at the top of the next page."""

import pytest

from ingestion.elements import BBox, Chunk, ChunkKind, Region
from rag.answering.evidence.continued_tables import with_column_names

BEGUN = "| Diameter (mm) | Steel (rpm) | Wood (rpm) |\n| --- | --- | --- |\n| 3 | 2000 | 2650 |\n| 10 | 620 | 2000 |"
GOING_ON = "| 13 | 480 | 1550 |\n| --- | --- | --- |\n| 16 | 280 | 1100 |"


def part(name: str, text: str, page: int, top: float, kind: ChunkKind = "table", heading: str = "Speeds") -> Chunk:
    return Chunk(name, "d" * 64, kind, text, (Region(page, BBox(40, top, 380, top + 60)),), "", heading)


BEFORE = [part("words", "Choose the speed.", 1, 300, "text"), part("begun", BEGUN, 1, 400)]


def test_it_has_the_names_of_the_page_before_and_all_its_rows() -> None:
    found = with_column_names(part("on", GOING_ON, 2, 40), [part("on", GOING_ON, 2, 40)], BEFORE)
    assert found.text.splitlines() == [
        "| Diameter (mm) | Steel (rpm) | Wood (rpm) |", "| --- | --- | --- |", "| 13 | 480 | 1550 |",
        "| 16 | 280 | 1100 |",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "page", "before"),
    [
        (part("on", GOING_ON, 2, 140), [part("words", "Other speeds:", 2, 40, "text")], BEFORE),
        (part("on", GOING_ON, 2, 40), [], [*BEFORE, part("after", "Close the cover.", 1, 500, "text")]),
        (part("on", GOING_ON, 2, 40, heading="Weights"), [], BEFORE),
        (part("on", GOING_ON.replace("| 13 | 480 | 1550 |", "| Bit | Metal | Board |"), 2, 40), [], BEFORE),
        (part("on", "| 13 | 480 |\n| --- | --- |\n| 16 | 280 |", 2, 40), [], BEFORE),
        (part("on", GOING_ON, 2, 40), [], []),
    ],
    ids=["words above", "words below the first", "another heading", "names of its own", "other columns", "no table"],
)
def test_another_table_stays_as_it_is(table: Chunk, page: list[Chunk], before: list[Chunk]) -> None:
    assert with_column_names(table, page, before) is table
