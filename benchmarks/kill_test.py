"""``rag add`` killed with SIGKILL at random moments, each time followed by a check of the whole index.

    python benchmarks/kill_test.py FOLDER_OF_PDFS [--index DIR] [--rounds 20] [--seed N] [--longest SECONDS]

Prints a line per round; exit 0 if after every kill the index opened, nothing committed was lost, every committed
document was whole and searchable and nothing was left over. A round that ends by itself (all files added) starts a
new index.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.kill import found  # noqa: E402
from rag.config import Settings, quiet  # noqa: E402
from rag.index import Index  # noqa: E402

SEARCHED = 5  # committed documents looked for after every kill


class Round(NamedTuple):
    killed_after: float
    committed: set[str]
    opening: float
    wrong: list[str]


def main() -> int:
    args = _arguments()
    quiet()
    chance, known, failures = random.Random(args.seed), set[str](), 0
    settings = Settings(index=args.index, encoder="builtin", words="static")
    print(f"seed {args.seed}, index {args.index}")
    for number in range(1, args.rounds + 1):
        seconds, finished = _add_and_kill(args.folder, args.index, chance.uniform(0.5, args.longest))
        result = _inspect(settings, seconds, known, chance)
        state = "finished" if finished else f"killed after {seconds:5.1f} s"
        print(
            f"round {number:2}: {state}; opened in {result.opening:.1f} s; {len(result.committed)} documents; "
            f"{'whole' if not result.wrong else result.wrong}",
            flush=True,
        )
        failures += bool(result.wrong)
        known = result.committed
        if finished:
            shutil.rmtree(args.index)
            known = set()
    print(f"{args.rounds - failures} of {args.rounds} whole")
    return 1 if failures else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--index", type=Path, default=None)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--longest", type=float, default=60.0)
    args = parser.parse_args()
    args.folder = args.folder.resolve()
    args.index = args.index.resolve() if args.index else Path(tempfile.mkdtemp(prefix="kill-test-")) / "index"
    return args


def _add_and_kill(folder: Path, index: Path, seconds: float) -> tuple[float, bool]:
    """Seconds it ran, and whether it ended by itself."""
    command = [sys.executable, "-m", "rag", "add", str(folder), "--index", str(index)]
    environ = {**os.environ, "PAGESIGHT_ENCODER": "builtin", "PAGESIGHT_WORDS": "static"}
    start = time.monotonic()
    child = subprocess.Popen(
        command, cwd=ROOT, env=environ, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        child.wait(seconds)
        return time.monotonic() - start, True
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        return time.monotonic() - start, False


def _inspect(settings: Settings, seconds: float, known: set[str], chance: random.Random) -> Round:
    start = time.monotonic()
    with Index.open(settings, create=True) as index:
        opening = time.monotonic() - start
        committed, wrong = set(index.catalogue.ids()), index.check()
        wrong += [f"{doc_id[:12]} was committed and is lost" for doc_id in known - committed]
        for doc_id in chance.sample(sorted(committed), min(SEARCHED, len(committed))):
            if not found(index, doc_id):
                wrong.append(f"{doc_id[:12]} is not found by its own words")
    return Round(seconds, committed, opening, wrong)


if __name__ == "__main__":
    sys.exit(main())
