"""The sample documents are what the README of their folder says, and their questions point at the right places."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pymupdf
import pytest
from PIL import Image, ImageChops, ImageStat

from rag.evaluation.questionset import read_questions

SAMPLES = Path(__file__).resolve().parents[1] / "sample_docs"
PAGES = {"aurora-800-service-manual.pdf": 14, "tx-210-sensor-data-sheet.pdf": 3, "field-note-scan.pdf": 2}
MANUAL = SAMPLES / "aurora-800-service-manual.pdf"
QUESTIONS = [json.loads(line) for line in (SAMPLES / "questions.jsonl").read_text(encoding="utf-8").splitlines()]
PARAPHRASED = [
    json.loads(line) for line in (SAMPLES / "questions_paraphrased.jsonl").read_text(encoding="utf-8").splitlines()
]
SCAN = "field-note-scan.pdf"
BUILT = (*PAGES, "questions.jsonl", "screenshot.png", "screenshot-error-table.png")
SCREENSHOTS = {"screenshot.png": "Figure 6", "screenshot-error-table.png": "Table 6"}


def words_of(text: str) -> list[str]:
    return re.findall(r"[\w.°-]*\w", text.lower())


def text_in(question: dict[str, object], grow: float = 1.0) -> str:
    """The native text inside the question's boxes; characters count by their middle."""
    found = []
    with pymupdf.open(SAMPLES / str(question["doc"])) as document:
        for box in question["boxes"]:  # type: ignore[attr-defined]
            clip = pymupdf.Rect(*box["bbox"]) + pymupdf.Rect(-grow, -grow, grow, grow)
            found.append(document[box["page"] - 1].get_text(clip=clip))
    return "\n".join(found)


@pytest.mark.parametrize(("name", "pages"), PAGES.items())
def test_opens_with_its_pages(name: str, pages: int) -> None:
    with pymupdf.open(SAMPLES / name) as document:
        assert document.page_count == pages
        assert not document.needs_pass and not document.is_repaired


def test_scan_has_no_text_layer_and_fills_the_page() -> None:
    with pymupdf.open(SAMPLES / "field-note-scan.pdf") as document:
        for page in document:
            assert page.get_text().strip() == ""
            (picture,) = page.get_image_info()
            assert abs(pymupdf.Rect(picture["bbox"]) & page.rect) > 0.99 * abs(page.rect)


def test_contents_page_names_the_pages_of_its_headings() -> None:
    with pymupdf.open(MANUAL) as document:
        contents = re.sub(r"\s+", " ", document[1].get_text())
        headings = [(title, page) for _, title, page in document.get_toc() if title != "Cover"]
        assert len(headings) > 30
        for title, page in headings:
            assert f"{title} {page} " in contents + " "
            assert title.split(" ", 1)[1] in document[page - 1].get_text()


def test_every_figure_and_table_named_in_the_text_has_a_caption() -> None:
    for name, caption_count in (("aurora-800-service-manual.pdf", 13), ("tx-210-sensor-data-sheet.pdf", 6)):
        with pymupdf.open(SAMPLES / name) as document:
            text = " ".join(page.get_text() for page in document)
        mentioned = set(re.findall(r"(?:Figure|Table)\s\d+", text))
        captions = set(re.findall(r"((?:Figure|Table)\s\d+):", text))
        assert {re.sub(r"\s", " ", item) for item in mentioned} == captions
        assert len(captions) == caption_count


def test_part_numbers_in_the_text_are_in_the_parts_list() -> None:
    with pymupdf.open(MANUAL) as document:
        listed = set(re.findall(r"800-1\d\d", document[8].get_text()))
        used = {number for page in document for number in re.findall(r"800-1\d\d", page.get_text())}
    assert used - listed == {"800-180"}, "only the pump kit is an option outside the parts list"
    assert len(listed) == 16


def test_table_over_two_pages_repeats_its_header() -> None:
    with pymupdf.open(MANUAL) as document:
        for page in (12, 13):
            text = re.sub(r"\s+", " ", document[page].get_text())
            assert "Interval Task What to look for By Minutes" in text
            assert "Table 7: Maintenance schedule" in text


def test_questions_cover_every_kind() -> None:
    kinds = {kind for question in QUESTIONS for kind in question["kinds"]}
    assert kinds == {"text", "table", "figure", "chart", "scan", "multi-page"}
    assert sum(not question["answerable"] for question in QUESTIONS) == 3
    assert {question["doc"] for question in QUESTIONS} == set(PAGES)
    assert all("question" in question or "image" in question for question in QUESTIONS)
    assert any("image" in question and "question" not in question for question in QUESTIONS)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.get("question", "picture only")[:50])
def test_question_boxes_lie_on_their_pages(question: dict[str, object]) -> None:
    boxes = question["boxes"]
    assert isinstance(boxes, list)
    assert bool(boxes) == question["answerable"]
    assert question["pages"] == sorted({box["page"] for box in boxes})
    with pymupdf.open(SAMPLES / str(question["doc"])) as document:
        for box in boxes:
            page = document[box["page"] - 1]
            x0, y0, x1, y1 = box["bbox"]
            assert box["page_size"] == pytest.approx([page.rect.width, page.rect.height], abs=0.1)
            assert 0 <= x0 < x1 - 20 < page.rect.width and 0 <= y0 < y1 - 10 < page.rect.height
            assert page.rect.contains(pymupdf.Rect(x0, y0, x1, y1))


def answerable_from_text() -> list[dict[str, object]]:
    return [
        question
        for question in QUESTIONS
        if question["answerable"] and "question" in question and "scan" not in question["kinds"]
    ]


@pytest.mark.parametrize("question", answerable_from_text(), ids=lambda question: str(question["question"])[:50])
def test_answer_words_stand_inside_the_boxes(question: dict[str, object]) -> None:
    inside = words_of(text_in(question))
    assert [word for word in words_of(str(question["answer"])) if word not in inside] == []


def test_boxes_of_tables_hold_the_whole_table_and_nothing_else() -> None:
    (question,) = (q for q in QUESTIONS if q.get("question") == "What does error code E6 mean?")
    text = text_in(question)
    assert text.startswith("Code") and "E10" in text and "(800-141)." in text
    assert "Table 6" not in text and "8.2" not in text


@pytest.mark.parametrize("name", SCREENSHOTS)
def test_screenshots_show_their_region(name: str) -> None:
    (box, *_) = next(question["boxes"] for question in QUESTIONS if question.get("image") == name)
    shot = Image.open(SAMPLES / name).convert("RGB")
    with pymupdf.open(MANUAL) as document:
        page = document[box["page"] - 1]
        caption = re.search(r"(Figure|Table) 6: .+", page.get_text())
        assert caption is not None and caption.group().startswith(SCREENSHOTS[name])
        pixels = page.get_pixmap(dpi=130, clip=pymupdf.Rect(*box["bbox"]), alpha=False)
    region = Image.frombytes("RGB", (pixels.width, pixels.height), pixels.samples)
    inner = shot.crop((14, 40, shot.width - 14, shot.height - 14))
    assert inner.width / inner.height == pytest.approx(region.width / region.height, rel=0.03)
    small = [picture.convert("L").resize((48, 48)) for picture in (inner, region)]
    assert ImageStat.Stat(ImageChops.difference(*small)).mean[0] < 12


@pytest.mark.slow
def test_scan_is_readable_by_ocr() -> None:
    from ingestion.ocr.engine import read

    for number, wanted in ((0, ("AR8-25-004417", "800-161", "41.2")), (1, ("10.9", "1,310", "Halvorsen"))):
        with pymupdf.open(SAMPLES / "field-note-scan.pdf") as document:
            pixels = document[number].get_pixmap(dpi=150, alpha=False)
        text = " ".join(
            line.text for line in read(Image.frombytes("RGB", (pixels.width, pixels.height), pixels.samples))
        )
        assert [words for words in wanted if words not in text] == []


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    pytest.importorskip("reportlab", reason="rebuilding the sample documents needs reportlab")
    folders = tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("second")
    for folder in folders:
        subprocess.run(
            [sys.executable, str(SAMPLES / "build.py"), "--out", str(folder)], check=True, capture_output=True
        )
    return folders


def test_building_twice_gives_the_same_bytes(rebuilt: tuple[Path, Path]) -> None:
    first, second = rebuilt
    for name in BUILT:
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


def test_the_committed_files_are_what_the_sources_say(rebuilt: tuple[Path, Path]) -> None:
    """Other library versions may compress or smooth differently, so pages are compared by what they show."""
    fresh = rebuilt[0]
    assert (fresh / "questions.jsonl").read_text(encoding="utf-8") == (SAMPLES / "questions.jsonl").read_text(
        encoding="utf-8"
    )
    for name in PAGES:
        with pymupdf.open(fresh / name) as new, pymupdf.open(SAMPLES / name) as kept:
            for page, old in zip(new, kept, strict=True):
                assert page.get_text() == old.get_text()
                seen = [p.get_pixmap(dpi=40, colorspace=pymupdf.csGRAY, alpha=False) for p in (page, old)]
                images = [Image.frombytes("L", (s.width, s.height), s.samples) for s in seen]
                assert ImageStat.Stat(ImageChops.difference(*images)).mean[0] < 1.5, f"{name}, page {page.number + 1}"


def test_the_files_stay_small() -> None:
    assert sum((SAMPLES / name).stat().st_size for name in BUILT) < 3_000_000


def letters_of(text: str) -> str:
    """Only letters and digits, in small letters: line ends and signs are read differently by OCR and by a viewer."""
    return re.sub(r"[\W_]+", "", text.lower())


def unquoted(doc: str, texts: list[str]) -> list[object]:
    """The paraphrased questions on ``doc`` whose quote is on none of their pages; ``texts`` has one text a page."""
    pages = [letters_of(text) for text in texts]
    return [
        question["question"]
        for question in PARAPHRASED
        if question["doc"] == doc and question["answerable"]
        if not any(letters_of(question["quote"]) in pages[page - 1] for page in question["pages"])
    ]


def test_paraphrased_questions_are_a_question_file_on_pages_that_exist() -> None:
    read = read_questions(SAMPLES / "questions_paraphrased.jsonl")
    assert len({(question.text, question.history) for question in read}) == len(read) == len(PARAPHRASED)
    assert not {question["question"] for question in PARAPHRASED} & {question.get("question") for question in QUESTIONS}
    for question, raw in zip(read, PARAPHRASED, strict=True):
        assert question.pages <= set(range(1, PAGES[question.doc] + 1)), question.text
        assert bool(question.pages) == bool(raw["quote"]) == bool(question.kinds) == raw["answerable"], question.text
        assert bool(question.history) == (raw["style"] == "followup"), question.text


def test_paraphrased_questions_come_in_many_ways_of_asking() -> None:
    styles = Counter(question["style"] for question in PARAPHRASED)
    assert sum(question["answerable"] for question in PARAPHRASED) >= 60
    assert styles["unanswerable"] == 8 and styles["followup"] == 6
    assert {question["language"] for question in PARAPHRASED} == {"en", "de", "fr", "es", "pl"}


def test_translated_questions_ask_for_what_the_paraphrased_ones_do() -> None:
    path = SAMPLES / "questions_translated.jsonl"
    translated = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len({question.text for question in read_questions(path)}) == len(translated) == 45
    said = ("question", "language")
    known = [{name: value for name, value in question.items() if name not in said} for question in PARAPHRASED]
    for question in translated:
        assert {name: value for name, value in question.items() if name not in said} in known
    languages = {question["language"] for question in translated}
    assert languages == {"de", "es", "fr", "it", "ja", "nl", "pl", "pt", "tr", "zh"}


@pytest.mark.parametrize("doc", [doc for doc in PAGES if doc != SCAN])
def test_quotes_of_paraphrased_questions_stand_on_their_pages(doc: str) -> None:
    with pymupdf.open(SAMPLES / doc) as document:
        assert unquoted(doc, [page.get_text() for page in document]) == []


@pytest.mark.slow
def test_quotes_of_paraphrased_questions_stand_in_what_ocr_reads() -> None:
    from ingestion.ocr.engine import read

    texts = []
    with pymupdf.open(SAMPLES / SCAN) as document:
        for page in document:
            pixels = page.get_pixmap(dpi=150, alpha=False)
            lines = read(Image.frombytes("RGB", (pixels.width, pixels.height), pixels.samples))
            texts.append(" ".join(line.text for line in lines))
    assert unquoted(SCAN, texts) == []
