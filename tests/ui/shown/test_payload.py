"""What the viewer is given for evidence whose document was removed meanwhile."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from ingestion.elements import BBox, Chunk, Region
from rag.types import Answer, Citation, Evidence
from ui.shown import payload
from ui.state.backend import Library
from ui.state.session import Exchange

PAGE = (612.0, 792.0)


def test_a_passage_in_two_columns_is_outlined_in_both_where_sentences_of_both_cite_it(library: Library) -> None:
    columns = BBox(50, 100, 300, 400), BBox(320, 100, 570, 400)
    chunk = Chunk(
        "c", "f" * 64, "text", "1. Pull.\n2. Lift.\n3. Turn.", tuple(Region(4, box) for box in columns), "", ""
    )
    evidence = Evidence(1, chunk, "gone.pdf", chunk.text, Path("gone"), None, PAGE)
    lines = [BBox(50, 100, 90, 112), BBox(50, 120, 100, 132), BBox(320, 100, 360, 112)]
    cited = Citation(1, chunk.doc, 4, lines[2], "text", "", "3. Turn.", None, True, quotes=("1. Pull.", "3. Turn."))
    for marked, boxes in ((lines, [BBox(50, 100, 100, 132), lines[2]]), (lines[2:], [lines[2]]), ([], [lines[2]])):
        citation = replace(cited, highlights=tuple(Region(4, box) for box in marked))
        answer = Answer("", (citation,), (evidence,), False, 0, "quotes", 0.0)
        (card,) = json.loads(payload.turn(Exchange(1, "How?", evidence=(evidence,), answer=answer), library))["cards"]
        ends = [(b["at"][0] + b["at"][2], b["at"][1] + b["at"][3]) for b in card["boxes"]]
        assert ends == [pytest.approx((100 * b.x1 / PAGE[0], 100 * b.y1 / PAGE[1]), abs=0.01) for b in boxes]
        assert card["quotes"] == ["1. Pull.", "3. Turn."] and len(card["lines"]) == len(marked)


def test_a_table_over_two_pages_of_a_document_that_is_gone_is_shown_on_its_own_page(library: Library) -> None:
    box = BBox(50.0, 100.0, 300.0, 180.0)
    chunk = Chunk("c", "f" * 64, "table", "| a |", (Region(4, box), Region(5, box)), "Table 1: Codes")
    evidence = Evidence(1, chunk, "gone.pdf", "| a |", Path("gone"), None, PAGE)
    (card,) = json.loads(payload.turn(Exchange(1, "What?", evidence=(evidence,)), library))["cards"]
    assert (card["name"], card["page"]) == ("gone.pdf", 4)
    assert [place["page"] for place in card["boxes"]] == [4]


def test_the_picture_of_a_part_of_a_table_on_a_later_page_is_of_that_page(library: Library) -> None:
    box = BBox(50.0, 100.0, 300.0, 180.0)
    chunk = Chunk("c", "f" * 64, "table", "| a |", (Region(5, box), Region(4, box)), "Table 1: Codes", image="a.jpg")
    evidence = Evidence(1, chunk, "a.pdf", "| a |", None, None, PAGE)
    assert payload.picture_of(Exchange(1, "What?"), evidence).endswith("/c?page=5")
    first = replace(evidence, chunk=replace(chunk, regions=chunk.regions[::-1]))
    assert payload.picture_of(Exchange(1, "What?"), first).endswith("/c")
