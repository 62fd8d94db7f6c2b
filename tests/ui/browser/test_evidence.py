"""Evidence: the cited page with its box, the viewer beside the answer, the sheet on a phone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from app_tabs import PHONE, ask, loaded, settled
from playwright.sync_api import expect

from ui.state.backend import Library

pytestmark = pytest.mark.browser


def test_a_citation_opens_its_page_with_the_box_on_the_table(visit: Any, library: Library, manual: str) -> None:
    tab = visit()
    ask(tab)
    expect(tab.locator("#ps-chat")).to_contain_text("Drain pump blocked")
    tab.locator('#ps-chat :is(p, li, td) a[href^="#cite-1-"]').first.click()
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


def test_hostile_names_and_words_do_nothing(visit: Any) -> None:
    tab = visit()
    ask(tab, "What is the boiler pressure?")
    expect(tab.locator("#ps-chat")).to_contain_text("2.5 bar")
    expect(tab.locator("#ps-documents")).to_contain_text("onerror=window.pwned=1")
    loaded(tab, ".ps-sheet img")
    assert tab.evaluate("window.pwned") is None
    assert tab.locator("img[src='x']").count() == 0


def test_on_a_phone_the_evidence_is_a_sheet(visit: Any) -> None:
    tab = visit(size=PHONE, has_touch=True)
    expect(tab.locator("#ps-sidebar")).not_to_have_class(re.compile(r"\bopen\b"))
    assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    ask(tab)
    expect(tab.locator(".ps-view")).not_to_be_visible()
    tab.locator('#ps-chat :is(p, li, td) a[href^="#cite-1-"]').first.click()
    expect(tab.locator(".ps-view")).to_be_visible()
    loaded(tab, ".ps-sheet img")
    tab.locator('.ps-thumb[title^="Figure"]').first.click()
    share = "document.querySelector('.ps-mark').offsetWidth / document.querySelector('.ps-page').clientWidth"
    tab.wait_for_function(f"() => {share} > .7 && {share} < 1")  # .57 of the page's width: enlarged to be read
    tab.keyboard.press("Escape")
    expect(tab.locator(".ps-view")).not_to_be_visible()


def test_of_a_table_over_pages_only_the_part_with_the_cited_row_is_marked(visit: Any) -> None:
    tab = visit()
    ask(tab)
    ask(tab, "How wide is the water inlet?")  # so that the evidence of the first is asked for when it is opened

    def over_pages(route: Any) -> None:
        reply = route.fetch()
        told = reply.json()
        for card in told["cards"]:
            at = [10, 10, 80, 80]
            card["boxes"] = [{"page": page, "at": at} for page in (1, 2, 3)]
            card["lines"] = [{"page": 2, "at": [10, 20, 80, 2]}]
            card["page"] = 2
        route.fulfill(response=reply, json=told)

    tab.route("**/pagesight/evidence/**", over_pages)
    tab.reload()
    expect(tab.locator("#ps-chat .user")).to_have_count(2)
    settled(tab)
    tab.locator('#ps-chat a[href$="#cite-1-1"]').first.click()
    expect(tab.locator("#ps-viewer .ps-view-title")).to_contain_text("page 2 of 3")
    expect(tab.locator("#ps-viewer .ps-line")).to_have_count(1)
    expect(tab.locator("#ps-viewer .ps-outline")).to_have_count(1)
    for name in ("Next page", "Previous page", "Previous page"):
        tab.locator(f'#ps-viewer .ps-tool[aria-label^="{name}"]').click()
    expect(tab.locator("#ps-viewer .ps-view-title")).to_contain_text("page 1 of 3")
    expect(tab.locator("#ps-viewer :is(.ps-mark, .ps-line)")).to_have_count(0)
    tab.unroute("**/pagesight/evidence/**")
