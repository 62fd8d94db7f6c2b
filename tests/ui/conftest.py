"""What the tests of the app share: an index of the manual and of a document whose name and words are an attack."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import gradio as gr
import httpx
import pymupdf
import pytest

from rag.config import Settings
from rag.index import Index
from ui import layout
from ui.backend import Library
from ui.handlers import Handlers
from ui.programs import Programs

EVIL = "<img src=x onerror=window.pwned=1>"
MakePdf = Callable[..., Path]
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
def library(manual_pdf: Path, make_pdf: MakePdf, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("app")
    settings = Settings(index=folder / "index", encoder="builtin", words="static", workers=1)
    text = f"The boiler pressure is 2.5 bar {EVIL} and the relief valve opens at 4 bar."
    evil = make_pdf(folder / f"{EVIL}.pdf", text)
    with Index.open(settings, create=True) as index:
        assert [added.error for added in index.add([manual_pdf, evil])] == ["", ""]
        yield Library(index, None, settings)


@pytest.fixture(scope="session")
def manual(library: Library) -> str:
    """The manual's id."""
    return next(row.id for row in library.documents() if row.name == "lagoon-manual.pdf")


@pytest.fixture(scope="session")
def port() -> Callable[[], int]:
    def free() -> int:
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            return int(probe.getsockname()[1])

    return free


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
