"""What becomes of every PDF of a folder: a document, a partial one, a refusal; or what must never be: a crash, a hang.

    python benchmarks/torture.py FOLDER [--pages 5] [--workers 1] [--out results.jsonl] [--only NAME…]

The folder holds files that somebody broke; limits are those of the environment (PAGESIGHT_*). Prints a table and, with
``--out``, writes one JSON line per file. A run that is stopped goes on where it was. A file that ended this process
itself is found by the line that says it was begun.

mended: a whole document of a damaged file. partial: pages or parts of pages are missing, as its problems say.
crash: an exception that is not an :class:`~ingestion.errors.IngestionError`, or this process ended. hang: more time
than the limits allow. leftover: processes still there afterwards. unexplained: an error without the file's name.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ingestion.errors import IngestionError
from ingestion.parse import ParseOptions
from ingestion.settings import ReadingSettings
from ingestion.workers.child import Limits
from ingestion.workers.parse import Workers, parse_in_worker

SLOW = 10.0  # seconds per page: worth a look
BAD = ("crash", "hang", "leftover", "unexplained")


def main(arguments: Sequence[str] | None = None) -> int:
    """0 where nothing bad happened."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=5, help="read only so many pages of each file (5)")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("results.jsonl"))
    parser.add_argument("--only", nargs="*", default=[], help="files whose path has one of these in it")
    given = parser.parse_args(arguments)
    settings = ReadingSettings.from_environment()
    options, limits = settings.parse_options(), settings.limits()
    options = replace(options, pages=(1, given.pages))
    with Workers(given.workers) as workers:
        for path in _todo(given.folder, given.out, given.only):
            _note(given.out, {"file": str(path), "outcome": "begun"})
            _note(given.out, outcome_of(path, options, limits, workers))
    found = read_results(given.out)
    print(table(found))
    return 1 if any(result["outcome"] in BAD for result in found) else 0


def outcome_of(path: Path, options: ParseOptions, limits: Limits, workers: Workers) -> dict[str, Any]:
    """Parse one file and say what became of it, in words that go into JSON."""
    result: dict[str, Any] = {"file": str(path), "outcome": "document", "bytes": path.stat().st_size}
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="torture-") as folder:
        try:
            document = parse_in_worker(path, Path(folder), options, limits, None, workers)
        except IngestionError as exc:
            named = path.name in str(exc)
            result |= {"outcome": "refused" if named else "unexplained", "error": type(exc).__name__}
            result["message"] = str(exc)
        except Exception:  # that there is none is what this program is for
            result |= {"outcome": "crash", "error": traceback.format_exc()}
        else:
            result |= {"pages": len(document.pages), "elements": len(document.elements)}
            result["problems"] = [[p.page, p.stage, p.message] for p in document.problems]
            if document.problems:
                mended = {problem.stage for problem in document.problems} == {"open"}
                result["outcome"] = "mended" if mended else "partial"
    result["seconds"] = round(time.monotonic() - begun, 2)
    pages = result.get("pages", 1)
    if result["seconds"] > 60 + limits.page_seconds * 4 * (pages + 1):
        result["outcome"] = "hang"
    alive = len(psutil.Process().children(recursive=True))
    if alive > workers.most:
        result |= {"outcome": "leftover", "processes": alive}
    return result


def read_results(out: Path) -> list[dict[str, Any]]:
    """The last line about each file; one that was only begun ended this process."""
    lines = out.read_text(encoding="utf-8").splitlines() if out.exists() else []
    last = {result["file"]: result for result in map(json.loads, lines)}
    return [
        result if result["outcome"] != "begun" else {**result, "outcome": "crash", "error": "this process ended"}
        for result in last.values()
    ]


def table(results: Sequence[dict[str, Any]]) -> str:
    """Outcomes with their counts, the stages of problems, the slowest files."""
    outcomes = Counter(_class(result) for result in results)
    stages = Counter(stage for r in results for stage in {problem[1] for problem in r.get("problems", ())})
    slow = sorted((r for r in results if r.get("seconds", 0) > SLOW), key=lambda r: -r["seconds"])
    lines = [f"{len(results)} files, {sum(r.get('pages', 0) for r in results)} pages read", ""]
    lines += [f"{count:6} {name}" for name, count in sorted(outcomes.items(), key=lambda item: -item[1])]
    lines += ["", "files with problems, by stage:"] + [f"{count:6} {stage}" for stage, count in stages.most_common()]
    lines += ["", "never:"] + [f"{sum(r['outcome'] == name for r in results):6} {name}" for name in BAD]
    lines += ["", "slowest:"] + [f"{r['seconds']:6.1f} s {r['file']}" for r in slow[:20]]
    return "\n".join(lines)


def _class(result: dict[str, Any]) -> str:
    return f"refused: {result['error']}" if result["outcome"] == "refused" else str(result["outcome"])


def _todo(folder: Path, out: Path, only: Sequence[str]) -> Iterator[Path]:
    done = {result["file"] for result in read_results(out)}
    found = [path for path in folder.rglob("*") if path.is_file() and path.suffix.lower() == ".pdf"]
    for path in sorted(found, key=lambda path: (path.stat().st_size, path)):  # the quick ones first
        if any(part in str(path) for part in only) if only else str(path) not in done:
            yield path


def _note(out: Path, result: dict[str, Any]) -> None:
    with out.open("a", encoding="utf-8") as file:
        file.write(json.dumps(result, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    sys.exit(main())
