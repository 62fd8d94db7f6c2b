"""Questions on the command line: hits and cited answers, as lines and as JSON."""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path
from typing import Any

import pymupdf
import pytest
from PIL import Image

HIT_KEYS = {"doc", "page", "kind", "bbox", "text", "caption", "image", "score", "channels", "also"}
ANSWER_KEYS = {
    "answer", "refused", "model", "citations", "dropped_markers", "seconds", "notice", "failed", "understood",
    "doubts",
}  # fmt: skip
CITATION_KEYS = {"number", "doc", "page", "bbox", "kind", "caption", "quote", "image"} | {
    "supported", "support", "doubt", "highlights"
}  # fmt: skip


def test_search_finds_the_table_and_says_where(library: Path, call: Any) -> None:
    hits = call("search", "What is the remedy for error code E18?", "--index", library, "--json").rows
    assert all(set(hit) == HIT_KEYS for hit in hits)
    assert (hits[0]["doc"], hits[0]["page"]) == ("lagoon-manual.pdf", 2)
    table = next(hit for hit in hits if hit["kind"] == "table")
    assert table["caption"].startswith("Table 1")
    assert Image.open(table["image"]).width > 100
    x0, y0, x1, y1 = table["bbox"]
    assert 0 < x0 < x1 < 596
    assert 0 < y0 < y1 < 420, "the table is in the upper half of the page"
    assert all(channel["rank"] >= 1 for channel in table["channels"].values())


def test_k_document_kind_and_pages_narrow_the_search(library: Path, call: Any) -> None:
    assert len(call("search", "filter", "-k", 2, "--index", library, "--json").rows) == 2
    note = call("search", "the drain pump", "--doc", "site-note", "--index", library, "--json").rows
    assert {hit["doc"] for hit in note} == {"site-note.pdf"}
    figures = call("search", "drain pump", "--kind", "figure", "--index", library, "--json").rows
    assert {hit["kind"] for hit in figures} == {"figure"}
    first = call("search", "drain pump", "--pages", "1-1", "--index", library, "--json").rows
    assert {hit["page"] for hit in first} == {1}


def test_ask_quotes_the_table_with_its_box_and_picture(library: Path, call: Any) -> None:
    answer = call("ask", "What is the remedy for error code E18?", "--index", library, "--json").rows[0]
    assert set(answer) == ANSWER_KEYS
    assert "impeller" in answer["answer"]
    assert not answer["refused"]
    cited = answer["citations"][0]
    assert set(cited) == CITATION_KEYS
    assert (cited["doc"], cited["page"], cited["kind"], cited["supported"]) == ("lagoon-manual.pdf", 2, "table", True)
    assert Image.open(cited["image"]).size > (100, 20)


def test_ask_prints_the_answer_and_then_one_line_a_citation(library: Path, call: Any) -> None:
    result = call("ask", "How much does the drum weigh?", "--index", library)
    assert result.code == 0
    text, _, citations = result.out.partition("\n\n")
    assert "46 kg" in text
    assert citations.startswith("[1] lagoon-manual.pdf p. 1 text (")
    assert "No model" in result.err


def test_a_sentence_over_a_page_break_is_quoted_whole_with_the_page_where_it_begins(tmp_path: Path, call: Any) -> None:
    doc = pymupdf.open()
    for lines in (
        ["The pump is checked by the keeper.", "Before the winter the lower drain valve of the housing is opened"],
        ["by hand until no water remains in it.", "The upper one stays closed so that no air comes in from above."],
    ):
        page = doc.new_page()
        for n, line in enumerate(lines):
            page.insert_text((72, 100 + 15 * n), line)
    doc.save(tmp_path / "care.pdf")
    assert call("add", tmp_path / "care.pdf", "--index", tmp_path / "index").code == 0
    answer = call(
        "ask", "Which valve is opened by hand until no water remains?", "--index", tmp_path / "index", "--json"
    )
    cited = answer.rows[0]["citations"][0]
    assert "lower drain valve of the housing is opened by hand until no water remains in it." in cited["quote"]
    assert (cited["page"], Path(cited["image"]).stem) == (1, "0001")
    assert {place["page"] for place in cited["highlights"]} == {1, 2}


def test_a_follow_up_says_how_it_was_understood_and_can_be_asked_as_typed(library: Path, call: Any) -> None:
    follow_up = ("and what is the remedy?", "--after", "What does E18 mean?", "--index", library)
    taken = "and what is the remedy? (E18)"
    answer = call("ask", *follow_up, "--json").rows[0]
    assert answer["understood"] == taken and "impeller" in answer["answer"]
    assert call("ask", *follow_up, "--as-typed", "--json").rows[0]["understood"] is None
    assert f"Understood as: {taken}" in call("ask", *follow_up).err
    search = call("search", *follow_up, "--json")
    assert taken in search.err and "E18" in search.rows[0]["text"]


def test_ask_writes_the_answer_with_its_cut_outs_into_a_file(library: Path, call: Any, tmp_path: Path) -> None:
    for ending, start in (("html", b"<!doctype"), ("pdf", b"%PDF"), ("zip", b"PK")):
        file = tmp_path / f"answer.{ending}"
        result = call("ask", "What is the remedy for error code E18?", "--index", library, "--export", file)
        assert (result.code, str(file) in result.err) == (0, True)
        assert file.read_bytes().startswith(start)
    page = (tmp_path / "answer.html").read_text()
    assert page.count("What is the remedy for error code E18?") == 2  # as the title and as the heading
    assert "lagoon-manual.pdf, page 2" in page and "data:image/png" in page
    wrong = call("ask", "E18?", "--index", library, "--export", "answer.docx")
    assert wrong.code == 2 and "'answer.docx' ends in none of .html, .pdf and .zip" in wrong.err


def test_a_cut_out_that_was_deleted_is_named_with_its_remedy(library: Path, call: Any, tmp_path: Path) -> None:
    copy = shutil.copytree(library, tmp_path / "library")
    question = ("ask", "What is the remedy for error code E18?", "--index", copy)
    Path(call(*question, "--json").rows[0]["citations"][0]["image"]).unlink()
    result = call(*question, "--export", tmp_path / "answer.html")
    assert result.code == 0 and "is missing (" in result.out and "`python -m rag doctor --repair`" in result.out
    assert "lagoon-manual.pdf, page 2" in (tmp_path / "answer.html").read_text()
    assert call("doctor", "--repair", "--index", copy).code == 0
    assert "is missing" not in call(*question).out


def test_ask_reads_the_scan(library: Path, call: Any) -> None:
    answer = call("ask", "What was the belt tension?", "--index", library, "--json").rows[0]
    assert "212" in answer["answer"]
    assert answer["citations"][0]["doc"] == "site-note.pdf"


def test_a_screenshot_finds_its_figure(library: Path, call: Any, tmp_path: Path) -> None:
    figure = call("search", "drain pump", "--kind", "figure", "--index", library, "--json").rows[0]
    screenshot = tmp_path / "screenshot.png"
    shown = Image.open(figure["image"]).convert("RGB")
    shown.resize((shown.width * 2 // 3, shown.height * 2 // 3)).save(screenshot)
    hit = call("search", "--image", screenshot, "--index", library, "--json").rows[0]
    assert (hit["doc"], hit["page"]) == ("lagoon-manual.pdf", 3)


def test_a_question_is_read_from_standard_input(library: Path, call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("error E18\n"))
    assert call("search", "-", "--index", library, "--json").rows[0]["page"] == 2
