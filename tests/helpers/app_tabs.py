"""Tabs of the app in a real browser: opened as a person would, watched for what none may do, and used again.

Half of what it takes to load the page is the tab's process, and what Chromium compiles for it. So a tab that a test has
left goes to the next test that wants one alike, without the cookies and the storage that it has filled: who comes then
is somebody new.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, NamedTuple

import gradio as gr
from playwright.sync_api import Error, expect

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
QUESTION = "What does E18 mean?"
WAIT_MS = 60_000
QUIET = """() => new Promise((told) => {
  let quiet = setTimeout(told, 1000);
  const watcher = new MutationObserver(() => { clearTimeout(quiet); quiet = setTimeout(told, 1000); });
  watcher.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
})"""
expect.set_options(timeout=WAIT_MS)


class _Person(NamedTuple):
    """A browser's context, which has cookies of its own, and what it was made with."""

    context: Any
    made_with: str
    apps: set[str]


class Tabs:
    """The tabs of one browser. ``wrong`` tells of failed scripts, of what the page's policy has refused, of words of a
    document that were run (those of the tests set ``window.pwned``), and of requests to anywhere but the app.
    """

    def __init__(self, browser: Any) -> None:
        self.wrong: list[str] = []
        self._browser = browser
        self._here: list[_Person] = []
        self._idle: list[_Person] = []

    def open(
        self,
        app: gr.Blocks,
        address: str = "",
        *,
        size: dict[str, int] = DESK,
        context: Any = None,
        new: bool = False,
        **options: Any,
    ) -> Any:
        """A tab that shows ``app``: of somebody new, or one more of the person whose ``context`` this is. ``new`` is
        for a browser that has never seen the page; ``options`` are those of a context of playwright.
        """
        if context is None:
            person = self._person(new, viewport=size, **options)
            tab = person.context.pages[0]
        else:
            person = next(one for one in self._here if one.context is context)
            tab = context.new_page()
        person.apps.add(app.local_url)
        tab.goto(f"{app.local_url}{address}")
        expect(tab.locator("#ps-documents .ps-document").first).to_be_attached()
        expect(tab.locator("#ps-conversations .ps-heading")).to_be_attached()
        return tab

    def leave(self, keep: bool) -> None:
        """All go; their tabs wait for others where ``keep`` says that nothing is wrong with them."""
        for person in self._here:
            if any(tab.evaluate("window.pwned") for tab in person.context.pages):
                self.wrong.append("words of a document were run as a script")
            if keep and _emptied(person):
                self._idle.append(person._replace(apps=set()))
            else:
                person.context.close()
        self._here.clear()

    def _person(self, new: bool, **options: Any) -> _Person:
        made_with = repr(sorted(options.items()))
        person = None if new else next((one for one in self._idle if one.made_with == made_with), None)
        if person is None:
            person = _Person(self._browser.new_context(**options), made_with, set())
            person.context.set_default_timeout(WAIT_MS)
            person.context.new_page()
            self._watch(person.context)
        else:
            self._idle.remove(person)
        self._here.append(person)
        return person

    def _watch(self, context: Any) -> None:
        def requested(request: Any) -> None:
            apps = tuple(app for one in self._here for app in one.apps)
            if not request.url.startswith((*apps, "data:", "blob:")):
                self.wrong.append(request.url)

        def said(message: Any) -> None:
            if "Content Security Policy" in message.text:
                self.wrong.append(message.text)

        context.on("weberror", lambda failed: self.wrong.append(f"script error: {failed.error.stack or failed.error}"))
        context.on("console", said)
        context.on("request", requested)


def _emptied(person: _Person) -> bool:
    """Whether the first tab waits on an empty page, with nothing kept of what was done in it."""
    if len(person.apps) != 1 or not person.context.pages:
        return False
    (app,) = person.apps
    tab, *others = person.context.pages
    with suppress(Error):
        for other in others:
            other.close()
        tab.goto(f"{app}pagesight/nothing")  # of the same origin, so that its storage can be emptied
        tab.evaluate("localStorage.clear(); sessionStorage.clear()")
        person.context.clear_cookies()
        return True
    return False


def ask(tab: Any, question: str = QUESTION) -> None:
    """Send the question, and wait for the whole answer."""
    before = tab.locator("#ps-chat .user").count()
    tab.locator("#ps-box textarea").fill(question)
    tab.locator("#ps-box textarea").press("Enter")
    expect(tab.locator("#ps-chat .user")).to_have_count(before + 1)
    expect(tab.locator("#ps-chat .message-row").last.locator(".ps-strip")).to_be_visible()  # not that of the one before
    expect(tab.locator("#ps-box .stop-button")).to_have_count(0)


def settled(tab: Any) -> None:
    """Wait until nothing on the page has changed for a second: what follows on an answer has come."""
    tab.evaluate(QUIET)


def loaded(tab: Any, picture: str) -> None:
    """Wait until the picture that this selector finds has come."""
    tab.wait_for_function("s => { const i = document.querySelector(s); return i && i.naturalWidth > 50; }", arg=picture)
