"""How the page looks: names, room and contrast of its controls, no jumps while it opens, the theme."""

from __future__ import annotations

import re
from typing import Any

import pytest
from app_tabs import DESK, PHONE, ask
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


CONTRAST = """node => {
  const numbers = text => text.match(/[\\d.]+/g).map(Number);
  const linear = v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => [r, g, b].map(v => linear(v / 255))
    .reduce((sum, v, n) => sum + v * [.2126, .7152, .0722][n], 0);
  let ground = node, opacity = 1;
  for (let each = node; each; each = each.parentElement) opacity *= Number(getComputedStyle(each).opacity);
  while ((numbers(getComputedStyle(ground).backgroundColor)[3] ?? 1) === 0) ground = ground.parentElement;
  const under = numbers(getComputedStyle(ground).backgroundColor);
  const ink = numbers(getComputedStyle(node).color).slice(0, 3).map((v, n) => v * opacity + under[n] * (1 - opacity));
  const [a, b] = [light(ink), light(under)].sort((x, y) => y - x);
  return (a + .05) / (b + .05);
}"""


SMALL = """() => [...document.querySelectorAll('button, a, input, textarea, [role=button], [role=tab]')]
  .filter(node => node.checkVisibility({ visibilityProperty: true })).map(node => [node, node.getBoundingClientRect()])
  .filter(([node, box]) => box.width && box.right > 0 && box.left < innerWidth && (box.width < 24 || box.height < 24))
  .map(([node]) => node.outerHTML.slice(0, 120))"""


NAMELESS = """() => [...document.querySelectorAll('button, [role=button], textarea')]
  .filter(node => node.checkVisibility() && !(node.textContent.trim() || node.getAttribute('aria-label') || node.title))
  .map(node => node.outerHTML.slice(0, 120))"""


NESTED = """() => {
  const active = ':is(button, a, [role=button], [tabindex="0"])';
  return [...document.querySelectorAll(`${active}:not(.ps-page) ${active}`)].map(node => node.outerHTML.slice(0, 120));
}"""


@pytest.mark.parametrize(("size", "scheme"), [(DESK, "light"), (PHONE, "dark")])
def test_controls_have_names_and_room_and_notes_can_be_read(visit: Any, size: Any, scheme: str) -> None:
    tab = visit(size=size, color_scheme=scheme, has_touch=size is PHONE)
    ask(tab)
    expect(tab.locator("#ps-chat .thought-group button")).to_have_attribute("aria-label", re.compile("^Found "))
    assert tab.evaluate(NAMELESS) == []
    assert tab.evaluate(NESTED) == []
    for name in (".ps-note", ".ps-answer p"):
        assert tab.locator(f"#ps-chat {name}").first.evaluate(CONTRAST) >= 4.5, name
    expect(tab.get_by_role("textbox", name="Question")).to_be_visible()
    expect(tab.get_by_role("link", name="Source 1")).to_be_visible()
    expect(tab.locator("#ps-chat .ps-column").first).to_be_visible(visible=size is PHONE)  # its cells below each other
    cells = tab.locator("#ps-chat td").evaluate_all("all => all.map(cell => cell.getBoundingClientRect().left)")
    assert len(cells) > 1 and (len(set(cells)) == 1) is (size is PHONE)
    bin_left = tab.locator("#ps-chat .icon-button-wrapper.top-panel").first.bounding_box()["x"]
    for asked in (".user-row .message", ".user-row ~ .message-buttons-right"):
        box = tab.locator(f"#ps-chat {asked}").first.bounding_box()
        assert box["x"] + box["width"] <= bin_left + 1, "it scrolls below the bin"
    if size is PHONE:
        assert tab.evaluate(SMALL) == []


def test_the_page_does_not_move_while_it_opens(visit: Any) -> None:
    """Cumulative layout shift (https://web.dev/articles/cls), on a processor so slow that a frame is drawn before the
    sidebar is there, which alone makes .2 of it where it moves the rest."""
    tab = visit(new=True)
    tab.context.new_cdp_session(tab).send("Emulation.setCPUThrottlingRate", {"rate": 6})
    tab.reload()
    expect(tab.locator("html")).to_have_class(re.compile(r"\bps-settled\b"))
    shifts = tab.evaluate(
        """() => new Promise((told) => new PerformanceObserver((list) => told(
            list.getEntries().reduce((sum, entry) => sum + (entry.hadRecentInput ? 0 : entry.value), 0)
        )).observe({ type: "layout-shift", buffered: true }))"""
    )
    assert 0 < shifts < 0.1


def test_the_theme_is_remembered(visit: Any) -> None:
    tab = visit(color_scheme="light")
    assert not tab.evaluate("document.body.classList.contains('dark')")
    tab.get_by_role("button", name="Dark theme").click()
    tab.reload()
    expect(tab.get_by_role("button", name="Light theme")).to_be_visible()
    assert tab.evaluate("document.body.classList.contains('dark')")
