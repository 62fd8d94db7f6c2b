"""The command line of this layer: ``python -m ingestion FILE.pdf`` shows what is understood of each page.

Enters: arguments and the limits in the environment. Leaves: a listing or JSON on stdout; with ``--out`` pictures of the
pages with boxes, the elements as JSON and the text as Markdown. Must not know: how pages are read.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import tempfile
import textwrap
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PIL import Image

from ingestion.draw import caption_links, draw_elements
from ingestion.elements import Document, Element, Page
from ingestion.errors import IngestionError
from ingestion.parse import ParseOptions
from ingestion.worker import Limits, parse_in_worker

EXCERPT = 90  # characters of an element in the listing
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """0 done, 1 an error in one line on stderr, 2 wrong usage, 130 interrupted."""
    given = _parser().parse_args(arguments)
    try:
        options, limits = from_environment()
        options = replace(options, ocr=given.ocr, password=given.password, pages=given.pages)
        with contextlib.ExitStack() as stack:
            out = given.out or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pagesight-")))
            document = parse_in_worker(given.file, out, options, limits, _progress, given.workers)
            if given.out:
                _write(document, out)
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


def from_environment() -> tuple[ParseOptions, Limits]:
    """What a person has set. Raises :class:`ValueError`, naming the variable."""
    options = ParseOptions(
        max_pages=int(_limit("PAGESIGHT_MAX_PAGES", 5000)),
        max_paths=int(_limit("PAGESIGHT_MAX_PATHS", 20_000)),
        max_pixels=int(_limit("PAGESIGHT_MAX_PIXELS", 16_000_000)),
    )
    return options, Limits(_limit("PAGESIGHT_PAGE_SECONDS", 60), _limit("PAGESIGHT_MEMORY_GB", 6))


def as_json(document: Document, out: Path | None) -> dict[str, Any]:
    """The stable format. Images are paths below ``out``, null where none was asked for."""
    return {
        "doc": document.name,
        "title": document.title,
        "pages": [_page_json(document, page, out) for page in document.pages],
    }


def listing(document: Document) -> str:
    """What was found on each page, an element a line."""
    counts = Counter(element.kind for element in document.elements)
    found = ", ".join(f"{number} {kind}" for kind, number in counts.most_common()) or "nothing"
    lines = [f"{document.name}: {document.title}", f"{len(document.pages)} pages, {found}"]
    for page in document.pages:
        turned = f", rotated {page.rotation}°" if page.rotation else ""
        lines += ["", f"Page {page.number} ({page.width:g} × {page.height:g} points{turned})"]
        lines += [_line(element) for element in _on(document, page)]
        lines += [f"  ! {stage}: {message}" for stage, message in _problems(document, page)]
    return "\n".join(lines)


def as_markdown(document: Document) -> str:
    """The text in reading order; figures as pictures, tables as tables, each with its caption below."""
    parts = [f"# {document.title}"]
    for page in document.pages:
        elements = _on(document, page)
        linked = {caption.order for caption, _ in caption_links(elements)}
        parts.append(f"<!-- page {page.number} -->")
        parts += [_markdown(element) for element in elements if element.order not in linked]
    return "\n\n".join(part for part in parts if part) + "\n"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ingestion", description="Show what is understood of a PDF: elements with kind, order and box."
    )
    parser.add_argument("file", type=Path, metavar="FILE.pdf")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write pages with boxes, crops, JSON and Markdown")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--pages", type=_span, metavar="N-M", help="only these, like 3 or 10-20 (all)")
    parser.add_argument("--workers", type=_natural, default=1, metavar="N", help="processes that read pages (1)")
    ocr = os.environ.get("PAGESIGHT_OCR", "auto").strip()
    parser.add_argument("--ocr", choices=("auto", "off", "always"), default=ocr or "auto", help="read pictures (auto)")
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


def _limit(variable: str, default: float) -> float:
    raw = os.environ.get(variable, "").strip()
    if not raw:
        return default
    try:
        value = float(raw)
    except ValueError:
        value = 0.0
    if not value > 0:
        raise ValueError(f"{variable} is {raw!r}; it must be a number above 0, like {default:g}")
    return value


def _progress(stage: str, done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{stage} page {done} of {total}", end="\n" if done == total else "", file=sys.stderr, flush=True)


def _write(document: Document, out: Path) -> None:
    boxes = out / "boxes"
    boxes.mkdir(parents=True, exist_ok=True)
    for page in document.pages:
        if page.image:
            with Image.open(out / page.image) as image:
                draw_elements(image, page, _on(document, page)).save(boxes / f"{page.number:04d}.png")
    text = json.dumps(as_json(document, out), ensure_ascii=False, indent=1)
    (out / "elements.json").write_text(text + "\n", encoding="utf-8")
    (out / "document.md").write_text(as_markdown(document), encoding="utf-8")


def _on(document: Document, page: Page) -> list[Element]:
    return [element for element in document.elements if element.region.page == page.number]


def _problems(document: Document, page: Page) -> list[tuple[str, str]]:
    """A page's problems; those of the whole document stand with the first page."""
    first = page.number == document.pages[0].number
    return [(p.stage, p.message) for p in document.problems if p.page == page.number or (first and p.page == 0)]


def _page_json(document: Document, page: Page, out: Path | None) -> dict[str, Any]:
    return {
        "number": page.number,
        "width": page.width,
        "height": page.height,
        "rotation": page.rotation,
        "elements": [_element_json(element, out) for element in _on(document, page)],
        "problems": [{"stage": stage, "message": message} for stage, message in _problems(document, page)],
    }


def _element_json(element: Element, out: Path | None) -> dict[str, Any]:
    return {
        "order": element.order,
        "kind": element.kind,
        "bbox": list(element.region.bbox),
        "text": element.text,
        "caption": element.caption,
        "heading": element.heading,
        "image": str(out / element.image) if out and element.image else None,
        "continues": element.continues,
    }


def _line(element: Element) -> str:
    x0, y0, x1, y1 = element.region.bbox
    box = f"{x0:.0f},{y0:.0f}–{x1:.0f},{y1:.0f}"
    said = " ".join(part for part in (f"[{element.caption}]" if element.caption else "", element.text) if part)
    more = f" (continues {element.continues} of the page before)" if element.continues is not None else ""
    return f"  {element.order:3} {element.kind:8} {box:18} {textwrap.shorten(said, EXCERPT, placeholder=' …')}{more}"


def _markdown(element: Element) -> str:
    caption = f"*{element.caption}*" if element.caption else ""
    if element.kind in ("title", "heading"):
        return "## " + " ".join(element.text.split())
    if element.kind in ("figure", "formula") and element.image:
        picture = f"![{' '.join(element.caption.split()) or element.kind}]({element.image})"
        return "\n\n".join(part for part in (picture, caption) if part)
    return "\n\n".join(part for part in (element.text, caption) if part)


if __name__ == "__main__":
    sys.exit(main())
