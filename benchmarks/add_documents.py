#!/usr/bin/env python3
"""Time and memory of `python -m rag add` on a folder of PDFs, and of a second `add` that finds nothing to do.

    python benchmarks/add_documents.py DOCS --index NEW_FOLDER [--workers N]

Memory is the sum of resident sets of the command and all its children, sampled twice a second (pages shared by forks
are counted more than once). Needs psutil.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

import psutil

SAMPLE_SECONDS = 0.5


def tree_memory(process: psutil.Process) -> int:
    """Bytes resident of a process and its descendants."""
    total = 0
    for member in [process, *process.children(recursive=True)]:
        try:
            total += member.memory_info().rss
        except psutil.NoSuchProcess:  # ended between the listing and the look
            continue
    return total


def run(command: list[str]) -> tuple[int, float, int, str]:
    """Exit code, seconds, peak bytes and standard output of a command."""
    started, peak = time.perf_counter(), 0
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=sys.stderr, text=True)
    watched = psutil.Process(child.pid)
    while child.poll() is None:
        try:
            peak = max(peak, tree_memory(watched))
        except psutil.NoSuchProcess:
            break
        time.sleep(SAMPLE_SECONDS)
    output = child.stdout.read() if child.stdout else ""
    return child.wait(), time.perf_counter() - started, peak, output


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("docs", type=Path)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--workers", type=int, default=0)
    options = parser.parse_args()
    command = [sys.executable, "-m", "rag", "add", str(options.docs), "--index", str(options.index)]
    command += ["--workers", str(options.workers)] if options.workers else []
    code, seconds, peak, output = run(command)
    print(output)
    listed = [sys.executable, "-m", "rag", "list", "--json", "--index", str(options.index)]
    listing = subprocess.run(listed, capture_output=True, text=True, check=True).stdout
    documents = [json.loads(line) for line in listing.splitlines() if line.strip()]
    documents = documents[0] if len(documents) == 1 and isinstance(documents[0], list) else documents
    pages = sum(document["pages"] for document in documents)
    print(
        f"first add: exit {code}, {len(documents)} documents, {pages} pages, {seconds:.0f} s, "
        f"{pages / seconds:.2f} pages/s, peak {peak / 2**30:.2f} GiB"
    )
    code, seconds, peak, output = run(command)
    print(f"second add: exit {code}, {seconds:.1f} s, peak {peak / 2**30:.2f} GiB")
    print(output)


if __name__ == "__main__":
    main()
