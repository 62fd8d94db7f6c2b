"""What was understood of a document, in words: a listing, JSON, Markdown."""

from __future__ import annotations

import textwrap
from collections import Counter
from pathlib import Path
from typing import Any

from ingestion.elements import Document, Element, Page
from ingestion.preview.draw import caption_links

EXCERPT = 90  # characters of an element in the listing


def as_json(document: Document, out: Path | None) -> dict[str, Any]:
    """The stable format. Images are paths below ``out``, null where none was asked for."""
    return {
        "doc": document.name,
        "title": document.title,
        "pages": [_page_json(document, page, out) for page in document.pages],
    }


def listing(document: Document) -> str:
    """What was found on each page, one element per line."""
    lines = [f"{document.name}: {document.title}", summary(document)]
    for page in document.pages:
        turned = f", rotated {page.rotation}°" if page.rotation else ""
        lines += ["", f"Page {page.number} ({page.width:g} × {page.height:g} points{turned})"]
        lines += [_line(element) for element in on_page(document, page)]
        lines += [f"  ! {stage}: {message}" for stage, message in problems_of(document, page)]
    return "\n".join(lines)


def summary(document: Document) -> str:
    """Counts in a line: pages, elements of each kind, problems."""
    kinds = Counter(element.kind for element in document.elements)
    found = ", ".join(f"{number} {kind}" for kind, number in kinds.most_common()) or "nothing"
    pages, problems = len(document.pages), len(document.problems)
    wrong = f"; {problems} problem{'s' * (problems != 1)}" if problems else ""
    return f"{pages} page{'s' * (pages != 1)}, {found}{wrong}"


def as_markdown(document: Document) -> str:
    """The text in reading order; figures as pictures, tables as tables, each with its caption below; the words in a
    figure as a quotation below it, but for a group of figures or a whole slide, whose parts have said them."""
    parts = [f"# {document.title}"]
    for page in document.pages:
        elements = on_page(document, page)
        linked = {caption.order for caption, _ in caption_links(elements)}
        parts.append(f"<!-- page {page.number} -->")
        told: set[str] = set()
        for element in elements:
            if element.order in linked:
                continue
            said = set(element.text.splitlines())
            drawn = element.kind == "figure" and bool(element.image) and not said <= told
            parts += [_markdown(element), _words(element) if drawn else ""]
            told |= said
    return "\n\n".join(part for part in parts if part) + "\n"


def on_page(document: Document, page: Page) -> list[Element]:
    """The elements of a page, in order."""
    return [element for element in document.elements if element.region.page == page.number]


def problems_of(document: Document, page: Page) -> list[tuple[str, str]]:
    """A page's problems; those of the whole document stand with the first page."""
    first = page.number == document.pages[0].number
    return [(p.stage, p.message) for p in document.problems if p.page == page.number or (first and p.page == 0)]


def _page_json(document: Document, page: Page, out: Path | None) -> dict[str, Any]:
    return {
        "number": page.number,
        "width": page.width,
        "height": page.height,
        "rotation": page.rotation,
        "elements": [_element_json(element, out) for element in on_page(document, page)],
        "problems": [{"stage": stage, "message": message} for stage, message in problems_of(document, page)],
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
    if element.code:
        return _words(element)
    return "\n\n".join(part for part in (element.text, caption) if part)


def _words(element: Element) -> str:
    """What stands in a figure as a quotation; program text as it is."""
    if element.code:
        fence = "```" if "```" not in element.text else "~~~~"
        return f"{fence}\n{element.text}\n{fence}"
    return "> " + " ".join(element.text.split())
