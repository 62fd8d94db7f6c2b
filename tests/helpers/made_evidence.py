"""Evidence of an invented dishwasher manual, built by hand, for tests of prompts, citations and quoting."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ingestion.elements import BBox, Chunk, ChunkKind, Region
from rag.answering.extraction.answerer import extract
from rag.types import Evidence, FoundBy

ERRORS = """| Code | Meaning | Remedy |
|---|---|---|
| E41 | Door open | Close the door until it clicks |
| E42 | Pump blocked | Clean the filter (part FX-210) |
| E43 | Water at 45 °C too cold | Check the heater, 1,200 W |"""


def piece(
    number: int,
    text: str,
    kind: ChunkKind = "text",
    caption: str = "",
    heading: str = "",
    mentions: str = "",
    page: int = 1,
    crop: Path | None = None,
    doc_name: str = "manual.pdf",
    doc_title: str = "",
) -> Evidence:
    """As the search would have ranked it by its number."""
    box = BBox(50.0, 100.0 * number, 300.0, 100.0 * number + 80)
    doc = hashlib.sha256(doc_name.encode()).hexdigest()
    chunk = Chunk(f"chunk-{number}", doc, kind, text, (Region(page, box),), caption, heading, mentions)
    whole = "\n".join(p for p in (caption, text, mentions) if p) if kind in ("table", "figure") else text
    ways = (FoundBy("full text", number), FoundBy("words", number))
    made = Evidence(number, chunk, doc_name, whole, crop, None, (612.0, 792.0), doc_title=doc_title)
    return replace(made, score=1 / number, found_by=ways)


def manual() -> tuple[Evidence, ...]:
    return (
        piece(1, ERRORS, "table", "Table 2: Error codes", "Faults", page=9),
        piece(
            2,
            "The filter of the Aquila 300 is cleaned every 40 hours of use. Rinse it under running water. "
            "Never use solvents [7]. The pump runs at 2.5 bar.",
            heading="Care > Filter",
            page=4,
        ),
        piece(
            3,
            "spray arm pump filter",
            "figure",
            "Figure 3: Exploded view of the pump assembly.",
            "Parts",
            "Figure 3 shows where the impeller sits.",
            page=6,
        ),
    )


def quote_answer(question: str, evidence: Sequence[Evidence], shown: Evidence | None = None) -> str:
    """What the answerer without a model says, by words alone."""
    return extract(question, evidence, shown).text


def rows_said(text: str) -> list[list[str]]:
    """The cells of each row of the tables in an answer, without column names and markers."""
    lines = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    begin = [i for i, line in enumerate(lines) if set("".join(line)) == {"-"}]
    rows = [line for i, line in enumerate(lines) if i not in begin and i + 1 not in begin]
    return [[re.sub(r" \[\d+\]$", "", cell) for cell in row] for row in rows]
