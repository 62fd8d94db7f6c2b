"""Why a piece was found is said in words that are true of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingestion.elements import BBox, Chunk, Region
from rag.answering.questions.reasons import NEAR, reasons, shared_words
from rag.storage.records.values_json import from_json, to_json
from rag.types import Evidence, FoundBy

CHUNK = Chunk(
    "c", "d", "table", "| E18 | Drain pumps blocked |", (Region(1, BBox(0, 0, 9, 9)),), "Table 1: Error codes", "Faults"
)
PIECE = Evidence(1, CHUNK, "m.pdf", CHUNK.text, None, None, (9.0, 9.0))


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What does E18 mean?", ["E18"]),
        ("Which pump is blocked by a fault?", ["pump", "blocked", "fault"]),
        ("Pump, pump and PUMP", ["Pump"]),
        ("What does E19 say of the boiler?", []),
        ("", []),
    ],
)
def test_words_are_named_as_typed_where_the_piece_has_them(question: str, words: list[str]) -> None:
    assert shared_words(question, PIECE) == words


def test_ways_are_told_where_they_found_it_early() -> None:
    found = replace(PIECE, found_by=(FoundBy("words", 2), FoundBy("text to image", NEAR + 1)))
    assert reasons(found, "What does E18 mean?") == ["It has the word E18.", "Its meaning is near the question's."]
    shown = replace(found, pictured=True, found_by=(FoundBy("image to image", 1),))
    assert reasons(shown, "") == ["It is what your picture shows.", "Its picture resembles yours."]
    late = replace(PIECE, found_by=(FoundBy("words", 30),))
    assert reasons(late, "boiler") == ["Several ways of searching found it, each among others."]
    assert len(reasons(PIECE, "boiler")) == 1
    assert from_json(Evidence, to_json(found)) == found
