"""With the keyboard alone: after every step something has the focus, and what has happened is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from app_tabs import QUESTION, ask
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
HEAR = """() => {
  const told = document.querySelector("#ps-told");
  window.heard = [];
  new MutationObserver(() => window.heard.push(told.textContent)).observe(told, { childList: true });
}"""


def press(tab: Any, locator: Any, key: str = "Enter") -> None:
    """A key on what is focused for it."""
    locator.focus()
    tab.keyboard.press(key)


def test_a_conversation_is_renamed_deleted_and_taken_back_without_losing_the_focus(visit: Any) -> None:
    tab = visit()
    ask(tab)
    talks, said = tab.locator("#ps-conversations"), tab.locator("#ps-told")
    press(tab, talks.get_by_label(f"Rename {QUESTION}"))
    tab.keyboard.type("Pumps")
    tab.keyboard.press("Enter")
    expect(talks.get_by_label("Rename Pumps")).to_be_focused()
    press(tab, talks.get_by_label("Delete Pumps"))
    expect(talks.get_by_role("button", name="Undo")).to_be_focused()
    expect(said).to_have_text("Deleted “Pumps”")
    tab.keyboard.press("Enter")
    expect(talks.get_by_role("button", name="Undo")).to_have_count(0)
    expect(talks.locator(":focus")).to_have_count(1)


def test_the_list_of_documents_keeps_the_focus_whatever_is_drawn_anew(visit: Any) -> None:
    tab = visit()
    documents = tab.locator("#ps-documents")
    press(tab, documents.get_by_role("button", name="None", exact=True))
    expect(documents.get_by_role("button", name="All", exact=True)).to_be_focused()
    tab.keyboard.press("Enter")
    press(tab, documents.get_by_role("button", name="New collection"))
    tab.keyboard.type("Laundry")
    tab.keyboard.press("Enter")
    expect(documents.locator(".ps-where-list option:checked")).to_have_text("Laundry (2)")
    expect(documents.locator(":focus")).to_have_count(1)
    press(tab, documents.get_by_label("About lagoon-manual.pdf"))
    box = documents.locator(".ps-membership").get_by_label("Laundry")
    press(tab, box, " ")
    expect(documents.locator(".ps-where-list option:checked")).to_have_text("Laundry (1)")
    expect(documents.locator(".ps-membership")).to_have_count(0)  # it is not listed any more
    expect(documents.locator(":focus")).to_have_count(1)
    press(tab, documents.get_by_role("button", name="Delete", exact=True))
    expect(documents.get_by_role("button", name="Keep", exact=True)).to_be_focused()
    press(tab, documents.get_by_role("button", name="Delete the collection"))
    expect(documents.locator(".ps-where-list")).to_have_count(0)
    expect(documents.locator(":focus")).to_have_count(1)
    press(tab, documents.get_by_label("Find a document"))
    tab.keyboard.type("lagoon")
    expect(tab.locator("#ps-told")).to_have_text("1 found")


def test_after_asking_anew_one_can_type_on(visit: Any) -> None:
    tab = visit()
    ask(tab)
    press(tab, tab.locator("#ps-chat .ps-acts a", has_text="Answer again"))
    expect(tab.get_by_role("textbox", name="Question")).to_be_focused()
    expect(tab.locator("#ps-box .stop-button")).to_have_count(0)
    press(tab, tab.locator("#ps-chat .ps-acts a", has_text="Change"))
    expect(tab.locator(".ps-editor textarea")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.locator(".ps-editor")).to_have_count(0)
    expect(tab.get_by_role("textbox", name="Question")).to_be_focused()


def test_a_click_elsewhere_is_no_lost_focus(visit: Any) -> None:
    tab = visit()
    ask(tab)
    tab.locator("#ps-conversations").get_by_label("Rename").first.focus()
    tab.locator(".ps-brand h1").click()
    tab.locator("#ps-conversations .ps-icon").first.evaluate("node => node.closest('.ps-talk').remove()")
    tab.wait_for_timeout(200)
    assert tab.evaluate("document.activeElement === document.body")


def test_uploads_say_what_becomes_of_them_in_a_place_that_is_there(visit: Any, tmp_path: Path) -> None:
    tab = visit()
    tab.evaluate(HEAR)
    broken = tmp_path / "leaflet.pdf"
    broken.write_bytes(b"")
    expect(tab.get_by_role("textbox", name="Question")).to_be_focused()  # as the page has come
    drop = tab.locator("#ps-drop > button")
    drop.focus()
    tab.locator("#ps-drop input[type=file]").set_input_files(str(broken))
    expect(tab.locator("#ps-uploads .ps-is-failed")).to_contain_text("leaflet.pdf")
    expect(tab.locator("#ps-told")).to_have_text("leaflet.pdf: not added")
    assert len(tab.evaluate("window.heard")) <= 3
    assert tab.locator("#ps-uploads [aria-live]").count() == 0
    expect(drop).to_be_focused()


def test_the_arrow_keys_go_through_the_languages_and_enter_chooses(visit: Any) -> None:
    tab = visit(locale="en-GB")
    language = tab.locator("#ps-language")
    expect(tab.get_by_role("textbox", name="Question")).to_be_focused()
    language.focus()
    for _ in range(2):
        tab.keyboard.press("ArrowDown")
    chosen = language.input_value()
    assert tab.evaluate("document.documentElement.lang") == "en"
    tab.keyboard.press("Enter")
    expect(tab.locator("html")).to_have_attribute("lang", chosen)
    expect(tab.locator("#ps-language")).to_be_focused()
