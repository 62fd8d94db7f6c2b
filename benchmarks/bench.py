#!/usr/bin/env python3
"""PageSight's ingestion beside other readers of PDFs on the same pages: speed, processor time, memory, what came out.

    make bench                       the sample documents
    make bench DIR=FOLDER            the PDFs in a folder of yours
    python benchmarks/bench.py PATH… [--workers 1,2] [--repeats 3] [--pages 3-7] [--ocr auto] [--picture FILE.svg]

The others are pymupdf4llm with layout on, pdfplumber (words and tables) and OpenDataLoader (needs Java), each where it
is installed. Every run is a process of its own, and the contestants take turns, so that a busy minute falls on all of
them; figures are medians. What is measured is the whole run: start, import, reading. With two workers, pymupdf4llm and
pdfplumber read in two processes, eight pages at a time. OCR is off for all, and for PageSight too unless asked for.

Memory is the sum of proportional set sizes of all processes of a run (resident sets where the system does not tell),
ten times a second. Words kept is the share of the words in the files' own text that are in what came out; scans have
no such text. Tables and figures are counted, not judged.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from benchmarks.bench_picture import drawn  # noqa: E402
from benchmarks.contestants import CONTESTANTS, Contestant, Found, Wanted, page_span, words_in  # noqa: E402

SAMPLE_SECONDS = 0.1


class Cost(NamedTuple):
    """One run. ``processor`` and ``seconds`` in seconds, ``peak`` in bytes."""

    seconds: float
    processor: float
    peak: int
    found: Found


class Row(NamedTuple):
    """A line of the table: a contestant with so many workers, medians of its runs; ``missing``: why there are none."""

    name: str
    workers: int = 1
    speed: float = 0.0  # pages a second
    processor: float = 0.0  # seconds a page
    peak: float = 0.0  # bytes
    kept: float = 0.0  # share of words
    tables: int = 0
    figures: int = 0
    missing: str = ""


# -- what to read ------------------------------------------------------------------------------------------------------


def pdfs_in(paths: Sequence[Path]) -> list[Path]:
    """Files, and the PDFs in folders, by name. Raises :class:`SystemExit` where there are none."""
    found: list[Path] = []
    for path in paths:
        inside = path.rglob("*") if path.is_dir() else [path]
        found += sorted(file for file in inside if file.is_file() and (file == path or file.suffix.lower() == ".pdf"))
    if not found:
        raise SystemExit(f"No PDF in {', '.join(map(str, paths))}: name a file, or a folder with some")
    return found


def what_to_read(files: Sequence[Path], pages: tuple[int, int] | None) -> tuple[list[Wanted], Counter[str]]:
    """The pages wanted of each file that can be opened, and the words that stand in them as text."""
    import pymupdf

    wanted, words = list[Wanted](), Counter[str]()
    first, last = pages or (1, sys.maxsize)
    for file in files:
        try:
            with pymupdf.open(file) as document:
                end = min(last, document.page_count)
                if document.needs_pass or end < first:
                    raise ValueError("it is encrypted" if document.needs_pass else f"it has no page {first}")
                for number in range(first - 1, end):
                    words += words_in(document[number].get_text())
        except (ValueError, RuntimeError) as exc:
            print(f"{file} is left out: {exc}", file=sys.stderr)
            continue
        wanted.append(Wanted(file, first, end))
    if not wanted:
        raise SystemExit("None of the files can be read: name others")
    return wanted, words


# -- measuring a run ---------------------------------------------------------------------------------------------------


def measured(contestant: Contestant, wanted: Sequence[Wanted], workers: int, ocr: str) -> Cost:
    """Run a contestant in a process of its own and watch it. Raises :class:`SystemExit` where it has no result."""
    listed = json.dumps([[str(file.resolve()), first, last] for file, first, last in wanted])
    command = [sys.executable, "-m", "benchmarks.contestants", contestant.name, str(workers), ocr, listed]
    peak, before, started = 0, os.times(), time.perf_counter()
    with tempfile.TemporaryFile("w+") as answer:
        child = subprocess.Popen(command, stdout=answer, stderr=subprocess.DEVNULL, cwd=ROOT)
        watched = psutil.Process(child.pid)
        while child.poll() is None:
            peak = max(peak, sum(_memory(process) for process in _tree(watched)))
            time.sleep(SAMPLE_SECONDS)
        after, seconds = os.times(), time.perf_counter() - started
        answer.seek(0)
        said = answer.read().splitlines()
    if child.returncode or not said:
        raise SystemExit(f"{contestant.name} ended with exit code {child.returncode}; run it alone: {command[:-1]}")
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return Cost(seconds, used, peak, Found.of_json(said[-1]))


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


# -- the report --------------------------------------------------------------------------------------------------------


def row_of(name: str, workers: int, costs: Sequence[Cost], words: Counter[str]) -> Row:
    """The line of a contestant's runs; ``words`` are those of the pages' own text."""
    found = costs[0].found
    pages = max(1, found.pages)
    seconds, processor = median(cost.seconds for cost in costs), median(cost.processor for cost in costs)
    peak = median(cost.peak for cost in costs)
    kept = (Counter(found.words) & words).total() / max(1, words.total())
    return Row(name, workers, found.pages / seconds, processor / pages, peak, kept, found.tables, found.figures)


def table(rows: Sequence[Row]) -> Iterator[str]:
    """Lines of Markdown."""
    yield "| | workers | pages/s | CPU s/page | peak MiB | words kept | tables | figures |"
    yield "|---|---|---|---|---|---|---|---|"
    for row in rows:
        if row.missing:
            yield f"| {row.name} | {row.missing} | | | | | | |"
        else:
            yield (
                f"| {row.name} | {row.workers} | {row.speed:.2f} | {row.processor:.3f} | {row.peak / 2**20:,.0f} "
                f"| {row.kept:.1%} | {row.tables} | {row.figures} |"
            )


def machine() -> str:
    """Processor, cores, memory, system and Python, in a line."""
    name = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), name)
    except OSError:
        pass
    memory = psutil.virtual_memory().total / 2**30
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    return f"{name}, {_cores()} cores, {memory:.0f} GiB, {system}"


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def compare(given: argparse.Namespace) -> tuple[list[Row], str]:
    """The lines of the table, and what stands above it."""
    wanted, words = what_to_read(pdfs_in(given.paths), given.pages)
    busy = f", {os.getloadavg()[0]:.0f} processes at work before" if hasattr(os, "getloadavg") else ""
    there = [contestant for contestant in CONTESTANTS.values() if not contestant.missing]
    runs: dict[tuple[str, int], list[Cost]] = {(one.name, workers): [] for workers in given.workers for one in there}
    for turn in range(given.repeats):
        for name, workers in runs:
            cost = measured(CONTESTANTS[name], wanted, workers, given.ocr)
            runs[name, workers].append(cost)
            print(f"turn {turn + 1}: {name}, {workers}: {cost.seconds:.1f} s", file=sys.stderr)
    rows = [row_of(name, workers, costs, words) for (name, workers), costs in runs.items()]
    rows += [Row(one.name, missing=one.missing) for one in CONTESTANTS.values() if one.missing]
    pages = sum(part.pages for part in wanted)
    said = (
        f"{pages} pages of {len(wanted)} files, OCR {given.ocr}, medians of {given.repeats}\n{machine()}{busy}\n"
        + ", ".join(f"{one.name} {one.version}" for one in there)
        + "".join(f"\nnot read: {line}" for line in failures(runs))
    )
    return rows, said


def failures(runs: Mapping[tuple[str, int], Sequence[Cost]]) -> list[str]:
    """What contestants could not read, each once."""
    return list(dict.fromkeys(f"{name}, {why}" for (name, _), costs in runs.items() for why in costs[0].found.failed))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("paths", nargs="+", type=Path, help="PDFs, and folders with some")
    parser.add_argument("--workers", type=lambda text: [int(part) for part in text.split(",")], default=[1, 2])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--pages", type=page_span, help="first and last page of every file, such as 3-7")
    parser.add_argument("--ocr", choices=("auto", "off"), default="off", help="of PageSight (off)")
    parser.add_argument("--picture", type=Path, metavar="FILE.svg", help="draw the result, too")
    given = parser.parse_args()
    rows, said = compare(given)
    print(said, *table(rows), sep="\n")
    if given.picture:
        given.picture.write_text(drawn(rows, said), encoding="utf-8")


if __name__ == "__main__":
    main()
