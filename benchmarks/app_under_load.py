#!/usr/bin/env python3
"""The app under load: people ask at once while documents are added, over the same addresses that a browser uses.

    python benchmarks/app_under_load.py --index DIR --questions FILE.jsonl [--adding A.pdf B.pdf] [--people 20]
    python benchmarks/app_under_load.py --index DIR --questions FILE.jsonl --turns 500 --uploads 1000

Starts ``app.py`` on a copy of the index and prints: seconds and CPU seconds until the page answers and until search is
ready; then seconds per answer (middle, 95th percentile, most) and failures, alone and while the documents are uploaded
by another person. ``--turns`` and ``--uploads`` are asked and uploaded one after another, with the memory of the
program and its children at every tenth. ``--root`` starts another checkout. Needs psutil.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import psutil

ROOT = Path(__file__).resolve().parent.parent
POLL = 0.2  # seconds between two looks at the start and at an upload
PATIENCE = 600.0  # seconds after which an answer or an upload counts as failed
MIB = 1 << 20


class Asked(NamedTuple):
    """Seconds to the whole answer, and what was wrong with it."""

    seconds: float
    problem: str


class App:
    """A running ``app.py``."""

    def __init__(self, root: Path, index: Path, log: Path) -> None:
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            port = str(probe.getsockname()[1])
        self.url, self._log = f"http://127.0.0.1:{port}/", log
        command = [sys.executable, "app.py", "--no-samples", "--index", str(index), "--port", port]
        with log.open("wb") as out:
            self._process = subprocess.Popen(command, cwd=root, stdout=out, stderr=subprocess.STDOUT)
        self._watched = psutil.Process(self._process.pid)

    def started(self) -> None:
        """Wait for the page, then for search, and print how long they took."""
        began = time.perf_counter()
        for name, there in (("page", self._answers), ("search", self._searches)):
            while not there():
                if self._process.poll() is not None:
                    sys.exit(self._log.read_text())
                time.sleep(POLL / 4)
            used = self._watched.cpu_times()
            print(f"{name}: after {time.perf_counter() - began:.1f} s, {used.user + used.system:.1f} CPU s")

    def _answers(self) -> bool:
        try:
            return httpx.get(self.url, trust_env=False, timeout=60).is_success
        except httpx.TransportError:
            return False

    def _searches(self) -> bool:
        """An earlier version opened the encoder before the page."""
        ready = httpx.get(f"{self.url}pagesight/news", trust_env=False, timeout=60).json().get("ready")
        return not ready or not ready["words"]

    @property
    def pid(self) -> int:
        """Of the program."""
        return self._process.pid

    def memory(self) -> tuple[int, int]:
        """MiB resident: the program's own, and its children's."""
        children = 0
        for child in self._watched.children(recursive=True):
            try:
                children += child.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        return self._watched.memory_info().rss // MIB, children // MIB

    def stop(self) -> None:
        """As Ctrl-C does."""
        self._process.terminate()
        self._process.wait(timeout=60)


class Person:
    """One browser with one tab."""

    def __init__(self, url: str, name: str) -> None:
        self.http = httpx.Client(base_url=url, trust_env=False, timeout=PATIENCE)
        self.http.get("").raise_for_status()
        config = self.http.get("config").json()
        self._calls = self._numbers(config)
        self._tab, self._documents = name, ""

    @staticmethod
    def _numbers(config: dict[str, Any]) -> dict[tuple[str, str], int]:
        names = {part["id"]: part["props"].get("elem_id") for part in config["components"]}
        return {(names.get(t[0]) or "", t[1]): call["id"] for call in config["dependencies"] for t in call["targets"]}

    def call(self, element: str, event: str, data: list[Any]) -> dict[str, Any]:
        """One event of the page; the last message of its reply."""
        body = {"data": data, "fn_index": self._calls[element, event], "session_hash": self._tab}
        number = self.http.post("gradio_api/queue/join", json=body).raise_for_status().json()["event_id"]
        with self.http.stream("GET", "gradio_api/queue/data", params={"session_hash": self._tab}) as stream:
            for line in stream.iter_lines():
                message = json.loads(line[5:]) if line.startswith("data:") else {}
                if message.get("msg") == "process_completed" and message.get("event_id") == number:
                    return dict(message)
        raise httpx.RemoteProtocolError("the reply broke off")

    def ask(self, question: str) -> Asked:
        """To the end of the answer."""
        began = time.perf_counter()
        try:
            done = self.call("ps-box", "submit", [{"text": question, "files": []}, "", None])
        except (httpx.HTTPError, json.JSONDecodeError) as exc:
            return Asked(time.perf_counter() - began, f"{type(exc).__name__}: {exc}")
        problem = "" if done["success"] else str(done["output"])[:200]
        return Asked(time.perf_counter() - began, problem)

    def upload(self, path: Path) -> str:
        """Until it is added; what became of it otherwise."""
        with path.open("rb") as file:
            there = self.http.post("gradio_api/upload", files={"files": (path.name, file)}).raise_for_status().json()[0]
        sent = {"path": there, "meta": {"_type": "gradio.FileData"}, "orig_name": path.name}
        if not (done := self.call("ps-drop", "upload", [[sent], None]))["success"]:
            return str(done["output"])[:200]
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            card = self.http.get("pagesight/news").json()["uploads"]
            if not card or not json.loads(card)["running"]:
                states = {file["state"]: file["message"] for file in json.loads(card)["files"]} if card else {}
                return "" if set(states) <= {"added", "present"} else str(states)
            time.sleep(POLL)
        return "not added in time"


def ask_all(people: Sequence[Person], questions: Iterator[str], stop: threading.Event, most: int) -> list[Asked]:
    """Each asks ``most`` questions, and on until ``stop`` is set."""
    taking = threading.Lock()

    def one(person: Person) -> list[Asked]:
        asked: list[Asked] = []
        while len(asked) < most or not stop.is_set():
            with taking:
                question = next(questions)
            asked.append(person.ask(question))
        return asked

    with ThreadPoolExecutor(len(people)) as pool:
        return [asked for part in pool.map(one, people) for asked in part]


def report(name: str, asked: Sequence[Asked], seconds: float) -> None:
    """One line, and each kind of failure."""
    took = sorted(a.seconds for a in asked)
    failed = [a.problem for a in asked if a.problem]
    late = took[min(len(took) - 1, round(0.95 * len(took)))]
    print(
        f"{name}: {len(asked)} answers in {seconds:.1f} s, middle {statistics.median(took):.2f} s, 95 % within "
        f"{late:.2f} s, most {took[-1]:.2f} s, {len(failed)} failed",
        flush=True,
    )
    for problem in sorted(set(failed))[:5]:
        print(f"  {problem}")


def for_ever(questions: Sequence[str]) -> Iterator[str]:
    """Each a little other than the last time, so that no answer is ready made."""
    number = 0
    while True:
        for question in questions:
            number += 1
            yield f"{question} ({number})"


def under_load(app: App, options: argparse.Namespace, questions: Iterator[str]) -> None:
    """Alone, then while documents come in."""
    people = [Person(app.url, f"tab{number}") for number in range(options.people)]
    stop = threading.Event()
    stop.set()
    ask_all(people, questions, stop, 1)  # everything is open now
    for name, files in (("alone", []), ("while documents are added", options.adding)):
        if name != "alone" and not files:
            continue
        began = time.perf_counter()
        stop = threading.Event()
        with ThreadPoolExecutor(1 + len(files)) as pool:
            adding = [pool.submit(Person(app.url, f"adder{n}").upload, path) for n, path in enumerate(files)]
            asking = pool.submit(ask_all, people, questions, stop, options.asks)
            for path, job in zip(files, adding, strict=True):
                print(f"  {path.name}: {job.result() or 'added'} after {time.perf_counter() - began:.1f} s", flush=True)
            stop.set()
            report(name, asking.result(), time.perf_counter() - began)
        print("  memory: {} MiB, children {} MiB".format(*app.memory()))


def many(app: App, options: argparse.Namespace, questions: Iterator[str], folder: Path) -> None:
    """Turns and uploads one after another, with the memory meanwhile."""
    person = Person(app.url, "many")
    for name, total in (("turns", options.turns), ("uploads", options.uploads)):
        problems: list[str] = []
        for number in range(1, total + 1):
            if name == "turns":
                problems += filter(None, [person.ask(next(questions)).problem])
            else:
                note = folder / f"note {number}.txt"
                note.write_text(f"Note {number}: valve {number * 7} opens at {number % 90} bar.\n")
                problems += filter(None, [person.upload(note)])
            if number % max(1, total // 10) == 0:
                own, children = app.memory()
                print(f"{number} {name}: {own} MiB, children {children} MiB, {len(problems)} failed", flush=True)
        for problem in sorted(set(problems))[:5]:
            print(f"  {problem}")


@contextmanager
def running(options: argparse.Namespace) -> Iterator[tuple[App, Path]]:
    """The app on a copy of the index."""
    with tempfile.TemporaryDirectory(prefix="load-") as name:
        folder = Path(name)
        shutil.copytree(options.index, folder / "index")
        app = App(options.root, folder / "index", folder / "log.txt")
        try:
            app.started()
            yield app, folder
        finally:
            app.stop()
            said = (folder / "log.txt").read_text()
            if re.search("Traceback|Error", said):
                print(said[-3000:])


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True, help="JSON lines with a field question")
    parser.add_argument("--root", type=Path, default=ROOT, help="the checkout whose app.py is started")
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--asks", type=int, default=5, help="questions of each person at least")
    parser.add_argument("--adding", type=Path, nargs="*", default=[])
    parser.add_argument("--turns", type=int, default=0)
    parser.add_argument("--uploads", type=int, default=0)
    options = parser.parse_args()
    rows = [json.loads(line) for line in options.questions.read_text(encoding="utf-8").splitlines() if line.strip()]
    questions = for_ever([row["question"] for row in rows if row.get("question")])
    with running(options) as (app, folder):
        print("memory: {} MiB, children {} MiB".format(*app.memory()))
        if options.people:
            under_load(app, options, questions)
        many(app, options, questions, folder)


if __name__ == "__main__":
    main()
