"""An admin restricts a collection by the settings; other people's tabs hear of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from app_tabs import DESK
from playwright.sync_api import expect
from restricted_library import PASSWORD, Running

from rag.service.rights import WITHHELD
from rag.storage.records import collections

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def running(restricted_app: Callable[[str], Running]) -> Running:
    """The catalogue is in a file: what the page is told is the same with PostgreSQL, which tests/ui/rights try."""
    return restricted_app("sqlite")


def test_an_admin_restricts_a_collection_on_the_page_and_an_open_tab_loses_its_documents(
    running: Running, browser: Any
) -> None:
    """By the settings; the other tab hears of it without being loaded anew."""
    catalogue = running.library.index.catalogue
    made = collections.create(catalogue, "Pumps")
    collections.put(catalogue, made.id, [running.open_doc])
    tabs = {}
    try:
        for name in ("ann", "rea"):
            context = browser.new_context(viewport=DESK)
            tabs[name] = tab = context.new_page()
            tab.goto(running.url())
            tab.locator("input").first.fill(name)
            tab.locator("input[type=password]").fill(PASSWORD)
            tab.get_by_role("button", name="Login").click()
            expect(tab.locator("#ps-documents .ps-document")).to_have_count(2 if name == "ann" else 1)
        ann, rea = tabs["ann"], tabs["rea"]
        expect(ann.locator("#ps-documents .ps-bin").first).to_be_visible()
        rea.context.add_cookies([{"name": "pagesight-language", "value": "fr", "url": running.url()}])
        rea.reload()  # what readers may not do is not offered in any language
        expect(rea.locator("#ps-documents .ps-document")).to_contain_text("page")
        expect(rea.locator("#ps-who")).to_contain_text("lecteur")
        expect(rea.locator("#ps-documents .ps-bin")).to_be_hidden()
        rea.context.clear_cookies(name="pagesight-language")
        rea.reload()
        rea.locator("#ps-box textarea").fill("At how many bar does the valve open?")
        rea.locator("#ps-box textarea").press("Enter")
        expect(rea.locator("#ps-chat")).to_contain_text("4 bar")
        ann.locator("#ps-settings").click()
        row = ann.locator(".ps-panel details", has_text="Pumps")
        row.locator("summary").click()
        row.get_by_label("Only admins and those named here may see it").check()
        row.get_by_label("Save who may see Pumps").click()
        expect(row.get_by_role("status")).to_contain_text("Saved")
        expect(row.locator("summary")).to_have_text("Pumps – admins only")
        expect(rea.locator("#ps-documents .ps-document")).to_have_count(0)
        expect(rea.locator("#ps-chat")).not_to_contain_text("4 bar")
        expect(rea.locator("#ps-chat")).to_contain_text(WITHHELD)
        row.get_by_label("rea", exact=True).check()
        row.get_by_label("Save who may see Pumps").click()
        expect(rea.locator("#ps-documents .ps-document")).to_have_count(1)
        row.get_by_label("rea", exact=True).uncheck()
        row.get_by_label("Save who may see Pumps").click()
        expect(rea.locator("#ps-documents .ps-document")).to_have_count(0)
        ann.get_by_label("A new group").fill("Fitters <img src=x onerror=window.pwned=1>")
        ann.get_by_label("A new group").press("Enter")
        row.get_by_label("the group “Fitters <img").check()
        row.get_by_label("Save who may see Pumps").click()
        expect(row.locator("summary")).to_have_text("Pumps – admins + 1")
        fitters = ann.locator(".ps-set-groups details")
        fitters.locator("summary").click()
        fitters.get_by_label("rea", exact=True).check()
        fitters.get_by_label("Save who is in Fitters").click()
        expect(fitters.locator("summary")).to_contain_text("– 1 in it")
        expect(rea.locator("#ps-documents .ps-document")).to_have_count(1)
        fitters.get_by_role("button", name="Remove the group").click()
        expect(fitters).to_have_count(0)
        expect(row.locator("summary")).to_have_text("Pumps – admins only")
        expect(rea.locator("#ps-documents .ps-document")).to_have_count(0)
        assert ann.evaluate("window.pwned") is None
    finally:
        for tab in tabs.values():
            tab.context.close()
        collections.unrestrict(catalogue, made.id)
        collections.delete(catalogue, made.id)
