#!/usr/bin/env python3
"""PageSight's ingestion beside plain pymupdf4llm and pdfplumber: speed, processor time and memory on the same files.

    python benchmarks/parsers.py FILE… [--workers 1,2] [--repeats 3] [--pages 3-7] [--ocr auto]

Every run is a process of its own, and the contestants take turns, so that a busy minute falls on all of them. What is
measured is the whole run: start, import, reading. pymupdf4llm is asked for JSON with layout on and OCR off, pdfplumber
for words and tables; with two workers their pages are dealt out to two processes, eight at a time. OCR is off for
PageSight too unless asked for. Memory is the sum of proportional set sizes of all processes of a run (resident sets
where the system does not tell), ten times a second. Last comes where PageSight's processor time goes, in one process.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
SAMPLE_SECONDS = 0.1
DEALT = 8  # pages a task of a peer


class Cost(NamedTuple):
    """One run. ``processor`` and ``seconds`` in seconds, ``peak`` in bytes."""

    seconds: float
    processor: float
    peak: int
    pages: int


# -- the runs, each in its own process ---------------------------------------------------------------------------------


def run_pagesight(files: Sequence[Path], pages: tuple[int, int] | None, workers: int, ocr: str) -> int:
    from ingestion.parse import ParseOptions
    from ingestion.workers.parse import Workers, parse_in_worker

    options = ParseOptions(ocr=ocr, pages=pages)  # type: ignore[arg-type]
    with tempfile.TemporaryDirectory() as out, Workers(workers) as pool:
        return sum(
            len(parse_in_worker(file, Path(out) / str(number), options, workers=pool).pages)
            for number, file in enumerate(files)
        )


def by_pymupdf4llm(file: Path, pages: Sequence[int]) -> int:
    import pymupdf4llm

    return len(json.loads(pymupdf4llm.to_json(str(file), pages=list(pages), use_ocr=0))["pages"])


def by_pdfplumber(file: Path, pages: Sequence[int]) -> int:
    import pdfplumber

    with pdfplumber.open(file, pages=[number + 1 for number in pages]) as document:
        for page_reader in document.pages:
            page_reader.extract_words()
            page_reader.find_tables()
            page_reader.close()
        return len(document.pages)


PEERS: dict[str, Callable[[Path, Sequence[int]], int]] = {"pymupdf4llm": by_pymupdf4llm, "pdfplumber": by_pdfplumber}


def run_peer(name: str, files: Sequence[Path], pages: tuple[int, int] | None, workers: int) -> int:
    read = PEERS[name]
    counts = [(file, _wanted(page_count(file), pages)) for file in files]
    if workers == 1:
        return sum(read(file, wanted) for file, wanted in counts)
    tasks = [(file, wanted[i : i + DEALT]) for file, wanted in counts for i in range(0, len(wanted), DEALT)]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        return sum(pool.map(read, *zip(*tasks, strict=True)))


def page_count(file: Path) -> int:
    import pymupdf

    with pymupdf.open(file) as doc:
        return int(doc.page_count)


def _wanted(count: int, pages: tuple[int, int] | None) -> list[int]:
    """Page numbers from 0."""
    first, last = pages or (1, count)
    return list(range(max(1, first) - 1, min(last, count)))


# -- measuring a run ---------------------------------------------------------------------------------------------------


def measured(arguments: Sequence[str]) -> Cost:
    """Run this file again with ``arguments`` and watch it."""
    started, peak = time.perf_counter(), 0
    child = subprocess.Popen([sys.executable, __file__, *arguments], stdout=subprocess.PIPE, text=True)
    watched = psutil.Process(child.pid)
    assert child.stdout is not None
    before = os.times()
    while child.poll() is None:
        peak = max(peak, sum(_memory(process) for process in _tree(watched)))
        time.sleep(SAMPLE_SECONDS)
    after, seconds = os.times(), time.perf_counter() - started
    said = child.stdout.read().split()
    if child.returncode or not said:
        raise SystemExit(f"{' '.join(arguments[:4])} ended with exit code {child.returncode}")
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return Cost(seconds, used, peak, int(said[-1]))


def _tree(process: psutil.Process) -> list[psutil.Process]:
    try:
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _memory(process: psutil.Process) -> int:
    try:
        full = process.memory_full_info()
        return int(getattr(full, "pss", full.rss))
    except (psutil.NoSuchProcess, psutil.AccessDenied):  # it ended just now
        return 0


# -- where the time goes -----------------------------------------------------------------------------------------------


class Stages:
    """Processor seconds by stage. A stage inside another is taken from it."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self._open: list[str] = []
        self._last = time.process_time()

    def watch(self, owner: Any, attribute: str, stage: str) -> None:
        """From now on calls of ``owner.attribute`` count as ``stage``."""
        inner = getattr(owner, attribute)

        def timed(*arguments: Any, **options: Any) -> Any:
            self._turn()
            self._open.append(stage)
            try:
                return inner(*arguments, **options)
            finally:
                self._turn()
                self._open.pop()

        setattr(owner, attribute, timed)

    def _turn(self) -> None:
        now = time.process_time()
        self.seconds[self._open[-1] if self._open else "the rest"] += now - self._last  # type: ignore[assignment]
        self._last = now


def profile(files: Sequence[Path], pages: tuple[int, int] | None, ocr: str) -> tuple[Counter[str], int]:
    """Processor seconds of each stage, and pages read."""
    import onnxruntime
    from PIL import Image
    from pymupdf4llm.helpers import document_layout, table_html  # noqa: F401  imported here, so that it does not count

    from ingestion import assemble, page_reader
    from ingestion.ocr import pages as ocr_pages
    from ingestion.page_content import ParseOptions
    from ingestion.page_reader import PageReader
    from ingestion.pdf.page import PdfPage

    stages = Stages()
    for attribute in ("text", "lines"):
        stages.watch(PdfPage, attribute, "words")
    for attribute in ("images", "paths"):  # properties that are kept
        getter = getattr(PdfPage, attribute)
        stages.watch(getter, "func", "pictures and paths")
    stages.watch(PdfPage, "render", "render")
    stages.watch(PdfPage, "layout", "layout: library")
    stages.watch(onnxruntime.InferenceSession, "run", "networks (layout; OCR where on)")
    stages.watch(table_html, "page_html_tables", "layout: HTML tables")
    stages.watch(page_reader, "recognise_page", "recognise")
    stages.watch(page_reader, "recognise_picture", "recognise")
    stages.watch(page_reader, "blocks_of", "figures, captions, order")
    for attribute in ("crop", "is_blank", "difference_hash"):
        stages.watch(page_reader, attribute, "crops")
    for attribute in ("crop", "is_blank"):
        stages.watch(ocr_pages, attribute, "crops")
    stages.watch(Image.Image, "save", "WebP")
    stages.watch(pickle, "dumps", "pickling")
    stages.watch(assemble, "assemble", "assemble")
    count = 0
    with tempfile.TemporaryDirectory() as out:
        for number, file in enumerate(files):
            options = ParseOptions(ocr=ocr, pages=pages)  # type: ignore[arg-type]
            with PageReader(file, Path(out) / str(number), options) as reader:
                contents = [reader.read(wanted) for wanted in options.wanted(reader.count)]
            pickle.dumps(contents)
            assemble.assemble(file, contents)
            count += len(contents)
    return stages.seconds, count


# -- the report --------------------------------------------------------------------------------------------------------


def compare(given: argparse.Namespace) -> Iterator[str]:
    """Lines of Markdown."""
    runs: dict[tuple[str, int], list[Cost]] = {
        (name, workers): [] for workers in given.workers for name in ("pagesight", *PEERS)
    }
    for turn in range(given.repeats):
        for name, workers in runs:
            cost = measured(["--run", name, *_passed(given), "--workers", str(workers)])
            runs[name, workers].append(cost)
            print(f"turn {turn + 1}: {name}, {workers}: {cost.seconds:.1f} s", file=sys.stderr)
    pages = runs["pagesight", given.workers[0]][0].pages
    yield f"{pages} pages of {len(given.files)} files, {given.repeats} turns, OCR {given.ocr}, {os.cpu_count()} cores\n"
    yield "| | workers | pages/s | CPU s/page | peak MiB |\n|---|---|---|---|---|"
    for (name, workers), costs in runs.items():
        pages = costs[0].pages
        seconds, processor, peak = (median(c[i] for c in costs) for i in range(3))
        speed, each = pages / seconds, processor / pages
        yield f"| {name} | {workers} | {speed:.2f} | {each:.3f} | {peak / 2**20:,.0f} |"
    said = subprocess.run(
        [sys.executable, __file__, "--run", "profile", *_passed(given)], stdout=subprocess.PIPE, text=True, check=True
    )
    stages, pages = json.loads(said.stdout.splitlines()[-1])
    yield "\n| stage of pagesight, one process | CPU ms/page | share |\n|---|---|---|"
    for stage, seconds in sorted(stages.items(), key=lambda item: -item[1]):
        yield f"| {stage} | {1000 * seconds / pages:.1f} | {seconds / sum(stages.values()):.1%} |"


def _passed(given: argparse.Namespace) -> list[str]:
    pages = ["--pages", "-".join(map(str, given.pages))] if given.pages else []
    return [*map(str, given.files), "--ocr", given.ocr, *pages]


def _span(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    return int(first), int(last or first)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--workers", type=lambda text: [int(part) for part in text.split(",")], default=[1, 2])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--pages", type=_span, help="first and last page of every file, such as 3-7")
    parser.add_argument("--ocr", choices=("auto", "off"), default="off", help="of PageSight (off)")
    parser.add_argument("--run", choices=("pagesight", *PEERS, "profile"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.run is None:
        for line in compare(given):
            print(line, flush=True)
        return
    answer, sys.stdout = sys.stdout, sys.stderr  # libraries print
    if given.run == "profile":
        print(json.dumps(profile(given.files, given.pages, given.ocr)), file=answer)
    elif given.run == "pagesight":
        print(run_pagesight(given.files, given.pages, given.workers[0], given.ocr), file=answer)
    else:
        print(run_peer(given.run, given.files, given.pages, given.workers[0]), file=answer)


if __name__ == "__main__":
    main()
