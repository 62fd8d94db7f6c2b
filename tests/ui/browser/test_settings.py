"""The settings panel and what a role shows, in a real browser."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from app_tabs import PHONE
from chat_server import ChatServer, serving
from playwright.sync_api import expect

from rag.service.users import Users
from ui import layout
from ui.events.handlers import Handlers
from ui.people.access import Access
from ui.people.accounts import Accounts
from ui.state.backend import Library

pytestmark = pytest.mark.browser
KEY = "sk-very-secret-24680"
EVIL = "<img src=x onerror=window.pwned=1>"


@pytest.fixture
def server(library: Library, monkeypatch: Any) -> Iterator[ChatServer]:
    """A model server where Ollama would be; one of its models has a hostile name."""
    with serving() as running:
        running.native = {"/v1/models": {"data": [{"id": "good"}, {"id": "sighted"}, {"id": EVIL}]}}
        monkeypatch.setattr("rag.llm.finder.PORTS", {running.server_address[1]: "Ollama"})
        monkeypatch.setattr("rag.llm.finder.ALL_SECONDS", 30.0)
        yield running
        library.models.quote()


@pytest.fixture
def tab(visit: Callable[..., Any]) -> Any:
    return visit()


def test_a_model_in_one_click(tab: Any, library: Library, server: ChatServer) -> None:
    tab.locator("#ps-box textarea").fill("What does E18 mean?")
    tab.locator("#ps-box textarea").press("Enter")
    tab.locator("#ps-chat a", has_text="Choose a model").click()
    panel = tab.get_by_role("dialog", name="Settings")
    expect(panel.locator(".ps-set-model")).to_have_count(3)
    expect(panel).to_contain_text(EVIL)
    panel.get_by_role("button", name="Try sighted with a picture").click()
    expect(panel.get_by_text("did not read the number in the picture")).to_be_visible()
    sighted = panel.locator('.ps-set-model[data-name="sighted"] .ps-set-badge').first
    expect(sighted).to_have_text("sees pictures")  # it was tried; nothing said so before
    panel.get_by_role("button", name="Use good").click()
    expect(panel.get_by_text("good answers from the next question on")).to_be_visible()
    assert library.answerer() == "good"
    tab.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(tab.locator("#ps-answers")).to_have_text("Answers by good")
    tab.locator("#ps-box textarea").fill("How is the filter cleaned?")
    tab.locator("#ps-box textarea").press("Enter")
    expect(tab.locator("#ps-chat")).to_contain_text("cleaned every 40 hours")
    expect(tab.locator("#ps-chat a", has_text="Choose a model")).to_have_count(1)


def test_another_server_with_a_key_that_is_not_shown_again(tab: Any, library: Library, server: ChatServer) -> None:
    server.key = KEY
    tab.locator("#ps-settings").click()
    panel = tab.get_by_role("dialog", name="Settings")
    expect(panel.get_by_text("It wants a key")).to_be_visible()
    panel.get_by_text("Another server").click()
    panel.get_by_label("Address").fill("http://169.254.169.254")
    panel.get_by_role("button", name="List its models").click()
    expect(panel.get_by_text("where no model server can be")).to_be_visible()
    panel.get_by_label("Address").fill(server.url)
    panel.get_by_label("Key, if it wants one").fill(KEY)
    panel.get_by_role("button", name="List its models").click()
    expect(panel.get_by_role("button", name="Use good")).to_be_visible()
    panel.get_by_label("Key, if it wants one").fill("wrong")
    panel.get_by_role("button", name="List its models").click()
    expect(panel.get_by_text("It refused the key; check it")).to_be_visible()
    expect(panel.locator("p.ps-set-said:visible")).to_have_count(0)  # no bar without words
    panel.get_by_label("Key, if it wants one").fill(KEY)
    panel.get_by_role("button", name="List its models").click()
    panel.get_by_role("button", name="Use good").click()
    expect(panel.get_by_text("key kept")).to_be_visible()
    assert library.settings.llm_api_key == KEY
    assert panel.get_by_label("Key, if it wants one").input_value() == ""
    tab.reload()
    tab.locator("#ps-settings").click()
    expect(panel.get_by_text("key kept")).to_be_visible()
    assert KEY not in tab.content()


def test_on_a_phone_the_panel_has_the_whole_width(visit: Callable[..., Any]) -> None:
    opened = visit(size=PHONE, color_scheme="dark")
    expect(opened.locator("html")).to_have_attribute("data-role", "admin")
    expect(opened.locator("#ps-settings")).to_be_attached()
    opened.evaluate("document.getElementById('ps-settings').click()")
    panel = opened.get_by_role("dialog", name="Settings")
    expect(panel.get_by_role("heading", name="The index")).to_be_attached()
    box = panel.bounding_box()
    assert box is not None and (box["x"], box["width"]) == (0, 390)
    assert panel.evaluate("node => node.scrollWidth <= node.clientWidth")


def test_a_reader_sees_nothing_to_add_remove_or_set(
    browser: Any, library: Library, port: Callable[[], int], tmp_path: Path
) -> None:
    users = Users(tmp_path)
    users.add("rea", "reader", "correct horse")
    access = Access(Accounts({}, users=users), alone=False)
    handlers = Handlers(library, (), access)
    page = layout.build(library, handlers)
    options = layout.launch_options(library, handlers)
    assert access.accounts is not None
    page.launch(server_name="127.0.0.1", server_port=port(), auth=access.accounts.check, **options)
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    reply = context.request.post(f"{page.local_url}login", form={"username": "rea", "password": "correct horse"})
    assert json.loads(reply.text())["success"]
    opened.goto(page.local_url)
    expect(opened.locator("#ps-documents .ps-document")).to_have_count(2)
    expect(opened.locator("#ps-who")).to_contain_text("rea reader")
    removers = opened.locator("#ps-documents button[aria-label^=Remove]")
    expect(removers).to_have_count(2)
    for hidden in (removers.first, opened.locator("#ps-drop"), opened.locator("#ps-settings")):
        expect(hidden).to_be_hidden()
    link = '<a href="#ps-settings">Choose a model</a>'  # as answers have it, where there is no model
    opened.locator("#ps-chat").evaluate("(chat, link) => chat.insertAdjacentHTML('beforeend', link)", link)
    expect(opened.locator('#ps-chat a[href="#ps-settings"]')).to_be_hidden()
    users.remove("rea")
    opened.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(opened.locator("#ps-documents")).to_have_count(0)  # signed out
    context.close()
    page.close(verbose=False)
