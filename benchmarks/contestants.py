"""The readers of PDFs that `benchmarks/bench.py` compares, each run in a process of its own.

Each is given files with page numbers, and answers what came out of them: the words, and how many tables and figures.
What a reader cannot read is said with the reason, and the rest goes on. The libraries of other readers are imported
where they are run, so that one that is not installed is no error.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import re
import shutil
import sys
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

DEALT = 8  # pages a task, where a reader that reads in one process is run in several
WORD = re.compile(r"\w+")
FIGURES = ("picture", "figure")  # classes of boxes of pymupdf4llm


class Wanted(NamedTuple):
    """A file, and the first and last of its pages that are read, from 1."""

    file: Path
    first: int
    last: int

    @property
    def pages(self) -> int:
        """How many."""
        return self.last - self.first + 1


NO_WORDS: Mapping[str, int] = MappingProxyType({})


class Found(NamedTuple):
    """What came out of some pages. ``failed``: files that could not be read, with the reason."""

    pages: int = 0
    words: Mapping[str, int] = NO_WORDS  # how often each came out
    tables: int = 0
    figures: int = 0
    failed: tuple[str, ...] = ()

    def beside(self, other: Found) -> Found:
        """Both together."""
        words = Counter(self.words) + Counter(other.words)
        tables, figures = self.tables + other.tables, self.figures + other.figures
        return Found(self.pages + other.pages, words, tables, figures, self.failed + other.failed)

    def as_json(self) -> str:
        """One line."""
        return json.dumps({**self._asdict(), "words": dict(self.words)})

    @staticmethod
    def of_json(text: str) -> Found:
        """What :meth:`as_json` wrote."""
        held = json.loads(text)
        return Found(**{**held, "failed": tuple(held["failed"])})


class Contestant(NamedTuple):
    """``run(wanted, workers, ocr)`` reads; ``package`` is looked for, and ``program`` where it needs one beside it."""

    name: str
    package: str
    run: Callable[[Sequence[Wanted], int, str], Found]
    program: str = ""
    distribution: str = ""

    @property
    def missing(self) -> str:
        """What is not installed; empty where all is there."""
        if importlib.util.find_spec(self.package) is None:
            return f"not installed: pip install {self.distribution or self.package}"
        if self.program and shutil.which(self.program) is None:
            return f"needs {self.program}, which is not installed"
        return ""

    @property
    def version(self) -> str:
        """As its package says."""
        return version(self.distribution) if self.distribution else "this tree"


def words_in(text: str) -> Counter[str]:
    """Words as they are compared: compatible letters alike, small, without signs around them."""
    return Counter(WORD.findall(unicodedata.normalize("NFKC", text).lower()))


def page_span(text: str) -> tuple[int, int]:
    """First and last page of ``3-7`` or ``3``."""
    first, _, last = text.partition("-")
    return int(first), int(last or first)


def by_pagesight(wanted: Sequence[Wanted], workers: int, ocr: str) -> Found:
    """All that is done when a document is added, without storing: cells, crops and page pictures, too."""
    from ingestion.errors import IngestionError
    from ingestion.parse import ParseOptions
    from ingestion.workers.parse import Workers, parse_in_worker

    found = Found()
    with tempfile.TemporaryDirectory() as out, Workers(workers) as pool:
        for number, (file, first, last) in enumerate(wanted):
            options = ParseOptions(ocr=ocr, pages=(first, last))  # type: ignore[arg-type]
            try:
                document = parse_in_worker(file, Path(out, str(number)), options, workers=pool)
            except IngestionError as exc:
                found = found.beside(Found(failed=(f"{file.name}: {exc}",)))
                continue
            kinds = Counter(element.kind for element in document.elements)
            said = "\n".join(f"{element.text}\n{element.caption}" for element in document.elements)
            found = found.beside(Found(len(document.pages), words_in(said), kinds["table"], kinds["figure"]))
    return found


def _by_pymupdf4llm(file: Path, first: int, last: int) -> Found:
    import pymupdf4llm

    pages: Any = pymupdf4llm.to_markdown(
        str(file), pages=list(range(first - 1, last)), page_chunks=True, use_ocr=False, show_progress=False
    )
    kinds = Counter(box["class"] for page in pages for box in page["page_boxes"])
    words = words_in("\n".join(page["text"] for page in pages))
    return Found(len(pages), words, kinds["table"], sum(kinds[kind] for kind in FIGURES))


def _by_pdfplumber(file: Path, first: int, last: int) -> Found:
    import pdfplumber

    found = Found()
    with pdfplumber.open(file, pages=list(range(first, last + 1))) as document:
        for page in document.pages:
            words = words_in("\n".join(word["text"] for word in page.extract_words()))
            found = found.beside(Found(1, words, len(page.find_tables()), len(page.images)))
            page.close()
    return found


def _dealt(read: Callable[[Path, int, int], Found]) -> Callable[[Sequence[Wanted], int, str], Found]:
    """A reader of one process, run in several: its pages dealt out, some at a time."""

    def run(wanted: Sequence[Wanted], workers: int, ocr: str) -> Found:
        tasks = [
            (read, Wanted(file, start, min(start + DEALT - 1, last)))
            for file, first, last in wanted
            for start in range(first, last + 1, DEALT)
        ]
        if workers == 1:
            return _together(_task(*task) for task in ((read, part) for part in wanted))
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            return _together(pool.map(_task, *zip(*tasks, strict=True)))

    return run


def _task(read: Callable[[Path, int, int], Found], part: Wanted) -> Found:
    try:
        return read(*part)
    except Exception as exc:  # whatever a library raises of a file is said in the report
        return Found(failed=(f"{part.file.name}: {type(exc).__name__}: {exc}",))


def _together(parts: Iterator[Found]) -> Found:
    found = Found()
    for part in parts:
        found = found.beside(part)
    return found


def by_opendataloader(wanted: Sequence[Wanted], workers: int, ocr: str) -> Found:
    """Files with the same pages go to one call, for each starts Java."""
    convert: Any = importlib.import_module("opendataloader_pdf").convert  # not in the development environment
    found = Found()
    for span in dict.fromkeys((first, last) for _, first, last in wanted):
        files = [file for file, *pages in wanted if tuple(pages) == span]
        with tempfile.TemporaryDirectory() as out:
            for number, file in enumerate(files):  # files of one name in several folders would overwrite each other
                Path(out, f"{number}.pdf").symlink_to(file.resolve())
            given = [str(Path(out, f"{number}.pdf")) for number in range(len(files))]
            convert(
                input_path=given, output_dir=out, format="json", quiet=True,
                pages=f"{span[0]}-{span[1]}", threads=str(workers), include_header_footer=True,
            )  # fmt: skip
            for number, file in enumerate(files):
                path = Path(out, f"{number}.json")
                if path.is_file():
                    found = found.beside(_of_opendataloader(json.loads(path.read_text("utf-8")), span))
                else:
                    found = found.beside(Found(failed=(f"{file.name}: no output",)))
    return found


def _of_opendataloader(document: Any, span: tuple[int, int]) -> Found:
    kinds: Counter[str] = Counter()
    said: list[str] = []
    todo = [document]
    while todo:
        held = todo.pop()
        if isinstance(held, list):
            todo += held
        elif isinstance(held, dict):
            kinds[str(held.get("type"))] += 1
            said.append(str(held.get("content", "")))
            todo += [value for value in held.values() if isinstance(value, list | dict)]
    return Found(span[1] - span[0] + 1, words_in("\n".join(said)), kinds["table"], kinds["image"])


CONTESTANTS = {
    contestant.name: contestant
    for contestant in (
        Contestant("pagesight", "ingestion", by_pagesight),
        Contestant("pymupdf4llm", "pymupdf4llm", _dealt(_by_pymupdf4llm), distribution="pymupdf4llm"),
        Contestant("pdfplumber", "pdfplumber", _dealt(_by_pdfplumber), distribution="pdfplumber"),
        Contestant("opendataloader", "opendataloader_pdf", by_opendataloader, "java", "opendataloader-pdf"),
    )
}


def main() -> None:
    """Run by `benchmarks/bench.py`: a contestant's name, its processes, OCR, and what to read as JSON."""
    name, workers, ocr, wanted = sys.argv[1:]
    answer, sys.stdout = sys.stdout, sys.stderr  # libraries print
    asked = [Wanted(Path(file), first, last) for file, first, last in json.loads(wanted)]
    print(CONTESTANTS[name].run(asked, int(workers), ocr).as_json(), file=answer)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    main()
