"""What the tests of the app share: an index of the manual and of a document whose name and words are an attack."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import gradio as gr
import httpx
import pymupdf
import pytest
from restricted_library import MakePdf, Running, restricted
from running import free_port
from stores import fresh

from rag.config import Settings
from rag.index import Index
from ui import layout
from ui.addresses.programs import Programs
from ui.events.handlers import Handlers
from ui.state.backend import Library

EVIL = "<img src=x onerror=window.pwned=1>"
Launch = Callable[..., gr.Blocks]


@pytest.fixture(scope="session")
def make_pdf() -> MakePdf:
    def make(path: Path, text: str, **save: Any) -> Path:
        with pymupdf.open() as document:
            document.new_page().insert_textbox((72, 72, 520, 700), text, fontsize=12)
            document.save(path, **save)
        return path

    return make


@pytest.fixture(scope="session")
def library(
    copy_of: Callable[[], Settings], make_pdf: MakePdf, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Library]:
    settings = copy_of()
    text = f"The boiler pressure is 2.5 bar {EVIL} and the relief valve opens at 4 bar."
    evil = make_pdf(tmp_path_factory.mktemp("app") / f"{EVIL}.pdf", text)
    with Index.open(settings) as index:
        assert [added.error for added in index.add([evil])] == [""]
        yield Library(index, None, settings)


@pytest.fixture(scope="session")
def manual(library: Library) -> str:
    """The manual's id."""
    return next(row.id for row in library.documents() if row.name == "lagoon-manual.pdf")


@pytest.fixture(scope="session")
def port() -> Callable[[], int]:
    return free_port


@pytest.fixture(scope="session")
def launch(library: Library, port: Callable[[], int]) -> Iterator[Launch]:
    """Start the app on a free port; stopped at the end."""
    pages: list[gr.Blocks] = []

    def start(served: Library = library, **options: Any) -> gr.Blocks:
        handlers = Handlers(served)
        pages.append(layout.build(served, handlers))
        programs = Programs(served, handlers.uploads.queues, open_here="auth" not in options)
        chosen = layout.launch_options(served, handlers, programs) | options
        pages[-1].launch(server_name="127.0.0.1", server_port=port(), **chosen)
        return pages[-1]

    yield start
    for page in pages:
        page.close(verbose=False)


@pytest.fixture(scope="session")
def page(launch: Launch) -> gr.Blocks:
    return launch()


@pytest.fixture
def http(page: gr.Blocks) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=page.local_url, trust_env=False, timeout=60) as client:
        yield client


@pytest.fixture(scope="session")
def restricted_app(
    request: pytest.FixtureRequest,
    make_pdf: MakePdf,
    tmp_path_factory: pytest.TempPathFactory,
    port: Callable[[], int],
) -> Iterator[Callable[[str], Running]]:
    """The app with a restricted collection, running, by the store of its catalogue."""
    with ExitStack() as until_the_end:

        @cache
        def running(store: str) -> Running:
            url = fresh(request.getfixturevalue("postgres")) if store == "postgres" else ""
            return until_the_end.enter_context(restricted(tmp_path_factory.mktemp("rights"), url, make_pdf, port()))

        yield running
