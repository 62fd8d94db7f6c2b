"""What comes late: replies, timers and redrawing of what is shown no more, or that meet what is typed just now."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from app_tabs import QUESTION, ask, settled
from playwright.sync_api import expect

from ui.shown import payload
from ui.state.backend import Library

pytestmark = pytest.mark.browser
FRAME = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
REDRAWN = "document.dispatchEvent(new CustomEvent('ps-choice-wanted'))"  # the list of documents, as by news of it

HOLD_EVIDENCE = """() => {
    const send = window.fetch;
    window.fetch = async (...all) => {
        const reply = await send(...all);
        if (String(all[0]).includes("pagesight/evidence/")) await new Promise((go) => { window.answer = go; });
        return reply;
    };
}"""

CHIP_LOST = """() => {
    const scope = document.querySelector("#ps-scope");
    window.lost = false;
    new MutationObserver(() => { window.lost ||= !scope.textContent.includes("page 3"); })
        .observe(scope, { childList: true, subtree: true });
}"""

HOLD_TIMERS = """(wait) => {
    const [set, clear] = [window.setTimeout, window.clearTimeout];
    let last = 0;
    window.timers = new Map();  // those that wait so long, by their negative numbers
    window.setTimeout = (act, ms, ...all) => {
        if (ms !== wait) return set(act, ms, ...all);
        window.timers.set(--last, act);
        return last;
    };
    window.clearTimeout = (number) => { if (!window.timers.delete(number)) clear(number); };
}"""


def test_evidence_of_a_conversation_that_was_left_is_not_shown_in_the_next(visit: Any) -> None:
    tab = visit()
    tab.evaluate(HOLD_TIMERS, 5000)  # after which a question that was sent is forgotten
    asked = ("What is the boiler pressure?", QUESTION, "How wide is the water inlet?")
    ask(tab, asked[0])
    tab.get_by_role("button", name="New conversation").click()
    expect(tab.locator("#ps-chat .user")).to_have_count(0)
    for question in asked[1:]:
        ask(tab, question)
    tab.evaluate("[...window.timers.values()].slice(0, -1).forEach((act) => act())")  # those of the questions before
    assert tab.evaluate("sessionStorage.getItem('pagesight-sent')") == asked[-1]

    talk = tab.locator("#ps-conversations .ps-talk-words")
    for title, turns in ((asked[0], 1), (QUESTION, 2)):
        talk.filter(has_text=title).click()
        expect(tab.locator("#ps-chat .user")).to_have_count(turns)
    tab.evaluate(HOLD_EVIDENCE)
    tab.locator('#ps-chat a[href$="#cite-1-1"]').first.click()
    tab.wait_for_function("() => Boolean(window.answer)")
    talk.filter(has_text=asked[0]).click()
    expect(tab.locator("#ps-chat .user")).to_have_count(1)
    pressure = tab.locator(".ps-view-title")
    expect(pressure).not_to_contain_text("lagoon-manual.pdf")
    crop = tab.get_by_label("Crop: show only the cut-out (C)")
    crop.click()
    tab.evaluate("window.answer()")
    tab.evaluate(FRAME)
    expect(crop).to_have_attribute("aria-pressed", "true")  # nothing was opened
    tab.locator('#ps-chat a[href$="#cite-1-1"]').first.click()
    tab.evaluate(FRAME)
    expect(pressure).not_to_contain_text("lagoon-manual.pdf")
    expect(tab.locator("#ps-viewer .ps-quote")).to_contain_text("2.5 bar")


def test_what_is_typed_stays_when_the_list_of_documents_is_drawn_anew(visit: Any) -> None:
    tab = visit()
    tab.get_by_role("button", name="New collection").click()
    name = tab.get_by_label("Name of the collection")
    expect(name).to_be_focused()
    name.press_sequentially("Pups")
    name.press("ArrowLeft")
    tab.evaluate(REDRAWN)
    name.press("m")
    expect(name).to_have_value("Pupms")
    box = tab.locator("#ps-box textarea")
    box.focus()
    tab.evaluate(REDRAWN)
    tab.evaluate(FRAME)
    expect(box).to_be_focused()
    expect(name).to_have_value("Pupms")
    name.press("Escape")
    tab.get_by_role("button", name="New collection").click()
    expect(name).to_have_value("")


def test_work_on_the_index_is_followed_by_the_settings_that_are_open(visit: Any) -> None:
    tab = visit()
    held: list[Any] = []
    work = {"running": True, "fate": "", "stage": "Reading", "name": "a.pdf", "total": 9, "lines": []}

    def opened(route: Any) -> None:
        reply = route.fetch()
        route.fulfill(response=reply, json={**reply.json(), "work": {**work, "done": 1}})

    def looked(route: Any) -> None:
        if held:
            route.fulfill(json={**work, "done": 5})
        else:
            held.append(route)

    tab.route("**/pagesight/settings", opened)
    tab.route("**/pagesight/settings/work", looked)
    with tab.expect_request("**/pagesight/settings/work"):
        tab.locator("#ps-settings").click()
    progress = tab.get_by_role("progressbar", name="Progress")
    expect(progress).to_have_attribute("value", "1")
    tab.get_by_role("button", name="Close", exact=True).click()
    tab.locator("#ps-settings").click()
    expect(progress).to_have_attribute("value", "1")
    held[0].fulfill(json={**work, "done": 2})  # asked for by the settings that were shut
    expect(progress).to_have_attribute("value", "5")
    tab.unroute_all(behavior="wait")


def test_a_rectangle_stays_with_its_document_and_a_link_opens_its_page(
    visit: Any, library: Library, manual: str
) -> None:
    other = next(row.id for row in library.documents() if row.id != manual)
    tab = visit(f"#doc={manual}&page=1")
    tab.locator(".ps-rp-text span").first.wait_for()
    tab.keyboard.press("u")
    tab.locator(".ps-piece").first.click()
    expect(tab.locator(".ps-point")).to_have_count(1)
    tab.evaluate("doc => window.pagesightReader.open(doc, 1)", other)
    expect(tab.locator(".ps-reader-title")).not_to_contain_text("lagoon-manual.pdf")
    tab.locator('.ps-rp[data-page="1"] .ps-piece').first.wait_for()
    expect(tab.locator(".ps-point")).to_have_count(0)
    # the address follows the pages, a moment later: here between a link and what tells of it
    tab.evaluate(
        "([to, now]) => { location.hash = to; history.replaceState(null, '', now); }",
        [f"#doc={manual}&page=3", f"#doc={other}&page=1"],
    )
    expect(tab.locator(".ps-number")).to_have_value("3")
    expect(tab.locator(".ps-reader-title")).to_contain_text("lagoon-manual.pdf")


def test_what_was_looked_for_before_a_rectangle_was_drawn_does_not_hide_it(
    visit: Any, manual: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = visit()
    made, held, go = payload.scope, threading.Event(), threading.Event()

    def late(*given: Any) -> str:
        chip = made(*given)
        if "where" not in chip:
            held.set()
            assert go.wait(60)
        return chip

    monkeypatch.setattr(payload, "scope", late)
    tab.evaluate("document.dispatchEvent(new CustomEvent('ps-conversations', { detail: 'news' }))")
    assert held.wait(60)
    where = {"doc": manual, "page": 3, "box": [50, 50, 300, 300]}
    tab.evaluate("detail => document.dispatchEvent(new CustomEvent('ps-point', { detail }))", where)
    chip = tab.locator("#ps-scope .ps-chip")
    expect(chip).to_contain_text("lagoon-manual.pdf, page 3")
    tab.evaluate(CHIP_LOST)
    go.set()
    settled(tab)
    expect(chip).to_contain_text("lagoon-manual.pdf, page 3")
    assert tab.evaluate("window.lost") is False
