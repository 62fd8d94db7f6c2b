#!/usr/bin/env python3
"""The first ten minutes, timed: from nothing to an answer out of a document of one's own, and a saved conversation.

    python benchmarks/first_ten_minutes.py [--installed] [--keep DIR] [--pictures DIR]

Clones this checkout into an empty folder, runs the README's first command there with an empty home folder and a virtual
environment of its own, opens the page in an installed Chromium, and from then on only clicks, types and chooses files.
The document is made here; the model is a server on this machine that speaks the OpenAI protocol at a port where model
servers are looked for (``tests/helpers/chat_server.py``): how it is found and chosen is timed, not how it writes.

Prints a line for each step: seconds, and how often a person clicked, typed or pressed a key. ``--installed`` runs
``app.py`` with this interpreter instead of installing; ``--keep`` is the folder for the clone, kept; ``--pictures``
gets a screenshot after each step. Whatever leaves the machine, and every error of a script, fails the run.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pymupdf

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests/helpers")]
from chat_server import ChatServer  # noqa: E402
from running import running  # noqa: E402

from rag.llm.finder import PORTS  # noqa: E402

BROWSERS = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
INSTALL = 1800.0  # seconds that installing and reading the samples may take
PATIENCE = 120.0  # seconds for anything else
PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR")  # of this environment; what begins so, too:
PASSED_ON_FAMILIES = ("PIP_", "SSL_", "REQUESTS_", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
SAMPLE_QUESTION = "What does error code E6 mean?"
OWN_QUESTION = "How often is the filter cleaned?"
OWN_PAGES = (
    "Pump P7 – operating notes\n\nThe pump feeds the rinsing bath. It runs on 230 V and needs no oil.",
    "Maintenance\n\nThe filter is cleaned every 40 hours. The seal is replaced once a year, by an electrician.",
)


class Step(NamedTuple):
    """What was done, how long it took, and how often a person had to do something."""

    name: str
    seconds: float
    acts: int


class Person:
    """Does what a person can do, and counts it."""

    def __init__(self, tab: Any, pictures: Path | None) -> None:
        self.tab, self._pictures = tab, pictures
        self.steps: list[Step] = []
        self._acts = 0

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Timed until the block ends."""
        began, self._acts = time.perf_counter(), 0
        yield
        self.done(Step(name, time.perf_counter() - began, self._acts))

    def done(self, step: Step) -> None:
        """Note a step and show it."""
        self.steps.append(step)
        print(line(step), flush=True)
        if self._pictures and self.tab is not None:
            self.tab.screenshot(path=self._pictures / f"{len(self.steps):02d}.png")

    def click(self, target: Any) -> None:
        """One click."""
        self._acts += 1
        target.click()

    def choose(self, target: Any, path: Path) -> None:
        """A file in the browser's dialogue."""
        self._acts += 1
        target.set_input_files(path)

    def ask(self, question: str) -> Any:
        """Type a question and press Enter; the answer, once its evidence is there."""
        self._acts += 2
        before = self.tab.locator("#ps-chat .ps-strip").count()
        self.tab.locator("#ps-box textarea").fill(question)
        self.tab.locator("#ps-box textarea").press("Enter")
        self.tab.locator("#ps-chat .ps-strip img").nth(before).wait_for()
        return self.tab.locator("#ps-chat .bot").last


def main(argv: Sequence[str] | None = None) -> int:
    """Walk all steps. Exit code 1 where one of them fails."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--installed", action="store_true", help="app.py with this interpreter, nothing is installed")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="a new folder for the clone, which stays")
    parser.add_argument("--pictures", type=Path, metavar="DIR", help="a screenshot after each step")
    options = parser.parse_args(argv)
    if options.pictures:
        options.pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        return walk(Path(folder), options)


def walk(folder: Path, options: argparse.Namespace) -> int:
    """From the clone to the saved conversation."""
    me = Person(None, options.pictures)
    clone = (options.keep or folder / "PageSight").resolve()
    with me.step("git clone"):
        subprocess.run([which("git"), "clone", "--quiet", str(ROOT), str(clone)], check=True)
    with started(clone, folder, options.installed) as run, a_model() as model, browser() as engine:
        me.done(Step("installed", run.wait("Starting …"), 1))
        me.done(Step("the page answers", run.wait("PageSight answers at"), 0))
        context = engine.new_context(viewport={"width": 1366, "height": 768}, locale="en-GB", accept_downloads=True)
        context.set_default_timeout(PATIENCE * 1000)
        me.tab, wrong = context.new_page(), []
        me.tab.on("pageerror", lambda error: wrong.append(f"an error of a script: {error}"))
        me.tab.on("request", lambda r: None if r.url.startswith((run.url, "data:", "blob:")) else wrong.append(r.url))
        clicks(me, run, own_document(folder), model)
        context.close()
    total = Step("all of it", sum(step.seconds for step in me.steps), sum(step.acts for step in me.steps))
    print(line(total))
    for problem in wrong:
        print(problem, file=sys.stderr)
    return int(bool(wrong))


def clicks(me: Person, run: Run, document: Path, model: str) -> None:
    """What is done in the page."""
    tab = me.tab
    with me.step("the page is open"):
        tab.goto(run.url)
        tab.locator("#ps-box textarea").wait_for()
    with me.step("the samples are read, search is ready"):
        run.wait("Search is ready")
        tab.locator("#ps-documents .ps-document").nth(2).wait_for()
    with me.step("a sample's question answered"):
        answer = me.ask(SAMPLE_QUESTION)
        expect("Fan speed below 400 rpm" in answer.inner_text(), "the sample's answer")
    with me.step("an own document added"):
        me.choose(tab.locator("#ps-drop input[type=file]"), document)
        tab.locator("#ps-documents .ps-document", has_text=document.stem).wait_for()
    with me.step("it answers, quoted"):
        answer = me.ask(OWN_QUESTION)
        expect("every 40 hours" in answer.inner_text(), "the own document's answer")
    with me.step("the evidence: page and box"):
        me.click(answer.locator('a[href^="#cite-"]').first)
        tab.locator(".ps-view-title", has_text=document.name).wait_for()
        tab.locator(".ps-view-title", has_text="page 2 of 2").wait_for()
        tab.locator(".ps-mark").first.wait_for()
    with me.step("a model found and chosen"):
        me.click(tab.locator("#ps-settings"))
        panel = tab.get_by_role("dialog", name="Settings")
        me.click(panel.get_by_role("button", name=f"Use {model}"))
        panel.get_by_text(f"{model} answers from the next question on").wait_for()
        me.click(panel.get_by_role("button", name="Close"))
    with me.step("it answers, written"):
        answer = me.ask(f"{OWN_QUESTION} Say it in a sentence.")
        expect("cleaned every 40 hours" in answer.inner_text(), "the model's answer")
    with me.step("the conversation saved as PDF"):
        with tab.expect_download() as coming:
            me.click(tab.locator("#ps-conversations .ps-export a", has_text="PDF"))
        with pymupdf.open(coming.value.path(), filetype="pdf") as saved:
            text = unicodedata.normalize("NFKC", "".join(page.get_text() for page in saved))  # ligatures taken apart
        expect(OWN_QUESTION in " ".join(text.split()), "the saved file")


def which(program: str) -> str:
    """Where it is."""
    if (found := shutil.which(program)) is None:
        raise SystemExit(f"{program} is needed")
    return found


def expect(there: bool, what: str) -> None:
    """End with a word where something is not as it should be."""
    if not there:
        raise SystemExit(f"{what} is not as expected")


class Run:
    """A command that runs, with what it has printed so far."""

    def __init__(self, command: Sequence[str], folder: Path, home: Path, log: Path, url: str) -> None:
        self.url, self._log, self._told = url, log, time.perf_counter()
        with log.open("wb") as out:
            self._process = subprocess.Popen(
                command, cwd=folder, env=environment(home), stdout=out, stderr=subprocess.STDOUT, start_new_session=True
            )

    def wait(self, words: str) -> float:
        """Until it has printed them; seconds since the wait before."""
        until = time.monotonic() + INSTALL
        while words not in (printed := self._log.read_text(encoding="utf-8", errors="replace")):
            if self._process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"“{words}” never came:\n{printed[-3000:]}")
            time.sleep(0.1)
        began, self._told = self._told, time.perf_counter()
        return self._told - began

    def stop(self) -> None:
        """The command and what it has started."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait(timeout=PATIENCE)


@contextmanager
def started(clone: Path, folder: Path, installed: bool) -> Iterator[Run]:
    """The README's first command in the clone, on a port of its own; stopped at the end."""
    port = free_port()
    command = [which("make"), "run", f"ARGS=--port {port}"]
    if installed:
        command = [sys.executable, "app.py", "--port", str(port)]
    home = folder / "home"
    home.mkdir()
    run = Run(command, clone, home, folder / "run.log", f"http://127.0.0.1:{port}/")
    try:
        yield run
    finally:
        run.stop()


def environment(home: Path) -> Mapping[str, str]:
    """That of a person who has just sat down, with what this machine needs to reach package indexes."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in PASSED_ON or name.upper().startswith(PASSED_ON_FAMILIES)
    }
    return kept | {"HOME": str(home)}


def free_port() -> int:
    """One that nobody listens at now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def a_model() -> Iterator[str]:
    """A server where one is looked for; yields the name of its model."""
    for port in PORTS:
        try:
            server = ChatServer(port=port)
        except OSError:
            continue
        server.native = {"/v1/models": {"data": [{"id": "good"}]}}
        server.reply = ("The filter is ", "cleaned every 40 hours [1].")
        with running(server):
            yield "good"
            return
    raise SystemExit(f"something listens at all of the ports {', '.join(map(str, PORTS))}: stop one of them")


@contextmanager
def browser() -> Iterator[Any]:
    """An installed Chromium, driven by playwright."""
    from playwright.sync_api import sync_playwright

    found = next((path for path in BROWSERS if Path(path).is_file()), None)
    if found is None:
        raise SystemExit(f"install Chromium: there is none of {', '.join(BROWSERS)}")
    with sync_playwright() as playwright:
        engine = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield engine
        engine.close()


def own_document(folder: Path) -> Path:
    """Two pages that nobody has seen before."""
    path = folder / "pump-p7-notes.pdf"
    with pymupdf.open() as document:
        for text in OWN_PAGES:
            document.new_page().insert_textbox((72, 72, 520, 700), text, fontsize=12)
        document.save(path)
    return path


def line(step: Step) -> str:
    """Of the table."""
    return f"{step.seconds:8.1f} s  {step.acts:2d} acts  {step.name}"


if __name__ == "__main__":
    sys.exit(main())
