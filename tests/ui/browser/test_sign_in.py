"""Signing in after a wrong password; and a session that ends while somebody types: they are told, sign in again, and
find what they had typed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from rag.service.users import Users
from ui import layout
from ui.events.handlers import Handlers
from ui.people.access import Access
from ui.people.accounts import Accounts
from ui.state.backend import Library

pytestmark = pytest.mark.browser
PASSWORD = "correct horse"


def test_a_wrong_password_keeps_the_name_and_who_types_while_their_session_ends_loses_nothing(
    library: Library, port: Callable[[], int], tmp_path: Path, browser: Any
) -> None:
    users = Users(tmp_path)
    users.add("tim", "reader", PASSWORD)
    access = Access(Accounts({}, users=users), alone=False)
    assert access.accounts is not None
    handlers = Handlers(library, (), access)
    page, options = layout.build(library, handlers), layout.launch_options(library, handlers)
    page.launch(server_name="127.0.0.1", server_port=port(), auth=access.accounts.check, **options)
    context = browser.new_context()
    context.set_default_timeout(90_000)
    tab = context.new_page()

    def sign_in() -> None:
        tab.locator("input").first.fill("tim")
        tab.locator("input[type=password]").fill(PASSWORD)
        tab.get_by_role("button", name="Login").click()
        expect(tab.locator("#ps-documents .ps-document").first).to_be_attached(timeout=90_000)

    tab.goto(page.local_url)
    card = tab.locator(".panel:has(input[type=password])")
    expect(card).to_have_css("max-width", "430px")  # ours: Gradio's own form is as wide as its words
    tab.locator("input").first.fill("tim")
    tab.locator("input[type=password]").fill("wrong")
    with tab.expect_response("**/login"):
        tab.get_by_role("button", name="Login").click()
        tab.locator("input[type=password]").fill(PASSWORD)  # it takes a moment until the wrong one is refused
    expect(tab.locator(".panel .creds")).to_be_visible()
    expect(tab.locator("input").first).to_have_value("tim")
    expect(tab.locator("input[type=password]")).to_have_value(PASSWORD)
    tab.locator("input[type=password]").press("Enter")
    box = tab.locator("#ps-box textarea")
    expect(tab.locator("#ps-documents .ps-document").first).to_be_attached(timeout=90_000)  # the page is loaded
    box.fill("What does E18 mean, and what else?")
    users.set_role("tim", "editor")
    box.press("Enter")
    expect(tab.get_by_role("alert").filter(has_text="Your sign-in has ended")).to_be_visible(timeout=90_000)
    tab.get_by_role("button", name="Sign in again").click()
    expect(tab.locator("input[type=password]")).to_be_visible(timeout=90_000)
    sign_in()
    expect(box).to_have_value("What does E18 mean, and what else?", timeout=90_000)
    context.close()
    page.close(verbose=False)
