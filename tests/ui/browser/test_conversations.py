"""Conversations in a real browser: kept over a reload, in a second tab and over a restart; somebody else's are not."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from app_tabs import QUESTION, ask, loaded, settled
from PIL import Image
from playwright.sync_api import expect

from rag.config import Settings
from rag.errors import StoreError
from rag.index import Index
from ui.state.backend import Library

pytestmark = pytest.mark.browser
HOSTILE = '<img src=x onerror="window.pwned=1">'
NOTICE_LISTS = """() => {
    const parse = JSON.parse;
    window.drawn = [];  // what is shown after each list of conversations that are not deleted has come to the page
    JSON.parse = (text, ...more) => {
        if (`${text}`.startsWith('{"kept"') && text.includes('"trash": false'))
            setTimeout(() => window.drawn.push(document.querySelector("#ps-conversations .ps-heading").textContent));
        return parse(text, ...more);
    };
}"""

HOLD_EVENTS = """() => {
    const send = window.fetch;
    window.waiting = [];  // events that are held while `hold` is set
    window.fetch = async (...all) => {
        const joins = String(all[0]?.url ?? all[0]).includes("/queue/join");
        if (window.hold && joins) await new Promise((go) => window.waiting.push(go));
        return send(...all);
    };
}"""


def talks(tab: Any) -> Any:
    return tab.locator("#ps-conversations .ps-talk")


def test_a_reload_a_second_tab_and_a_restart_show_the_same(
    visit: Any, launch: Callable[..., gr.Blocks], library: Library
) -> None:
    tab = visit()
    me = tab.context
    ask(tab)
    ask(tab, "How wide is the water inlet?")
    expect(talks(tab)).to_have_count(1)
    expect(talks(tab)).to_contain_text(QUESTION)
    tab.reload()
    for shown in (tab, visit(context=me)):
        expect(shown.locator("#ps-chat .user")).to_have_count(2)
        expect(shown.locator("#ps-chat")).to_contain_text("Drain pump blocked")
        shown.locator('#ps-chat :is(p, li, td) a[href^="#cite-1-"]').first.click()
        expect(shown.locator(".ps-view-title")).to_contain_text("page 2 of 3")
        expect(shown.locator(".ps-mark")).to_have_count(1)
    ask(shown, "What is the boiler pressure?")  # in the second tab; the first hears of it
    expect(tab.locator("#ps-chat .user")).to_have_count(3)
    again = launch(Library(library.index, None, library.settings))  # nothing in memory
    me.add_cookies([c | {"url": again.local_url} for c in _cookies(me)])
    other = visit(app=again, context=me)
    expect(talks(other)).to_have_count(1)
    talks(other).locator(".ps-talk-words").click()
    expect(other.locator("#ps-chat .user")).to_have_count(3)


def test_the_address_of_a_conversation_opens_it_for_its_person_alone(visit: Any) -> None:
    tab = visit()
    ask(tab)
    ask_again = "How wide is the water inlet?"
    tab.locator("#ps-conversations").get_by_role("button", name="New").click()
    expect(tab.locator("#ps-chat .user")).to_have_count(0)
    ask(tab, ask_again)
    talks(tab).filter(has_text=QUESTION).locator(".ps-talk-words").click()
    expect(tab.locator("#ps-chat .user")).to_contain_text(QUESTION)
    address = tab.url
    assert "#" in address
    other = tab.context.new_page()
    other.goto(address)
    expect(other.locator("#ps-chat .user")).to_contain_text(QUESTION)
    stranger = visit(address=f"#{address.partition('#')[2]}")
    expect(stranger.get_by_text("There is no such conversation of yours")).to_be_visible()
    expect(stranger.locator("#ps-chat .user")).to_have_count(0)


@pytest.mark.slow  # a restart, thumbs, and a reload while an answer is written have tests of their own
def test_a_thumb_and_a_question_just_sent_are_there_after_a_restart_and_a_reload(
    visit: Any, launch: Callable[..., gr.Blocks], library: Library
) -> None:
    tab = visit()
    me = tab.context
    ask(tab)
    tab.get_by_label("Like", exact=True).last.click()
    expect(tab.get_by_label("Liked", exact=True)).to_have_count(1)
    again = launch(Library(library.index, None, library.settings))  # nothing in memory
    me.add_cookies([c | {"url": again.local_url} for c in _cookies(me)])
    other = visit(app=again, context=me)
    talks(other).locator(".ps-talk-words").click()
    expect(other.get_by_label("Liked", exact=True)).to_have_count(1)
    other.locator("#ps-box textarea").fill("How wide is the water inlet?")
    other.locator("#ps-box textarea").press("Enter")
    expect(other.locator("#ps-chat .user")).to_have_count(2)
    other.reload()  # at once, whether the answer is there or not
    expect(other.locator("#ps-chat .user")).to_have_count(2)
    expect(other.locator("#ps-chat .ps-strip")).to_have_count(2)
    expect(other.locator("#ps-box textarea")).to_have_value("")


def _cookies(person: Any) -> list[dict[str, Any]]:
    return [{"name": c["name"], "value": c["value"]} for c in person.cookies() if c["name"] == "pagesight-browser"]


def test_nobody_sees_what_somebody_else_asked(visit: Any, page: gr.Blocks) -> None:
    tab, shown = visit(), visit()
    mine, other = tab.context, shown.context
    ask(tab)
    picture = tab.locator("#ps-chat .ps-strip img").first
    tab.reload()
    expect(picture).to_have_attribute("src", re.compile("pagesight/kept/"))
    address = f"{page.local_url.rstrip('/')}/{picture.get_attribute('src')}"
    expect(talks(tab)).to_have_count(1)
    assert mine.request.get(address).status == 200
    assert other.request.get(address).status == 404
    number = tab.evaluate("localStorage.getItem('pagesight-conversation')")
    for ending, start in (("html", b"<!doctype"), ("pdf", b"%PDF"), ("zip", b"PK")):
        file = f"{page.local_url.rstrip('/')}/pagesight/export/{number}/{ending}"
        assert mine.request.get(file).body().startswith(start)
        assert other.request.get(file).status == 404
    expect(tab.locator("#ps-conversations .ps-export a")).to_have_count(3)
    shown.reload()
    expect(shown.locator("#ps-conversations .ps-heading")).to_be_attached()
    shown.wait_for_timeout(500)
    expect(talks(shown)).to_have_count(0)
    assert other.request.get(address).status == 404
    number = tab.evaluate("localStorage.getItem('pagesight-conversation')")
    shown.evaluate("id => sessionStorage.setItem('pagesight-conversation', id)", number)
    shown.reload()
    expect(shown.locator("#ps-conversations .ps-heading")).to_be_visible()
    shown.wait_for_timeout(1500)
    assert shown.locator("#ps-chat .user").count() == 0


def test_rename_find_delete_and_undo(visit: Any) -> None:
    tab = visit()
    ask(tab)
    tab.get_by_role("button", name="New conversation").click()
    expect(tab.locator("#ps-chat .user")).to_have_count(0)
    ask(tab, "What is the boiler pressure?")
    expect(talks(tab)).to_have_count(2)
    expect(talks(tab).first).to_contain_text("What is the boiler pressure?")
    tab.get_by_role("button", name=f"Rename {QUESTION}").click()
    tab.locator(".ps-title").fill(HOSTILE)
    tab.locator(".ps-title").press("Enter")
    expect(talks(tab).last).to_contain_text(HOSTILE)
    assert tab.evaluate("window.pwned") is None
    tab.get_by_role("button", name="Delete What is the boiler pressure?").click()
    expect(talks(tab)).to_have_count(1)
    expect(tab.locator("#ps-chat .user")).to_have_count(0)
    tab.get_by_role("button", name="Undo").click()
    expect(talks(tab)).to_have_count(2)
    expect(tab.locator("#ps-chat")).to_contain_text("2.5 bar")
    tab.get_by_role("button", name="Delete What is the boiler pressure?").click()
    expect(talks(tab)).to_have_count(1)
    tab.get_by_role("button", name="Deleted conversations").click()
    expect(talks(tab)).to_contain_text("What is the boiler pressure?")
    tab.locator("#ps-conversations .ps-find").fill("zzz")
    expect(tab.locator("#ps-conversations")).to_contain_text("None holds these words")
    tab.locator("#ps-conversations .ps-find").fill("BOILER")
    tab.get_by_role("button", name="Restore What is the boiler pressure?").click()
    expect(talks(tab)).to_have_count(2)


def test_a_picture_stays_in_scope_until_it_is_removed(
    visit: Any, library: Library, manual: str, tmp_path: Path
) -> None:
    shot = tmp_path / "shot.png"
    with Image.open(library.page_picture(manual, 2)) as picture:
        picture.convert("RGB").crop((80, 80, 1100, 600)).save(shot)
    tab = visit()
    tab.locator("#ps-box input[type=file]").set_input_files(shot)
    expect(tab.locator("#ps-box img")).to_be_visible()
    ask(tab, "What is this?")
    expect(tab.locator("#ps-scope")).to_contain_text("lagoon-manual.pdf, page 2")
    ask(tab, "What is the remedy?")
    expect(tab.locator("#ps-chat .ps-note", has_text="Asked about your picture")).to_have_count(1)
    tab.reload()
    expect(tab.locator("#ps-scope")).to_contain_text("lagoon-manual.pdf, page 2")
    expect(tab.locator("#ps-chat .user img")).to_be_visible()
    tab.locator("#ps-scope button").click()
    expect(tab.locator("#ps-scope .ps-chip")).to_have_count(0)
    ask(tab, "What is the boiler pressure?")
    expect(tab.locator("#ps-chat .ps-note", has_text="Asked about your picture")).to_have_count(1)


def test_what_was_cited_is_shown_when_its_document_has_gone(
    visit: Any, launch: Callable[..., gr.Blocks], copy_of: Callable[[], Settings]
) -> None:
    settings = copy_of()
    with Index.open(settings) as index:
        tab = visit(app=launch(Library(index, None, settings)))
        ask(tab)
        index.remove(index.catalogue.documents()[0].id)
        expect(tab.locator("#ps-chat")).to_contain_text("has been removed from the library; what was cited is kept")
        tab.reload()
        expect(tab.locator("#ps-chat .ps-strip")).to_contain_text("removed")
        tab.locator('#ps-chat .ps-strip a[href^="#cite-1-"]').first.click()
        expect(tab.locator(".ps-view-title")).to_contain_text("removed from the library")
        loaded(tab, ".ps-sheet img")
        tab.close()


def test_a_deleted_one_can_be_taken_back_though_the_list_was_refreshed_meanwhile(visit: Any) -> None:
    tab = visit()
    other = visit(context=tab.context)
    ask(tab)
    tab.get_by_role("button", name=f"Delete {QUESTION}").click()
    expect(tab.get_by_role("button", name="Undo")).to_be_visible()
    ask(other, "What is the boiler pressure?")
    expect(talks(tab)).to_have_count(1)
    expect(talks(tab)).to_contain_text("What is the boiler pressure?")
    tab.get_by_role("button", name="Undo").click()
    expect(talks(tab)).to_have_count(2)
    expect(tab.get_by_role("button", name="Undo")).to_have_count(0)


def test_a_list_that_was_overtaken_by_a_later_one_is_not_shown(
    visit: Any, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, asked, answer = library.conversations.listed, threading.Event(), threading.Event()

    def slowly(owner: str, find: str = "", trash: bool = False) -> Any:
        rows = real(owner, find, trash)
        if not trash:
            asked.set()
            answer.wait(60)
        return rows

    tab = visit()
    ask(tab)
    tab.get_by_role("button", name=f"Delete {QUESTION}").click()
    expect(talks(tab)).to_have_count(0)
    monkeypatch.setattr(library.conversations, "listed", slowly)
    tab.evaluate("document.dispatchEvent(new CustomEvent('ps-conversations', { detail: 'newer' }))")
    assert asked.wait(60)
    tab.get_by_role("button", name="Deleted conversations").click()
    expect(talks(tab)).to_contain_text(QUESTION)
    tab.evaluate(NOTICE_LISTS)
    answer.set()
    tab.wait_for_function("window.drawn.length > 0")
    assert all(heading.startswith("Deleted conversations") for heading in tab.evaluate("window.drawn"))
    expect(talks(tab)).to_contain_text(QUESTION)


def test_a_question_is_changed_and_the_conversation_goes_on_from_there(visit: Any) -> None:
    tab = visit()
    ask(tab)
    ask(tab, "How wide is the water inlet?")
    ask(tab, "What is the boiler pressure?")
    tab.locator("#ps-box textarea").fill("half a thought")
    tab.locator("#ps-chat").get_by_role("button", name="Change the question").nth(1).click()
    field = tab.get_by_label("The question, to be changed")
    expect(field).to_have_value("How wide is the water inlet?")
    field.fill("What does E04 mean, and")
    tab.reload()
    expect(field).to_have_value("What does E04 mean, and")  # nothing typed is lost
    expect(tab.locator("#ps-box textarea")).to_have_value("half a thought")
    field.fill("What does E04 mean?")
    field.press("Enter")
    expect(tab.locator("#ps-chat .user")).to_have_count(2)
    expect(tab.locator("#ps-chat")).to_contain_text("Door not closed")
    expect(tab.locator("#ps-chat")).not_to_contain_text("boiler")
    expect(field).to_have_count(0)
    expect(tab.locator("#ps-box textarea")).to_have_value("half a thought")
    expect(tab.locator("#ps-conversations .ps-undo")).to_contain_text("Earlier version kept")
    tab.reload()
    expect(tab.locator("#ps-chat .user")).to_have_count(2)
    expect(tab.locator("#ps-chat .user").last).to_contain_text("What does E04 mean?")
    tab.get_by_role("button", name="Deleted conversations").click()
    tab.get_by_role("button", name=f"Restore {QUESTION}").click()
    expect(tab.locator("#ps-chat .user")).to_have_count(3)
    tab.locator('#ps-chat :is(p, li, td) a[href^="#cite-1-"]').first.click()
    expect(tab.locator(".ps-view-title")).to_contain_text("page 2 of 3")


def test_an_answer_is_tried_again_and_saved_alone(visit: Any) -> None:
    tab = visit()
    ask(tab)
    ask(tab, "What is the boiler pressure?")
    again = tab.locator("#ps-chat").get_by_role("button", name="Answer again")
    expect(again).to_have_count(1)  # of the last one
    first = again.get_attribute("href")
    again.click()
    expect(tab.locator(f'#ps-chat a[href="{first}"]')).to_have_count(0)
    expect(again).to_have_count(1)
    expect(tab.locator("#ps-chat .user")).to_have_count(2)
    expect(tab.locator("#ps-chat")).to_contain_text("2.5 bar")
    for name, start in (("HTML", b"<!doctype"), ("PDF", b"%PDF"), ("Markdown", b"PK")):
        with tab.expect_download() as download:
            tab.locator("#ps-chat").get_by_role("button", name=f"Save this answer as {name}").last.click()
        assert Path(download.value.path()).read_bytes().startswith(start)
    assert download.value.suggested_filename == "What is the boiler pressure.zip"


def test_what_is_typed_is_there_again_after_a_reload_until_it_is_sent(visit: Any) -> None:
    tab = visit()
    box = tab.locator("#ps-box textarea")
    box.fill(f"{HOSTILE} and\nsecond line")
    tab.reload()
    expect(box).to_have_value(f"{HOSTILE} and\nsecond line")
    box.fill(QUESTION)
    box.press("Enter")
    expect(tab.locator("#ps-chat .ps-strip")).to_be_visible()
    expect(box).to_have_value("")
    tab.reload()
    expect(tab.locator("#ps-chat .user")).to_have_count(1)
    expect(box).to_have_value("")
    assert tab.evaluate("window.pwned") is None


def test_what_is_typed_while_the_page_waits_for_the_server_stays(
    visit: Any, launch: Callable[..., gr.Blocks], library: Library
) -> None:
    """Each of the two events that change the box, sending and what follows an answer, is held until more is typed."""

    class Fails(Library):
        def ask(self, query: Any, history: Any) -> Any:
            if query.text.endswith("fail?"):
                raise StoreError("The index is away.")
            return super().ask(query, history)

    tab = visit(app=launch(Fails(library.index, None, library.settings)))
    box = tab.locator("#ps-box textarea")
    tab.evaluate(HOLD_EVENTS)

    def ask_and_type(question: str) -> None:
        box.fill(question)
        tab.evaluate("window.hold = true")
        box.press("Enter")
        for letter in "ab":  # the first before the question is taken, the second after its answer
            tab.wait_for_function("window.waiting.length > 0")
            box.press_sequentially(letter)
            tab.evaluate("window.waiting.shift()()")
        tab.evaluate("window.hold = false; window.waiting.splice(0).forEach((go) => go())")

    ask_and_type(QUESTION)
    expect(tab.locator("#ps-chat .ps-strip")).to_be_visible()
    expect(tab.locator("#ps-box .stop-button")).to_have_count(0)
    settled(tab)
    expect(box).to_have_value("ab")
    ask_and_type("Does this fail?")
    expect(tab.locator("#ps-chat")).to_contain_text("The index is away.")
    settled(tab)
    expect(box).to_have_value("ab")
    ask(tab, "How wide is the water inlet?")  # what is shown in the box is what is sent
    expect(tab.locator("#ps-chat .user").last).to_contain_text("How wide is the water inlet?")


def test_a_removed_document_is_taken_back_in_the_page_and_seen_by_a_second_tab(
    visit: Any,
    launch: Callable[..., gr.Blocks],
    copy_of: Callable[[], Settings],
    make_pdf: Callable[..., Path],
    tmp_path: Path,
) -> None:
    settings = copy_of()
    evil = make_pdf(tmp_path / f"{HOSTILE[:9]}onerror=window.pwned=1>.pdf", "The boiler pressure is 2.5 bar.")
    with Index.open(settings) as index:
        index.add([evil])
        app = launch(Library(index, None, settings))
        tab = visit(app=app)
        other = visit(app=app, context=tab.context)
        documents = tab.locator("#ps-documents .ps-document")
        trash = tab.locator("#ps-trash")
        expect(documents).to_have_count(2)
        tab.get_by_label(f"Remove {evil.name}").click()
        expect(documents).to_have_count(1)
        expect(other.locator("#ps-documents .ps-document")).to_have_count(1)
        expect(other.locator("#ps-trash")).to_contain_text("1 removed")
        expect(trash).to_contain_text(f"Removed “{evil.name}”")
        expect(trash.get_by_role("button", name="Undo")).to_be_focused()  # the bin that had the focus has gone
        trash.get_by_role("button", name="Undo").click()
        expect(documents).to_have_count(2)
        expect(trash.get_by_role("button")).to_have_count(0)
        index.remove(next(row.id for row in index.catalogue.documents() if row.name == evil.name))  # elsewhere
        expect(documents).to_have_count(1)
        trash.get_by_role("button", name="1 removed").click()
        expect(trash).to_contain_text("kept for 30 days")
        trash.get_by_role("button", name=re.compile("^Restore ")).click()
        expect(documents).to_have_count(2)
        index.remove(next(row.id for row in index.catalogue.documents() if row.name == evil.name))  # as it was before
        expect(documents).to_have_count(1)
        tab.set_input_files("#ps-drop input[type=file]", str(evil))  # taken back by adding its file again
        expect(documents).to_have_count(2)
        expect(trash.get_by_role("button")).to_have_count(0)
        documents.filter(has_text="onerror").get_by_label(
            re.compile("^Remove ")
        ).click()  # its name came with the upload
        trash.get_by_role("button", name=re.compile("^Delete .*onerror.* for good$")).click()
        trash.get_by_role("button", name="Keep").click()
        trash.get_by_role("button", name="Delete all for good").click()
        trash.get_by_role("button", name="Delete", exact=True).click()
        expect(trash.get_by_role("button")).to_have_count(0)
        assert index.check() == []
        assert tab.evaluate("window.pwned") is None
        tab.close()
        other.close()


def test_the_undo_of_a_removal_is_in_sight_and_only_what_goes_for_good_is_asked_about(
    visit: Any,
    launch: Callable[..., gr.Blocks],
    copy_of: Callable[[], Settings],
    make_pdf: Callable[..., Path],
    tmp_path: Path,
) -> None:
    settings = copy_of()
    with Index.open(settings) as index:
        index.add([make_pdf(tmp_path / "bill.pdf", "The boiler costs 2,500 euro.")])
        library = Library(index, None, replace(settings, trash_days=0))
        tab = visit(app=launch(library), size={"width": 1440, "height": 460})  # the list is longer than the sidebar
        documents = tab.locator("#ps-documents .ps-document")
        tab.get_by_label("Remove bill.pdf").focus()
        tab.keyboard.press("Enter")
        expect(documents.filter(has_text="bill.pdf")).to_contain_text("Remove it for good?")
        expect(tab.get_by_role("button", name="Keep")).to_be_focused()
        tab.keyboard.press("Escape")
        expect(tab.get_by_role("button", name="Keep")).to_have_count(0)
        expect(tab.get_by_label("Remove bill.pdf")).to_be_focused()
        library.settings = settings
        tab.reload()
        tab.get_by_label("Remove bill.pdf").focus()
        tab.keyboard.press("Enter")
        undo = tab.locator("#ps-trash").get_by_role("button", name="Undo")
        expect(undo).to_be_in_viewport(ratio=1)
        expect(undo).to_be_focused()
        tab.locator("#ps-sidebar .sidebar-content").evaluate("side => { side.scrollTop = 0; }")
        expect(undo).to_be_in_viewport(ratio=1)
        tab.keyboard.press("Enter")
        expect(documents).to_have_count(2)
        expect(tab.get_by_label("Open bill.pdf")).to_be_focused()  # the button that was pressed has gone
        tab.close()
