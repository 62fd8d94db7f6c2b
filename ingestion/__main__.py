"""The command line of this layer: ``python -m ingestion FILE`` shows what is understood of each page.

    python -m ingestion manual.pdf --pages 3-7 --out seen

prints a listing, or JSON with ``--json``, and writes into the new or empty folder ``seen`` pictures of the pages with
the boxes of their elements, a page for a browser, the elements as JSON and the text as Markdown. Limits come from the
environment (:mod:`ingestion.settings`).
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args

from ingestion.arguments import exit_code, natural, page_range
from ingestion.elements import Document
from ingestion.errors import IngestionError
from ingestion.formats.images import open_image
from ingestion.ocr.models import OcrMode
from ingestion.preview.draw import draw_elements
from ingestion.preview.report import as_json, as_markdown, listing, on_page, summary
from ingestion.preview.viewer import as_html
from ingestion.settings import ReadingSettings
from ingestion.text.cleaning import printable
from ingestion.workers.parse import parse_in_worker

MARK = ".pagesight-out"  # a file that says that a folder is ours to write into
MARKED = "Written by python -m ingestion, which replaces its own files here when it runs again.\n"
UNCOUNTED = (".DS_Store", "Thumbs.db", "desktop.ini")  # what systems leave in a folder that is empty for a person


def main(arguments: Sequence[str] | None = None, prog: str = "python -m ingestion") -> int:
    """0 done, 1 an error in one line on stderr, 2 wrong usage, 130 interrupted; ``prog`` is the command as called."""
    given = _parser(prog).parse_args(arguments)
    return exit_code(lambda: _run(given))


def _run(given: argparse.Namespace) -> int:
    try:
        settings = ReadingSettings.from_environment()
        settings = replace(settings, ocr=given.ocr or settings.ocr)
        options = settings.parse_options(given.password, given.pages)
        with contextlib.ExitStack() as stack:
            if given.out:
                out = stack.enter_context(_claimed(given.out))
            else:
                out = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pagesight-")))
            document = parse_in_worker(given.file, out, options, settings.limits(), _progress, given.workers)
            if given.out:
                _write(document, out)
                print(printable(f"{summary(document)}; open {out / 'index.html'}"), file=sys.stderr)
        said = json.dumps(as_json(document, given.out), ensure_ascii=False) if given.json else listing(document)
        print(printable(said))
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as exc:
        place = exc.filename or given.out or given.file
        print(f"{place}: {exc.strerror or exc}; check the path and its permissions", file=sys.stderr)
        return 1
    except (IngestionError, ValueError) as exc:
        print(printable(" ".join(str(exc).split())), file=sys.stderr)
        return 1
    return 0


@contextlib.contextmanager
def _claimed(out: Path) -> Iterator[Path]:
    """A folder that is ours: new, empty or marked. It is left as it was where nothing has been written.

    Raises :class:`ValueError` for a folder with other things in it.
    """
    mark, new = out / MARK, not out.exists()
    out.mkdir(parents=True, exist_ok=True)
    marked = mark.is_file()
    others = [] if marked else sorted(entry.name for entry in out.iterdir() if entry.name not in UNCOUNTED)
    if others:
        raise ValueError(
            f"{out} has other things in it ({', '.join(others[:3])}{', …' if len(others) > 3 else ''}), which could be "
            "overwritten; name a new or an empty folder after --out"
        )
    mark.write_text(MARKED, encoding="utf-8")
    try:
        yield out
    finally:
        if not marked and all(entry.name in (MARK, *UNCOUNTED) for entry in out.iterdir()):
            mark.unlink()
            if new:
                with contextlib.suppress(OSError):  # a system's own file has come into it
                    out.rmdir()


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=prog,
        description="Show what is understood of a document: elements with kind, order and box.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="PDF, picture, e-book, Office file, text")
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="new or empty folder for index.html, boxes, JSON, Markdown"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--pages", type=page_range, metavar="N-M", help="only these, like 3 or 10-20 (all)")
    parser.add_argument("--workers", type=natural, default=1, metavar="N", help="processes that read pages (1)")
    parser.add_argument("--ocr", choices=get_args(OcrMode), help="read pictures (PAGESIGHT_OCR, else auto)")
    parser.add_argument("--password", help="of an encrypted file")
    return parser


def _progress(stage: str, done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{stage} {done} of {total} pages", end="\n" if done == total else "", file=sys.stderr, flush=True)


def _write(document: Document, out: Path) -> None:
    boxes = out / "boxes"
    boxes.mkdir(parents=True, exist_ok=True)
    continued = {(e.region.page - 1, e.continues) for e in document.elements}
    for done, page in enumerate(document.pages, 1):
        if page.image:
            onward = {order for number, order in continued if number == page.number and order is not None}
            with open_image(out / page.image) as image:
                drawn = draw_elements(image, page, on_page(document, page), onward)
            drawn.save(boxes / f"{page.number:04d}.png", compress_level=3)
        _progress("drawing", done, len(document.pages))
    text = json.dumps(as_json(document, out), ensure_ascii=False, indent=1)
    (out / "elements.json").write_text(text + "\n", encoding="utf-8")
    (out / "document.md").write_text(as_markdown(document), encoding="utf-8")
    (out / "index.html").write_text(as_html(document), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
