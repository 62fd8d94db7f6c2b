"""The reader in a real browser: a long document is read, found in, pointed at; only what is in sight is loaded."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import gradio as gr
import pytest
from app_tabs import PHONE, ask
from made_library import add_long
from playwright.sync_api import expect

from rag.index import Index
from rag.storage.records import collections
from ui.state.backend import Library

pytestmark = pytest.mark.browser
PAGES = 500
LONG = "a" * 64
NAME = "long <img src=x onerror=window.pwned=1> handbook of valves, second edition.pdf"


@pytest.fixture(scope="module")
def shelf(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The library of the other tests, and a document of 500 pages."""
    folder = tmp_path_factory.mktemp("shelf") / "index"
    shutil.copytree(library.settings.index, folder)
    settings = replace(library.settings, index=folder)
    with Index.open(settings) as index:
        add_long(index, NAME, PAGES, LONG)
        yield Library(index, None, settings)


@pytest.fixture(scope="module")
def app(launch: Callable[..., gr.Blocks], shelf: Library) -> gr.Blocks:
    return launch(shelf)


def _shown(tab: Any, page: int) -> Any:
    """The page is on the screen, with its picture and its words."""
    node = tab.locator(f'.ps-rp[data-page="{page}"]')
    expect(node.locator(".ps-rp-text span").first).to_be_attached()
    tab.wait_for_function(
        "p => document.querySelector(`.ps-rp[data-page='${p}'] img`)?.naturalWidth > 50", arg=str(page)
    )
    return node


def test_a_long_document_is_read_and_only_what_is_in_sight_is_loaded(visit: Any) -> None:
    tab = visit()
    asked: list[str] = []
    tab.on("request", lambda r: asked.append(r.url.split("/pagesight/")[-1]) if "/pagesight/page/" in r.url else None)
    tab.get_by_label(f"Open {NAME}").click()
    reader = tab.get_by_role("dialog", name=f"Reader: {NAME}")
    _shown(tab, 1)
    expect(reader.locator(".ps-reader-bar")).to_contain_text(f"of {PAGES}")
    reader.locator(".ps-reader-pages").evaluate("node => { node.scrollTop = node.scrollHeight / 2; }")
    _shown(tab, PAGES // 2)
    reader.get_by_label("Page", exact=True).fill("321")
    reader.get_by_label("Page", exact=True).press("Enter")
    _shown(tab, 321)
    reader.locator(".ps-reader-pages").focus()
    for key, page in (("PageDown", 322), ("ArrowLeft", 321), ("End", PAGES), ("Home", 1)):
        tab.keyboard.press(key)
        _shown(tab, page)
        expect(reader.get_by_label("Page", exact=True)).to_have_value(str(page))
    assert tab.locator(".ps-rp").count() < 8 and len(set(asked)) < 30
    reader.get_by_role("button", name="3 Chapter <b>of</b> page 31 31").click()
    _shown(tab, 31)
    tab.keyboard.press("Escape")
    expect(reader).to_have_count(0)
    tab.wait_for_function("location.hash === ''")  # the event of closing comes after the dialog is gone
    expect(tab.get_by_label(f"Open {NAME}")).to_be_focused()


def test_a_reader_that_is_shut_before_its_pages_are_drawn_draws_none(visit: Any) -> None:
    tab = visit()
    asked: list[str] = []
    tab.on("request", lambda r: asked.append(r.url) if "/pagesight/page/" in r.url else None)
    shut = """async ([doc, again]) => {
      const R = window.pagesightReader;
      await R.open(doc);
      while (!R.nodes.size) await new Promise(requestAnimationFrame);
      R.dialog.close();
      if (again) await R.open(doc);
      await new Promise((done) => setTimeout(done, 300)); // longer than a page is in sight before it is loaded
    }"""
    tab.evaluate(shut, [LONG, False])
    assert asked == []  # and no script has failed, says `visit`
    tab.evaluate(shut, [LONG, True])  # opened again before the browser says that it was shut
    expect(tab.get_by_role("dialog", name=f"Reader: {NAME}")).to_be_visible()
    _shown(tab, 1)


def test_a_link_opens_the_document_at_its_page_and_a_reload_keeps_it(visit: Any) -> None:
    tab = visit(f"#doc={LONG}&page=42")
    _shown(tab, 42)
    tab.keyboard.press("PageDown")
    tab.wait_for_function("location.hash.endsWith('page=43')")
    tab.reload()
    _shown(tab, 43)
    lost = visit("#doc=unknown&page=1")
    expect(lost.locator(".ps-reader-told")).to_contain_text("no longer in the library")


def test_words_are_found_marked_and_gone_through(visit: Any) -> None:
    tab = visit(f"#doc={LONG}")
    _shown(tab, 1)
    tab.keyboard.press("/")
    tab.keyboard.type("valve v49")
    expect(tab.locator(".ps-hits")).to_have_text("1 of 11")
    page = _shown(tab, 49)
    expect(page.locator(".ps-found-now")).to_have_count(1)
    sheet, mark = page.bounding_box(), page.locator(".ps-found-now").bounding_box()
    assert abs((mark["x"] - sheet["x"]) / sheet["width"] - 40 / 400) < 0.02
    assert 0.03 < mark["width"] / sheet["width"] < 0.3
    assert abs((mark["y"] - sheet["y"]) / sheet["height"] - 1 / 7) < 0.03
    tab.keyboard.press("Enter")
    expect(tab.locator(".ps-hits")).to_have_text("2 of 11")
    _shown(tab, 490)
    tab.keyboard.press("Shift+Enter")
    tab.keyboard.press("Shift+Enter")
    expect(tab.locator(".ps-hits")).to_have_text("11 of 11")
    _shown(tab, 499)
    tab.locator(".ps-sought").fill("no such words")
    expect(tab.locator(".ps-hits")).to_have_text("nothing")
    tab.locator(".ps-reader-pages").focus()
    tab.keyboard.press("Escape")  # ends the search first
    expect(tab.locator(".ps-sought")).to_have_value("")
    expect(tab.locator("#ps-reader")).to_be_visible()
    tab.locator(".ps-sought").fill("valve v49")
    tab.locator(".ps-sought").press("Escape")  # out of the field, too: what is typed next is a key of the reader
    tab.keyboard.press("u")
    expect(tab.locator(".ps-sought")).to_have_value("")
    expect(tab.get_by_role("button", name="Understood")).to_have_attribute("aria-pressed", "true")


def test_on_a_turned_page_the_mark_lies_on_the_words(visit: Any) -> None:
    """The line is read upwards: what it begins with is at the bottom."""
    tab = visit()

    def turned(route: Any) -> None:
        reply = route.fetch()
        said = reply.json()
        route.fulfill(response=reply, json={**said, "lines": [[said["lines"][0][0], 0.5, 0.1, 0.03, 0.8, 270]]})

    tab.route(f"**/pagesight/read/{LONG}/49", turned)
    tab.get_by_label(f"Open {NAME}").click()
    tab.locator(".ps-sought").fill("valve v49")
    page = _shown(tab, 49)
    expect(page.locator(".ps-found-now")).to_have_count(1)
    sheet, mark = page.bounding_box(), page.locator(".ps-found-now").bounding_box()
    bottom = (mark["y"] + mark["height"] - sheet["y"]) / sheet["height"]
    assert abs(bottom - 0.9) < 0.02 and 0.15 < mark["height"] / sheet["height"] < 0.5
    assert abs((mark["x"] - sheet["x"]) / sheet["width"] - 0.5) < 0.02


def test_text_can_be_selected_and_a_page_enlarged(visit: Any) -> None:
    tab = visit(f"#doc={LONG}&page=5")
    page = _shown(tab, 5)
    page.locator(".ps-rp-text span").last.dblclick(position={"x": 4, "y": 6})
    assert tab.evaluate("String(getSelection())").strip() == "Valve"
    wide = page.bounding_box()["width"]
    tab.locator(".ps-zoom").select_option("1")
    assert abs(tab.locator('.ps-rp[data-page="5"]').bounding_box()["width"] - 400 * 96 / 72) < 0.1
    expect(tab.get_by_role("textbox", name="Page")).to_have_value("5")
    tab.locator("#ps-reader").get_by_label("Zoom out (-)").click()
    expect(page).to_have_css("width", "400px")
    tab.locator(".ps-zoom").select_option("width")
    assert abs(tab.locator('.ps-rp[data-page="5"]').bounding_box()["width"] - wide) < 1


def test_what_was_understood_is_outlined_and_told(visit: Any) -> None:
    tab = visit(f"#doc={LONG}&page=1")
    _shown(tab, 1)
    tab.get_by_label("What was understood: outline figures, tables and texts (U)").click()
    piece = tab.locator("button.ps-piece-heading").first
    piece.focus()
    expect(tab.get_by_role("tooltip")).to_contain_text("0 Chapter <b>of</b> page 1")
    tab.keyboard.press("Escape")
    expect(tab.get_by_role("tooltip")).to_have_count(0)
    problem = tab.get_by_role("button", name="A <i>line</i> could not be read.")
    problem.click()
    _shown(tab, 7)


def _told(tab: Any) -> None:
    """What a heading's piece says is shown, once pages are not drawn anew any more: Esc then hides it and no more."""
    for _ in range(240):
        tab.locator("button.ps-piece-heading").first.focus()
        tab.wait_for_timeout(250)
        if tab.locator("#ps-piece-tip").is_visible():
            return
    raise AssertionError("no tip is shown")


def test_the_keys_go_on_after_what_had_the_focus_was_drawn_anew(visit: Any) -> None:
    tab = visit(f"#doc={LONG}&page=1")
    page = _shown(tab, 1)
    tab.keyboard.press("u")
    _told(tab)
    tab.keyboard.press("Escape")
    tab.keyboard.press("u")
    expect(tab.locator("button.ps-piece")).to_have_count(0)
    tab.locator(".ps-zoom").select_option("1")
    wide = page.bounding_box()["width"]
    tab.locator(".ps-reader-pages").focus()
    tab.keyboard.press("u")
    _told(tab)
    tab.keyboard.press("Escape")
    tab.keyboard.press("u")
    tab.keyboard.press("+")
    tab.wait_for_function("w => document.querySelector('.ps-rp')?.getBoundingClientRect().width > w * 1.2", arg=wide)
    tab.keyboard.press("/")
    tab.keyboard.type("valve v49")
    expect(tab.locator(".ps-hits")).to_have_text("1 of 11")
    tab.locator(".ps-side-row").nth(3).press("Enter")
    expect(tab.locator(".ps-hits")).to_have_text("4 of 11")
    expect(tab.locator(".ps-side-row[aria-current=true]").first).to_be_focused()
    tab.keyboard.press("n")
    expect(tab.locator(".ps-hits")).to_have_text("5 of 11")


def test_the_heading_that_is_marked_is_the_nearest_above_in_whichever_column(visit: Any) -> None:
    tab = visit(f"#doc={LONG}&page=5")
    _shown(tab, 5)
    tab.evaluate("""() => {
        const reader = window.pagesightReader;
        reader.book.headings = [[1, "left, at the top", 5, .1], [1, "left, below", 5, .6], [1, "right", 5, .3]];
        reader.drawSide();
        Object.assign(reader, { page: 5, down: .7 });
        reader.drawCurrent();
    }""")
    expect(tab.locator(".ps-side-row[aria-current=true]")).to_contain_text("left, below")


def test_a_finger_reads_what_was_understood(visit: Any) -> None:
    tab = visit(f"#doc={LONG}&page=1", size=PHONE, has_touch=True, is_mobile=True)
    _shown(tab, 1)
    tab.get_by_label("More: zoom, find, figures").tap()
    tab.get_by_label("What was understood: outline figures, tables and texts (U)").tap()
    tab.locator("button.ps-piece-heading").first.tap()
    expect(tab.get_by_role("tooltip")).to_contain_text("0 Chapter <b>of</b> page 1")
    tab.get_by_label("Do not ask about this").tap()
    expect(tab.get_by_role("tooltip")).to_have_count(0)
    tab.evaluate("document.dispatchEvent(new CustomEvent('ps-drawn'))")  # something else of the page is drawn anew
    tab.wait_for_timeout(200)
    expect(tab.get_by_role("tooltip")).to_have_count(0)


def test_a_citation_opens_the_document_with_its_box(visit: Any) -> None:
    tab = visit()
    ask(tab)
    tab.locator('#ps-chat :is(p, li, td) a[href^="#cite-1-"]').first.click()
    expect(tab.locator(".ps-why")).to_contain_text("It has the word")
    expect(tab.locator(".ps-view-head")).to_contain_text("cited of")
    tab.get_by_label("Open the document at this page (O)").click()
    page = _shown(tab, 2)
    expect(page.locator(".ps-mark")).to_have_count(1)
    expect(tab.get_by_role("dialog", name="Reader: lagoon-manual.pdf")).to_be_visible()


def test_a_rectangle_on_a_page_is_asked_about(visit: Any) -> None:
    tab = visit()
    tab.get_by_label("Open lagoon-manual.pdf").click()
    _shown(tab, 1)
    tab.keyboard.press("End")
    sheet = _shown(tab, 3).bounding_box()
    tab.keyboard.press("r")
    left, top = sheet["x"] + sheet["width"] * 0.3, sheet["y"] + sheet["height"] * 0.2
    tab.mouse.move(left, top)
    tab.mouse.down()
    tab.mouse.move(left + 200, top + 180, steps=3)
    tab.mouse.up()
    tab.get_by_label("Do not ask about this").click()
    expect(tab.locator(".ps-point")).to_have_count(0)
    tab.mouse.move(left, top)
    tab.mouse.down()
    tab.mouse.move(left + 260, top + 200, steps=3)
    tab.mouse.up()
    tab.get_by_label("Ask about this part of the page").click()
    expect(tab.locator("#ps-reader")).to_be_hidden()
    expect(tab.locator("#ps-scope .ps-chip")).to_contain_text("About this part of lagoon-manual.pdf, page 3")
    expect(tab.locator("#ps-box .thumbnail-item")).to_have_count(1)
    tab.locator("#ps-box textarea").fill("What does this show?")
    tab.locator("#ps-box textarea").press("Enter")
    expect(tab.locator("#ps-chat .ps-strip").last).to_be_visible()
    expect(tab.locator("#ps-chat")).to_contain_text("Drain pump, exploded view")
    expect(tab.locator("#ps-scope .ps-chip")).to_contain_text("About this part of lagoon-manual.pdf, page 3")
    tab.get_by_label("Remove the picture from what the next question is about").click()
    expect(tab.locator("#ps-scope .ps-chip")).to_have_count(0)


def test_on_a_phone_what_a_question_is_begun_with_leads_to_its_box(visit: Any) -> None:
    tab = visit(size=PHONE)
    box, sidebar = tab.locator("#ps-box textarea"), tab.locator(".sidebar")

    def open_sidebar() -> None:
        expect(sidebar).not_to_have_class(re.compile(r"\bopen\b"))
        tab.locator(".sidebar .toggle-button").click()
        expect(sidebar).to_have_class(re.compile(r"\bopen\b"))

    open_sidebar()
    tab.get_by_label("About lagoon-manual.pdf").click()
    tab.locator(".ps-about").get_by_role("button", name="What does E04 mean?", exact=True).click()
    expect(sidebar).not_to_have_class(re.compile(r"\bopen\b"))
    expect(box).to_be_focused()
    open_sidebar()
    tab.get_by_role("button", name="Figures and tables", exact=True).click()
    tab.get_by_label("Ask about it: Figure").click()
    expect(sidebar).not_to_have_class(re.compile(r"\bopen\b"))
    expect(box).to_be_focused()
    open_sidebar()
    tab.get_by_label("Open lagoon-manual.pdf").click()
    sheet = _shown(tab, 1).bounding_box()
    tab.get_by_label("More: zoom, find, figures").click()
    tab.get_by_label("Point at it: draw a rectangle and ask about it (R)").click()
    left, top = sheet["x"] + sheet["width"] * 0.3, sheet["y"] + sheet["height"] * 0.4
    tab.mouse.move(left, top)
    tab.mouse.down()
    tab.mouse.move(left + 90, top + 80, steps=3)
    tab.mouse.up()
    tab.get_by_label("Ask about this part of the page").click()
    expect(tab.locator("#ps-scope .ps-chip")).to_contain_text("About this part of lagoon-manual.pdf, page 1")
    expect(sidebar).not_to_have_class(re.compile(r"\bopen\b"))
    expect(box).to_be_focused()


def test_what_is_opened_about_a_document_comes_into_sight(visit: Any) -> None:
    tab = visit(size={"width": 1440, "height": 620})
    tab.get_by_label("About lagoon-manual.pdf").click()
    question = tab.locator(".ps-about").get_by_role("button", name="What does E04 mean?", exact=True)
    expect(question).to_be_visible()
    tab.wait_for_function(
        """() => document.querySelector(".ps-about").getBoundingClientRect().bottom
            <= document.querySelector("#ps-status").getBoundingClientRect().top"""
    )


def test_a_removal_that_was_refused_is_not_said_to_go_on(
    visit: Any, shelf: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = visit()
    monkeypatch.setattr("rag.service.library.REMOVE_WAIT", 0.1)
    with shelf._writing:
        tab.get_by_label("Remove lagoon-manual.pdf").click()
        expect(tab.locator(".toast-body")).to_contain_text("A document is being added just now")
        expect(tab.locator(".toast-body b")).to_have_text("Not removed")
        expect(tab.get_by_text("Warning")).to_be_hidden()
        expect(tab.locator("#ps-documents")).not_to_contain_text("Removing")
    expect(tab.get_by_label("Remove lagoon-manual.pdf")).to_be_visible()


def test_figures_and_tables_are_found_and_opened_where_they_stand(visit: Any) -> None:
    tab = visit()
    tab.get_by_role("button", name="Figures and tables", exact=True).click()
    gallery = tab.get_by_role("dialog", name="Figures and tables")
    expect(gallery.locator(".ps-gallery-card")).to_have_count(2)
    gallery.get_by_role("searchbox").fill("Error CODES")
    expect(gallery.locator(".ps-gallery-card")).to_have_count(1)
    gallery.get_by_role("searchbox").fill("boiler")
    expect(gallery).to_contain_text("No figure or table has these words.")
    gallery.get_by_role("searchbox").fill("")
    gallery.get_by_label("Kinds").select_option("figure")
    expect(gallery.locator(".ps-gallery-card")).to_have_count(1)
    gallery.locator(".ps-gallery-open").click()
    page = _shown(tab, 3)
    expect(page.locator(".ps-mark")).to_have_count(1)
    tab.keyboard.press("Escape")  # back in the gallery
    gallery.get_by_label("Ask about it: Figure").click()
    expect(tab.locator("#ps-scope .ps-chip")).to_contain_text("lagoon-manual.pdf, page 3")
    expect(gallery).to_be_hidden()


UNDER_THE_TOGGLE = """sidebar => {
  sidebar.scrollTop = sidebar.scrollHeight;
  const { x, y, height } = document.querySelector(".sidebar .toggle-button").getBoundingClientRect();
  const under = document.elementsFromPoint(x + 1, y + height / 2).find((node) => node.id.startsWith("ps-"));
  return sidebar.scrollTop > 0 && under?.id;
}"""


def test_documents_are_found_sorted_and_put_into_a_collection(visit: Any) -> None:
    tab = visit()
    names = tab.locator("#ps-documents .ps-document-name")
    tab.get_by_label("Find a document").fill("VALVES edition")
    expect(names).to_have_count(1)
    expect(tab.locator("#ps-documents .ps-problems")).to_contain_text("page 7: A <i>line</i> could not be read.")
    heading = tab.locator("#ps-documents .ps-heading")
    heading.get_by_role("button", name="None").click()  # of what was found
    expect(heading).to_contain_text("(2 of 3)")
    heading.get_by_role("button", name="All").click()
    expect(heading).to_contain_text("(3 of 3)")
    tab.get_by_label("Find a document").fill("")
    tab.get_by_label("Order of the documents").select_option("pages")
    expect(names.first).to_have_attribute("aria-label", f"Open {NAME}")
    tab.get_by_label("About lagoon-manual.pdf").click()
    tab.locator(".ps-about").get_by_role("button", name="What does E04 mean?", exact=True).click()
    expect(tab.locator("#ps-box textarea")).to_have_value("What does E04 mean?")
    tab.get_by_label(f"Search in {NAME}").uncheck()
    tab.get_by_label("Search in <img").uncheck()
    tab.get_by_role("button", name="New collection").click()
    tab.get_by_label("Name of the collection").fill("Manuals <img src=x onerror=window.pwned=1>")
    tab.get_by_role("button", name="Create with 1 ticked").click()
    expect(tab.locator(".ps-where-list option:checked")).to_contain_text("Manuals <img")
    expect(names).to_have_count(1)
    expect(tab.locator(".ps-where-chat")).to_contain_text("Only in: Manuals <img")
    tab.get_by_role("button", name="New collection").click()
    tab.get_by_label("Name of the collection").fill("manuals <IMG src=x onerror=window.pwned=1>")
    tab.get_by_label("Name of the collection").press("Enter")
    expect(tab.get_by_test_id("toast-body")).to_contain_text("There is a collection")
    expect(tab.get_by_label("Name of the collection")).to_have_value("manuals <IMG src=x onerror=window.pwned=1>")
    expect(tab.get_by_label("Name of the collection")).to_be_focused()
    tab.get_by_label("Name of the collection").press("Escape")
    tab.locator(".ps-where-chat button").click()
    expect(names).to_have_count(3)
    assert tab.locator(".sidebar-content").evaluate(UNDER_THE_TOGGLE) == "ps-brand"
    tab.get_by_role("group", name="In collections").get_by_role("checkbox").uncheck()
    expect(tab.locator(".ps-where-list")).to_contain_text("(0)")
    tab.locator(".ps-where-list").select_option(index=1)
    expect(tab.locator("#ps-documents")).to_contain_text("This collection has no documents yet.")
    tab.get_by_role("button", name="Delete", exact=True).click()
    expect(tab.locator(".ps-collections").get_by_role("button", name="Keep")).to_be_focused()
    tab.keyboard.press("Escape")
    expect(tab.get_by_role("button", name="Delete the collection")).to_have_count(0)
    expect(tab.get_by_role("button", name="Delete", exact=True)).to_be_focused()
    tab.keyboard.press("Enter")
    tab.get_by_role("button", name="Delete the collection").click()
    expect(tab.locator(".ps-where-chat")).to_have_count(0)


def test_a_list_that_was_asked_for_before_a_choice_does_not_undo_it(
    visit: Any, shelf: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue, real = shelf.index.catalogue, shelf.listed
    chosen = collections.create(catalogue, "Chosen")
    asked, answer = threading.Event(), threading.Event()

    def slowly() -> Any:
        rows = real()
        asked.set()
        answer.wait(60)
        return rows

    tab = visit()
    expect(tab.locator(".ps-where-list")).to_contain_text("Chosen")
    other = collections.create(catalogue, "Other")
    monkeypatch.setattr(shelf, "listed", slowly)
    tab.evaluate("document.dispatchEvent(new CustomEvent('ps-library', { detail: 'newer' }))")
    assert asked.wait(60)
    tab.locator(".ps-where-list").select_option(chosen.id)
    answer.set()
    expect(tab.locator(".ps-where-list")).to_contain_text("Other")
    expect(tab.locator(".ps-where-list option:checked")).to_contain_text("Chosen")
    for made in (chosen, other):
        collections.delete(catalogue, made.id)


def test_the_reader_fits_a_phone(visit: Any) -> None:
    tab = visit(f"#doc={LONG}&page=3", size=PHONE)
    page = _shown(tab, 3)
    assert page.bounding_box()["width"] > 330
    assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert tab.locator(".ps-reader-bar").bounding_box()["height"] < 90
    tab.get_by_label("Contents: headings, places found, problems").click()
    tab.get_by_role("button", name="1 Chapter <b>of</b> page 11 11").click()
    _shown(tab, 11)
    expect(tab.locator(".ps-reader-side")).to_be_hidden()
    tab.get_by_label("Close the reader (Esc)").click()
    expect(tab.locator("#ps-box textarea")).to_be_visible()
