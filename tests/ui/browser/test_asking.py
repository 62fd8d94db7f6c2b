"""Questions and their answers: asked one after the other, within some documents, copied, judged."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from app_tabs import QUESTION, ask
from playwright.sync_api import expect

from rag.storage.records.feedback import Vote, votes
from ui.state.backend import Library

pytestmark = pytest.mark.browser


def test_old_turns_stay_open_and_clear_forgets_them(visit: Any) -> None:
    tab = visit()
    ask(tab)
    tab.locator("#ps-box textarea").fill("What is the boiler pressure?")
    tab.locator("#ps-box textarea").press("Enter")
    expect(tab.locator('#ps-chat :is(p, li, td) a[href^="#cite-2-"]').first).to_be_visible()
    tab.locator('#ps-chat :is(p, li, td) a[href^="#cite-1-"]').first.click()
    expect(tab.locator(".ps-view-title")).to_contain_text("lagoon-manual.pdf")
    tab.get_by_label("Clear").click()
    expect(tab.locator("#ps-chat .ps-strip")).to_have_count(0)
    expect(tab.locator(".ps-blank").first).to_be_visible()


def test_a_follow_up_is_asked_as_typed_with_one_click(visit: Any) -> None:
    tab = visit()
    ask(tab)
    ask(tab, "and how do I fix it?")
    expect(tab.locator("#ps-chat .ps-note", has_text="Understood as")).to_contain_text("and how do I fix it? (E18)")
    expect(tab.locator("#ps-chat .user")).to_have_count(2)
    tab.get_by_role("button", name="Ask it as typed").click()
    expect(tab.locator("#ps-chat .user")).to_have_count(3)
    expect(tab.locator("#ps-chat .user").last).to_contain_text("and how do I fix it?")
    expect(tab.locator("#ps-chat .ps-note", has_text="Understood as")).to_have_count(1)


def test_a_filter_keeps_a_document_out(visit: Any) -> None:
    tab = visit()
    tab.get_by_label("Search in lagoon-manual.pdf").uncheck()
    expect(tab.locator("#ps-documents .ps-heading")).to_contain_text("1 of 2")
    tab.locator("#ps-box textarea").fill("drain pump boiler pressure")
    tab.locator("#ps-box textarea").press("Enter")
    expect(tab.locator(".ps-thumb").first).to_be_visible()
    assert "lagoon-manual.pdf" not in tab.locator(".ps-cards").inner_text()
    expect(tab.get_by_label("Search in lagoon-manual.pdf")).not_to_be_checked()


def test_two_tabs_have_their_own_conversations(visit: Any) -> None:
    first, second = visit(), visit()
    ask(first)
    assert second.locator("#ps-chat .ps-strip").count() == 0
    ask(second, "What is the boiler pressure?")
    assert "boiler" not in first.locator("#ps-chat").inner_text()


def test_the_copy_button_copies_the_answer_and_its_sources(visit: Any) -> None:
    tab = visit(permissions=["clipboard-read", "clipboard-write"])
    ask(tab)
    tab.get_by_label("Copy message").last.click()
    tab.wait_for_function("async () => (await navigator.clipboard.readText()).includes('Drain pump blocked')")
    copied = tab.evaluate("navigator.clipboard.readText()")
    assert copied.splitlines()[-1].startswith("[1] lagoon-manual.pdf, page 2")
    assert "Found" not in copied
    assert "<" not in copied
    looks = tab.evaluate(
        "navigator.clipboard.read().then(items => items[0].getType('text/html')).then(blob => blob.text())"
    )
    assert "[1] lagoon-manual.pdf, page 2" in looks and "Drain pump blocked" in looks
    assert not re.search(r"<(a|img|script)\b", looks)


def test_thumbs_are_kept_with_the_answer_they_stand_under(visit: Any, library: Library, manual: str) -> None:
    tab = visit()
    ask(tab)
    ask(tab, "How wide is the water inlet?")
    expect(tab.locator("#ps-chat .ps-strip")).to_have_count(2)
    expect(tab.locator("#ps-box .stop-button")).to_have_count(0)  # the end of an answer draws its thumbs anew (6.31)
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
    deadline = time.monotonic() + 60
    while len(kept := votes(library.index.catalogue)) != count and time.monotonic() < deadline:
        tab.wait_for_timeout(100)
    return kept
