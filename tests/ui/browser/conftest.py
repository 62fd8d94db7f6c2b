"""One Chromium for all tests of the folder, which asks nothing of asyncio while it runs, and the tabs in it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import gradio as gr
import pytest
from chromium import launched

from ui.state.backend import Library

if TYPE_CHECKING:
    from app_tabs import Tabs
    from held_library import Held, Told

collect_ignore_glob = ["test_*.py"] if find_spec("playwright") is None and "CI" not in os.environ else []


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    """An installed Chromium, driven by playwright. Its event loop is running until the package's last test."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as engine:
        browser = launched(engine)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def tabs(browser: Any) -> Tabs:
    from app_tabs import Tabs

    return Tabs(browser)


@pytest.fixture
def app(page: gr.Blocks) -> gr.Blocks:
    """The app that :func:`visit` opens where none is named."""
    return page


@pytest.fixture
def visit(tabs: Tabs, app: gr.Blocks, request: pytest.FixtureRequest) -> Iterator[Callable[..., Any]]:
    """Open the app in a tab, at ``address`` within it; what else there is to choose, ``app_tabs.Tabs.open`` says.

    At the end no script may have failed, no word of a document run, and nothing have left this machine.
    """
    served, failed = app, request.session.testsfailed
    tabs.wrong.clear()

    def opened(address: str = "", app: gr.Blocks = served, **options: Any) -> Any:
        return tabs.open(app, address, **options)

    yield opened
    tabs.leave(keep=request.session.testsfailed == failed)
    assert tabs.wrong == []


@pytest.fixture(scope="session")
def told() -> Told:
    from held_library import Told

    return Told()


@pytest.fixture(scope="session")
def held(library: Library, told: Told) -> Held:
    from held_library import Held

    return Held(library, told)


@pytest.fixture(scope="session")
def held_app(launch: Callable[..., gr.Blocks], held: Held) -> gr.Blocks:
    """The app with the model and the library above, which wait until they are let go."""
    return launch(held)
