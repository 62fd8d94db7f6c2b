"""The app in a real browser: what a person sees and does, at desk and phone width."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pymupdf
import pytest
from PIL import Image

from rag.storage.feedback import Vote, votes
from rag.types import Progress
from ui.backend import Library

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.browser
expect = playwright.expect
expect.set_options(timeout=60_000)
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
QUESTION = "What does E18 mean?"


@pytest.fixture
def visit(browser: Any, page: gr.Blocks) -> Iterator[Callable[..., Any]]:
    """Open the app in a new tab; at the end no script may have failed and nothing may have left this machine."""
    wrong: list[str] = []
    contexts = []

    def opened(size: dict[str, int] = DESK, app: gr.Blocks = page, context: Any = None, **options: Any) -> Any:
        context = context or browser.new_context(viewport=size, **options)
        context.set_default_timeout(60_000)
        contexts.append(context)
        tab = context.new_page()
        tab.on("pageerror", lambda error: wrong.append(f"script error: {error}"))
        tab.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
        tab.on(
            "request", lambda r: None if r.url.startswith((app.local_url, "data:", "blob:")) else wrong.append(r.url)
        )
        tab.goto(app.local_url)
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


class Told:
    """A model that says what the test gives it, and waits at the end until it is let go."""

    name = "told"

    def __init__(self) -> None:
        self.text = ""
        self.go = threading.Event()

    def sees_pictures(self) -> bool:
        return False

    def stream(self, messages: object) -> Iterator[str]:
        for line in self.text.splitlines(keepends=True):
            yield line
            time.sleep(0.005)
        assert self.go.wait(120)
        yield " Over."


class Held(Library):
    """A library whose pictures are read, and whose documents are added, only once the test lets them."""

    def __init__(self, library: Library, model: Told) -> None:
        super().__init__(library.index, model, library.settings)
        self.go = threading.Event()

    def ask(self, query: Any, history: Any) -> Any:
        if query.image is not None:
            assert self.go.wait(120)
        return super().ask(query, history)

    def add(self, path: Path, password: str | None, report: Any) -> Any:
        report(Progress(path.name, "reading", 3, 9))
        assert self.go.wait(120)
        return super().add(path, password, report)


@pytest.fixture(scope="module")
def told() -> Told:
    return Told()


@pytest.fixture(scope="module")
def held(library: Library, told: Told) -> Held:
    return Held(library, told)


@pytest.fixture(scope="module")
def slow(launch: Callable[..., gr.Blocks], held: Held) -> gr.Blocks:
    """The app with the model and the library above."""
    return launch(held)


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
    tab.locator("#ps-box textarea").fill("What is the boiler pressure?")
    tab.locator("#ps-box textarea").press("Enter")
    expect(tab.locator('#ps-chat p a[href^="#cite-2-"]').first).to_be_visible()
    tab.locator('#ps-chat p a[href^="#cite-1-"]').first.click()
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
    expect(tab.locator("#ps-uploads .ps-file-both")).to_contain_text("fake.pdf")  # and stays, with the reason
    tab.locator("#ps-lock input").fill("open")
    tab.get_by_role("button", name="Unlock").click()
    expect(tab.locator("#ps-lock")).to_contain_text("password is wrong")
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


def test_a_citation_that_does_not_bear_its_sentence_out_is_drawn_with_dashes(visit: Any, slow: Any, told: Told) -> None:
    tab = visit(app=slow)
    told.text = "The pump needs 77 bar and 9000 V [1]. "
    told.go.set()
    ask(tab)
    cited = tab.locator('#ps-chat p a[href^="#cite-1-"]').first
    expect(cited).to_have_attribute("title", "not found in the evidence")
    assert cited.evaluate("a => getComputedStyle(a).borderTopStyle") == "dashed"
    expect(tab.locator("#ps-chat")).to_contain_text("Dashed citations")
    told.go.clear()


def test_an_answer_brings_no_link_or_picture_and_leaves_the_reader_in_peace(visit: Any, slow: Any, told: Told) -> None:
    tab = visit(app=slow)
    told.text, box = FORGED + "\n\n".join(f"Step {n}: turn it [1]." for n in range(80)), tab.locator("#ps-box textarea")
    box.fill(QUESTION)
    box.press("Enter")
    expect(tab.locator("#ps-chat")).to_contain_text("Step 60")  # the last ones wait for the next piece
    box.fill("another question")
    box.press("Enter")  # not now
    tab.locator(".ps-thumb").nth(2).click()
    title = tab.locator(".ps-view-title").inner_text()
    tab.locator("#ps-chat .bubble-wrap").hover()
    tab.mouse.wheel(0, -700)
    tab.wait_for_timeout(300)
    top = tab.evaluate("document.querySelector('#ps-chat .bubble-wrap').scrollTop")
    assert top > 0
    told.go.set()
    expect(tab.locator("#ps-chat")).to_contain_text("Over.")
    expect(tab.locator("#ps-chat .ps-strip")).to_be_visible()
    tab.wait_for_timeout(300)
    assert tab.evaluate("document.querySelector('#ps-chat .bubble-wrap').scrollTop") == top
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
    visit: Any, slow: Any, told: Told, held: Held, tmp_path: Path
) -> None:
    held.go.clear()
    told.text = "Drain pump blocked [1]."
    told.go.set()
    Image.new("RGB", (300, 200), "navy").save(tmp_path / "shot.png")
    tab = visit(app=slow)
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


def test_an_answer_goes_on_over_a_reload_and_is_seen_in_a_second_tab(visit: Any, slow: Any, told: Told) -> None:
    told.go.clear()
    told.text = "Drain pump blocked [1].\n\nAnd more.\n\n"
    tab = visit(app=slow)
    tab.locator("#ps-box textarea").fill(QUESTION)
    tab.locator("#ps-box textarea").press("Enter")
    expect(tab.locator("#ps-chat")).to_contain_text("Drain pump blocked")
    tab.reload()
    expect(tab.locator("#ps-chat")).to_contain_text("Drain pump blocked")
    expect(tab.locator("#ps-box .stop-button")).to_be_visible()
    other = visit(app=slow, context=tab.context)
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


def test_stopped_in_another_tab_an_answer_keeps_what_was_written(visit: Any, slow: Any, told: Told) -> None:
    told.go.clear()
    told.text = "Drain pump blocked [1].\n\nAnd more.\n\n"
    tab = visit(app=slow)
    tab.locator("#ps-box textarea").fill(QUESTION)
    tab.locator("#ps-box textarea").press("Enter")
    expect(tab.locator("#ps-chat")).to_contain_text("Drain pump blocked")
    other = visit(app=slow, context=tab.context)
    other.get_by_label("Stop the answer").click()
    for each in (other, tab):
        expect(each.locator("#ps-chat")).to_contain_text("Stopped.")
        expect(each.locator("#ps-chat")).to_contain_text("Drain pump blocked")
        expect(each.locator("#ps-box .stop-button")).to_have_count(0)
    told.go.set()
    other.locator("#ps-chat").get_by_role("button", name="Answer again").click()
    expect(other.locator("#ps-chat")).to_contain_text("Over.")
    expect(other.locator("#ps-chat .user")).to_have_count(1)


def test_an_upload_is_seen_after_a_reload_and_in_a_second_tab(
    visit: Any, slow: Any, held: Held, tmp_path: Path, make_pdf: Callable[..., Path]
) -> None:
    held.go.clear()
    pages = {name: f"The {name} pump stands in the cellar." for name in ("one", "two")}
    paths = [str(make_pdf(tmp_path / f"{name}.pdf", text)) for name, text in pages.items()]
    tab = visit(app=slow)
    tab.set_input_files("#ps-drop input[type=file]", paths)
    expect(tab.locator("#ps-uploads")).to_contain_text("3/9")
    tab.reload()
    expect(tab.locator("#ps-uploads")).to_contain_text("3/9")
    other = visit(app=slow, context=tab.context)
    expect(other.locator("#ps-uploads")).to_contain_text("two.pdf")
    other.get_by_role("button", name="Cancel").click()
    expect(other.get_by_role("button", name="Cancelling…")).to_be_disabled()
    expect(other.locator("#ps-uploads .ps-is-cancelled")).to_contain_text("two.pdf")
    other.set_input_files("#ps-drop input[type=file]", paths[1])
    expect(other.locator("#ps-uploads .ps-is-waiting")).to_contain_text("two.pdf")
    held.go.set()
    for each in (other, tab):
        each.bring_to_front()
        expect(each.locator("#ps-documents")).to_contain_text("two.pdf")
    tab.get_by_label("Remove two.pdf").click()
    tab.get_by_role("button", name="Remove", exact=True).click()
    for each in (tab, other):
        each.bring_to_front()
        expect(each.locator("#ps-documents .ps-document")).to_have_count(2)


def drop(tab: Any, target: str, name: str, kind: str, content: bytes) -> None:
    tab.evaluate(
        """([target, name, kind, bytes]) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([new Uint8Array(bytes)], name, { type: kind }));
          document.querySelector(target).dispatchEvent(
            new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
        }""",
        [target, name, kind, list(content)],
    )


def test_while_files_are_over_the_page_it_says_what_becomes_of_them(visit: Any) -> None:
    tab = visit()
    hold = """() => {
        const files = new DataTransfer();
        files.items.add(new File(["x"], "x.txt", { type: "text/plain" }));
        const over = () => document.querySelector("#ps-chat").dispatchEvent(
            new DragEvent("dragover", { dataTransfer: files, bubbles: true, cancelable: true }));
        over();
        window.held = setInterval(over, 100);
    }"""
    tab.evaluate(hold)
    expect(tab.locator("#ps-dropping")).to_contain_text("documents are added to the library")
    tab.evaluate("() => clearInterval(window.held)")
    expect(tab.locator("#ps-dropping")).to_have_count(0)
    tab.get_by_label("Open lagoon-manual.pdf").click()
    expect(tab.locator("#ps-reader .ps-rp").first).to_be_visible()
    tab.evaluate(hold)
    expect(tab.locator("#ps-reader #ps-dropping")).to_be_visible()
    tab.evaluate("() => clearInterval(window.held)")


def test_dropped_files_go_where_they_belong(visit: Any, make_pdf: Callable[..., Path], tmp_path: Path) -> None:
    tab = visit()
    for name, target in (("slip", "#ps-box textarea"), ("bill", "#ps-chat")):
        path = make_pdf(tmp_path / f"{name}.pdf", f"The {name} names a price of 4 euro.")
        drop(tab, target, path.name, "application/pdf", path.read_bytes())
        expect(tab.locator("#ps-documents")).to_contain_text(path.name)
        tab.get_by_label(f"Remove {path.name}").click()
        tab.get_by_role("button", name="Remove", exact=True).click()
        expect(tab.locator("#ps-documents")).not_to_contain_text(path.name)
    Image.new("RGB", (300, 200), "navy").save(tmp_path / "shot.png")
    drop(tab, "#ps-chat", "shot.png", "image/png", (tmp_path / "shot.png").read_bytes())
    expect(tab.locator("#ps-box .thumbnail-item")).to_be_visible()


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


@pytest.mark.parametrize(("size", "scheme"), [(DESK, "light"), (DESK, "dark"), (PHONE, "light")])
def test_controls_have_names_and_room_and_notes_can_be_read(visit: Any, size: Any, scheme: str) -> None:
    tab = visit(size, color_scheme=scheme, has_touch=size is PHONE)
    ask(tab)
    expect(tab.locator("#ps-chat .thought-group button")).to_have_attribute("aria-label", re.compile("^Found "))
    assert tab.evaluate(NAMELESS) == []
    assert tab.evaluate(NESTED) == []
    for name in (".ps-note", ".ps-answer p"):
        assert tab.locator(f"#ps-chat {name}").first.evaluate(CONTRAST) >= 4.5, name
    expect(tab.get_by_role("textbox", name="Question")).to_be_visible()
    expect(tab.get_by_role("link", name="Source 1")).to_be_visible()
    if size is PHONE:
        assert tab.evaluate(SMALL) == []
    axe = os.environ.get("PAGESIGHT_AXE", "")  # a copy of axe.min.js, for those who have one
    if axe:
        tab.evaluate(Path(axe).read_text(encoding="utf-8"))
        found = tab.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("critical", "serious")] == []


def test_the_copy_button_copies_the_answer_and_its_sources(visit: Any) -> None:
    tab = visit(permissions=["clipboard-read", "clipboard-write"])
    ask(tab)
    tab.get_by_label("Copy message").last.click()
    copied = tab.evaluate("navigator.clipboard.readText()")
    assert "Drain pump blocked" in copied
    assert copied.splitlines()[-1].startswith("[1] lagoon-manual.pdf, page 2")
    assert "Found" not in copied
    assert "<" not in copied
    looks = tab.evaluate(
        "navigator.clipboard.read().then(items => items[0].getType('text/html')).then(blob => blob.text())"
    )
    assert "[1] lagoon-manual.pdf, page 2" in looks and "Drain pump blocked" in looks
    assert not re.search(r"<(a|img|script)\b", looks)


def test_the_page_does_not_move_while_it_opens(visit: Any) -> None:
    """Cumulative layout shift (https://web.dev/articles/cls); the sidebar that slides in alone made .2 of it."""
    tab = visit()
    expect(tab.locator("html")).to_have_class(re.compile(r"\bps-settled\b"))
    shift = tab.evaluate(
        """() => new Promise((told) => new PerformanceObserver((list) => told(
            list.getEntries().reduce((sum, entry) => sum + (entry.hadRecentInput ? 0 : entry.value), 0)
        )).observe({ type: "layout-shift", buffered: true }))"""
    )
    assert 0 < shift < 0.1


def test_the_theme_is_remembered(visit: Any) -> None:
    tab = visit(color_scheme="light")
    assert not tab.evaluate("document.body.classList.contains('dark')")
    tab.get_by_role("button", name="Dark theme").click()
    tab.reload()
    expect(tab.get_by_role("button", name="Light theme")).to_be_visible()
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
    deadline = time.monotonic() + 30
    while len(kept := votes(library.index.catalogue)) != count and time.monotonic() < deadline:
        tab.wait_for_timeout(100)
    return kept
