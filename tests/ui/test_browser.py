"""The app in a real browser: what a person sees and does, at desk and phone width."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pymupdf
import pytest

from rag.feedback import Vote, votes
from ui.backend import Library

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.browser
expect = playwright.expect
expect.set_options(timeout=60_000)
CHROMIUM = next((p for p in map(Path, ("/usr/bin/chromium", "/usr/bin/chromium-browser")) if p.is_file()), None)
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
QUESTION = "What does E18 mean?"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("there is no /usr/bin/chromium")
    with playwright.sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Any, page: gr.Blocks) -> Iterator[Callable[..., Any]]:
    """Open the app in a new tab; at the end no script may have failed and nothing may have left this machine."""
    wrong: list[str] = []
    contexts = []

    def opened(size: dict[str, int] = DESK, **options: Any) -> Any:
        context = browser.new_context(viewport=size, **options)
        context.set_default_timeout(60_000)
        contexts.append(context)
        tab = context.new_page()
        tab.on("pageerror", lambda error: wrong.append(f"script error: {error}"))
        tab.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
        tab.on(
            "request", lambda r: None if r.url.startswith((page.local_url, "data:", "blob:")) else wrong.append(r.url)
        )
        tab.goto(page.local_url)
        expect(tab.locator("#ps-documents .ps-document")).to_have_count(2)
        return tab

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


def ask(tab: Any, question: str = QUESTION) -> None:
    tab.locator("#ps-box textarea").fill(question)
    tab.locator("#ps-box textarea").press("Enter")
    expect(tab.locator("#ps-chat .ps-strip").last).to_be_visible()


def loaded(tab: Any, picture: str) -> None:
    tab.wait_for_function("s => { const i = document.querySelector(s); return i && i.naturalWidth > 50; }", arg=picture)


def test_a_citation_opens_its_page_with_the_box_on_the_table(visit: Any, library: Library, manual: str) -> None:
    tab = visit()
    ask(tab)
    expect(tab.locator("#ps-chat")).to_contain_text("Drain pump blocked")
    tab.locator('#ps-chat p a[href^="#cite-1-"]').first.click()
    expect(tab.locator(".ps-view-title")).to_contain_text("lagoon-manual.pdf")
    expect(tab.locator(".ps-view-title")).to_contain_text("page 2 of 3")
    loaded(tab, ".ps-sheet img")
    sheet, mark = tab.locator(".ps-sheet img").bounding_box(), tab.locator(".ps-mark").bounding_box()
    table = next(c for c in library.index.catalogue.chunks_of(manual, 2) if c.kind == "table")
    page = library.page(manual, 2)
    middle = ((mark["x"] + mark["width"] / 2 - sheet["x"]) / sheet["width"] * page.width,
              (mark["y"] + mark["height"] / 2 - sheet["y"]) / sheet["height"] * page.height)  # fmt: skip
    assert table.bbox.x0 < middle[0] < table.bbox.x1
    assert table.bbox.y0 < middle[1] < table.bbox.y1


def test_the_viewer_turns_pages_zooms_and_shows_the_crop(visit: Any) -> None:
    tab = visit()
    ask(tab)
    title, picture = tab.locator(".ps-view-title"), tab.locator(".ps-sheet img")
    expect(title).to_contain_text("page 2 of 3")
    tab.locator(".ps-page").focus()
    tab.keyboard.press("ArrowRight")
    expect(title).to_contain_text("page 3 of 3")
    expect(tab.get_by_label("Next page (→)")).to_be_disabled()
    expect(tab.locator(".ps-mark")).to_have_count(0)
    tab.get_by_label("Previous page (←)").click()
    expect(title).to_contain_text("page 2 of 3")
    before = picture.bounding_box()["width"]
    tab.get_by_label("Zoom in (+)").click()
    assert picture.bounding_box()["width"] > 1.2 * before
    tab.get_by_text("Crop", exact=True).click()
    expect(picture).to_have_attribute("src", re.compile("pagesight/cutout/"))
    loaded(tab, ".ps-sheet img")


def test_old_turns_stay_open_and_clear_forgets_them(visit: Any) -> None:
    tab = visit()
    ask(tab)
    tab.locator("#ps-box textarea").fill("How many litres, or bar, is the boiler pressure?")
    tab.locator("#ps-box textarea").press("Enter")
    expect(tab.locator('#ps-chat p a[href^="#cite-2-"]').first).to_be_visible()
    tab.locator('#ps-chat p a[href^="#cite-1-"]').first.click()
    expect(tab.locator(".ps-view-title")).to_contain_text("lagoon-manual.pdf")
    tab.get_by_label("Clear").click()
    expect(tab.locator("#ps-chat .ps-strip")).to_have_count(0)
    expect(tab.locator(".ps-blank").first).to_be_visible()


def test_hostile_names_and_words_do_nothing(visit: Any) -> None:
    tab = visit()
    ask(tab, "What is the boiler pressure?")
    expect(tab.locator("#ps-chat")).to_contain_text("2.5 bar")
    expect(tab.locator("#ps-documents")).to_contain_text("onerror=window.pwned=1")
    loaded(tab, ".ps-sheet img")
    assert tab.evaluate("window.pwned") is None
    assert tab.locator("img[src='x']").count() == 0


def test_a_filter_keeps_a_document_out(visit: Any) -> None:
    tab = visit()
    tab.get_by_label("Search in lagoon-manual.pdf").uncheck()
    expect(tab.locator("#ps-documents .ps-heading")).to_contain_text("1 of 2")
    tab.locator("#ps-box textarea").fill("drain pump boiler pressure")
    tab.locator("#ps-box textarea").press("Enter")
    expect(tab.locator(".ps-thumb").first).to_be_visible()
    assert "lagoon-manual.pdf" not in tab.locator(".ps-cards").inner_text()
    expect(tab.get_by_label("Search in lagoon-manual.pdf")).not_to_be_checked()


def test_upload_with_a_password_then_remove(visit: Any, tmp_path: Path, make_pdf: Callable[..., Path]) -> None:
    make_pdf(
        tmp_path / "vault.pdf",
        "The vault opens with the number 4711.",
        encryption=pymupdf.PDF_ENCRYPT_AES_256,
        user_pw="sesame",
        owner_pw="owner",
    )
    (tmp_path / "fake.pdf").write_bytes(b"<html>")
    tab = visit()
    tab.set_input_files("#ps-drop input[type=file]", [str(tmp_path / "vault.pdf"), str(tmp_path / "fake.pdf")])
    expect(tab.locator("#ps-lock")).to_contain_text("vault.pdf")
    expect(tab.get_by_test_id("toast-body")).to_contain_text("fake.pdf")
    tab.locator("#ps-lock input").fill("sesame")
    tab.get_by_role("button", name="Unlock").click()
    expect(tab.locator("#ps-documents .ps-document")).to_have_count(3)
    expect(tab.locator("#ps-lock")).to_be_hidden()
    tab.get_by_label("Remove vault.pdf").click()
    tab.get_by_role("button", name="Keep").click()
    expect(tab.locator("#ps-documents .ps-document")).to_have_count(3)
    tab.get_by_label("Remove vault.pdf").click()
    tab.get_by_role("button", name="Remove", exact=True).click()
    expect(tab.locator("#ps-documents .ps-document")).to_have_count(2)


def test_the_theme_is_remembered(visit: Any) -> None:
    tab = visit(color_scheme="light")
    assert not tab.evaluate("document.body.classList.contains('dark')")
    tab.get_by_text("Dark theme").click()
    tab.reload()
    expect(tab.get_by_text("Light theme")).to_be_visible()
    assert tab.evaluate("document.body.classList.contains('dark')")


def test_on_a_phone_the_evidence_is_a_sheet(visit: Any) -> None:
    tab = visit(PHONE, has_touch=True)
    expect(tab.locator("#ps-sidebar")).not_to_have_class(re.compile(r"\bopen\b"))
    assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    ask(tab)
    expect(tab.locator(".ps-view")).not_to_be_visible()
    tab.locator('#ps-chat p a[href^="#cite-1-"]').first.click()
    expect(tab.locator(".ps-view")).to_be_visible()
    loaded(tab, ".ps-sheet img")
    tab.keyboard.press("Escape")
    expect(tab.locator(".ps-view")).not_to_be_visible()


def test_two_tabs_have_their_own_conversations(visit: Any) -> None:
    first, second = visit(), visit()
    ask(first)
    assert second.locator("#ps-chat .ps-strip").count() == 0
    ask(second, "What is the boiler pressure?")
    assert "boiler" not in first.locator("#ps-chat").inner_text()


def test_thumbs_are_kept_with_the_answer_they_stand_under(visit: Any, library: Library, manual: str) -> None:
    tab = visit()
    ask(tab)
    ask(tab, "How wide is the water inlet?")
    expect(tab.locator("#ps-chat .ps-strip")).to_have_count(2)
    tab.get_by_label("Like", exact=True).last.click()
    tab.get_by_label("Dislike", exact=True).first.click()
    kept = _votes(tab, library, 2)
    assert {vote.question: vote.liked for vote in kept} == {QUESTION: False, "How wide is the water inlet?": True}
    down = next(vote for vote in kept if not vote.liked)
    assert (down.cited[0].doc, down.cited[0].page) == (manual, 2)
    tab.get_by_label("Liked", exact=True).click()
    assert [vote.question for vote in _votes(tab, library, 1)] == [QUESTION]


def _votes(tab: Any, library: Library, count: int) -> list[Vote]:
    """The votes, as soon as there are so many."""
    deadline = time.monotonic() + 30
    while len(kept := votes(library.index.catalogue)) != count and time.monotonic() < deadline:
        tab.wait_for_timeout(100)
    return kept
