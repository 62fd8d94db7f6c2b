"""Nothing of the page keeps anybody from using it: by the rules of axe-core, and with the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from app_tabs import DESK, PHONE, ask, settled
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
STILL = {"reduced_motion": "reduce"}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AUDIT = """async (rules) => {
  const found = await axe.run(document, { resultTypes: ["violations"], runOnly: rules });
  const said = (rule, node) => `${rule.id}: ${node.target} ${node.html.slice(0, 120)}`;
  return found.violations.flatMap((rule) => rule.nodes.map((node) => said(rule, node)));
}"""
FOCUS = """() => {
  const shown = ["outline", "outlineColor", "boxShadow", "borderColor", "backgroundColor"];
  const looks = (node) => shown.map((name) => getComputedStyle(node)[name]).join();
  const node = document.activeElement;
  if (!node || node === document.body) return null;
  const above = [node.parentElement, node.parentElement?.parentElement, node.closest("#ps-box, #ps-drop")];
  const around = [node, ...above].filter(Boolean);
  const box = node.getBoundingClientRect();
  const said = node.getAttribute("aria-label") || node.textContent.trim();
  const name = said || node.labels?.[0]?.textContent || node.title || "";
  const lit = around.map(looks).join();
  node.blur();
  const unlit = around.map(looks).join();
  node.focus({ focusVisible: true, preventScroll: true });
  const seen = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
  return { name, lit: lit !== unlit, seen };
}"""


@pytest.fixture(scope="module")
def axe() -> str:
    """The script of axe-core, as the package that brings it has it."""
    package = find_spec("axe_playwright_python")
    if package is None or not package.submodule_search_locations:
        pytest.skip("axe-playwright-python is not installed")
    return (Path(package.submodule_search_locations[0]) / "axe.min.js").read_text(encoding="utf-8")


def show_documents(tab: Any, size: dict[str, int]) -> None:
    if size == PHONE:
        expect(tab.locator(".sidebar.open")).to_have_count(0)
        tab.locator(".sidebar .toggle-button").click()
        expect(tab.locator(".sidebar.open")).to_have_count(1)
        tab.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")  # it slides


@pytest.mark.parametrize(
    ("scheme", "size"),
    [
        ("light", DESK),
        ("dark", PHONE),
        pytest.param("dark", DESK, marks=pytest.mark.slow),
        pytest.param("light", PHONE, marks=pytest.mark.slow),
    ],
)
def test_axe_finds_nothing(scheme: str, size: dict[str, int], visit: Callable[..., Any], axe: str) -> None:
    tab = visit(size=size, color_scheme=scheme, **STILL)
    found: dict[str, list[str]] = {}

    def audit(what: str) -> None:
        tab.evaluate("document.getAnimations().forEach((one) => one.finish())")
        found[what] = tab.evaluate(AUDIT, RULES)

    tab.add_script_tag(content=axe)
    audit("empty")
    ask(tab)
    tab.locator("#ps-chat .ps-strip a").first.click()
    expect(tab.locator("#ps-viewer .ps-mark").first).to_be_visible()
    audit("evidence")
    tab.keyboard.press("Escape")
    tab.locator("#ps-chat .ps-acts a").first.click()
    audit("editor")
    tab.locator(".ps-editor button").first.click()
    show_documents(tab, size)
    tab.locator("#ps-documents button[aria-expanded]").first.click()
    expect(tab.locator("#ps-documents .ps-about li").first).to_be_visible()
    audit("documents")
    tab.locator(".ps-document-name").first.click()
    expect(tab.locator(".ps-reader .ps-rp img").first).to_be_visible()
    audit("reader")
    tab.keyboard.press("u")
    expect(tab.locator(".ps-piece").first).to_be_visible()
    audit("understood")
    tab.keyboard.press("Escape")
    expect(tab.locator(".ps-reader")).to_be_hidden()
    tab.locator(".ps-all-figures").click()
    expect(tab.locator(".ps-gallery-card").first).to_be_visible()
    audit("gallery")
    tab.keyboard.press("Escape")
    # What was opened above makes the list so long that its edge covers a part of something, wherever it is scrolled to.
    tab.locator("#ps-documents button[aria-expanded=true]").first.click()
    tab.get_by_role("button", name="New collection").click()
    expect(tab.locator(".ps-naming input")).to_be_focused()
    audit("naming a collection")
    tab.keyboard.press("Escape")
    tab.locator("#ps-conversations .ps-bin").first.click()
    expect(tab.locator("#ps-conversations .ps-undo")).to_be_visible()
    audit("a deleted conversation")
    tab.locator("#ps-conversations").get_by_role("button", name="Deleted conversations").click()
    expect(tab.locator("#ps-conversations").get_by_role("button", name="Back to conversations")).to_be_visible()
    audit("deleted conversations")
    tab.locator("#ps-settings").click()
    expect(tab.locator(".ps-panel section").last).to_be_visible()
    tab.locator(".ps-panel details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    audit("settings")
    assert {what: wrong for what, wrong in found.items() if wrong} == {}


def test_every_stop_of_the_tab_key_is_seen_and_none_is_a_trap(visit: Callable[..., Any]) -> None:
    tab = visit(**STILL)
    ask(tab)
    expect(tab.locator("#ps-conversations .ps-export")).to_be_visible()
    settled(tab)
    tab.locator(".sidebar .toggle-button").focus()  # the first
    stops = []
    for _ in range(90):
        tab.keyboard.press("Tab")
        stop = tab.evaluate(FOCUS)
        if stop is None:
            break
        stops.append(stop)
    names = [stop["name"] for stop in stops]
    assert len(stops) < 90, "the focus goes round without leaving the page"
    assert [stop for stop in stops if not stop["name"]] == []
    assert [stop for stop in stops if not stop["lit"] or not stop["seen"]] == []
    order = ["Drop documents here or click to choose", "Find a document", "Settings", "Source 1", "Question"]
    at = [next((place for place, name in enumerate(names) if name.startswith(one)), -1) for one in order]
    assert -1 not in at and at == sorted(at), (at, names)


def test_what_has_the_focus_is_not_covered_by_the_foot_of_the_sidebar(visit: Callable[..., Any]) -> None:
    tab = visit(size={"width": 1280, "height": 420}, **STILL)
    tab.locator(".sidebar .toggle-button").focus()
    covered, stops = [], 0
    for _ in range(40):
        tab.keyboard.press("Tab")
        below = tab.evaluate(
            """() => {
                const [node, foot] = [document.activeElement, document.querySelector("#ps-status")];
                if (!node.closest("#ps-sidebar") || foot.contains(node)) return null;
                return node.getBoundingClientRect().bottom - foot.getBoundingClientRect().top;
            }"""
        )
        if below is None:
            break
        stops += 1
        if below > 1:
            covered.append((tab.evaluate("document.activeElement.outerHTML.slice(0, 90)"), below))
    assert stops > 8 and covered == []


def test_the_settings_have_the_focus_once_they_have_come(visit: Callable[..., Any]) -> None:
    tab = visit(**STILL)
    tab.locator("#ps-settings").focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("dialog.ps-panel")).to_contain_text("The index")
    expect(tab.locator("dialog.ps-panel .ps-panel-head button")).to_be_focused()


def test_dialogs_take_the_focus_keep_it_and_give_it_back(visit: Callable[..., Any]) -> None:
    tab = visit(**STILL)
    for opener, dialog in (
        (".ps-document-name", "dialog.ps-reader"),
        (".ps-all-figures", "dialog.ps-gallery"),
        ("#ps-settings", "dialog.ps-panel"),
    ):
        tab.locator(opener).first.focus()
        tab.keyboard.press("Enter")
        expect(tab.locator(dialog)).to_be_visible()
        for _ in range(25):  # a dialog lets the focus go to the browser's own buttons, never to the page behind it
            tab.keyboard.press("Tab")
            assert tab.evaluate(
                "d => document.activeElement === document.body || !!document.activeElement.closest(d)", dialog
            )
        tab.keyboard.press("Escape")
        expect(tab.locator(dialog)).to_be_hidden()
        assert tab.locator(opener).first.evaluate("node => node === document.activeElement"), opener


def test_small_steps_give_the_focus_back_too(visit: Callable[..., Any]) -> None:
    tab = visit(**STILL)
    ask(tab)
    focused = "node => node === document.activeElement"
    pen = tab.locator("#ps-conversations .ps-icon").first
    pen.focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("#ps-conversations .ps-title")).to_be_focused()
    tab.keyboard.press("Escape")
    assert tab.locator("#ps-conversations .ps-icon").first.evaluate(focused)
    change = tab.locator("#ps-chat .ps-acts a").first
    change.focus()
    tab.keyboard.press("Enter")
    expect(tab.locator(".ps-editor textarea")).to_be_focused()
    tab.keyboard.press("Escape")
    expect(tab.locator(".ps-editor")).to_have_count(0)
    assert tab.locator("#ps-chat .ps-acts a").first.evaluate(focused)


def test_evidence_on_a_phone_opens_and_closes_by_the_keyboard(visit: Callable[..., Any]) -> None:
    tab = visit(size=PHONE, **STILL)
    ask(tab)
    cited = tab.locator("#ps-chat a[href*='#cite-']").last
    cited.focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("#ps-right.ps-open")).to_have_count(1)
    tab.keyboard.press("Escape")
    expect(tab.locator("#ps-right.ps-open")).to_have_count(0)
    assert cited.evaluate("node => node === document.activeElement")
