"""The queue of the workers on the page: what waits, is read and has failed, in a real PostgreSQL and browser."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from app_tabs import PHONE
from playwright.sync_api import expect
from starlette.applications import Starlette
from starlette.testclient import TestClient
from vector_engines import PostgresServer, module

from rag.config import Settings
from rag.index import Index
from rag.queue.intake import enqueue
from ui.addresses import queue_routes
from ui.people.access import Access, Questions
from ui.state.backend import Library

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.browser
NAME = "<img src=x onerror=window.pwned=1>.pdf"
REASON = "cut.pdf is damaged beyond repair; export or download it again"
JSON = {"content-type": "application/json"}


@pytest.fixture
def queued(postgres: PostgresServer, tmp_path: Path) -> Iterator[Library]:
    """An empty library whose workers take files from a queue."""
    module("procrastinate")
    url = postgres.url
    settings = Settings(index=tmp_path / "index", encoder="builtin", words="static", workers=1, queue=url)
    with Index.open(settings, create=True) as index:
        library = Library(index, None, settings)
        yield library
        library.queue.close()


def put(library: Library, folder: Path, make_pdf: Callable[..., Path], *names: str) -> dict[str, int]:
    """The jobs of files of these names."""
    paths = [
        make_pdf(folder / name, f"The valve of pump {number} opens at 4 bar.") for number, name in enumerate(names)
    ]
    results = list(enqueue(library.index, library.queue.board(), paths))
    assert [one.error for one in results] == [""] * len(names)
    return {one.path.name: one.job for one in results if one.job is not None}


def delivery(library: Library, number: int) -> int:
    """Of a job, as its worker would be told it."""
    board = library.queue.board()
    with board._database.transaction() as db:
        row = db.execute("SELECT delivery FROM pagesight_jobs WHERE id = %s", (number,)).fetchone()
    return int(row["delivery"])


def test_the_page_shows_the_queue_and_has_failed_files_tried_again(
    queued: Library, make_pdf: Callable[..., Path], tmp_path: Path, launch: Callable[..., gr.Blocks], browser: Any
) -> None:
    board = queued.queue.board()
    jobs = put(queued, tmp_path, make_pdf, "cut.pdf", "long.pdf", NAME)
    context = browser.new_context(viewport=PHONE)
    tab = context.new_page()
    tab.goto(launch(queued).local_url)
    tab.locator(".sidebar .toggle-button").click()
    panel = tab.locator("#ps-queue")
    expect(panel).to_contain_text("3 waiting")
    expect(panel).to_contain_text("No worker is running")
    expect(panel).to_contain_text(NAME)

    board.take(jobs["long.pdf"], delivery(queued, jobs["long.pdf"]), "here:1")
    board.note(jobs["long.pdf"], delivery(queued, jobs["long.pdf"]), "reading", 30, 120)
    board.take(jobs["cut.pdf"], delivery(queued, jobs["cut.pdf"]), "here:1")
    board.fail(jobs["cut.pdf"], delivery(queued, jobs["cut.pdf"]), REASON, ())
    expect(panel.get_by_role("progressbar", name="long.pdf")).to_have_attribute("aria-valuenow", "25")
    expect(panel).to_contain_text("reading 30/120")
    expect(panel).to_contain_text(REASON)
    expect(panel.get_by_role("status")).to_have_text("1 being read · 1 waiting · 1 not added")
    again = panel.get_by_role("button", name="Try cut.pdf again")
    assert again.bounding_box()["height"] >= 24
    again.click()
    expect(panel.get_by_role("status")).to_have_text("1 being read · 2 waiting")
    assert (job := board.get(jobs["cut.pdf"])) is not None and job.state == "waiting"

    board.put_back(jobs["long.pdf"], delivery(queued, jobs["long.pdf"]))
    command = [sys.executable, "-m", "rag", "worker", "--once", "--index", str(queued.settings.index)]
    environment = {**os.environ, "PAGESIGHT_QUEUE": queued.settings.queue}
    subprocess.run(command, env=environment, cwd=ROOT, check=True, timeout=300)
    expect(tab.locator("#ps-documents .ps-document")).to_have_count(3)  # without a reload
    expect(panel).to_be_hidden()
    assert tab.evaluate("window.pwned") is None
    context.close()


def test_the_queue_is_for_admins_and_a_failure_of_it_is_said(
    queued: Library, make_pdf: Callable[..., Path], tmp_path: Path
) -> None:
    jobs = put(queued, tmp_path, make_pdf, "secret-plan.pdf")
    board = queued.queue.board()
    board.take(jobs["secret-plan.pdf"], delivery(queued, jobs["secret-plan.pdf"]), "here:1")
    board.fail(jobs["secret-plan.pdf"], delivery(queued, jobs["secret-plan.pdf"]), "no", ())
    address = f"/pagesight/queue/{jobs['secret-plan.pdf']}"

    def served(access: Access) -> TestClient:
        app = Starlette(routes=queue_routes.routes(queued, access))
        return TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 1))

    reader, admin = served(Access(alone=False, demo=Questions(5))), served(Access())
    assert reader.get("/pagesight/queue").json() == {"there": False}
    assert reader.post(f"{address}/retry", headers=JSON, json={}).status_code == 403
    assert admin.get("/pagesight/queue").json()["jobs"][0]["name"] == "secret-plan.pdf"
    assert admin.post(f"{address}/retry", content="x").status_code == 403  # not from our page
    assert admin.post(f"{address}/burn", json={}).status_code == 404
    assert admin.post(f"{address}/cancel", json={}).json()["jobs"] == []
    assert "is cancelled" in admin.post(f"{address}/retry", json={}).json()["problem"]
