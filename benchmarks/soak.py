#!/usr/bin/env python3
"""The app for an hour, as one person uses it: does its memory stay, and does anything fail?

    python -m benchmarks.soak [--minutes 60] [--most 1000] [--pause 5] [--documents FOLDER] [--questions FILE.jsonl]

Starts ``app.py`` on a new index of the sample documents, then does one thing after another with a pause between: asks
on the page and over the API, adds a document, removes one, takes it back, deletes one for good, and every ten minutes
embeds all anew beside the running app (``python -m rag reindex``). It ends after so many minutes or so many acts,
whichever comes first. With ``PAGESIGHT_STORE_URL`` and ``PAGESIGHT_FILES`` (a new schema, a new place) the library lies
there. Prints memory (MiB resident: the program, its children), open files and threads every minute, the
acts with their seconds, every failure, and what the app's log says of errors; exit 1 where anything failed. Needs
psutil.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
from reportlab.pdfgen.canvas import Canvas

from benchmarks.app_under_load import PATIENCE, POLL, ROOT, App, Person, for_ever

REINDEX = 600.0  # seconds between two
STOCK = 12  # documents of this script's own at most
WEIGHTS = {"ask": 12, "ask over the API": 6, "add": 3, "remove": 2, "take back": 1, "delete for good": 1}


class Soak:
    """What one person does; each act returns what was wrong, or nothing."""

    def __init__(self, app: App, index: Path, folder: Path, questions: Iterator[str], chance: random.Random) -> None:
        self._index, self._folder, self._questions, self._chance = index, folder, questions, chance
        self._page = Person(app.url, "soak")
        self._api = httpx.Client(base_url=f"{app.url}api/v1/", trust_env=False, timeout=PATIENCE)
        self._made = 0
        self.acts: dict[str, Callable[[], str]] = {
            "ask": lambda: self._page.ask(next(self._questions)).problem,
            "ask over the API": self._ask,
            "add": self._add,
            "remove": self._remove,
            "take back": self._take_back,
            "delete for good": self._delete,
            "reindex": self._reindex,
        }

    def choose(self) -> str:
        """The next act: documents do not become more and more."""
        names = [name for name in WEIGHTS if name != "add" or len(self._own()) < STOCK]
        return self._chance.choices(names, [WEIGHTS[name] for name in names])[0]

    def _own(self) -> list[str]:
        rows = self._api.get("documents").raise_for_status().json()["documents"]
        return [row["id"] for row in rows if row["name"].startswith("soak-")]

    def _ask(self) -> str:
        keep = self._chance.random() < 0.5
        answer = self._api.post("ask", json={"question": next(self._questions), "keep": keep})
        return "" if answer.is_success else answer.text[:200]

    def _pdf(self) -> Path:
        self._made += 1
        path = self._folder / f"soak-{self._made}.pdf"
        canvas = Canvas(str(path), invariant=1)
        for page in range(1, 4):
            canvas.setFont("Helvetica-Bold", 16)
            canvas.drawString(72, 760, f"{page}. Valve {self._made}-{page}")
            canvas.setFont("Helvetica", 11)
            for line in range(12):
                number = self._chance.randrange(1000)
                canvas.drawString(72, 720 - 16 * line, f"Turn screw {number} by {line} steps and wait {number} s.")
            canvas.showPage()
        canvas.save()
        return path

    def _add(self) -> str:
        path = self._pdf()
        with path.open("rb") as file:
            sent = self._api.post("documents", files={"file": (path.name, file)})
        path.unlink()
        until = time.monotonic() + PATIENCE
        while sent.is_success and time.monotonic() < until:
            job = self._api.get(f"jobs/{sent.json()['id']}").raise_for_status().json()
            if job["finished"]:
                return "" if job["state"] == "added" else str(job)[:200]
            time.sleep(POLL)
        return sent.text[:200]

    def _remove(self) -> str:
        own = self._own()
        return self._said(self._api.delete(f"documents/{self._chance.choice(own)}")) if own else ""

    def _trash(self) -> list[str]:
        """Of the documents in the trash, wherever their files are."""
        listed = self._rag("trash", "list", "--json")
        listed.check_returncode()
        return [json.loads(line)["id"] for line in listed.stdout.splitlines()]

    def _take_back(self) -> str:
        return self._command("trash", "restore") if self._trash() else ""

    def _delete(self) -> str:
        return self._command("trash", "empty") if len(self._trash()) > STOCK // 2 else ""

    def _command(self, *words: str) -> str:
        named = [self._chance.choice(self._trash())]
        return self._run(*words, *named)

    def _reindex(self) -> str:
        return self._run("reindex")

    def _run(self, *words: str) -> str:
        done = self._rag(*words)
        return "" if done.returncode == 0 else (done.stderr or done.stdout)[-300:]

    def _rag(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "rag", *words, "--index", str(self._index)]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    @staticmethod
    def _said(answer: httpx.Response) -> str:
        return "" if answer.is_success else answer.text[:200]


def soak(app: App, acting: Soak, options: argparse.Namespace) -> int:
    """Act until the time or the count is up; how many acts failed."""
    began = time.monotonic()
    until, looked, embedded = began + options.minutes * 60, began - 60, began
    seconds: dict[str, list[float]] = defaultdict(list)
    failed = 0
    while time.monotonic() < until and sum(map(len, seconds.values())) < options.most:
        now = time.monotonic()
        if now - looked >= 60:
            looked = now
            print(f"{(now - began) / 60:5.1f} min: {_state(app)}, {failed} failed", flush=True)
        due = now - embedded >= REINDEX
        act = "reindex" if due else acting.choose()
        embedded = now if due else embedded
        started = time.perf_counter()
        try:
            problem = acting.acts[act]()
        except (httpx.HTTPError, OSError, KeyError, ValueError, subprocess.CalledProcessError) as exc:
            problem = f"{type(exc).__name__}: {exc}"
        seconds[act].append(time.perf_counter() - started)
        if problem:
            failed += 1
            print(f"{(time.monotonic() - began) / 60:5.1f} min: {act} failed: {problem}", flush=True)
        time.sleep(options.pause)
    print(f"{(time.monotonic() - began) / 60:5.1f} min: {_state(app)}, {failed} failed")
    for name, took in sorted(seconds.items()):
        print(f"{name}: {len(took)}, middle {statistics.median(took):.2f} s, most {max(took):.2f} s")
    return failed


def _state(app: App) -> str:
    own, children = app.memory()
    process = psutil.Process(app.pid)
    return f"{own} MiB, children {children} MiB, {process.num_fds()} files, {process.num_threads()} threads"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--most", type=int, default=1000, help="acts")
    parser.add_argument("--pause", type=float, default=5, help="seconds between two acts")
    parser.add_argument("--documents", type=Path, default=ROOT / "sample_docs")
    parser.add_argument("--questions", type=Path, default=ROOT / "sample_docs" / "questions.jsonl")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    rows = [json.loads(line) for line in options.questions.read_text(encoding="utf-8").splitlines() if line.strip()]
    with tempfile.TemporaryDirectory(prefix="soak-") as name:
        folder, index = Path(name), Path(name) / "index"
        adding = [sys.executable, "-m", "rag", "add", *map(str, sorted(options.documents.glob("*.pdf")))]
        subprocess.run([*adding, "--index", str(index)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        app = App(ROOT, index, folder / "log.txt")
        try:
            app.started()
            questions = for_ever([row["question"] for row in rows if row.get("question")])
            failed = soak(app, Soak(app, index, folder, questions, random.Random(options.seed)), options)
        finally:
            app.stop()
        lines = (folder / "log.txt").read_text().splitlines()
        said = [line for line in lines if "Traceback" in line or "Error" in line]
        print(f"log: {len(said)} lines of errors", *said[:10], sep="\n  ")
    return int(failed > 0 or bool(said))


if __name__ == "__main__":
    sys.exit(main())
