"""The command line of this layer: ``python -m ingestion FILE`` shows what is understood of each page.

Enters: arguments and the limits in the environment. Leaves: a listing or JSON on stdout; with ``--out`` pictures of the
pages with boxes, a page for a browser, the elements as JSON, the text as Markdown, in a folder of its own.
Must not know: how pages are read.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from ingestion.elements import Document
from ingestion.errors import IngestionError
from ingestion.formats.images import open_image
from ingestion.ocr.models import FOLDER, LANGUAGE
from ingestion.page_content import ParseOptions
from ingestion.preview.draw import draw_elements
from ingestion.preview.report import as_json, as_markdown, listing, on_page, summary
from ingestion.preview.viewer import as_html
from ingestion.workers.child import Limits
from ingestion.workers.parse import parse_in_worker

INTERRUPTED = 130
OCR = ("auto", "off", "always")
MOST_SECONDS, MOST_MEMORY = 86_400, 1_000_000  # a day; GB: beyond them somebody mistook the unit
MARK = ".pagesight-out"  # a file that says that a folder is ours to write into
MARKED = "Written by python -m ingestion, which replaces its own files here when it runs again.\n"
UNCOUNTED = (".DS_Store", "Thumbs.db", "desktop.ini")  # what systems leave in a folder that is empty for a person


def main(arguments: Sequence[str] | None = None, prog: str = "python -m ingestion") -> int:
    """0 done, 1 an error in one line on stderr, 2 wrong usage, 130 interrupted."""
    given = _parser(prog).parse_args(arguments)
    try:
        options, limits = from_environment()
        options = replace(options, ocr=given.ocr, password=given.password, pages=given.pages)
        with contextlib.ExitStack() as stack:
            if given.out:
                out = stack.enter_context(_claimed(given.out))
            else:
                out = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pagesight-")))
            document = parse_in_worker(given.file, out, options, limits, _progress, given.workers)
            if given.out:
                _write(document, out)
                print(f"{summary(document)}; open {out / 'index.html'}", file=sys.stderr)
        print(json.dumps(as_json(document, given.out), ensure_ascii=False) if given.json else listing(document))
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of our output has gone (`| head`)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except OSError as exc:
        print(f"{exc.filename or given.out or given.file}: {exc.strerror or exc}", file=sys.stderr)
        return 1
    except (IngestionError, ValueError) as exc:
        print(" ".join(str(exc).split()), file=sys.stderr)
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


def from_environment() -> tuple[ParseOptions, Limits]:
    """What a person has set. Raises :class:`ValueError`, naming the variable."""
    ocr = os.environ.get("PAGESIGHT_OCR", "").strip()
    if ocr not in ("", *OCR):
        raise ValueError(f"PAGESIGHT_OCR is {ocr!r}; it can be {', '.join(OCR)}")
    options = ParseOptions(
        max_pages=_whole("PAGESIGHT_MAX_PAGES", 5000, 10_000_000),
        max_paths=_whole("PAGESIGHT_MAX_PATHS", 20_000, 1_000_000_000),
        max_pixels=_whole("PAGESIGHT_MAX_PIXELS", 16_000_000, 10_000_000_000),
        ocr_language=os.environ.get(LANGUAGE, "").strip() or "auto",
        ocr_models=os.environ.get(FOLDER, "").strip(),
    )
    return options, Limits(
        _limit("PAGESIGHT_PAGE_SECONDS", 60, MOST_SECONDS), _limit("PAGESIGHT_MEMORY_GB", 6, MOST_MEMORY)
    )


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
    parser.add_argument("--pages", type=_span, metavar="N-M", help="only these, like 3 or 10-20 (all)")
    parser.add_argument("--workers", type=_natural, default=1, metavar="N", help="processes that read pages (1)")
    ocr = os.environ.get("PAGESIGHT_OCR", "auto").strip()
    parser.add_argument("--ocr", choices=OCR, default=ocr or "auto", help="read pictures (auto)")
    parser.add_argument("--password", help="of an encrypted file")
    return parser


def _natural(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def _span(text: str) -> tuple[int, int]:
    first, dash, last = text.partition("-")
    span = _natural(first), _natural(last if dash else first)
    if span[0] > span[1]:
        raise argparse.ArgumentTypeError(f"{text!r} ends before it begins; write it like 10-20")
    return span


def _limit(variable: str, default: float, most: float) -> float:
    raw = os.environ.get(variable, "").strip()
    if not raw:
        return default
    try:
        value = float(raw)
    except ValueError:
        value = 0.0
    if not 0 < value <= most:  # nan is not
        raise ValueError(f"{variable} is {raw!r}; it must be a number above 0, at most {most:,}, like {default:g}")
    return value


def _whole(variable: str, default: int, most: int) -> int:
    value = _limit(variable, default, most)
    if value != int(value):
        raise ValueError(f"{variable} is {value:g}; it must be a whole number, like {default}")
    return int(value)


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
