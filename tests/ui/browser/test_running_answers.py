"""An answer that is still being written: read, stopped, left and seen in another tab meanwhile."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from app_tabs import QUESTION, ask
from held_library import Held, Told
from PIL import Image
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


FORGED = """**Bold** [1] | [the manual][a\\]b] ![x](http://evil.example/x.png) <img src=x onerror=window.pwned=1>

[a\\]b]: https://evil.example/?q=secret

<svg onload=window.pwned=1> <http://evil.example> www.evil.example https://evil.example/x [c](&#106;avascript:alert(1))

<form action=http://evil.example><input></form> $$x^2$$

```mermaid
graph TD

<b>not bold</b>
```

| Code | Meaning |
|---|---|
| E18 | <i>pump</i> [1] |

"""
SCROLLED = "document.querySelector('#ps-chat .bubble-wrap').scrollTop"
AT_REST = f"""async () => {{
    for (let still = 0, last = -1; still < 15; still = last === {SCROLLED} ? still + 1 : 0) {{
        last = {SCROLLED};
        await new Promise(requestAnimationFrame);
    }}
    return {SCROLLED};
}}"""


def test_a_citation_that_does_not_bear_its_sentence_out_is_drawn_with_dashes(
    visit: Any, held_app: Any, told: Told
) -> None:
    tab = visit(app=held_app)
    told.text = "The pump needs 77 bar and 9000 V [1]. "
    told.go.set()
    ask(tab)
    cited = tab.locator('#ps-chat :is(p, li, td) a[href^="#cite-1-"]').first
    expect(cited).to_have_attribute("title", "not found in the evidence")
    assert cited.evaluate("a => getComputedStyle(a).borderTopStyle") == "dashed"
    expect(tab.locator("#ps-chat")).to_contain_text("Dashed citations")
    told.go.clear()


def test_enter_while_an_answer_is_written_keeps_what_is_typed_and_says_so(
    visit: Any, held_app: Any, told: Told
) -> None:
    told.go.clear()
    tab = visit(app=held_app)
    told.text, box = "Turn it [1]. ", tab.locator("#ps-box textarea")
    box.fill(QUESTION)
    box.press("Enter")
    expect(tab.locator("#ps-box .stop-button")).to_be_visible()
    said = tab.locator("#ps-waiting")
    expect(box).to_have_value("")
    box.press("Enter")
    expect(said).to_have_count(0)  # nothing is typed
    box.fill("another question")
    place = tab.locator("#ps-box").bounding_box()["x"]
    box.press("Enter")
    expect(said).to_have_text("An answer is being written; wait until it is there, or stop it first.")
    expect(tab.locator("#ps-told")).to_contain_text("An answer is being written")
    assert tab.locator("#ps-box").bounding_box()["x"] == place
    expect(box).to_have_value("another question")
    assert tab.evaluate("sessionStorage.getItem('pagesight-sent')") is None or QUESTION in tab.evaluate(
        "sessionStorage.getItem('pagesight-sent')"
    )
    told.go.set()
    expect(tab.locator("#ps-box .stop-button")).to_have_count(0)
    expect(said).to_have_count(0)
    expect(box).to_have_value("another question")
    box.press("Enter")
    expect(tab.locator("#ps-chat .ps-asked")).to_have_count(2)
    told.go.clear()


def test_an_answer_brings_no_link_or_picture_and_leaves_the_reader_in_peace(
    visit: Any, held_app: Any, told: Told
) -> None:
    told.go.clear()
    tab = visit(app=held_app)
    told.text, box = FORGED + "\n\n".join(f"Step {n}: turn it [1]." for n in range(80)), tab.locator("#ps-box textarea")
    box.fill(QUESTION)
    box.press("Enter")
    expect(tab.locator("#ps-chat")).to_contain_text("Step 60")  # the last ones wait for the next piece
    box.fill("another question")
    box.press("Enter")  # not now
    tab.locator(".ps-thumb").nth(2).click()
    title = tab.locator(".ps-view-title").inner_text()
    tab.locator("#ps-chat .bubble-wrap").hover()
    expect(tab.locator("#ps-chat .ps-asked")).to_be_in_viewport()  # what comes all at once is read from there on
    tab.mouse.wheel(0, 1400)
    tab.wait_for_function(f"{SCROLLED} > 700")
    end = tab.evaluate(AT_REST)
    tab.mouse.wheel(0, -700)
    tab.wait_for_function(f"{SCROLLED} < {end}")
    top = tab.evaluate(AT_REST)
    assert top > 0
    told.go.set()
    expect(tab.locator("#ps-chat")).to_contain_text("Over.")
    expect(tab.locator("#ps-chat .ps-strip")).to_be_visible()
    assert tab.evaluate(AT_REST) == top
    assert tab.locator(".ps-view-title").inner_text() == title
    expect(box).to_have_value("another question")
    links = tab.locator("#ps-chat .message a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert links
    ours = r"#cite-1-\d+|#act-(edit|again|html|pdf|zip)-[0-9a-f]{32}"
    assert [link for link in links if not re.fullmatch(ours, link)] == []
    foreign = ":is(img:not(.ps-strip img), svg[onload], form, input, script, .mermaid, .katex, i, b)"
    assert tab.locator(f"#ps-chat .message {foreign}").count() == 0
    expect(tab.locator("#ps-chat td").last).to_contain_text("<i>pump</i>")
    expect(tab.locator("#ps-chat pre")).to_contain_text("<b>not bold</b>")
    assert tab.evaluate("window.pwned") is None
    tab.locator("#ps-chat td a").first.click()
    expect(tab.locator(".ps-view-title")).to_contain_text("[1] lagoon-manual.pdf")


def test_after_stopping_a_picture_enter_sends_again(
    visit: Any, held_app: Any, told: Told, held: Held, tmp_path: Path
) -> None:
    held.go.clear()
    told.text = "Drain pump blocked [1]."
    told.go.set()
    Image.new("RGB", (300, 200), "navy").save(tmp_path / "shot.png")
    tab = visit(app=held_app)
    box = tab.locator("#ps-box textarea")
    tab.set_input_files("#ps-box input[type=file]", str(tmp_path / "shot.png"))
    expect(tab.locator("#ps-box .thumbnail-item")).to_be_visible()
    box.fill("What is this?")
    box.press("Enter")
    tab.get_by_label("Stop the answer").click()
    expect(box).to_have_value("What is this?")  # both are back, to be asked again
    expect(tab.locator("#ps-box .thumbnail-item")).to_be_visible()
    tab.locator("#ps-box .delete-button").click()
    box.fill(QUESTION)
    box.press("Enter")  # while the picture is still being read
    expect(tab.locator("#ps-chat")).to_contain_text("Over.")
    expect(box).to_have_value("")
    held.go.set()


def _held_within_an_answer(visit: Any, held_app: Any, told: Told) -> Any:
    """A tab in which the first words of an answer stand, and no more come until ``told.go``."""
    told.go.clear()
    told.text = "Drain pump blocked [1].\n\nAnd more.\n\n"
    tab = visit(app=held_app)
    tab.locator("#ps-box textarea").fill(QUESTION)
    tab.locator("#ps-box textarea").press("Enter")
    expect(tab.locator("#ps-chat")).to_contain_text("Drain pump blocked")
    return tab


def test_an_answer_goes_on_over_a_reload_and_is_seen_in_a_second_tab(visit: Any, held_app: Any, told: Told) -> None:
    tab = _held_within_an_answer(visit, held_app, told)
    tab.reload()
    expect(tab.locator("#ps-chat")).to_contain_text("Drain pump blocked")
    expect(tab.locator("#ps-box .stop-button")).to_be_visible()
    other = visit(app=held_app, context=tab.context)
    expect(other.locator("#ps-chat")).to_contain_text("Drain pump blocked")
    assert "Stopped." not in other.locator("#ps-chat").inner_text()
    told.go.set()
    for each in (tab, other):
        each.bring_to_front()
        expect(each.locator("#ps-chat")).to_contain_text("Over.")
        expect(each.locator("#ps-chat .ps-strip")).to_be_visible()
        expect(each.locator("#ps-box .stop-button")).to_have_count(0)
    ask(other, "What is the boiler pressure?")
    expect(tab.locator("#ps-chat .user")).to_have_count(2)


def test_stopped_in_another_tab_an_answer_keeps_what_was_written(visit: Any, held_app: Any, told: Told) -> None:
    tab = _held_within_an_answer(visit, held_app, told)
    other = visit(app=held_app, context=tab.context)
    other.get_by_label("Stop the answer").click()
    for each in (other, tab):
        expect(each.locator("#ps-chat")).to_contain_text("Stopped.")
        expect(each.locator("#ps-chat")).to_contain_text("Drain pump blocked")
        expect(each.locator("#ps-box .stop-button")).to_have_count(0)
    told.go.set()
    other.locator("#ps-chat").get_by_role("button", name="Answer again").click()
    expect(other.locator("#ps-chat")).to_contain_text("Over.")
    expect(other.locator("#ps-chat .user")).to_have_count(1)


def test_an_answer_that_comes_at_once_is_read_from_its_question_on(visit: Any) -> None:
    tab = visit(size={"width": 390, "height": 560})
    for count in (1, 2):
        ask(tab)
        asked = tab.locator("#ps-chat .ps-asked")
        expect(asked).to_have_count(count)
        expect(asked.last).to_be_in_viewport(ratio=1)
        expect(tab.locator("#ps-chat .ps-acts").last).not_to_be_in_viewport()
    tab.reload()
    expect(tab.locator("#ps-chat .ps-asked").last).to_be_in_viewport(ratio=1)
