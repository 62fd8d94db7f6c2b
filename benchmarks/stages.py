#!/usr/bin/env python3
"""Where the processor time of reading a page goes: stages of PageSight's ingestion, in one process.

    python benchmarks/stages.py FILE… [--pages 3-7] [--ocr auto]

A stage inside another is taken from it: "layout: library" is what is left of it without its networks.
"""

from __future__ import annotations

import argparse
import pickle
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.contestants import page_span


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


def table(seconds: Counter[str], pages: int) -> Iterator[str]:
    """Lines of Markdown, the largest stage first."""
    yield "| stage | CPU ms/page | share |"
    yield "|---|---|---|"
    whole = sum(seconds.values())
    for stage, spent in sorted(seconds.items(), key=lambda item: -item[1]):
        yield f"| {stage} | {1000 * spent / pages:.1f} | {spent / whole:.1%} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--pages", type=page_span, help="first and last page of every file, such as 3-7")
    parser.add_argument("--ocr", choices=("auto", "off"), default="off")
    given = parser.parse_args()
    answer, sys.stdout = sys.stdout, sys.stderr  # libraries print
    seconds, pages = profile(given.files, given.pages, given.ocr)
    for line in table(seconds, pages):
        print(line, file=answer)


if __name__ == "__main__":
    main()
