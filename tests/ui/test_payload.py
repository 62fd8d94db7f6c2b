"""What the viewer is given for evidence whose document was removed meanwhile."""

from __future__ import annotations

import json
from pathlib import Path

from ingestion.elements import BBox, Chunk, Region
from rag.types import Evidence
from ui import payload
from ui.backend import Library
from ui.session import Exchange


def test_a_table_over_two_pages_of_a_document_that_is_gone_is_shown_on_its_own_page(library: Library) -> None:
    box = BBox(50.0, 100.0, 300.0, 180.0)
    chunk = Chunk("c", "f" * 64, "table", "| a |", (Region(4, box), Region(5, box)), "Table 1: Codes")
    evidence = Evidence(1, chunk, "gone.pdf", "| a |", Path("gone"), None, (612.0, 792.0))
    (card,) = json.loads(payload.turn(Exchange(1, "What?", evidence=(evidence,)), library))["cards"]
    assert (card["name"], card["page"]) == ("gone.pdf", 4)
    assert [place["page"] for place in card["boxes"]] == [4]
